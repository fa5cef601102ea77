"""Working records made from the inputs, and the state's fresh start at the forecast origin."""

import numpy as np

from forecast.kernel.arrays import CONDUCT
from forecast.kernel.capability import set_capabilities
from forecast.kernel.compiled import jit
from forecast.kernel.dispute import MOST_DISPUTES
from forecast.kernel.distributions import guide
from forecast.kernel.membership import set_numbers
from forecast.kernel.pact_lives import draw_link_lives, links_of
from forecast.kernel.promises import INSTITUTIONS, copy_promises
from forecast.kernel.records import (
    ANNUALS,
    CLASSES,
    CONQUEST_NORM,
    COUNTS,
    LATENCY_BINS,
    LEVELS,
    MEASURES,
    NORM,
    NUMBERS,
    PAST_YEARS,
    POWER_BINS,
    RIVALRIES,
    SHOCK_UNTIL,
    Candidates,
    Law,
    State,
    Tally,
    World,
)
from forecast.kernel.renewal import renew
from forecast.kernel.rolls import rolls_of
from forecast.kernel.streams import LEAST_LANES
from forecast.kernel.support import set_legitimacy
from forecast.kernel.tables import (
    agenda_table,
    bystanders,
    count_logs,
    fatality_table,
    lots,
    most_conviction,
    most_eagerness,
    pairs_of_wars,
    vote_odds,
    vote_start,
)

MOST_PENDING = 16384
MOST_WARS = 64
MOST_BORN = 128
MOST_BORN_MEMBERS = 16
PROMISE_ROOM = 96  # promises to one state beyond those of the origin
CONDUCT_SIZE = len(CONDUCT)
REGIONS = 6


@jit
def make_candidates(shared):
    """Return the Candidates record with room for one trajectory."""
    s = shared
    return Candidates(
        s.order, s.time, s.id, s.dyad, s.height, s.kind, s.climate, s.growth, s.regime, s.arming,
        s.rivals, s.rival_time, s.rival_dyad, s.rival_height,
    )  # fmt: skip


@jit
def _rivalries(states, dyads, derived):
    """Return the pairs that are rivals at the origin, in order."""
    first = derived.first_dyad
    rival = np.zeros(first.size, np.int8)
    for q in range(first.size):
        rival[q] = states.rival[dyads.initiator[first[q]], dyads.target[first[q]]]
    return np.flatnonzero(rival)


@jit
def _child_means(onset, sampling):
    """Return the mean number of candidate children and P(none), by component, (2, 2)."""
    means = np.zeros((2, 2))
    means[0, 0] = sampling.child_cap * onset.memory_short * onset.tau_short
    means[1, 0] = sampling.child_cap * onset.memory_long * onset.tau_long
    means[:, 1] = np.exp(-means[:, 0])
    return means


# What is read together lies together in memory: a row for each dyad, or pair, and its columns as
# fields. One line of the cache then serves a whole candidate.


@jit
def _indices(dyads):
    """Return initiator, target, pair and reverse of every dyad, (K, 4)."""
    index = np.zeros((dyads.pair.size, 4), np.int64)
    index[:, 0], index[:, 1] = dyads.initiator, dyads.target
    index[:, 2], index[:, 3] = dyads.pair, dyads.reverse
    return index


@jit
def _rows(dyads, derived, onset):
    """Return what the intensity of every dyad starts from, (K, 8)."""
    x, row = derived, np.zeros((dyads.pair.size, 8))
    row[:, 0] = x.base
    row[:, 1] = onset.new_dyad * np.exp(-dyads.age / onset.new_dyad_years)
    row[:, 2] = np.exp(x.log_rate)
    row[:, 3] = x.log_rate
    row[:, 4] = x.size_slope
    row[:, 5], row[:, 6], row[:, 7] = x.support_reference, x.cost_reference, x.support_nominal
    return row


@jit
def _pairs_at_origin(dyads, derived):
    """Return long and short memory, their time, and the end of peacekeeping, by pair, (Q, 4)."""
    row = np.zeros((derived.first_dyad.size, 4))
    row[:, 0] = dyads.memory_long[derived.first_dyad]
    row[:, 1] = dyads.memory_short[derived.first_dyad]
    row[:, 3] = -1.0
    return row


@jit
def make_world(inputs, derived):
    """Return the World record of a run."""
    s, d, o, x = inputs.states, inputs.dyads, inputs.wars, derived
    p = inputs.parameters
    i8 = np.int64  # indices of one width: every other width would compile its callers anew
    index, row = _indices(d), _rows(d, x, p.onset)
    return World(
        s.code, s.capability, np.log(s.capability), s.population, x.democracy, s.democratic,
        s.great, s.g3, s.state_class, s.region, s.gdp, s.spending, s.nuclear, s.resilience,
        s.affinity, s.trade, s.contiguity, s.rival,
        index[:, 0], index[:, 1], index[:, 2], index[:, 3],
        np.flatnonzero(s.great),
        np.searchsorted(d.initiator, np.arange(s.code.size + 1)), _rivalries(s, d, x),
        _pairs_at_origin(d, x),
        row[:, 0], row[:, 1], row[:, 2], row[:, 3], x.cumulative_rate, x.cumulative_short,
        x.cumulative_long, x.size_median, row[:, 4], x.willing.astype(i8),
        row[:, 5], row[:, 6], row[:, 7],
        x.first_dyad, x.rival_log_rate, x.cumulative_rival, x.cumulative_coercion,
        x.threat, x.threat_mean, x.threat_sd, x.stake, x.guard_reference, x.load_reference,
        o.initiator.astype(i8), o.target.astype(i8), o.elapsed, o.deaths_low, o.deaths_high,
        o.side.astype(i8), inputs.years,
        p.onset, p.climate, p.sampling, p.aim, p.response, p.support, p.escalation, p.fatality,
        p.joining, p.vote, p.veto, p.war, p.deaths, p.consequence, p.credibility, p.order,
        p.spillover, p.sanctions, p.peacekeeping, p.nuclear, p.conquest, p.rivalry, p.exit, p.pacts,
        p.coercion, p.growth, p.spending, p.regime, p.overcommitment, p.process,
        _child_means(p.onset, p.sampling),
        vote_odds(s, p.vote), agenda_table(p.agenda), fatality_table(p.fatality), bystanders(s),
        pairs_of_wars(o, d), count_logs(s.code.size), most_conviction(p.joining),
        most_eagerness(p.joining), vote_start(p.vote),
        guide(x.cumulative_rate), guide(x.cumulative_short), guide(x.cumulative_long),
        guide(x.cumulative_rival), guide(x.cumulative_coercion),
    )  # fmt: skip


@jit
def _bodies(exists, ladder_max, armed):
    return np.flatnonzero((exists == 1) & (ladder_max > 0) & (armed == 1))


@jit
def _promises(architectures, a, stake):
    """Return the promises at the origin, and what each state stakes under each institution."""
    r = architectures
    promise = np.zeros(r.promise_state.size, np.int32)
    stakes = np.zeros((r.key.size, stake.size))
    for j in range(stake.size):
        for n in range(r.promise_start[a, j], r.promise_start[a, j + 1]):
            k, p = np.int64(r.promise_state[n]), np.int64(r.promise_institution[n])
            promise[n] = k * INSTITUTIONS + p
            stakes[p, k] += stake[j]
    return promise, stakes


@jit
def make_law(architectures, derived, a):
    """Return the Law record of architecture a."""
    r = architectures
    size = r.credibility_size[a]
    roll, roll_size = rolls_of(r.member[a])
    seat, seat_size = rolls_of(r.decider[a])
    holder, holder_size = rolls_of(r.veto[a])
    promise, stakes = _promises(r, a, derived.stake)
    owes = derived.owes[a]
    low, high, link_class = links_of(r.promise_start[a], promise, r.links[a])
    bodies = _bodies(r.exists[a], r.ladder_max[a], r.armed[a])
    lot_purpose, lot_actor = lots(bodies, r.key)
    return Law(
        r.exists[a], r.key, r.obligation[a], r.share[a], r.standing[a],
        r.credibility[a] * size, (1.0 - r.credibility[a]) * size,
        r.fail_weight[a], r.memory_years[a], r.legitimacy[a], r.quorum[a], r.veto_restraint[a],
        r.override_quorum[a], r.ladder_max[a], r.trigger[a], r.armed[a], r.economic[a], r.pole[a],
        r.accedes[a], r.links[a], r.exit_rate[a], r.hardening_rate[a], r.obligation_ceiling[a],
        r.share_ceiling[a], r.start_obligation[a], r.start_share[a], r.start_standing[a],
        r.start_veto_restraint[a], r.start_credibility[a], r.latency_days[a], r.free_riding[a],
        r.intra[a], r.fixed[a], r.exclude_parties[a], r.resilience_rate[a], r.resilience_cap[a],
        r.member[a], r.decider[a], r.veto[a], r.covered[a], roll, roll_size, seat, seat_size,
        r.promise_start[a], promise, owes, owes.astype(np.int64).sum(axis=0), stakes,
        low, high, link_class,
        derived.order_body[a], bodies, derived.tables, derived.table[a], derived.start_table[a],
        r.conduct[a], r.start_conduct[a], r.transition_years[a],
        np.flatnonzero(r.intra[a] == 2), holder, holder_size, lot_purpose, lot_actor,
    )  # fmt: skip


@jit
def make_state(n, p, k, q, room):
    """Return a State record with room for one trajectory.

    n states, p institutions, k dyads, q pairs, `room` promises to one state.
    """
    w, h, b, v = MOST_WARS, MOST_PENDING, MOST_BORN, LEAST_LANES
    i1, i8 = np.int8, np.int64
    pairs = np.zeros((q, 4))
    return State(
        np.zeros(n), np.zeros(n), np.zeros((PAST_YEARS + 1, n)), np.zeros(n), np.zeros(n),
        np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n),
        np.zeros(n, i1), np.zeros(n, i1), np.zeros(n, i1),
        np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n),
        np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n, i1),
        np.zeros(n), np.zeros(n), np.zeros(n), np.zeros((n, n), i1), np.zeros((n, n), i1),
        np.zeros(n, i8),
        np.zeros(p, i1), np.zeros((p, n), i1), np.zeros((p, n), i1), np.zeros((p, n), i1),
        np.zeros((p, n), i1), np.zeros((p, n), i8), np.zeros(p, i8), np.zeros((p, n), i8),
        np.zeros(p, i8), np.zeros(p), np.zeros(p), np.zeros(p), np.zeros(p), np.zeros(p, i8),
        np.zeros(p, i1), np.zeros(p), np.zeros(p), np.zeros(p), np.zeros(p), np.zeros(p),
        np.zeros(p), np.zeros(p),
        np.zeros(p, i8), np.zeros(CONDUCT_SIZE), np.zeros(LEVELS),
        np.zeros(n, i8), np.zeros((n, room), np.int32), np.zeros((p, n)),
        np.zeros(n * room, i8), np.zeros(n * room, i8), np.zeros(n * room),
        np.zeros((b, MOST_BORN_MEMBERS), i8), np.zeros(b, i8), np.zeros(b),
        pairs[:, 0], pairs[:, 1], pairs[:, 2], np.zeros(q), np.zeros(q, i8), pairs[:, 3],
        np.zeros(q), np.zeros(q, i8), np.zeros(REGIONS), np.zeros(REGIONS),
        np.zeros(w, i1), np.zeros(w), np.zeros(w), np.zeros(w, i8), np.zeros(w, i8),
        np.zeros(w, np.uint64), np.zeros(w, i8), np.zeros(w, i8), np.zeros(w), np.zeros(w),
        np.zeros((w, n), i1), np.zeros((w, n)), np.zeros((w, 4)), np.zeros((w, 2)), np.zeros(w),
        np.zeros(w, i1), np.zeros(w, i1), np.zeros(w, i1), np.zeros(w, i8), np.zeros(w, i8),
        np.zeros(w),
        np.zeros(h), np.zeros(h, np.uint64), np.zeros(h, i8), np.zeros(h),
        np.zeros(NUMBERS, i8), np.zeros(p, i1), np.zeros(p, i1), np.zeros(p, i1), np.zeros(p, i1),
        np.zeros(p), np.zeros(p), np.zeros(p, i8), np.zeros(n, i8), np.zeros(n, i8),
        np.zeros(n, i8), np.zeros(n),
        np.zeros(w, i8), np.zeros((w, n), i8), np.zeros(w, i8), np.zeros((w, n), i1),
        np.zeros((w, 2, n)), np.zeros(n + v, i8), np.zeros(n + v, i8), np.zeros(n + v),
        np.zeros(n + v), np.zeros(n + v), np.zeros(p + v), np.zeros(p + v), np.zeros(p + v),
        np.zeros(p, i8), pairs, np.zeros(n, i8), np.zeros(p),
    )  # fmt: skip


@jit
def make_tally(sizes, side_by_side, log, a):
    """Return a Tally record of architecture a, writing to its event log.

    `sizes` are those of institutions and years; `side_by_side` are the arrays of states, onsets and
    accepted candidates in which the architectures meet.
    """
    p, years = sizes
    states, _, accepted = side_by_side
    return Tally(
        np.zeros(COUNTS, np.int64), np.zeros(2), np.zeros((ANNUALS, years), np.int64),
        np.zeros(years), np.zeros((MEASURES, years)), states[:, :, a],
        np.zeros((p, years)), np.zeros((p, years)), np.zeros((p, years), np.int8),
        np.zeros((POWER_BINS, CLASSES, CLASSES), np.int64),
        np.zeros((POWER_BINS, CLASSES, CLASSES), np.int64), np.zeros(LATENCY_BINS, np.int64),
        accepted[:, a], np.zeros((MOST_DISPUTES + 1, 3), np.int32), np.zeros(1, np.int64),
        log.size[a], log.time[a], log.kind[a], log.id[a], log.initiator[a], log.target[a],
        log.institution[a], log.value[a],
    )  # fmt: skip


@jit
def _reset_states(world, state):
    prior = world.credibility.reputation_prior
    state.stock[:] = 1.0
    state.gdp[:] = 1.0
    state.people[:] = 1.0
    state.bulk[:] = 0.0
    state.growth[:] = 0.0
    state.burden[:] = 0.0
    state.shift[:] = 0.0
    state.democratic[:] = world.democratic
    state.nuclear[:] = world.nuclear
    state.alive[:] = 1
    state.tied[:] = 0.0
    state.reputation_a[:] = prior
    state.reputation_b[:] = prior
    state.resilience[:] = world.resilience
    state.sanctioned[:] = -1.0
    state.condemned[:] = -1e9
    state.threat[:] = 0.0
    state.provocation[:] = 0.0
    state.relief[:] = 1.0
    state.effort[:] = 1.0
    state.rival[:] = world.rival
    state.heat[:] = world.spillover.reference_mean
    state.heat_time[:] = 0.0


@jit
def _reset_pairs(world, state):
    state.of_pair[:] = world.pair_start
    state.lift[:] = 0.0
    state.last_war[:] = -1e9
    state.number[RIVALRIES] = world.origin_rivalry.size
    state.rivalry[: world.origin_rivalry.size] = world.origin_rivalry


@jit
def _reset_institutions(law, state):
    state.exists[:] = law.exists
    state.member[:] = law.member
    state.decider[:] = law.decider
    state.veto[:] = law.veto
    state.covered[:] = law.covered
    state.roll[:], state.roll_size[:] = law.roll, law.roll_size
    state.seat[:], state.seat_size[:] = law.seat, law.seat_size
    state.low_years[:] = 0
    state.coreless[:] = 0
    for p in range(law.exists.size):
        size = law.prior_a[p] + law.prior_b[p]
        state.credibility_a[p] = law.start_credibility[p] * size
        state.credibility_b[p] = (1.0 - law.start_credibility[p]) * size
        set_legitimacy(state, p, law.legitimacy[p])
    state.standing_war[:] = -1


@jit
def reset(world, law, state, stream):
    """Put the state back to the forecast origin under an architecture."""
    state.number[:] = 0
    state.mark[:] = 0
    state.war_active[:] = 0
    _reset_states(world, state)
    _reset_pairs(world, state)
    _reset_institutions(law, state)
    set_numbers(law, state, 0)
    state.level_of[NORM] = state.conduct[CONQUEST_NORM]
    state.level_of[SHOCK_UNTIL] = -1.0
    copy_promises(law, state)
    draw_link_lives(world, law, state, stream)
    set_capabilities(world, state)
    for n in range(PAST_YEARS + 1):
        state.past[n] = state.log_capability
    renew(world, law, state)
