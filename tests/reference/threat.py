"""Threats, guards and promises against them: T, guard and load of a state (§3.4, §6.1)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.reference.draws import clip
from tests.reference.onset import log_ratio

if TYPE_CHECKING:
    from tests.reference.institutions import Institution
    from tests.reference.state import State
    from tests.reference.world import World


def superiority(world: World, capability: list[float], i: int, j: int) -> float:
    """How far i outweighs j, in log units, bounded; 0 if it does not."""
    bound = world.parameters.onset.log_ratio_clip
    return max(0.0, clip(log_ratio(capability, i, j), -bound, bound))


def hostile_capability(world: World, k: int) -> float:
    """T of a state at the origin: who may attack it, by how much they outweigh it."""
    return sum(
        rate * superiority(world, world.capability, dyad.initiator, k)
        for rate, dyad in zip(world.rate0, world.dyads, strict=True)
        if dyad.target == k
    )


def threat(state: State, k: int) -> float:
    """T of a state now."""
    return state.world.threat0[k] + state.threat_memory[k]


def log_threat(state: State, k: int) -> float:
    """Log of the floor plus T now."""
    return math.log(state.world.parameters.pacts.threat_floor + threat(state, k))


def guard(state: State, k: int) -> float:
    """Help promised to a state relative to its own capability, in log units."""
    c = state.capability
    best = best_promises(state, state.architecture.promises[k])
    return math.log(1.0 + sum(state.weight(record) * c[m] / c[k] for m, record in best.items()))


def best_promises(state: State, promises: list[tuple[int, int]]) -> dict[int, Institution]:
    """Keep of every promising state the promise of largest weight, of equals the first."""
    best: dict[int, Institution] = {}
    for k, p in promises:
        record = state.architecture.institution[p]
        if k not in best or state.weight(record) > state.weight(best[k]):
            best[k] = record
    return best


def stake(world: World, j: int) -> float:
    """Hostile capability a year against j per capability promised to it, reference, origin."""
    c, architecture = world.capability, world.origin.architecture
    hostile = sum(
        rate * c[dyad.initiator]
        for rate, dyad in zip(world.rate0, world.dyads, strict=True)
        if dyad.target == j
    )
    promised = 0.0
    for k, p in architecture.promises[j]:
        record = architecture.institution[p]
        promised += record.obligation * record.share * c[k]
    for body in architecture.bodies:
        if j in body.covered:
            pool = sum(c[k] for k in body.member if k != j)
            promised += body.obligation * body.share * pool + body.standing
    return hostile / max(world.parameters.overcommitment.floor, promised)


def load(state: State, k: int) -> float:
    """What a state has promised, by the dangers of those it promised to."""
    stakes, architecture = state.world.stake, state.architecture
    total = 0.0
    for j, given in enumerate(architecture.promises):
        for m, p in given:
            if m == k:
                record = architecture.institution[p]
                total += record.obligation * record.share * stakes[j]
    for body in architecture.bodies:
        if k in body.member:
            total += body.obligation * body.share * sum(stakes[j] for j in body.covered)
    return total


def strain(state: State, k: int) -> float:
    """Part of a state's promises that its load leaves it to keep: v of §3.4."""
    world = state.world
    if not world.on("overcommitment"):
        return 1.0
    strength = world.parameters.overcommitment.strength
    return (1.0 + strength * world.load0[k]) / (1.0 + strength * load(state, k))
