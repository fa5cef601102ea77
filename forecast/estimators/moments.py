"""Moments of trajectories, and means, ratios and their covariance from them.

A reduction has three steps. `chunk` sees part of the trajectories, `combine` merges parts in the
order of their first trajectory, and a `finalize_*` function turns the moments into an `Estimate`:
one value per architecture and the covariance of the values, from which every paired difference
follows. The error of a function of means is that of its linearisation (the delta method).

Where parameters are drawn, trajectories of one draw are alike, and the covariance is that between
draws: trajectory n belongs to draw n mod D.
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


class Clusters(NamedTuple):
    """Sums by parameter draw.

    Parameters
    ----------
    size
        Trajectories of each draw, (draw,).
    total
        Sums over them, (draw, column).
    """

    size: F8
    total: F8


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
    first
        Number of the first trajectory.
    clusters
        Sums by draw, where parameters are drawn.
    """

    size: int
    mean: F8
    comoment: F8
    first: int = 0
    clusters: Clusters | None = None


class Estimate(NamedTuple):
    """One value per architecture, and the covariance of those values.

    Parameters
    ----------
    value
        (..., architecture).
    covariance
        (..., architecture, architecture).
    simulation
        The part of the covariance that more trajectories under the same draws take away; all of
        it where None.
    clusters
        Number of draws between which the covariance is taken; nought where trajectories are
        independent.
    """

    value: F8
    covariance: F8
    simulation: F8 | None = None
    clusters: int = 0


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


def chunk(
    columns: ArrayLike, first: int = 0, draws: int = 1, numbers: NDArray[np.int64] | None = None
) -> Moments:
    """Return the moments of part of the trajectories.

    Parameters
    ----------
    columns
        Values, (column, trajectory).
    first
        Number of the first trajectory of the part.
    draws
        Number of parameter draws of the run; 1 where there are none.
    numbers
        Numbers of the trajectories, where some between were left out.
    """
    values = np.asarray(columns, dtype=np.float64)
    count = values.shape[1]
    mean = values.sum(axis=1) / max(count, 1)
    deviation = values - mean[:, None]
    comoment = deviation @ deviation.T
    if draws == 1:
        return Moments(count, mean, comoment, first)
    draw = (np.arange(first, first + count) if numbers is None else numbers) % draws
    size = np.bincount(draw, minlength=draws).astype(np.float64)
    total = np.zeros((draws, len(values)))
    np.add.at(total, draw, values.T)
    return Moments(count, mean, comoment, first, Clusters(size, total))


def combine(parts: Iterable[Moments]) -> Moments:
    """Return the moments of all parts together, equal to the bit in whatever order they come.

    Source
    ------
    Chan, Golub and LeVeque (1983), updating formulae, doi:10.1080/00031305.1983.10483115.
    """
    return reduce(_merge, sorted(parts, key=lambda part: (part.first, part.size)))


def _merge(one: Moments, other: Moments) -> Moments:
    count = one.size + other.size
    if count == 0:
        return one
    step = other.mean - one.mean
    mean = one.mean + step * (other.size / count)
    between = _outer(step) * (one.size * other.size / count)
    comoment = one.comoment + other.comoment + between
    if one.clusters is None or other.clusters is None:
        return Moments(count, mean, comoment, one.first)
    size = one.clusters.size + other.clusters.size
    total = one.clusters.total + other.clusters.total
    return Moments(count, mean, comoment, one.first, Clusters(size, total))


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
    return linearised(moments.mean * scale, moments, np.eye(moments.mean.shape[-1]) * scale)


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
    found = linearised(ratio, moments, np.nan_to_num(gradient))
    unknown = np.isnan(ratio)
    for covariance in (found.covariance, found.simulation):
        if covariance is not None:
            covariance[unknown, :] = np.nan
            covariance[:, unknown] = np.nan
    return found


def contrast(estimate: Estimate, reference: int) -> Contrast:
    """Return the paired differences to the architecture at position `reference`."""
    value, covariance = estimate.value, estimate.covariance
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


def linearised(value: F8, moments: Moments, gradient: F8) -> Estimate:
    """Return the estimate of a function of the means.

    Parameters
    ----------
    value
        Value of the function, (architecture,).
    moments
        Of the columns.
    gradient
        Its derivatives by the means, (architecture, column).

    Notes
    -----
    Between draws the covariance is G/(G - 1)·Σ u uᵀ/N², u the sum of the linearisation over the
    trajectories of one of G draws; draws may hold unequal numbers of trajectories. Within draws
    it is the pooled one. From a single trajectory or draw it is unknown (NaN).
    """
    spread = gradient @ moments.comoment @ gradient.T
    if moments.clusters is None:
        return Estimate(value, _covariance(spread, moments.size))
    size, total = moments.clusters
    apart = (total - size[:, None] * moments.mean) @ gradient.T
    held = size > 0
    groups = int(held.sum())
    between = apart.T @ apart / moments.size**2
    covariance = between * groups / (groups - 1) if groups > 1 else np.full_like(between, np.nan)
    within = spread - (apart[held] / size[held, None]).T @ apart[held]
    free = moments.size - groups
    pooled = within / (free * moments.size) if free else np.full_like(within, np.nan)
    return Estimate(value, covariance, pooled, groups)


def _covariance(comoment: F8, count: int) -> F8:
    """Return the covariance of means; unknown (NaN) from a single trajectory."""
    return comoment / ((count - 1) * count) if count > 1 else np.full_like(comoment, np.nan)


def _outer(vector: F8) -> F8:
    return vector[..., :, None] * vector[..., None, :]
