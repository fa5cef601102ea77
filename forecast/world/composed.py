"""The state system at an origin, composed: the same parts for 2026 and for every past year."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import xarray as xr

from forecast.errors import ForecastError
from forecast.world import readers
from forecast.world.history.affinity import (
    FIRST_ORIGIN_WITH_VOTES,
    point_affinity,
    portfolio_affinity,
)
from forecast.world.history.covariates import newest_year
from forecast.world.history.memory import past_memory, recorded_onsets
from forecast.world.history.rolls import Rolls, began_before, rolls
from forecast.world.history.sources import Sources, require_known_states
from forecast.world.history.states import past_measures
from forecast.world.history.system import Codes, alive
from forecast.world.history.wars import DEATHS_RULE, ongoing_wars
from forecast.world.measure import Measure, Measures
from forecast.world.memory import Memory, initial_memory
from forecast.world.obligations import carried_obligation, defence_obligation
from forecast.world.pairs import affinity, contiguity, rivalry, trade_shares
from forecast.world.present import present_measures
from forecast.world.readers.table import Table
from forecast.world.sources import cite

Variables = dict[str, xr.Variable]

LAST_YEAR_OF_CODED_ORIGINS = 2000
"""Worlds to the next 1 January need no look at how far the dispute record reaches."""


class Composed(NamedTuple):
    """What an origin's world is made of.

    Parameters
    ----------
    codes
        COW codes of the states alive, sorted, (state,).
    measures
        Variables of the states.
    pairs
        Square tables over pairs of states, labelled.
    memory
        Dispute memory.
    rolls
        Institutions and their members.
    wars
        Interstate wars under way, one record each.
    war_source, war_notes
        Source and rule of the wars' attributes.
    membership, capitals
        Spells of system membership and of capitals.
    """

    codes: Codes
    measures: Measures
    pairs: Variables
    memory: Memory
    rolls: Rolls
    wars: Table
    war_source: str
    war_notes: dict[str, str]
    membership: Table
    capitals: Table


def compose_present(data: Path, origin: int) -> Composed:
    """Return the parts of the world whose initial conditions a folder of their own holds.

    Raises
    ------
    ForecastError
        If a file is missing or faulty.
    """
    states = _sorted_states(readers.read_states(data, origin))
    codes = states["cow_code"].astype(np.int64)
    listed = [int(code) for code in codes]
    members = readers.read_institutions(data, origin, listed)
    founded = began_before(readers.read_membership_spells(data), origin)
    alliances = readers.read_alliances(data)
    owed = defence_obligation(
        alliances.where(alliances["atop_defense"] == 1),
        readers.read_pacts(data, origin),
        members,
        listed,
        origin,
    )
    measures = present_measures(states)
    membership, capitals = readers.read_system_membership(data), readers.read_capitals(data)
    spells = readers.read_contiguity(data), readers.read_rivalries(data)
    trade = readers.read_trade(data)
    countries = readers.read_country_codes(data)
    for table in (membership, capitals, *spells, trade):
        require_known_states(table, membership, countries)
    return Composed(
        codes=codes,
        measures=measures,
        pairs={
            "defence_obligation": owed,
            **_spell_pairs(*spells, trade, listed, origin),
            "affinity": _vote_affinity(measures["ideal_point"]),
        },
        memory=initial_memory(readers.read_dispute_memory(data, origin, listed), listed, origin),
        rolls=Rolls(members, founded, PRESENT_RULE),
        wars=readers.read_ongoing_wars(data, origin),
        war_source=cite("initial_conditions"),
        war_notes={},
        membership=membership,
        capitals=capitals,
    )


PRESENT_RULE = (
    "memberships active on 1 January of the origin; legal membership counts even where "
    "participation is frozen"
)


def compose_past(sources: Sources, origin: int) -> Composed:
    """Return the parts of a past world, from nothing dated at the origin or later.

    Raises
    ------
    ForecastError
        If the dispute record does not reach the origin, or a state lacks a code or region.
    """
    _require_record(sources.disputes, origin)
    codes = alive(sources.membership, origin)
    listed = [int(code) for code in codes]
    measures = past_measures(sources, codes, origin)
    spells = sources.contiguity, sources.rivalries
    share = measures["cinc_share"].values
    return Composed(
        codes=codes,
        measures=measures,
        pairs={
            "defence_obligation": carried_obligation(sources.alliances, listed, origin),
            **_spell_pairs(*spells, sources.trade, listed, origin),
            "affinity": _past_affinity(measures, sources.alliances, codes, origin),
        },
        memory=past_memory(recorded_onsets(sources.disputes, sources.participants), codes, origin),
        rolls=rolls(sources.institutions, codes, origin),
        wars=ongoing_wars(sources.wars, sources.participants, codes, share, origin),
        war_source=cite("cow_wars", "mid"),
        war_notes={"rule": DEATHS_RULE},
        membership=sources.membership,
        capitals=sources.capitals,
    )


def _sorted_states(states: Table) -> Table:
    order = np.argsort(states["cow_code"], kind="stable")
    columns = {name: values[order] for name, values in states.columns.items()}
    return Table(states.path, columns, states.rows[order])


def _spell_pairs(
    borders: Table, rivalries: Table, trade: Table, codes: list[int], origin: int
) -> Variables:
    return {
        "contiguity": contiguity(borders, codes, origin),
        "rivalry": rivalry(rivalries, codes, origin),
        **trade_shares(trade, codes, origin),
    }


def _vote_affinity(points: Measure) -> xr.Variable:
    return affinity(
        point_affinity(points.values),
        source=points.source,
        year=points.year,
        formula="exp(-|difference of ideal_point|)",
        missing_rule=points.notes["missing_rule"],
    )


def _past_affinity(measures: Measures, alliances: Table, codes: Codes, origin: int) -> xr.Variable:
    if origin >= FIRST_ORIGIN_WITH_VOTES:
        return _vote_affinity(measures["ideal_point"])
    return affinity(
        portfolio_affinity(alliances, codes, origin),
        source=cite("atop"),
        year=newest_year(alliances, origin),
        formula="(1 + kappa)/2, kappa the chance-corrected agreement of the two states' alliance "
        "portfolios (Häge 2011; squared differences; defence and offence 3, neutrality and "
        "non-aggression 2, consultation 1, a state's tie to itself 3)",
        missing_rule="0.5 where kappa is undefined (assumption)",
    )


def _require_record(disputes: Table, origin: int) -> None:
    reaches = int(disputes["styear"].max())
    if origin - 1 > max(LAST_YEAR_OF_CODED_ORIGINS - 1, reaches):
        raise ForecastError(
            f"forecast origin {origin}: the dispute record {disputes.path} reaches {reaches}, but "
            f"a world at 1 January {origin} remembers disputes to {origin - 1}; name an origin up "
            f"to {reaches + 1}, or 2026, which has initial conditions of its own, or put the newer "
            "years into that file"
        )
