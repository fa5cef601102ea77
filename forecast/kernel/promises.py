"""Who promises whom, by row of the promised state (§2).

A promise is one number, promiser * INSTITUTIONS + institution; rows are sorted. They are copied
from the architecture at the origin and change as pacts are born, grow and end. What follows from
them and is asked often is kept up to date: who owes whom defence, and what promises load.
"""

import numpy as np

from forecast.kernel import events
from forecast.kernel.compiled import jit
from forecast.kernel.records import EXIT

DEFENCE_OBLIGATION = 0.5
INSTITUTIONS = np.int64(1024)
_BITS, _LOW = np.int64(10), np.int64(1023)


@jit
def promiser(promise):
    """Return the state that makes a promise."""
    return np.int64(promise) >> _BITS


@jit
def institution(promise):
    """Return the institution under which a promise is made."""
    return np.int64(promise) & _LOW


@jit
def copy_promises(law, state):
    """Put the promises, and what follows from them, back to those of the origin."""
    for j in range(state.promise_count.size):
        begin, end = law.promise_start[j], law.promise_start[j + 1]
        state.promise_count[j] = end - begin
        state.promise[j, : end - begin] = law.promise[begin:end]
    state.owes[:] = law.owes
    state.defenders[:] = law.defenders
    state.stakes[:] = law.stakes


@jit
def set_owes(state):
    """Refresh who owes whom defence, after obligations have changed."""
    state.owes[:] = 0
    state.defenders[:] = 0
    for j in range(state.promise_count.size):
        for n in range(state.promise_count[j]):
            _owe(state, state.promise[j, n], j)


@jit
def _owe(state, promise, j):
    k = promiser(promise)
    if state.obligation[institution(promise)] >= DEFENCE_OBLIGATION and state.owes[k, j] == 0:
        state.owes[k, j] = 1
        state.defenders[j] += 1


@jit
def _first_from(state, j, promise):
    """Return the position of the first promise to j that is not below `promise`."""
    low, high = np.int64(0), state.promise_count[j]
    while low < high:
        middle = (low + high) >> np.int64(1)
        if state.promise[j, middle] < promise:
            low = middle + 1
        else:
            high = middle
    return low


@jit
def promises_under(state, k, j, p):
    """Return whether k promises j help under institution p."""
    promise = k * INSTITUTIONS + p
    n = _first_from(state, j, promise)
    return n < state.promise_count[j] and state.promise[j, n] == promise


@jit
def add_promise(world, state, k, j, p):
    """Let k promise j help under institution p."""
    n = state.promise_count[j]
    if n == state.promise.shape[1]:
        state.number[EXIT] = events.PROMISES_FULL
        return
    state.promise_count[j] = n + 1
    promise = k * INSTITUTIONS + p
    while n > 0 and state.promise[j, n - 1] > promise:
        state.promise[j, n] = state.promise[j, n - 1]
        n -= 1
    state.promise[j, n] = promise
    state.stakes[p, k] += world.stake[j]
    _owe(state, promise, j)


@jit
def _drop(world, state, j, n):
    """Take the n-th promise to j back."""
    k, p = promiser(state.promise[j, n]), institution(state.promise[j, n])
    count = state.promise_count[j] - 1
    for m in range(n, count):
        state.promise[j, m] = state.promise[j, m + 1]
    state.promise_count[j] = count
    state.stakes[p, k] -= world.stake[j]
    if state.owes[k, j]:
        state.owes[k, j] = 0
        state.defenders[j] -= 1
        n = _first_from(state, j, k * INSTITUTIONS)
        while n < count and promiser(state.promise[j, n]) == k:
            _owe(state, state.promise[j, n], j)
            n += 1


@jit
def remove_promise(world, state, k, j, p):
    """Take back one promise by k to j under institution p, if there is one."""
    promise = k * INSTITUTIONS + p
    n = _first_from(state, j, promise)
    if n < state.promise_count[j] and state.promise[j, n] == promise:
        _drop(world, state, j, n)


@jit
def _remove_from_row(world, state, j, p):
    for n in range(state.promise_count[j] - 1, -1, -1):
        if p < 0 or institution(state.promise[j, n]) == p:
            _drop(world, state, j, n)


@jit
def remove_promises_of(world, state, k, p):
    """Remove the promises by and to k under p (-1: any institution)."""
    for j in range(state.promise_count.size):
        if j == k:
            _remove_from_row(world, state, j, p)
            continue
        n = _first_from(state, j, k * INSTITUTIONS + max(p, np.int64(0)))
        while n < state.promise_count[j] and promiser(state.promise[j, n]) == k:
            if p >= 0 and institution(state.promise[j, n]) != p:
                break
            _drop(world, state, j, n)


@jit
def remove_promises_under(world, state, p):
    """Remove every promise under institution p."""
    for j in range(state.promise_count.size):
        _remove_from_row(world, state, j, p)
