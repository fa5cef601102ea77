"""Members and deciders of institutions as lists, in order of the state (§2).

The flags `member` and `decider` say who belongs; the lists spare the loops over all states.
"""

import numpy as np

from forecast.kernel.compiled import jit


@jit
def rolls_of(flags):
    """Return the states whose flag is set, (P, N), and their number, (P,), by institution."""
    roll, size = np.zeros(flags.shape, np.int64), np.zeros(flags.shape[0], np.int64)
    for p in range(flags.shape[0]):
        size[p] = _list(flags[p], roll[p])
    return roll, size


@jit
def _list(flags, row):
    n = np.int64(0)
    for k in range(flags.size):
        if flags[k]:
            row[n] = k
            n += 1
    return n


@jit
def set_rolls(state, p):
    """Refresh the lists of institution p after its flags have changed."""
    state.roll_size[p] = _list(state.member[p], state.roll[p])
    state.seat_size[p] = _list(state.decider[p], state.seat[p])
