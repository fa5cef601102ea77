"""Who joins a war: obliged allies, then neighbours and great powers, then the willing (§5.2)."""

import numpy as np

from forecast.kernel import events
from forecast.kernel.compiled import jit
from forecast.kernel.distributions import clip, logistic, logit
from forecast.kernel.records import (
    ALLY_HONOURED_COUNT,
    ALLY_INVOCATION_COUNT,
    BALANCE_BONUS,
    JOINER_COUNT,
    NONE,
    ONE,
    STAMP,
    STATE_WARS,
    WARS,
    WILLING_BONUS,
    WILLING_WEIGHT,
)
from forecast.kernel.streams import draw
from forecast.kernel.support import credibility, next_promiser, set_faith_in
from forecast.kernel.tally import log_event

UNTRIED = np.bool_(False)  # a decision that puts no promise on trial


@jit
def allied(state, x, y):
    """Return whether x owes y defence or y owes it to x."""
    return state.owes[x, y] == 1 or state.owes[y, x] == 1


@jit
def out_of_reach(state, slot, k, i, j):
    """Return whether k fights already, is dead, or is allied with both sides."""
    if state.war_side[slot, k] != 0 or state.alive[k] == 0:
        return True
    return allied(state, k, i) and allied(state, k, j)


@jit
def most_situation(world, share):
    """Return the most that the terms of who fights already and of the candidate's kind add."""
    join = world.joining
    most = max(0.0, join.great_powers * share) + max(0.0, join.buck_passing)
    return world.most_eagerness + most


@jit
def most_balance(state):
    """Return the most that balancing adds."""
    return max(0.0, 2.0 * state.conduct[BALANCE_BONUS])


@jit
def hesitation(world, state, stream, slot, k, side):
    """Return the uniform that the probability of joining must exceed, by state and war.

    One draw serves both sides and every review of the war.
    """
    if state.war_asked[slot, k] == 0:
        u, v, _ = draw(stream, state.war_id[slot], events.JOIN, world.code[k])
        state.war_hesitation[slot, 0, k] = v
        state.war_hesitation[slot, 1, k] = u
        state.war_asked[slot, k] = 1
    return state.war_hesitation[slot, side - 1, k]


@jit
def exceeds(u, x):
    """Return whether u surely exceeds logistic(x), by the first terms of the exponential series."""
    y = -x
    series = 2.0 + y * (1.0 + y * (1.0 / 2.0 + y * (1.0 / 6.0 + y * (1.0 / 24.0))))
    return y > 0.0 and u * series > 1.0 + 1e-9


@jit
def may_join(world, state, stream, slot, k, side, most):
    """Return whether the most log odds, size apart, could bring state k into the war."""
    most += world.joining.log_capability * state.log_capability[k]
    return not exceeds(hesitation(world, state, stream, slot, k, side), most)


@jit
def list_obliged(world, law, state, stream, slot, principal, against, side, most, tried):
    """Fill the obliged states of a principal, largest first; return their number.

    If no promise is on trial, a state that cannot come even at the most log odds is only counted.
    """
    n, found = np.int64(0), np.int64(0)
    row, count = state.promise[principal], state.promise_count[principal]
    state.called[:] = 0
    while n < count:
        k, best, n = next_promiser(law, state, row, count, n, against)
        if best < 0 or out_of_reach(state, slot, k, principal, against):
            continue
        state.mark[k] = state.number[STAMP]
        state.called[best] += 1
        bound = most + obligation_terms(world, law, state, best, ONE, side)
        bound += max(0.0, -law.free_riding[best]) * world.log_count[-1] + world.most_conviction
        if tried or may_join(world, state, stream, slot, k, side, bound):
            _insert(state, found, k, best)
            found += 1
    return found


@jit
def _insert(state, at, k, p):
    while at > 0 and state.capability[state.obliged_state[at - 1]] < state.capability[k]:
        state.obliged_state[at] = state.obliged_state[at - 1]
        state.obliged_by[at] = state.obliged_by[at - 1]
        at -= 1
    state.obliged_state[at], state.obliged_by[at] = k, p


@jit
def common_terms(world, state, slot, i, j, side, salience):
    """Return the log odds of joining that do not depend on the candidate."""
    join = world.joining
    opponent = i if side == 2 else j
    x = join.const + join.war + join.post1945 + join.salience * salience
    x += join.log_aggressor * state.log_capability[opponent]
    return x if side == 2 else x + join.aggressor_side


@jit
def own_terms(world, state, k, i, j, side):
    """Return the candidate's own part of the log odds, without obligation."""
    join = world.joining
    principal, opponent = (j, i) if side == 2 else (i, j)
    x = join.log_capability * state.log_capability[k] + join.major * world.great[k]
    if world.contiguity[k, i] > 0 or world.contiguity[k, j] > 0:
        x += join.near
    x += join.democracy * state.democratic[k] - join.tied_down * state.tied[k]
    x += join.affinity * (world.affinity[k, principal] - world.affinity[k, opponent])
    if state.nuclear[opponent] == 2 and state.nuclear[k] != 2:
        x -= join.nuclear_aggressor
    return x


@jit
def obligation_terms(world, law, state, p, bound, side):
    """Return the part of the log odds that an obligation through institution p brings, sure aid."""
    join = world.joining
    obligation = state.obligation[p] if side == 2 else join.aggressor_obligation
    x = join.obligation * (obligation - join.obligation_reference)
    return x - law.free_riding[p] * world.log_count[bound]


@jit
def credibility_term(world, state, k, p):
    """Return the part of the log odds that the credibility of the promise brings."""
    join = world.joining
    kappa = credibility(state, p) * state.faith[k]
    return join.credibility * logit(clip(kappa, join.credibility_low, join.credibility_high))


@jit
def situation_terms(world, state, slot, k, side, share):
    """Return the part of the log odds that depends on who fights already."""
    join = world.joining
    x = 0.0
    if world.great[k] and _great_on(world, state, slot, 3 - side):
        x += join.great_powers * share
    own, other = (1, 0) if side == 2 else (0, 1)
    helpers = state.war_committed[slot, own] - state.war_capability[slot, own + 2]
    if helpers >= join.needed * state.war_committed[slot, other]:
        x += join.buck_passing
    return x


@jit
def _great_on(world, state, slot, side):
    for k in world.greats:
        if state.war_side[slot, k] == side:
            return True
    return False


@jit
def load_of(world, state, k, share):
    """Return the share of its capability that k would bring."""
    return min(share, world.joining.load_cap - state.tied[k])


@jit
def set_tied(world, state, k):
    """Refresh the share of its capability that k has tied down in wars."""
    total = 0.0
    for slot in range(state.number[WARS]):
        if state.war_active[slot] and state.war_side[slot, k] != 0:
            total += state.war_load[slot, k]
    state.tied[k] = min(world.joining.tied_cap, total)


@jit
def line_up(state, slot, k, side):
    """Put state k on a side of the war."""
    n = state.war_size[slot]
    state.war_side[slot, k] = side
    state.war_party[slot, n] = k
    state.war_size[slot] = n + 1


@jit
def enlist(world, state, slot, k, side, load):
    """Put state k on a side of the war with its load."""
    line_up(state, slot, k, side)
    state.war_load[slot, k] = load
    set_tied(world, state, k)
    state.war_committed[slot, side - 1] += load * state.capability[k]
    state.war_capability[slot, side - 1] += state.capability[k]


@jit
def decide(world, law, state, tally, stream, slot, k, p, bound, i, j, side, extra, share, tried, t):
    """Let state k decide whether to join; p is the institution that binds it, or -1.

    Returns (decided, joined, probability).
    """
    join = world.joining
    load = load_of(world, state, k, state.share[p] if p >= 0 else join.unobliged_share)
    if load <= join.load_least:
        return False, False, 0.0
    x = extra + own_terms(world, state, k, i, j, side)
    x += situation_terms(world, state, slot, k, side, share)
    u = hesitation(world, state, stream, slot, k, side)
    if p >= 0:
        x += obligation_terms(world, law, state, p, bound, side)
        if not tried and exceeds(u, x + world.most_conviction):
            return True, False, 0.0
        x += credibility_term(world, state, k, p)
    else:
        x -= join.obligation * join.obligation_reference
    probability = logistic(x)
    joined = u < probability
    if joined:
        enlist(world, state, slot, k, side, load)
        tally.counts[JOINER_COUNT] += 1
        tally.states[STATE_WARS, k] += 1
        principal = j if side == 2 else i
        log_event(
            tally, t, events.JOINED, state.war_id[slot],
            world.code[k], world.code[principal], p, load,
        )  # fmt: skip
    return True, joined, probability


@jit
def _record_obliged(world, state, tally, slot, k, p, j, joined, probability, t):
    weight = world.credibility.reputation_weight
    tally.counts[ALLY_INVOCATION_COUNT] += 1
    promised = state.share[p] * state.capability[k]
    state.bound[p] += 1
    state.bound_expected[p] += probability * promised
    if joined:
        tally.counts[ALLY_HONOURED_COUNT] += 1
        state.bound_joined[p] += promised
        state.reputation_a[k] += weight * (1.0 - probability)
    else:
        state.reputation_b[k] += weight * probability
        log_event(
            tally, t, events.RENEGED, state.war_id[slot],
            world.code[k], world.code[j], p, probability,
        )  # fmt: skip
    set_faith_in(world, state, k)


@jit
def balance_terms(state, k, i, j):
    """Return what balancing adds for an unobliged state on the target's side."""
    if state.conduct[BALANCE_BONUS] == 0.0:
        return 0.0
    rival = 1.0 if state.rival[k, i] else 0.0
    heavier = clip(state.log_capability[i] - state.log_capability[j], 0.0, 2.0)
    return state.conduct[BALANCE_BONUS] * (rival + 0.5 * heavier)


@jit
def recruit(world, law, state, tally, stream, slot, dyad, i, j, side, salience, share, t, late):
    """Let third states decide, in order, whether to join one side of a war.

    A late decision puts no promise on trial.
    """
    principal, opponent = (j, i) if side == 2 else (i, j)
    extra = common_terms(world, state, slot, i, j, side, salience)
    most = extra + most_situation(world, share)
    tried = side == 2 and not late
    state.number[STAMP] += 1
    stamp = state.number[STAMP]
    found = list_obliged(world, law, state, stream, slot, principal, opponent, side, most, tried)
    for m in range(found):
        k, p = state.obliged_state[m], state.obliged_by[m]
        bound = state.called[p]
        decided, joined, probability = decide(
            world, law, state, tally, stream, slot, k, p, bound, i, j, side, extra, share, tried, t
        )
        if decided and tried:
            _record_obliged(world, state, tally, slot, k, p, j, joined, probability, t)
    most += most_balance(state) - world.joining.obligation * world.joining.obligation_reference
    asked, n = world.bystander[principal], 0
    while asked[n] >= 0:
        k = asked[n]
        if state.mark[k] != stamp:
            state.mark[k] = stamp
            if may_join(world, state, stream, slot, k, side, most):
                _volunteer(world, law, state, tally, stream, slot, k, i, j, side, extra, share, t)
        n += 1
    bonus = state.conduct[WILLING_BONUS]
    if side == 2 and (bonus > 0.0 or state.conduct[WILLING_WEIGHT] > 0.0):
        for n in range(world.willing.shape[1]):
            k = world.willing[dyad, n] if dyad >= 0 else -1
            if k < 0:
                break
            if state.mark[k] != stamp and may_join(
                world, state, stream, slot, k, side, most + bonus
            ):
                _volunteer(
                    world, law, state, tally, stream, slot, k, i, j, side,
                    extra + bonus, share, t,
                )  # fmt: skip


@jit
def _volunteer(world, law, state, tally, stream, slot, k, i, j, side, extra, share, t):
    if out_of_reach(state, slot, k, i, j):
        return
    x = extra + balance_terms(state, k, i, j) if side == 2 else extra
    decide(world, law, state, tally, stream, slot, k, NONE, ONE, i, j, side, x, share, UNTRIED, t)
