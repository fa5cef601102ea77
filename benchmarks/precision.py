"""Seconds to a standard error of 5 % of a contrast: W4, and the real one of wars under two orders.

A pair is one trajectory under each architecture; n pairs give a standard error sqrt(v / n), so that
the seconds are (seconds of a pair) * v / (0.05 contrast)^2, with v from the pairs of all rounds.

Peers run two simulations per pair: with independent seeds, and with one seed for both. One seed does
as well as shared candidates for the onsets of all years together, since with constant hazards less
frequent onsets are the same ones later; for those of the last year alone it does not. Starsim keys
its draws to agent and time step, which serves both.

Ours uncoupled pairs each trajectory under one architecture with the next one under the other, at
the price of a coupled pair: two runs apart would cost no less.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks import exact
from benchmarks.exact import F8, Workload, verdict
from benchmarks.figures import Figure, Size, exactly, figure
from benchmarks.peers.contestants import OURS, Contestant, by_hand, packaged
from benchmarks.timing import Spread, ratio, side_by_side, spread
from forecast.kernel.results import EXPECTED_COUNTS, TRAJECTORY_COUNTS, BatchResult
from forecast.kernel.simulate import simulate_batch
from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.world.pack import Packed, pack
from forecast.world.snapshot import read_snapshot

SEED = 20260520
ERROR = 0.05
FEWEST = 8  # pairs
QUESTIONS = ("all years", "last year")
REAL = ("status_quo_un", "strengthened_un")
WARS, EXPECTED_WARS = TRAJECTORY_COUNTS.index("war_count"), EXPECTED_COUNTS.index("expected_war_count")

Differences = NDArray[Any]  # second architecture less first, (questions, pairs)


class Route(NamedTuple):
    """A way to a contrast: makes `pairs` pairs and returns their differences, by question."""

    key: str
    name: str
    packaged: bool
    pairs: int
    sample: Callable[[int, int], F8]  # (pairs, seed) -> (questions, pairs)


class Cost(NamedTuple):
    """What a route costs."""

    seconds: list[list[float]]  # to the standard error, by question and round
    variance: F8  # of a pair's difference, by question
    pair: Spread  # seconds


def _of_peer(runner: Contestant, first: Workload, one_seed: bool, pairs: int, seed: int) -> F8:
    before = runner.run(first, pairs, seed)
    after = runner.run(exact.second(first), pairs, seed if one_seed else seed + 5_000)
    assert before.last is not None
    assert after.last is not None
    return np.array([after.totals - before.totals, after.last - before.last], np.float64)


def _last_year(batches: Sequence[BatchResult], shifted: bool) -> F8:
    """Return differences of the last year with the mean and variance that the sums show.

    A run keeps sums and products over trajectories by year; any numbers with these two moments do.
    """
    n = sum(batch.trajectories.candidates.size for batch in batches)
    total = sum(batch.annual.total[0, :, -1] for batch in batches) / n
    product = sum(batch.annual.product[0, :, :, -1] for batch in batches) / n
    moment = product - np.outer(total, total)
    variance = moment[0, 0] + moment[1, 1] - (0.0 if shifted else 2.0 * moment[0, 1])
    spreads = np.where(np.arange(n) % 2 == 0, 1.0, -1.0) * math.sqrt(max(variance, 0.0))
    return np.asarray(total[1] - total[0] + spreads)


def _of_ours(shifted: bool, pairs: int, seed: int) -> F8:
    batches = exact.simulate("w4", pairs, seed)
    counts = np.concatenate([b.trajectories.counts[exact.DISPUTES] for b in batches], axis=1)
    before = np.roll(counts[0], 1) if shifted else counts[0]
    return np.array([counts[1] - before, _last_year(batches, shifted)], np.float64)


def routes(first: Workload, size: Size) -> list[Route]:
    """Return the routes of ours, of the numba loops and of all peers that meet the closed form."""
    half = partial(_pairs, size)
    ours = [
        Route(f"{OURS}_coupled", "ours, coupled", False, half(2000), partial(_of_ours, False)),
        Route(f"{OURS}_uncoupled", "ours, uncoupled", False, half(2000), partial(_of_ours, True)),
    ]
    found = []
    for runner in [*by_hand(), *packaged()]:
        pairs = half(runner.trajectories // 2)
        if not verdict(runner.run(first, pairs, SEED), first).passes:
            continue
        for one_seed in (False, True) if runner.seeded else (False,):
            name = f"{runner.name}, {'one seed' if one_seed else 'independent'}"
            key = f"{runner.key}_{'one_seed' if one_seed else 'independent'}"
            sample = partial(_of_peer, runner, first, one_seed)
            found.append(Route(key, name, runner.packaged, pairs, sample))
    return ours + found


def _pairs(size: Size, full: int) -> int:
    return max(FEWEST, int(size.factor * full))


def costs(ways: Sequence[Route], contrasts: F8, rounds: int) -> dict[str, Cost]:
    """Let the routes take turns and return their seconds to the standard error."""
    seen: dict[str, list[F8]] = {way.key: [] for way in ways}

    def lap(way: Route) -> None:
        seen[way.key].append(way.sample(way.pairs, SEED + 1 + len(seen[way.key])))

    seconds = side_by_side({way.key: partial(lap, way) for way in ways}, rounds)
    found = {}
    for way in ways:
        each = [s / way.pairs for s in seconds[way.key]]
        variance = np.concatenate(seen[way.key], axis=1).var(axis=1, ddof=1)
        needed = variance / (ERROR * contrasts) ** 2
        found[way.key] = Cost([[s * n for s in each] for n in needed], variance, spread(each))
    return found


def _rows(ways: Sequence[Route], found: dict[str, Cost], workload: str) -> list[Figure]:
    rows = []
    for q, question in enumerate(QUESTIONS):
        for way in ways:
            cost = found[way.key]
            note = f"{1e6 * cost.pair.median:,.0f} µs a pair, variance {cost.variance[q]:,.4g}"
            key = f"{workload}_seconds_{question.replace(' ', '_')}_{way.key}"
            name = f"{workload.upper()}, {question}: {way.name}"
            rows.append(figure(key, name, "s to ±5 %", spread(cost.seconds[q]), note))
    return rows


def _best(ways: Sequence[Route], found: dict[str, Cost], q: int, what: str = "") -> Route | None:
    peers = [way for way in ways if way.packaged and what in way.key]
    return min(peers, key=lambda way: spread(found[way.key].seconds[q]).median, default=None)


def _w4_ratios(ways: Sequence[Route], found: dict[str, Cost]) -> list[Figure]:
    """Return best packaged peer over ours: any route, independent seeds, and the last year alone."""
    us, rows = found[f"{OURS}_coupled"], []
    for key, q, what in (
        ("w4_seconds_ratio", 0, ""),
        ("w4_seconds_ratio_independent", 0, "independent"),
        ("w4_seconds_ratio_last_year", 1, ""),
    ):
        best = _best(ways, found, q, what)
        if best is not None:
            name = f"W4, {QUESTIONS[q]}: best packaged peer ({best.name}) ÷ ours"
            rows.append(figure(key, name, "times", ratio(found[best.key].seconds[q], us.seconds[q])))
    return rows


def seen_error(first: Workload, size: Size) -> Figure:
    """Return the standard error of the W4 contrast that runs of the implied length really have."""
    contrast = exact.contrast(first)
    pairs = math.ceil(exact.paired_variance(first) / (ERROR * contrast) ** 2)
    runs = _pairs(size, 400)
    start = time.perf_counter()
    means = _of_ours(False, pairs * runs, SEED + 100)[0].reshape(runs, pairs).mean(axis=1)
    seconds = (time.perf_counter() - start) / runs
    error = math.sqrt(((means - contrast) ** 2).mean()) / abs(contrast)
    note = f"root mean square error of {runs} runs of {pairs} pairs, {seconds:.4f} s each"
    return exactly("w4_error_seen", "W4, standard error at the implied length", "of it", error, note)


def w4(size: Size) -> list[Figure]:
    """Return the seconds of all routes on W4."""
    first = exact.workload("w4")
    contrasts = np.array([exact.contrast(first), exact.contrast(first) / first.years])
    ways = routes(first, size)
    found = costs(ways, contrasts, size.rounds)
    return [*_rows(ways, found, "w4"), *_w4_ratios(ways, found), seen_error(first, size)]


def real_pair() -> Packed:
    """Return three_futures with the status quo and the strengthened UN alone."""
    asked = [f"scenario.architectures={list(REAL)}"]
    scenario = load_scenario(shipped_configs() / "three_futures.toml", asked)
    return pack(scenario, read_snapshot(scenario.world))
