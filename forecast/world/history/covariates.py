"""Covariates of the states alive on 1 January of a year, from rows dated before that day.

Every function takes tables already read, the sorted COW codes of the states alive and the
year, and returns arrays in the order of the codes; none reads a file.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.world.distance import great_circle_km
from forecast.world.history.system import Booleans, Codes, Floats, active, locate
from forecast.world.readers.table import Table

POLITY_DEMOCRACY = 6.0
"""Polity2 from which a regime counts as democratic, the threshold usual in the field."""

POLYARCHY_DEMOCRACY = 0.5
SCORES_DEMOCRACY = 0.0
"""Cut-point of the adjusted extended Unified Democracy Scores, by construction of the scores."""

POSSESSES = 3
"""Status code of a state that possesses nuclear weapons in the source."""

ARMED, PROGRAMME = 2, 1


class Newest(NamedTuple):
    """Newest value of each state.

    Parameters
    ----------
    values
        (state,); NaN where no year has one.
    years
        Year of each value, (state,); 0 where there is none.
    """

    values: Floats
    years: NDArray[np.int64]


def newest(table: Table, column: str, codes: Codes, year: int, low: float = -np.inf) -> Newest:
    """Return each state's newest value dated before `year`.

    Parameters
    ----------
    table
        State-years with columns `ccode` and `year`.
    column
        The variable; NaN and values below `low` count as missing.
    codes
        COW codes, sorted, (state,).
    year
        Forecast origin.
    low
        Smallest value that is a measurement.
    """
    values = table[column].astype(float)
    at, listed = locate(codes, table["ccode"])
    rows = np.flatnonzero(listed & (table["year"] < year) & (values >= low))
    rows = rows[np.lexsort((table["year"][rows], at[rows]))]
    last = rows[np.flatnonzero(np.diff(at[rows], append=-1) != 0)]
    found = Newest(np.full(len(codes), np.nan), np.zeros(len(codes), np.int64))
    found.values[at[last]] = values[last]
    found.years[at[last]] = table["year"][last]
    return found


def newest_year(table: Table, year: int) -> int:
    """Return the newest year of a table before `year`, 0 if there is none."""
    earlier = table["year"][table["year"] < year]
    return int(earlier.max()) if len(earlier) else 0


def cinc_share(capabilities: Table, codes: Codes, year: int) -> tuple[Floats, Booleans]:
    """Return CINC rescaled to sum 1 over the states alive, and where it was filled.

    A state without a positive value takes the smallest positive one among the states alive
    (assumption).
    """
    cinc = newest(capabilities, "cinc", codes, year, low=0.0).values
    missing = ~(cinc > 0)
    floor = cinc[~missing].min() if (~missing).any() else 1.0
    filled = np.where(missing, floor, cinc)
    return filled / filled.sum(), missing


def major_powers(majors: Table, codes: Codes, year: int) -> Booleans:
    """Return which states are major powers (COW) on 1 January of `year`, (state,)."""
    return np.isin(codes, majors["ccode"][active(majors, year)])


def nuclear_level(nuclear: Table, codes: Codes, year: int) -> NDArray[np.int8]:
    """Return 2 for armed states, 1 for those that consider or pursue weapons, else 0, (state,).

    Only rows of the newest year before `year` count: the list leaves out states without any
    interest, so a state missing from a year has none.
    """
    rows = nuclear.where(nuclear["year"] == newest_year(nuclear, year))
    level = np.zeros(len(codes), np.int8)
    at, listed = locate(codes, rows["ccode"])
    status = rows["status"][listed]
    level[at[listed]] = np.where(status == POSSESSES, ARMED, np.where(status > 0, PROGRAMME, 0))
    return level


def democratic(regimes: Table, codes: Codes, year: int) -> NDArray[np.int8]:
    """Return 1 for democracies, (state,).

    The newest year before `year` with any score decides: polity2 at least 6; where it is
    missing, polyarchy at least .5; where that is missing too, aeuds at least 0. A state without
    any score counts as no democracy (assumption).
    """
    chosen, at_year = np.zeros(len(codes), np.int8), np.zeros(len(codes), np.int64)
    for column, threshold in (
        ("polity2", POLITY_DEMOCRACY),
        ("v2x_polyarchy", POLYARCHY_DEMOCRACY),
        ("aeuds", SCORES_DEMOCRACY),
    ):
        values, years = newest(regimes, column, codes, year)
        newer = years > at_year
        chosen[newer] = values[newer] >= threshold
        at_year = np.maximum(at_year, years)
    return chosen


def contiguity_types(spells: Table, codes: Codes, year: int) -> NDArray[np.int8]:
    """Return the direct contiguity type 1-5 of every pair, 0 for none, (state, state).

    Where only one order of a pair is listed, or the two differ, the closer type holds for both.
    """
    current = spells.where(active(spells, year) & (spells["conttype"] > 0))
    first, second, kept = _pairs(current, codes)
    none = 9
    types = np.full((len(codes), len(codes)), none, np.int8)
    np.minimum.at(types, (first, second), current["conttype"][kept].astype(np.int8))
    types = np.minimum(types, types.T)
    return np.where(types == none, 0, types).astype(np.int8)


def rivals(spells: Table, codes: Codes, year: int) -> NDArray[np.int8]:
    """Return 1 for pairs in a strategic rivalry, symmetric, (state, state)."""
    first, second, _ = _pairs(spells.where(active(spells, year)), codes)
    table = np.zeros((len(codes), len(codes)), np.int8)
    table[first, second] = table[second, first] = 1
    return table


def owed_defence(alliances: Table, codes: Codes, year: int) -> NDArray[np.int8]:
    """Return 1 where the row state owes the column state defence, (state, state).

    Rows of the newest year before `year` count.
    """
    last = newest_year(alliances, year)
    current = alliances.where((alliances["year"] == last) & (alliances["atop_defense"] == 1))
    first, second, _ = _pairs(current, codes)
    table = np.zeros((len(codes), len(codes)), np.int8)
    table[first, second] = 1
    return table


def capital_places(capitals: Table, codes: Codes, year: int) -> tuple[Floats, Floats]:
    """Return latitude and longitude of each capital, degrees, (state,); NaN where none is known."""
    current = capitals.where(active(capitals, year))
    at, listed = locate(codes, current["ccode"])
    latitude, longitude = np.full(len(codes), np.nan), np.full(len(codes), np.nan)
    latitude[at[listed]] = current["lat"][listed]
    longitude[at[listed]] = current["lng"][listed]
    return latitude, longitude


def capital_distance_km(capitals: Table, codes: Codes, year: int) -> Floats:
    """Return great-circle distances between the capitals, km, (state, state)."""
    latitude, longitude = capital_places(capitals, codes, year)
    return great_circle_km(latitude[:, None], longitude[:, None], latitude, longitude)


def _pairs(
    table: Table, codes: Codes
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return positions of the pairs of states alive, and their rows in the table."""
    first, known_first = locate(codes, table["ccode1"])
    second, known_second = locate(codes, table["ccode2"])
    kept = np.flatnonzero(known_first & known_second)
    return first[kept], second[kept], kept
