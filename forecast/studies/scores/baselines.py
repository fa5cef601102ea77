"""Simple forecasts that a model must beat, made from what came before the origin."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.studies.scores.distributions import (
    log_deaths,
    negative_binomial,
    poisson,
    resampled,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CLIMATOLOGY_YEARS = 30
"""Years of the climatology, as meteorologists take them."""

RECENT_YEARS = 10
"""Years of the baselines that know the recent past only."""

BASELINES = (
    "climatology",
    "last_ten_years",
    "base_rate",
    "poisson",
    "negative_binomial",
    "logit",
    "last_window",
)
"""Every baseline; a target has those that make sense for it."""


class Events(NamedTuple):
    """Which units had an event in which years of the past.

    Parameters
    ----------
    unit, year
        Pair of states or state, and calendar year, of each row in which it could have one, (row,).
    event
        1 where it had, (row,).
    """

    unit: Integers
    year: Integers
    event: Floats

    def recent(self, origin: int, years: int) -> Events:
        """Return the rows of the years before an origin."""
        chosen = (self.year < origin) & (self.year >= origin - years)
        return Events(self.unit[chosen], self.year[chosen], self.event[chosen])

    def by_year(self, units: Integers, origin: int, years: int) -> Integers:
        """Return the events of some units in each of the years before an origin, (year,)."""
        past = self.recent(origin, years)
        here = np.isin(past.unit, units)
        counted = np.bincount(origin - 1 - past.year[here], past.event[here], minlength=years)
        return np.asarray(counted[::-1].astype(np.int64))

    def by_unit(self, units: Integers) -> tuple[Floats, Floats]:
        """Return the number of rows and of events of each unit, (unit,)."""
        order = np.argsort(units)
        place = np.searchsorted(units[order], self.unit)
        inside = place < len(units)
        inside[inside] = units[order][place[inside]] == self.unit[inside]
        rows, hits = np.zeros(len(units)), np.zeros(len(units))
        np.add.at(rows, order[place[inside]], 1.0)
        np.add.at(hits, order[place[inside]], self.event[inside])
        return rows, hits


def within(chance: Floats, years: int) -> Floats:
    """Return the chance of an event within years that are alike and independent."""
    return np.asarray(1.0 - (1.0 - chance) ** years)


def event_baselines(past: Events, units: Integers, origin: int, years: int) -> dict[str, Floats]:
    """Return the chance of an event within `years` of an origin by baseline, each (unit,).

    climatology and last_ten_years
        The mean yearly rate of all units in the last thirty and ten years.
    base_rate
        Each unit's own rate in the last thirty years, shrunk towards that of all: rates are
        gamma distributed over units, by the method of moments.
    last_window
        A year of each unit drawn from its last ten, or, as one more, from all units.
    """
    long, short = past.recent(origin, CLIMATOLOGY_YEARS), past.recent(origin, RECENT_YEARS)
    rows, hits = short.by_unit(units)
    recent = float(short.event.mean())
    return {
        "climatology": np.full(len(units), within(long.event.mean(), years)),
        "last_ten_years": np.full(len(units), within(short.event.mean(), years)),
        "base_rate": shrunk(*long.by_unit(units), years),
        "last_window": within((hits + recent) / (rows + 1), years),
    }


def shrunk(rows: Floats, hits: Floats, years: int) -> Floats:
    """Return the chance of an event where units have gamma distributed rates, (unit,).

    Parameters
    ----------
    rows, hits
        Years and events of each unit, (unit,).
    years
        Length of the window.
    """
    mean = hits.sum() / rows.sum()
    # Of Poisson counts with gamma rates, the variance exceeds the mean by mean squared over shape.
    excess = float(((hits - mean * rows) ** 2 - mean * rows).sum() / (rows**2).sum())
    shape = mean**2 / max(excess, 1e-3 * mean**2)
    scale = shape / mean + rows
    return np.asarray(1.0 - (scale / (scale + years)) ** (shape + hits))


def count_baselines(past: Integers, years: int) -> dict[str, Floats]:
    """Return the distribution of a yearly count by baseline, each (year, count).

    climatology and last_window
        A year drawn from the last thirty, and from the last ten.
    poisson, negative_binomial
        With the mean of the last ten years, and their variance; half an event is added to their
        sum, so that none is impossible.

    Parameters
    ----------
    past
        Counts of the years before the origin, the last one last, (year,).
    years
        Number of years forecast, all alike.
    """
    recent = past[-RECENT_YEARS:]
    mean, variance = (recent.sum() + 0.5) / len(recent), float(recent.var(ddof=1))
    found = {
        "climatology": resampled(past[-CLIMATOLOGY_YEARS:]),
        "poisson": poisson(mean),
        "negative_binomial": negative_binomial(mean, variance),
        "last_window": resampled(recent),
    }
    return {name: np.tile(one, (years, 1)) for name, one in found.items()}


def deaths_baselines(past: Integers, years: int) -> dict[str, Floats]:
    """Return members of the logarithm of a year's battle deaths by baseline, each (year, member).

    climatology and last_window draw a year from the last thirty, and from the last ten.
    """
    found = {"climatology": past[-CLIMATOLOGY_YEARS:], "last_window": past[-RECENT_YEARS:]}
    return {name: np.tile(log_deaths(one), (years, 1)) for name, one in found.items()}
