"""Support the initiator expects its target to get, and the deterrence it makes (§3.1-§3.3)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from tests.reference.ballots import passage_at
from tests.reference.draws import clip
from tests.reference.institutions import Institution
from tests.reference.threat import best_promises

if TYPE_CHECKING:
    from tests.reference.state import State


class Support(NamedTuple):
    """Expected support of a target against an initiator."""

    gain: float  # G
    cost: float  # U
    bite: float


def bound_states(state: State, i: int, j: int) -> dict[int, Institution]:
    """States with a promise to j valid against i, each with its promise of largest weight."""
    architecture = state.architecture
    valid = [
        (k, p)
        for k, p in architecture.promises[j]
        if k != i and architecture.institution[p].acts_against(i)
    ]
    return best_promises(state, valid)


def expected_support(state: State, i: int, j: int) -> Support:
    """Evaluate what i expects when it provokes j."""
    world = state.world
    p, willing_weight = world.parameters.support, state.architecture.conduct["willing_weight"]
    bound = bound_states(state, i, j)
    covering = [body for body in state.architecture.bodies if body.covers(i, j)]
    total = sum(state.weight(record) * state.offer(k) for k, record in bound.items())
    for body in covering:
        total += enforcement(state, body, i, j, bound)
    if willing_weight > 0.0:
        willing = [m for m in world.willing(i, j) if m not in bound and state.alive[m]]
        total += willing_weight * sum(state.offer(m) for m in willing)
    bite = min(
        1.0,
        sum(state.credibility(record.index) * world.trade[i][k] for k, record in bound.items()),
    )
    cost = sum(sanction_cost(state, body, i, j) for body in covering)
    return Support(gain(state, total, i, j), cost + p.breadth * math.sqrt(bite), bite)


def enforcement(
    state: State, body: Institution, i: int, j: int, bound: dict[int, Institution]
) -> float:
    """Help expected from the level-4 decision of a body."""
    passes = passage_at(state, body, i, j, 4)
    pool = sum(state.offer(k) for k in body.member if k not in (i, j) and k not in bound)
    standing = body.standing if state.free(body.index) else 0.0
    return passes * (state.weight(body) * pool + standing)


def sanction_cost(state: State, body: Institution, i: int, j: int) -> float:
    """Cost of a condemnation by a body: its chance, credibility and legitimacy."""
    passes = passage_at(state, body, i, j, 2)
    return passes * state.credibility(body.index) * state.legitimacy[body.index]


def gain(state: State, total: float, i: int, j: int) -> float:
    """Turn expected help into G: logarithmic, and little if inadequate against i."""
    p = state.world.parameters.support
    adequate = 1.0
    if p.adequacy > 0.0:
        adequate = min(1.0, total / (p.adequacy * state.capability[i]))
    return clip(math.log(1.0 + total * adequate / state.capability[j]), 0.0, p.support_cap)


def deterrence(state: State, support: Support, i: int, j: int, time: float) -> float:
    """Evaluate D against the reference architecture at the origin."""
    world, p = state.world, state.world.parameters.onset
    reference = world.support0(i, j)
    difference = clip(support.gain - reference.gain, -p.support_clip, p.support_clip)
    d = p.deterrence * difference + p.unilateral_cost * (support.cost - reference.cost)
    if world.on("provocation") and state.rival[i][j]:
        faded = math.exp(-(time - math.floor(time)) / p.provocation_years)
        d -= p.provocation * state.provocation[j] * faded
    if p.moral_hazard != 0.0:
        own = expected_support(state, j, i).gain - world.support0(j, i).gain
        d -= p.moral_hazard * clip(own, -p.support_clip, p.support_clip)
    return d


def heat(state: State, j: int, time: float) -> float:
    """Heat of a target's region against that of the record (§3.3)."""
    world = state.world
    if not world.on("spillover"):
        return 0.0
    return state.heat[world.region[j]].at(time) - world.parameters.spillover.reference_mean
