"""Working records made from the inputs, and the state's fresh start at the forecast origin."""

import numpy as np

from forecast.kernel.compiled import jit
from forecast.kernel.credibility import set_capabilities
from forecast.kernel.records import (
    ANNUALS,
    COUNTS,
    NUMBERS,
    STATE_COUNTS,
    Law,
    State,
    Tally,
    World,
)
from forecast.kernel.support import set_offers, set_weight

MOST_PENDING = 16384
MOST_WARS = 32


@jit
def make_world(inputs, derived):
    """Return the World record of a run."""
    s, d, o, x = inputs.states, inputs.dyads, inputs.wars, derived
    p = inputs.parameters
    return World(
        s.code, s.capability, s.population, s.democratic, s.great, s.g3, s.nuclear, s.resilience,
        s.affinity, s.trade, s.contiguity, s.rival,
        d.initiator, d.target, d.pair, d.reverse, d.age, d.memory_long,
        x.base, x.log_rate, x.cumulative_rate, x.cumulative_short, x.cumulative_long,
        x.size_median, x.size_slope, x.willing,
        x.support_reference, x.cost_reference, x.support_nominal,
        o.initiator, o.target, o.elapsed, o.deaths_low, o.deaths_high, o.side, inputs.years,
        p.onset, p.climate, p.sampling, p.aim, p.response, p.support, p.escalation, p.fatality,
        p.joining, p.agenda, p.vote, p.veto, p.war, p.deaths, p.consequence, p.credibility, p.order,
    )  # fmt: skip


@jit
def _bodies(exists, ladder_max):
    return np.flatnonzero((exists == 1) & (ladder_max > 0))


@jit
def make_law(architectures, derived, a):
    """Return the Law record of architecture a."""
    r = architectures
    size = r.credibility_size[a]
    return Law(
        r.exists[a], r.key, r.obligation[a], r.share[a], r.standing[a],
        r.credibility[a] * size, (1.0 - r.credibility[a]) * size,
        r.fail_weight[a], r.memory_years[a], r.legitimacy[a], r.quorum[a], r.veto_restraint[a],
        r.override_quorum[a], r.ladder_max[a], r.trigger[a], r.latency_days[a], r.free_riding[a],
        r.intra[a], r.fixed[a], r.exclude_parties[a], r.resilience_rate[a], r.resilience_cap[a],
        r.member[a], r.decider[a], r.veto[a], r.covered[a],
        r.promise_start[a], r.promise_state, r.promise_institution,
        derived.owes[a], derived.defenders[a], derived.order_body[a],
        _bodies(r.exists[a], r.ladder_max[a]), derived.body,
        derived.sanctions[a], derived.enforcement[a],
        r.willing_bonus[a], r.willing_weight[a], r.balance_bonus[a],
    )  # fmt: skip


@jit
def make_state(n, p, q):
    """Return a State record with room for one trajectory: n states, p institutions, q pairs."""
    w, h = MOST_WARS, MOST_PENDING
    return State(
        np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n),
        np.zeros(n), np.zeros(p), np.zeros(p), np.zeros(p), np.zeros(p), np.zeros(p),
        np.zeros(p, np.int64), np.zeros(q), np.zeros(q),
        np.zeros(w, np.int8), np.zeros(w), np.zeros(w), np.zeros(w, np.int64),
        np.zeros(w, np.int64), np.zeros(w, np.uint64), np.zeros(w, np.int64), np.zeros(w),
        np.zeros(w), np.zeros((w, n), np.int8), np.zeros((w, n)), np.zeros((w, 4)),
        np.zeros((w, 2)), np.zeros(w, np.int64), np.zeros(w),
        np.zeros(h), np.zeros(h, np.uint64), np.zeros(h, np.int64), np.zeros(h),
        np.zeros(NUMBERS, np.int64), np.zeros(p, np.int8), np.zeros(p, np.int8),
        np.zeros(p, np.int8), np.zeros(p, np.int8), np.zeros(p), np.zeros(p),
        np.zeros(p, np.int64), np.zeros(p), np.zeros(n, np.int64), np.zeros(n, np.int64),
        np.zeros(n, np.int64),
    )  # fmt: skip


@jit
def make_tally(n, p, k, years, log, a):
    """Return a Tally record of architecture a, writing to the a-th event log."""
    return Tally(
        np.zeros(COUNTS, np.int64), np.zeros(2), np.zeros((ANNUALS, years), np.int64),
        np.zeros(years), np.zeros((STATE_COUNTS, n), np.int64),
        np.zeros((p, years)), np.zeros((p, years)),
        np.zeros((k, years), np.int32), np.full(k, -1, np.int32), np.full(k, -1, np.int32),
        np.zeros(k * years, np.int64), np.zeros(1, np.int64),
        log.size[a], log.time[a], log.kind[a], log.id[a], log.initiator[a], log.target[a],
        log.institution[a], log.value[a],
    )  # fmt: skip


@jit
def reset(world, law, state):
    """Put the state back to the forecast origin under an architecture."""
    prior = world.credibility.reputation_prior
    state.stock[:] = 1.0
    state.tied[:] = 0.0
    state.reputation_a[:] = prior
    state.reputation_b[:] = prior
    state.resilience[:] = world.resilience
    state.credibility_a[:] = law.prior_a
    state.credibility_b[:] = law.prior_b
    state.legitimacy[:] = law.legitimacy
    state.standing_war[:] = -1
    state.memory_time[:] = 0.0
    for k in range(world.pair.size):
        state.memory[world.pair[k]] = world.memory_long[k]
    state.war_active[:] = 0
    state.number[:] = 0
    state.mark[:] = 0
    set_capabilities(world, state)
    for p in range(law.exists.size):
        if law.exists[p]:
            set_weight(world, law, state, p)
    set_offers(world, law, state)
