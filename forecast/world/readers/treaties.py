"""Readers of commitments: alliance obligations by year, and memberships of institutions."""

from __future__ import annotations

from pathlib import Path

from forecast.world.readers.checks import (
    FIRST_YEAR,
    LAST_YEAR,
    require_date_order,
    state_column,
    year_column,
)
from forecast.world.readers.initial import SOURCE_ROLES, initial_folder
from forecast.world.readers.table import Column, Table, read_csv_table, read_parquet_table

ALLIANCE_KINDS = ("atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul")
"""Obligations that ATOP tells apart, as its columns are named."""

MEMBERSHIPS_FILED_UNDER = 2026
"""Origin whose folder holds the memberships of all years: they are dated by spells."""


def read_alliances(data: Path) -> Table:
    """Return directed dyad-years of alliance (ATOP): what ccode1 owes ccode2, 0 or 1 by kind.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a directed dyad-year.
    """
    columns = (
        state_column("ccode1"),
        state_column("ccode2"),
        year_column("year"),
        *(Column(kind, "integer", low=0, high=1) for kind in ALLIANCE_KINDS),
    )
    path = data / "alliances_atop_v51.parquet"
    return read_parquet_table(path, columns, key=("ccode1", "ccode2", "year"))


def read_membership_spells(data: Path) -> Table:
    """Return every spell of membership in a security institution, of whatever year.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or holds an impossible date.
    """
    columns = (
        Column("institution_id"),
        Column("name"),
        Column("kind"),
        Column("cow_code", "integer", low=1, high=999),
        *(
            Column(name, "partial_date", blank_allowed=True, low=FIRST_YEAR, high=LAST_YEAR)
            for name in ("member_from", "member_to")
        ),
        Column("role", choices=SOURCE_ROLES),
        Column("note", blank_allowed=True),
    )
    path = initial_folder(data, MEMBERSHIPS_FILED_UNDER) / "institutions.csv"
    spells = read_csv_table(path, columns, may_be_empty=True)
    return require_date_order(spells, "member_from", "member_to")
