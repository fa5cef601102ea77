"""The rate of provocations of a dyad, as the state of the moment makes it (§1.3)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.reference.draws import clip, logistic

if TYPE_CHECKING:
    from tests.reference.state import State

PAST_YEARS = 5


def log_ratio(capability: list[float], i: int, j: int) -> float:
    """Log of the capability of i relative to j."""
    return math.log(capability[i] / capability[j])


def log_rate(state: State, k: int, time: float) -> float:
    """Log of mu_k(t), per year."""
    world, dyad = state.world, state.world.dyads[k]
    p, i, j = world.parameters.onset, dyad.initiator, dyad.target
    ratio = log_ratio(state.capability, i, j)
    b = p.const + pair_terms(state, i, j)
    b += p.log_distance * math.log(1.0 + dyad.distance)
    b += p.abs_log_ratio * min(abs(ratio), p.log_ratio_clip)
    size = math.log(state.capability[i]) + math.log(state.capability[j])
    b += (p.size + p.size_land * world.land(i, j)) * (size - world.size_median)
    b += p.new_dyad * math.exp(-(dyad.age + time) / p.new_dyad_years)
    if world.on("power_transition"):
        b += p.power_transition * crossing(state, i, j)
    return b + state.frailty[dyad.pair] + math.log(direction(state, i, j))


def pair_terms(state: State, i: int, j: int) -> float:
    """Terms that hold for both directions alike, whatever the distance and the capabilities."""
    world, p = state.world, state.world.parameters.onset
    majors = world.great[i] + world.great[j]
    armed = state.armed(i) + state.armed(j)
    b = p.land * world.land(i, j) + p.sea * (world.contiguity[i][j] >= 2)
    b += p.one_major * (majors == 1) + p.two_majors * (majors == 2)
    b += p.joint_democracy * (state.democratic[i] and state.democratic[j])
    b += p.defence_pact * state.architecture.allied(i, j)
    b += p.rivalry * state.rival[i][j]
    b += p.nuclear_one * (armed == 1) + p.nuclear_both * (armed == 2)
    return b


def direction(state: State, i: int, j: int) -> float:
    """Share of the pair's provocations that come from i."""
    world, p = state.world, state.world.parameters.onset
    ratio = clip(log_ratio(state.capability, i, j), -p.log_ratio_clip, p.log_ratio_clip)
    majors = world.great[i] - world.great[j]
    return logistic(p.direction_ratio * ratio + p.direction_major * majors)


def crossing(state: State, i: int, j: int) -> bool:
    """Whether the target rises past the initiator, or soon will at its present pace."""
    r = log_ratio(state.capability, i, j)
    r5 = log_ratio(state.past(PAST_YEARS), i, j)
    return r < r5 and (r5 > 0.0 >= r or r > 0.0 >= 2.0 * r - r5)


def frailty(sd: float, normal: float) -> float:
    """Lasting deviation of a pair's log rate; its exponential is 1 on average."""
    return sd * normal - sd**2 / 2.0
