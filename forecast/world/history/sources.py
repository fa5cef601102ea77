"""All source tables of the historical worlds, read once."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.world import readers
from forecast.world.history.names import PAST_NAMES
from forecast.world.readers.table import Table, unknown_state

SYSTEM_BEGINS = 1816

STATE_COLUMNS = ("ccode", "ccode1", "ccode2", "cow_code")


class Sources(NamedTuple):
    """Checked source tables, raw rows of all years.

    Parameters
    ----------
    membership
        Spells of membership in the state system.
    countries, state_codes
        Crosswalk of country codes; state-years in both code systems.
    majors, nuclear
        Spells of the major powers; state-years of nuclear weapons status.
    capabilities, economy, regimes, ideal_points
        State-years.
    capitals, contiguity, rivalries
        Spells.
    alliances, trade
        Dyad-years.
    disputes, participants, wars
        Militarized disputes, who took part in them, and who fought interstate wars.
    institutions
        Spells of membership in security institutions.
    """

    membership: Table
    countries: Table
    state_codes: Table
    majors: Table
    nuclear: Table
    capabilities: Table
    economy: Table
    regimes: Table
    ideal_points: Table
    capitals: Table
    contiguity: Table
    rivalries: Table
    alliances: Table
    trade: Table
    disputes: Table
    participants: Table
    wars: Table
    institutions: Table


def read_sources(data: Path) -> Sources:
    """Read and check every source file of the historical worlds.

    Parameters
    ----------
    data
        Folder of the source files.

    Raises
    ------
    ForecastError
        If a file is missing or faulty, or names a state that neither the state list nor the
        crosswalk of country codes knows; the message names file, column and row.
    """
    sources = Sources(
        membership=readers.read_system_membership(data),
        countries=readers.read_country_codes(data),
        state_codes=readers.read_state_codes(data),
        majors=readers.read_major_powers(data),
        nuclear=readers.read_nuclear(data),
        capabilities=readers.read_capabilities(data),
        economy=readers.read_economy(data),
        regimes=readers.read_regimes(data),
        ideal_points=readers.read_ideal_points(data),
        capitals=readers.read_capitals(data),
        contiguity=readers.read_contiguity(data),
        rivalries=readers.read_rivalries(data),
        alliances=readers.read_alliances(data),
        trade=readers.read_trade(data),
        disputes=readers.read_disputes(data),
        participants=readers.read_dispute_participants(data),
        wars=readers.read_interstate_wars(data),
        institutions=readers.read_membership_spells(data),
    )
    for table in sources:
        if table is not sources.countries:
            require_known_states(table, sources.membership, sources.countries)
    return sources


def require_known_states(table: Table, membership: Table, countries: Table) -> None:
    """Raise a ForecastError if a table names a country code that neither list knows.

    Spells that ended before the state system began may name states it never held.
    """
    listed = countries["ccode"].astype(float)
    past = [float(name.code) for name in PAST_NAMES]
    known = np.concatenate([membership["ccode"].astype(float), listed[~np.isnan(listed)], past])
    table = table.where(~_ended_before_the_system(table))
    for column in STATE_COLUMNS:
        if column in table.columns:
            strange = ~np.isin(table[column].astype(float), known)
            if strange.any():
                first = int(np.argmax(strange))
                code = int(table[column][first])
                row = int(table.rows[first])
                raise ForecastError(unknown_state(table.path, column, row, code))


def _ended_before_the_system(table: Table) -> NDArray[np.bool_]:
    if "endyear" not in table.columns:
        return np.zeros(len(table), bool)
    return np.asarray(table["endyear"] < SYSTEM_BEGINS)
