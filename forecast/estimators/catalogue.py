"""The outcomes that architectures are compared by."""

from __future__ import annotations

from collections.abc import Sequence

from forecast.errors import nearest
from forecast.estimators.measure import Measure

TAIL = 7_061.0
"""Battle deaths from which the record of wars follows a power law (docs/model.md §7)."""

__all__ = ["FURTHER", "MAIN", "MEASURES", "Measure", "choose_measures"]

MAIN: tuple[Measure, ...] = (
    Measure("dispute_count", "militarised disputes", "per year", "rate", ("dispute_count",)),
    Measure("fatal_dispute_count", "fatal disputes", "per year", "rate", ("fatal_dispute_count",)),
    Measure("war_count", "interstate wars", "per year", "rate", ("war_count",)),
    Measure(
        "expected_war_count",
        "interstate wars, from escalation probabilities",
        "per year",
        "rate",
        ("expected_war_count",),
    ),
    Measure(
        "battle_deaths_median",
        "battle deaths, median",
        "persons",
        "quantile",
        ("battle_deaths",),
        0.5,
    ),
    Measure(
        "battle_deaths_above_1000000",
        "more than 1,000,000 battle deaths in all",
        "probability",
        "probability",
        ("battle_deaths",),
        1e6,
    ),
    Measure(
        "largest_war_above_100000",
        "a war with more than 100,000 battle deaths",
        "probability",
        "probability",
        ("largest_war_battle_deaths",),
        1e5,
    ),
    Measure(
        "great_power_war",
        "a war with great powers on opposite sides",
        "probability",
        "probability",
        ("great_power_war_year",),
    ),
    Measure(
        "g3_war",
        "a war with two of the US, China and Russia on opposite sides",
        "probability",
        "probability",
        ("g3_war_year",),
    ),
    Measure(
        "expected_great_power_war_count",
        "direct great-power wars, from escalation probabilities",
        "in all",
        "total",
        ("expected_great_power_war_count",),
    ),
    Measure(
        "aggression_success_count",
        "successful aggressions",
        "per year",
        "rate",
        ("aggression_success_count",),
    ),
    Measure(
        "aggression_success_rate",
        "successful among all aggressions",
        "share",
        "share",
        ("aggression_success_count", "aggression_count"),
    ),
    Measure(
        "answered_obligation_share",
        "tests that institutions answered",
        "share",
        "share",
        ("answered_obligation_count", "tested_obligation_count"),
    ),
    Measure(
        "ally_honoured_share",
        "called allies that joined the war",
        "share",
        "share",
        ("ally_honoured_count", "ally_invocation_count"),
    ),
)
"""The outcomes of the comparison's table."""


def _above(name: str, variable: str, deaths: float) -> Measure:
    what = "in all" if variable == "battle_deaths" else "in one war"
    title = f"more than {deaths:,.0f} battle deaths {what}"
    return Measure(name, title, "probability", "probability", (variable,), deaths)


def _rate(name: str, title: str) -> Measure:
    return Measure(name, title, "per year", "rate", (name,))


def _total(name: str, title: str) -> Measure:
    return Measure(name, title, "in all", "total", (name,))


def _share(name: str, title: str, of: str, among: str, units: str = "share") -> Measure:
    return Measure(name, title, units, "share", (of, among))


FURTHER: tuple[Measure, ...] = (
    Measure(
        "battle_deaths_p90",
        "battle deaths, 90th percentile",
        "persons",
        "quantile",
        ("battle_deaths",),
        0.9,
    ),
    Measure(
        "largest_war_median",
        "battle deaths of the largest war, median",
        "persons",
        "quantile",
        ("largest_war_battle_deaths",),
        0.5,
    ),
    Measure(
        "largest_war_p90",
        "battle deaths of the largest war, 90th percentile",
        "persons",
        "quantile",
        ("largest_war_battle_deaths",),
        0.9,
    ),
    Measure(
        "largest_war_tail_exponent",
        "tail exponent of the largest war's battle deaths from 7,061",
        "exponent",
        "tail",
        ("largest_war_battle_deaths",),
        TAIL,
    ),
    Measure("battle_deaths_mean", "battle deaths, mean", "persons", "total", ("battle_deaths",)),
    _above("battle_deaths_above_100000", "battle_deaths", 1e5),
    _above("battle_deaths_above_10000000", "battle_deaths", 1e7),
    _above("largest_war_above_1000000", "largest_war_battle_deaths", 1e6),
    _above("largest_war_above_10000000", "largest_war_battle_deaths", 1e7),
    _rate("small_state_loss_count", "successful aggressions against small states"),
    _rate("great_power_dispute_count", "disputes between great powers"),
    _share("agenda_share", "disputes that a body took up", "agenda_count", "dispute_count"),
    _share("sanctions_share", "disputes with sanctions", "sanctions_count", "dispute_count"),
    _share("enforcement_share", "wars with enforcement", "enforcement_count", "war_count"),
    _share(
        "peacekeeping_share", "wars followed by peacekeepers", "peacekeeping_count", "war_count"
    ),
    _share("joiners_per_war", "states that join a war", "joiner_count", "war_count", "per war"),
    _rate("compliance_count", "initiators that complied"),
    _rate("veto_count", "vetoed drafts"),
    _rate("territory_loss_count", "losses of territory"),
    _total("conquest_count", "states ended by conquest"),
    Measure(
        "nuclear_use", "nuclear weapons used", "probability", "probability", ("nuclear_use_year",)
    ),
    _total("proliferation_count", "new nuclear powers"),
    _rate("rivalry_start_count", "rivalries that start"),
    _rate("rivalry_end_count", "rivalries that end"),
    _rate("pact_birth_count", "pacts born"),
    _rate("pact_end_count", "pacts that end"),
    _total("accession_count", "accessions"),
    _total("exit_count", "exits of members"),
    _total("dissolution_count", "dissolved institutions"),
    _rate("coercion_success_count", "successful economic coercion"),
    _share(
        "coercion_success_share",
        "successful among all attempts at economic coercion",
        "coercion_success_count",
        "coercion_count",
    ),
)
"""Outcomes shown when asked for by name."""

COMPENSATORS = {"expected_war_count": "war_count"}
"""Outcomes with the mean of another and less noise.

At every escalation decision the die is cast after its probability is known, so the sum of the
probabilities less the number of wars has mean zero. Wars under way at the origin are in neither.
Of `expected_great_power_war_count` no outcome of a trajectory is the count: `great_power_war` is a
probability and holds the wars that great powers enter later.
"""

MEASURES: tuple[Measure, ...] = (*MAIN, *FURTHER)


def choose_measures(names: Sequence[str] | None) -> tuple[Measure, ...]:
    """Return the measures of the given names; by default those of the main table.

    Raises
    ------
    ForecastError
        If a name is unknown; the message offers the nearest.
    """
    known = {measure.name: measure for measure in MEASURES}
    wanted = names or [measure.name for measure in MAIN]
    return tuple(known[nearest(name, list(known), "outcome")] for name in wanted)
