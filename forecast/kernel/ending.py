"""Ends of wars: outcome, nuclear use, deaths, losses, peacekeeping (§5.5, §5.7, §5.8)."""

import math

from forecast.kernel import events
from forecast.kernel.capability import mark_moved, move_capabilities
from forecast.kernel.compiled import jit
from forecast.kernel.distributions import logistic, normal_cdf, normal_quantile
from forecast.kernel.economy import ARMED
from forecast.kernel.joining import set_tied
from forecast.kernel.motions import keep_peace
from forecast.kernel.records import (
    ANNUAL_DEATHS,
    ANNUAL_NUCLEAR_USES,
    BATTLE_DEATHS,
    ENDING,
    LARGEST_WAR_BATTLE_DEATHS,
    NEXT_END,
    NONE,
    NUCLEAR_DEATHS,
    NUCLEAR_USE_COUNT,
    NUCLEAR_USE_YEAR,
    PEACEKEEPING_COUNT,
    WARS,
)
from forecast.kernel.streams import draw
from forecast.kernel.support import set_offers
from forecast.kernel.tally import count, log_event, succeed
from forecast.kernel.victory import REGIME, settle
from forecast.kernel.war import set_next_end


@jit
def next_end(state):
    """Return (time, slot) of the next end of a war; slot -1 if there is no war."""
    return state.level_of[NEXT_END], state.number[ENDING]


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
    for n in range(state.war_size[slot]):
        people += world.population[state.war_party[slot, n]]
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
    for n in range(state.war_size[slot]):
        k = state.war_party[slot, n]
        side, own = state.war_side[slot, k], loss
        if (result == 1 and side == 1) or (result == 3 and side == 2):
            own *= c.winner_share
        if k != state.war_initiator[slot] and k != state.war_target[slot]:
            own *= state.war_load[slot, k]
        state.stock[k] *= 1.0 - own
        mark_moved(state, k)


@jit
def _release(world, state, slot):
    state.war_active[slot] = 0
    for n in range(state.war_size[slot]):
        set_tied(world, state, state.war_party[slot, n])
    for p in range(state.standing_war.size):
        if state.standing_war[p] == slot:
            state.standing_war[p] = -1
    set_next_end(state)


@jit
def _nuclear_hazard(world, state, slot):
    n, first, second = world.weapons, False, False
    for m in range(state.war_size[slot]):
        k = state.war_party[slot, m]
        if state.nuclear[k] == ARMED:
            first = first or state.war_side[slot, k] == 1
            second = second or state.war_side[slot, k] == 2
    if not (first or second):
        return 0.0
    hazard = n.both_armed if first and second else n.one_armed
    return hazard * n.survival if state.war_aim[slot] == REGIME else hazard


@jit
def _use_nuclear_weapons(world, state, tally, stream, slot, fought, t):
    if world.process.nuclear_use == 0.0:
        return
    n = world.weapons
    hazard = _nuclear_hazard(world, state, slot)
    if hazard <= 0.0:
        return
    u, v, _ = draw(stream, state.war_id[slot], events.NUCLEAR_DRAW, 0)
    if u >= 1.0 - math.exp(-hazard * fought):
        return
    deaths = math.floor(math.exp(n.log_deaths + n.log_deaths_sd * normal_quantile(v)))
    year = min(int(t), world.years - 1)
    count(tally, NUCLEAR_USE_COUNT, ANNUAL_NUCLEAR_USES, year)
    tally.counts[NUCLEAR_DEATHS] += deaths
    if tally.counts[NUCLEAR_USE_YEAR] == 0:
        tally.counts[NUCLEAR_USE_YEAR] = year + 1
    i, j = state.war_initiator[slot], state.war_target[slot]
    log_event(
        tally, t, events.NUCLEAR_USE, state.war_id[slot],
        world.code[i], world.code[j], -1, float(deaths),
    )  # fmt: skip


@jit
def _send_peacekeepers(world, law, state, tally, stream, slot, t):
    i, j = state.war_initiator[slot], state.war_target[slot]
    q = state.war_pair[slot]
    if world.process.peacekeeping == 0.0 or state.alive[i] == 0 or state.alive[j] == 0:
        return
    event_id = state.war_id[slot]
    if keep_peace(world, law, state, tally, stream, event_id, i, j, t):
        tally.counts[PEACEKEEPING_COUNT] += 1
        if q >= 0:
            state.peace[q] = t + world.peacekeeping.years
        log_event(tally, t, events.PEACEKEEPING, event_id, world.code[i], world.code[j], -1, 0.0)


@jit
def end_war(world, law, state, tally, stream, slot, t):
    """End a war: outcome, deaths, losses, release, consequences of victory, peacekeeping."""
    i, j = state.war_initiator[slot], state.war_target[slot]
    result = outcome(world, state, stream, slot)
    reversed_win = result == 1 and state.war_complied[slot] == 1
    if reversed_win:
        result = 2
    log_event(
        tally, t, events.WAR_END, state.war_id[slot],
        world.code[i], world.code[j], -1, float(result),
    )  # fmt: skip
    if result == 1 and state.war_aim[slot] > 0 and state.war_rate[slot] == 0.0:
        succeed(world, state, tally, i, j, state.war_bin[slot], int(t))
    _use_nuclear_weapons(world, state, tally, stream, slot, t - state.war_start[slot], t)
    deaths = total_deaths(world, state, stream, slot)
    _spread_deaths(world, state, tally, slot, deaths, t)
    _lose_stock(world, state, slot, deaths, result)
    _release(world, state, slot)
    q = state.war_pair[slot]
    if q >= 0:
        state.last_war[q] = t
    move_capabilities(world, state)
    settle(world, law, state, tally, stream, slot, result, reversed_win, t)
    _send_peacekeepers(world, law, state, tally, stream, slot, t)
    set_offers(world, law, state)


@jit
def cut_off_wars(world, state, tally, stream):
    """Book the deaths of wars that outlast the horizon, in order of their start."""
    while True:
        first = NONE
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
        _use_nuclear_weapons(world, state, tally, stream, first, t - state.war_start[first], t)
        deaths = total_deaths(world, state, stream, first)
        _spread_deaths(world, state, tally, first, deaths, t)
        state.war_active[first] = 0
