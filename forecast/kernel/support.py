"""What the challenger sees: the target's expected support, and legal cost (§2, §3.1)."""

import math

from forecast.kernel.compiled import jit
from forecast.kernel.distributions import clip, logit
from forecast.kernel.records import STAMP

TABLE_NODES = 9
TABLE_END = 4.0


@jit
def credibility(state, p):
    """Return kappa of institution p."""
    return state.credibility_a[p] / (state.credibility_a[p] + state.credibility_b[p])


@jit
def set_weight(world, law, state, p):
    """Refresh the weight of the promises of institution p."""
    s = world.support
    kappa = min(s.weight_cap, credibility(state, p) / s.credibility_reference)
    bound = min(s.weight_cap, law.obligation[p] / s.obligation_reference)
    state.weight[p] = kappa * bound * law.share[p] / s.share_reference


@jit
def reliability_factor(world, state, k):
    """Return sqrt(R_k / reference) of state k."""
    a, b = state.reputation_a[k], state.reputation_b[k]
    return math.sqrt(a / (a + b) / world.support.reliability_reference)


@jit
def set_offer(world, state, k):
    """Refresh what state k has to offer: free capability times reliability."""
    factor = reliability_factor(world, state, k)
    state.offer[k] = state.capability[k] * (1.0 - state.tied[k]) * factor


@jit
def set_pools(law, state):
    """Refresh the summed offers of the members of every body."""
    for p in law.bodies:
        total = 0.0
        for k in range(state.offer.size):
            if law.member[p, k]:
                total += state.offer[k]
        state.pool[p] = total


@jit
def set_offers(world, law, state):
    """Refresh all offers and pools."""
    for k in range(state.offer.size):
        set_offer(world, state, k)
    set_pools(law, state)


@jit
def promise_holds(law, p, against):
    """Return whether a pact's promise holds against an aggressor."""
    return law.member[p, against] == 0 or law.intra[p] == 1


@jit
def covers(law, p, i, j):
    """Return whether body p covers j against i."""
    return law.covered[p, j] == 1 and promise_holds(law, p, i)


@jit
def from_table(table, legitimacy):
    """Interpolate a decision probability at a legitimacy."""
    x = clip(logit(legitimacy), -TABLE_END, TABLE_END)
    x = (x + TABLE_END) * (TABLE_NODES - 1) / (2 * TABLE_END)
    low = min(int(x), TABLE_NODES - 2)
    return table[low] + (x - low) * (table[low + 1] - table[low])


@jit
def best_promise(law, state, begin, end, against):
    """Return the promise with the largest weight among equal promisers [begin, end), or -1."""
    best = -1
    for n in range(begin, end):
        p = law.promise_institution[n]
        if promise_holds(law, p, against) and (best < 0 or state.weight[p] > state.weight[best]):
            best = p
    return best


@jit
def same_promiser(law, begin, end):
    """Return the end of the run of promises by the state that makes promise `begin`."""
    stop = begin + 1
    while stop < end and law.promise_state[stop] == law.promise_state[begin]:
        stop += 1
    return stop


@jit
def _promised(world, law, state, i, j):
    state.number[STAMP] += 1
    stamp = state.number[STAMP]
    state.counted[:] = 0.0
    total, bite = 0.0, 0.0
    n, end = law.promise_start[j], law.promise_start[j + 1]
    while n < end:
        stop = same_promiser(law, n, end)
        k = law.promise_state[n]
        best = best_promise(law, state, n, stop, i) if k != i else -1
        if best >= 0:
            total += state.weight[best] * state.offer[k]
            bite += credibility(state, best) * world.trade[i, k]
            state.mark[k] = stamp
            for p in law.bodies:
                if law.member[p, k]:
                    state.counted[p] += state.offer[k]
        n = stop
    return total, min(1.0, bite)


@jit
def _willing(world, law, state, k):
    total = 0.0
    for n in range(world.willing.shape[1]):
        m = world.willing[k, n]
        if m < 0:
            break
        if state.mark[m] != state.number[STAMP]:
            total += state.offer[m]
    return law.willing_weight * total


@jit
def _pooled(law, state, p, i, j):
    pool = state.pool[p] - state.counted[p]
    if law.member[p, i]:
        pool -= state.offer[i]
    if law.member[p, j]:
        pool -= state.offer[j]
    return max(pool, 0.0)


@jit
def expected_support(world, law, state, k):
    """Return (G, U, bite) of directed dyad k: support in log units, legal cost, sanctions' bite."""
    i, j = world.initiator[k], world.target[k]
    total, bite = _promised(world, law, state, i, j)
    cost = world.support.breadth * math.sqrt(bite)
    for p in law.bodies:
        if covers(law, p, i, j):
            b = law.body[p]
            legitimacy = state.legitimacy[p]
            armed = from_table(law.enforcement[b, k], legitimacy)
            help_p = state.weight[p] * _pooled(law, state, p, i, j)
            if state.standing_war[p] < 0:
                help_p += law.standing[p]
            total += armed * help_p
            sanctioned = from_table(law.sanctions[b, k], legitimacy)
            cost += sanctioned * credibility(state, p) * legitimacy
    if law.willing_weight > 0.0:
        total += _willing(world, law, state, k)
    return _log_support(world, state, total, i, j), cost, bite


@jit
def _log_support(world, state, total, i, j):
    s = world.support
    factor = 1.0
    if s.adequacy > 0.0:
        factor = min(1.0, total / (s.adequacy * state.capability[i]))
    return clip(math.log(1.0 + total * factor / state.capability[j]), 0.0, s.support_cap)
