"""Births of pacts, and accession to institutions that grow (§6.6, §6.7)."""

import math

import numpy as np

from forecast.kernel import events
from forecast.kernel.compiled import jit
from forecast.kernel.distributions import pick, poisson_quantile
from forecast.kernel.mathematics import exponential
from forecast.kernel.membership import largest_member
from forecast.kernel.pact_lives import born_class
from forecast.kernel.promises import add_promise, promises_under
from forecast.kernel.records import (
    ACCESSION_COUNT,
    ACCESSION_PER_YEAR,
    BIRTH_LIFE_YEARS,
    BIRTH_SIZE_MOST,
    BIRTHS_PER_YEAR,
    BORN,
    EXIT,
    PACT_BIRTH_COUNT,
    PACT_DEATH_FACTOR,
    SHOCK_UNTIL,
)
from forecast.kernel.renewal import great_patron
from forecast.kernel.rolls import set_rolls
from forecast.kernel.streams import draw
from forecast.kernel.tally import log_event

MOST_A_YEAR = 16
SLOTS = 64
MOST_SHARED_RIVALS = 3


@jit
def _find_founder(world, state, u):
    score, start, threat, alive = state.score, world.threat, state.threat, state.alive
    promises, crowding = state.promise_count, world.pacts.crowding
    for k in range(score.size):
        felt = (start[k] + threat[k]) / (1.0 + crowding * promises[k])
        score[k] = felt if alive[k] else 0.0
    return pick(score, u)


@jit
def _add_shared_rivals(world, state, founder):
    """Add to the score what rivals shared with the founder attract."""
    score, shared, weight = state.score, state.obliged_by, world.pacts.shared_rival
    shared[:] = 0
    for r in range(score.size):
        if state.rival[founder, r]:
            rivals = state.rival[r]
            for x in range(score.size):
                shared[x] += rivals[x]
    for x in range(score.size):
        score[x] += weight * min(shared[x], MOST_SHARED_RIVALS)


@jit
def _add_closeness(world, state, b, size):
    """Add to the score what affinity and nearness to the members attract."""
    score, members = state.score, float(size)
    for m in range(size):
        member = state.born_member[b, m]
        affinity, contiguity = world.affinity[member], world.contiguity[member]
        on_affinity, on_nearness = world.pacts.affinity / members, world.pacts.near / members
        for x in range(score.size):
            score[x] += on_affinity * affinity[x] + (on_nearness if contiguity[x] > 0 else 0.0)


@jit
def _add_own_appeal(world, state):
    p, score, size = world.pacts, state.score, state.log_capability
    kept, broken = state.reputation_a, state.reputation_b
    for x in range(score.size):
        unreliable = kept[x] / (kept[x] + broken[x]) < p.unreliable_below
        score[x] += p.log_capability * size[x] + (p.unreliable if unreliable else 0.0)


@jit
def _find_partner(world, state, b, size, u):
    score, founder = state.score, state.born_member[b, 0]
    score[:] = 0.0
    _add_own_appeal(world, state)
    _add_closeness(world, state, b, size)
    _add_shared_rivals(world, state, founder)
    for x in range(score.size):
        score[x] = exponential(score[x])
    for x in range(score.size):
        if state.alive[x] == 0 or state.owes[x, founder]:
            score[x] = 0.0
    for m in range(size):
        member = state.born_member[b, m]
        score[member] = 0.0
        rivals = state.rival[member]
        for x in range(score.size):
            score[x] = 0.0 if rivals[x] else score[x]
    return pick(score, u)


@jit
def _gather(world, state, stream, event_id, b, wanted):
    size = np.int64(1)
    while size < wanted:
        u, _, _ = draw(stream, event_id, events.PARTNER, size)
        x = _find_partner(world, state, b, size, u)
        if x < 0:
            break
        state.born_member[b, size] = x
        size += 1
    return size


@jit
def _life(world, state, w):
    if world.process.pact_death == 0.0:
        return np.inf
    if state.conduct[BIRTH_LIFE_YEARS] > 0.0:
        return -math.log(w) * state.conduct[BIRTH_LIFE_YEARS]
    rate = world.pacts.death * state.conduct[PACT_DEATH_FACTOR]
    return -math.log(w) / rate if rate > 0.0 else np.inf


@jit
def _sign(world, state, tally, b, size, p, t):
    state.born_size[b] = size
    founder = state.born_member[b, 0]
    for x in range(size):
        k = state.born_member[b, x]
        state.provocation[k] += 1.0
        for y in range(size):
            if x != y:
                add_promise(world, state, k, state.born_member[b, y], p)
        if x > 0:
            log_event(
                tally, float(t), events.PACT_BORN, np.uint64(t),
                world.code[founder], world.code[k], p, 0.0,
            )  # fmt: skip
    tally.counts[PACT_BIRTH_COUNT] += 1


@jit
def _bear(world, state, tally, stream, p, t, slot):
    b = state.number[BORN]
    if b == state.born_end.size:
        state.number[EXIT] = events.PACTS_FULL
        return
    event_id = np.uint64(t * SLOTS + slot)
    u, v, w = draw(stream, event_id, events.FOUNDER, 0)
    founder = _find_founder(world, state, u)
    if founder < 0:
        return
    most = state.conduct[BIRTH_SIZE_MOST]
    wanted = 2 if most < 3.0 else 2 + int(v * (most - 1.0))
    state.born_member[b, 0] = founder
    size = _gather(world, state, stream, event_id, b, wanted)
    if size < 2:
        return
    state.born_end[b] = t + _life(world, state, w)
    state.number[BORN] = b + 1
    _sign(world, state, tally, b, size, p, t)


@jit
def _join(world, law, state, tally, j, p, t):
    votes = state.seat_size[p] > 0
    if law.armed[p] and law.ladder_max[p] == 0:
        for n in range(state.roll_size[p]):
            k = state.roll[p, n]
            if not promises_under(state, k, j, p):  # a covered outsider has it already
                add_promise(world, state, k, j, p)
            add_promise(world, state, j, k, p)
    state.member[p, j] = 1
    state.covered[p, j] = 1
    if votes:
        state.decider[p, j] = 1
    set_rolls(state, p)
    state.provocation[j] += 1.0
    tally.counts[ACCESSION_COUNT] += 1
    log_event(tally, float(t), events.ACCEDED, np.uint64(t), world.code[j], -1, p, 0.0)


@jit
def _in_growing_institution(law, state, j):
    for p in range(law.exists.size):
        if state.exists[p] and law.accedes[p] and state.member[p, j]:
            return True
    return False


@jit
def _find_candidate(world, law, state, u):
    for j in range(world.code.size):
        state.score[j] = 0.0
        if state.alive[j] and not world.great[j] and not _in_growing_institution(law, state, j):
            state.score[j] = world.threat[j] + state.threat[j]
            if great_patron(world, state, j):
                state.score[j] *= world.pacts.accession_patron
    return pick(state.score, u)


@jit
def _mean_affinity(world, state, p, j):
    total = 0.0
    for n in range(state.roll_size[p]):
        total += world.affinity[j, state.roll[p, n]]
    return total / state.roll_size[p]


@jit
def _find_institution(world, law, state, stream, event_id, j):
    best, at = -1, world.pacts.accession_affinity
    for p in range(law.exists.size):
        if state.exists[p] == 0 or law.accedes[p] == 0:
            continue
        leader = largest_member(state, p)
        if leader < 0 or state.rival[j, leader]:
            continue
        u, _, _ = draw(stream, event_id, events.ACCESSION_NOISE, law.key[p] * 65536)
        appeal = _mean_affinity(world, state, p, j) + world.pacts.accession_noise * (2.0 * u - 1.0)
        if appeal > at:
            best, at = p, appeal
    return best


@jit
def _accede(world, law, state, tally, stream, t, slot):
    event_id = np.uint64(t * SLOTS + slot)
    u, _, _ = draw(stream, event_id, events.ACCESSION, 0)
    j = _find_candidate(world, law, state, u)
    if j >= 0:
        p = _find_institution(world, law, state, stream, event_id, j)
        if p >= 0:
            _join(world, law, state, tally, j, p, t)


@jit
def found_and_accede(world, law, state, tally, stream, t):
    """Let new pacts be born and institutions grow."""
    p = born_class(law)
    factor = world.pacts.shock_factor if t < state.level_of[SHOCK_UNTIL] else 1.0
    births = factor * state.conduct[BIRTHS_PER_YEAR] * world.process.pact_birth
    accessions = factor * state.conduct[ACCESSION_PER_YEAR] * world.process.accession
    u, v, _ = draw(stream, np.uint64(t), events.BIRTHS, 0)
    if births > 0.0 and p >= 0:
        for slot in range(min(MOST_A_YEAR, poisson_quantile(u, births))):
            _bear(world, state, tally, stream, p, t, slot)
    if accessions > 0.0:
        for slot in range(min(MOST_A_YEAR, poisson_quantile(v, accessions))):
            _accede(world, law, state, tally, stream, t, slot)
