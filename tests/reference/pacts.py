"""Deaths and births of pacts (§6.4, §6.6)."""

import math

from tests.reference import draws as d
from tests.reference.dispute import Context, kinds
from tests.reference.draws import Draws, poisson, weighted
from tests.reference.institutions import CLASS_BORN, CLASS_IN_FORCE
from tests.reference.state import Link, Pact, State
from tests.reference.threat import threat

MOST = 16


def open_links(state: State, draw: Draws) -> None:
    """Fix how long the pacts in force at the origin last, in the order in which they may end."""
    world, architecture = state.world, state.architecture
    hazard = world.parameters.pacts.death * architecture.conduct["pact_death_factor"]
    for j, given in enumerate(architecture.promises):
        for k, p in given:
            record = architecture.institution[p]
            first = k > j or (j, p) not in architecture.promises[k]
            if record.links == CLASS_IN_FORCE and first:
                low, high = world.codes(j, k)
                u = draw((low << 16) + high, d.PACT_LIFE, record.actor())[0]
                end = -math.log(u) / hazard if hazard > 0.0 else math.inf
                state.links.append(Link(min(j, k), max(j, k), p, end))


def end_pacts(context: Context) -> None:
    """End the pacts whose life is over: those of the origin, then those born later."""
    state = context.state
    if not context.world.on("pact_death"):
        return
    for link in [link for link in state.links if link.end <= state.year]:
        state.links.remove(link)
        if state.alive[link.low] and state.alive[link.high]:
            cut(context, (link.low, link.high), link.institution)
    for pact in [pact for pact in state.born if pact.end <= state.year]:
        state.born.remove(pact)
        cut(context, pact.members, pact.institution)


def cut(context: Context, members: tuple[int, ...], p: int) -> None:
    """End the promises of a pact among its members."""
    for k in members:
        for j in members:
            context.architecture.release(k, j, p)
    context.tick(kinds.PACT_ENDED, members[0], members[1], p)
    context.result.count("pact_end_count")


def number_of(context: Context, conduct: str, uniform: float) -> int:
    """How many pacts or accessions a year brings; a shock raises it."""
    state, mean = context.state, context.architecture.conduct[conduct]
    if state.year < state.shock_until:
        mean *= context.parameters.pacts.shock_factor
    return min(MOST, poisson(mean, uniform))


def bear_pacts(context: Context) -> None:
    """Let pacts be born, slot by slot."""
    state, records = context.state, context.architecture.records
    newborn = next((record.index for record in records if record.links == CLASS_BORN), -1)
    if newborn < 0 or not context.world.on("pact_birth"):
        return
    u = context.draw(state.year, d.BIRTHS)[0]
    for slot in range(number_of(context, "births_per_year", u)):
        bear_pact(context, state.year * 64 + slot, newborn)


def bear_pact(context: Context, slot: int, p: int) -> None:
    """Let a founder win partners one by one."""
    u, v, w = context.draw(slot, d.FOUNDER)
    founder = draw_founder(context.state, u)
    if founder < 0:
        return
    most = context.architecture.conduct["birth_size_most"]
    size = 2 if most < 3 else 2 + math.floor(v * (most - 1))
    group = [founder]
    for n in range(1, size):
        partner = draw_partner(context.state, group, context.draw(slot, d.PARTNER, n)[0])
        if partner >= 0:
            group.append(partner)
    if len(group) > 1:
        conclude(context, group, p, -math.log(w))


def draw_founder(state: State, uniform: float) -> int:
    """Draw a state that feels threatened and has few promises; -1 if there is none."""
    crowding, promises = state.world.parameters.pacts.crowding, state.architecture.promises
    weights = [
        threat(state, k) / (1.0 + crowding * len(promises[k])) if alive else 0.0
        for k, alive in enumerate(state.alive)
    ]
    return weighted(weights, uniform)


def draw_partner(state: State, group: list[int], uniform: float) -> int:
    """Draw a state that joins a group; -1 if none may."""
    free = [
        x
        for x in state.living()
        if x not in group
        and not any(state.rival[x][m] for m in group)
        and not state.architecture.owes(x, group[0])
    ]
    chosen = weighted([math.exp(attraction(state, x, group)) for x in free], uniform)
    return free[chosen] if chosen >= 0 else -1


def attraction(state: State, x: int, group: list[int]) -> float:
    """Log weight of a partner."""
    world, p = state.world, state.world.parameters.pacts
    shared = sum(state.rival[x][k] and state.rival[group[0]][k] for k in range(world.count))
    return (
        p.affinity * sum(world.affinity[x][m] for m in group) / len(group)
        + p.near * sum(world.contiguity[x][m] > 0 for m in group) / len(group)
        + p.shared_rival * min(3, shared)
        + p.log_capability * math.log(state.capability[x])
        + p.unreliable * (state.reliability(x) < p.unreliable_below)
    )


def conclude(context: Context, group: list[int], p: int, exponential: float) -> None:
    """Put a new pact in force."""
    state, conduct = context.state, context.architecture.conduct
    life = conduct["birth_life_years"] * exponential
    if conduct["birth_life_years"] == 0.0:
        hazard = context.parameters.pacts.death * conduct["pact_death_factor"]
        life = exponential / hazard if hazard > 0.0 else math.inf
    state.born.append(Pact(tuple(group), p, state.year + life))
    for k in group:
        state.provocation[k] += 1.0
        for j in group:
            if j != k:
                context.architecture.promise(k, j, p)
    for partner in group[1:]:
        context.tick(kinds.PACT_BORN, group[0], partner, p)
    context.result.count("pact_birth_count")
