"""Wars: outbreak, duration, help by decision, late joining (§5.1-§5.3, §5.6, §6.8)."""

import math

import numpy as np

from forecast.kernel import events
from forecast.kernel.candidates import ROOT_WAR
from forecast.kernel.compiled import jit
from forecast.kernel.credibility import order_share
from forecast.kernel.distributions import normal_quantile
from forecast.kernel.joining import (
    UNTRIED,
    common_terms,
    decide,
    enlist,
    line_up,
    out_of_reach,
    recruit,
    set_tied,
)
from forecast.kernel.motions import sanctioned
from forecast.kernel.records import (
    ALLY_HONOURED_COUNT,
    ALLY_INVOCATION_COUNT,
    ANNUAL_GREAT_POWER_WARS,
    ENDING,
    EXIT,
    G3_WAR_YEAR,
    GREAT_POWER_WAR_YEAR,
    INITIATOR_SIDE,
    LATENCY_BINS,
    NEXT_END,
    NONE,
    ONE,
    SHOCK_UNTIL,
    STATE_WARS,
    TARGET_SIDE,
    WARS,
)
from forecast.kernel.streams import child_id, draw
from forecast.kernel.support import covers, credibility, set_offers
from forecast.kernel.tally import log_event

DAYS_PER_YEAR = 365.25
DAYS_PER_BIN = 30.0


@jit
def open_war(world, state, dyad, pair, i, j, event_id, aim, t):
    """Open a war between i and j in a free slot; return the slot, -1 if there is none."""
    slot = 0
    while slot < state.number[WARS] and state.war_active[slot]:
        slot += 1
    if slot == state.war_active.size:
        state.number[EXIT] = events.WARS_FULL
        return -1
    state.number[WARS] = max(state.number[WARS], slot + 1)
    state.war_active[slot] = 1
    state.war_start[slot], state.war_id[slot], state.war_aim[slot] = t, event_id, aim
    state.war_initiator[slot], state.war_target[slot] = i, j
    state.war_side[slot, :] = 0
    state.war_asked[slot, :] = 0
    state.war_size[slot] = 0
    state.war_rate[slot] = 0.0
    state.war_dyad[slot], state.war_pair[slot], state.war_standing[slot] = dyad, pair, 0.0
    state.war_sanctioned[slot], state.war_complied[slot] = 0, 0
    state.war_great[slot] = 0
    _place_principal(world, state, slot, i, INITIATOR_SIDE)
    _place_principal(world, state, slot, j, TARGET_SIDE)
    return slot


@jit
def _place_principal(world, state, slot, k, side):
    line_up(state, slot, k, side)
    state.war_load[slot, k] = world.joining.originator_load
    set_tied(world, state, k)
    state.war_committed[slot, side - 1] = state.capability[k]
    state.war_capability[slot, side - 1] = state.capability[k]
    state.war_capability[slot, side + 1] = state.capability[k]


@jit
def set_ratio(world, state, slot):
    """Refresh the ratio of the two sides' strength."""
    j = state.war_target[slot]
    stiffening = state.war_capability[slot, 3] * world.war.resilience * state.resilience[j]
    against = state.war_committed[slot, 1] + stiffening + state.war_standing[slot]
    state.war_ratio[slot] = state.war_committed[slot, 0] / against


@jit
def _scale(world, ratio):
    return world.war.scale * math.exp(world.war.ratio * abs(math.log(ratio)))


@jit
def _set_duration(world, state, stream, slot, mediated):
    u, _, _ = draw(stream, state.war_id[slot], events.WAR_DRAW, 0)
    state.war_draw[slot] = u
    scale = _scale(world, state.war_ratio[slot])
    duration = scale * (-math.log(u)) ** (1.0 / world.war.shape)
    if mediated and world.process.mediation > 0.0:
        duration *= (1.0 + world.war.mediated_ending) ** (-1.0 / world.war.shape)
    if state.war_complied[slot]:
        duration *= world.sanctions.war_length
    state.war_duration[slot] = duration


@jit
def _latency(world, law, stream, event_id, p):
    u, v, _ = draw(stream, event_id, events.LATENCY, law.key[p] * 65536)
    return law.latency_days[p] / DAYS_PER_YEAR * (-math.log(u) - math.log(v)) / 2.0


@jit
def _shorten(world, state, slot, p, latency):
    """Shorten what is left of a war when a body's help arrives."""
    factor = (1.0 + world.war.helped_ending * credibility(state, p)) ** (-1.0 / world.war.shape)
    state.war_duration[slot] = latency + (state.war_duration[slot] - latency) * factor


@jit
def _help_by_decision(world, law, state, tally, stream, slot, i, j, salience, share, t):
    for p in law.bodies:
        if state.level[p] < 4 or not covers(law, state, p, i, j):
            continue
        latency = _latency(world, law, stream, state.war_id[slot], p)
        if latency >= state.war_duration[slot]:
            continue
        tally.latency[min(int(latency * DAYS_PER_YEAR / DAYS_PER_BIN), LATENCY_BINS - 1)] += 1
        if state.standing_war[p] < 0 and state.standing[p] > 0.0:
            state.standing_war[p] = slot
            state.war_standing[slot] += state.standing[p]
            log_event(
                tally, t, events.HELP_BY_DECISION, state.war_id[slot],
                world.code[i], world.code[j], p, state.standing[p],
            )  # fmt: skip
        _call_members(world, law, state, tally, stream, slot, p, i, j, salience, share, t)
        _shorten(world, state, slot, p, latency)


@jit
def _call_members(world, law, state, tally, stream, slot, p, i, j, salience, share, t):
    extra = common_terms(world, state, slot, i, j, TARGET_SIDE, salience)
    members = state.roll_size[p]
    for n in range(members):
        k = state.roll[p, n]
        if not out_of_reach(state, slot, k, i, j):
            decide(
                world, law, state, tally, stream, slot, k, p, members, i, j,
                TARGET_SIDE, extra, share, UNTRIED, t,
            )  # fmt: skip


@jit
def _set_parties(world, state, slot):
    parties = 0
    for n in range(state.war_size[slot]):
        k = state.war_party[slot, n]
        side = state.war_side[slot, k]
        principal = k == state.war_initiator[slot] or k == state.war_target[slot]
        brought = state.war_load[slot, k] * state.capability[k]
        least = world.deaths.party_share * state.war_capability[slot, side - 1]
        if principal or brought >= least:
            parties += 1
    state.war_parties[slot] = parties


@jit
def set_next_end(state):
    """Refresh when the next war ends, and which."""
    time, first = np.inf, NONE
    for slot in range(state.number[WARS]):
        end = state.war_start[slot] + state.war_duration[slot]
        if state.war_active[slot] and end < time:
            time, first = end, np.int64(slot)
    state.level_of[NEXT_END], state.number[ENDING] = time, first


@jit
def _oppose(flags, state, slot):
    """Return whether states with the flag stand on both sides."""
    first, second = False, False
    for n in range(state.war_size[slot]):
        k = state.war_party[slot, n]
        if flags[k]:
            first = first or state.war_side[slot, k] == 1
            second = second or state.war_side[slot, k] == 2
    return first and second


@jit
def _mark_great_power_war(world, state, tally, slot, t):
    year = int(t)
    if state.war_great[slot] == 0 and _oppose(world.great, state, slot):
        state.war_great[slot] = 1
        tally.annual[ANNUAL_GREAT_POWER_WARS, year] += 1
        if tally.counts[GREAT_POWER_WAR_YEAR] == 0:
            tally.counts[GREAT_POWER_WAR_YEAR] = year + 1
    if tally.counts[G3_WAR_YEAR] == 0 and _oppose(world.g3, state, slot):
        tally.counts[G3_WAR_YEAR] = year + 1


@jit
def _warm(world, state, i, j, t):
    """Let an outbreak heat the regions of its principals."""
    first, second = world.region[i], world.region[j]
    for region in (first, second):
        faded = math.exp(-(t - state.heat_time[region]) / world.spillover.years)
        state.heat[region] *= faded
        state.heat_time[region] = t
    state.heat[first] += world.spillover.strength
    if second != first:
        state.heat[second] += world.spillover.strength


@jit
def _recruit_both(world, law, state, tally, stream, slot, t, late):
    """Let third states decide on both sides; return the salience and share they faced."""
    i, j, dyad = state.war_initiator[slot], state.war_target[slot], state.war_dyad[slot]
    u, _, _ = draw(stream, state.war_id[slot], events.SALIENCE, 0)
    salience, share = normal_quantile(u), order_share(world, law, state)
    for side in (TARGET_SIDE, INITIATOR_SIDE):
        recruit(world, law, state, tally, stream, slot, dyad, i, j, side, salience, share, t, late)
    return salience, share


@jit
def wage(world, law, state, tally, stream, dyad, event_id, i, j, aim, mediated, yields, at, t):
    """Start a war between i and j: joiners, duration, help by decision."""
    slot = open_war(world, state, dyad, world.pair[dyad], i, j, event_id, aim, t)
    if slot < 0:
        return
    state.war_bin[slot] = at
    state.war_sanctioned[slot] = 1 if sanctioned(state) else 0
    state.war_complied[slot] = 1 if yields else 0
    state.bound[:] = 0
    state.bound_joined[:] = 0.0
    state.bound_expected[:] = 0.0
    called, came = tally.counts[ALLY_INVOCATION_COUNT], tally.counts[ALLY_HONOURED_COUNT]
    salience, share = _recruit_both(world, law, state, tally, stream, slot, t, np.bool_(False))
    if (
        tally.counts[ALLY_INVOCATION_COUNT] > called
        and tally.counts[ALLY_HONOURED_COUNT] == came
        and not sanctioned(state)
    ):
        state.level_of[SHOCK_UNTIL] = t + world.pacts.shock_years
    set_ratio(world, state, slot)
    _set_duration(world, state, stream, slot, mediated)
    _help_by_decision(world, law, state, tally, stream, slot, i, j, salience, share, t)
    set_ratio(world, state, slot)
    _set_parties(world, state, slot)
    _mark_great_power_war(world, state, tally, slot, t)
    tally.states[STATE_WARS, i] += 1
    tally.states[STATE_WARS, j] += 1
    _warm(world, state, i, j, t)
    set_next_end(state)
    set_offers(world, law, state)


@jit
def review_wars(world, law, state, tally, stream, t):
    """Let states join wars late: the same draws against the odds of now."""
    if world.process.late_joining == 0.0:
        return
    now, joined = float(t), False
    for slot in range(state.number[WARS]):
        if state.war_active[slot] == 0 or state.war_rate[slot] > 0.0:
            continue
        before = state.war_committed[slot, 0] + state.war_committed[slot, 1]
        _recruit_both(world, law, state, tally, stream, slot, now, np.bool_(True))
        if state.war_committed[slot, 0] + state.war_committed[slot, 1] == before:
            continue
        joined = True
        set_ratio(world, state, slot)
        _set_parties(world, state, slot)
        _mark_great_power_war(world, state, tally, slot, now)
    if joined:
        set_offers(world, law, state)


@jit
def resume_origin_wars(world, law, state, stream):
    """Enter the wars under way at the origin, with the time and deaths that are still to come."""
    for m in range(world.origin_initiator.size):
        i, j = world.origin_initiator[m], world.origin_target[m]
        event_id = child_id(np.uint64(ROOT_WAR), m)
        pair = world.origin_pair[m]
        slot = open_war(world, state, NONE, pair, i, j, event_id, ONE, 0.0)
        if slot < 0:
            return
        for k in range(world.code.size):
            side = world.origin_side[m, k]
            if side != 0 and k != i and k != j:
                load = min(world.joining.unobliged_share, world.joining.load_cap)
                enlist(world, state, slot, k, side, load)
        set_ratio(world, state, slot)
        _set_parties(world, state, slot)
        _set_remaining(world, state, stream, slot, m)
    set_next_end(state)
    set_offers(world, law, state)


@jit
def _set_remaining(world, state, stream, slot, m):
    u, _, _ = draw(stream, state.war_id[slot], events.WAR_DRAW, 0)
    state.war_draw[slot] = u
    scale, shape = _scale(world, state.war_ratio[slot]), world.war.shape
    elapsed = world.origin_elapsed[m]
    whole = scale * ((elapsed / scale) ** shape - math.log(u)) ** (1.0 / shape)
    state.war_duration[slot] = whole - elapsed
    d, _, _ = draw(stream, state.war_id[slot], events.DEATHS, 0)
    low, high = math.log(world.origin_low[m]), math.log(world.origin_high[m])
    state.war_rate[slot] = math.exp(low + d * (high - low)) / elapsed
