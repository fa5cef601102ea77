"""Block bootstrap of scores: pairs or states, and periods of years, are drawn anew as wholes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from forecast.studies.scores.statistics import Statistic

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

REPLICATES = 500
SEED = 20260101

LEVELS = (0.05, 0.95)
"""Ends of a 90 % interval."""

PERIOD_YEARS = 5
"""Years that are drawn together: neighbouring years are alike (assumption)."""

FEWEST_BLOCKS = 4
"""With fewer blocks of a kind, that kind is not drawn anew (assumption)."""


def period_of(year: Integers) -> Integers:
    """Return the number of the five calendar years that a year lies in."""
    return np.asarray(year // PERIOD_YEARS)


def can_resample(*labels: Integers) -> bool:
    """Return whether there are blocks enough of any kind for an interval."""
    return any(len(np.unique(label)) >= FEWEST_BLOCKS for label in labels)


def resampled_weights(*labels: Integers) -> Iterator[Floats]:
    """Yield the weights of the cases in each of the resampled data sets, (case,).

    Blocks of each kind are drawn with replacement, independently of the other kinds; a case
    counts as often as the product of its blocks says, which does not understate the error.

    Parameters
    ----------
    *labels
        Block of each case, one array per kind, each (case,).

    Source
    ------
    Owen (2007), The pigeonhole bootstrap, Annals of Applied Statistics 1(2): 386-411,
    doi:10.1214/07-AOAS122.
    """
    rng = np.random.default_rng(SEED)
    kinds = [np.unique(label, return_inverse=True)[1] for label in labels]
    sizes = [int(kind.max()) + 1 for kind in kinds]
    for _ in range(REPLICATES):
        weights = np.ones(len(labels[0]))
        for kind, size in zip(kinds, sizes, strict=True):
            if size >= FEWEST_BLOCKS:
                weights *= rng.multinomial(size, np.full(size, 1 / size))[kind]
        yield weights


def replicated(statistics: Mapping[str, Statistic], *labels: Integers) -> dict[str, Floats]:
    """Return every statistic of the resampled data sets, (replicate,), by its name."""
    drawn = [
        [statistic(weights) if weights.any() else np.nan for statistic in statistics.values()]
        for weights in resampled_weights(*labels)
    ]
    return dict(zip(statistics, np.array(drawn).T, strict=True))
