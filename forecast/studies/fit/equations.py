"""Every conditional equation of the model, estimated from the record of a period."""

from __future__ import annotations

from forecast.errors import ForecastError
from forecast.scenario.estimates import Estimate
from forecast.studies.fit import aims, decisions, direction, ties, wars
from forecast.studies.fit.joining import ally_rows, joining
from forecast.studies.fit.onset_terms import onset_rows
from forecast.studies.fit.record import as_known
from forecast.studies.fit.system_years import SystemYears
from forecast.studies.fit.war_rows import WarRows, war_rows
from forecast.world.history.sources import SYSTEM_BEGINS, Sources

SHORTEST_PERIOD = 30
"""Fewer years hold too few wars for the equations of war (assumption)."""


def fit_equations(sources: Sources, first: int, last: int) -> list[Estimate]:
    """Estimate what follows an onset, how wars go, and how ties begin and end.

    Parameters
    ----------
    sources
        Source tables; nothing dated after `last` is used.
    first, last
        Calendar years of the onsets and wars, both included.

    Raises
    ------
    ForecastError
        If the period begins before the state system or is too short.
    """
    if first < SYSTEM_BEGINS or last - first + 1 < SHORTEST_PERIOD:
        raise ForecastError(
            f"equations are estimated on {SHORTEST_PERIOD} years or more since {SYSTEM_BEGINS}, "
            f"not on {first}-{last}; ask for a longer period"
        )
    known, period = as_known(sources, last), (first, last)
    years = SystemYears(known)
    rows = onset_rows(known, years, first, last)
    fought = war_rows(known, first, last)
    return [
        direction.direction(rows, period),
        direction.repeated_direction(known, period),
        aims.aims(rows, known, True, period),
        aims.aims(rows, known, False, period),
        decisions.use_of_force(rows, True, period),
        decisions.use_of_force(rows, False, period),
        decisions.response(rows, period),
        aims.concession(rows, known, period),
        decisions.fatality(rows, period),
        decisions.fatality_unresisted(rows, period),
        decisions.fatality_brackets(rows, period),
        decisions.escalation(rows, known.participants, period),
        joining(ally_rows(rows, known.participants, years), period),
        *_equations_of_war(fought, period),
        ties.rivalry_start(known, years, period),
        ties.rivalry_end(known, period),
        ties.pact_death(known, period),
    ]


def _equations_of_war(fought: WarRows, period: tuple[int, int]) -> list[Estimate]:
    """Return what wars tell of their course; nothing where there are too few to tell."""
    if len(fought.year) < wars.LEAST_WARS:
        return []
    equations = (
        wars.duration,
        wars.draw,
        wars.victory,
        wars.deaths,
        wars.duration_correlation,
    )
    return [equation(fought, period) for equation in equations]
