"""What the challenger sees: the target's expected support, and legal cost (§2, §3.1)."""

import math

import numpy as np

from forecast.kernel.compiled import jit
from forecast.kernel.distributions import clip, logit
from forecast.kernel.promises import institution, promiser
from forecast.kernel.records import FORCE, NONE, STAMP, WILLING_WEIGHT

TABLE_NODES = 9
TABLE_END = 4.0
NEVER = 1e-12  # a legitimacy of 0, of an institution that no vote concerns, has log odds too


@jit
def credibility(state, p):
    """Return kappa of institution p."""
    return state.credibility_a[p] / (state.credibility_a[p] + state.credibility_b[p])


@jit
def set_weight(world, state, p):
    """Refresh credibility and weight of the promises of institution p."""
    s = world.support
    state.kappa[p] = credibility(state, p)
    kappa = min(s.weight_cap, state.kappa[p] / s.credibility_reference)
    bound = min(s.weight_cap, state.obligation[p] / s.obligation_reference)
    state.weight[p] = kappa * bound * state.share[p] / s.share_reference


@jit
def set_legitimacy(state, p, legitimacy):
    """Set the legitimacy of institution p, and its log odds."""
    state.legitimacy[p] = legitimacy
    state.lean[p] = logit(clip(legitimacy, NEVER, 1.0 - NEVER))


@jit
def _faith(kept, broken, relief, reference):
    """Return sqrt(R / reference) times the relief from overcommitment."""
    return math.sqrt(kept / (kept + broken) / reference) * relief


@jit
def set_faith_in(world, state, k):
    """Refresh the reliability factor of state k."""
    reference = world.support.reliability_reference
    kept, broken = state.reputation_a[k], state.reputation_b[k]
    state.faith[k] = _faith(kept, broken, state.relief[k], reference)


@jit
def set_faith(world, state):
    """Refresh the reliability factor of every state."""
    kept, broken, relief = state.reputation_a, state.reputation_b, state.relief
    faith, reference = state.faith, world.support.reliability_reference
    for k in range(faith.size):
        faith[k] = _faith(kept[k], broken[k], relief[k], reference)


@jit
def set_offers(world, law, state):
    """Refresh what every state has to offer, and the sums over the members of every body."""
    offer, capability, tied, faith = state.offer, state.capability, state.tied, state.faith
    for k in range(offer.size):
        offer[k] = capability[k] * (1.0 - tied[k]) * faith[k]
    for p in law.bodies:
        total, roll = 0.0, state.roll[p]
        for n in range(state.roll_size[p]):
            total += offer[roll[n]]
        state.pool[p] = total


@jit
def promise_holds(law, state, p, against):
    """Return whether a pact's promise holds against an aggressor."""
    return state.member[p, against] == 0 or law.intra[p] == 1


@jit
def covers(law, state, p, i, j):
    """Return whether body p covers j against i."""
    covered = state.exists[p] == 1 and state.covered[p, j] == 1
    return covered and promise_holds(law, state, p, i)


@jit
def _at(table, k, lean):
    """Interpolate the probabilities of force and of sanctions at the log odds of a legitimacy."""
    x = (clip(lean, -TABLE_END, TABLE_END) + TABLE_END) * (TABLE_NODES - 1) / (2 * TABLE_END)
    low = min(int(x), TABLE_NODES - 2)
    rest = x - low
    force = table[low, k, 0] + rest * (table[low + 1, k, 0] - table[low, k, 0])
    return force, table[low, k, 1] + rest * (table[low + 1, k, 1] - table[low, k, 1])


@jit
def decisions(law, state, p, k, lean):
    """Return P(force | war) and P(sanctions | fatal dispute), as a transition has them now."""
    own_force, own_sanctions = _at(law.tables[law.table[p]], k, lean)
    share = state.level_of[FORCE]
    if share >= 1.0:
        return own_force, own_sanctions
    force, sanctions = _at(law.tables[law.start_table[p]], k, lean)
    return (1.0 - share) * force + share * own_force, (
        (1.0 - share) * sanctions + share * own_sanctions
    )


@jit
def next_promiser(law, state, row, count, n, against):
    """Return who makes the n-th promise, what holds of it, and where the next promiser begins.

    `row` are a state's promises, `count` their number. What holds is the institution of the
    promiser's weightiest promise against the aggressor, or -1.
    """
    weight, k, best = state.weight, promiser(row[n]), NONE
    while n < count and promiser(row[n]) == k:
        p = institution(row[n])
        if (best < 0 or weight[p] > weight[best]) and promise_holds(law, state, p, against):
            best = p
        n += 1
    return k, best, n


@jit
def _promised(world, law, state, i, j):
    """Return what j's pacts offer against i, and the share of i's trade that is with them."""
    state.number[STAMP] += 1
    stamp, mark, offer = state.number[STAMP], state.mark, state.offer
    weight, kappa, trade = state.weight, state.kappa, world.trade[i]
    row, count = state.promise[j], state.promise_count[j]
    total, bite, n = 0.0, 0.0, np.int64(0)
    while n < count:
        k, best, n = next_promiser(law, state, row, count, n, i)
        if best >= 0 and k != i:
            total += weight[best] * offer[k]
            bite += kappa[best] * trade[k]
            mark[k] = stamp
    return total, min(1.0, bite)


@jit
def _willing(world, state, k):
    total = 0.0
    for n in range(world.willing.shape[1]):
        m = world.willing[k, n]
        if m < 0:
            break
        if state.mark[m] != state.number[STAMP] and state.alive[m]:
            total += state.offer[m]
    return state.conduct[WILLING_WEIGHT] * total


@jit
def _pooled(state, p, i, j):
    """Return what the members of body p offer who are no parties and have not promised already."""
    pool, member, offer, mark = state.pool[p], state.member[p], state.offer, state.mark
    row, last, stamp = state.promise[j], NONE, state.number[STAMP]
    for n in range(state.promise_count[j]):
        k = promiser(row[n])
        if k != last and mark[k] == stamp and member[k]:
            pool -= offer[k]
        last = k
    if member[i]:
        pool -= offer[i]
    if member[j]:
        pool -= offer[j]
    return max(pool, 0.0)


@jit
def _rulings(world, law, state, k, i, j):
    """Note how likely each body sends force; return the legal cost of what bodies would rule.

    Asked before anything else: the tables are far away, and may come while pacts are added up.
    """
    cost = 0.0
    for p in law.bodies:
        state.force[p] = 0.0
        if covers(law, state, p, i, j):
            state.force[p], sanctions = decisions(law, state, p, k, state.lean[p])
            cost += sanctions * state.kappa[p] * state.legitimacy[p]
    return cost


@jit
def _from_bodies(world, law, state, i, j):
    total = 0.0
    for p in law.bodies:
        if state.force[p] > 0.0:
            help_p = state.weight[p] * _pooled(state, p, i, j)
            if state.standing_war[p] < 0:
                help_p += state.standing[p]
            total += state.force[p] * help_p
    return total


@jit
def expected_support(world, law, state, k):
    """Return (G, U, bite) of directed dyad k: support in log units, legal cost, sanctions' bite."""
    i, j = world.initiator[k], world.target[k]
    cost = _rulings(world, law, state, k, i, j)
    promised, bite = _promised(world, law, state, i, j)
    total = promised + _from_bodies(world, law, state, i, j)
    if state.conduct[WILLING_WEIGHT] > 0.0:
        total += _willing(world, state, k)
    cost += world.support.breadth * math.sqrt(bite)
    return _log_support(world, state, total, i, j), cost, bite


@jit
def _log_support(world, state, total, i, j):
    s = world.support
    factor = 1.0
    if s.adequacy > 0.0:
        factor = min(1.0, total / (s.adequacy * state.capability[i]))
    return clip(math.log(1.0 + total * factor / state.capability[j]), 0.0, s.support_cap)
