"""Economic coercion and the rulings of trade bodies (§4.7)."""

from tests.reference import draws as d
from tests.reference.dispute import Context, kinds
from tests.reference.institutions import Institution
from tests.reference.obligations import weigh
from tests.reference.streams import Coercion

WITHSTOOD, SUCCEEDED, AVERTED = 0, 1, 2


def coerce(context: Context, attempt: Coercion) -> None:
    """Let a great power press a state that depends on its trade."""
    state, i, j = context.state, attempt.coercer, attempt.target
    if not (state.alive[i] and state.alive[j]):
        return
    p = context.parameters.coercion
    chance = p.success * max(0.0, 1.0 - p.resilience * state.resilience[j])
    outcome, by = WITHSTOOD, -1
    if attempt.height < chance:
        by = averting(context, attempt)
        outcome = SUCCEEDED if by < 0 else AVERTED
    context.log(attempt.time, kinds.COERCED, attempt.id, i, j, by, outcome)
    context.result.count("coercion_count")
    if outcome == SUCCEEDED:
        state.gdp[j] *= 1.0 - p.growth_loss
        context.result.count("coercion_success_count", attempt.time)
        context.result.count_state("coercion_success_count", j)


def averting(context: Context, attempt: Coercion) -> int:
    """Return the first institution whose ruling averts the coercion, -1 if none does."""
    for record in context.architecture.records:
        if record.economic and attempt.target in record.covered:
            averted = rules(context, attempt, record)
            context.log(
                attempt.time,
                kinds.TEST,
                attempt.id,
                attempt.coercer,
                attempt.target,
                record.index,
                averted,
            )
            weight = context.parameters.credibility.weight_dispute
            weigh(context, record, weight, attempt.coercer, float(averted))
            if averted:
                return record.index
    return -1


def rules(context: Context, attempt: Coercion, record: Institution) -> bool:
    """Whether an institution rules in the target's favour, and is obeyed."""
    chance = context.state.credibility(record.index) * record.obligation
    return context.draw(attempt.id, d.RULING, record.actor())[0] < chance
