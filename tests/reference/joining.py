"""Who joins a war, at its outbreak and later (§5.2, §6.8)."""

import math
from typing import NamedTuple

from tests.reference import draws as d
from tests.reference.dispute import Context, kinds
from tests.reference.draws import clip, logistic, logit, normal
from tests.reference.institutions import Institution
from tests.reference.obligations import Pledges
from tests.reference.support import bound_states
from tests.reference.war_state import War
from tests.reference.world import largest_first

INITIATOR_SIDE, TARGET_SIDE = 1, 2


class Call(NamedTuple):
    """One state asked to join a side: by which record if obliged, with how many others."""

    state: int
    side: int
    record: Institution | None
    bound_together: int
    obligation: float
    bonus: float


def may_join(context: Context, war: War, k: int) -> bool:
    """Whether a state is free to join: alive, not in the war, not the ally of both principals."""
    allied = context.architecture.allied
    both = allied(k, war.initiator) and allied(k, war.target)
    return context.state.alive[k] and k not in war.side and not both


def calls(context: Context, war: War, side: int) -> list[Call]:
    """List who is asked to join a side, in order (§5.2)."""
    p, world, conduct = context.parameters.joining, context.world, context.architecture.conduct
    friend, enemy = sides(war, side)
    bound = bound_states(context.state, enemy, friend)
    eligible = {k for k in range(world.count) if may_join(context, war, k)}
    obliged = largest_first([k for k in bound if k in eligible], context.state.capability)
    near = [
        k
        for k in range(world.count)
        if k not in bound and (world.land(k, friend) or world.great[k])
    ]
    out = []
    for k in obliged:
        together = sum(bound[m] is bound[k] for m in obliged)
        o = bound[k].obligation if side == TARGET_SIDE else p.aggressor_obligation
        out.append(Call(k, side, bound[k], together, o, 0.0))
    out += [Call(k, side, None, 1, 0.0, balance(context, war, k, side)) for k in near]
    if side == TARGET_SIDE and (conduct["willing_bonus"] > 0 or conduct["willing_weight"] > 0):
        for k in world.willing(war.initiator, war.target):
            if k not in bound and k not in near:
                bonus = balance(context, war, k, side) + conduct["willing_bonus"]
                out.append(Call(k, side, None, 1, 0.0, bonus))
    return [call for call in out if call.state in eligible]


def sides(war: War, side: int) -> tuple[int, int]:
    """Principal of a side, and of the other."""
    pair = (war.initiator, war.target)
    return pair if side == INITIATOR_SIDE else (pair[1], pair[0])


def balance(context: Context, war: War, k: int, side: int) -> float:
    """Extra log odds of an unobliged state against a rival or a much stronger aggressor."""
    if side == INITIATOR_SIDE:
        return 0.0
    c, i, j = context.state.capability, war.initiator, war.target
    gap = clip(math.log(c[i]) - math.log(c[j]), 0.0, 2.0)
    bonus = context.architecture.conduct["balance_bonus"]
    return bonus * (context.state.rival[k][i] + 0.5 * gap)


def joining(context: Context, war: War, call: Call) -> float:
    """Chance that a state joins."""
    p, world, k = context.parameters.joining, context.world, call.state
    state, capability = context.state, context.state.capability
    friend, enemy = sides(war, call.side)
    x = p.const + p.war
    x += p.near * (world.contiguity[k][friend] > 0 or world.contiguity[k][enemy] > 0)
    x += p.major * world.great[k]
    x += p.log_capability * math.log(capability[k])
    x += p.log_aggressor * math.log(capability[enemy])
    x += p.democracy * state.democratic[k] + p.post1945
    x += p.obligation * (call.obligation - p.obligation_reference)
    x += obliged_terms(context, call)
    x += p.affinity * (world.affinity[k][friend] - world.affinity[k][enemy])
    x -= p.tied_down * state.tied(k)
    x -= p.nuclear_aggressor * (state.armed(enemy) and not state.armed(k))
    great_enemy = any(world.great[m] for m in war.parties(3 - call.side))
    x += p.great_powers * state.order_decay() * (world.great[k] and great_enemy)
    x += p.salience * normal(context.draw(war.id, d.SALIENCE)[0])
    enough = committed(context, war, call.side) >= p.needed * opposed(context, war, call.side)
    x += p.buck_passing * enough
    x += call.bonus + p.aggressor_side * (call.side == INITIATOR_SIDE)
    return logistic(x)


def obliged_terms(context: Context, call: Call) -> float:
    """Free riding and credibility, for obliged states only."""
    if call.record is None:
        return 0.0
    p, kappa = context.parameters, context.state.personal_credibility(call.record, call.state)
    crowd = math.log(call.bound_together)
    return p.joining.credibility * logit(kappa) - call.record.free_riding * crowd


def committed(context: Context, war: War, side: int) -> float:
    """Capability the joiners of a side have brought."""
    return sum(war.load[k] * war.capability[k] for k in war.joiners(side))


def opposed(context: Context, war: War, side: int) -> float:
    """Capability of the other principal and its joiners."""
    _, enemy = sides(war, side)
    return war.capability[enemy] + committed(context, war, 3 - side)


def decide(
    context: Context, war: War, call: Call, time: float, pledges: Pledges | None = None
) -> None:
    """Let a state join or stay out; with pledges, its promise is on trial on the target's side."""
    p, k, record = context.parameters.joining, call.state, call.record
    share = record.share if record else p.unobliged_share
    load = min(share, p.load_cap - context.state.tied(k))
    if load <= p.load_least:
        return
    chance = joining(context, war, call)
    u, v, _ = context.draw(war.id, d.JOIN, context.world.code[k])
    joins = (u if call.side == TARGET_SIDE else v) < chance
    friend, _ = sides(war, call.side)
    index = record.index if record else -1
    if joins:
        war.side[k], war.load[k] = call.side, load
        war.capability[k] = context.state.capability[k]
        context.result.count("joiner_count")
        context.result.count_state("war_count", k)
        context.log(time, kinds.JOINED, war.id, k, friend, index, load)
    if record and pledges is not None and call.side == TARGET_SIDE:
        if not joins:
            context.log(time, kinds.RENEGED, war.id, k, friend, index, chance)
        try_promise(context, k, record, chance, joins, pledges)


def try_promise(
    context: Context, k: int, record: Institution, chance: float, joins: bool, pledges: Pledges
) -> None:
    """Move the reliability of an invoked ally by the surprise, and add to its pact's account."""
    weight = context.parameters.credibility.reputation_weight
    if joins:
        context.state.kept[k] += weight * (1.0 - chance)
    else:
        context.state.broken[k] += weight * chance
    context.result.count("ally_invocation_count")
    context.result.count("ally_honoured_count", amount=int(joins))
    expected, delivered = pledges.get(record.index, (0.0, 0.0))
    help_promised = record.share * context.state.capability[k]
    pledges[record.index] = expected + chance * help_promised, delivered + joins * help_promised
