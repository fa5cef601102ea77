"""Comparability variants: the same architecture on the terms of the reference.

A scenario asks for one as ``name@variant``. Two need no world and are applied here; the others,
``budget_matched`` and ``without_XXX``, are applied where the world is known.
"""

from __future__ import annotations

from typing import Any

from forecast.scenario.institution import Institution
from forecast.scenario.models import Architecture
from forecast.scenario.quantities import NonNegative, OpenProbability

# Credibility that every institution starts with where none is to be ahead by assumption.
# Source: assumption, that of a new body.
MATCHED_CREDIBILITY = OpenProbability(
    value=0.4, source="comparability: the same for every institution (assumption)"
)

# Source: assumption.
TRANSITION_YEARS = NonNegative(
    value=5, source="comparability: the reference turns into it over five years (assumption)"
)

# What tells a reader something and the model nothing.
WORDS = ("title", "source")


def split_label(label: str) -> tuple[str, str]:
    """Return the architecture's name and the variant, "" where the architecture is as it is.

    Examples
    --------
    >>> split_label("strengthened_un@transition")
    ('strengthened_un', 'transition')
    """
    name, _, variant = label.partition("@")
    return name, variant


def as_variant(architecture: Architecture, variant: str) -> Architecture:
    """Return the architecture as `variant` has it, so far as no world is needed for that."""
    if variant == "credibility_matched":
        matched = {
            key: record
            if record.fixed_credibility
            else record.model_copy(update={"credibility": MATCHED_CREDIBILITY})
            for key, record in architecture.institutions.items()
        }
        return architecture.model_copy(update={"institutions": matched})
    if variant == "transition" and architecture.transition_years.value == 0:
        return architecture.model_copy(update={"transition_years": TRANSITION_YEARS})
    return architecture


def differing(architecture: Architecture, reference: Architecture) -> list[str]:
    """Return the ids of the institutions that act otherwise than in the reference, or only here."""
    return [
        key
        for key, record in architecture.institutions.items()
        if key not in reference.institutions
        or _substance(record) != _substance(reference.institutions[key])
    ]


def _substance(record: Institution) -> Any:
    return _without_words(record.model_dump())


def _without_words(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_words(inner) for k, inner in value.items() if k not in WORDS}
    return value
