"""Means, probabilities, ratios and medians with their paired Monte Carlo error.

A reduction has three steps. `chunk` sees part of the trajectories, `combine` merges parts,
and a `finalize_*` function turns the moments into an `Estimate`: one value per architecture and the
covariance of the values, from which every paired difference follows. The error of a function of
means is that of its linearisation (the delta method).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

F8 = NDArray[np.float64]

CONFIDENCE = 0.95
NORMAL_QUANTILE = 1.959963984540054
"""Quantile .975 of the standard normal distribution: the two-sided bound of 95 % intervals."""


class Moments(NamedTuple):
    """First and second moments of columns observed together.

    Parameters
    ----------
    size
        Number of trajectories.
    mean
        (..., column).
    comoment
        Sum of products of deviations from the mean, (..., column, column).
    """

    size: int
    mean: F8
    comoment: F8


class Estimate(NamedTuple):
    """One value per architecture, and the covariance of those values.

    Parameters
    ----------
    value
        (..., architecture).
    covariance
        (..., architecture, architecture).
    """

    value: F8
    covariance: F8


class Contrast(NamedTuple):
    """Paired differences to a reference, each (..., architecture).

    Parameters
    ----------
    difference, std_error
        Value less that of the reference, and its Monte Carlo standard error.
    variance_gain
        Variance of the difference between independent runs over that of the paired one; NaN at the
        reference, infinite where the pairs never differ.
    """

    difference: F8
    std_error: F8
    variance_gain: F8


def chunk(columns: ArrayLike) -> Moments:
    """Return the moments of part of the trajectories.

    Parameters
    ----------
    columns
        Values, (column, trajectory).
    """
    values = np.asarray(columns, dtype=np.float64)
    count = values.shape[1]
    mean = values.sum(axis=1) / max(count, 1)
    deviation = values - mean[:, None]
    return Moments(count, mean, deviation @ deviation.T)


def combine(parts: Iterable[Moments]) -> Moments:
    """Return the moments of all parts together.

    Source
    ------
    Chan, Golub and LeVeque (1983), updating formulae, doi:10.1080/00031305.1983.10483115.
    """
    return reduce(_merge, parts)


def _merge(one: Moments, other: Moments) -> Moments:
    count = one.size + other.size
    if count == 0:
        return one
    step = other.mean - one.mean
    mean = one.mean + step * (other.size / count)
    between = _outer(step) * (one.size * other.size / count)
    return Moments(count, mean, one.comoment + other.comoment + between)


def from_sums(count: int, total: ArrayLike, product: ArrayLike) -> Moments:
    """Return moments from stored sums and sums of cross-products.

    Parameters
    ----------
    count
        Number of trajectories summed over.
    total
        (..., architecture).
    product
        (..., architecture, architecture).
    """
    mean = np.asarray(total, dtype=np.float64) / count
    comoment = np.asarray(product, dtype=np.float64) - count * _outer(mean)
    return Moments(count, mean, comoment)


def finalize_mean(moments: Moments, scale: float = 1.0) -> Estimate:
    """Return means times `scale`, with the covariance of the means."""
    return Estimate(moments.mean * scale, _covariance(moments.comoment, moments.size) * scale**2)


def finalize_ratio(moments: Moments) -> Estimate:
    """Return ratios of means.

    R = mean(numerator)/mean(denominator); its error is that of the mean of
    (numerator - R·denominator)/mean(denominator). NaN where the denominator is zero.

    Parameters
    ----------
    moments
        Of columns that hold all numerators, then all denominators.
    """
    numerator, denominator = np.split(moments.mean, 2)
    below = np.where(denominator == 0, np.nan, denominator)
    ratio = numerator / below
    gradient = np.hstack([np.diag(1 / below), np.diag(-ratio / below)])
    # NaN times zero is NaN: an architecture without denominator must not blot out the others.
    known = np.nan_to_num(gradient)
    covariance = _covariance(known @ moments.comoment @ known.T, moments.size)
    covariance[np.isnan(ratio), :] = np.nan
    covariance[:, np.isnan(ratio)] = np.nan
    return Estimate(ratio, covariance)


def finalize_median(median: F8, density: F8, below: Moments) -> Estimate:
    """Return medians with the error of their linearisation.

    The error is that of the mean of 1[x <= median]/density; where the median is a value that many
    trajectories share, the density is infinite and the error zero.

    Parameters
    ----------
    median, density
        Median of each architecture and the density there (see `median_density`).
    below
        Moments of the indicators of values not above the median.
    """
    scale = np.diag(1 / density)
    return Estimate(median, _covariance(scale @ below.comoment @ scale, below.size))


def median_density(values: ArrayLike) -> tuple[float, float]:
    """Return the median of a sample and the probability density there.

    The density is the slope between two sample quantiles around the median, as far apart as
    advised for confidence intervals of quantiles; infinite if they are equal.

    Source
    ------
    Hall and Sheather (1988), doi:10.1111/j.2517-6161.1988.tb01735.x.
    """
    sample = np.asarray(values, dtype=np.float64)
    # At the median the normal density is 1/sqrt(2 pi) and the bandwidth's last factor 1.5 phi^2.
    width = (NORMAL_QUANTILE**2 * 1.5 / (2 * np.pi) / sample.size) ** (1 / 3)
    reach = min(width, 0.5)
    low, median, high = np.quantile(sample, [0.5 - reach, 0.5, 0.5 + reach])
    return float(median), (2 * reach / (high - low) if high > low else np.inf)


def contrast(estimate: Estimate, reference: int) -> Contrast:
    """Return the paired differences to the architecture at position `reference`."""
    value, covariance = estimate
    variance = np.diagonal(covariance, axis1=-2, axis2=-1)
    apart = variance + variance[..., reference, None]
    paired = np.maximum(apart - 2 * covariance[..., :, reference], 0.0)
    # Rounding leaves a trace where the pairs are equal; a variance this small is that trace.
    paired = np.where(paired <= 1e-12 * apart, 0.0, paired)
    difference = value - value[..., reference, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = apart / paired
    gain[..., reference] = np.nan
    return Contrast(difference, np.sqrt(paired), gain)


def wilson_interval(successes: F8, trials: int) -> tuple[F8, F8]:
    """Return the 95 % interval of a probability; with no success its upper end is 3.84/trials.

    Source
    ------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    z2 = NORMAL_QUANTILE**2
    centre = (successes + z2 / 2) / (trials + z2)
    share = successes / trials
    reach = np.sqrt(trials * share * (1 - share) + z2 / 4) * NORMAL_QUANTILE / (trials + z2)
    return np.maximum(centre - reach, 0.0), np.minimum(centre + reach, 1.0)


def discordant(indicators: Moments, reference: int) -> tuple[F8, F8]:
    """Return in how many pairs only the architecture, and only the reference, saw the event."""
    count, mean, comoment = indicators
    both = comoment[:, reference] + count * mean * mean[reference]
    only_here = count * mean - both
    only_there = count * mean[reference] - both
    return np.rint(only_here), np.rint(only_there)


def histogram_quantile(counts: ArrayLike, edges: ArrayLike, probability: float) -> F8:
    """Return the lower edge of the bin that holds a quantile.

    Parameters
    ----------
    counts
        Trajectories per bin, (..., bin).
    edges
        Lower edge of every bin, (bin,).
    probability
        0 to 1.
    """
    cumulated = np.cumsum(np.asarray(counts), axis=-1)
    reached = cumulated >= probability * cumulated[..., -1:]
    holding: NDArray[np.intp] = reached.argmax(axis=-1)
    lower: F8 = np.asarray(edges, dtype=np.float64)
    return lower[holding]


def _covariance(comoment: F8, count: int) -> F8:
    """Return the covariance of means; unknown (NaN) from a single trajectory."""
    return comoment / ((count - 1) * count) if count > 1 else np.full_like(comoment, np.nan)


def _outer(vector: F8) -> F8:
    return vector[..., :, None] * vector[..., None, :]
