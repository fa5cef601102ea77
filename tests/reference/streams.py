"""Climate and candidates: immigrants, memory, children, layers, coercions (§1.2, §1.3, §4.7)."""

import math
from collections.abc import Iterator
from itertools import accumulate, count
from typing import NamedTuple

from tests.reference import draws as d
from tests.reference.draws import Draws, child_id, clip, normal, poisson, weighted
from tests.reference.state import State
from tests.reference.world import World


class Candidate(NamedTuple):
    """A provocation that becomes a dispute if its height lies below the intensity."""

    time: float
    id: int
    dyad: int
    height: float
    memory: bool


class Coercion(NamedTuple):
    """An attempt of a great power to coerce a state by trade."""

    time: float
    id: int
    coercer: int
    target: int
    height: float


def climate(world: World, draw: Draws) -> list[float]:
    """Z of every year."""
    p = world.parameters.climate
    a = math.exp(-p.reversion)
    x, z = 0.0, []
    for year in range(world.years):
        shock = p.sd * normal(draw(year, d.CLIMATE)[0])
        x = shock if year == 0 else a * x + math.sqrt(1.0 - a * a) * shock
        z.append(clip(x, -p.truncation * p.sd, p.truncation * p.sd) - p.sd**2 / 2.0)
    return z


def pick(cumulative: list[float], uniform: float) -> int:
    """Return the first index whose running sum exceeds the share of the total."""
    return next(k for k, total in enumerate(cumulative) if total > uniform * cumulative[-1])


def immigrants(world: World, draw: Draws) -> Iterator[Candidate]:
    """Candidates of the base rate."""
    cumulative = list(accumulate(world.rate0))
    rate = world.parameters.sampling.immigrant_cap * cumulative[-1]
    if rate == 0.0:
        return
    time = 0.0
    for n in count():
        u, v, w = draw(n, d.IMMIGRANT)
        time += -math.log(u) / rate
        if time >= world.years:
            return
        identity = child_id(d.ROOT_IMMIGRANT, n)
        yield Candidate(time, identity, pick(cumulative, v), w, False)


def stock(world: World, draw: Draws, long: bool) -> Iterator[Candidate]:
    """Candidates of the memory at the origin, one component."""
    weights = [
        (dyad.memory_long if long else dyad.memory_short)
        * remembered_direction(world, dyad.last_initiator)
        for dyad in world.dyads
    ]
    cumulative = list(accumulate(weights))
    tau, mean = component(world, long)
    total = mean * math.exp(world.parameters.onset.memory_delay / tau) * cumulative[-1]
    purpose, root = (d.STOCK_LONG, d.ROOT_LONG) if long else (d.STOCK_SHORT, d.ROOT_SHORT)
    spent = 0.0
    for n in count():
        u, v, w = draw(n, purpose)
        spent += -math.log(u)
        if spent >= total:
            return
        time = -tau * math.log(1.0 - spent / total)
        if time >= world.years:
            return
        yield Candidate(time, child_id(root, n), pick(cumulative, v), w, True)


def remembered_direction(world: World, last_initiator: int) -> float:
    """Share of a pair's remembered disputes that this direction repeats."""
    same = world.parameters.onset.memory_direction
    return {1: same, -1: 1.0 - same, 0: 0.5}[last_initiator]


def component(world: World, long: bool) -> tuple[float, float]:
    """Time constant of a memory component and its candidates per remembered dispute."""
    p = world.parameters.onset
    tau, b = (p.tau_long, p.memory_long) if long else (p.tau_short, p.memory_short)
    return tau, world.parameters.sampling.child_cap * b * tau


def children(world: World, draw: Draws, parent: Candidate) -> Iterator[Candidate]:
    """Candidates an accepted dispute owns, before the horizon."""
    _, short, long = draw(parent.id, d.CHILD_COUNT)
    for c, uniform in enumerate((short, long)):
        tau, mean = component(world, long=bool(c))
        for m in range(poisson(mean, uniform)):
            identity = child_id(parent.id, 2 * m + c)
            u, v, w = draw(identity, d.CHILD)
            time = parent.time + world.parameters.onset.memory_delay - tau * math.log(u)
            same = v < world.parameters.onset.memory_direction
            dyad = parent.dyad if same else world.dyads[parent.dyad].reverse
            if time < world.years:
                yield Candidate(time, identity, dyad, w, True)


def layers(state: State, draw: Draws) -> Iterator[Candidate]:
    """Immigrants of the year that begins, where a pair's rate has been raised."""
    world, year = state.world, state.year
    cap = world.parameters.sampling.immigrant_cap
    for k, dyad in enumerate(world.dyads):
        more = math.exp(state.lift[dyad.pair]) - 1.0
        if more <= 0.0:
            continue
        layer = (year << 32) + (world.code[dyad.initiator] << 16) + world.code[dyad.target]
        for m in range(poisson(cap * world.rate0[k] * more, draw(layer, d.RIVAL_LAYER)[0])):
            identity = child_id(layer, m)
            u, _, w = draw(identity, d.RIVAL_LAYER)
            yield Candidate(year + u, identity, k, 1.0 + w * more, False)


def coercions(world: World, draw: Draws) -> Iterator[Coercion]:
    """Attempts at economic coercion, by what each state depends on each great power."""
    pairs = [(i, j) for i in range(world.count) for j in range(world.count)]
    weights = [
        max(0.0, world.trade[j][i] - world.trade[i][j]) if world.great[i] and i != j else 0.0
        for i, j in pairs
    ]
    rate = world.parameters.coercion.rate * sum(world.great)
    if not world.on("coercion") or sum(weights) == 0.0 or rate == 0.0:
        return
    time = 0.0
    for n in count():
        u, v, w = draw(n, d.COERCION)
        time += -math.log(u) / rate
        if time >= world.years:
            return
        yield Coercion(time, child_id(d.ROOT_COERCION, n), *pairs[weighted(weights, v)], w)
