"""The kernel's working records: what is known, the rules, the mutable state and the tally.

A loop over many states first binds the arrays it needs to local names. Read from the record inside
the loop, their addresses would be loaded anew at every step, as far as the compiler knows that a
store might have changed them, and the loop could not work on several states at once.

Structrefs are passed by one pointer. The same fields in nested named tuples cost ten times the
compile time and a microsecond per call, because numba flattens tuples into arguments.
"""

import numpy as np
from numba.experimental import structref

from forecast.kernel.arrays import Shared
from forecast.kernel.borrowing import Record, borrowing


@borrowing
class CandidatesType(Record):
    """Type of Candidates."""


@borrowing
class WorldType(Record):
    """Type of World."""


@borrowing
class LawType(Record):
    """Type of Law."""


@borrowing
class StateType(Record):
    """Type of State."""


@borrowing
class TallyType(Record):
    """Type of Tally."""


class Candidates:
    """The candidates and innovations of one trajectory, common to all architectures."""


class World:
    """What does not change in a run: states, dyads, rates, wars at the origin, parameters."""


class Law:
    """The institution records of one architecture."""


class State:
    """What changes in one trajectory under one architecture."""


class Tally:
    """What is counted of one trajectory under one architecture, and its event log."""


WORLD_FIELDS = (
    "code capability log_capability population democracy democratic great g3 state_class "
    "region gdp spending nuclear resilience affinity trade contiguity rival initiator target "
    "pair reverse greats dyad_start origin_rivalry pair_start base newness rate log_rate "
    "cumulative_rate cumulative_short cumulative_long size_median size_slope willing "
    "support_reference cost_reference support_nominal first_dyad rival_log_rate "
    "cumulative_rival cumulative_coercion threat threat_mean threat_sd stake guard_reference "
    "load_reference origin_initiator origin_target origin_elapsed origin_low origin_high "
    "origin_side years onset climate sampling aim response support escalation fatality "
    "joining vote veto war deaths consequence credibility order spillover sanctions "
    "peacekeeping weapons conquest rivalry exit pacts coercion growth budget regime "
    "overcommitment process child_means vote_odds takes_up fatal bystander origin_pair "
    "log_count most_conviction most_eagerness vote_start guide_rate guide_short guide_long "
    "guide_rival guide_coercion"
).split()
LAW_FIELDS = (
    "exists key obligation share standing prior_a prior_b fail_weight memory_years legitimacy "
    "quorum veto_restraint override_quorum ladder_max trigger armed economic pole accedes "
    "links exit_rate hardening_rate obligation_ceiling share_ceiling start_obligation "
    "start_share start_standing start_veto_restraint start_credibility latency_days "
    "free_riding intra fixed exclude_parties resilience_rate resilience_cap member decider "
    "veto covered roll roll_size seat seat_size promise_start promise owes defenders stakes "
    "link_low link_high link_class order_body bodies tables table start_table conduct "
    "start_conduct transition_years mediators holder holder_size lot_purpose "
    "lot_actor"
).split()
# Between events nobody reads score, obliged_state, obliged_by, actor, purpose and vote_*: they are
# the scratch of whatever runs.
STATE_FIELDS = (
    "capability log_capability past stock gdp people bulk growth burden shift democratic "
    "nuclear alive tied reputation_a reputation_b offer resilience sanctioned condemned "
    "threat provocation relief load guard sheltered faith unrest effort rival owes defenders "
    "exists member decider veto covered roll roll_size seat seat_size obligation share "
    "standing veto_restraint low_years coreless credibility_a credibility_b legitimacy weight "
    "kappa lean pool standing_war conduct level_of promise_count promise stakes link_low "
    "link_high link_end born_member born_size born_end memory memory_short memory_time lift "
    "lifted peace last_war rivalry heat heat_time war_active war_start war_duration "
    "war_initiator war_target war_id war_aim war_dyad war_draw war_ratio war_side war_load "
    "war_capability war_committed war_standing war_sanctioned war_complied war_great war_bin "
    "war_parties war_rate pending_time pending_id pending_dyad pending_height number "
    "on_agenda level vetoed war_vetoed bound_joined bound_expected bound mark obliged_state "
    "obliged_by score war_pair war_party war_size war_asked war_hesitation purpose actor "
    "vote_u vote_v vote_w lot_u lot_v lot_w called of_pair moved force"
).split()
TALLY_FIELDS = (
    "counts expected annual annual_expected measures states credibility legitimacy survives "
    "attempts successes latency accepted onsets onsets_size "
    "log_size log_time log_kind log_id log_initiator log_target log_institution "
    "log_value"
).split()

structref.define_constructor(Candidates, CandidatesType, Shared._fields)
structref.define_constructor(World, WorldType, WORLD_FIELDS)
structref.define_constructor(Law, LawType, LAW_FIELDS)
structref.define_constructor(State, StateType, STATE_FIELDS)
structref.define_constructor(Tally, TallyType, TALLY_FIELDS)

# Positions in State.number.
PENDING, WARS, STAMP, EXIT, DISPUTES, BORN, LINK_ENDS, RIVALRIES, RIVAL_AT, LIFTED = range(10)
ENDING, REACHED, MOVED = 10, 11, 12
NUMBERS = 13

# Positions in State.level_of: numbers of the whole system.
# FORCE: how far a transition has come, 1 without one; NEXT_END: the next end of a war; STRENGTH:
# what capabilities add up to before they are shares.
NORM, SHOCK_UNTIL, FORCE, NEXT_END, STRENGTH = range(5)
LEVELS = 5

# Positions in Law.conduct and State.conduct (arrays.CONDUCT).
(
    WILLING_BONUS,
    WILLING_WEIGHT,
    BALANCE_BONUS,
    BIRTHS_PER_YEAR,
    BIRTH_SIZE_MOST,
    BIRTH_LIFE_YEARS,
    PACT_DEATH_FACTOR,
    EXIT_FACTOR,
    ACCESSION_PER_YEAR,
    POLARISATION,
    ACCOMMODATION,
    CONQUEST_NORM,
) = range(12)

PAST_YEARS = 5  # how far back power transitions and shifts of power are judged

# Positions in State.lot_u: what is drawn at once for every dispute; the bodies' agendas follow.
PROVOCATION_LOT, ESCALATION_LOT, FATALITY_LOT, CHILDREN_LOT, AGENDA_LOTS = range(5)

# Positions in Tally.counts (integers) and their order in the results.
(
    DISPUTE_COUNT,
    FATAL_DISPUTE_COUNT,
    WAR_COUNT,
    BATTLE_DEATHS,
    LARGEST_WAR_BATTLE_DEATHS,
    GREAT_POWER_WAR_YEAR,
    G3_WAR_YEAR,
    AGGRESSION_COUNT,
    AGGRESSION_SUCCESS_COUNT,
    SMALL_STATE_LOSS_COUNT,
    TESTED_OBLIGATION_COUNT,
    ANSWERED_OBLIGATION_COUNT,
    ALLY_INVOCATION_COUNT,
    ALLY_HONOURED_COUNT,
    JOINER_COUNT,
    AGENDA_COUNT,
    SANCTIONS_COUNT,
    ENFORCEMENT_COUNT,
    PEACEKEEPING_COUNT,
    VETO_COUNT,
    COMPLIANCE_COUNT,
    TERRITORY_LOSS_COUNT,
    CONQUEST_COUNT,
    GREAT_POWER_DISPUTE_COUNT,
    NUCLEAR_USE_COUNT,
    NUCLEAR_USE_YEAR,
    NUCLEAR_DEATHS,
    PROLIFERATION_COUNT,
    RIVALRY_START_COUNT,
    RIVALRY_END_COUNT,
    PACT_BIRTH_COUNT,
    PACT_END_COUNT,
    ACCESSION_COUNT,
    EXIT_COUNT,
    DISSOLUTION_COUNT,
    COERCION_COUNT,
    COERCION_SUCCESS_COUNT,
    CLIP_COUNT,
    EXIT_REASON,
) = range(39)
COUNTS = 39
EXPECTED_WARS, EXPECTED_GREAT_POWER_WARS = 0, 1

# Positions in Tally.annual and Tally.states.
(
    ANNUAL_DISPUTES,
    ANNUAL_FATAL_DISPUTES,
    ANNUAL_WARS,
    ANNUAL_DEATHS,
    ANNUAL_GREAT_POWER_WARS,
    ANNUAL_AGGRESSIONS,
    ANNUAL_SUCCESSES,
    ANNUAL_VETOES,
    ANNUAL_TERRITORY_LOSSES,
    ANNUAL_NUCLEAR_USES,
    ANNUAL_COERCION_SUCCESSES,
) = range(11)
ANNUALS = 11
(
    STATE_ATTACKED,
    STATE_FATALLY_ATTACKED,
    STATE_WARS,
    STATE_VICTIM,
    STATE_TERRITORY_LOSSES,
    STATE_CONQUERED,
    STATE_COERCED,
    STATE_SHELTERED_YEARS,
    STATE_SHELTERED_ATTACKED,
    STATE_SHELTERED_VICTIM,
) = range(10)
STATE_COUNTS = 10

# Positions in Tally.measures.
(
    COALITION_COUNT,
    COALITION_SIZE,
    LARGEST_COALITION,
    BIPOLARITY,
    ARMED_STATES,
    RIVALRY_COUNT,
    NORM_MEASURE,
    BURDEN,
) = range(8)
MEASURES = 8

# Aggressions are tallied by ln(C_i/C_j), in bins one wide from -6 to 6, and by the two classes.
POWER_BINS = 12
CLASSES = 3
SMALL, MIDDLE = 0, 1  # World.state_class
# Delay of help by decision, in bins 30 days wide; the last holds all above.
LATENCY_BINS = 20

# Arguments that several call sites give as constants are of one type: every literal, and every
# width of integer, would compile the callee and all it calls anew.
CRISIS, BLOODSHED, WAR_STAGE = np.int64(0), np.int64(1), np.int64(2)  # severity of a stage
SANCTIONS_LEVEL, PEACEKEEPING_LEVEL, FORCE_LEVEL = np.int64(2), np.int64(3), np.int64(4)
DISPLAY_ACT, USE_ACT, WAR_ACT = np.int64(2), np.int64(3), np.int64(4)  # what triggers a body
INITIATOR_SIDE, TARGET_SIDE = np.int64(1), np.int64(2)
NONE = np.int64(-1)
ONE = np.int64(1)
