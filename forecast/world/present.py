"""The states of 2026, whose values come from a table of initial conditions."""

from __future__ import annotations

import numpy as np

from forecast.world.capability import map_onto_cinc, shares
from forecast.world.codes import REGIONS, STATE_CLASS_LETTERS
from forecast.world.measure import Measure, Measures, fill_by_likeness
from forecast.world.readers.table import Table
from forecast.world.sources import cite


def present_measures(states: Table) -> Measures:
    """Return the measured variables of the states in the initial state table.

    Parameters
    ----------
    states
        State table at the origin, sorted by COW code.
    """
    return {
        **_labels(states),
        **_capabilities(states),
        **_economy(states),
        "military_spending_share": _military_spending(states),
        **_regime(states),
        "ideal_point": _ideal_point(states),
        **_categories(states),
    }


def _labels(states: Table) -> Measures:
    initial = cite("initial_conditions")
    return {
        "iso3": Measure(states["iso3"], initial, "spell"),
        "name": Measure(states["name"], initial, "spell"),
        "gw_code": Measure(states["gw_code"], cite("gleditsch_ward"), "spell"),
    }


def _categories(states: Table) -> Measures:
    initial = cite("initial_conditions")
    classes = np.array([STATE_CLASS_LETTERS.index(letter) for letter in states["cls"]])
    regions = np.array([REGIONS.index(region) for region in states["region"]])
    nuclear = cite("nuclear", "initial_conditions")
    return {
        "nuclear_status": Measure(states["nuclear_status"], nuclear, "spell"),
        "state_class": Measure(classes, cite("initial_conditions", "assumption"), "spell"),
        "is_g3": Measure(states["g3"], initial, "spell"),
        "region": Measure(regions, initial, "spell"),
    }


def _capabilities(states: Table) -> Measures:
    share, cinc = shares(states["capability_share"]), shares(states["cinc_2022"])
    sources = cite("sipri", "nmc", "fariss", "wdi")
    year = int(states["population_year"].max())
    bases = [str(text) for text in states["military_stock_basis"]]
    composite = {
        "formula": "(K/sum K)^.5 (GDP/sum)^.3 (population/sum)^.2, rescaled to sum 1; K is "
        "military spending of 2012-2023 accumulated at 8 % depreciation; the weights are an "
        "assumption",
        "missing_rule": "where no military spending is published, K is inferred from personnel "
        "or set to a small floor",
    }
    mapped = {
        "comment": "composite share mapped by rank: the state of rank r in capability_share has "
        "the r-th largest cinc_share; equal shares rank by COW code (assumption)"
    }
    inferred = np.array([text.startswith(("imputed", "no ")) for text in bases])
    capability = map_onto_cinc(share, cinc, states["cow_code"])
    return {
        "capability_share": Measure(share, sources, year, composite, inferred),
        "cinc_share": Measure(cinc, cite("nmc"), 2022),
        "capability": Measure(capability, sources, year, mapped),
    }


def _economy(states: Table) -> Measures:
    rule = {"missing_rule": "where the World Bank gives none, NMC 2022"}
    elsewhere = states["population_source"] != "WDI"
    year = int(states["population_year"].max())
    gdp_year = int(states["gdp_ppp_year"].max())
    return {
        "gdp": Measure(states["gdp_ppp_musd2017"], cite("fariss"), gdp_year),
        "population": Measure(states["population"], cite("wdi", "nmc"), year, rule, elsewhere),
    }


def _military_spending(states: Table) -> Measure:
    spending, stock = states["milex_const2022_musd"], states["military_stock_musd2022"]
    missing = np.isnan(spending)
    both = ~missing & (stock > 0)
    typical = float(np.median(spending[both] / stock[both]))
    notes = {
        "comment": "newest year of each state, constant 2022 US dollars at market rates",
        "missing_rule": "median ratio of yearly spending to accumulated spending over the states "
        "that have both, times the state's own accumulated spending (assumption)",
    }
    values = shares(np.where(missing, typical * stock, spending))
    year = int(np.nanmax(states["milex_year"]))
    return Measure(values, cite("sipri", "nmc"), year, notes, missing)


def _regime(states: Table) -> Measures:
    inferred = np.array([not str(t).startswith("V-Dem") for t in states["democracy_source"]])
    year, sources = int(states["democracy_year"].max()), cite("vdem", "uds")
    rule = {
        "missing_rule": "micro-states outside V-Dem: logit fit of polyarchy on the extended "
        "Unified Democracy Scores"
    }
    binary = {"rule": "polyarchy at least .5"}
    return {
        "democracy": Measure(states["democracy"], sources, year, rule, inferred),
        "democracy_binary": Measure(states["democracy_binary"], sources, year, binary),
    }


def _ideal_point(states: Table) -> Measure:
    values, missing = fill_by_likeness(
        states["ideal_point"],
        states["capability_share"],
        states["region"],
        states["democracy_binary"],
    )
    notes = {
        "comment": "higher is nearer to the order led by the United States",
        "missing_rule": "states without a seat: mean over the states of the same region and "
        "regime type (democracy_binary), weighted by capability_share (assumption)",
    }
    year = int(np.nanmax(states["ideal_point_year"]))
    return Measure(values, cite("ideal_points"), year, notes, missing)
