"""Economic coercion, and the rulings of institutions against it (§4.7)."""

from forecast.kernel import events
from forecast.kernel.capability import set_bulk
from forecast.kernel.compiled import jit
from forecast.kernel.credibility import record_test
from forecast.kernel.records import (
    ANNUAL_COERCION_SUCCESSES,
    COERCION_COUNT,
    COERCION_SUCCESS_COUNT,
    NONE,
    STATE_COERCED,
)
from forecast.kernel.streams import draw
from forecast.kernel.support import credibility
from forecast.kernel.tally import count, log_event

WITHSTOOD, SUCCEEDED, AVERTED = 0.0, 1.0, 2.0


@jit
def _averted_by(world, law, state, tally, stream, event_id, i, j, t):
    weight = world.credibility.weight_dispute * world.credibility.great_factor
    weight *= world.credibility.scale
    for p in range(law.exists.size):
        if state.exists[p] == 0 or law.economic[p] == 0 or state.covered[p, j] == 0:
            continue
        u, _, _ = draw(stream, event_id, events.RULING, law.key[p] * 65536)
        averts = u < credibility(state, p) * state.obligation[p]
        delivered = 1.0 if averts else 0.0
        record_test(world, law, state, tally, event_id, i, j, p, weight, delivered, t)
        if averts:
            return p
    return NONE


@jit
def coerce(world, law, state, tally, stream, event_id, i, j, height, t):
    """Let great power i try to coerce state j."""
    if state.alive[i] == 0 or state.alive[j] == 0:
        return
    c = world.coercion
    tally.counts[COERCION_COUNT] += 1
    outcome, p = WITHSTOOD, NONE
    if height < c.success * max(0.0, 1.0 - c.resilience * state.resilience[j]):
        p = _averted_by(world, law, state, tally, stream, event_id, i, j, t)
        outcome = AVERTED if p >= 0 else SUCCEEDED
    if outcome == SUCCEEDED:
        state.gdp[j] *= 1.0 - c.growth_loss
        set_bulk(world, state, j)
        count(tally, COERCION_SUCCESS_COUNT, ANNUAL_COERCION_SUCCESSES, int(t))
        tally.states[STATE_COERCED, j] += 1
    log_event(tally, t, events.COERCED, event_id, world.code[i], world.code[j], p, outcome)
