"""Variables of the group ``institutions``: standing, survival and promptness of institutions."""

from __future__ import annotations

from forecast.outcomes.variables.concept import (
    BY_ARCHITECTURE,
    Concept,
    Variable,
    sum_and_product,
)

STANDING = (
    Concept("credibility", "1", "credibility", "Credibility of the institution, where it exists,"),
    Concept("legitimacy", "1", "legitimacy", "Legitimacy of the institution, where it exists,"),
)

AXES = ("institution", "year")

OTHERS = (
    Variable(
        "institutions",
        "survival_count",
        (*BY_ARCHITECTURE, *AXES),
        "int32",
        "trajectories",
        "survival",
        "Trajectories of the batch in which the institution exists at the end of the year.",
    ),
    Variable(
        "institutions",
        "exists",
        ("architecture", "institution"),
        "int8",
        "none",
        "institution belongs to the architecture",
        "1 where the architecture starts with the institution, 0 where it has none of the name.",
    ),
    Variable(
        "institutions",
        "latency_histogram",
        (*BY_ARCHITECTURE, "latency_bin"),
        "int32",
        "decisions",
        "delay of help by decision, histogram",
        "Decisions of bodies to enforce peace whose help arrived before the war ended, by the time "
        "from outbreak to arrival, all institutions together.",
    ),
)


def institution_variables() -> list[Variable]:
    """Return the variables of the group ``institutions``."""
    found: list[Variable] = []
    for concept in STANDING:
        found += sum_and_product(
            "institutions", concept, AXES, "at the end of the year", ("float64", "float64")
        )
        found.append(_histogram(concept))
    return [*found, *OTHERS]


def _histogram(concept: Concept) -> Variable:
    return Variable(
        "institutions",
        f"{concept.name}_histogram",
        (*BY_ARCHITECTURE, *AXES, "share_bin"),
        "int32",
        "trajectories",
        f"{concept.long_name}, histogram",
        f"Trajectories of the batch by the institution's {concept.name} at the end of the year, "
        "where it exists.",
    )
