"""Values draw by draw of the parameters, and what their spread consists of.

Histories are nested in draws, and all architectures share the draws. A value under one draw carries
the noise of its histories; what is left of the spread between draws without it is the parameters'.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.estimators.intervals import RARE_PAIRS
from forecast.estimators.measure import Measure, Read, estimate
from forecast.estimators.moments import Estimate

F8 = NDArray[np.float64]

PARTS = ("simulation", "parameter", "architecture")
"""What histories differ by: chance, the parameters' draw, and the architecture."""

FEWEST = 4
"""Histories and draws that a variance within or between draws needs to be of any use."""


class ByDraw(NamedTuple):
    """Values of an outcome, draw by draw.

    Parameters
    ----------
    value
        (draw, architecture).
    noise
        Covariance of the error of simulating a finite number of histories, (draw, architecture,
        architecture), estimated from those of the draw.
    size
        Histories of every draw, (draw,).
    """

    value: F8
    noise: F8
    size: F8


class Split(NamedTuple):
    """Variance of one history's value by `PARTS`, and standard errors between draws, both (part,).

    A negative variance is one that the noise hides.
    """

    variance: F8
    error: F8


def by_draw(measure: Measure, read: Read, years: int, draws: int) -> ByDraw:
    """Return a measure's value under every architecture and draw.

    Parameters
    ----------
    measure
        What to estimate.
    read
        Returns a variable of the trajectories, (architecture, trajectory).
    years
        Length of the horizon.
    draws
        Number D of draws; trajectory n has draw n mod D.

    Raises
    ------
    ForecastError
        If there are fewer than `FEWEST` draws, or histories of each.
    """
    columns = {name: read(name) for name in measure.variables}
    length = next(iter(columns.values())).shape[1]
    if draws < FEWEST or length < FEWEST * draws:
        raise ForecastError(
            f"{draws} draws of parameters and {length} histories: what draws differ by needs at "
            f"least {FEWEST} draws, and {FEWEST} histories of each"
        )
    found = [_of_draw(measure, columns, years, draw, draws) for draw in range(draws)]
    size = np.array([len(range(d, length, draws)) for d in range(draws)], dtype=np.float64)
    value = np.array([one.value for one in found])
    return ByDraw(value, np.array([one.covariance for one in found]), size)


def steadied(seen: ByDraw) -> ByDraw:
    """Return values whose noise is estimated from the draw's own histories and some of the average.

    As many are added as make an event rare (`RARE_PAIRS`): a draw without events is not certain.
    """
    size = seen.size[:, None, None]
    spread = seen.noise * size
    added = RARE_PAIRS / (size + RARE_PAIRS)
    return seen._replace(noise=((1 - added) * spread + added * spread.mean(axis=0)) / size)


def _of_draw(
    measure: Measure, columns: Mapping[str, F8], years: int, draw: int, draws: int
) -> Estimate:
    return estimate(measure, lambda name: columns[name][:, draw::draws], years).estimate


def between(seen: ByDraw) -> F8:
    """Return the covariance of the values between draws without noise, (architecture,) * 2.

    The covariance of the values less the mean noise, cut where noise alone would make it negative.
    """
    apart = np.atleast_2d(np.cov(seen.value, rowvar=False))
    return positive(apart - seen.noise.mean(axis=0))


def positive(matrix: F8) -> F8:
    """Return the nearest symmetric matrix without negative eigenvalues."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)


def split(seen: ByDraw) -> Split:
    """Return the variance of one history's value by its sources.

    Simulation: between histories of one draw, mean over draws and architectures. Parameter: between
    draws under one architecture without noise, mean over architectures. Architecture: between the
    architectures' means over all draws, each as likely as the others, without the error of the
    means. The three add up to the variance of a history under a random draw and architecture.

    Parameters
    ----------
    seen
        Of a mean over histories; the noise of other values does not give a history's variance.

    Notes
    -----
    Errors are those of leaving out one draw after another (jackknife).
    """
    count = len(seen.value)
    left = np.array([_parts(_without(seen, d)) for d in range(count)])
    error = np.sqrt((count - 1) / count * ((left - left.mean(axis=0)) ** 2).sum(axis=0))
    return Split(_parts(seen), error)


def _without(seen: ByDraw, draw: int) -> ByDraw:
    return ByDraw(*(np.delete(field, draw, axis=0) for field in seen))


def _parts(seen: ByDraw) -> F8:
    count, architectures = seen.value.shape
    own = np.diagonal(seen.noise, axis1=1, axis2=2)
    chance = (own * seen.size[:, None]).mean()
    parameter = (seen.value.var(axis=0, ddof=1) - own.mean(axis=0)).mean()
    centre = np.eye(architectures) - 1 / architectures
    error = np.atleast_2d(np.cov(seen.value, rowvar=False)) / count
    means = seen.value.mean(axis=0)
    apart = means.var() - np.trace(centre @ error) / architectures
    return np.array([chance, parameter, apart])
