"""From an accepted provocation to its end short of war (§4)."""

import math

from tests.reference import draws as d
from tests.reference.dispute import Context, Dispute, kinds
from tests.reference.draws import clip, logistic
from tests.reference.motions import crisis_stage, late_stage
from tests.reference.obligations import judge_institutions
from tests.reference.state import War
from tests.reference.war import fight
from tests.reference.world import log_ratio

TERRITORY = 1
DISPLAY, USE = 2, 3
BRACKETS = ((1, 25), (26, 100), (101, 250), (251, 500), (501, 999))


def clipped_ratio(context: Context, case: Dispute) -> float:
    """Log capability ratio of initiator and target, bounded."""
    bound = context.parameters.onset.log_ratio_clip
    return clip(log_ratio(context.state.capability, case.i, case.j), -bound, bound)


def run_dispute(context: Context, case: Dispute, pair: int) -> War | None:
    """Take a dispute through its stages; return its war if there is one."""
    result = context.result
    result.dispute_count += 1
    result.disputes[math.floor(case.time)] += 1
    open_dispute(context, case, pair)
    crisis_stage(context, case)
    if case.resisted and escalates(context, case):
        result.fatal_dispute_count += 1
        return fight(context, case)
    deaths = deaths_short_of_war(context, case)
    if deaths > 0:
        case.severity = 1
        result.fatal_dispute_count += 1
        result.add_deaths(math.floor(case.time), deaths)
        context.note(case, kinds.FATAL, value=deaths)
        late_stage(context, case)
        judge_institutions(context, case, {})
    close_dispute(context, case)
    return None


def open_dispute(context: Context, case: Dispute, pair: int) -> None:
    """Draw aim, response and first act."""
    u, v, w = context.draw(case.id, d.PROVOCATION)
    p = context.parameters.aim
    case.aim = draw_aim(context, case, v)
    context.result.aggression_count += case.aim != 0
    context.note(case, kinds.DISPUTE, value=case.aim)
    case.resisted = u < resistance(context, case, pair)
    context.note(case, kinds.RESISTED, value=case.resisted)
    case.level = USE if w < (p.use_resisted if case.resisted else p.use_unresisted) else DISPLAY
    context.state.remember(pair, case.time)


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
    x = p.const + p.land * world.land(i, j)
    x += p.parity * -abs(clipped_ratio(context, case))
    x += p.major_target * world.great[j] + p.major_initiator * world.great[i]
    x += p.rivalry * world.rival[i][j]
    x += p.memory_long * math.log(1.0 + context.state.remembered(pair, case.time))
    x += p.outside_ally * any(k != i for k in context.architecture.defenders[j])
    x += p.nuclear_target_only * (world.armed[j] and not world.armed[i])
    x += p.order_weight * context.parameters.order.order_weight
    x += p.resilience * (context.state.resilience[j] - p.resilience_reference)
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
    restraint = p.post1945 + p.great_powers * (world.great[i] and world.great[j])
    x = p.const + p.land * world.land(i, j)
    x += p.log_ratio * clipped_ratio(context, case)
    x += p.support * support_gain(context, case)
    x += p.joint_democracy * (world.democratic[i] and world.democratic[j])
    x += p.rivalry * world.rival[i][j]
    x += restraint * context.state.order_decay()
    x += p.order_weight * context.parameters.order.order_weight
    x += p.nuclear_dyad * (world.armed[i] and world.armed[j])
    return logistic(x + institutional_effect(context, case))


def support_gain(context: Context, case: Dispute) -> float:
    """Change of the target's support against what the escalation fit contained."""
    p = context.parameters.escalation
    reference = context.deterrence.reference(case.i, case.j).gain
    nominal = context.deterrence.nominal(case.i, case.j)
    return clip(case.support.gain - reference + nominal, p.support_low, p.support_high)


def institutional_effect(context: Context, case: Dispute) -> float:
    """Effect of mediation, sanctions and common membership on escalation."""
    p = context.parameters.escalation
    breadth = 1.0 if any(level >= 2 for level in case.passed.values()) else case.support.bite
    x = p.mediation * case.mediated + p.sanctions_threat * math.sqrt(breadth)
    return x + p.intra_mediation * context.architecture.mediates(case.i, case.j)


def deaths_short_of_war(context: Context, case: Dispute) -> int:
    """Deaths of a dispute that did not become war, 0 if none."""
    p, world, i, j = context.parameters.fatality, context.world, case.i, case.j
    chance = p.unresisted
    if case.resisted:
        x = p.const + p.land * world.land(i, j)
        x += p.joint_democracy * (world.democratic[i] and world.democratic[j])
        chance = logistic(x + p.rivalry * world.rival[i][j])
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
    """Settle a dispute that did not become war: held grab, concession, success."""
    p = context.parameters
    w = context.draw(case.id, d.ESCALATION)[2]
    held = case.aim == TERRITORY and w < p.aim.grab_share * p.aim.grab_held
    conceded = not case.resisted and context.draw(case.id, d.FATALITY)[2] < p.response.concession
    if held:
        context.note(case, kinds.GRAB_HELD)
    if conceded:
        context.note(case, kinds.CONCESSION)
    context.result.aggression_success_count += case.aim != 0 and (held or conceded)
