"""Scores of weighted cases: a statistic takes the weight of every case and returns the score.

The weights are how often a resampled data set holds each case, so that the same statistic gives
the score and its bootstrap.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Statistic = Callable[[Floats], float]
"""Takes weights, (case,), >= 0, and returns the score."""

SMALLEST_PROBABILITY = 1e-9


def log_scores(observed: Floats, forecast: Floats) -> Floats:
    """Return the negative log likelihood of each outcome, (case,); smaller is better."""
    p = np.clip(forecast, SMALLEST_PROBABILITY, 1.0 - SMALLEST_PROBABILITY)
    return np.asarray(-np.where(observed > 0, np.log(p), np.log1p(-p)))


def mean_of(values: Floats) -> Statistic:
    """Return the weighted mean of the scores of single cases."""
    return lambda weights: float(weights @ values / weights.sum())


def ratio_of(above: Floats, below: Floats) -> Statistic:
    """Return the ratio of two weighted sums, such as observed over expected; NaN over nought."""

    def statistic(weights: Floats) -> float:
        total = float(weights @ below)
        return float(weights @ above) / total if total else np.nan

    return statistic


def area_under_roc(observed: Floats, forecast: Floats) -> Statistic:
    """Return the chance that a case with the event got a higher probability than one without.

    Half for equal probabilities; not a number where the weights leave no event, or nothing else.
    """
    tally = _by_rank(observed, forecast)

    def statistic(weights: Floats) -> float:
        hits, misses = tally(weights)
        pairs = hits.sum() * misses.sum()
        below = misses.sum() - np.cumsum(misses)
        return float(hits @ (below + 0.5 * misses) / pairs) if pairs else np.nan

    return statistic


def area_under_precision_recall(observed: Floats, forecast: Floats) -> Statistic:
    """Return the mean precision over the cases with the event, ranked by probability.

    Cases of equal probability share the precision that all of them reach together.
    """
    tally = _by_rank(observed, forecast)

    def statistic(weights: Floats) -> float:
        hits, misses = tally(weights)
        found = np.cumsum(hits)
        precision = found / np.maximum(found + np.cumsum(misses), 1e-300)
        return float(hits @ precision / found[-1]) if found[-1] else np.nan

    return statistic


def _by_rank(observed: Floats, forecast: Floats) -> Callable[[Floats], tuple[Floats, Floats]]:
    """Return what sums weights with and without the event by probability, highest first."""
    _, rank = np.unique(-forecast, return_inverse=True)
    order = np.argsort(rank, kind="stable")
    starts = np.flatnonzero(np.diff(rank[order], prepend=-1))
    event = observed[order] > 0

    def tally(weights: Floats) -> tuple[Floats, Floats]:
        ranked = weights[order]
        hits = np.add.reduceat(np.where(event, ranked, 0.0), starts)
        return hits, np.add.reduceat(np.where(event, 0.0, ranked), starts)

    return tally
