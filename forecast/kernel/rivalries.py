"""Births and deaths of rivalries, and the extra candidates they bring (§1.3, §6.3)."""

import math

import numpy as np

from forecast.kernel import events
from forecast.kernel.capability import log_ratio
from forecast.kernel.compiled import jit
from forecast.kernel.distributions import poisson_quantile
from forecast.kernel.mathematics import exponential
from forecast.kernel.pending import push
from forecast.kernel.records import (
    CLIP_COUNT,
    LIFTED,
    POLARISATION,
    RIVAL_AT,
    RIVALRIES,
    RIVALRY_END_COUNT,
    RIVALRY_START_COUNT,
)
from forecast.kernel.streams import child_id, draw, draw_events, draw_many
from forecast.kernel.tally import log_event


@jit
def short_memory(world, state, q, t):
    """Return the short memory of pair q at time t."""
    return state.memory_short[q] * math.exp(-(t - state.memory_time[q]) / world.onset.tau_short)


@jit
def end_rivalry(world, state, tally, event_id, q, by_regime, t):
    """End the rivalry of a pair."""
    k = world.first_dyad[q]
    i, j = world.initiator[k], world.target[k]
    state.rival[i, j] = 0
    state.rival[j, i] = 0
    kept = 0
    for n in range(state.number[RIVALRIES]):
        if state.rivalry[n] != q:
            state.rivalry[kept] = state.rivalry[n]
            kept += 1
    state.number[RIVALRIES] = kept
    tally.counts[RIVALRY_END_COUNT] += 1
    log_event(tally, t, events.RIVALRY_ENDED, event_id, world.code[i], world.code[j], -1, by_regime)


@jit
def _end_hazard(world, state, q, t):
    r = world.rivalry
    return r.end * (1.0 + short_memory(world, state, q, float(t))) ** r.end_memory


@jit
def _list_ending(world, state, stream, begin, count, t):
    """List the rivalries that end among `count` from position `begin`; return their number."""
    r, actor, purpose, u = world.rivalry, state.actor, state.purpose, state.vote_u
    for n in range(count):
        k = world.first_dyad[state.rivalry[begin + n]]
        actor[n] = world.code[world.initiator[k]] * 1024 + world.code[world.target[k]]
        purpose[n] = events.RIVAL_END
    draw_many(stream, np.uint64(t), purpose, actor, count, u, state.vote_v, state.vote_w)
    # Memory can only protect a rivalry if its exponent is negative: most draws are decided by that.
    most, found = 1.0 - math.exp(-r.end) if r.end_memory <= 0.0 else 1.0, np.int64(0)
    for n in range(count):
        q = state.rivalry[begin + n]
        if u[n] < most and u[n] < 1.0 - math.exp(-_end_hazard(world, state, q, t)):
            state.obliged_state[found] = q
            found += 1
    return found


@jit
def _end_some(world, state, tally, stream, t):
    begin, room = np.int64(0), state.alive.size
    while begin < state.number[RIVALRIES]:
        count = min(state.number[RIVALRIES] - begin, room)
        found = _list_ending(world, state, stream, begin, count, t)
        for n in range(found):
            end_rivalry(world, state, tally, np.uint64(t), state.obliged_state[n], 0.0, float(t))
        begin += count - found


@jit
def _pole(law, state, k):
    for p in range(law.exists.size):
        if state.exists[p] and law.pole[p] > 0 and state.member[p, k]:
            return law.pole[p]
    return 0


@jit
def rivalry_log_hazard(world, law, state, k, t):
    """Return the log hazard of a rivalry of the pair of dyad k at the tick t."""
    r, i, j = world.rivalry, world.initiator[k], world.target[k]
    contiguity = world.contiguity[i, j]
    x = r.const + r.parity * -abs(log_ratio(world, state, i, j))
    if contiguity > 0:
        x += r.land if contiguity == 1 else r.sea
    if state.democratic[i] and state.democratic[j]:
        x += r.joint_democracy
    if t - state.last_war[world.pair[k]] <= 1.0:
        x += r.recent_war
    if state.conduct[POLARISATION] != 1.0 and world.process.polarisation > 0.0:
        mine, other = _pole(law, state, i), _pole(law, state, j)
        if mine > 0 and other > 0 and mine != other:
            x += math.log(state.conduct[POLARISATION])
    return x


@jit
def _insert_rivalry(state, q):
    at = state.number[RIVALRIES]
    while at > 0 and state.rivalry[at - 1] > q:
        state.rivalry[at] = state.rivalry[at - 1]
        at -= 1
    state.rivalry[at] = q
    state.number[RIVALRIES] += 1


@jit
def _start(world, state, tally, k, t):
    i, j = world.initiator[k], world.target[k]
    state.rival[i, j] = 1
    state.rival[j, i] = 1
    _insert_rivalry(state, world.pair[k])
    tally.counts[RIVALRY_START_COUNT] += 1
    log_event(
        tally, float(t), events.RIVALRY_STARTED, np.uint64(t), world.code[i], world.code[j], -1, 0.0
    )


@jit
def _start_some(world, law, state, tally, shared, t):
    cap = world.rivalry.cap
    while state.number[RIVAL_AT] < shared.rivals[0] and (
        shared.rival_time[state.number[RIVAL_AT]] <= t
    ):
        n = state.number[RIVAL_AT]
        state.number[RIVAL_AT] = n + 1
        k = shared.rival_dyad[n]
        i, j = world.initiator[k], world.target[k]
        if state.rival[i, j] or state.alive[i] == 0 or state.alive[j] == 0:
            continue
        x = rivalry_log_hazard(world, law, state, k, t)
        ratio = math.exp(x - world.rival_log_rate[k])
        if ratio > cap:
            tally.counts[CLIP_COUNT] += 1
        if shared.rival_height[n] * cap <= ratio:
            _start(world, state, tally, k, t)


@jit
def change_rivalries(world, law, state, tally, stream, shared, t):
    """Let rivalries end and begin."""
    if world.process.rivalry_change == 0.0:
        return
    _end_some(world, state, tally, stream, t)
    _start_some(world, law, state, tally, shared, t)


@jit
def _lift_of(world, state, i, j):
    onset = world.onset
    lift = onset.rivalry * (state.rival[i, j] - world.rival[i, j])
    now = state.democratic[i] * state.democratic[j]
    lift += onset.joint_democracy * (now - world.democratic[i] * world.democratic[j])
    return max(0.0, lift)


@jit
def _fill_layer(world, state, stream, layer, u, k, room, t):
    mean = world.sampling.immigrant_cap * world.rate[k] * room
    for m in range(poisson_quantile(u, mean)):
        candidate = child_id(layer, m)
        when, _, height = draw(stream, candidate, events.RIVAL_LAYER, 0)
        push(state, t + when, candidate, k, 1.0 + height * room)


@jit
def _layer(world, k, t):
    """Return the event of the layer that dyad k has in the year that starts at t."""
    i, j = world.initiator[k], world.target[k]
    return (np.uint64(t) << np.uint64(32)) + np.uint64(world.code[i] * 65536 + world.code[j])


@jit
def _fill_layers(world, state, stream, begin, count, t):
    """Draw the candidates of the layers of `count` lifted pairs, from position `begin`."""
    layer, actor, u, room = state.actor, state.purpose, state.vote_u, state.vote_v
    for n in range(count):
        k = world.first_dyad[state.lifted[begin + n]]
        layer[2 * n], layer[2 * n + 1] = _layer(world, k, t), _layer(world, world.reverse[k], t)
        actor[2 * n], actor[2 * n + 1] = 0, 0
        room[n] = state.lift[state.lifted[begin + n]]
    for n in range(count):
        room[n] = exponential(room[n]) - 1.0
    draw_events(stream, layer, events.RIVAL_LAYER, actor, 2 * count, u)
    for n in range(count):
        k = world.first_dyad[state.lifted[begin + n]]
        if state.alive[world.initiator[k]] and state.alive[world.target[k]]:
            first, second = np.uint64(layer[2 * n]), np.uint64(layer[2 * n + 1])
            _fill_layer(world, state, stream, first, u[2 * n], k, room[n], t)
            _fill_layer(world, state, stream, second, u[2 * n + 1], world.reverse[k], room[n], t)


@jit
def _lift(world, state, q):
    """Note a pair, once, whose rate has outgrown the cap of the origin."""
    k = world.first_dyad[q]
    lift = _lift_of(world, state, world.initiator[k], world.target[k])
    if lift > 0.0 and state.lift[q] == 0.0:
        state.lift[q] = lift
        state.lifted[state.number[LIFTED]] = q
        state.number[LIFTED] += 1


@jit
def _lower_all(state):
    for n in range(state.number[LIFTED]):
        state.lift[state.lifted[n]] = 0.0
    state.number[LIFTED] = 0


@jit
def open_layers(world, state, stream, t):
    """Draw the year's candidates of pairs whose rate has outgrown the cap of the origin.

    Only pairs whose rivalry has changed, or one of whose states is no democracy any more, can have.
    """
    _lower_all(state)
    for n in range(state.number[RIVALRIES]):
        q = state.rivalry[n]
        k = world.first_dyad[q]
        if world.rival[world.initiator[k], world.target[k]] == 0:
            _lift(world, state, q)
    for q in world.origin_rivalry:
        k = world.first_dyad[q]
        if state.rival[world.initiator[k], world.target[k]] == 0:
            _lift(world, state, q)
    for i in range(world.code.size):
        if state.democratic[i] < world.democratic[i]:
            for k in range(world.dyad_start[i], world.dyad_start[i + 1]):
                _lift(world, state, world.pair[k])
    begin, room = np.int64(0), state.alive.size // 2
    while begin < state.number[LIFTED]:
        count = min(state.number[LIFTED] - begin, room)
        _fill_layers(world, state, stream, begin, count, t)
        begin += count
