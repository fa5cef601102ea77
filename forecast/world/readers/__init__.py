"""One reader per source file; each returns a checked table or names the faulty cell."""

from forecast.world.readers.events import (
    read_armed_conflicts,
    read_conflict_deaths,
    read_dispute_participants,
    read_disputes,
    read_gml_dyads,
    read_interstate_wars,
)
from forecast.world.readers.initial import (
    read_dispute_memory,
    read_institutions,
    read_ongoing_wars,
    read_pacts,
    read_states,
)
from forecast.world.readers.measures import (
    read_capabilities,
    read_country_codes,
    read_economy,
    read_ideal_points,
    read_major_powers,
    read_nuclear,
    read_regimes,
    read_state_codes,
)
from forecast.world.readers.structure import (
    read_capitals,
    read_contiguity,
    read_defence_obligations,
    read_rivalries,
    read_system_membership,
    read_trade,
)
from forecast.world.readers.treaties import read_alliances, read_membership_spells

__all__ = [
    "read_alliances",
    "read_armed_conflicts",
    "read_capabilities",
    "read_capitals",
    "read_conflict_deaths",
    "read_contiguity",
    "read_country_codes",
    "read_defence_obligations",
    "read_dispute_memory",
    "read_dispute_participants",
    "read_disputes",
    "read_economy",
    "read_gml_dyads",
    "read_ideal_points",
    "read_institutions",
    "read_interstate_wars",
    "read_major_powers",
    "read_membership_spells",
    "read_nuclear",
    "read_ongoing_wars",
    "read_pacts",
    "read_regimes",
    "read_rivalries",
    "read_state_codes",
    "read_states",
    "read_system_membership",
    "read_trade",
]
