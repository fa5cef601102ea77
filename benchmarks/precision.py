"""Seconds to a standard error of 5 % of a contrast: W4, and the real one of wars under two orders.

A pair is one trajectory under each architecture; n pairs give a standard error sqrt(v / n), so that
the seconds are (seconds of a pair) * v / (0.05 contrast)^2, with v from the pairs of all rounds.

Peers run two simulations per pair: with independent seeds, and with one seed for both. Where every
hazard is constant, one seed does as well as shared candidates for the onsets of all years together:
a lower rate gives the same onsets later. For the onsets of the last year alone it gains nothing.
Starsim keys its draws to agent and time step, which serves both.

Ours uncoupled pairs each trajectory under one architecture with the next one under the other, at
the price of a coupled pair: two runs apart would cost no less.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from benchmarks import exact
from benchmarks.exact import F8, Workload, verdict
from benchmarks.figures import Figure, Size, exactly, figure
from benchmarks.peers.contestants import OURS, Contestant, by_hand, packaged
from benchmarks.real_contrast import real_contrast
from benchmarks.timing import Spread, ratio, side_by_side, spread

SEED = 20260520
ERROR = 0.05
FEWEST = 8  # pairs
QUESTIONS = ("all years", "last year")
COUPLED = f"{OURS}_coupled"


class Moments(NamedTuple):
    """Sums over pairs of the differences in onsets, second architecture less first, by question."""

    pairs: int
    total: F8  # (2,)
    square: F8  # (2,)

    def variance(self) -> F8:
        """Return the variance of a pair's difference, by question."""
        mean = self.total / self.pairs
        found: F8 = (self.square / self.pairs - mean**2) * self.pairs / (self.pairs - 1.0)
        return found


class Route(NamedTuple):
    """A way to a contrast."""

    key: str
    name: str
    packaged: bool
    pairs: int  # of a round
    sample: Callable[[int, int], Moments]  # of (pairs, seed)


class Cost(NamedTuple):
    """What a route costs."""

    seconds: list[list[float]]  # to the standard error, by question and round
    variance: F8  # of a pair's difference, by question
    pair: Spread  # seconds


def _of_peer(runner: Contestant, first: Workload, one_seed: bool, pairs: int, seed: int) -> Moments:
    before = runner.run(first, pairs, seed)
    after = runner.run(exact.second(first), pairs, seed if one_seed else seed + 5_000)
    assert before.last is not None
    assert after.last is not None
    found = np.array([after.totals - before.totals, after.last - before.last], np.float64)
    return Moments(pairs, found.sum(axis=1), (found**2).sum(axis=1))


def _of_ours(shifted: bool, pairs: int, seed: int) -> Moments:
    """Sum up our pairs; a run keeps those of a year as sums and products over trajectories."""
    batches = exact.simulate("w4", pairs, seed)
    counts = np.concatenate([b.trajectories.counts[exact.DISPUTES] for b in batches], axis=1)
    difference = counts[1] - (np.roll(counts[0], 1) if shifted else counts[0])
    last = np.sum([b.annual.total[exact.YEARLY_DISPUTES, :, -1] for b in batches], axis=0)
    product = np.sum([b.annual.product[exact.YEARLY_DISPUTES, :, :, -1] for b in batches], axis=0)
    shared = last[0] * last[1] / pairs if shifted else product[0, 1]
    square = product[0, 0] + product[1, 1] - 2.0 * shared
    return Moments(
        pairs,
        np.array([difference.sum(), last[1] - last[0]], np.float64),
        np.array([(difference**2).sum(), square], np.float64),
    )


def _pairs(size: Size, full: int) -> int:
    return max(FEWEST, int(size.factor * full))


def routes(first: Workload, size: Size) -> list[Route]:
    """Return the routes of ours, of the numba loops and of all peers that meet the closed form."""
    found = [
        Route(COUPLED, "ours, coupled", False, _pairs(size, 2000), partial(_of_ours, False)),
        Route(f"{OURS}_uncoupled", "ours, uncoupled", False, _pairs(size, 2000),
              partial(_of_ours, True)),
    ]  # fmt: skip
    for runner in [*by_hand(), *packaged()]:
        pairs = _pairs(size, runner.trajectories // 2)
        if not verdict(runner.run(first, pairs, SEED), first).passes:
            continue
        for one_seed in (False, True) if runner.seeded else (False,):
            way = "one_seed" if one_seed else "independent"
            name = f"{runner.name}, {way.replace('_', ' ')}"
            sample = partial(_of_peer, runner, first, one_seed)
            found.append(Route(f"{runner.key}_{way}", name, runner.packaged, pairs, sample))
    return found


def costs(ways: Sequence[Route], contrasts: F8, rounds: int) -> dict[str, Cost]:
    """Let the routes take turns and return what each costs."""
    seen: dict[str, list[Moments]] = {way.key: [] for way in ways}

    def lap(way: Route) -> None:
        seen[way.key].append(way.sample(way.pairs, SEED + 1 + len(seen[way.key])))

    seconds = side_by_side({way.key: partial(lap, way) for way in ways}, rounds)
    found = {}
    for way in ways:
        each = [s / way.pairs for s in seconds[way.key]]
        pairs, total, square = zip(*seen[way.key], strict=True)
        variance = Moments(sum(pairs), np.sum(total, axis=0), np.sum(square, axis=0)).variance()
        needed = variance / (ERROR * contrasts) ** 2
        found[way.key] = Cost([[s * n for s in each] for n in needed], variance, spread(each))
    return found


def _rows(ways: Sequence[Route], found: dict[str, Cost]) -> list[Figure]:
    rows = []
    for way in ways:
        cost = found[way.key]
        note = f"{1e6 * cost.pair.median:,.0f} µs a pair, variance {cost.variance[0]:,.1f}"
        key, name = f"w4_seconds_{way.key}", f"W4: {way.name}"
        rows.append(figure(key, name, "s to ±5 %", spread(cost.seconds[0]), note))
    return rows


def _best(ways: Sequence[Route], found: dict[str, Cost], q: int, kind: str) -> Route | None:
    peers = [way for way in ways if way.packaged and way.key.endswith(kind)]
    return min(peers, key=lambda way: spread(found[way.key].seconds[q]).median, default=None)


def ratios(ways: Sequence[Route], found: dict[str, Cost]) -> list[Figure]:
    """Return best packaged peer over ours: by any route, by independent seeds, the last year."""
    us, rows = found[COUPLED], []
    for key, q, kind in (
        ("w4_seconds_ratio", 0, ""),
        ("w4_seconds_ratio_independent", 0, "independent"),
        ("w4_seconds_ratio_last_year", 1, ""),
    ):
        best = _best(ways, found, q, kind)
        if best is not None:
            theirs, own = found[best.key].seconds[q], us.seconds[q]
            note = f"{spread(theirs).median:.3g} s against {spread(own).median:.3g} s"
            name = f"W4, {QUESTIONS[q]}: {best.name} ÷ ours, coupled"
            rows.append(figure(key, name, "times", ratio(theirs, own), note))
    return rows


def seen_error(first: Workload, size: Size) -> Figure:
    """Return the error of the W4 contrast that runs of the implied length really have."""
    contrast = exact.contrast(first)
    pairs = math.ceil(exact.paired_variance(first) / (ERROR * contrast) ** 2)
    runs = _pairs(size, 400)
    batches = exact.simulate("w4", pairs * runs, SEED + 100)
    counts = np.concatenate([b.trajectories.counts[exact.DISPUTES] for b in batches], axis=1)
    means = (counts[1] - counts[0]).reshape(runs, pairs).mean(axis=1)
    error = math.sqrt(((means - contrast) ** 2).mean()) / abs(contrast)
    note = f"root mean square error of {runs} runs of {pairs} pairs"
    return exactly(
        "w4_error_seen", "W4, error at the implied length", "of the contrast", error, note
    )


def measure(size: Size) -> list[Figure]:
    first = exact.workload("w4")
    contrasts = np.array([exact.contrast(first), exact.contrast(first) / first.years])
    ways = routes(first, size)
    found = costs(ways, contrasts, size.rounds)
    w4 = [*_rows(ways, found), *ratios(ways, found), seen_error(first, size)]
    return [*w4, *real_contrast(size)]
