"""How an outcome is estimated from the values of the trajectories."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.estimators.intervals import RARE_PAIRS, reach_of
from forecast.estimators.moments import (
    Estimate,
    Moments,
    chunk,
    combine,
    finalize_mean,
    finalize_ratio,
)
from forecast.estimators.quantiles import finalize_quantile, quantile_density, quantile_interval

F8 = NDArray[np.float64]

Kind = Literal["rate", "total", "probability", "share", "quantile", "tail"]

CHUNK = 100_000
"""Trajectories reduced at a time."""


class Measure(NamedTuple):
    """One outcome of a comparison.

    Parameters
    ----------
    name
        What the user calls it.
    title, units
        What a table calls it.
    kind
        "rate": mean per year; "total": mean over the horizon; "probability": share of trajectories
        above `above`; "share": ratio of two means; "quantile" over trajectories, whose level is
        `above`; "tail": exponent of the density of values from `above` on, by maximum likelihood.
    variables
        Variables of the group ``trajectories``; numerator and denominator of a share.
    above
        Threshold of a probability or a tail; level of a quantile.
    """

    name: str
    title: str
    units: str
    kind: Kind
    variables: tuple[str, ...]
    above: float = 0.0


class Estimated(NamedTuple):
    """An estimate, and what its intervals need beside the covariance.

    Parameters
    ----------
    estimate
        Values and covariance.
    size
        Number of trajectories.
    indicators
        Of a probability, the moments of its indicators.
    interval
        Of a quantile, the ends of the intervals of the values.
    unit
        Change of the value by one event in every trajectory; NaN where no such change is known.
    """

    estimate: Estimate
    size: int
    indicators: Moments | None = None
    interval: tuple[F8, F8] | None = None
    unit: float | F8 = np.nan


Read = Callable[[str], F8]
"""Returns a variable of the group ``trajectories``, (architecture, trajectory)."""


def estimate(
    measure: Measure,
    read: Read,
    years: int,
    draws: int = 1,
    numbers: NDArray[np.int64] | None = None,
) -> Estimated:
    """Return a measure's value under every architecture.

    Parameters
    ----------
    measure
        What to estimate.
    read
        Source of the trajectories' values.
    years
        Length of the horizon.
    draws
        Number D of parameter draws; trajectory n has draw n mod D.
    numbers
        Numbers of the trajectories; by default 0, 1, 2, ...
    """
    columns = np.vstack([read(name) for name in measure.variables])

    def moments(values: NDArray[np.generic]) -> Moments:
        return moments_of(values, draws, numbers)

    if measure.kind == "quantile":
        return _quantile(columns, measure.above, moments)
    if measure.kind == "probability":
        indicators = moments(columns > measure.above)
        return Estimated(finalize_mean(indicators), indicators.size, indicators)
    if measure.kind == "tail":
        return _tail(columns, measure.above, moments)
    seen = moments(columns)
    if measure.kind == "share":
        below = np.split(seen.mean, 2)[1]
        unit = np.divide(1.0, below, out=np.full_like(below, np.nan), where=below > 0)
        return Estimated(finalize_ratio(seen), seen.size, unit=unit)
    scale = 1 / years if measure.kind == "rate" else 1.0
    one = np.nan if measure.units == "persons" else scale
    return Estimated(finalize_mean(seen, scale), seen.size, unit=one)


def moments_of(
    columns: NDArray[np.generic], draws: int = 1, numbers: NDArray[np.int64] | None = None
) -> Moments:
    """Return the moments of columns, (column, trajectory), a part at a time."""
    told = np.arange(columns.shape[1]) if numbers is None else numbers
    cuts = range(0, columns.shape[1], CHUNK)
    parts = ((columns[:, a : a + CHUNK], told[a : a + CHUNK]) for a in cuts)
    return combine(chunk(part, int(which[0]), draws, which) for part, which in parts)


Reduce = Callable[[NDArray[np.generic]], Moments]


def _quantile(columns: F8, level: float, moments: Reduce) -> Estimated:
    value, density = np.array([quantile_density(row, level) for row in columns]).T
    below = moments(columns <= value[:, None])
    share = finalize_mean(below)
    ends = quantile_interval(columns, level, share, reach_of(share))
    return Estimated(finalize_quantile(value, density, below), below.size, interval=ends)


def _tail(columns: F8, threshold: float, moments: Reduce) -> Estimated:
    """Return the exponents 1 + n/Σ ln((x + ½)/threshold) over the n values from the threshold on.

    Half a death is added because deaths are rounded down. The exponent less one is a ratio of
    means; its error is unknown from fewer than `RARE_PAIRS` values.

    Source
    ------
    Clauset, Shalizi and Newman (2009), equation 3.1, doi:10.1137/070710111.
    """
    beyond = columns >= threshold
    logs = np.log((np.where(beyond, columns, threshold) + 0.5) / threshold) * beyond
    seen = moments(np.vstack([beyond.astype(np.float64), logs]))
    found = finalize_ratio(seen)
    few = beyond.sum(axis=1) < RARE_PAIRS
    for covariance in (found.covariance, found.simulation):
        if covariance is not None:
            covariance[few, :] = covariance[:, few] = np.nan
    return Estimated(found._replace(value=found.value + 1.0), seen.size)
