"""Facts of many simulated histories: their value, its error, and the band of single histories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.estimators.catalogue import TAIL
from forecast.kernel.arrays import Inputs
from forecast.kernel.simulate import compile_kernel, trace
from forecast.scenario.models import Scenario
from forecast.studies.facts.history import History, history_of
from forecast.world.origin import build_world
from forecast.world.pack import Packed, pack

F8 = NDArray[np.float64]

LOG_ROOM = 50_000
"""Events that a history may log; forty years of the whole world log some 20,000."""

BAND = (0.05, 0.95)
"""Quantiles over histories that enclose nine of ten."""

LEAST = 10
"""Wars from the threshold on that a tail exponent needs."""


class Simulated(NamedTuple):
    """A fact in simulated histories.

    Parameters
    ----------
    value, error
        Of all histories together, and its Monte Carlo standard error.
    low, high
        Ends of the band that holds nine of ten single histories; NaN where one has none.
    """

    value: float
    error: float
    low: float
    high: float


def reference_alone(scenario: Scenario, world: xr.Dataset | None = None) -> Packed:
    """Return a scenario packed with its reference architecture alone."""
    alone = {scenario.reference: scenario.architectures[scenario.reference]}
    own = scenario.model_copy(update={"architectures": alone})
    return pack(own, build_world(scenario) if world is None else world)


def histories_of(
    packed: Packed, seed: int, trajectories: int, report: Callable[[int], None] | None = None
) -> list[History]:
    """Return the first histories of a packed run under its first architecture."""
    inputs = packed.inputs
    compile_kernel(inputs, packed.derived)
    pairs = pairs_of(inputs)

    def one(number: int) -> History:
        result, log = trace(inputs, packed.derived, seed, number, LOG_ROOM)
        if report is not None:
            report(1)
        return history_of(result, log, 0, pairs)

    with ThreadPoolExecutor() as pool:
        return list(pool.map(one, range(trajectories)))


def pairs_of(inputs: Inputs) -> int:
    """Return the number of undirected pairs between which disputes may start."""
    sides = np.sort(np.stack([inputs.dyads.initiator, inputs.dyads.target]), axis=0)
    return int(np.unique(sides, axis=1).shape[1])


def summarised(histories: Sequence[History]) -> dict[str, Simulated]:
    """Return every fact of histories: ratios, the dispersion of counts, and what wars cost."""
    found = {name: _ratio([h.parts[name] for h in histories]) for name in histories[0].parts}
    onsets = np.array([h.onsets for h in histories], dtype=np.float64)
    found["dispersion"] = _mean(onsets.var(axis=1, ddof=1) / np.maximum(onsets.mean(axis=1), 1e-9))
    deaths = [h.deaths for h in histories]
    found["deaths_median"] = _pooled(deaths, partial(_quantile, level=0.5))
    found["deaths_p90"] = _pooled(deaths, partial(_quantile, level=0.9))
    found["tail"] = _pooled(deaths, tail_exponent)
    return found


def _quantile(deaths: F8, level: float) -> float:
    return float(np.quantile(deaths, level)) if deaths.size else float("nan")


def tail_exponent(deaths: F8) -> float:
    """Return the exponent of the density from `TAIL` on, by maximum likelihood; NaN from a few."""
    beyond = deaths[deaths >= TAIL]
    if beyond.size < LEAST:
        return float("nan")
    return float(1 + beyond.size / np.log((beyond + 0.5) / TAIL).sum())


def _ratio(parts: Sequence[tuple[float, float]]) -> Simulated:
    """Return a ratio of sums, its error by linearisation, and the band of single histories."""
    above, below = np.array(parts, dtype=np.float64).T
    if below.sum() == 0:
        return Simulated(*[float("nan")] * 4)
    value = above.sum() / below.sum()
    rest = (above - value * below) / below.mean()
    own = above[below > 0] / below[below > 0]
    return Simulated(float(value), _error(rest), *_band(own))


def _mean(values: F8) -> Simulated:
    return Simulated(float(values.mean()), _error(values), *_band(values))


def _pooled(deaths: Sequence[F8], statistic: Callable[[F8], float]) -> Simulated:
    """Return a statistic of all wars, its error from groups of histories, and the band."""
    groups = [np.concatenate(deaths[g::20]) for g in range(min(20, len(deaths)))]
    parts = np.array([statistic(group) for group in groups])
    own = np.array([statistic(one) for one in deaths])
    return Simulated(statistic(np.concatenate(deaths)), _error(parts), *_band(own[~np.isnan(own)]))


def _error(values: F8) -> float:
    return float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else float("nan")


def _band(values: F8) -> tuple[float, float]:
    if not values.size:
        return float("nan"), float("nan")
    low, high = np.quantile(values, BAND)
    return float(low), float(high)
