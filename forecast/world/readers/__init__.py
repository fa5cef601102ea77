"""One reader per source file; each returns a checked table or names the faulty cell."""

from forecast.world.readers.initial import (
    read_dispute_memory,
    read_institutions,
    read_ongoing_wars,
    read_pacts,
    read_states,
)
from forecast.world.readers.structure import (
    read_capitals,
    read_contiguity,
    read_defence_obligations,
    read_newest_trade,
    read_rivalries,
    read_system_membership,
)
from forecast.world.readers.treaties import read_alliances, read_membership_spells

__all__ = [
    "read_alliances",
    "read_capitals",
    "read_contiguity",
    "read_defence_obligations",
    "read_dispute_memory",
    "read_institutions",
    "read_membership_spells",
    "read_newest_trade",
    "read_ongoing_wars",
    "read_pacts",
    "read_rivalries",
    "read_states",
    "read_system_membership",
]
