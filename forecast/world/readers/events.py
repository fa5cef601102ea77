"""Readers of conflict events: disputes, wars, armed conflicts and their deaths.

What only later years could tell is blank (NaN) in the sources, and so may be blank here.
"""

from __future__ import annotations

from pathlib import Path

from forecast.world.readers.checks import (
    INAPPLICABLE,
    UNKNOWN,
    date_columns,
    require_date_order,
    require_dates,
    require_order,
    state_column,
    year_column,
)
from forecast.world.readers.table import Column, Table, read_csv_table

START, END = ("styear", "stmon", "stday"), ("endyear", "endmon", "endday")
FIRST_START = ("StartYear1", "StartMonth1", "StartDay1")
FIRST_END = ("EndYear1", "EndMonth1", "EndDay1")
SECOND_START = ("StartYear2", "StartMonth2", "StartDay2")
SECOND_END = ("EndYear2", "EndMonth2", "EndDay2")

FIRST_UCDP_START = 1900
"""A conflict under way in 1946, when UCDP's list begins, may have begun long before."""


def _coded(name: str, low: float, high: float, *missing_codes: int) -> Column:
    return Column(name, "integer", low=low, high=high, missing_codes=missing_codes)


def _later(name: str, low: float, high: float, *missing_codes: int) -> Column:
    """Return a column of whole numbers that a later year may have decided: it may be blank."""
    return Column(name, "number", True, (), low, high, missing_codes, whole=True)


def read_disputes(data: Path) -> Table:
    """Return the militarized interstate disputes (MID A), one record per dispute.

    Raises
    ------
    ForecastError
        If the file does not fit its schema, repeats a dispute or holds an impossible date.
    """
    columns = (
        _coded("dispnum", 1, 99_999),
        *date_columns(START, (UNKNOWN,)),
        *date_columns(END, (UNKNOWN,), is_open=True),
        _later("outcome", 1, 9, UNKNOWN),
        _later("settle", 1, 4, UNKNOWN),
        _later("fatality", 0, 6, UNKNOWN),
        _later("fatalpre", 0, 1e8, UNKNOWN),
        _later("maxdur", 1, 1e5),
        _later("mindur", 1, 1e5),
        _later("hiact", 0, 22, UNKNOWN),
        _later("hostlev", 1, 5, UNKNOWN),
        _later("recip", 0, 1, UNKNOWN),
        _later("numa", 1, 300),
        _later("numb", 1, 300),
        _coded("censored_2000", 0, 1),
    )
    table = read_csv_table(data / "mid5_disputes.csv", columns, key=("dispnum",))
    return require_order(require_dates(table, START, END), START, END)


def read_dispute_participants(data: Path) -> Table:
    """Return who took part in the disputes (MID B), one record per dispute, state and spell.

    Raises
    ------
    ForecastError
        If the file does not fit its schema, repeats a spell or holds an impossible date.
    """
    columns = (
        _coded("dispnum", 1, 99_999),
        state_column("ccode"),
        *date_columns(START, (UNKNOWN,)),
        *date_columns(END, (UNKNOWN,), is_open=True),
        _coded("sidea", 0, 1),
        _coded("revstate", 0, 1, UNKNOWN),
        _coded("revtype1", 0, 4, UNKNOWN),
        _coded("revtype2", 0, 4, UNKNOWN),
        _later("fatality", 0, 6, UNKNOWN),
        _later("fatalpre", 0, 1e8, UNKNOWN),
        _later("hiact", 0, 22, UNKNOWN),
        _later("hostlev", 1, 5, UNKNOWN),
        _coded("orig", 0, 1),
        _coded("censored_2000", 0, 1),
    )
    key = ("dispnum", "ccode", "sidea", *START)
    table = read_csv_table(data / "mid5_participants.csv", columns, key=key)
    return require_order(require_dates(table, START, END), START, END)


def read_gml_dyads(data: Path) -> Table:
    """Return directed dispute-dyad-years of the Gibler-Miller-Little MIDs.

    The source's months are not read: some run beyond 12.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a dispute-dyad-year.
    """
    flags = ("midongoing", "midonset", "sidea1", "sidea2", "orig1", "orig2", "censored_2000")
    columns = (
        _coded("dispnum", 1, 99_999),
        state_column("ccode1"),
        state_column("ccode2"),
        year_column("year"),
        *(_coded(name, 0, 1) for name in flags),
        *(_coded(name, 0, 1, UNKNOWN) for name in ("revstate1", "revstate2")),
        *(_later(name, 0, 6, UNKNOWN) for name in ("fatality", "fatality1", "fatality2")),
        *(_later(name, 0, 1e8, UNKNOWN) for name in ("fatalpre", "fatalpre1", "fatalpre2")),
        *(_later(name, 0, 22, UNKNOWN) for name in ("hiact", "hiact1", "hiact2")),
        *(_later(name, 1, 5, UNKNOWN) for name in ("hostlev", "hostlev1", "hostlev2")),
        _later("outcome", 1, 9, UNKNOWN),
        _later("settle", 1, 4, UNKNOWN),
        _later("recip", 0, 1, UNKNOWN),
        _later("mindur", 1, 1e5),
        _later("maxdur", 1, 1e5),
    )
    path = data / "mid_gml_v221_directed.csv.gz"
    return read_csv_table(path, columns, key=("dispnum", "ccode1", "ccode2", "year"))


def read_interstate_wars(data: Path) -> Table:
    """Return who fought the interstate wars (COW), one record per war, state and side.

    `BatDeath` is the battle deaths of that state, -9 unknown; a second spell of fighting that
    did not take place is -8.

    Raises
    ------
    ForecastError
        If the file does not fit its schema, repeats a state on a side or holds an impossible
        date.
    """
    missing = (UNKNOWN, INAPPLICABLE)
    columns = (
        _coded("WarNum", 1, 9_999),
        Column("WarName"),
        state_column("ccode"),
        _coded("Side", 1, 2),
        *date_columns(FIRST_START, (UNKNOWN,)),
        *date_columns(FIRST_END, missing, is_open=True),
        *date_columns(SECOND_START, missing, is_open=True),
        *date_columns(SECOND_END, missing, is_open=True),
        _coded("Initiator", 1, 2),
        _later("Outcome", 1, 8, UNKNOWN),
        _later("TransTo", 1, 9_999, *missing),
        _later("BatDeath", 0, 1e8, UNKNOWN),
        year_column("war_start_year"),
    )
    path = data / "wars_interstate_cow_v4.csv"
    table = read_csv_table(path, columns, ("WarNum", "ccode", "Side"), may_be_empty=True)
    table = require_dates(table, FIRST_START, FIRST_END, SECOND_START, SECOND_END)
    table = require_order(table, FIRST_START, FIRST_END)
    return require_order(table, SECOND_START, SECOND_END)


def read_armed_conflicts(data: Path) -> Table:
    """Return armed conflicts by year (UCDP/PRIO), one record per conflict and year.

    The `gwno` columns are texts: lists of Gleditsch-Ward codes separated by commas, blank for
    parties that are no government.

    Raises
    ------
    ForecastError
        If the file does not fit its schema, repeats a conflict-year or holds an impossible date.
    """
    starts = ("start_date", "start_date2")
    columns = (
        _coded("conflict_id", 1, 1e6),
        Column("location"),
        Column("side_a"),
        Column("side_b"),
        _coded("incompatibility", 1, 3),
        year_column("year", low=1946),
        _coded("intensity_level", 1, 2),
        _coded("cumulative_intensity", 0, 1),
        _coded("type_of_conflict", 1, 4),
        *(Column(name, "date", low=FIRST_UCDP_START, high=2100) for name in starts),
        _later("ep_end", 0, 1),
        Column("ep_end_date", "date", blank_allowed=True, low=1946, high=2100),
        Column("gwno_a"),
        *(Column(name, blank_allowed=True) for name in ("gwno_a_2nd", "gwno_b", "gwno_b_2nd")),
        Column("gwno_loc"),
        Column("region"),
    )
    path = data / "ucdp_prio_acd_v251.csv"
    table = read_csv_table(path, columns, key=("conflict_id", "year"))
    return require_date_order(table, "start_date2", "ep_end_date")


def read_conflict_deaths(data: Path) -> Table:
    """Return battle-related deaths (UCDP), one record per conflict dyad and year.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a dyad-year.
    """
    columns = (
        _coded("conflict_id", 1, 1e6),
        _coded("dyad_id", 1, 1e6),
        Column("side_a"),
        Column("side_b"),
        _coded("incompatibility", 1, 3),
        year_column("year", low=1946),
        *(_coded(name, 0, 1e8) for name in ("bd_best", "bd_low", "bd_high")),
        _coded("type_of_conflict", 1, 4),
        Column("gwno_a"),
        *(Column(name, blank_allowed=True) for name in ("gwno_a_2nd", "gwno_b", "gwno_b_2nd")),
        Column("gwno_loc"),
    )
    path = data / "ucdp_brd_dyad_v241.csv"
    return read_csv_table(path, columns, key=("dyad_id", "year"))
