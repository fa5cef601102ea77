"""What is computed anew when promises, numbers or capabilities have changed (§3.4, §6.8, §6.9)."""

from forecast.kernel.compiled import jit
from forecast.kernel.mathematics import logarithm
from forecast.kernel.promises import DEFENCE_OBLIGATION, institution, promiser
from forecast.kernel.records import NONE
from forecast.kernel.support import set_faith, set_offers, set_weight


@jit
def _set_guards(world, state):
    """Add up what protects each state: every promiser once, at its heaviest promise.

    Only military spending asks for it.
    """
    if world.process.spending == 0.0 or world.budget.free_riding == 0.0:
        return
    weights, capability, guard = state.weight, state.capability, state.guard
    for j in range(guard.size):
        row, last, heaviest = state.promise[j], NONE, 0.0
        help_j, other_half = 0.0, 0.0  # two sums in turn: no addition waits for the one before
        for n in range(state.promise_count[j]):
            k, weight = promiser(row[n]), weights[institution(row[n])]
            gain = weight
            if k == last:
                gain = max(weight - heaviest, 0.0)
                weight = max(weight, heaviest)
            last, heaviest = k, weight
            help_j, other_half = other_half, help_j + gain * capability[k]
        guard[j] = help_j + other_half
    for j in range(guard.size):
        guard[j] = logarithm(1.0 + guard[j] / capability[j])


@jit
def _set_loads(world, law, state):
    """Add up what each state has promised."""
    load = state.load
    load[:] = 0.0
    for p in range(law.exists.size):
        bound, stakes = state.obligation[p] * state.share[p], state.stakes[p]
        if state.exists[p] and bound > 0.0:
            for k in range(load.size):
                load[k] += bound * stakes[k]
    for p in law.bodies:
        if state.exists[p]:
            covered, stake, stakes = state.covered[p], world.stake, 0.0
            for j in range(load.size):
                stakes += covered[j] * stake[j]
            for n in range(state.roll_size[p]):
                load[state.roll[p, n]] += state.obligation[p] * state.share[p] * stakes


@jit
def _set_relief(world, state):
    strength = world.overcommitment.strength
    if world.process.overcommitment == 0.0:
        return
    reference, load, relief = world.load_reference, state.load, state.relief
    for k in range(relief.size):
        relief[k] = (1.0 + strength * reference[k]) / (1.0 + strength * load[k])


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
    sheltered = state.sheltered
    sheltered[:] = 0
    for k in world.greats:
        own, owes = sheltered[k], state.owes[k]
        for j in range(sheltered.size):
            sheltered[j] |= owes[j]
        sheltered[k] = own  # nobody shelters itself
    for p in law.bodies:
        if state.exists[p] and state.obligation[p] >= DEFENCE_OBLIGATION:
            covered = state.covered[p]
            for j in range(sheltered.size):
                sheltered[j] |= covered[j]


@jit
def renew(world, law, state):
    """Refresh weights, loads, guards, offers and shelter."""
    for p in range(law.exists.size):
        if state.exists[p]:
            set_weight(world, state, p)
    _set_guards(world, state)
    _set_loads(world, law, state)
    _set_relief(world, state)
    set_faith(world, state)
    set_offers(world, law, state)
    _set_shelter(world, law, state)
