"""Birth and death of rivalries (§6.3)."""

import math
from itertools import count
from typing import NamedTuple

from tests.reference import draws as d
from tests.reference.dispute import Context, kinds
from tests.reference.draws import Draws, weighted
from tests.reference.onset import log_ratio
from tests.reference.state import State
from tests.reference.world import Dyad, World


class Start(NamedTuple):
    """A candidate start of a rivalry."""

    time: float
    pair: Dyad
    height: float


def opening_hazard(world: World, pair: Dyad) -> float:
    """Hazard at the origin, without war and poles, per year."""
    return math.exp(standing_terms(world.origin, pair))


def standing_terms(state: State, pair: Dyad) -> float:
    """Log hazard without war and poles."""
    world, p = state.world, state.world.parameters.rivalry
    i, j = pair.initiator, pair.target
    x = p.const + p.land * world.land(i, j) + p.sea * (world.contiguity[i][j] >= 2)
    bound = world.parameters.onset.log_ratio_clip
    x += p.parity * -min(abs(log_ratio(state.capability, i, j)), bound)
    return x + p.joint_democracy * (state.democratic[i] and state.democratic[j])


def log_hazard(state: State, pair: Dyad) -> float:
    """Log hazard of a rivalry at a tick."""
    world, i, j = state.world, pair.initiator, pair.target
    x = standing_terms(state, pair)
    x += world.parameters.rivalry.recent_war * fought_lately(state, i, j)
    factor = state.architecture.conduct["polarisation"]
    if world.on("polarisation") and factor > 0.0 and opposed_poles(state, i, j):
        x += math.log(factor)
    return x


def fought_lately(state: State, i: int, j: int) -> bool:
    """Whether the two were principals of a war at some time of the last year."""
    both = frozenset((i, j))
    if any({war.initiator, war.target} == both for war in state.wars):
        return True
    return state.last_war.get(both, -math.inf) > state.year - 1


def opposed_poles(state: State, i: int, j: int) -> bool:
    """Whether two states belong to different poles."""
    first, second = pole(state, i), pole(state, j)
    return first > 0 and second > 0 and first != second


def pole(state: State, k: int) -> int:
    """Pole of the first institution with one of which the state is a member; 0 if none."""
    records = state.architecture.records
    return next((r.pole for r in records if r.pole and k in r.member), 0)


def rivalry_starts(world: World, draw: Draws) -> list[Start]:
    """Candidate starts of rivalries, alike for all architectures."""
    pairs = [q for q in world.pairs if not world.rival[q.initiator][q.target]]
    pairs.sort(key=lambda q: (q.initiator, q.target))
    hazards = [opening_hazard(world, q) for q in pairs]
    rate = world.parameters.rivalry.cap * sum(hazards)
    if not world.on("rivalry_change") or rate == 0.0:
        return []
    time, starts = 0.0, []
    for n in count():
        u, v, w = draw(n, d.RIVAL_START)
        time += -math.log(u) / rate
        if time >= world.years:
            break
        starts.append(Start(time, pairs[weighted(hazards, v)], w))
    return starts


def change_rivalries(context: Context, starts: list[Start]) -> None:
    """End and start rivalries at a tick."""
    if not context.world.on("rivalry_change"):
        return
    end_rivalries(context)
    year = context.state.year
    for start in starts:
        if year - 1 < start.time <= year:
            start_rivalry(context, start)


def end_rivalries(context: Context) -> None:
    """Let rivalries end, the sooner the less the two have fought."""
    state, world, p = context.state, context.world, context.parameters.rivalry
    for pair in world.pairs:
        i, j = pair.initiator, pair.target
        if not state.rival[i][j]:
            continue
        memory = state.memory_short[pair.pair].at(float(state.year))
        hazard = p.end * (1.0 + memory) ** p.end_memory
        low, high = world.codes(i, j)
        u = context.draw(state.year, d.RIVAL_END, low * 1024 + high)[0]
        if u < 1.0 - math.exp(-hazard):
            state.set_rivals(i, j, False)
            context.tick(kinds.RIVALRY_ENDED, i, j)
            context.result.count("rivalry_end_count")


def start_rivalry(context: Context, start: Start) -> None:
    """Decide a candidate start."""
    state, world, i, j = context.state, context.world, start.pair.initiator, start.pair.target
    if not (state.alive[i] and state.alive[j]) or state.rival[i][j]:
        return
    cap = context.parameters.rivalry.cap
    intensity = math.exp(log_hazard(state, start.pair)) / opening_hazard(world, start.pair)
    context.result.count("clip_count", amount=int(intensity > cap))
    if start.height * cap <= intensity:
        state.set_rivals(i, j, True)
        context.tick(kinds.RIVALRY_STARTED, i, j)
        context.result.count("rivalry_start_count")
