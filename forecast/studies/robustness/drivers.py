"""Which assumptions a difference depends on: first-order Sobol indices, in tiers."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.estimators.moments import NORMAL_QUANTILE
from forecast.studies.robustness.flips import lines

F8 = NDArray[np.float64]

HARMONICS = 4
"""Along one quantity effects are smooth; more harmonics add noise alone."""

SHUFFLES = 40
SEED = 20260101
"""Of the shuffles: the same values give the same indices."""

GROUPS = 32
"""Groups of draws that are left out one after another for the errors."""

CHANCE = 0.95
"""Quantile of the highest index of shuffled values below which an index is taken for chance."""


class Driver(NamedTuple):
    """A quantity that a difference depends on.

    Parameters
    ----------
    quantity
        Position of the quantity.
    share, low, high
        Share of the variance between draws, without noise, that goes with it alone, and its 95 %
        interval.
    tier
        1 for the strongest and those whose intervals reach into that of the strongest, and so on:
        within a tier nothing says which is stronger.
    """

    quantity: int
    share: float
    low: float
    high: float
    tier: int


def drivers(difference: F8, noise: float, percentile: F8) -> list[Driver]:
    """Return the quantities whose index is above chance, strongest first.

    In a few hundred points some pairs of quantities are spread in patterns, so that the effect of
    one shows along the other. What the lines of all other quantities explain is therefore taken off
    before the index of a quantity is computed. Errors are those of leaving out groups of draws.

    Parameters
    ----------
    difference
        Value of one architecture less that of another, (draw,).
    noise
        Mean variance of the error of a difference.
    percentile
        Of every quantity in every draw, (draw, quantity).

    Source
    ------
    Tarantola, Gatelli and Mara (2006), random balance designs, doi:10.1016/j.ress.2005.06.003;
    Tissot and Prieur (2012), their bias, doi:10.1016/j.ress.2012.06.010. Computed by SALib.
    """
    if difference.var(ddof=1) <= noise:
        return []
    every = list(range(percentile.shape[1]))
    index = _indices(difference, noise, percentile, every)
    shuffled = np.random.default_rng(SEED).permuted(np.tile(difference, (SHUFFLES, 1)), axis=1)
    by_chance = [_indices(one, noise, percentile, every).max() for one in shuffled]
    above = [q for q in np.argsort(-index).tolist() if index[q] > np.quantile(by_chance, CHANCE)]
    group = np.arange(difference.size) % GROUPS
    left = np.array(
        [
            _indices(difference[group != g], noise, percentile[group != g], above)
            for g in range(GROUPS)
        ]
    )
    spread = ((left - left.mean(axis=0)) ** 2).sum(axis=0)
    half = NORMAL_QUANTILE * np.sqrt((GROUPS - 1) / GROUPS * spread)
    rows = [(q, float(index[q]), float(h)) for q, h in zip(above, half, strict=True)]
    return _in_tiers([row for row in rows if row[1] > row[2]])


def _indices(difference: F8, noise: float, percentile: F8, wanted: list[int]) -> F8:
    """Return the first-order indices of some quantities, (wanted,)."""
    from SALib.analyze import rbd_fast

    explained = (percentile - 0.5) * lines(difference, percentile).slope
    rest = difference - explained.sum(axis=1)
    found = []
    for q in wanted:
        own = rest + explained[:, q]
        problem: dict[str, Any] = {"num_vars": 1, "names": ["own"], "bounds": [[0.0, 1.0]]}
        told = rbd_fast.analyze(
            problem, percentile[:, [q]], own, M=HARMONICS, num_resamples=2, seed=SEED
        )
        found.append(told["S1"][0] * own.var(ddof=1))
    return np.asarray(np.array(found) / (difference.var(ddof=1) - noise), dtype=np.float64)


def _in_tiers(rows: list[tuple[int, float, float]]) -> list[Driver]:
    """Return indices with half widths as drivers; a tier ends where an interval stays below it."""
    found: list[Driver] = []
    tier, floor = 0, np.inf
    for q, index, half in rows:
        if index + half < floor:
            tier, floor = tier + 1, index - half
        found.append(Driver(q, index, index - half, index + half, tier))
    return found
