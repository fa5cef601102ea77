"""The assumptions that turn an architecture's advantage over, alone or with others, and where."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.estimators.intervals import student_bound
from forecast.estimators.moments import CONFIDENCE

F8 = NDArray[np.float64]


class Lines(NamedTuple):
    """A difference between two architectures as a line along every quantity.

    Parameters
    ----------
    centre
        Difference with every quantity at its median.
    slope
        Change from the lowest to the highest value of each quantity, (quantity,).
    covariance
        Of centre and slopes, (1 + quantity,) * 2.
    free
        Degrees of freedom.
    """

    centre: float
    slope: F8
    covariance: F8
    free: int


class Flip(NamedTuple):
    """Where along a quantity a difference changes its sign; percentiles in its prior.

    Parameters
    ----------
    quantity
        Position of the quantity.
    low, high
        Difference at the lowest and at the highest value, all else at its median.
    at, at_low, at_high
        Percentile of no difference, and its 95 % interval.
    """

    quantity: int
    low: float
    high: float
    at: float
    at_low: float
    at_high: float


class Fifth(NamedTuple):
    """An outer fifth of a quantity in which the leader is lost more often than elsewhere.

    Parameters
    ----------
    quantity
        Position of the quantity.
    highest
        Whether it is the highest fifth, not the lowest.
    lost
        Share of the draws of the fifth in which another is lower.
    """

    quantity: int
    highest: bool
    lost: float


def check_draws(draws: int, quantities: int) -> None:
    """Raise if there are fewer than twice as many draws as uncertain quantities."""
    if draws < 2 * quantities:
        enough = 2 ** math.ceil(math.log2(2 * quantities))
        raise ForecastError(
            f"{draws} draws of {quantities} uncertain quantities: to tell what each of them does, "
            f"take at least {enough} (uncertainty.draws, a power of two)"
        )


def lines(difference: F8, percentile: F8) -> Lines:
    """Return the plane through the differences of the draws, by least squares.

    Parameters
    ----------
    difference
        Value of one architecture less that of another, (draw,).
    percentile
        Of every quantity in every draw, (draw, quantity).
    """
    draws, quantities = percentile.shape
    table = np.column_stack([np.ones(draws), percentile - 0.5])
    found, *_ = np.linalg.lstsq(table, difference, rcond=None)
    free = draws - quantities - 1
    rest = difference - table @ found
    covariance = np.linalg.pinv(table.T @ table) * float(rest @ rest) / free
    return Lines(float(found[0]), np.asarray(found[1:], dtype=np.float64), covariance, free)


def flips(fitted: Lines, pairs: int = 1) -> list[Flip]:
    """Return the quantities along which the sign of a difference surely changes.

    Both ends of the line differ from zero, with opposite signs, at 5 % for all quantities of all
    pairs together; the percentile in between has Fieller's interval.

    Parameters
    ----------
    fitted
        Lines of one pair of architectures.
    pairs
        How many pairs are looked at.

    Source
    ------
    Fieller (1954), doi:10.1111/j.2517-6161.1954.tb00159.x.
    """
    from scipy.special import stdtrit

    tests = 2 * fitted.slope.size * pairs
    bound = float(stdtrit(fitted.free, 1 - (1 - CONFIDENCE) / tests))
    found = []
    for q, slope in enumerate(fitted.slope):
        own = fitted.covariance[np.ix_([0, q + 1], [0, q + 1])]
        ends = np.array([fitted.centre - slope / 2, fitted.centre + slope / 2])
        errors = np.array([np.sqrt(_variance(own, x)) for x in (-0.5, 0.5)])
        if ends[0] * ends[1] < 0 and (np.abs(ends) > bound * errors).all():
            where = _crossing(fitted.centre, float(slope), own, student_bound(fitted.free + 1))
            found.append(Flip(q, float(ends[0]), float(ends[1]), *where))
    return found


def _variance(own: F8, x: float) -> float:
    return float(own[0, 0] + 2 * x * own[0, 1] + x**2 * own[1, 1])


def _crossing(centre: float, slope: float, own: F8, bound: float) -> tuple[float, float, float]:
    """Return the percentile of no difference and its interval, within 0 and 1."""
    square = slope**2 - bound**2 * own[1, 1]
    half = centre * slope - bound**2 * own[0, 1]
    rest = centre**2 - bound**2 * own[0, 0]
    root = np.sqrt(max(half**2 - square * rest, 0.0))
    ends = np.clip(0.5 + (-half + np.array([-root, root])) / square, 0.0, 1.0)
    return 0.5 - centre / slope, float(ends.min()), float(ends.max())


def losing_fifths(lost: NDArray[np.bool_], percentile: F8) -> list[Fifth]:
    """Return the outer fifths in which losses surely pile up, the most crowded first.

    More losses than a fifth chosen at random would hold, at 5 % for all fifths together.

    Parameters
    ----------
    lost
        Whether another architecture is lower, (draw,).
    percentile
        Of every quantity in every draw, (draw, quantity).
    """
    from scipy.stats import hypergeom

    draws, quantities = percentile.shape
    level = (1 - CONFIDENCE) / (2 * quantities)
    found = []
    for q in range(quantities):
        for highest in (False, True):
            inside = percentile[:, q] > 0.8 if highest else percentile[:, q] < 0.2
            held = int((lost & inside).sum())
            if held and hypergeom.sf(held - 1, draws, lost.sum(), inside.sum()) < level:
                found.append(Fifth(q, highest, held / float(inside.sum())))
    return sorted(found, key=lambda fifth: -fifth.lost)


def value_at(percentile: float, percentiles: F8, values: F8) -> float:
    """Return the value of a quantity at a percentile, from those drawn; NaN if it has none.

    Parameters
    ----------
    percentile
        Wanted.
    percentiles, values
        Of the draws, (draw,).
    """
    known = ~np.isnan(values)
    if not known.any():
        return float("nan")
    order = np.argsort(percentiles[known])
    return float(np.interp(percentile, percentiles[known][order], values[known][order]))
