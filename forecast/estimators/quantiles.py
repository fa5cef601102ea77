"""Quantiles over trajectories, their error and their interval."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecast.estimators.moments import NORMAL_QUANTILE, Estimate, Moments, linearised

F8 = NDArray[np.float64]


def finalize_quantile(quantile: F8, density: F8, below: Moments) -> Estimate:
    """Return quantiles with the error of their linearisation.

    The error is that of the mean of 1[x <= quantile]/density; where the quantile is a value that
    many trajectories share, the density is infinite and the error zero.

    Parameters
    ----------
    quantile, density
        Quantile of each architecture and the density there (see `quantile_density`).
    below
        Moments of the indicators of values not above the quantile.
    """
    return linearised(quantile, below, np.diag(1 / density))


def quantile_density(values: ArrayLike, level: float = 0.5) -> tuple[float, float]:
    """Return the quantile of a sample and the probability density there.

    The density is the slope between two sample quantiles around it, as far apart as advised for
    confidence intervals of quantiles; infinite if they are equal. Positive values, such as deaths,
    spread over orders of magnitude, so that their slope is taken in the logarithm.

    Parameters
    ----------
    values
        Sample, (trajectory,).
    level
        Probability of the quantile, 0 to 1.

    Source
    ------
    Hall and Sheather (1988), doi:10.1111/j.2517-6161.1988.tb01735.x.
    """
    sample = np.asarray(values, dtype=np.float64)
    standard = NormalDist()
    at = standard.inv_cdf(level)
    shape = 1.5 * standard.pdf(at) ** 2 / (2 * at**2 + 1)
    width = (NORMAL_QUANTILE**2 * shape / sample.size) ** (1 / 3)
    down, up = max(level - width, 0.0), min(level + width, 1.0)
    low, quantile, high = np.quantile(sample, [down, level, up])
    if not high > low:
        return float(quantile), np.inf
    apart = quantile * np.log(high / low) if low > 0 else high - low
    return float(quantile), float((up - down) / apart)


def quantile_interval(values: F8, level: float, below: Estimate, reach: float) -> tuple[F8, F8]:
    """Return 95 % intervals of quantiles: the quantiles at the ends of that of the probability.

    Parameters
    ----------
    values
        (architecture, trajectory).
    level
        Probability of the quantile.
    below
        Estimate of the probability of a value not above the quantile.
    reach
        Errors to either side.

    Source
    ------
    Woodruff (1952), doi:10.1080/01621459.1952.10483443.
    """
    error = np.sqrt(np.maximum(np.diagonal(below.covariance), 0.0))
    ends = [np.full(len(values), np.nan), np.full(len(values), np.nan)]
    for a in np.flatnonzero(np.isfinite(error * reach)):
        least = 1 / values.shape[1]
        half = max(reach * error[a], least)
        for end, sign in zip(ends, (-1, 1), strict=True):
            end[a] = np.quantile(values[a], np.clip(level + sign * half, 0.0, 1.0))
    return ends[0], ends[1]


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


MOST_CARRIED = 0.5
"""Share of a sum in one trajectory of a thousand beyond which its mean says little."""


def heaviest_share(values: ArrayLike) -> F8:
    """Return the share of a sum that the heaviest thousandth of the trajectories carries.

    Parameters
    ----------
    values
        Not negative, (..., trajectory); the thousandth is rounded up to whole trajectories.
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64), axis=-1)
    heaviest = -(-ordered.shape[-1] // 1000)
    total = ordered.sum(axis=-1)
    top = ordered[..., -heaviest:].sum(axis=-1)
    return np.asarray(np.divide(top, total, out=np.zeros_like(total), where=total > 0))
