"""War: its outbreak, duration, and help by decision (§5.1-§5.3)."""

import math

from tests.reference import draws as d
from tests.reference.dispute import Context, Dispute, kinds
from tests.reference.institutions import Institution
from tests.reference.joining import INITIATOR_SIDE, TARGET_SIDE, Call, calls, decide, may_join
from tests.reference.motions import late_stage
from tests.reference.obligations import Pledges, judge_institutions
from tests.reference.sanctions import complies
from tests.reference.state import State
from tests.reference.war_state import War, free_slot


def fight(context: Context, case: Dispute) -> War:
    """Open a war, let others join it, and fix its duration."""
    case.severity = 2
    context.result.count("war_count", case.time)
    context.note(case, kinds.WAR, value=case.escalation)
    late_stage(context, case)
    war = open_war(context, case)
    if complies(context, case, serious=True):
        war.complied = True
        context.note(case, kinds.COMPLIED, value=1)
        context.result.count("compliance_count")
    pledges, invoked, came = gather(context, war)
    war.duration = peaceful_ending(context, case, war) * drawn_duration(context, war)
    for body in context.architecture.bodies:
        if case.reached(body.index) == 4:
            help_by_decision(context, case, war, body)
    measure(context, war)
    note_great_power_war(context, war, war.start)
    judge_institutions(context, case, pledges)
    if invoked and not came and not case.condemned:
        context.state.shock_until = war.start + context.parameters.pacts.shock_years
    return war


def open_war(context: Context, case: Dispute) -> War:
    """Put a war between its principals into the state; it heats their regions."""
    state, i, j = context.state, case.i, case.j
    load = context.parameters.joining.originator_load
    war = War(
        id=case.id,
        initiator=i,
        target=j,
        start=case.time,
        aim=case.aim,
        side={i: INITIATOR_SIDE, j: TARGET_SIDE},
        load={i: load, j: load},
        slot=free_slot(state.wars),
        capability={i: state.capability[i], j: state.capability[j]},
        onset=case.onset,
        condemned=case.condemned,
    )
    state.wars.append(war)
    for region in {context.world.region[i], context.world.region[j]}:
        state.heat[region].add(context.parameters.spillover.strength, case.time)
    for k in (i, j):
        context.result.count_state("war_count", k)
    return war


def gather(context: Context, war: War) -> tuple[Pledges, int, int]:
    """Call others to both sides; return pacts' accounts, allies invoked and allies that came."""
    before = dict(context.result.totals)
    pledges: Pledges = {}
    for side in (TARGET_SIDE, INITIATOR_SIDE):
        for call in calls(context, war, side):
            decide(context, war, call, war.start, pledges)
    invoked, came = (
        context.result.totals[name] - before[name]
        for name in ("ally_invocation_count", "ally_honoured_count")
    )
    return pledges, invoked, came


def strength_ratio(state: State, war: War) -> float:
    """Strength of the initiator's side relative to the target's (§5.3)."""
    c, resilience = war.capability, state.world.parameters.war.resilience
    helped = [sum(war.load[k] * c[k] for k in war.joiners(side)) for side in (1, 2)]
    target = c[war.target] * (1.0 + resilience * state.resilience[war.target])
    return (c[war.initiator] + helped[0]) / (target + helped[1] + war.standing)


def duration_scale(context: Context, ratio: float) -> float:
    """Weibull scale of a war's duration, years."""
    p = context.parameters.war
    return p.scale * math.exp(p.ratio * abs(math.log(ratio)))


def drawn_duration(context: Context, war: War) -> float:
    """Duration of a war that nobody shortens, years."""
    scale = duration_scale(context, strength_ratio(context.state, war))
    u = context.draw(war.id, d.WAR)[0]
    return scale * (-math.log(u)) ** (1.0 / context.parameters.war.shape)


def peaceful_ending(context: Context, case: Dispute, war: War) -> float:
    """Factor by which mediators and compliance shorten a war."""
    p, factor = context.parameters, 1.0
    if context.world.on("mediation") and mediated(context, case):
        factor = (1.0 + p.war.mediated_ending) ** (-1.0 / p.war.shape)
    return factor * (p.sanctions.war_length if war.complied else 1.0)


def mediated(context: Context, case: Dispute) -> bool:
    """Whether mediation by a body that has the war on its agenda is accepted."""
    accepted = context.parameters.escalation.mediation_accepted
    records = [context.architecture.institution[p] for p in case.agenda]
    return any(context.draw(case.id, d.AGENDA, body.actor())[1] < accepted for body in records)


def latency(context: Context, war: War, body: Institution) -> float:
    """Years until help by decision arrives."""
    u, v, _ = context.draw(war.id, d.LATENCY, body.actor())
    return body.latency_days / 365.25 * (-math.log(u) - math.log(v)) / 2.0


def help_by_decision(context: Context, case: Dispute, war: War, body: Institution) -> None:
    """If it comes in time, bring in the standing force of a body and its members one by one."""
    delay = latency(context, war, body)
    if delay >= war.duration:
        return
    context.result.count_latency(delay)
    if body.standing > 0.0 and context.state.free(body.index):
        war.forces.append(body.index)
        war.standing += body.standing
        context.note(case, kinds.HELP_BY_DECISION, body.index, body.standing)
    crowd = len(body.member)
    for k in body.member:
        if may_join(context, war, k):
            call = Call(k, TARGET_SIDE, body, crowd, body.obligation, 0.0)
            decide(context, war, call, war.start)
    p = context.parameters.war
    kappa = context.state.credibility(body.index)
    rest = (1.0 + p.helped_ending * kappa) ** (-1.0 / p.shape)
    war.duration = delay + (war.duration - delay) * rest


def measure(context: Context, war: War) -> None:
    """Renew the ratio of a war and the number of its parties that matter (§5.5)."""
    state, least = context.state, context.parameters.deaths.party_share
    sums = war.sums()
    war.ratio = strength_ratio(state, war)
    war.party_count = sum(
        k in (war.initiator, war.target)
        or war.load[k] * state.capability[k] >= least * sums[side - 1]
        for k, side in war.side.items()
    )


def note_great_power_war(context: Context, war: War, time: float) -> None:
    """Note a war with great powers on opposite sides, and the year of the first one."""
    world, result = context.world, context.result

    def opposed(flag: list[int]) -> bool:
        return all(any(flag[k] for k in war.parties(side)) for side in (1, 2))

    if opposed(world.great) and not war.great_powers:
        war.great_powers = True
        result.note_first("great_power_war_year", time)
        result.count("great_power_war_count", time)
    if opposed(world.g3):
        result.note_first("g3_war_year", time)
