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
def _rise(state, n, time, event_id):
    """Move a hole at position n up to where a candidate of this time and id belongs."""
    while n > 0 and not _comes_before(state, (n - 1) // 2, time, event_id):
        _move(state, (n - 1) // 2, n)
        n = (n - 1) // 2
    return n


@jit
def push(state, time, event_id, dyad, height):
    """Add a candidate child; a full heap ends the trajectory with its exit reason."""
    n = state.number[PENDING]
    if n == state.pending_time.size:
        state.number[EXIT] = events.PENDING_FULL
        return
    state.number[PENDING] = n + 1
    _put(state, _rise(state, n, time, event_id), time, event_id, dyad, height)


@jit
def drop_first(state):
    """Remove the earliest candidate.

    The hole it leaves sinks to the bottom, one comparison and no unforeseeable branch per level,
    and the last candidate, which is seldom early, rises from there.
    """
    times, ids = state.pending_time, state.pending_id
    last = state.number[PENDING] - 1
    state.number[PENDING] = last
    n, child = np.int64(0), np.int64(1)
    while child + 1 < last:
        if times[child + 1] == times[child]:
            child += ids[child + 1] < ids[child]
        else:
            child += times[child + 1] < times[child]
        _move(state, child, n)
        n, child = child, 2 * child + 1
    if child < last:
        _move(state, child, n)
        n = child
    n = _rise(state, n, times[last], ids[last])
    _move(state, last, n)
