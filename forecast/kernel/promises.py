"""Who promises whom, by row of the promised state; rows are in order of promiser, institution (§2).

Rows are copied from the architecture at the origin and change as pacts are born, grow and end.
"""

from forecast.kernel import events
from forecast.kernel.compiled import jit
from forecast.kernel.records import EXIT, NONE

DEFENCE_OBLIGATION = 0.5


@jit
def copy_promises(law, state):
    """Put the promises back to those of the origin."""
    for j in range(state.promise_count.size):
        begin, end = law.promise_start[j], law.promise_start[j + 1]
        state.promise_count[j] = end - begin
        for n in range(end - begin):
            state.promise_state[j, n] = law.promise_state[begin + n]
            state.promise_institution[j, n] = law.promise_institution[begin + n]
    set_owes(state)


@jit
def set_owes(state):
    """Refresh who owes whom defence."""
    state.owes[:] = 0
    for j in range(state.promise_count.size):
        _set_owes_to(state, j)


@jit
def _set_owes_to(state, j):
    owed = 0
    for n in range(state.promise_count[j]):
        k, p = state.promise_state[j, n], state.promise_institution[j, n]
        if state.obligation[p] >= DEFENCE_OBLIGATION and state.owes[k, j] == 0:
            state.owes[k, j] = 1
            owed += 1
    state.defenders[j] = owed


@jit
def add_promise(state, k, j, p):
    """Let k promise j help under institution p."""
    n = state.promise_count[j]
    if n == state.promise_state.shape[1]:
        state.number[EXIT] = events.PROMISES_FULL
        return
    state.promise_count[j] = n + 1
    while n > 0 and _after(state, j, n - 1, k, p):
        state.promise_state[j, n] = state.promise_state[j, n - 1]
        state.promise_institution[j, n] = state.promise_institution[j, n - 1]
        n -= 1
    state.promise_state[j, n], state.promise_institution[j, n] = k, p
    if state.obligation[p] >= DEFENCE_OBLIGATION and state.owes[k, j] == 0:
        state.owes[k, j] = 1
        state.defenders[j] += 1


@jit
def _after(state, j, n, k, p):
    if state.promise_state[j, n] != k:
        return state.promise_state[j, n] > k
    return state.promise_institution[j, n] > p


@jit
def promises_under(state, k, j, p):
    """Return whether k promises j help under institution p."""
    for n in range(state.promise_count[j]):
        if state.promise_state[j, n] == k and state.promise_institution[j, n] == p:
            return True
    return False


@jit
def remove_promises(state, k, j, p, most):
    """Remove up to `most` promises to j by k (-1: anyone) under p (-1: any institution)."""
    kept, removed = 0, 0
    for n in range(state.promise_count[j]):
        by, under = state.promise_state[j, n], state.promise_institution[j, n]
        if (k < 0 or by == k) and (p < 0 or under == p) and removed < most:
            removed += 1
            continue
        state.promise_state[j, kept], state.promise_institution[j, kept] = by, under
        kept += 1
    state.promise_count[j] = kept
    if removed > 0:
        state.owes[:, j] = 0
        _set_owes_to(state, j)


@jit
def remove_promises_of(state, k, p):
    """Remove the promises by and to k under p (-1: any institution)."""
    everything = state.promise_state.shape[1]
    for j in range(state.promise_count.size):
        remove_promises(state, NONE if j == k else k, j, p, everything)


@jit
def remove_promises_under(state, p):
    """Remove every promise under institution p."""
    for j in range(state.promise_count.size):
        remove_promises(state, NONE, j, p, state.promise_state.shape[1])
