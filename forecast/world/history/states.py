"""The states alive on a past 1 January, measured from the public files as far as known then."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast.world.codes import STATE_CLASSES
from forecast.world.history.affinity import FIRST_ORIGIN_WITH_VOTES
from forecast.world.history.covariates import (
    Newest,
    cinc_share,
    democratic,
    major_powers,
    newest,
    newest_year,
    nuclear_level,
)
from forecast.world.history.names import state_names
from forecast.world.history.sources import Sources
from forecast.world.history.system import Codes, Floats, locate
from forecast.world.measure import Measure, Measures, fill_by_group, fill_by_likeness
from forecast.world.sources import cite

MIDDLE_POWER_CINC = 0.005
"""Assumption: capability share from which a state is a middle power."""

FOREMOST_POWERS = 3

FILLED_DIGITS = 6
"""Fitted values are kept to so many decimals, so that every processor fits the same."""

LEAST_FITTED = 5
"""A fit rests on at least so many states."""


def past_measures(sources: Sources, codes: Codes, year: int) -> Measures:
    """Return the measured variables of the states alive on 1 January of `year`.

    Parameters
    ----------
    sources
        All source tables.
    codes
        COW codes of the states alive, sorted, (state,).
    year
        Forecast origin.

    Raises
    ------
    ForecastError
        If the crosswalk gives a state no code or region.
    """
    names = state_names(sources.countries, codes, year)
    share, missing = cinc_share(sources.capabilities, codes, year)
    binary = democratic(sources.regimes, codes, year)
    measures = {
        "iso3": Measure(np.array(names.iso3, object), cite("country_codes"), "spell", ISO3_NOTES),
        "name": Measure(np.array(names.name, object), cite("country_codes"), "spell"),
        "gw_code": _gw_codes(sources, codes, year),
        "region": Measure(names.region, cite("country_codes", "assumption"), "spell"),
        **_capabilities(share, missing, newest_year(sources.capabilities, year)),
        **_economy(sources, codes, year, names.region),
        "military_spending_share": _military_spending(sources, codes, year, share),
        "democracy": _democracy(sources, codes, year, names.region),
        "democracy_binary": Measure(
            binary, cite("polity", "vdem", "uds"), newest_year(sources.regimes, year), BINARY_NOTES
        ),
        **_categories(sources, codes, year, share),
    }
    if year >= FIRST_ORIGIN_WITH_VOTES:
        measures["ideal_point"] = _ideal_point(sources, codes, year, names.region, binary, share)
    return measures


ISO3_NOTES = {
    "comment": "states that are no more bear their withdrawn code (ISO 3166-3) or, where they "
    "never had one, a code of this project that begins with X"
}
BINARY_NOTES = {
    "rule": "polity2 at least 6; where it is missing, polyarchy at least .5; where that is "
    "missing, aeuds at least 0; without any score, not democratic (assumption)"
}


def _years(found: Newest) -> dict[str, int]:
    """Return the attribute that tells how old the oldest of the newest values is."""
    known = found.years[found.years > 0]
    return {"oldest_year": int(known.min())} if known.size else {}


def _gw_codes(sources: Sources, codes: Codes, year: int) -> Measure:
    listed = newest(sources.state_codes, "gwcode", codes, year).values
    countries = sources.countries
    known = ~np.isnan(countries["ccode"]) & ~np.isnan(countries["gwcode"])
    at, alive = locate(codes, np.where(known, np.nan_to_num(countries["ccode"]), 0).astype(int))
    fallback = np.zeros(len(codes))
    fallback[at[alive & known]] = countries["gwcode"][alive & known]
    return Measure(np.where(np.isnan(listed), fallback, listed), cite("gleditsch_ward"), "spell")


def _capabilities(share: Floats, missing: NDArray[np.bool_], year: int) -> Measures:
    notes = {
        "formula": "CINC rescaled to sum 1 over the states alive: the composite share of 2026 "
        "needs accumulated spending in constant prices, which no file gives for the past",
        "missing_rule": "the smallest positive CINC among the states alive (assumption)",
    }
    source = cite("nmc")
    return {
        "capability_share": Measure(share, source, year, notes, missing),
        "cinc_share": Measure(share.copy(), source, year),
        "capability": Measure(share.copy(), source, year),
    }


def _economy(sources: Sources, codes: Codes, year: int, region: NDArray[np.int8]) -> Measures:
    counted = newest(sources.capabilities, "tpop", codes, year, low=0.5)
    estimated = newest(sources.economy, "pwtpop", codes, year, low=0.0)
    people = np.where(np.isnan(counted.values), estimated.values * 1e6, counted.values * 1e3)
    population, no_people = fill_by_group(people, region)
    output = newest(sources.economy, "pwtrgdp", codes, year, low=0.0)
    per_head, no_output = fill_by_group(output.values / population, region)
    gdp = np.where(no_output, per_head * population, output.values)
    people_notes = {
        "missing_rule": "where NMC gives none, Fariss and others; where they give none either, "
        "the median of the region (assumption)",
        **_years(counted),
    }
    gdp_notes = {
        "missing_rule": "median output per head of the region times population (assumption)",
        **_years(output),
    }
    people_year = newest_year(sources.capabilities, year)
    gdp_year = newest_year(sources.economy, year)
    return {
        "population": Measure(
            population,
            cite("nmc", "fariss"),
            people_year,
            people_notes,
            np.isnan(counted.values) | no_people,
        ),
        "gdp": Measure(gdp, cite("fariss"), gdp_year, gdp_notes, no_output),
    }


def _military_spending(sources: Sources, codes: Codes, year: int, share: Floats) -> Measure:
    last = newest_year(sources.capabilities, year)
    rows = sources.capabilities.where(sources.capabilities["year"] == last)
    spending = newest(rows, "milex", codes, year, low=0.0).values
    missing = np.isnan(spending)
    known = spending > 0
    typical = float(np.median(spending[known] / share[known])) if known.any() else 1.0
    filled = np.where(missing, typical * share, spending)
    total = filled.sum()
    notes = {
        "comment": "current money of one year: a share of the year, comparable within it only",
        "missing_rule": "median ratio of spending to CINC over the states that have both, times "
        "the state's own CINC (assumption)",
    }
    return Measure(filled / total if total else share, cite("nmc"), last, notes, missing)


def _democracy(sources: Sources, codes: Codes, year: int, region: NDArray[np.int8]) -> Measure:
    polyarchy = newest(sources.regimes, "v2x_polyarchy", codes, year)
    scores = newest(sources.regimes, "aeuds", codes, year)
    fitted = _fit_polyarchy(polyarchy.values, scores.values)
    values = np.where(np.isnan(polyarchy.values), fitted, polyarchy.values)
    filled, _ = fill_by_group(values, region)
    notes = {
        "missing_rule": "states that V-Dem omits: logit fit of polyarchy on the extended Unified "
        "Democracy Scores over the states alive; without scores, the median of the region "
        "(assumption)",
        **_years(polyarchy),
    }
    last = newest_year(sources.regimes, year)
    return Measure(filled, cite("vdem", "uds"), last, notes, np.isnan(polyarchy.values))


def _fit_polyarchy(polyarchy: Floats, scores: Floats) -> Floats:
    """Return polyarchy as the scores predict it, NaN where there is no score or no fit."""
    both = ~np.isnan(polyarchy) & ~np.isnan(scores)
    if both.sum() < LEAST_FITTED or np.ptp(scores[both]) == 0:
        return np.full(len(scores), np.nan)
    inside = np.clip(polyarchy[both], 0.01, 0.99)
    slope, constant = np.polyfit(scores[both], np.log(inside / (1 - inside)), 1)
    return np.asarray(np.round(1 / (1 + np.exp(-(constant + slope * scores))), FILLED_DIGITS))


def _categories(sources: Sources, codes: Codes, year: int, share: Floats) -> Measures:
    great = major_powers(sources.majors, codes, year)
    classes = np.where(
        great,
        STATE_CLASSES.index("great"),
        np.where(share >= MIDDLE_POWER_CINC, STATE_CLASSES.index("middle"), 0),
    )
    order = np.argsort(np.where(great, -share, 0.0), kind="stable")[:FOREMOST_POWERS]
    foremost = np.zeros(len(codes), np.int8)
    foremost[order[great[order]]] = 1
    class_rule = {
        "rule": f"great: major power (COW); middle: CINC share at least {MIDDLE_POWER_CINC} "
        "(assumption); else small"
    }
    foremost_rule = {"rule": "the three largest CINC shares among the great powers (assumption)"}
    nuclear_rule = {"rule": "armed: possesses; latent_or_programme: considers or pursues"}
    classed = cite("cow_majors", "nmc", "assumption")
    return {
        "state_class": Measure(classes, classed, "spell", class_rule),
        "is_g3": Measure(foremost, classed, "spell", foremost_rule),
        "nuclear_status": Measure(
            nuclear_level(sources.nuclear, codes, year),
            cite("nuclear"),
            newest_year(sources.nuclear, year) or year - 1,
            nuclear_rule,
        ),
    }


def _ideal_point(
    sources: Sources,
    codes: Codes,
    year: int,
    region: NDArray[np.int8],
    binary: NDArray[np.int8],
    share: Floats,
) -> Measure:
    points = newest(sources.ideal_points, "idealpointall", codes, year)
    values, missing = fill_by_likeness(points.values, share, region, binary)
    notes = {
        "comment": "higher is nearer to the order led by the United States",
        "missing_rule": "states without a seat: mean over the states of the same region and "
        "regime type (democracy_binary), weighted by capability_share; where none of them votes, "
        "over those of the regime type (assumption)",
        **_years(points),
    }
    year_used = int(points.years.max())
    return Measure(np.nan_to_num(values), cite("ideal_points"), year_used, notes, missing)
