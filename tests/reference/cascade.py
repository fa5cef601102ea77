"""From an accepted provocation to its end short of war (§4)."""

import math

from tests.reference import draws as d
from tests.reference.dispute import Context, Dispute, kinds
from tests.reference.draws import clip, logistic
from tests.reference.motions import crisis_stage, late_stage
from tests.reference.obligations import judge_institutions
from tests.reference.onset import log_ratio
from tests.reference.record import Onset, power_bin
from tests.reference.sanctions import complies, condemn
from tests.reference.threat import superiority
from tests.reference.war import fight
from tests.reference.war_state import TERRITORY, War

DISPLAY, USE = 2, 3
BRACKETS = ((1, 25), (26, 100), (101, 250), (251, 500), (501, 999))


def clipped_ratio(context: Context, case: Dispute) -> float:
    """Log capability ratio of initiator and target, bounded."""
    bound = context.parameters.onset.log_ratio_clip
    return clip(log_ratio(context.state.capability, case.i, case.j), -bound, bound)


def run_dispute(context: Context, case: Dispute, pair: int) -> War | None:
    """Take a dispute through its stages; return its war if there is one."""
    open_dispute(context, case, pair)
    crisis_stage(context, case)
    war = None
    if case.resisted and escalates(context, case):
        count_fatal(context, case)
        war = fight(context, case)
    else:
        end_short_of_war(context, case)
    if case.condemned:
        condemn(context, case)
    return war


def open_dispute(context: Context, case: Dispute, pair: int) -> None:
    """Draw aim, response and first act; both parties remember."""
    u, v, w = context.draw(case.id, d.PROVOCATION)
    p = context.parameters.aim
    case.aim = draw_aim(context, case, v)
    count_onset(context, case)
    context.note(case, kinds.DISPUTE, value=case.aim)
    case.resisted = u < resistance(context, case, pair)
    context.note(case, kinds.RESISTED, value=case.resisted)
    case.level = USE if w < (p.use_resisted if case.resisted else p.use_unresisted) else DISPLAY
    remember(context, case, pair)


def count_onset(context: Context, case: Dispute) -> None:
    """Count a dispute, and an aggression by the strength of its parties."""
    result, world, i, j = context.result, context.world, case.i, case.j
    result.count("dispute_count", case.time)
    result.count_state("attacked_count", j)
    if context.state.sheltered[j]:
        result.count_state("sheltered_attacked_count", j)
    if world.great[i] and world.great[j]:
        result.count("great_power_dispute_count")
    power = power_bin(log_ratio(context.state.capability, i, j))
    case.onset = Onset(power, world.state_class[i], world.state_class[j])
    if case.aim:
        result.count("aggression_count", case.time)
        result.attempts[power][case.onset.strong][case.onset.weak] += 1


def remember(context: Context, case: Dispute, pair: int) -> None:
    """Add a dispute to the memories of its pair and to the threat that the target sees."""
    state = context.state
    state.memory_short[pair].add(1.0, case.time)
    state.memory_long[pair].add(1.0, case.time)
    fear = superiority(context.world, state.capability, case.i, case.j)
    state.threat_memory[case.j] += context.parameters.onset.memory_long * fear


def count_fatal(context: Context, case: Dispute) -> None:
    """Count a fatal dispute, wars included."""
    context.result.count("fatal_dispute_count", case.time)
    context.result.count_state("fatally_attacked_count", case.j)


def end_short_of_war(context: Context, case: Dispute) -> None:
    """Settle a dispute that did not become war."""
    deaths = deaths_short_of_war(context, case)
    if deaths > 0:
        case.severity = 1
        count_fatal(context, case)
        context.result.count("battle_deaths", case.time, deaths)
        context.note(case, kinds.FATAL, value=deaths)
        late_stage(context, case)
        judge_institutions(context, case, {})
    close_dispute(context, case)


def draw_aim(context: Context, case: Dispute, uniform: float) -> int:
    """Territory 1, policy 2, regime 3, other 4, none 0."""
    p = context.parameters.aim
    if context.world.land(case.i, case.j):
        shares = (p.land_territory, p.land_policy, p.land_regime, p.land_other)
    else:
        shares = (p.far_territory, p.far_policy, p.far_regime, p.far_other)
    total = 0.0
    for aim, share in enumerate(shares, start=1):
        total += share
        if uniform < total:
            return aim
    return 0


def resistance(context: Context, case: Dispute, pair: int) -> float:
    """Chance that the target resists (§4.1)."""
    p, world, i, j = context.parameters.response, context.world, case.i, case.j
    state = context.state
    x = p.const + p.land * world.land(i, j)
    x += p.parity * -abs(clipped_ratio(context, case))
    x += p.major_target * world.great[j] + p.major_initiator * world.great[i]
    x += p.rivalry * state.rival[i][j]
    x += p.memory_long * math.log(1.0 + state.memory_long[pair].at(case.time))
    x += p.outside_ally * any(k != i for k in context.architecture.defenders(j))
    x += p.nuclear_target_only * (state.armed(j) and not state.armed(i))
    x += p.order_weight * context.parameters.order.order_weight
    x += p.resilience * (state.resilience[j] - p.resilience_reference)
    return logistic(x)


def escalates(context: Context, case: Dispute) -> bool:
    """Whether a resisted dispute becomes war; its chance is added to the expected numbers."""
    case.escalation = escalation(context, case)
    context.result.expected_war_count += case.escalation
    if context.world.great[case.i] and context.world.great[case.j]:
        context.result.expected_great_power_war_count += case.escalation
    return context.draw(case.id, d.ESCALATION)[0] < case.escalation


def escalation(context: Context, case: Dispute) -> float:
    """Chance that a resisted dispute becomes war (§4.4)."""
    p, world, i, j = context.parameters.escalation, context.world, case.i, case.j
    state = context.state
    restraint = p.post1945 + p.great_powers * (world.great[i] and world.great[j])
    x = p.const + p.land * world.land(i, j)
    x += p.log_ratio * clipped_ratio(context, case)
    x += p.support * support_gain(context, case)
    x += p.joint_democracy * (state.democratic[i] and state.democratic[j])
    x += p.rivalry * state.rival[i][j]
    x += restraint * state.order_decay()
    x += p.order_weight * context.parameters.order.order_weight
    x += p.nuclear_dyad * (state.armed(i) and state.armed(j))
    return logistic(x + institutional_effect(context, case))


def support_gain(context: Context, case: Dispute) -> float:
    """Change of the target's support against what the escalation fit contained."""
    p = context.parameters.escalation
    reference = context.world.support0(case.i, case.j).gain
    nominal = context.world.nominal(case.i, case.j)
    return clip(case.gain - reference + nominal, p.support_low, p.support_high)


def institutional_effect(context: Context, case: Dispute) -> float:
    """Effect of mediation, sanctions and common membership on escalation."""
    p = context.parameters.escalation
    breadth = 1.0 if case.condemned else case.bite
    x = p.mediation * case.mediated + p.sanctions_threat * math.sqrt(breadth)
    return x + p.intra_mediation * context.architecture.mediates(case.i, case.j)


def deaths_short_of_war(context: Context, case: Dispute) -> int:
    """Deaths of a dispute that did not become war, 0 if none."""
    p, world, i, j = context.parameters.fatality, context.world, case.i, case.j
    state = context.state
    chance = p.unresisted
    if case.resisted:
        x = p.const + p.land * world.land(i, j)
        x += p.joint_democracy * (state.democratic[i] and state.democratic[j])
        chance = logistic(x + p.rivalry * state.rival[i][j])
    if context.draw(case.id, d.ESCALATION)[1] >= chance:
        return 0
    u, v, _ = context.draw(case.id, d.FATALITY)
    total, bracket = 0.0, BRACKETS[-1]
    shares = (p.bracket_1, p.bracket_2, p.bracket_3, p.bracket_4)
    for share, candidate in zip(shares, BRACKETS, strict=False):
        total += share
        if v < total:
            bracket = candidate
            break
    low, high = bracket
    return math.floor(low * (high / low) ** u)


def close_dispute(context: Context, case: Dispute) -> None:
    """Settle a dispute that did not become war: held grab, concession, success (§4.6)."""
    held = grab_holds(context, case)
    conceded = concedes(context, case)
    if complies(context, case, case.severity == 1 or held):
        if held or conceded:
            context.note(case, kinds.COMPLIED, value=2)
            context.result.count("compliance_count")
        return
    if held:
        context.note(case, kinds.GRAB_HELD)
        context.result.count("territory_loss_count", case.time)
        context.result.count_state("territory_loss_count", case.j)
    if conceded:
        context.note(case, kinds.CONCESSION)
    if case.aim and (held or conceded):
        context.succeed(case.onset, case.j, case.time)


def grab_holds(context: Context, case: Dispute) -> bool:
    """Whether the initiator takes land and would hold it."""
    p, w = context.parameters.aim, context.draw(case.id, d.ESCALATION)[2]
    return case.aim == TERRITORY and w < p.grab_share * p.grab_held


def concedes(context: Context, case: Dispute) -> bool:
    """Whether an unresisting target gives in."""
    w = context.draw(case.id, d.FATALITY)[2]
    return not case.resisted and w < context.parameters.response.concession
