"""Counting and logging events of one trajectory under one architecture."""

import math

from forecast.kernel.compiled import jit
from forecast.kernel.records import (
    AGGRESSION_SUCCESS_COUNT,
    ANNUAL_SUCCESSES,
    POWER_BINS,
    SMALL,
    SMALL_STATE_LOSS_COUNT,
    STATE_SHELTERED_VICTIM,
    STATE_VICTIM,
)


@jit
def log_event(tally, t, kind, event_id, initiator, target, institution, value):
    """Append an event to the log if it has room (no room at all: the log is off)."""
    n = tally.log_size[0]
    if n < tally.log_time.size:
        tally.log_time[n], tally.log_kind[n], tally.log_id[n] = t, kind, event_id
        tally.log_initiator[n], tally.log_target[n] = initiator, target
        tally.log_institution[n], tally.log_value[n] = institution, value
        tally.log_size[0] = n + 1


@jit
def count(tally, total, annual, year):
    """Add one to a total and to its year."""
    tally.counts[total] += 1
    tally.annual[annual, year] += 1


@jit
def power_bin(state, i, j):
    """Return the bin of ln(C_i / C_j) in which aggressions are tallied."""
    ratio = state.log_capability[i] - state.log_capability[j]
    return min(max(math.floor(ratio) + POWER_BINS // 2, 0), POWER_BINS - 1)


@jit
def succeed(world, state, tally, i, j, at, year):
    """Count a successful aggression of i against j, begun in power bin `at`."""
    count(tally, AGGRESSION_SUCCESS_COUNT, ANNUAL_SUCCESSES, year)
    tally.counts[SMALL_STATE_LOSS_COUNT] += world.state_class[j] == SMALL
    tally.successes[at, world.state_class[i], world.state_class[j]] += 1
    tally.states[STATE_VICTIM, j] += 1
    tally.states[STATE_SHELTERED_VICTIM, j] += state.sheltered[j]


@jit
def mark_onset(tally, k, year, use):
    """Note an onset of dyad k, and whether it reached hostility 4."""
    n = tally.onsets_size[0]
    tally.onsets[n, 0], tally.onsets[n, 1], tally.onsets[n, 2] = k, year, use
    tally.onsets_size[0] = n + 1


@jit
def clear(tally):
    """Make the tally ready for the next trajectory."""
    tally.onsets_size[0] = 0
    tally.counts[:] = 0
    tally.expected[:] = 0.0
    tally.annual[:] = 0
    tally.annual_expected[:] = 0.0
    tally.states[:] = 0
    tally.measures[:] = 0.0
    tally.survives[:] = 0
    tally.attempts[:] = 0
    tally.successes[:] = 0
    tally.latency[:] = 0
    tally.accepted[:] = 0
    tally.log_size[0] = 0
