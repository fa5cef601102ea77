"""What a fatal dispute or war says about the institutions that cover it (§5.4)."""

from tests.reference.dispute import Context, Dispute, kinds
from tests.reference.institutions import Institution

# Per pact: capability promised and delivered by the states it bound, in expectation and in fact.
Pledges = dict[int, tuple[float, float]]


def judge_institutions(context: Context, case: Dispute, pledges: Pledges) -> None:
    """Test every institution in order; pledges maps a pact to its expected and delivered help."""
    for record in context.architecture.records:
        p = record.index
        if record.is_body:
            if record.covers(case.i, case.j) and record.trigger <= case.severity + 2:
                judge(context, case, record, body_delivery(context, case, record))
                move_legitimacy(context, case, record)
        elif p in pledges:
            expected, delivered = pledges[p]
            judge(context, case, record, min(1.0, delivered / expected))


def body_delivery(context: Context, case: Dispute, body: Institution) -> float:
    """Share of what was expected of a body that it delivered."""
    p = context.parameters.credibility
    level = case.reached(body.index)
    if case.severity == 2:
        return {0: 0.0, 1: p.war_agenda, 2: p.war_sanctions, 4: 1.0}[level]
    return {0: 0.0, 1: p.partial_agenda}.get(level, 1.0)


def judge(context: Context, case: Dispute, record: Institution, delivered: float) -> None:
    """Count a test and move credibility."""
    p = context.parameters.credibility
    context.note(case, kinds.TEST, record.index, delivered)
    weight = p.weight_war if case.severity == 2 else p.weight_fatal
    weigh(context, record, weight, case.i, delivered)


def weigh(context: Context, record: Institution, weight: float, i: int, delivered: float) -> None:
    """Enter a test against i into the books of an institution."""
    p, state = context.parameters.credibility, context.state
    context.result.count("tested_obligation_count")
    context.result.count("answered_obligation_count", amount=int(delivered >= 0.5))
    if record.fixed:
        return
    weight *= (p.great_factor if context.world.great[i] else 1.0) * p.scale
    state.a[record.index] += weight * delivered
    state.b[record.index] += weight * record.fail_weight * (1.0 - delivered)


def move_legitimacy(context: Context, case: Dispute, body: Institution) -> None:
    """Lower the legitimacy of a body that spares its own or was vetoed in war."""
    p, i = context.parameters.credibility, case.i
    inside = i in body.decider or any(context.architecture.allied(i, v) for v in body.veto)
    spared = case.severity == 2 and case.reached(body.index) < 2 and inside
    change = p.legitimacy_selective if spared else 0.0
    if body.index in case.war_veto:
        change += p.legitimacy_veto
    context.state.move_legitimacy(body.index, change)
