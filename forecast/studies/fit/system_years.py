"""What was known of the state system on 1 January of a year, looked up once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.world.history import covariates as known
from forecast.world.history.affinity import (
    FIRST_ORIGIN_WITH_VOTES,
    point_affinity,
    portfolio_affinity,
)
from forecast.world.history.sources import Sources
from forecast.world.history.system import Codes, alive

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


class SystemYear(NamedTuple):
    """The state system on 1 January.

    Parameters
    ----------
    codes
        COW codes of the states alive, sorted, (state,).
    share
        Capability share, (state,).
    major, democratic, armed
        Flags, (state,).
    contiguity
        Contiguity type 1-5, 0 none, (state, state).
    rival
        In a strategic rivalry, (state, state).
    owes
        The row state owes the column state defence, (state, state).
    affinity
        0-1, (state, state); NaN where a state casts no vote.
    """

    codes: Codes
    share: Floats
    major: Booleans
    democratic: Booleans
    armed: Booleans
    contiguity: NDArray[np.int8]
    rival: Booleans
    owes: Booleans
    affinity: Floats


class SystemYears:
    """The state system by year, each computed at its first use.

    Parameters
    ----------
    sources
        Source tables; a year uses rows dated before it.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._years: dict[int, SystemYear] = {}

    def __getitem__(self, year: int) -> SystemYear:
        """Return the system on 1 January of `year`."""
        if year not in self._years:
            self._years[year] = system_year(self._sources, year)
        return self._years[year]


def system_year(sources: Sources, year: int) -> SystemYear:
    """Return the state system on 1 January of `year` from rows dated before it."""
    codes = alive(sources.membership, year)
    if year >= FIRST_ORIGIN_WITH_VOTES:
        points = known.newest(sources.ideal_points, "idealpointall", codes, year).values
        affinity = point_affinity(points)
    else:
        affinity = portfolio_affinity(sources.alliances, codes, year)
    return SystemYear(
        codes,
        known.cinc_share(sources.capabilities, codes, year)[0],
        known.major_powers(sources.majors, codes, year),
        known.democratic(sources.regimes, codes, year) > 0,
        known.nuclear_level(sources.nuclear, codes, year) == known.ARMED,
        known.contiguity_types(sources.contiguity, codes, year),
        known.rivals(sources.rivalries, codes, year) > 0,
        known.owed_defence(sources.alliances, codes, year) > 0,
        affinity,
    )
