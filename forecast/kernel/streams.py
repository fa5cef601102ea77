"""Keyed random draws: pure functions of (seed, trajectory, event id, purpose, actor).

Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, Parallel random numbers: as easy as 1, 2, 3,
doi:10.1145/2063384.2063405). Words travel in uint64 and are masked to 32 bits, so no result
depends on how numba widens mixed integer types. Addresses: docs/model.md §1.1.
"""

import numpy as np

from forecast.kernel.compiled import exposed, inlined, jit

_LOW = np.uint64(0xFFFFFFFF)
_BITS = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_SHIFT_30, _SHIFT_27, _SHIFT_31, _SHIFT_12 = (
    np.uint64(30),
    np.uint64(27),
    np.uint64(31),
    np.uint64(12),
)
LEAST_LANES = 12  # fewer turns of a loop are not worth its vector instructions
_TWO_M52 = 2.0**-52
_TWO_M32 = 2.0**-32


@inlined
def _round(key0, key1, c0, c1, c2, c3):
    p0, p1 = _MULTIPLIER_0 * c0, _MULTIPLIER_1 * c2
    c0, c2 = (p1 >> _BITS) ^ c1 ^ key0, (p0 >> _BITS) ^ c3 ^ key1
    return (key0 + _WEYL_0) & _LOW, (key1 + _WEYL_1) & _LOW, c0, p1 & _LOW, c2, p0 & _LOW


@inlined
def _rounds(key0, key1, c0, c1, c2, c3):
    # Spelt out: a loop of ten rounds would at times keep the loop around it from vectors.
    x = _round(*_round(*_round(*_round(*_round(key0, key1, c0, c1, c2, c3)))))
    _, _, c0, c1, c2, c3 = _round(*_round(*_round(*_round(*_round(*x)))))
    return c0, c1, c2, c3


@exposed
def philox(key0, key1, c0, c1, c2, c3):
    """Return the four 32-bit words (as uint64) of one Philox4x32-10 block."""
    return _rounds(key0, key1, c0, c1, c2, c3)


@inlined
def _fine(high, low):
    return (np.float64(((high << _BITS) | low) >> _SHIFT_12) + 0.5) * _TWO_M52


@inlined
def _coarse(word):
    return (np.float64(word) + 0.5) * _TWO_M32


@exposed
def draw(stream, event_id, purpose, actor):
    """Return three uniforms in (0, 1): u with 52 bits, v and w with 32.

    `stream` is the pair (seed, trajectory) as uint64, `event_id` uint64, `purpose` an int below
    2^24 (the eight bits above are the branch, 0), `actor` a non-negative int below 2^32.
    """
    x0, x1, x2, x3 = philox(
        stream[0],
        stream[1],
        event_id & _LOW,
        event_id >> _BITS,
        np.uint64(purpose),
        np.uint64(actor),
    )
    return _fine(x0, x1), _coarse(x2), _coarse(x3)


@jit
def draw_many(stream, event_id, purposes, actors, count, u, v, w):
    """Write the uniforms of the first `count` purposes and actors, several in one instruction.

    What stands in the rest of the last lanes is drawn as well.
    """
    key0, key1 = stream[0] & _LOW, stream[1] & _LOW
    low, high = event_id & _LOW, event_id >> _BITS
    for n in range(max((count + 3) // 4 * 4, LEAST_LANES)):
        purpose, actor = np.uint64(purposes[n]) & _LOW, np.uint64(actors[n]) & _LOW
        x0, x1, x2, x3 = _rounds(key0, key1, low, high, purpose, actor)
        u[n], v[n], w[n] = _fine(x0, x1), _coarse(x2), _coarse(x3)


@jit
def draw_all(stream, event_id, purpose, actors, u, v, w):
    """Write the uniforms of one purpose of all actors, several in one instruction."""
    key0, key1 = stream[0] & _LOW, stream[1] & _LOW
    low, high, what = event_id & _LOW, event_id >> _BITS, np.uint64(purpose) & _LOW
    for n in range(actors.size):
        x0, x1, x2, x3 = _rounds(key0, key1, low, high, what, np.uint64(actors[n]) & _LOW)
        u[n], v[n], w[n] = _fine(x0, x1), _coarse(x2), _coarse(x3)


@jit
def draw_events(stream, event_ids, purpose, actors, count, u):
    """Write the first uniform of one purpose of the first `count` events and actors."""
    key0, key1, what = stream[0] & _LOW, stream[1] & _LOW, np.uint64(purpose) & _LOW
    for n in range(count):
        event_id, actor = np.uint64(event_ids[n]), np.uint64(actors[n]) & _LOW
        x0, x1, _, _ = _rounds(key0, key1, event_id & _LOW, event_id >> _BITS, what, actor)
        u[n] = _fine(x0, x1)


@exposed
def child_id(parent, number):
    """Return the 64-bit id of child `number` of the event `parent`."""
    z = parent + _GOLDEN * (np.uint64(number) + np.uint64(1))
    z = (z ^ (z >> _SHIFT_30)) * _MIX_1
    z = (z ^ (z >> _SHIFT_27)) * _MIX_2
    return z ^ (z >> _SHIFT_31)
