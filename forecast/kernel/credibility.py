"""Credibility, legitimacy, the tests of institutions, and how all of it fades (§5.4, §6)."""

import math

from forecast.kernel import events
from forecast.kernel.compiled import jit
from forecast.kernel.distributions import clip
from forecast.kernel.records import (
    ANSWERED_OBLIGATION_COUNT,
    CONQUEST_NORM,
    NORM,
    TESTED_OBLIGATION_COUNT,
    WAR_STAGE,
)
from forecast.kernel.support import covers, credibility, set_legitimacy, set_weight
from forecast.kernel.tally import log_event

LEAST_LEGITIMACY, MOST_LEGITIMACY = 0.01, 0.99


@jit
def order_share(world, law, state):
    """Return the share of the post-1945 effect that the present order upholds (§4.4)."""
    e = world.escalation
    body = law.order_body
    kappa = credibility(state, body) if body >= 0 and state.exists[body] else 0.0
    intact = clip(kappa / e.credibility_norm, 0.0, e.erosion_clip)
    intact += clip(state.level_of[NORM] / e.norm_norm, 0.0, e.erosion_clip)
    return 1.0 - e.attribution * (1.0 - 0.5 * intact)


@jit
def delivered_by_body(world, state, p, war):
    """Return the delivered share of a body's promise, from the level it reached."""
    c = world.credibility
    level = state.level[p]
    if level == 0:
        return 0.0
    if not war:
        return 1.0 if level >= 2 else c.partial_agenda
    if level >= 4:
        return 1.0
    return c.war_sanctions if level >= 2 else c.war_agenda


@jit
def _move_legitimacy(world, law, state, p, i, war):
    c = world.credibility
    change = 0.0
    if war and state.level[p] < 2 and _spared(law, state, p, i):
        change += c.legitimacy_selective
    if state.war_vetoed[p]:
        change += c.legitimacy_veto
    moved = state.legitimacy[p] + change
    set_legitimacy(state, p, clip(moved, LEAST_LEGITIMACY, MOST_LEGITIMACY))


@jit
def _spared(law, state, p, i):
    if state.decider[p, i]:
        return True
    for n in range(law.holder_size[p]):
        v = law.holder[p, n]
        if state.veto[p, v] and (state.owes[v, i] or state.owes[i, v]):
            return True
    return False


@jit
def test_institutions(world, law, state, tally, event_id, i, j, severity, t):
    """Hold every institution the dispute tested to its promise."""
    c = world.credibility
    war = severity == WAR_STAGE
    weight = (
        (c.weight_war if war else c.weight_fatal)
        * (c.great_factor if world.great[i] else 1.0)
        * c.scale
    )
    for p in range(law.ladder_max.size):
        body = law.ladder_max[p] > 0 and law.armed[p] == 1 and covers(law, state, p, i, j)
        body = body and law.trigger[p] <= (4 if war else 3)
        if not body and not (war and state.bound[p] > 0):
            continue
        if body:
            delivered = delivered_by_body(world, state, p, war)
            _move_legitimacy(world, law, state, p, i, war)
        else:
            delivered = min(1.0, state.bound_joined[p] / state.bound_expected[p])
        record_test(world, law, state, tally, event_id, i, j, p, weight, delivered, t)


@jit
def record_test(world, law, state, tally, event_id, i, j, p, weight, delivered, t):
    """Hold institution p to its promise: count the test and move its credibility."""
    tally.counts[TESTED_OBLIGATION_COUNT] += 1
    if delivered >= 0.5:
        tally.counts[ANSWERED_OBLIGATION_COUNT] += 1
    if law.fixed[p] == 0:
        state.credibility_a[p] += weight * delivered
        state.credibility_b[p] += weight * law.fail_weight[p] * (1.0 - delivered)
        set_weight(world, state, p)
    log_event(tally, t, events.TEST, event_id, world.code[i], world.code[j], p, delivered)


@jit
def _relax_institutions(world, law, state):
    keep_legitimacy = math.exp(-world.credibility.legitimacy_rate)
    for p in range(law.exists.size):
        if state.exists[p] == 0:
            continue
        keep = math.exp(-1.0 / law.memory_years[p])
        state.credibility_a[p] = law.prior_a[p] + (state.credibility_a[p] - law.prior_a[p]) * keep
        state.credibility_b[p] = law.prior_b[p] + (state.credibility_b[p] - law.prior_b[p]) * keep
        kappa = credibility(state, p)
        relaxed = kappa + (state.legitimacy[p] - kappa) * keep_legitimacy
        set_legitimacy(state, p, clip(relaxed, LEAST_LEGITIMACY, MOST_LEGITIMACY))


@jit
def _relax_states(world, state):
    c, onset = world.credibility, world.onset
    keep = math.exp(-1.0 / c.reputation_years)
    keep_threat = math.exp(-1.0 / onset.tau_long)
    keep_provocation = math.exp(-1.0 / onset.provocation_years)
    prior, kept, broken = c.reputation_prior, state.reputation_a, state.reputation_b
    for k in range(kept.size):
        kept[k] = prior + (kept[k] - prior) * keep
        broken[k] = prior + (broken[k] - prior) * keep
    threat, provocation = state.threat, state.provocation
    for k in range(threat.size):
        threat[k] *= keep_threat
        provocation[k] *= keep_provocation


@jit
def _build_resilience(world, law, state):
    for p in range(law.exists.size):
        if state.exists[p] and law.resilience_rate[p] > 0.0:
            for n in range(state.roll_size[p]):
                k = state.roll[p, n]
                ceiling = max(state.resilience[k], law.resilience_cap[p])
                state.resilience[k] = min(ceiling, state.resilience[k] + law.resilience_rate[p])


@jit
def fade(world, law, state):
    """Let credibility, legitimacy, reputations, norm, threats and provocations fade by a year."""
    _relax_institutions(world, law, state)
    _relax_states(world, state)
    prior = state.conduct[CONQUEST_NORM]
    keep = math.exp(-1.0 / world.conquest.norm_years)
    state.level_of[NORM] = prior + (state.level_of[NORM] - prior) * keep
    _build_resilience(world, law, state)
