"""Readers of the initial conditions: states, dispute memory, pacts, institutions, wars."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from forecast.world.codes import MEMORY_QUALITIES, REGIONS, STATE_CLASS_LETTERS
from forecast.world.readers.table import Column, Table, read_csv_table

PACT_EVENTS = (
    "signed",
    "joined",
    "rejoined",
    "renewed",
    "reversed",
    "frozen",
    "ended",
    "announced",
)
OBLIGATIONS = ("defence", "consult", "nonaggression", "cooperation")
SOURCE_ROLES = (
    "member",
    "leader",
    "permanent_member_veto",
    "elected_member",
    "covered_partner",
    "guarantor",
    "not_member",
)


def initial_folder(data: Path, origin: int) -> Path:
    """Return the folder of the data that holds the initial conditions of `origin`."""
    return data / f"initial_{origin}"


def read_states(data: Path, origin: int) -> Table:
    """Return the states alive at the origin, one record per state.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a COW code.
    """
    columns = (
        Column("cow_code", "integer", low=1, high=999),
        Column("gw_code", "integer", low=1, high=999),
        Column("iso3"),
        Column("name"),
        Column("region", choices=REGIONS),
        Column("cls", choices=STATE_CLASS_LETTERS),
        Column("g3", "integer", low=0, high=1),
        Column("capability_share", "number", low=0, high=1),
        Column("cinc_2022", "number", low=0, high=1),
        Column("military_stock_musd2022", "number", low=0),
        Column("military_stock_basis"),
        Column("gdp_ppp_musd2017", "number", low=0),
        Column("gdp_ppp_year", "integer", low=1816, high=origin),
        Column("population", "number", low=1),
        Column("population_year", "integer", low=1816, high=origin),
        Column("population_source"),
        Column("milex_const2022_musd", "number", blank_allowed=True, low=0),
        Column("milex_year", "number", blank_allowed=True, low=1816, high=origin),
        Column("democracy", "number", low=0, high=1),
        Column("democracy_year", "integer", low=1816, high=origin),
        Column("democracy_source"),
        Column("democracy_binary", "integer", low=0, high=1),
        Column("nuclear_status", "integer", low=0, high=2),
        Column("ideal_point", "number", blank_allowed=True),
        Column("ideal_point_year", "number", blank_allowed=True, low=1946, high=origin),
        Column(f"alive_{origin}", "integer", low=0, high=1),
    )
    path = initial_folder(data, origin) / f"states_{origin}.csv"
    table = read_csv_table(path, columns, key=("cow_code",)).require_unique("iso3")
    return table.where(table[f"alive_{origin}"] == 1)


def read_dispute_memory(data: Path, origin: int, states: Iterable[int]) -> Table:
    """Return the dispute memory of undirected dyads (ccode1 < ccode2) at the origin.

    Raises
    ------
    ForecastError
        If the file does not fit its schema, repeats a dyad or names an unknown state.
    """
    columns = (
        Column("ccode1", "integer"),
        Column("ccode2", "integer"),
        *(Column(name, "number", low=0) for name in ("s2", "s15", "s2_expected", "s15_expected")),
        Column("quality", choices=MEMORY_QUALITIES[1:]),
    )
    path = initial_folder(data, origin) / "dyad_memory.csv"
    table = read_csv_table(path, columns, key=("ccode1", "ccode2"))
    return table.require_states(states, "ccode1", "ccode2")


def read_pacts(data: Path, origin: int) -> Table:
    """Return the pact events after the last year of the alliance data, in the file's order.

    Raises
    ------
    ForecastError
        If no pact file covers the years to the origin, or the file does not fit its schema.
    """
    columns = (
        Column("pact_id"),
        Column("event", choices=PACT_EVENTS),
        Column("cow_codes"),
        Column("group", blank_allowed=True),
        Column("directed", "integer", low=0, high=1),
        Column("obligation", choices=OBLIGATIONS),
        Column(f"status_{origin}_01_01"),
    )
    path = initial_folder(data, origin) / f"pacts_2019_{origin - 1}.csv"
    return read_csv_table(path, columns, key=("pact_id",))


def read_institutions(data: Path, origin: int, states: Iterable[int]) -> Table:
    """Return the memberships active at the origin, one record per institution and state.

    Raises
    ------
    ForecastError
        If the file does not fit its schema, or an active membership is repeated or belongs to
        an unknown state.
    """
    active = f"active_{origin}_01_01"
    columns = (
        Column("institution_id"),
        Column("name"),
        Column("kind"),
        Column("cow_code", "integer"),
        Column("role", choices=SOURCE_ROLES),
        Column(active, "integer", low=0, high=1),
    )
    table = read_csv_table(initial_folder(data, origin) / "institutions.csv", columns)
    current = table.where((table[active] == 1) & (table["role"] != "not_member"))
    return current.require_unique("institution_id", "cow_code").require_states(states, "cow_code")


def read_ongoing_wars(data: Path, origin: int) -> Table:
    """Return the interstate wars that are active at the origin.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a war.
    """
    columns = (
        Column("war_id"),
        Column("name"),
        Column("counts_as_active_war", "integer", low=0, high=1),
        Column("start"),
        Column("aim"),
        Column("side_a"),
        Column("side_b"),
        Column("initiator", blank_allowed=True),
        Column("battle_deaths_low", "number", low=0),
        Column("battle_deaths_high", "number", low=0),
        Column("side_a_cow", "integer"),
        Column("side_b_cow", "integer"),
        Column("side_a_joiners_cow", blank_allowed=True),
        Column("side_b_joiners_cow", blank_allowed=True),
    )
    path = initial_folder(data, origin) / "ongoing_wars.csv"
    table = read_csv_table(path, columns, key=("war_id",))
    return table.where(table["counts_as_active_war"] == 1)
