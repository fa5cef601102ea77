"""War: principals, joiners, duration, help by decision (§5.1-§5.3)."""

import math
from typing import NamedTuple

from tests.reference import draws as d
from tests.reference.dispute import Context, Dispute, kinds
from tests.reference.draws import clip, logistic, logit, normal
from tests.reference.institutions import Institution
from tests.reference.motions import late_stage
from tests.reference.obligations import Pledges, judge_institutions
from tests.reference.state import State, War
from tests.reference.support import bound_states
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


def fight(context: Context, case: Dispute) -> War:
    """Open a war, let others join it, and fix its duration."""
    world, load = context.world, context.parameters.joining.originator_load
    case.severity = 2
    context.result.war_count += 1
    context.note(case, kinds.WAR, value=case.escalation)
    late_stage(context, case)
    war = War(
        id=case.id,
        initiator=case.i,
        target=case.j,
        start=case.time,
        aim=case.aim,
        side={case.i: INITIATOR_SIDE, case.j: TARGET_SIDE},
        load={case.i: load, case.j: load},
    )
    context.state.wars.append(war)
    pledges: Pledges = {}
    for side in (TARGET_SIDE, INITIATOR_SIDE):
        for call in calls(context, war, side):
            decide(context, war, call, pledges)
    u = context.draw(war.id, d.WAR)[0]
    war.duration = duration_scale(context, strength_ratio(context.state, war)) * (-math.log(u)) ** (
        1.0 / context.parameters.war.shape
    )
    for body in context.architecture.bodies:
        if case.reached(body.index) == 4 and latency(context, war, body) < war.duration:
            help_by_decision(context, case, war, body)
    war.ratio = strength_ratio(context.state, war)
    note_great_power_war(context, war, world.great, world.g3)
    judge_institutions(context, case, pledges)
    return war


def calls(context: Context, war: War, side: int) -> list[Call]:
    """List who is asked to join a side, in order (§5.2)."""
    p, world, architecture = context.parameters.joining, context.world, context.architecture
    friend, enemy = sides(war, side)
    bound = bound_states(context.state, enemy, friend)
    eligible = {
        k
        for k in range(world.count)
        if k not in war.side
        and not (architecture.allied(k, war.initiator) and architecture.allied(k, war.target))
    }
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
    if side == TARGET_SIDE and (architecture.willing_bonus > 0 or architecture.willing_weight > 0):
        for k in world.willing(war.initiator, war.target):
            if k not in bound and k not in near:
                bonus = balance(context, war, k, side) + architecture.willing_bonus
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
    return context.architecture.balance_bonus * (context.world.rival[k][i] + 0.5 * gap)


def joining(context: Context, war: War, call: Call) -> float:
    """Chance that a state joins."""
    p, world, k = context.parameters.joining, context.world, call.state
    capability = context.state.capability
    friend, enemy = sides(war, call.side)
    x = p.const + p.war
    x += p.near * (world.contiguity[k][friend] > 0 or world.contiguity[k][enemy] > 0)
    x += p.major * world.great[k]
    x += p.log_capability * math.log(capability[k])
    x += p.log_aggressor * math.log(capability[enemy])
    x += p.democracy * world.democratic[k] + p.post1945
    x += p.obligation * (call.obligation - p.obligation_reference)
    x += obliged_terms(context, call)
    x += p.affinity * (world.affinity[k][friend] - world.affinity[k][enemy])
    x -= p.tied_down * context.state.tied(k)
    x -= p.nuclear_aggressor * (world.armed[enemy] and not world.armed[k])
    great_enemy = any(world.great[m] for m in war.parties(3 - call.side))
    x += p.great_powers * context.state.order_decay() * (world.great[k] and great_enemy)
    x += p.salience * normal(context.draw(war.id, d.SALIENCE)[0])
    enough = committed(context, war, call.side) >= p.needed * opposed(context, war, call.side)
    x += p.buck_passing * enough
    x += call.bonus + p.aggressor_side * (call.side == INITIATOR_SIDE)
    return logistic(x)


def obliged_terms(context: Context, call: Call) -> float:
    """Free riding and credibility, for obliged states only."""
    if call.record is None:
        return 0.0
    p = context.parameters
    reliability = context.state.reliability(call.state) / p.support.reliability_reference
    kappa = clip(
        context.state.credibility(call.record.index) * math.sqrt(reliability),
        p.joining.credibility_low,
        p.joining.credibility_high,
    )
    crowd = math.log(call.bound_together)
    return p.joining.credibility * logit(kappa) - call.record.free_riding * crowd


def committed(context: Context, war: War, side: int) -> float:
    """Capability the joiners of a side have brought."""
    return sum(war.load[k] * context.state.capability[k] for k in war.joiners(side))


def opposed(context: Context, war: War, side: int) -> float:
    """Capability of the other principal and its joiners."""
    _, enemy = sides(war, side)
    return context.state.capability[enemy] + committed(context, war, 3 - side)


def decide(context: Context, war: War, call: Call, pledges: Pledges | None) -> None:
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
        war.side[k] = call.side
        war.load[k] = load
        context.log(war.start, kinds.JOINED, war.id, k, friend, index, load)
    if record and pledges is not None and call.side == TARGET_SIDE:
        if not joins:
            context.log(war.start, kinds.RENEGED, war.id, k, friend, index, chance)
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
    context.result.ally_invocation_count += 1
    context.result.ally_honoured_count += joins
    expected, delivered = pledges.get(record.index, (0.0, 0.0))
    help_promised = record.share * context.state.capability[k]
    pledges[record.index] = expected + chance * help_promised, delivered + joins * help_promised


def strength_ratio(state: State, war: War) -> float:
    """Strength of the initiator's side relative to the target's (§5.3)."""
    c, resilience = state.capability, state.world.parameters.war.resilience
    helped = [sum(war.load[k] * c[k] for k in war.joiners(side)) for side in (1, 2)]
    target = c[war.target] * (1.0 + resilience * state.resilience[war.target])
    return (c[war.initiator] + helped[0]) / (target + helped[1] + war.standing)


def duration_scale(context: Context, ratio: float) -> float:
    """Weibull scale of a war's duration, years."""
    p = context.parameters.war
    return p.scale * math.exp(p.ratio * abs(math.log(ratio)))


def latency(context: Context, war: War, body: Institution) -> float:
    """Years until help by decision arrives."""
    u, v, _ = context.draw(war.id, d.LATENCY, body.actor())
    return body.latency_days / 365.25 * (-math.log(u) - math.log(v)) / 2.0


def help_by_decision(context: Context, case: Dispute, war: War, body: Institution) -> None:
    """Bring in the standing force of a body, then its members one by one."""
    if body.standing > 0.0 and context.state.free(body.index):
        war.forces.append(body.index)
        war.standing += body.standing
        context.note(case, kinds.HELP_BY_DECISION, body.index, body.standing)
    architecture = context.architecture
    for k in body.member:
        both = architecture.allied(k, war.initiator) and architecture.allied(k, war.target)
        if k not in war.side and not both:
            crowd = len(body.member)
            call = Call(k, TARGET_SIDE, body, crowd, body.obligation, 0.0)
            decide(context, war, call, None)


def note_great_power_war(context: Context, war: War, great: list[int], g3: list[int]) -> None:
    """Note the year of the first war with great powers on opposite sides."""
    year = math.floor(war.start) + 1

    def opposed(flag: list[int]) -> bool:
        return all(any(flag[k] for k in war.parties(side)) for side in (1, 2))

    if opposed(great) and not context.result.great_power_war_year:
        context.result.great_power_war_year = year
    if opposed(g3) and not context.result.g3_war_year:
        context.result.g3_war_year = year
