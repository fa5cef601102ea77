"""Dispute onset: base rate, deterrence, and acceptance of candidates (§1.3, §3.1-§3.3)."""

import math

import numpy as np

from forecast.kernel import events
from forecast.kernel.capability import log_ratio
from forecast.kernel.compiled import jit
from forecast.kernel.distributions import clip, logistic, normal_quantile
from forecast.kernel.mathematics import least_logarithm
from forecast.kernel.records import CLIP_COUNT, WARS
from forecast.kernel.streams import draw
from forecast.kernel.support import expected_support

LOG_2 = math.log(2.0)
NEGLIGIBLE = 1e-18  # a term of a log rate that no float64 sum with it would show


@jit
def _is_crossing(state, i, j):
    """Return whether target j is overtaking initiator i within five years, before or after."""
    now = state.log_capability[i] - state.log_capability[j]
    before = state.past[0, i] - state.past[0, j]
    rises = now < before
    return rises and ((before > 0.0 and now <= 0.0) or (now > 0.0 and 2.0 * now - before <= 0.0))


@jit
def _frailty(world, stream, i, j):
    low, high = min(world.code[i], world.code[j]), max(world.code[i], world.code[j])
    u, _, _ = draw(stream, np.uint64(low * 65536 + high), events.FRAILTY_DRAW, 0)
    sd = world.onset.frailty_sd
    return sd * normal_quantile(u) - 0.5 * sd * sd


@jit
def _regimes_and_arms(world, state, i, j):
    onset, x = world.onset, 0.0
    if state.democratic[i] and state.democratic[j]:
        x += onset.joint_democracy
    if state.rival[i, j]:
        x += onset.rivalry
    if state.nuclear[i] == 2:
        x += onset.nuclear_both if state.nuclear[j] == 2 else onset.nuclear_one
    elif state.nuclear[j] == 2:
        x += onset.nuclear_one
    return x


@jit
def log_rate(world, state, stream, k, t):
    """Return the log base rate of the pair of dyad k at time t, and the log odds of its direction.

    Climate and deterrence are not in it.
    """
    onset = world.onset
    i, j = world.initiator[k], world.target[k]
    ratio = log_ratio(world, state, i, j)
    x = world.base[k] + _regimes_and_arms(world, state, i, j) + onset.abs_log_ratio * abs(ratio)
    size = state.log_capability[i] + state.log_capability[j] - world.size_median
    x += world.size_slope[k] * size
    if abs(world.newness[k]) > NEGLIGIBLE:
        x += world.newness[k] * math.exp(-t / onset.new_dyad_years)
    if state.owes[i, j] or state.owes[j, i]:
        x += onset.defence_pact
    if world.process.power_transition > 0.0 and _is_crossing(state, i, j):
        x += onset.power_transition
    if onset.frailty_sd > 0.0:
        x += _frailty(world, stream, i, j)
    z = onset.direction_ratio * ratio + onset.direction_major * (world.great[i] - world.great[j])
    return x, z


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
def heat_of(world, state, region, t):
    """Return the heat of a region at time t, beyond its mean in the reference world."""
    s = world.spillover
    if world.process.spillover == 0.0:
        return 0.0
    faded = state.heat[region] * math.exp(-(t - state.heat_time[region]) / s.years)
    return faded - s.reference_mean


@jit
def _most_heat(world, state, region):
    """Return a bound on the heat of a region, which only fades until a war warms it."""
    if world.process.spillover == 0.0:
        return 0.0
    return max(state.heat[region], 0.0) - world.spillover.reference_mean


@jit
def _provocation(world, state, i, j, t):
    onset = world.onset
    if state.rival[i, j] == 0 or state.provocation[j] == 0.0 or world.process.provocation == 0.0:
        return 0.0
    fading = math.exp(-(t - math.floor(t)) / onset.provocation_years)
    return onset.provocation * state.provocation[j] * fading


@jit
def _moral_hazard(world, law, state, k):
    onset, back = world.onset, world.reverse[k]
    if onset.moral_hazard == 0.0:
        return 0.0
    support, _, _ = expected_support(world, law, state, back)
    gained = support - world.support_reference[back]
    return onset.moral_hazard * clip(gained, -onset.support_clip, onset.support_clip)


@jit
def deterrence(world, k, support, cost):
    """Return what expected support and legal cost deter beyond the reference at the origin."""
    onset = world.onset
    gained = clip(support - world.support_reference[k], -onset.support_clip, onset.support_clip)
    return onset.deterrence * gained + onset.unilateral_cost * (cost - world.cost_reference[k])


@jit
def _undeterred(world, state, stream, k, t, memory):
    """Return what holds of a candidate before heat, climate and deterrence.

    (log intensity in units of the cap, log odds of direction, cap, clip bound, share of deterrence)
    """
    sampling, pair = world.sampling, world.pair[k]
    if memory:
        kept = math.log(world.peacekeeping.memory) if t < state.peace[pair] else 0.0
        return kept, np.inf, sampling.child_cap, sampling.child_cap, world.onset.recurrence_share
    x, z = log_rate(world, state, stream, k, t)
    cap, lift = sampling.immigrant_cap, state.lift[pair]
    bound = cap * math.exp(lift) if lift > 0.0 else cap
    return x - world.log_rate[k], z, cap, bound, 1.0


@jit
def _least_deterrence(world, k):
    """Return the deterrence of no support at all: nothing can deter less."""
    onset = world.onset
    unsupported = onset.deterrence * min(world.support_reference[k], onset.support_clip)
    return -unsupported - onset.unilateral_cost * world.cost_reference[k]


@jit
def _is_hopeless(height, log_intensity, z):
    """Return whether a height exceeds an intensity times its direction's share, by bounds alone.

    The log of the share 1 / (1 + exp(-z)) lies below its asymptotes and its tangent at 0.
    """
    return least_logarithm(height) > log_intensity + min(0.0, z, 0.5 * z - LOG_2) + 1e-9


@jit
def consider(world, law, state, tally, stream, k, t, height, memory, climate):
    """Decide on a candidate: (accepted, G, bite); the last two hold only if accepted.

    A height above what the greatest heat and the least deterrence allow is rejected before the
    heat and the support are computed.
    """
    onset, i, j = world.onset, world.initiator[k], world.target[k]
    if state.alive[i] == 0 or state.alive[j] == 0:
        return False, 0.0, 0.0
    x, z, cap, bound, share = _undeterred(world, state, stream, k, t, memory)
    x += climate
    provoked = _provocation(world, state, i, j, t)
    least = _least_deterrence(world, k) - provoked - onset.moral_hazard * onset.support_clip
    most = x + _most_heat(world, state, world.region[j]) - share * least
    if _is_hopeless(height * cap, most, z):
        return False, 0.0, 0.0
    direction = logistic(z)
    if height * cap > math.exp(most) * direction * (1.0 + 1e-9):
        return False, 0.0, 0.0
    if at_war(world, state, i, j):
        return False, 0.0, 0.0
    support, cost, bite = expected_support(world, law, state, k)
    deterred = deterrence(world, k, support, cost) - provoked
    deterred -= _moral_hazard(world, law, state, k)
    x += heat_of(world, state, world.region[j], t)
    intensity = math.exp(x - share * deterred) * direction
    if intensity > bound:
        tally.counts[CLIP_COUNT] += 1
    return height * cap <= intensity, support, bite
