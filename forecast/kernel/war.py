"""Wars: outbreak, duration, help by decision, outcome, deaths and losses (§5)."""

import math

import numpy as np

from forecast.kernel import events
from forecast.kernel.candidates import ROOT_WAR
from forecast.kernel.compiled import jit
from forecast.kernel.credibility import order_share, set_capabilities
from forecast.kernel.distributions import logistic, normal_cdf, normal_quantile
from forecast.kernel.joining import allied, common_terms, decide, enlist, recruit, set_tied
from forecast.kernel.records import (
    AGGRESSION_SUCCESS_COUNT,
    ANNUAL_DEATHS,
    ANNUAL_GREAT_POWER_WARS,
    ANNUAL_SUCCESSES,
    BATTLE_DEATHS,
    EXIT,
    G3_WAR_YEAR,
    GREAT_POWER_WAR_YEAR,
    LARGEST_WAR_BATTLE_DEATHS,
    STATE_VICTIM,
    STATE_WARS,
    WARS,
)
from forecast.kernel.streams import child_id, draw
from forecast.kernel.support import covers, set_offers
from forecast.kernel.tally import count, log_event

DAYS_PER_YEAR = 365.25


@jit
def open_war(world, state, i, j, event_id, aim, t):
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
    state.war_load[slot, :] = 0.0
    state.war_rate[slot] = 0.0
    _place_principal(world, state, slot, i, 1)
    _place_principal(world, state, slot, j, 2)
    return slot


@jit
def _place_principal(world, state, slot, k, side):
    state.war_side[slot, k] = side
    state.war_load[slot, k] = world.joining.originator_load
    set_tied(world, state, k)
    state.war_committed[slot, side - 1] = state.capability[k]
    state.war_capability[slot, side - 1] = state.capability[k]
    state.war_capability[slot, side + 1] = state.capability[k]


@jit
def _set_ratio(world, state, slot, standing):
    j = state.war_target[slot]
    stiffening = state.capability[j] * world.war.resilience * state.resilience[j]
    against = state.war_committed[slot, 1] + stiffening + standing
    state.war_ratio[slot] = state.war_committed[slot, 0] / against


@jit
def _scale(world, ratio):
    return world.war.scale * math.exp(world.war.ratio * abs(math.log(ratio)))


@jit
def _set_duration(world, state, stream, slot):
    u, _, _ = draw(stream, state.war_id[slot], events.WAR_DRAW, 0)
    state.war_draw[slot] = u
    scale = _scale(world, state.war_ratio[slot])
    state.war_duration[slot] = scale * (-math.log(u)) ** (1.0 / world.war.shape)


@jit
def _latency(world, law, stream, event_id, p):
    u, v, _ = draw(stream, event_id, events.LATENCY, law.key[p] * 65536)
    return law.latency_days[p] / DAYS_PER_YEAR * (-math.log(u) - math.log(v)) / 2.0


@jit
def _help_by_decision(world, law, state, tally, stream, slot, i, j, salience, share, t):
    standing = 0.0
    for p in law.bodies:
        if not covers(law, p, i, j) or state.level[p] < 4:
            continue
        if _latency(world, law, stream, state.war_id[slot], p) >= state.war_duration[slot]:
            continue
        if state.standing_war[p] < 0 and law.standing[p] > 0.0:
            state.standing_war[p] = slot
            standing += law.standing[p]
            log_event(
                tally, t, events.HELP_BY_DECISION, state.war_id[slot],
                world.code[i], world.code[j], p, law.standing[p],
            )  # fmt: skip
        _call_members(world, law, state, tally, stream, slot, p, i, j, salience, share, t)
    return standing


@jit
def _call_members(world, law, state, tally, stream, slot, p, i, j, salience, share, t):
    extra = common_terms(world, state, slot, i, j, 2, salience)
    members = 0
    for k in range(world.code.size):
        members += law.member[p, k]
    for k in range(world.code.size):
        if law.member[p, k] == 0 or state.war_side[slot, k] != 0:
            continue
        if not (allied(law, k, i) and allied(law, k, j)):
            decide(world, law, state, tally, stream, slot, k, p, members, i, j, 2, extra, share, t)


@jit
def _set_parties(world, state, slot):
    parties = 0
    for k in range(world.code.size):
        side = state.war_side[slot, k]
        if side == 0:
            continue
        principal = k == state.war_initiator[slot] or k == state.war_target[slot]
        brought = state.war_load[slot, k] * state.capability[k]
        least = world.deaths.party_share * state.war_capability[slot, side - 1]
        if principal or brought >= least:
            parties += 1
    state.war_parties[slot] = parties


@jit
def _mark_great_power_war(world, state, tally, slot, t):
    greats = np.zeros(3, dtype=np.int64)
    thirds = np.zeros(3, dtype=np.int64)
    for k in range(world.code.size):
        side = state.war_side[slot, k]
        if side != 0:
            greats[side] += world.great[k]
            thirds[side] += world.g3[k]
            tally.states[STATE_WARS, k] += 1
    year = int(t)
    if greats[1] > 0 and greats[2] > 0:
        tally.annual[ANNUAL_GREAT_POWER_WARS, year] += 1
        if tally.counts[GREAT_POWER_WAR_YEAR] == 0:
            tally.counts[GREAT_POWER_WAR_YEAR] = year + 1
    if thirds[1] > 0 and thirds[2] > 0 and tally.counts[G3_WAR_YEAR] == 0:
        tally.counts[G3_WAR_YEAR] = year + 1


@jit
def wage(world, law, state, tally, stream, dyad, event_id, i, j, aim, t):
    """Start a war between i and j: joiners, duration, help by decision."""
    slot = open_war(world, state, i, j, event_id, aim, t)
    if slot < 0:
        return
    u, _, _ = draw(stream, event_id, events.SALIENCE, 0)
    salience = normal_quantile(u)
    share = order_share(world, law, state)
    state.bound[:] = 0
    state.bound_joined[:] = 0.0
    state.bound_expected[:] = 0.0
    recruit(world, law, state, tally, stream, slot, dyad, i, j, 2, salience, share, t)
    recruit(world, law, state, tally, stream, slot, dyad, i, j, 1, salience, share, t)
    _set_ratio(world, state, slot, 0.0)
    _set_duration(world, state, stream, slot)
    standing = _help_by_decision(world, law, state, tally, stream, slot, i, j, salience, share, t)
    _set_ratio(world, state, slot, standing)
    _set_parties(world, state, slot)
    _mark_great_power_war(world, state, tally, slot, t)
    set_offers(world, law, state)


@jit
def resume_origin_wars(world, law, state, stream):
    """Enter the wars under way at the origin, with the time and deaths that are still to come."""
    for m in range(world.origin_initiator.size):
        i, j = world.origin_initiator[m], world.origin_target[m]
        event_id = child_id(np.uint64(ROOT_WAR), m)
        slot = open_war(world, state, i, j, event_id, 1, 0.0)
        if slot < 0:
            return
        for k in range(world.code.size):
            side = world.origin_side[m, k]
            if side != 0 and k != i and k != j:
                load = min(world.joining.unobliged_share, world.joining.load_cap)
                enlist(world, state, slot, k, side, load)
        _set_ratio(world, state, slot, 0.0)
        _set_parties(world, state, slot)
        _set_remaining(world, state, stream, slot, m)
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


@jit
def next_end(state):
    """Return (time, slot) of the next end of a war; slot -1 if there is no war."""
    time, first = np.inf, -1
    for slot in range(state.number[WARS]):
        end = state.war_start[slot] + state.war_duration[slot]
        if state.war_active[slot] and end < time:
            time, first = end, slot
    return time, first


@jit
def total_deaths(world, state, stream, slot):
    """Return the battle deaths of a war over its whole (remaining) duration."""
    if state.war_rate[slot] > 0.0:
        return state.war_rate[slot] * state.war_duration[slot]
    d = world.deaths
    least = min(state.war_capability[slot, 0], state.war_capability[slot, 1])
    most = max(state.war_capability[slot, 0], state.war_capability[slot, 1])
    mean = d.const + d.log_least * math.log(least) + d.log_most * math.log(most)
    mean += d.log_parties * math.log(state.war_parties[slot] / 2.0)
    u, _, _ = draw(stream, state.war_id[slot], events.DEATHS, 0)
    rho = d.duration_correlation
    x = math.sqrt(1.0 - rho * rho) * normal_quantile(u)
    x -= rho * normal_quantile(state.war_draw[slot])
    z = (math.log(d.threshold) - mean) / d.spread
    epsilon = -normal_quantile(max(normal_cdf(-x) * normal_cdf(-z), 1e-300))
    people = 0.0
    for k in range(world.code.size):
        if state.war_side[slot, k] != 0:
            people += world.population[k]
    return min(math.exp(mean + d.spread * epsilon), d.population_cap * people)


@jit
def _spread_deaths(world, state, tally, slot, deaths, t):
    start, duration = state.war_start[slot], state.war_duration[slot]
    before, booked = 0, 0
    for y in range(int(start), world.years):
        elapsed = min(1.0, max(0.0, (y + 1 - start) / duration))
        so_far = math.floor(deaths * elapsed)
        tally.annual[ANNUAL_DEATHS, y] += so_far - before
        booked += so_far - before
        before = so_far
        if elapsed >= 1.0:
            break
    tally.counts[BATTLE_DEATHS] += booked
    tally.counts[LARGEST_WAR_BATTLE_DEATHS] = max(tally.counts[LARGEST_WAR_BATTLE_DEATHS], booked)
    i, j = state.war_initiator[slot], state.war_target[slot]
    log_event(
        tally, t, events.WAR_DEATHS, state.war_id[slot],
        world.code[i], world.code[j], -1, float(booked),
    )  # fmt: skip


@jit
def outcome(world, state, stream, slot):
    """Return 1 if the initiator wins, 2 for a draw, 3 if the target wins."""
    ratio = math.log(state.war_ratio[slot])
    draw_share = logistic(world.war.draw_const + world.war.draw_ratio * abs(ratio))
    wins = (1.0 - draw_share) * logistic(world.war.win_const + world.war.win_ratio * ratio)
    u, _, _ = draw(stream, state.war_id[slot], events.OUTCOME, 0)
    if u < wins:
        return 1
    return 2 if u < wins + draw_share else 3


@jit
def _lose_stock(world, state, slot, deaths, result):
    c = world.consequence
    loss = min(c.loss_cap, c.loss_const + c.loss_log_deaths * math.log(max(deaths, 1.0) / 1000.0))
    loss = max(loss, 0.0)
    for k in range(world.code.size):
        side = state.war_side[slot, k]
        if side == 0:
            continue
        own = loss
        if (result == 1 and side == 1) or (result == 3 and side == 2):
            own *= c.winner_share
        if k != state.war_initiator[slot] and k != state.war_target[slot]:
            own *= state.war_load[slot, k]
        state.stock[k] *= 1.0 - own


@jit
def _release(world, state, slot):
    state.war_active[slot] = 0
    for k in range(state.tied.size):
        if state.war_side[slot, k] != 0:
            set_tied(world, state, k)
    for p in range(state.standing_war.size):
        if state.standing_war[p] == slot:
            state.standing_war[p] = -1


@jit
def end_war(world, law, state, tally, stream, slot, t):
    """End a war: outcome, gain, deaths, losses, release of what it tied down."""
    i, j = state.war_initiator[slot], state.war_target[slot]
    result = outcome(world, state, stream, slot)
    log_event(
        tally, t, events.WAR_END, state.war_id[slot],
        world.code[i], world.code[j], -1, float(result),
    )  # fmt: skip
    if result == 1 and state.war_aim[slot] > 0 and state.war_rate[slot] == 0.0:
        count(tally, AGGRESSION_SUCCESS_COUNT, ANNUAL_SUCCESSES, int(t))
        tally.states[STATE_VICTIM, j] += 1
    deaths = total_deaths(world, state, stream, slot)
    _spread_deaths(world, state, tally, slot, deaths, t)
    _lose_stock(world, state, slot, deaths, result)
    _release(world, state, slot)
    set_capabilities(world, state)
    set_offers(world, law, state)


@jit
def cut_off_wars(world, state, tally, stream):
    """Book the deaths of wars that outlast the horizon, in order of their start."""
    while True:
        first = -1
        for slot in range(state.number[WARS]):
            if state.war_active[slot] and (
                first < 0 or state.war_start[slot] < state.war_start[first]
            ):
                first = slot
        if first < 0:
            return
        i, j = state.war_initiator[first], state.war_target[first]
        t = float(world.years)
        log_event(
            tally, t, events.WAR_END, state.war_id[first], world.code[i], world.code[j], -1, -1.0
        )
        deaths = total_deaths(world, state, stream, first)
        _spread_deaths(world, state, tally, first, deaths, t)
        state.war_active[first] = 0
