"""What a victory changes: territory, states, rivalries, the norm against conquest (§5.9)."""

import numpy as np

from forecast.kernel import events
from forecast.kernel.capability import move_capabilities, set_bulk
from forecast.kernel.compiled import jit
from forecast.kernel.distributions import clip
from forecast.kernel.membership import leave
from forecast.kernel.promises import remove_promises_of
from forecast.kernel.records import (
    ANNUAL_TERRITORY_LOSSES,
    CONQUEST_COUNT,
    MIDDLE,
    NONE,
    NORM,
    SMALL,
    STATE_CONQUERED,
    STATE_TERRITORY_LOSSES,
    TERRITORY_LOSS_COUNT,
)
from forecast.kernel.rivalries import end_rivalry
from forecast.kernel.streams import draw
from forecast.kernel.tally import count, log_event

TERRITORY, REGIME = 1, 3
NOTHING_LEFT = 1e-30  # what a dead state keeps, so that logarithms exist
LEAST_ADVANTAGE = 1.0  # log capability ratio without which no state is swallowed


@jit
def _transfer(world, state, i, j, share):
    gdp = share * state.gdp[j] * world.gdp[j] / world.gdp[i]
    people = share * state.people[j] * world.population[j] / world.population[i]
    state.gdp[i] += gdp
    state.people[i] += people
    state.gdp[j] = max(state.gdp[j] * (1.0 - share), NOTHING_LEFT)
    state.people[j] = max(state.people[j] * (1.0 - share), NOTHING_LEFT)
    set_bulk(world, state, i)
    set_bulk(world, state, j)


@jit
def _take_territory(world, state, tally, event_id, i, j, u, t):
    c = world.conquest
    share = c.transfer_low * (c.transfer_high / c.transfer_low) ** u
    _transfer(world, state, i, j, share)
    count(tally, TERRITORY_LOSS_COUNT, ANNUAL_TERRITORY_LOSSES, int(t))
    tally.states[STATE_TERRITORY_LOSSES, j] += 1
    log_event(tally, t, events.TERRITORY, event_id, world.code[i], world.code[j], -1, share)


@jit
def _death_probability(world, state, i, j):
    c = world.conquest
    if state.log_capability[i] - state.log_capability[j] <= LEAST_ADVANTAGE:
        return 0.0
    size = c.death_great
    if world.state_class[j] == SMALL:
        size = 1.0
    elif world.state_class[j] == MIDDLE:
        size = c.death_middle
    return c.death * (1.0 - state.level_of[NORM]) * size


@jit
def _end_state(world, law, state, tally, event_id, i, j, t):
    _transfer(world, state, i, j, 1.0)
    state.alive[j] = 0
    tally.counts[CONQUEST_COUNT] += 1
    tally.states[STATE_CONQUERED, j] += 1
    log_event(tally, t, events.STATE_DEATH, event_id, world.code[i], world.code[j], -1, 0.0)
    for p in range(law.exists.size):
        leave(world, state, p, j)
    remove_promises_of(world, state, j, NONE)
    for q in range(world.first_dyad.size):
        k = world.first_dyad[q]
        x, y = world.initiator[k], world.target[k]
        if (x == j or y == j) and state.rival[x, y]:
            end_rivalry(world, state, tally, event_id, q, 2.0, t)
    state.rival[j, :] = 0
    state.rival[:, j] = 0


@jit
def _change_norm(world, state, slot, i, complied):
    c = world.conquest
    if complied:
        change = c.norm_reversed
    elif state.war_sanctioned[slot]:
        return
    else:
        change = -(c.norm_great if world.great[i] else c.norm_other)
    state.level_of[NORM] = clip(state.level_of[NORM] + change, 0.0, 1.0)


@jit
def _win(world, law, state, tally, stream, slot, i, j, aim, t):
    event_id = state.war_id[slot]
    u, v, w = draw(stream, event_id, events.CONQUEST_DRAW, 0)
    dies = aim in (TERRITORY, REGIME) and v < _death_probability(world, state, i, j)
    if aim == TERRITORY:
        _take_territory(world, state, tally, event_id, i, j, u, t)
    if dies:
        _end_state(world, law, state, tally, event_id, i, j, t)
    elif aim == REGIME and state.rival[i, j] and w < world.conquest.rivalry_ends:
        q = state.war_pair[slot]
        if q >= 0:
            end_rivalry(world, state, tally, event_id, q, 1.0, t)
    if aim == TERRITORY or dies:
        _change_norm(world, state, slot, i, np.bool_(False))


@jit
def settle(world, law, state, tally, stream, slot, result, reversed_win, t):
    """Let the result of a war change territory, states and the norm."""
    i, j, aim = state.war_initiator[slot], state.war_target[slot], state.war_aim[slot]
    if world.process.conquest == 0.0 or state.alive[i] == 0 or state.alive[j] == 0:
        return
    if result == 1:
        _win(world, law, state, tally, stream, slot, i, j, aim, t)
        move_capabilities(world, state)
    elif reversed_win and aim == TERRITORY:
        _change_norm(world, state, slot, i, np.bool_(True))
