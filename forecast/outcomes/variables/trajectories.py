"""Variables of the group ``trajectories``: one value per architecture and trajectory."""

from __future__ import annotations

from forecast.outcomes.variables.concept import Concept, Variable
from forecast.outcomes.variables.conflict_counts import AFTERMATH, EXPECTED, RESPONSE, VIOLENCE

ORDER = (
    Concept(
        "proliferation_count",
        "states",
        "new nuclear powers",
        "States that acquire nuclear weapons.",
    ),
    Concept(
        "rivalry_start_count",
        "rivalries",
        "rivalries that start",
        "Pairs of states that become rivals.",
    ),
    Concept(
        "rivalry_end_count",
        "rivalries",
        "rivalries that end",
        "Rivalries that end of themselves, by a change of regime or with one of the states.",
    ),
    Concept("pact_birth_count", "pacts", "pacts born", "Defence pacts signed within the horizon."),
    Concept(
        "pact_end_count",
        "pacts",
        "pacts that end",
        "Bilateral ties of the origin and pacts signed in the run that end.",
    ),
    Concept(
        "accession_count",
        "states",
        "accessions",
        "States that join an institution open to new members.",
    ),
    Concept("exit_count", "states", "exits", "Members that leave an institution."),
    Concept(
        "dissolution_count",
        "institutions",
        "dissolved institutions",
        "Institutions that end because too few belong to them, credibility collapsed or the core "
        "left.",
    ),
    Concept(
        "coercion_count",
        "attempts",
        "attempts at economic coercion",
        "Times a great power tried to coerce a state that depends on trade with it.",
    ),
    Concept(
        "coercion_success_count",
        "attempts",
        "successful economic coercion",
        "Attempts neither withstood by the state nor averted by a ruling.",
    ),
)

HISTORY = (
    Concept(
        "clip_count",
        "candidates",
        "clipped candidates",
        "Candidate disputes and rivalries whose intensity exceeded the sampling bound and was cut "
        "to it.",
    ),
    Concept(
        "exit_reason",
        "none",
        "how the trajectory ended",
        "0 completed; -1 not run yet; anything else means that a limit was met and the history is "
        "truncated.",
    ),
)

TRAJECTORY_COUNTS: tuple[Concept, ...] = (*VIOLENCE, *RESPONSE, *AFTERMATH, *ORDER, *HISTORY)
"""Whole numbers per trajectory, in the order of the kernel."""

TRAJECTORY_EXPECTATIONS = EXPECTED

TYPES = {
    "battle_deaths": "int64",
    "largest_war_battle_deaths": "int64",
    "nuclear_deaths": "int64",
    "great_power_war_year": "int16",
    "g3_war_year": "int16",
    "nuclear_use_year": "int16",
    "clip_count": "uint32",
    "exit_reason": "int8",
}
"""Types of the counts that do not fit the common one."""

COMMON_TYPE = "uint16"

SINCE = {"small_state_loss_count": 2}
"""First version of the numbers that a count is stored in, where it is not the first of all."""


def _variable(concept: Concept, dtype: str) -> Variable:
    name, units, long_name, description = concept
    dims = ("architecture", "trajectory")
    since = SINCE.get(name, 0)
    return Variable("trajectories", name, dims, dtype, units, long_name, description, since)


def trajectory_variables() -> list[Variable]:
    """Return the variables of the group ``trajectories``."""
    counted = [_variable(c, TYPES.get(c.name, COMMON_TYPE)) for c in TRAJECTORY_COUNTS]
    expected = [_variable(c, "float64") for c in TRAJECTORY_EXPECTATIONS]
    stream = Variable(
        "trajectories",
        "stream_hash",
        ("trajectory",),
        "uint64",
        "none",
        "hash of the candidate stream",
        "Hash of the candidates that every architecture met in this trajectory.",
    )
    candidates = Variable(
        "trajectories",
        "candidate_count",
        ("trajectory",),
        "int32",
        "candidates",
        "shared candidates",
        "Candidate disputes that every architecture met, without those that disputes own; -1: more "
        "than the room set aside for them.",
    )
    return [*counted, *expected, stream, candidates]
