"""Variables of the groups ``states`` and ``dyads``: sums by state and by directed dyad."""

from __future__ import annotations

from forecast.outcomes.variables.concept import Concept, Variable, sum_and_product

SHELTER = "a great power owes it defence, or a body with an obligation of at least .5 covers it"

STATE_COUNTS = (
    Concept("attacked_count", "disputes", "times attacked", "Disputes with the state as target"),
    Concept(
        "fatally_attacked_count",
        "disputes",
        "times attacked fatally",
        "Fatal disputes with the state as target",
    ),
    Concept("war_count", "wars", "wars fought", "Wars with the state as a party"),
    Concept(
        "aggression_success_count",
        "disputes",
        "times victim of a successful aggression",
        "Aggressions against the state that reached their aim",
    ),
    Concept(
        "territory_loss_count",
        "events",
        "times territory was lost",
        "Land grabs that held and territory lost by defeat",
    ),
    Concept(
        "conquest_count",
        "trajectories",
        "end by conquest",
        "Trajectories in which the state ceases to exist by a lost war",
    ),
    Concept(
        "coercion_success_count",
        "attempts",
        "times coerced",
        "Successful attempts at economic coercion of the state",
    ),
    Concept(
        "sheltered_years",
        "years",
        "years sheltered",
        f"Years that begin with the state sheltered ({SHELTER})",
    ),
    Concept(
        "sheltered_attacked_count",
        "disputes",
        "times attacked while sheltered",
        "Disputes with the state as target that start while it is sheltered",
    ),
    Concept(
        "sheltered_aggression_success_count",
        "disputes",
        "times victim of a successful aggression while sheltered",
        "Aggressions against the state that reach their aim while it is sheltered",
    ),
)
"""Counted by state, in the order of the kernel."""

DYAD_COUNTS = (
    Concept("onset_count", "disputes", "dispute onsets", "Disputes of the dyad that start"),
    Concept(
        "first_onset_count",
        "trajectories",
        "first onsets",
        "Trajectories in which the pair's first dispute starts, by this initiator; both directions "
        "together: trajectories with a dispute of the pair",
    ),
    Concept(
        "first_use_count",
        "trajectories",
        "first onsets at hostility 4 or above",
        "Trajectories in which the pair's first dispute with use of force starts, by this "
        "initiator",
    ),
)


def state_variables() -> list[Variable]:
    """Return the variables of the group ``states``."""
    found: list[Variable] = []
    for concept in STATE_COUNTS:
        found += sum_and_product(
            "states", concept, ("state",), "over the horizon", ("int32", "int64")
        )
    return found


def dyad_variables() -> list[Variable]:
    """Return the variables of the group ``dyads``."""
    found: list[Variable] = []
    for concept in DYAD_COUNTS:
        both = sum_and_product("dyads", concept, ("dyad", "year"), "in the year", ("int32",) * 2)
        found += both if concept.name == "onset_count" else both[:1]
    return found
