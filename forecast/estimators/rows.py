"""One outcome as a row of a comparison: value, paired difference, and intervals of both."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.estimators.intervals import (
    RARE_PAIRS,
    discordant,
    probability_interval,
    reach_of,
    unseen,
    wilson_interval,
)
from forecast.estimators.measure import Estimated, Measure, Read, estimate
from forecast.estimators.moments import Estimate, contrast

F8 = NDArray[np.float64]

MEANINGS = {
    "estimate": "value under the architecture",
    "estimate_lower": "lower end of the 95 % interval of the value",
    "estimate_upper": "upper end of the 95 % interval of the value",
    "difference": "value less that of the reference, on the same trajectories",
    "std_error": "Monte Carlo standard error of the difference",
    "lower": "lower end of the 95 % interval of the difference",
    "upper": "upper end of the 95 % interval of the difference",
    "simulation_error": "part of std_error that more trajectories take away",
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
    simulation_error: NDArray[np.float64]
    variance_gain: NDArray[np.float64]


class Assessed(NamedTuple):
    """An estimate with its covariance, and the row of values, differences and intervals."""

    estimate: Estimate
    row: Row


def assess(
    measure: Measure,
    read: Read,
    years: int,
    draws: int = 1,
    reference: int = 0,
    numbers: NDArray[np.int64] | None = None,
) -> Assessed:
    """Return an outcome under every architecture, with the intervals of value and difference.

    Parameters
    ----------
    measure
        What to estimate.
    read
        Returns a variable of the trajectories, (architecture, trajectory).
    years
        Length of the horizon.
    draws
        Number D of parameter draws; trajectory n has draw n mod D. Above 1, errors are those
        between draws, and intervals use Student's t with one degree of freedom less.
    reference
        Position of the architecture to compare with.
    numbers
        Numbers of the trajectories, where some were left out; by default 0, 1, 2, ...
    """
    found = estimate(measure, read, years, draws, numbers)
    return Assessed(found.estimate, row_of(found, reference))


def row_of(found: Estimated, reference: int) -> Row:
    """Return the row of an estimated outcome."""
    row = plain_row(found.estimate, reference, reach_of(found.estimate))
    if found.indicators is not None:
        row = _of_probability(row, found, reference)
    elif found.interval is not None:
        row = _of_quantile(row, found.interval, reference)
    else:
        row = _of_mean(row, found, reference)
    row.lower[reference] = row.upper[reference] = 0.0
    return row


def plain_row(estimate: Estimate, reference: int, reach: float) -> Row:
    """Return a row whose intervals reach so many errors to either side."""
    value = estimate.value
    difference, error, gain = contrast(estimate, reference)
    own = reach * np.sqrt(np.maximum(np.diagonal(estimate.covariance), 0.0))
    lower, upper = difference - reach * error, difference + reach * error
    lower[reference] = upper[reference] = 0.0
    part = error
    if estimate.simulation is not None:
        part = contrast(Estimate(value, estimate.simulation), reference).std_error
    return Row(value, value - own, value + own, difference, error, lower, upper, part, gain)


def _of_mean(row: Row, found: Estimated, reference: int) -> Row:
    """Widen the intervals of what never varied by the rule of three, in the value's own units."""
    bound = np.broadcast_to(
        unseen(found.estimate.clusters or found.size) * found.unit, row.estimate.shape
    )
    either = np.maximum(bound, bound[reference])
    equal = row.std_error == 0
    still = row.estimate_upper == row.estimate_lower
    return row._replace(
        estimate_lower=np.where(
            still & (row.estimate != 0), row.estimate - bound, row.estimate_lower
        ),
        estimate_upper=np.where(still, row.estimate + bound, row.estimate_upper),
        lower=np.where(equal, row.difference - either, row.lower),
        upper=np.where(equal, row.difference + either, row.upper),
    )


def _of_quantile(row: Row, interval: tuple[F8, F8], reference: int) -> Row:
    """Use the order statistics' intervals of values; add them where a density is unknown."""
    low, high = interval
    tied = row.std_error == 0
    return row._replace(
        estimate_lower=low,
        estimate_upper=high,
        lower=np.where(tied, low - high[reference], row.lower),
        upper=np.where(tied, high - low[reference], row.upper),
    )


def _of_probability(row: Row, found: Estimated, reference: int) -> Row:
    low, high = probability_interval(found.estimate, found.size)
    lower, upper = _rare_difference(found, reference, row.lower, row.upper)
    return row._replace(estimate_lower=low, estimate_upper=high, lower=lower, upper=upper)


def _rare_difference(found: Estimated, reference: int, lower: F8, upper: F8) -> tuple[F8, F8]:
    """Return intervals of a difference of probabilities that hold where few pairs differ.

    The difference is P(only here) - P(only there); each has its Wilson interval, and the distances
    to their ends add in squares. Without any pair that differs the ends are -3.84/n and 3.84/n.
    Where parameters are drawn, n is the number of draws: so few pairs do not tell how alike the
    trajectories of a draw are.

    Source
    ------
    Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    """
    assert found.indicators is not None
    here, there = discordant(found.indicators, reference)
    trials = found.estimate.clusters or found.size
    one, other = here / found.size, there / found.size
    (one_low, one_high), (other_low, other_high) = (
        wilson_interval(share * trials, trials) for share in (one, other)
    )
    down, up = (
        np.hypot(one - one_low, other_high - other),
        np.hypot(one_high - one, other - other_low),
    )
    rare = here + there < RARE_PAIRS
    difference = one - other
    return np.where(rare, difference - down, lower), np.where(rare, difference + up, upper)
