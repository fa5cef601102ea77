"""Readers of the state system's structure: membership, geography, rivalry, alliance, trade."""

from __future__ import annotations

from pathlib import Path

from forecast.world.readers.checks import (
    FIRST_YEAR,
    LAST_YEAR,
    date_columns,
    require_date_order,
    require_dates,
    require_order,
    require_year_order,
    state_column,
    year_column,
)
from forecast.world.readers.table import Column, Table, read_csv_table, read_parquet_table
from forecast.world.readers.treaties import read_alliances

FIRST_RIVALRY_YEAR = 1400
"""The list of rivalries reaches back to 1494, long before the state system of the others."""


def read_system_membership(data: Path) -> Table:
    """Return the spells of state-system membership (COW), one record per state and spell.

    A blank end is still so.

    Raises
    ------
    ForecastError
        If the file does not fit its schema, repeats a spell or holds an impossible date.
    """
    start, end = ("styear", "stmonth", "stday"), ("endyear", "endmonth", "endday")
    columns = (state_column("ccode"), *date_columns(start), *date_columns(end, is_open=True))
    table = read_csv_table(data / "states_cow_v2016.csv", columns, key=("ccode", "styear"))
    return require_order(require_dates(table, start, end), start, end)


def read_capitals(data: Path) -> Table:
    """Return the spells of capital cities with their coordinates in degrees.

    A blank end is still so.

    Raises
    ------
    ForecastError
        If the file does not fit its schema, repeats a spell or holds an impossible date.
    """
    columns = (
        state_column("ccode"),
        *_spell_dates(),
        Column("lat", "number", low=-90, high=90),
        Column("lng", "number", low=-180, high=180),
    )
    table = read_csv_table(data / "capitals_cow.csv", columns, key=("ccode", "stdate"))
    return require_date_order(table, "stdate", "enddate")


def read_contiguity(data: Path) -> Table:
    """Return the spells of direct contiguity (COW), both orders; type 0 is no contiguity.

    A blank end is still so.

    Raises
    ------
    ForecastError
        If the file does not fit its schema, repeats a spell or holds an impossible date.
    """
    columns = (
        state_column("ccode1"),
        state_column("ccode2"),
        Column("conttype", "integer", low=0, high=5),
        *_spell_dates(),
    )
    path = data / "contiguity_cow_v32.csv"
    table = read_csv_table(path, columns, key=("ccode1", "ccode2", "stdate"))
    return require_date_order(table, "stdate", "enddate")


def _spell_dates() -> tuple[Column, Column]:
    return (
        Column("stdate", "date", low=FIRST_YEAR, high=LAST_YEAR),
        Column("enddate", "date", blank_allowed=True, low=FIRST_YEAR, high=LAST_YEAR),
    )


def read_rivalries(data: Path) -> Table:
    """Return the spells of strategic rivalry, one record per rivalry.

    A blank end is still so. Early rivals may never have been in the state system.

    Raises
    ------
    ForecastError
        If the file does not fit its schema, repeats a rivalry or ends one before it starts.
    """
    columns = (
        Column("tssr_id", "integer", low=1),
        state_column("ccode1"),
        state_column("ccode2"),
        year_column("styear", low=FIRST_RIVALRY_YEAR),
        Column("endyear", "number", True, low=FIRST_RIVALRY_YEAR, high=LAST_YEAR, whole=True),
    )
    table = read_csv_table(data / "rivalries_tss2021.csv", columns, key=("tssr_id",))
    return require_year_order(table, "styear", "endyear")


def read_defence_obligations(data: Path) -> Table:
    """Return directed dyad-years in which ccode1 owes ccode2 defence (ATOP).

    Raises
    ------
    ForecastError
        If the file does not fit its schema.
    """
    obligations = read_alliances(data)
    return obligations.where(obligations["atop_defense"] == 1)


def read_trade(data: Path) -> Table:
    """Return dyadic trade flows by year (COW), million current US dollars.

    `smoothflow1` is what ccode1 imports from ccode2, `smoothflow2` the reverse; NaN is unknown.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a dyad-year.
    """
    columns = (
        state_column("ccode1"),
        state_column("ccode2"),
        year_column("year", low=1870),
        Column("smoothflow1", "number", blank_allowed=True, low=0),
        Column("smoothflow2", "number", blank_allowed=True, low=0),
    )
    path = data / "trade_dyad_year_cow_v4.parquet"
    return read_parquet_table(path, columns, key=("ccode1", "ccode2", "year"))
