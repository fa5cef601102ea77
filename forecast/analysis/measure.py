"""How an outcome is estimated from the values of the trajectories."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.outcomes.estimators import (
    Estimate,
    Moments,
    chunk,
    combine,
    finalize_mean,
    finalize_median,
    finalize_ratio,
    median_density,
)

Kind = Literal["rate", "total", "probability", "share", "median"]

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
        above `above`; "share": ratio of two means; "median" over trajectories.
    variables
        Variables of the group ``trajectories``; numerator and denominator of a share.
    above
        Threshold of a probability.
    """

    name: str
    title: str
    units: str
    kind: Kind
    variables: tuple[str, ...]
    above: float = 0.0


class Estimated(NamedTuple):
    """An estimate and, of a probability, the moments of its indicators."""

    estimate: Estimate
    indicators: Moments | None


Read = Callable[[str], NDArray[np.float64]]
"""Returns a variable of the group ``trajectories``, (architecture, trajectory)."""


def estimate(measure: Measure, read: Read, years: int) -> Estimated:
    """Return a measure's value under every architecture.

    Parameters
    ----------
    measure
        What to estimate.
    read
        Source of the trajectories' values.
    years
        Length of the horizon.
    """
    columns = np.vstack([read(name) for name in measure.variables])
    if measure.kind == "median":
        return Estimated(_median(columns), None)
    if measure.kind == "probability":
        indicators = _moments(columns > measure.above)
        return Estimated(finalize_mean(indicators), indicators)
    moments = _moments(columns)
    if measure.kind == "share":
        return Estimated(finalize_ratio(moments), None)
    return Estimated(finalize_mean(moments, 1 / years if measure.kind == "rate" else 1.0), None)


def _moments(columns: NDArray[np.generic]) -> Moments:
    starts = range(0, columns.shape[1], CHUNK)
    return combine(chunk(columns[:, start : start + CHUNK]) for start in starts)


def _median(columns: NDArray[np.float64]) -> Estimate:
    median, density = np.array([median_density(row) for row in columns]).T
    return finalize_median(median, density, _moments(columns <= median[:, None]))
