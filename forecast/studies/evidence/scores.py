"""Scores of probability forecasts of onset, and their differences with a bootstrap by pair."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

REPLICATES = 1000
SEED = 20260101


def brier_skill(observed: Floats, forecast: Floats, reference: Floats) -> float:
    """Return one minus the ratio of mean squared errors to those of the reference."""
    own, other = np.mean((forecast - observed) ** 2), np.mean((reference - observed) ** 2)
    return float(1.0 - own / other)


class Difference(NamedTuple):
    """A mean difference of scores with its 90 % interval."""

    mean: float
    low: float
    high: float


def score_difference(own: Floats, other: Floats, pair: NDArray[np.int64]) -> Difference:
    """Return the mean of own less other score; the interval resamples pairs of states.

    Parameters
    ----------
    own, other
        Scores of the same rows, (row,).
    pair
        Cluster of each row, (row,).
    """
    _, index = np.unique(pair, return_inverse=True)
    sums = np.bincount(index, own - other)
    rows = np.bincount(index).astype(float)
    rng = np.random.default_rng(SEED)
    drawn = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), REPLICATES)
    means = (drawn @ sums) / (drawn @ rows)
    low, high = np.quantile(means, [0.05, 0.95])
    return Difference(float((own - other).mean()), float(low), float(high))
