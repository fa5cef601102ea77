"""Children waiting for their time: a binary heap in the state's arrays, ordered by (time, id)."""

import numpy as np

from forecast.kernel import events
from forecast.kernel.compiled import jit
from forecast.kernel.records import EXIT, PENDING


@jit
def _comes_before(state, n, time, event_id):
    """Return whether the n-th candidate comes before one of this time and id."""
    at = state.pending_time[n]
    return at < time or (at == time and state.pending_id[n] < event_id)


@jit
def _put(state, n, time, event_id, dyad, height):
    state.pending_time[n], state.pending_id[n] = time, event_id
    state.pending_dyad[n], state.pending_height[n] = dyad, height


@jit
def _move(state, source, to):
    state.pending_time[to] = state.pending_time[source]
    state.pending_id[to] = state.pending_id[source]
    state.pending_dyad[to] = state.pending_dyad[source]
    state.pending_height[to] = state.pending_height[source]


@jit
def push(state, time, event_id, dyad, height):
    """Add a candidate child; a full heap ends the trajectory with its exit reason."""
    n = state.number[PENDING]
    if n == state.pending_time.size:
        state.number[EXIT] = events.PENDING_FULL
        return
    state.number[PENDING] = n + 1
    while n > 0 and not _comes_before(state, (n - 1) // 2, time, event_id):
        _move(state, (n - 1) // 2, n)
        n = (n - 1) // 2
    _put(state, n, time, event_id, dyad, height)


@jit
def drop_first(state):
    """Remove the earliest candidate: the last one takes its place and sinks."""
    last = state.number[PENDING] - 1
    state.number[PENDING] = last
    time, event_id = state.pending_time[last], state.pending_id[last]
    n, child = np.int64(0), np.int64(1)
    while child < last:
        if child + 1 < last and not _comes_before(
            state, child, state.pending_time[child + 1], state.pending_id[child + 1]
        ):
            child += 1
        if not _comes_before(state, child, time, event_id):
            break
        _move(state, child, n)
        n, child = child, 2 * child + 1
    _move(state, last, n)
