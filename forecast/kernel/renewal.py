"""What is computed anew when promises, numbers or capabilities have changed (§3.4, §6.8, §6.9)."""

import math

from forecast.kernel.compiled import jit
from forecast.kernel.promises import DEFENCE_OBLIGATION, institution, promiser
from forecast.kernel.records import NONE
from forecast.kernel.support import set_offers, set_weight


@jit
def _set_guards(world, state):
    """Add up what protects each state: every promiser once, at its heaviest promise."""
    for j in range(world.code.size):
        help_j, last, heaviest = 0.0, NONE, 0.0
        for n in range(state.promise_count[j]):
            promise = state.promise[j, n]
            k, weight = promiser(promise), state.weight[institution(promise)]
            if k != last:
                last, heaviest = k, 0.0
            if weight > heaviest:
                help_j += (weight - heaviest) * state.capability[k]
                heaviest = weight
        state.guard[j] = math.log(1.0 + help_j / state.capability[j])


@jit
def _set_loads(world, law, state):
    """Add up what each state has promised."""
    state.load[:] = 0.0
    for p in range(law.exists.size):
        bound = state.obligation[p] * state.share[p]
        if state.exists[p] and bound > 0.0:
            for k in range(world.code.size):
                state.load[k] += bound * state.stakes[p, k]
    for p in law.bodies:
        if state.exists[p]:
            bound, stakes = state.obligation[p] * state.share[p], 0.0
            for j in range(world.code.size):
                stakes += state.covered[p, j] * world.stake[j]
            for n in range(state.roll_size[p]):
                state.load[state.roll[p, n]] += bound * stakes


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
    if state.defenders[j] > 0:
        for k in world.greats:
            if k != j and state.owes[k, j]:
                return True
    return False


@jit
def _set_shelter(world, law, state):
    for j in range(world.code.size):
        state.sheltered[j] = 1 if great_patron(world, state, j) else 0
    for p in law.bodies:
        if state.exists[p] and state.obligation[p] >= DEFENCE_OBLIGATION:
            for j in range(world.code.size):
                state.sheltered[j] |= state.covered[p, j]


@jit
def renew(world, law, state):
    """Refresh weights, loads, guards, offers and shelter."""
    for p in range(law.exists.size):
        if state.exists[p]:
            set_weight(world, state, p)
    _set_guards(world, state)
    _set_loads(world, law, state)
    _set_relief(world, state)
    set_offers(world, law, state)
    _set_shelter(world, law, state)
