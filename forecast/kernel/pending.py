"""Children waiting for their time: a binary heap in the state's arrays, ordered by (time, id)."""

from forecast.kernel import events
from forecast.kernel.compiled import jit
from forecast.kernel.records import EXIT, PENDING


@jit
def _before(state, x, y):
    if state.pending_time[x] != state.pending_time[y]:
        return state.pending_time[x] < state.pending_time[y]
    return state.pending_id[x] < state.pending_id[y]


@jit
def _swap(state, x, y):
    t, e = state.pending_time[x], state.pending_id[x]
    k, h = state.pending_dyad[x], state.pending_height[x]
    _move(state, y, x)
    state.pending_time[y], state.pending_id[y] = t, e
    state.pending_dyad[y], state.pending_height[y] = k, h


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
    state.pending_time[n], state.pending_id[n] = time, event_id
    state.pending_dyad[n], state.pending_height[n] = dyad, height
    state.number[PENDING] = n + 1
    while n > 0 and _before(state, n, (n - 1) // 2):
        _swap(state, n, (n - 1) // 2)
        n = (n - 1) // 2


@jit
def drop_first(state):
    """Remove the earliest candidate."""
    last = state.number[PENDING] - 1
    state.number[PENDING] = last
    _move(state, last, 0)
    n = 0
    while True:
        child = 2 * n + 1
        if child >= last:
            return
        if child + 1 < last and _before(state, child + 1, child):
            child += 1
        if not _before(state, child, n):
            return
        _swap(state, n, child)
        n = child
