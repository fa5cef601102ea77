"""Work with exact answers: W1, W3 and W4 as ordinary scenarios, and their closed forms.

Every hazard is constant, so the onsets of pair q over T years are Poisson(T h_q), independent of
all others, and those of a trajectory Poisson(T sum h). A trajectory has a size like real use: 25
years, 30 onsets a year, 750 in all (W1: one pair; W3: 435 pairs, 870 directed dyads, hazards that
differ by a factor of a thousand).

W4: under the second architecture a body of all states guarantees each of them, and the support that
challengers expect is cut off at its cap g for every dyad. With deterrence b all hazards fall by the
factor exp(-b g) = 0.9. Both architectures see the same candidates, and the one that deters more
rejects more of them: the disputes deterred are Poisson(0.1 T sum h), and so the variance of the
difference is 0.1 T sum h, 19 times less than the 1.9 T sum h between independent runs.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.kernel.results import TRAJECTORY_COUNTS, BatchResult
from forecast.kernel.simulate import simulate_batch
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Scenario
from forecast.studies.verification.law import log_rates
from forecast.world.distance import great_circle_km
from forecast.world.pack import Packed, pack
from forecast.world.snapshot import read_snapshot

F8 = NDArray[np.float64]

CONFIGS = Path(__file__).parent / "configs"
STATES = {"w1": 2, "w3": 30, "w4": 30}
YEARS = 25
KEPT = 0.9  # of every hazard under the second architecture of W4
DISPUTES = TRAJECTORY_COUNTS.index("dispute_count")
YEARLY_DISPUTES = 0  # the first of the annual counts
BATCH = 500  # trajectories of a call, as a run writes them


class Workload(NamedTuple):
    """What a contestant simulates: onsets of pairs of states, each at a constant rate."""

    name: str
    rates: F8  # onsets a year, (pairs,)
    years: int

    @property
    def mean(self) -> float:
        """Expected onsets of a trajectory, and their variance."""
        return float(self.rates.sum()) * self.years


class Counts(NamedTuple):
    """What a contestant returns."""

    totals: NDArray[np.int64]  # onsets of every trajectory, (n,)
    yearly: NDArray[np.int64]  # the same by year, summed over the trajectories, (Y,)
    last: NDArray[np.int64] | None = None  # those of the last year, (n,), where they are kept


def world(states: int) -> xr.Dataset:
    """Return the most capable states of 2026 at peace, every ordered pair of them a dyad."""
    full = read_snapshot("2026")
    largest = np.sort(np.argsort(-full["capability"].to_numpy(), kind="stable")[:states])
    cut = full.drop_dims("dyad").isel(state=largest, partner=largest, war=slice(0, 0))
    cut["capability"] = cut["capability"] / cut["capability"].sum()
    i, j = np.nonzero(~np.eye(states, dtype=bool))
    codes = cut["state"].to_numpy()
    at = cut["capital_latitude"].to_numpy(), cut["capital_longitude"].to_numpy()
    none = np.zeros(i.size)
    dyads = {
        "distance_km": great_circle_km(at[0][i], at[1][i], at[0][j], at[1][j]),
        "memory_2y": none,
        "memory_15y": none,
        "memory_2y_expected": none,
        "memory_15y_expected": none,
        "last_initiator": none.astype(np.int8),
    }
    cut = cut.assign_coords(
        dyad=np.arange(i.size), initiator=("dyad", codes[i]), target=("dyad", codes[j])
    )
    return cut.assign({name: ("dyad", values) for name, values in dyads.items()})


def scenario(name: str) -> Scenario:
    """Return w1, w3 or w4 as configured."""
    return load_scenario(CONFIGS / f"{name}.toml")


@cache
def packed(name: str) -> Packed:
    """Return w1, w3 or w4 as kernel arrays."""
    return pack(scenario(name), world(STATES[name]))


def dyad_rates(name: str) -> F8:
    """Return the onsets a year of every directed dyad, (K,), from the onset equation."""
    inputs = packed(name).inputs
    owed = world(STATES[name])["defence_obligation"].to_numpy() > 0
    i, j = inputs.dyads.initiator, inputs.dyads.target
    rates: F8 = np.exp(log_rates(inputs, (owed[i, j] | owed[j, i]).astype(np.int8)))
    return rates


def workload(name: str) -> Workload:
    """Return w1, w3 or w4 (its first architecture) by pairs of states."""
    rates = np.bincount(packed(name).inputs.dyads.pair, dyad_rates(name))
    return Workload(name, rates.astype(np.float64), YEARS)


def second(first: Workload) -> Workload:
    """Return the second architecture of W4."""
    return first._replace(rates=KEPT * first.rates)


def contrast(first: Workload) -> float:
    """Return the expected onsets of W4's second architecture less those of the first."""
    return (KEPT - 1.0) * first.mean


def paired_variance(first: Workload) -> float:
    """Return the variance of that difference in one trajectory whose candidates are shared."""
    return (1.0 - KEPT) * first.mean


def unpaired_variance(first: Workload) -> float:
    """Return the variance of that difference between independent trajectories."""
    return (1.0 + KEPT) * first.mean


def simulate(name: str, trajectories: int, seed: int) -> list[BatchResult]:
    """Simulate w1, w3 or w4 in batches, as a run does."""
    run = packed(name)
    return [
        simulate_batch(run.inputs, run.derived, seed, first, min(BATCH, trajectories - first))
        for first in range(0, trajectories, BATCH)
    ]


def counts(batches: list[BatchResult], architecture: int = 0) -> Counts:
    """Return the disputes of simulated batches under one architecture."""
    totals = [batch.trajectories.counts[DISPUTES, architecture] for batch in batches]
    yearly = sum(batch.annual.total[YEARLY_DISPUTES, architecture] for batch in batches)
    return Counts(np.concatenate(totals), np.asarray(yearly))


class Verdict(NamedTuple):
    """How far a contestant is from the closed form, in standard errors."""

    mean: float
    variance: float
    years: float  # the furthest of all years

    @property
    def passes(self) -> bool:
        """Whether nothing is four standard errors away."""
        return max(map(abs, self)) < 4.0


def verdict(seen: Counts, work: Workload) -> Verdict:
    """Compare counts with the Poisson law.

    The sum of squares around a known Poisson mean m, over m, has mean n and variance n(2 + 1/m).
    """
    n, m, by_year = seen.totals.size, work.mean, work.mean / work.years
    mean = (seen.totals.mean() - m) / math.sqrt(m / n)
    squares = float(((seen.totals - m) ** 2).sum()) / m
    variance = (squares - n) / math.sqrt(n * (2.0 + 1.0 / m))
    years = (seen.yearly - n * by_year) / math.sqrt(n * by_year)
    return Verdict(float(mean), variance, float(years[np.abs(years).argmax()]))
