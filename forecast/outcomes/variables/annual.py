"""Variables of the group ``annual``: sums over trajectories by year."""

from __future__ import annotations

from forecast.outcomes.variables.concept import (
    BY_ARCHITECTURE,
    BY_PAIR,
    Concept,
    Variable,
    sum_and_product,
)

ANNUAL_COUNTS = (
    Concept("dispute_count", "disputes", "militarised disputes", "Disputes that start"),
    Concept("fatal_dispute_count", "disputes", "fatal disputes", "Fatal disputes that start"),
    Concept("war_count", "wars", "interstate wars", "Wars that start"),
    Concept("battle_deaths", "persons", "battle deaths", "Battle deaths"),
    Concept(
        "great_power_war_count",
        "wars",
        "great-power wars",
        "Wars that come to have great powers on opposite sides",
    ),
    Concept("aggression_count", "disputes", "aggressions", "Aggressions that start"),
    Concept(
        "aggression_success_count",
        "disputes",
        "successful aggressions",
        "Aggressions that reach their aim",
    ),
    Concept("veto_count", "drafts", "vetoed drafts", "Drafts vetoed"),
    Concept(
        "territory_loss_count",
        "events",
        "losses of territory",
        "Land grabs that held and territory taken by victory",
    ),
    Concept(
        "nuclear_use_count",
        "wars",
        "wars with nuclear use",
        "Wars with nuclear use that end, or are cut off by the horizon,",
    ),
    Concept(
        "coercion_success_count",
        "attempts",
        "successful economic coercion",
        "Successful attempts at economic coercion",
    ),
)
"""Counted by year, in the order of the kernel, each with a histogram."""

COALITION = "institutions of armed mutual promises and living born pacts with at least two members"

MEASURES = (
    Concept("coalition_count", "coalitions", "coalitions", f"Number of coalitions: {COALITION},"),
    Concept(
        "coalition_size",
        "states",
        "mean size of coalitions",
        "Mean number of members of coalitions, 0 without one,",
    ),
    Concept(
        "largest_coalition_share",
        "1",
        "capability share of the largest coalition",
        "Share of world capability of the coalition with most of it",
    ),
    Concept(
        "bipolarity",
        "1",
        "capability share of two coalitions",
        "Share of world capability of the largest coalition and the largest of those that have no "
        "member in common with it",
    ),
    Concept("armed_state_count", "states", "nuclear powers", "Living states with nuclear weapons"),
    Concept("rivalry_count", "rivalries", "rivalries", "Pairs of states that are rivals"),
    Concept(
        "conquest_norm",
        "1",
        "norm against conquest",
        "Strength of the norm against conquest, 0 to 1,",
    ),
    Concept(
        "military_burden",
        "1",
        "military burden",
        "Military spending over gross domestic product of the world, relative to the origin,",
    ),
)
"""Levels at the end of every year, in the order of the kernel."""

SHARED_ONSETS = Variable(
    "annual",
    "shared_onset_count",
    (*BY_PAIR, "year"),
    "int64",
    "disputes",
    "shared provocations that became disputes",
    "Provocations that every architecture meets, accepted in the year under both architectures, "
    "summed over the batch's trajectories; on the diagonal those accepted under the one. "
    "Provocations that disputes breed are not among them.",
)


def annual_variables() -> list[Variable]:
    """Return the variables of the group ``annual``."""
    found: list[Variable] = []
    for concept in ANNUAL_COUNTS:
        deaths = concept.name == "battle_deaths"
        types = ("int64" if deaths else "int32", "float64")
        found += sum_and_product("annual", concept, ("year",), "in the year", types)
        found.append(_histogram(concept, "deaths_bin" if deaths else "count_bin"))
    floats = ("float64", "float64")
    expected = Concept("expected_war_count", "wars", "expected wars", "War probabilities")
    found += sum_and_product("annual", expected, ("year",), "of the year's disputes", floats)
    for concept in MEASURES:
        found += sum_and_product("annual", concept, ("year",), "at the end of the year", floats)
    return [*found, SHARED_ONSETS]


def _histogram(concept: Concept, bins: str) -> Variable:
    return Variable(
        "annual",
        f"{concept.name}_histogram",
        (*BY_ARCHITECTURE, "year", bins),
        "int32",
        "trajectories",
        f"{concept.long_name}, histogram",
        f"Trajectories of the batch by their number of {concept.units} in the year.",
    )
