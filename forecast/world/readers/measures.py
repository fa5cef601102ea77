"""Readers of state measures by year, and of the country codes they are filed under."""

from __future__ import annotations

from pathlib import Path

from forecast.world.readers.checks import (
    date_columns,
    require_dates,
    require_order,
    state_column,
    year_column,
)
from forecast.world.readers.table import Column, Table, read_csv_table

STATE_YEAR = ("ccode", "year")


def _measure(name: str, low: float, high: float) -> Column:
    return Column(name, "number", blank_allowed=True, low=low, high=high)


def read_capabilities(data: Path) -> Table:
    """Return national material capabilities (NMC), one record per state and year.

    `milex` thousand current pounds to 1913, thousand current US dollars from 1914; `milper`,
    `tpop`, `upop` thousands; `irst` thousand tons; `pec` thousand tons of coal equivalent;
    `cinc` share of the world. NaN is unknown.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a state-year.
    """
    components = ("milex", "milper", "irst", "pec", "tpop", "upop")
    columns = (
        state_column("ccode"),
        year_column("year"),
        *(_measure(name, 0, 1e12) for name in components),
        _measure("cinc", 0, 1),
    )
    return read_csv_table(data / "capabilities_nmc_v7.csv.gz", columns, key=STATE_YEAR)


def read_economy(data: Path) -> Table:
    """Return estimates of economy and population, one record per state and year.

    `mrgdppc` GDP per capita (2011 international dollars), `pwtrgdp` real GDP (million 2017
    international dollars), `pwtpop` population (million). NaN is unknown.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a state-year.
    """
    columns = (
        state_column("ccode"),
        year_column("year"),
        *(_measure(name, 0, 1e9) for name in ("mrgdppc", "pwtrgdp", "pwtpop")),
    )
    return read_csv_table(data / "gdp_pop_fariss.csv.gz", columns, key=STATE_YEAR)


def read_regimes(data: Path) -> Table:
    """Return democracy scores, one record per state and year.

    `euds`, `aeuds` latent scores, `polity2` -10 to 10, `v2x_polyarchy` 0 to 1. NaN is unknown.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a state-year.
    """
    columns = (
        state_column("ccode"),
        year_column("year"),
        _measure("euds", -10, 10),
        _measure("aeuds", -10, 10),
        _measure("polity2", -10, 10),
        _measure("v2x_polyarchy", 0, 1),
    )
    return read_csv_table(data / "democracy.csv.gz", columns, key=STATE_YEAR)


def read_ideal_points(data: Path) -> Table:
    """Return UN General Assembly ideal points, one record per state and session year.

    `idealpointall` on all votes, `idealpointfp` on final passage, `idealpointlegacy`; NaN is
    unknown. A record shows that the state sat in the Assembly.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a state-year.
    """
    points = ("idealpointall", "idealpointfp", "idealpointlegacy")
    columns = (
        state_column("ccode"),
        year_column("year", low=1946),
        *(_measure(name, -10, 10) for name in points),
    )
    return read_csv_table(
        data / "un_ideal_points_2025.csv.gz", columns, STATE_YEAR, may_be_empty=True
    )


def read_nuclear(data: Path) -> Table:
    """Return nuclear weapons status: 1 considers, 2 pursues, 3 possesses; else no record.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a state-year.
    """
    columns = (
        state_column("ccode"),
        year_column("year", low=1938),
        Column("status", "integer", low=1, high=3),
    )
    return read_csv_table(
        data / "nuclear_status_owid_bleek.csv", columns, STATE_YEAR, may_be_empty=True
    )


def read_major_powers(data: Path) -> Table:
    """Return the spells of the major powers (COW); a blank end is still so.

    Raises
    ------
    ForecastError
        If the file does not fit its schema, repeats a spell or holds an impossible date.
    """
    start, end = ("styear", "stmonth", "stday"), ("endyear", "endmonth", "endday")
    columns = (state_column("ccode"), *date_columns(start), *date_columns(end, is_open=True))
    path = data / "major_powers_cow_v2016.csv"
    table = read_csv_table(path, columns, key=("ccode", *start))
    return require_order(require_dates(table, start, end), start, end)


def read_state_codes(data: Path) -> Table:
    """Return state-years with COW and Gleditsch-Ward code; NaN where the latter has none.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a state-year.
    """
    columns = (
        year_column("year"),
        state_column("ccode"),
        Column("gwcode", "number", blank_allowed=True, low=1, high=999),
        Column("stateabb"),
        Column("cw_name"),
    )
    return read_csv_table(data / "state_years_cow_gw.csv.gz", columns, key=STATE_YEAR)


def read_country_codes(data: Path) -> Table:
    """Return the crosswalk of country codes; blank where a code system lacks the country.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a name.
    """
    codes = ("iso3n", "ccode", "gwcode", "vdem", "un_m49")
    texts = ("iso2c", "iso3c", "stateabb", "gwabb", "continent", "wb_region", "un_subregion")
    columns = (
        Column("name"),
        *(Column(name, blank_allowed=True) for name in texts),
        *(Column(name, "number", blank_allowed=True, low=1, high=999) for name in codes),
    )
    return read_csv_table(data / "crosswalk_iso3_cow_gw.csv", columns, key=("name",))
