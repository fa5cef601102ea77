"""The registry of stored variables: name, dimensions, type, units and meaning, stated once.

Groups other than ``trajectories`` carry an axis `batch`: a fixed range of trajectories whose sums,
sums of cross-products and histograms were written together. Totals over a run are sums over it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from forecast.kernel.events import EXIT_REASONS

COUNT_BINS = 32
"""Bins of annual counts 0, 1, ..., 30 and one for 31 or more; of annual battle deaths also 32."""

SHARE_BINS = 20
"""Bins of credibility and legitimacy, each .05 wide."""


class Variable(NamedTuple):
    """One stored array.

    Parameters
    ----------
    group
        Group of the store it stands in.
    name
        Name inside the group.
    dims
        Dimension names, in storage order.
    dtype
        Smallest integer type that surely holds it, or float64.
    units
        Unit of the values; ``1`` for pure numbers.
    long_name
        What it is, in a few words.
    description
        What it means and how it is counted.
    """

    group: str
    name: str
    dims: tuple[str, ...]
    dtype: str
    units: str
    long_name: str
    description: str

    @property
    def path(self) -> str:
        """Group and name, as a path inside the store."""
        return f"{self.group}/{self.name}"

    def attributes(self) -> dict[str, Any]:
        """Return the attributes stored with the array."""
        flags: dict[str, Any] = {}
        if self.name == "exit_reason":
            flags = {
                "flag_values": list(range(len(EXIT_REASONS))),
                "flag_meanings": " ".join(EXIT_REASONS),
            }
        return {
            "long_name": self.long_name,
            "units": self.units,
            "description": self.description,
            **flags,
        }


class Concept(NamedTuple):
    """A quantity counted along some axis, before it is spread over that axis's arrays."""

    name: str
    units: str
    long_name: str
    description: str


FIRST_GREAT_POWER_WAR = "First calendar year of a war with {who} on opposite sides; 0: none."

TRAJECTORY_INTEGERS: tuple[tuple[Concept, str], ...] = (
    (
        Concept(
            "dispute_count",
            "disputes",
            "militarised disputes",
            "Dyadic dispute onsets within the horizon.",
        ),
        "uint16",
    ),
    (
        Concept(
            "fatal_dispute_count",
            "disputes",
            "fatal disputes",
            "Disputes with at least one battle death, those that become wars included.",
        ),
        "uint16",
    ),
    (
        Concept(
            "war_count",
            "wars",
            "interstate wars",
            "Wars that start within the horizon; wars under way at the origin are not counted.",
        ),
        "uint16",
    ),
    (
        Concept(
            "battle_deaths",
            "persons",
            "battle deaths",
            "Battle deaths of wars and fatal disputes within the horizon; of wars under way at "
            "the origin those still to come.",
        ),
        "int64",
    ),
    (
        Concept(
            "largest_war_battle_deaths",
            "persons",
            "battle deaths of the largest war",
            "Battle deaths within the horizon of the war with most of them.",
        ),
        "int64",
    ),
    (
        Concept(
            "great_power_war_year",
            "calendar year",
            "first great-power war",
            FIRST_GREAT_POWER_WAR.format(who="great powers"),
        ),
        "int16",
    ),
    (
        Concept(
            "g3_war_year",
            "calendar year",
            "first war between the three largest powers",
            FIRST_GREAT_POWER_WAR.format(who="two of the United States, China and Russia"),
        ),
        "int16",
    ),
    (
        Concept(
            "aggression_count",
            "disputes",
            "aggressions",
            "Disputes in which the initiator wants territory, a policy or a regime changed.",
        ),
        "uint16",
    ),
    (
        Concept(
            "aggression_success_count",
            "disputes",
            "successful aggressions",
            "Aggressions that reach their aim: by a land grab that holds, a concession, or a war "
            "the initiator wins.",
        ),
        "uint16",
    ),
    (
        Concept(
            "tested_obligation_count",
            "tests",
            "tests of institutions",
            "Times an institution was called on by an attack on a state it covers.",
        ),
        "uint16",
    ),
    (
        Concept(
            "answered_obligation_count",
            "tests",
            "answered tests",
            "Tests in which the institution delivered at least half of what was due.",
        ),
        "uint16",
    ),
    (
        Concept(
            "ally_invocation_count",
            "decisions",
            "allies called to war",
            "Obliged states that had to decide whether to join the target's side of a war.",
        ),
        "uint16",
    ),
    (
        Concept(
            "ally_honoured_count",
            "decisions",
            "allies that came",
            "Obliged states that joined the target's side.",
        ),
        "uint16",
    ),
    (
        Concept(
            "veto_count",
            "drafts",
            "vetoed drafts",
            "Drafts vetoed, counted once per dispute, body and level.",
        ),
        "uint16",
    ),
    (
        Concept(
            "clip_count",
            "candidates",
            "clipped candidates",
            "Candidate disputes whose intensity exceeded the sampling bound and was cut to it.",
        ),
        "uint32",
    ),
    (
        Concept(
            "exit_reason",
            "none",
            "how the trajectory ended",
            "0 completed; anything else means that a limit was met and the history is truncated.",
        ),
        "int8",
    ),
)

TRAJECTORY_EXPECTATIONS = (
    Concept(
        "expected_war_count",
        "wars",
        "expected interstate wars",
        "Sum of the war probabilities at every escalation decision: the same mean as war_count "
        "with far less noise.",
    ),
    Concept(
        "expected_great_power_war_count",
        "wars",
        "expected direct great-power wars",
        "Sum of the war probabilities at escalation decisions between two great powers. Wars that "
        "great powers enter as joiners are not in it, so it does not stand for "
        "great_power_war_year.",
    ),
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
)

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
)

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

STANDING = (
    Concept("credibility", "1", "credibility", "Credibility of the institution"),
    Concept("legitimacy", "1", "legitimacy", "Legitimacy of the institution"),
)

BY_ARCHITECTURE = ("batch", "architecture")
BY_PAIR = ("batch", "architecture", "other_architecture")
PRODUCT = (
    "Sum over the batch's trajectories of the product of {what} under the two architectures; "
    "with the sums it gives the error of a paired difference."
)


def _trajectory_variables() -> list[Variable]:
    dims = ("architecture", "trajectory")
    counted = [
        Variable("trajectories", c.name, dims, dtype, c.units, c.long_name, c.description)
        for c, dtype in TRAJECTORY_INTEGERS
    ]
    expected = [
        Variable("trajectories", c.name, dims, "float64", c.units, c.long_name, c.description)
        for c in TRAJECTORY_EXPECTATIONS
    ]
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


def _sum_and_product(
    group: str, concept: Concept, axes: tuple[str, ...], where: str, types: tuple[str, str]
) -> list[Variable]:
    """Return a concept's batch sum and its cross-product between architectures."""
    name, units, long_name, meaning = concept
    return [
        Variable(
            group,
            name,
            (*BY_ARCHITECTURE, *axes),
            types[0],
            units,
            f"{long_name}, sum over the batch",
            f"{meaning} {where}, summed over the batch's trajectories.",
        ),
        Variable(
            group,
            f"{name}_product",
            (*BY_PAIR, *axes),
            types[1],
            f"{units}^2",
            f"{long_name}, sum of cross-products",
            PRODUCT.format(what=name),
        ),
    ]


def _annual_variables() -> list[Variable]:
    found: list[Variable] = []
    for concept in ANNUAL_COUNTS:
        deaths = concept.name == "battle_deaths"
        types = ("int64" if deaths else "int32", "float64")
        found += _sum_and_product("annual", concept, ("year",), "in the year", types)
        found.append(
            Variable(
                "annual",
                f"{concept.name}_histogram",
                (*BY_ARCHITECTURE, "year", "deaths_bin" if deaths else "count_bin"),
                "int32",
                "trajectories",
                f"{concept.long_name}, histogram",
                f"Trajectories of the batch by their number of {concept.units} in the year.",
            )
        )
    expected = Concept("expected_war_count", "wars", "expected wars", "War probabilities")
    return found + _sum_and_product(
        "annual", expected, ("year",), "of the year's disputes", ("float64", "float64")
    )


def _state_variables() -> list[Variable]:
    found: list[Variable] = []
    for concept in STATE_COUNTS:
        found += _sum_and_product(
            "states", concept, ("state",), "over the horizon", ("int32", "int64")
        )
    return found


def _institution_variables() -> list[Variable]:
    axes = ("institution", "year")
    found: list[Variable] = []
    for concept in STANDING:
        found += _sum_and_product(
            "institutions", concept, axes, "at the end of the year", ("float64", "float64")
        )
        found.append(
            Variable(
                "institutions",
                f"{concept.name}_histogram",
                (*BY_ARCHITECTURE, *axes, "share_bin"),
                "int32",
                "trajectories",
                f"{concept.long_name}, histogram",
                f"Trajectories of the batch by the institution's {concept.name} at the end of the "
                "year; zero where the architecture has no such institution.",
            )
        )
    survival = Variable(
        "institutions",
        "survival_count",
        (*BY_ARCHITECTURE, *axes),
        "int32",
        "trajectories",
        "survival",
        "Trajectories of the batch in which the institution exists at the end of the year.",
    )
    exists = Variable(
        "institutions",
        "exists",
        ("architecture", "institution"),
        "int8",
        "none",
        "institution belongs to the architecture",
        "1 where the architecture starts with the institution, 0 where it has none of the name.",
    )
    return [*found, survival, exists]


def _dyad_variables() -> list[Variable]:
    found: list[Variable] = []
    for concept in DYAD_COUNTS:
        both = _sum_and_product("dyads", concept, ("dyad", "year"), "in the year", ("int32",) * 2)
        found += both if concept.name == "onset_count" else both[:1]
    return found


VARIABLES: tuple[Variable, ...] = (
    *_trajectory_variables(),
    *_annual_variables(),
    *_state_variables(),
    *_institution_variables(),
    *_dyad_variables(),
)
"""Every data variable of a store, in order of its groups."""

GROUPS: tuple[str, ...] = tuple(dict.fromkeys(v.group for v in VARIABLES))
