"""Readers of the state system's structure: membership, geography, rivalry, alliance, trade."""

from __future__ import annotations

from pathlib import Path

from forecast.world.readers.table import Column, Table, read_csv_table, read_parquet_table


def read_system_membership(data: Path) -> Table:
    """Return the spells of state-system membership (COW), one record per state and spell.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a spell.
    """
    columns = (
        Column("ccode", "integer"),
        Column("styear", "integer", low=1816),
        Column("endyear", "integer", low=1816),
    )
    return read_csv_table(data / "states_cow_v2016.csv", columns, key=("ccode", "styear"))


def read_capitals(data: Path) -> Table:
    """Return the spells of capital cities with their coordinates in degrees.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a spell.
    """
    columns = (
        Column("ccode", "integer"),
        Column("stdate"),
        Column("enddate"),
        Column("lat", "number", low=-90, high=90),
        Column("lng", "number", low=-180, high=180),
    )
    return read_csv_table(data / "capitals_cow.csv", columns, key=("ccode", "stdate"))


def read_contiguity(data: Path) -> Table:
    """Return the spells of direct contiguity (COW), both orders; type 0 is no contiguity.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a spell.
    """
    columns = (
        Column("ccode1", "integer"),
        Column("ccode2", "integer"),
        Column("conttype", "integer", low=0, high=5),
        Column("stdate"),
        Column("enddate"),
    )
    path = data / "contiguity_cow_v32.csv"
    return read_csv_table(path, columns, key=("ccode1", "ccode2", "stdate"))


def read_rivalries(data: Path) -> Table:
    """Return the spells of strategic rivalry, one record per rivalry.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a rivalry.
    """
    columns = (
        Column("tssr_id", "integer"),
        Column("ccode1", "integer"),
        Column("ccode2", "integer"),
        Column("styear", "integer"),
        Column("endyear", "integer"),
    )
    return read_csv_table(data / "rivalries_tss2021.csv", columns, key=("tssr_id",))


def read_defence_obligations(data: Path) -> Table:
    """Return directed dyad-years in which ccode1 owes ccode2 defence (ATOP).

    Raises
    ------
    ForecastError
        If the file does not fit its schema.
    """
    columns = (
        Column("ccode1", "integer", low=1, high=999),
        Column("ccode2", "integer", low=1, high=999),
        Column("year", "integer", low=1815),
        Column("atop_defense", "integer", low=0, high=1),
    )
    table = read_parquet_table(data / "alliances_atop_v51.parquet", columns)
    return table.where(table["atop_defense"] == 1)


def read_newest_trade(data: Path) -> Table:
    """Return dyadic trade flows of the newest year (COW), million current US dollars.

    `smoothflow1` is what ccode1 imports from ccode2, `smoothflow2` the reverse; NaN is unknown.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a dyad of the newest year.
    """
    columns = (
        Column("ccode1", "integer", low=1, high=999),
        Column("ccode2", "integer", low=1, high=999),
        Column("year", "integer", low=1870),
        Column("smoothflow1", "number", blank_allowed=True, low=0),
        Column("smoothflow2", "number", blank_allowed=True, low=0),
    )
    table = read_parquet_table(data / "trade_dyad_year_cow_v4.parquet", columns)
    newest = table.where(table["year"] == table["year"].max())
    return newest.require_unique("ccode1", "ccode2")
