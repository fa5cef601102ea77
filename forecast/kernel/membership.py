"""Exit of members, end of institutions, hardening and transition (§2, §6.5)."""

import numpy as np

from forecast.kernel import events
from forecast.kernel.compiled import jit
from forecast.kernel.distributions import clip, pick
from forecast.kernel.mathematics import exponential
from forecast.kernel.promises import (
    DEFENCE_OBLIGATION,
    remove_promises_of,
    remove_promises_under,
    set_owes,
)
from forecast.kernel.records import (
    DISSOLUTION_COUNT,
    EXIT_COUNT,
    EXIT_FACTOR,
    FORCE,
    NONE,
)
from forecast.kernel.rolls import set_rolls
from forecast.kernel.streams import draw
from forecast.kernel.support import credibility, set_faith
from forecast.kernel.tally import log_event


@jit
def _between(start, own, force):
    return own if force >= 1.0 else start + force * (own - start)


@jit
def set_numbers(law, state, t):
    """Set the numbers that a transition moves to those of time t."""
    years = law.transition_years
    force = min(1.0, t / years) if years > 0.0 else 1.0
    state.level_of[FORCE] = force
    for p in range(law.exists.size):
        state.obligation[p] = _between(law.start_obligation[p], law.obligation[p], force)
        state.share[p] = _between(law.start_share[p], law.share[p], force)
        state.standing[p] = _between(law.start_standing[p], law.standing[p], force)
        own, start = law.veto_restraint[p], law.start_veto_restraint[p]
        state.veto_restraint[p] = _between(start, own, force)
    for c in range(law.conduct.size):
        state.conduct[c] = _between(law.start_conduct[c], law.conduct[c], force)


@jit
def _harden(law, state, p):
    rate = law.hardening_rate[p]
    for_obligation = max(state.obligation[p], law.obligation_ceiling[p])
    state.obligation[p] += rate * (for_obligation - state.obligation[p])
    state.share[p] += rate * (max(state.share[p], law.share_ceiling[p]) - state.share[p])


@jit
def _binding(state):
    """Return how many institutions bind to defence; hardening can only add to them."""
    count = 0
    for p in range(state.exists.size):
        if state.obligation[p] >= DEFENCE_OBLIGATION:
            count += 1
    return count


@jit
def change_numbers(world, law, state, t):
    """Move a transition on, or let institutions harden."""
    before = _binding(state)
    moving = state.level_of[FORCE] < 1.0
    if moving:
        set_numbers(law, state, t)
    elif world.process.hardening > 0.0:
        for p in range(law.exists.size):
            if state.exists[p] and law.links[p] == 0 and law.hardening_rate[p] > 0.0:
                _harden(law, state, p)
    if moving or _binding(state) != before:
        set_owes(state)


@jit
def _exit_hazard(world, law, state, p, k, t):
    e = world.exit
    hazard = exponential(e.exponent * (0.5 - _felt_credibility(world, state, p, state.faith[k])))
    if law.ladder_max[p] >= 2 and t - state.condemned[k] < 1.0:
        hazard *= 1.0 + e.condemned
    return law.exit_rate[p] * state.conduct[EXIT_FACTOR] * hazard * state.unrest[k]


@jit
def _felt_credibility(world, state, p, faith):
    join = world.joining
    return clip(credibility(state, p) * faith, join.credibility_low, join.credibility_high)


@jit
def _set_unrest(world, state):
    """Refresh what makes each state leave, whatever the institution; return the range of faith."""
    e, unrest, democratic = world.exit, state.unrest, state.democratic
    now, before, faith = state.log_capability, state.past[0], state.faith
    for k in range(unrest.size):
        factor = e.shift_factor if abs(now[k] - before[k]) > e.shift_threshold else 1.0
        unrest[k] = factor * (e.democracy_factor if democratic[k] else 1.0)
    set_faith(world, state)
    return faith.min(), faith.max()


@jit
def _most_hazard(world, law, state, p, least, most):
    """Return a bound on the hazards of all members together."""
    e, unrest = world.exit, 0.0
    for n in range(state.roll_size[p]):
        unrest += state.unrest[state.roll[p, n]]
    low = exponential(e.exponent * (0.5 - _felt_credibility(world, state, p, least)))
    high = exponential(e.exponent * (0.5 - _felt_credibility(world, state, p, most)))
    bound = law.exit_rate[p] * state.conduct[EXIT_FACTOR] * max(low, high) * unrest
    return bound * (1.0 + max(0.0, e.condemned)) if law.ladder_max[p] >= 2 else bound


@jit
def largest_member(state, p):
    """Return the member of p with the largest capability, -1 if it has none."""
    largest = NONE
    for n in range(state.roll_size[p]):
        k = state.roll[p, n]
        if largest < 0 or state.capability[k] > state.capability[largest]:
            largest = k
    return largest


@jit
def leave(world, state, p, k):
    """Take state k out of institution p."""
    state.member[p, k] = 0
    state.decider[p, k] = 0
    state.veto[p, k] = 0
    state.covered[p, k] = 0
    set_rolls(state, p)
    remove_promises_of(world, state, k, p)


@jit
def _member_exit(world, law, state, tally, p, t, u, v, least, most):
    bound = _most_hazard(world, law, state, p, least, most)
    if u >= 1.0 - exponential(-bound * (1.0 + 1e-9)):
        return
    total = 0.0
    state.score[:] = 0.0
    for n in range(state.roll_size[p]):
        k = state.roll[p, n]
        state.score[k] = _exit_hazard(world, law, state, p, k, t)
        total += state.score[k]
    if u >= 1.0 - exponential(-total):
        return
    k = pick(state.score, v)
    if k == largest_member(state, p):
        state.coreless[p] = 1
    leave(world, state, p, k)
    tally.counts[EXIT_COUNT] += 1
    log_event(tally, float(t), events.EXITED, np.uint64(t), world.code[k], -1, p, 0.0)


@jit
def _belong(state, p):
    total = np.int64(0)
    for k in range(state.alive.size):
        total += state.member[p, k] | state.covered[p, k]
    return total


@jit
def _dissolve(world, state, tally, p, t):
    state.exists[p] = 0
    state.member[p, :] = 0
    state.decider[p, :] = 0
    state.veto[p, :] = 0
    state.covered[p, :] = 0
    set_rolls(state, p)
    remove_promises_under(world, state, p)
    tally.counts[DISSOLUTION_COUNT] += 1
    log_event(tally, float(t), events.DISSOLVED, np.uint64(t), -1, -1, p, 0.0)


@jit
def _dissolves(world, state, p, w):
    if state.roll_size[p] < 2 and _belong(state, p) < 2:
        return True
    e = world.exit
    if credibility(state, p) < e.collapse_level:
        state.low_years[p] += 1
    else:
        state.low_years[p] = 0
    doomed = state.low_years[p] >= e.collapse_years or state.coreless[p]
    return doomed and w < 1.0 - exponential(-e.dissolution)


@jit
def members_leave(world, law, state, tally, stream, t):
    """Let members leave and institutions dissolve."""
    if world.process.member_exit == 0.0:
        return
    least, most = _set_unrest(world, state)
    for p in range(law.exists.size):
        if state.exists[p] == 0 or law.links[p] != 0:
            continue
        u, v, w = draw(stream, np.uint64(t), events.EXIT_DRAW, law.key[p] * 65536)
        if law.exit_rate[p] > 0.0:
            _member_exit(world, law, state, tally, p, t, u, v, least, most)
        if _dissolves(world, state, p, w):
            _dissolve(world, state, tally, p, t)
