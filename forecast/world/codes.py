"""Integer codes of the world dataset's categories, and the words they stand for.

The position of a word in its tuple is its code in the dataset, which repeats both as the
attributes `flag_values` and `flag_meanings`.
"""

from __future__ import annotations

from typing import Final

STATE_CLASSES: Final = ("small", "middle", "great")
"""Class of a state by capability; the letters S, M, G of the initial state table."""

STATE_CLASS_LETTERS: Final = ("S", "M", "G")

GREAT_POWER: Final = STATE_CLASSES.index("great")

NUCLEAR_STATUSES: Final = ("none", "latent_or_programme", "armed")

REGIONS: Final = (
    "americas",
    "europe",
    "middle_east_north_africa",
    "sub_saharan_africa",
    "central_south_asia",
    "east_asia_pacific",
)

CONTIGUITIES: Final = (
    "none",
    "land_or_river",
    "water_12_miles",
    "water_24_miles",
    "water_150_miles",
    "water_400_miles",
)
"""Direct contiguity by COW type; the code is COW's own, with 0 for none."""

LAND_CONTIGUITY: Final = CONTIGUITIES.index("land_or_river")

MEMBERSHIP_ROLES: Final = (
    "none",
    "member",
    "leader",
    "permanent_veto",
    "elected",
    "covered_partner",
    "guarantor",
)

MEMORY_QUALITIES: Final = (
    "no_memory",
    "coded_only",
    "hand_mixed",
    "hand_high",
    "hand_ucdp_confirmed",
)

WAR_SIDES: Final = ("none", "initiator_side", "target_side")
