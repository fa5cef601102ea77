"""The cascade of one accepted dispute: response, institutions, escalation, consequences (§4)."""

import math

import numpy as np

from forecast.kernel import events
from forecast.kernel.candidates import bear_children
from forecast.kernel.capability import log_ratio
from forecast.kernel.compiled import jit
from forecast.kernel.credibility import order_share, test_institutions
from forecast.kernel.distributions import clip, logistic
from forecast.kernel.motions import clear_stage, level_reached, sanctioned, stage
from forecast.kernel.records import (
    AGENDA_COUNT,
    AGGRESSION_COUNT,
    ANNUAL_AGGRESSIONS,
    ANNUAL_DEATHS,
    ANNUAL_DISPUTES,
    ANNUAL_FATAL_DISPUTES,
    ANNUAL_TERRITORY_LOSSES,
    ANNUAL_WARS,
    BATTLE_DEATHS,
    BLOODSHED,
    COMPLIANCE_COUNT,
    CRISIS,
    DISPLAY_ACT,
    DISPUTE_COUNT,
    DISPUTES,
    ENFORCEMENT_COUNT,
    ESCALATION_LOT,
    EXIT,
    EXPECTED_GREAT_POWER_WARS,
    EXPECTED_WARS,
    FATAL_DISPUTE_COUNT,
    FATALITY_LOT,
    GREAT_POWER_DISPUTE_COUNT,
    PROVOCATION_LOT,
    SANCTIONS_COUNT,
    STATE_ATTACKED,
    STATE_FATALLY_ATTACKED,
    STATE_SHELTERED_ATTACKED,
    STATE_TERRITORY_LOSSES,
    TERRITORY_LOSS_COUNT,
    USE_ACT,
    WAR_ACT,
    WAR_COUNT,
    WAR_STAGE,
)
from forecast.kernel.rivalries import short_memory
from forecast.kernel.sanctions import complies, impose
from forecast.kernel.streams import draw_many
from forecast.kernel.tally import count, log_event, mark_onset, power_bin, succeed
from forecast.kernel.war import wage

MOST_DISPUTES = 50_000
# Fatality brackets of the MID data (levels 1-5): deaths from, to.
LOG_BRACKET_LOW = tuple(math.log(x) for x in (1, 26, 101, 251, 501))
LOG_BRACKET_HIGH = tuple(math.log(x) for x in (25, 100, 250, 500, 999))


@jit
def aim_of(world, i, j, v):
    """Return the initiator's aim: 0 none, 1 territory, 2 policy, 3 regime, 4 other."""
    a = world.aim
    if world.contiguity[i, j] == 1:
        shares = (a.land_territory, a.land_policy, a.land_regime, a.land_other)
    else:
        shares = (a.far_territory, a.far_policy, a.far_regime, a.far_other)
    total = 0.0
    for n in range(4):
        total += shares[n]
        if v < total:
            return n + 1
    return 0


@jit
def remembered(world, state, pair, t):
    """Return the long memory of a pair at time t, before the present dispute."""
    age = t - state.memory_time[pair]
    return state.memory[pair] * math.exp(-age / world.onset.tau_long)


@jit
def resistance_probability(world, state, i, j, memory):
    """Return the probability that target j resists initiator i."""
    r = world.response
    x = r.const + r.parity * -abs(log_ratio(world, state, i, j))
    if world.contiguity[i, j] == 1:
        x += r.land
    x += r.major_target * world.great[j] + r.major_initiator * world.great[i]
    x += r.rivalry * state.rival[i, j] + r.memory_long * math.log(1.0 + memory)
    if state.defenders[j] - state.owes[i, j] > 0:
        x += r.outside_ally
    if state.nuclear[j] == 2 and state.nuclear[i] != 2:
        x += r.nuclear_target_only
    x += r.order_weight * world.order.order_weight
    return logistic(x + r.resilience * (state.resilience[j] - r.resilience_reference))


@jit
def _mediating_institution(law, state, i, j):
    for p in law.mediators:
        if state.exists[p] and state.member[p, i] and state.member[p, j]:
            return True
    return False


@jit
def war_probability(world, law, state, k, i, j, support, bite, mediated):
    """Return the probability that a resisted dispute escalates to war."""
    e = world.escalation
    x = e.const + e.log_ratio * log_ratio(world, state, i, j)
    if world.contiguity[i, j] == 1:
        x += e.land
    gain = support - world.support_reference[k] + world.support_nominal[k]
    x += e.support * clip(gain, e.support_low, e.support_high)
    if state.democratic[i] and state.democratic[j]:
        x += e.joint_democracy
    x += e.rivalry * state.rival[i, j] + e.order_weight * world.order.order_weight
    upheld = e.post1945
    if world.great[i] and world.great[j]:
        upheld += e.great_powers
    x += upheld * order_share(world, law, state)
    if state.nuclear[i] == 2 and state.nuclear[j] == 2:
        x += e.nuclear_dyad
    if mediated:
        x += e.mediation
    x += e.sanctions_threat * (1.0 if sanctioned(state) else math.sqrt(bite))
    if _mediating_institution(law, state, i, j):
        x += e.intra_mediation
    return logistic(x)


@jit
def fatality_probability(world, state, i, j, resisted):
    """Return the probability of deaths short of war."""
    if not resisted:
        return world.fatality.unresisted
    land = np.int64(world.contiguity[i, j] == 1)
    both = np.int64(state.democratic[i] & state.democratic[j])
    return world.fatal[state.rival[i, j], land, both]


@jit
def deaths_short_of_war(world, u, v):
    """Return the deaths of a fatal dispute: bracket by v, log-uniform within it by u."""
    f = world.fatality
    shares = (f.bracket_1, f.bracket_2, f.bracket_3, f.bracket_4, f.bracket_5)
    n, total = 0, shares[0]
    while n < 4 and v >= total:
        n += 1
        total += shares[n]
    low, high = LOG_BRACKET_LOW[n], LOG_BRACKET_HIGH[n]
    return math.floor(math.exp(low + u * (high - low)))


@jit
def _fatal_short_of_war(world, law, state, tally, stream, event_id, i, j, u, v, t):
    year, deaths = int(t), deaths_short_of_war(world, u, v)
    count(tally, FATAL_DISPUTE_COUNT, ANNUAL_FATAL_DISPUTES, year)
    tally.states[STATE_FATALLY_ATTACKED, j] += 1
    tally.counts[BATTLE_DEATHS] += deaths
    tally.annual[ANNUAL_DEATHS, year] += deaths
    log_event(tally, t, events.FATAL, event_id, world.code[i], world.code[j], -1, float(deaths))
    stage(world, law, state, tally, stream, event_id, i, j, BLOODSHED, USE_ACT, t)
    test_institutions(world, law, state, tally, event_id, i, j, BLOODSHED, t)


@jit
def _gain(world, state, tally, event_id, i, j, aim, grabbed, conceded, at, t):
    if grabbed:
        count(tally, TERRITORY_LOSS_COUNT, ANNUAL_TERRITORY_LOSSES, int(t))
        tally.states[STATE_TERRITORY_LOSSES, j] += 1
        log_event(tally, t, events.GRAB_HELD, event_id, world.code[i], world.code[j], -1, 0.0)
    if conceded:
        log_event(tally, t, events.CONCESSION, event_id, world.code[i], world.code[j], -1, 0.0)
    if aim > 0:
        succeed(world, state, tally, i, j, at, int(t))


@jit
def _without_war(
    world, law, state, tally, stream, event_id, i, j, aim, resisted, chance, grabbed, bite, at, t
):
    fatal = chance < fatality_probability(world, state, i, j, resisted)
    conceded = not resisted and state.lot_w[FATALITY_LOT] < world.response.concession
    if fatal:
        u, v = state.lot_u[FATALITY_LOT], state.lot_v[FATALITY_LOT]
        _fatal_short_of_war(world, law, state, tally, stream, event_id, i, j, u, v, t)
    if not (grabbed or conceded):
        return
    biting = bite if fatal or grabbed else 0.0
    if complies(world, state, stream, event_id, biting):
        tally.counts[COMPLIANCE_COUNT] += 1
        log_event(tally, t, events.COMPLIED, event_id, world.code[i], world.code[j], -1, 2.0)
    else:
        _gain(world, state, tally, event_id, i, j, aim, grabbed, conceded, at, t)


@jit
def _to_war(world, law, state, tally, stream, event_id, k, i, j, aim, probability, bite, at, t):
    count(tally, WAR_COUNT, ANNUAL_WARS, int(t))
    count(tally, FATAL_DISPUTE_COUNT, ANNUAL_FATAL_DISPUTES, int(t))
    tally.states[STATE_FATALLY_ATTACKED, j] += 1
    log_event(tally, t, events.WAR, event_id, world.code[i], world.code[j], -1, probability)
    mediated = stage(world, law, state, tally, stream, event_id, i, j, WAR_STAGE, WAR_ACT, t)
    if level_reached(state) >= 4:
        tally.counts[ENFORCEMENT_COUNT] += 1
    yields = complies(world, state, stream, event_id, bite)
    if yields:
        tally.counts[COMPLIANCE_COUNT] += 1
        log_event(tally, t, events.COMPLIED, event_id, world.code[i], world.code[j], -1, 1.0)
    wage(world, law, state, tally, stream, k, event_id, i, j, aim, mediated, yields, at, t)
    test_institutions(world, law, state, tally, event_id, i, j, WAR_STAGE, t)


@jit
def _remember(world, state, tally, stream, event_id, k, pair, memory, t):
    i, j = world.initiator[k], world.target[k]
    state.memory_short[pair] = short_memory(world, state, pair, t) + 1.0
    state.memory[pair] = memory + 1.0
    state.memory_time[pair] = t
    state.threat[j] += world.onset.memory_long * max(0.0, log_ratio(world, state, i, j))
    bear_children(world, state, stream, event_id, k, t)
    state.number[DISPUTES] += 1
    if state.number[DISPUTES] > MOST_DISPUTES:
        state.number[EXIT] = events.TOO_MANY_DISPUTES


@jit
def _open(world, state, tally, event_id, i, j, aim, resisted, at, t):
    count(tally, DISPUTE_COUNT, ANNUAL_DISPUTES, int(t))
    tally.states[STATE_ATTACKED, j] += 1
    tally.states[STATE_SHELTERED_ATTACKED, j] += state.sheltered[j]
    if world.great[i] and world.great[j]:
        tally.counts[GREAT_POWER_DISPUTE_COUNT] += 1
    if aim > 0:
        count(tally, AGGRESSION_COUNT, ANNUAL_AGGRESSIONS, int(t))
        tally.attempts[at, world.state_class[i], world.state_class[j]] += 1
    log_event(tally, t, events.DISPUTE, event_id, world.code[i], world.code[j], -1, float(aim))
    answer = 1.0 if resisted else 0.0
    log_event(tally, t, events.RESISTED, event_id, world.code[i], world.code[j], -1, answer)


@jit
def _escalation(world, law, state, tally, k, i, j, support, bite, mediated, t):
    """Return the probability of war of a resisted dispute, and add it to the expected numbers."""
    probability = war_probability(world, law, state, k, i, j, support, bite, mediated)
    tally.expected[EXPECTED_WARS] += probability
    tally.annual_expected[int(t)] += probability
    if world.great[i] and world.great[j]:
        tally.expected[EXPECTED_GREAT_POWER_WARS] += probability
    return probability


@jit
def _close(world, law, state, tally, stream, event_id, i, t):
    """Record what bodies did, and sanction the initiator if a level-2 motion passed."""
    if level_reached(state) >= 1:
        tally.counts[AGENDA_COUNT] += 1
    if sanctioned(state):
        tally.counts[SANCTIONS_COUNT] += 1
        impose(world, state, stream, event_id, i, t)


@jit
def resolve(world, law, state, tally, stream, event_id, k, support, bite, t):
    """Run the cascade of an accepted dispute of directed dyad k at time t."""
    i, j, pair = world.initiator[k], world.target[k], world.pair[k]
    memory = remembered(world, state, pair, t)
    at = power_bin(state, i, j)
    u, v, w = state.lot_u, state.lot_v, state.lot_w
    draw_many(stream, event_id, law.lot_purpose, law.lot_actor, law.lot_actor.size, u, v, w)
    aim = aim_of(world, i, j, v[PROVOCATION_LOT])
    resisted = u[PROVOCATION_LOT] < resistance_probability(world, state, i, j, memory)
    use = w[PROVOCATION_LOT] < (world.aim.use_resisted if resisted else world.aim.use_unresisted)
    _open(world, state, tally, event_id, i, j, aim, resisted, at, t)
    _remember(world, state, tally, stream, event_id, k, pair, memory, t)
    clear_stage(law, state)
    mediated = stage(
        world, law, state, tally, stream, event_id, i, j, CRISIS, USE_ACT if use else DISPLAY_ACT, t
    )
    escalates, fatal, grab = u[ESCALATION_LOT], v[ESCALATION_LOT], w[ESCALATION_LOT]
    probability = 0.0
    if resisted:
        probability = _escalation(world, law, state, tally, k, i, j, support, bite, mediated, t)
    war = escalates < probability
    if war:
        _to_war(world, law, state, tally, stream, event_id, k, i, j, aim, probability, bite, at, t)
    else:
        held = aim == 1 and grab < world.aim.grab_share * world.aim.grab_held
        _without_war(
            world, law, state, tally, stream, event_id, i, j, aim, resisted, fatal, held, bite,
            at, t,
        )  # fmt: skip
    _close(world, law, state, tally, stream, event_id, i, t)
    mark_onset(tally, k, int(t), use or war)
