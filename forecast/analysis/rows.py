"""One outcome as a row of a comparison: value, paired difference, and intervals of both."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.analysis.measure import Estimated, Measure
from forecast.outcomes.estimators import (
    CONFIDENCE,
    NORMAL_QUANTILE,
    Estimate,
    contrast,
    discordant,
    wilson_interval,
)

RARE_PAIRS = 10
"""Below this many pairs that differ, the normal approximation gives way to exact counts."""

MEANINGS = {
    "estimate": "value under the architecture",
    "estimate_lower": "lower end of the 95 % interval of the value",
    "estimate_upper": "upper end of the 95 % interval of the value",
    "difference": "value less that of the reference, on the same trajectories",
    "std_error": "Monte Carlo standard error of the difference",
    "lower": "lower end of the 95 % interval of the difference",
    "upper": "upper end of the 95 % interval of the difference",
    "variance_gain": "variance of the difference of independent runs over that of the paired one",
}


class Row(NamedTuple):
    """One outcome under all architectures; every field (architecture,)."""

    estimate: NDArray[np.float64]
    estimate_lower: NDArray[np.float64]
    estimate_upper: NDArray[np.float64]
    difference: NDArray[np.float64]
    std_error: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    variance_gain: NDArray[np.float64]


def row_of(measure: Measure, found: Estimated, reference: int, count: int, years: int) -> Row:
    """Return the row of an outcome estimated from `count` trajectories of `years` years."""
    row = plain_row(found.estimate, reference, NORMAL_QUANTILE)
    low, high, lower, upper = row.estimate_lower, row.estimate_upper, row.lower, row.upper
    if found.indicators is not None:
        low, high = wilson_interval(row.estimate * count, count)
        lower, upper = _rare_difference(found, reference, lower, upper)
    elif measure.kind in ("rate", "total"):
        unseen = _unseen(count) / (years if measure.kind == "rate" else 1)
        equal = row.std_error == 0
        lower, upper = np.where(equal, -unseen, lower), np.where(equal, unseen, upper)
    lower[reference] = upper[reference] = 0.0
    return row._replace(estimate_lower=low, estimate_upper=high, lower=lower, upper=upper)


def plain_row(estimate: Estimate, reference: int, reach: float) -> Row:
    """Return a row whose intervals reach so many errors to either side."""
    value, covariance = estimate
    difference, error, gain = contrast(estimate, reference)
    own = reach * np.sqrt(np.maximum(np.diagonal(covariance), 0.0))
    lower, upper = difference - reach * error, difference + reach * error
    lower[reference] = upper[reference] = 0.0
    return Row(value, value - own, value + own, difference, error, lower, upper, gain)


def _rare_difference(
    found: Estimated, reference: int, lower: NDArray[np.float64], upper: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return intervals of a difference of probabilities that hold where few pairs differ.

    The difference is P(only here) - P(only there); each has its Wilson interval, and the distances
    to their ends add in squares. Without any pair that differs the ends are -3.84/n and 3.84/n.

    Source
    ------
    Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    """
    assert found.indicators is not None
    count = found.indicators.size
    here, there = discordant(found.indicators, reference)
    (here_low, here_high), (there_low, there_high) = (
        wilson_interval(pairs, count) for pairs in (here, there)
    )
    difference = (here - there) / count
    down = np.hypot(here / count - here_low, there_high - there / count)
    up = np.hypot(here_high - here / count, there / count - there_low)
    rare = here + there < RARE_PAIRS
    return np.where(rare, difference - down, lower), np.where(rare, difference + up, upper)


def _unseen(count: int) -> float:
    """Return the 95 % upper bound of a frequency never seen, -ln(.025)/n: the rule of three.

    It bounds a mean difference where no pair differs, if a pair that does differs by one event.
    """
    return float(-np.log((1 - CONFIDENCE) / 2) / count)
