"""What is computed anew when promises, numbers or capabilities have changed (§3.4, §6.8, §6.9)."""

import math

import numpy as np

from forecast.kernel.compiled import jit
from forecast.kernel.promises import DEFENCE_OBLIGATION
from forecast.kernel.support import same_promiser, set_offers, set_weight


@jit
def _loads_and_guards(world, state):
    """Add up what each state has promised, and what protects each state."""
    state.load[:] = 0.0
    for j in range(world.code.size):
        help_j, n = 0.0, np.int64(0)
        while n < state.promise_count[j]:
            stop = same_promiser(state, j, n)
            k, heaviest = state.promise_state[j, n], 0.0
            for m in range(n, stop):
                p = state.promise_institution[j, m]
                state.load[k] += state.obligation[p] * state.share[p] * world.stake[j]
                heaviest = max(heaviest, state.weight[p])
            help_j += heaviest * state.capability[k]
            n = stop
        state.guard[j] = math.log(1.0 + help_j / state.capability[j])


@jit
def _body_loads(world, law, state):
    for p in law.bodies:
        if state.exists[p] == 0:
            continue
        stakes = 0.0
        for j in range(world.code.size):
            stakes += state.covered[p, j] * world.stake[j]
        for k in range(world.code.size):
            if state.member[p, k]:
                state.load[k] += state.obligation[p] * state.share[p] * stakes


@jit
def _set_relief(world, state):
    strength = world.overcommitment.strength
    if world.process.overcommitment == 0.0:
        return
    for k in range(world.code.size):
        before = 1.0 + strength * world.load_reference[k]
        state.relief[k] = before / (1.0 + strength * state.load[k])


@jit
def great_patron(world, state, j):
    """Return whether a great power other than j owes j defence."""
    if state.defenders[j] == 0:
        return False
    for n in range(state.promise_count[j]):
        k = state.promise_state[j, n]
        if world.great[k] and k != j and state.owes[k, j]:
            return True
    return False


@jit
def _set_shelter(world, law, state):
    for j in range(world.code.size):
        state.sheltered[j] = 1 if great_patron(world, state, j) else 0
    for p in law.bodies:
        if state.exists[p] and state.obligation[p] >= DEFENCE_OBLIGATION:
            for j in range(world.code.size):
                if state.covered[p, j]:
                    state.sheltered[j] = 1


@jit
def renew(world, law, state):
    """Refresh weights, loads, guards, offers and shelter."""
    for p in range(law.exists.size):
        if state.exists[p]:
            set_weight(world, state, p)
    _loads_and_guards(world, state)
    _body_loads(world, law, state)
    _set_relief(world, state)
    set_offers(world, law, state)
    _set_shelter(world, law, state)
