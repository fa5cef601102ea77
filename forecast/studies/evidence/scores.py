"""Scores of probability forecasts of onset, and their differences with a bootstrap by pair."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu

Floats = NDArray[np.float64]

SMALLEST_PROBABILITY = 1e-9
REPLICATES = 1000
SEED = 20260101


def log_scores(observed: Floats, forecast: Floats) -> Floats:
    """Return the negative log likelihood of each outcome, (row,); smaller is better."""
    p = np.clip(forecast, SMALLEST_PROBABILITY, 1.0 - SMALLEST_PROBABILITY)
    return np.asarray(-np.where(observed > 0, np.log(p), np.log1p(-p)))


def area_under_roc(observed: Floats, forecast: Floats) -> float:
    """Return the chance that a row with an onset got a higher probability than one without."""
    hit = observed > 0
    statistic = mannwhitneyu(forecast[hit], forecast[~hit]).statistic
    return float(statistic / (hit.sum() * (~hit).sum()))


def area_under_precision_recall(observed: Floats, forecast: Floats) -> float:
    """Return the mean precision over the rows with an onset, ranked by probability."""
    ranked = observed[np.argsort(-forecast, kind="stable")]
    precision = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return float((precision * ranked).sum() / ranked.sum())


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
