"""Dispute onset: base rate, deterrence, and acceptance of candidates (§1.3, §3.1)."""

import math

from forecast.kernel.compiled import jit
from forecast.kernel.distributions import clip
from forecast.kernel.records import CLIP_COUNT, WARS
from forecast.kernel.support import expected_support


@jit
def log_ratio(world, state, i, j):
    """Return ln(C_i / C_j), clipped."""
    bound = world.onset.log_ratio_clip
    return clip(state.log_capability[i] - state.log_capability[j], -bound, bound)


@jit
def log_rate(world, law, state, k, t):
    """Return the log base rate of directed dyad k at time t, without climate and deterrence."""
    onset = world.onset
    i, j = world.initiator[k], world.target[k]
    ratio = log_ratio(world, state, i, j)
    x = world.base[k] + onset.abs_log_ratio * abs(ratio)
    size = state.log_capability[i] + state.log_capability[j] - world.size_median
    x += world.size_slope[k] * size
    x += onset.new_dyad * math.exp(-(world.age[k] + t) / onset.new_dyad_years)
    if law.owes[i, j] or law.owes[j, i]:
        x += onset.defence_pact
    z = onset.direction_ratio * ratio + onset.direction_major * (world.great[i] - world.great[j])
    return x - math.log1p(math.exp(-z))


@jit
def at_war(world, state, i, j):
    """Return whether i and j fight on opposite sides of a war under way."""
    for slot in range(state.number[WARS]):
        if state.war_active[slot]:
            side = state.war_side[slot, i]
            if side != 0 and state.war_side[slot, j] == 3 - side:
                return True
    return False


@jit
def deterrence(world, k, support, cost):
    """Return D: expected support and legal cost beyond the reference at the origin."""
    onset = world.onset
    gained = clip(support - world.support_reference[k], -onset.support_clip, onset.support_clip)
    return onset.deterrence * gained + onset.unilateral_cost * (cost - world.cost_reference[k])


@jit
def consider(world, law, state, tally, k, t, height, memory, climate):
    """Decide on a candidate: (accepted, G, U, bite); the last three hold only if accepted.

    Deterrence is at least that of no support at all, so a height above that bound is rejected
    before the support is computed.
    """
    onset = world.onset
    if memory:
        cap, share, undeterred = world.sampling.child_cap, onset.recurrence_share, climate
    else:
        cap, share = world.sampling.immigrant_cap, 1.0
        undeterred = log_rate(world, law, state, k, t) - world.log_rate[k] + climate
    most = onset.deterrence * min(world.support_reference[k], onset.support_clip)
    most += onset.unilateral_cost * world.cost_reference[k]
    if height * cap > math.exp(undeterred + share * most) * (1.0 + 1e-9):
        return False, 0.0, 0.0, 0.0
    if at_war(world, state, world.initiator[k], world.target[k]):
        return False, 0.0, 0.0, 0.0
    support, cost, bite = expected_support(world, law, state, k)
    intensity = math.exp(undeterred - share * deterrence(world, k, support, cost))
    if intensity > cap:
        tally.counts[CLIP_COUNT] += 1
    return height * cap <= intensity, support, cost, bite
