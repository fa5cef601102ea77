"""Predictive distributions of counts and of deaths, and members that stand for them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LARGEST_COUNT = 399
"""Counts above are taken for this one; no year of the record has more than 72 disputes."""

MEMBERS = 1000
"""Equally likely values that stand for a distribution of counts."""

COUNTS = np.arange(LARGEST_COUNT + 1)
MIDDLES = (np.arange(MEMBERS) + 0.5) / MEMBERS


def poisson(mean: float) -> Floats:
    """Return the Poisson distribution of counts, (count,)."""
    return _closed(stats.poisson.sf(COUNTS, mean))


def negative_binomial(mean: float, variance: float) -> Floats:
    """Return the negative binomial of a mean and variance, (count,).

    Poisson where the variance does not exceed the mean.
    """
    if mean <= 0 or variance <= mean:
        return poisson(mean)
    size = mean**2 / (variance - mean)
    return _closed(stats.nbinom.sf(COUNTS, size, size / (size + mean)))


def resampled(values: Integers) -> Floats:
    """Return the distribution of a value drawn from past ones, (count,).

    One more, equally likely, is drawn from the Poisson distribution of their mean, so that no
    count is impossible.
    """
    seen = np.bincount(np.minimum(values, LARGEST_COUNT), minlength=LARGEST_COUNT + 1)
    return np.asarray((seen + poisson(float(values.mean()))) / (len(values) + 1))


def simulated(histogram: Integers, mean: float, variance: float) -> Floats:
    """Return the distribution that simulated histories of one year are drawn from, (count,).

    A store tells counts one by one up to the last bin but one, and mean and variance of all. What
    is above follows a negative binomial that begins there and keeps both (an approximation). One
    more history is taken from the negative binomial of all, so that no count is impossible.

    Parameters
    ----------
    histogram
        Histories by their count; the last bin is open, (bin,).
    mean, variance
        Of the counts of all histories.
    """
    total, last = float(histogram.sum()), len(histogram) - 1
    histories = np.concatenate([histogram[:last], np.zeros(len(COUNTS) - last)]).astype(float)
    if histogram[last]:
        sums = mean * total, (variance + mean**2) * total
        first, second = (sums[p] - histories @ COUNTS ** (p + 1) for p in range(2))
        # Rounding may leave less than nothing where every history above has the same count.
        beyond = max(first / histogram[last] - last, 0.0)
        spread = second / histogram[last] - (beyond + last) ** 2
        histories[last:] = histogram[last] * negative_binomial(beyond, spread)[: len(COUNTS) - last]
    return np.asarray((histories + negative_binomial(mean, variance)) / (total + 1))


def members_of(distribution: Floats) -> Floats:
    """Return the quantiles that stand for distributions of counts, (case, member)."""
    below = np.cumsum(distribution, axis=-1)
    found = [np.searchsorted(row, MIDDLES * row[-1], side="left") for row in below]
    return np.array(found, dtype=np.float64).reshape(-1, MEMBERS)


def log_deaths(deaths: NDArray[np.generic]) -> Floats:
    """Return the decimal logarithm of deaths, none counted as one."""
    return np.asarray(np.log10(np.maximum(deaths, 1)))


def deaths_members(histogram: Integers, edges: Floats) -> Floats:
    """Return quantiles of the logarithm of simulated deaths of one year, (member,).

    Even within a bin; the first bin holds years without deaths.

    Parameters
    ----------
    histogram
        Histories by their deaths, (bin,).
    edges
        Lower edge of each bin, (bin,), the first 0.
    """
    rank = MIDDLES * histogram.sum()
    below = np.concatenate([[0], np.cumsum(histogram)])
    holding = np.searchsorted(below, rank, side="right") - 1
    within = (rank - below[holding]) / histogram[holding]
    lower = log_deaths(edges)
    width = np.append(np.diff(lower), lower[-1] - lower[-2])
    return np.asarray(lower[holding] + within * width[holding])


def _closed(survival: Floats) -> Floats:
    """Return the probabilities of the counts; the last takes what lies above it."""
    above = np.concatenate([[1.0], survival[:-1], [0.0]])
    return np.asarray(above[:-1] - above[1:], dtype=np.float64)
