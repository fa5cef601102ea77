"""Support the initiator expects its target to get, and the deterrence it makes (§3.1)."""

import math
from typing import NamedTuple

from tests.reference.ballots import passage_at
from tests.reference.draws import clip
from tests.reference.institutions import Institution
from tests.reference.state import State


class Support(NamedTuple):
    """Expected support of a target against an initiator."""

    gain: float  # G
    cost: float  # U
    bite: float


def bound_states(state: State, i: int, j: int) -> dict[int, Institution]:
    """States with a promise to j valid against i, each with its promise of largest weight."""
    best: dict[int, Institution] = {}
    for k, p in state.architecture.promises[j]:
        record = state.architecture.institution[p]
        if k == i or not record.acts_against(i):
            continue
        if k not in best or state.weight(record) > state.weight(best[k]):
            best[k] = record
    return best


def expected_support(state: State, i: int, j: int) -> Support:
    """Evaluate what i expects when it provokes j."""
    world = state.world
    p = world.parameters.support
    bound = bound_states(state, i, j)
    covering = [body for body in state.architecture.bodies if body.covers(i, j)]
    total = sum(state.weight(record) * state.offer(k) for k, record in bound.items())
    for body in covering:
        total += enforcement(state, body, i, j, bound)
    if state.architecture.willing_weight > 0.0:
        offers = sum(state.offer(m) for m in world.willing(i, j) if m not in bound)
        total += state.architecture.willing_weight * offers
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
    legitimacy = state.legitimacy[body.index]
    passes = passage_at(state.world, state.architecture, body, i, j, 4, legitimacy)
    pool = sum(state.offer(k) for k in body.member if k not in (i, j) and k not in bound)
    standing = body.standing if state.free(body.index) else 0.0
    return passes * (state.weight(body) * pool + standing)


def sanction_cost(state: State, body: Institution, i: int, j: int) -> float:
    """Cost of a condemnation by a body: its chance, credibility and legitimacy."""
    legitimacy = state.legitimacy[body.index]
    passes = passage_at(state.world, state.architecture, body, i, j, 2, legitimacy)
    return passes * state.credibility(body.index) * legitimacy


def gain(state: State, total: float, i: int, j: int) -> float:
    """Turn expected help into G: logarithmic, and little if inadequate against i."""
    p = state.world.parameters.support
    adequate = 1.0
    if p.adequacy > 0.0:
        adequate = min(1.0, total / (p.adequacy * state.capability[i]))
    return clip(math.log(1.0 + total * adequate / state.capability[j]), 0.0, p.support_cap)


class Deterrence:
    """D against the reference architecture at the origin."""

    def __init__(self, origin: State) -> None:
        # The origin state is never changed, so each dyad is evaluated once, when first asked for.
        self.origin = origin
        self.known: dict[tuple[int, int], Support] = {}

    def reference(self, i: int, j: int) -> Support:
        """Support in the reference architecture at the origin."""
        if (i, j) not in self.known:
            self.known[i, j] = expected_support(self.origin, i, j)
        return self.known[i, j]

    def __call__(self, support: Support, i: int, j: int) -> float:
        """Evaluate D of a support."""
        p = self.origin.world.parameters.onset
        reference = self.reference(i, j)
        difference = clip(support.gain - reference.gain, -p.support_clip, p.support_clip)
        return p.deterrence * difference + p.unilateral_cost * (support.cost - reference.cost)

    def nominal(self, i: int, j: int) -> float:
        """Evaluate Gnom: the target's defenders at full weight, reference, origin (§4.4)."""
        world = self.origin.world
        defenders = [k for k in self.origin.architecture.defenders[j] if k != i]
        target = world.capability[j]
        return math.log(1.0 + sum(world.capability[k] / target for k in defenders))
