"""Ends of pacts: bilateral pacts of the origin, and pacts born in the run (§6.4)."""

import numpy as np

from forecast.kernel import events
from forecast.kernel.compiled import jit
from forecast.kernel.mathematics import exponential, logarithm
from forecast.kernel.promises import (
    INSTITUTIONS,
    institution,
    promiser,
    remove_promise,
)
from forecast.kernel.records import BORN, LINK_ENDS, NONE, PACT_DEATH_FACTOR, PACT_END_COUNT
from forecast.kernel.streams import draw_events
from forecast.kernel.tally import log_event

OF_THE_ORIGIN, BORN_LATER = 1, 2  # Law.links


@jit
def links_of(start, promise, links):
    """Return lower state, higher state and class of the origin's pacts without a record."""
    low, high = np.zeros(promise.size, np.int64), np.zeros(promise.size, np.int64)
    under, found = np.zeros(promise.size, np.int64), 0
    for j in range(start.size - 1):
        for n in range(start[j], start[j + 1]):
            k, p = promiser(promise[n]), institution(promise[n])
            back = j * INSTITUTIONS + p in promise[start[k] : start[k + 1]]
            if links[p] == OF_THE_ORIGIN and (k > j or not back):
                low[found], high[found], under[found] = min(k, j), max(k, j), p
                found += 1
    return low[:found], high[:found], under[:found]


@jit
def draw_link_lives(world, law, state, stream):
    """Draw when the pacts of the origin that have no record of their own will end."""
    rate = world.pacts.death * state.conduct[PACT_DEATH_FACTOR]
    if rate <= 0.0 or world.process.pact_death == 0.0:
        return
    outlives = exponential(-rate * world.years) * (1.0 - 1e-9)
    # Until a pact's end is noted, its place holds its event, its actor and its draw.
    low, high, end, count = state.link_low, state.link_high, state.link_end, law.link_low.size
    for m in range(count):
        low[m] = world.code[law.link_low[m]] * 65536 + world.code[law.link_high[m]]
        high[m] = law.key[law.link_class[m]] * 65536
    draw_events(stream, low, events.PACT_LIFE, high, count, end)
    n = np.int64(0)
    for m in range(count):
        u = end[m]
        if u > outlives and -logarithm(u) / rate < world.years:
            low[n], high[n], end[n] = law.link_low[m], law.link_high[m], -logarithm(u) / rate
            n += 1
    state.number[LINK_ENDS] = n


@jit
def _linked_by(law, state, x, y):
    """Return the class of the origin under which y promises x, or x promises y; -1 if none."""
    for j, k in ((x, y), (y, x)):
        for n in range(state.promise_count[j]):
            p = institution(state.promise[j, n])
            if promiser(state.promise[j, n]) == k and law.links[p] == OF_THE_ORIGIN:
                return p
    return NONE


@jit
def _end_links(world, law, state, tally, t):
    for n in range(state.number[LINK_ENDS]):
        if not t - 1.0 < state.link_end[n] <= t:
            continue
        low, high = state.link_low[n], state.link_high[n]
        p = _linked_by(law, state, low, high)
        if p >= 0:
            remove_promise(world, state, high, low, p)
            remove_promise(world, state, low, high, p)
            _record_end(world, tally, low, high, p, t)


@jit
def _record_end(world, tally, x, y, p, t):
    tally.counts[PACT_END_COUNT] += 1
    log_event(
        tally, float(t), events.PACT_ENDED, np.uint64(t), world.code[x], world.code[y], p, 0.0
    )


@jit
def _end_born(world, state, tally, b, p, t):
    for x in range(state.born_size[b]):
        for y in range(state.born_size[b]):
            if x != y:
                mine, other = state.born_member[b, x], state.born_member[b, y]
                remove_promise(world, state, mine, other, p)
    _record_end(world, tally, state.born_member[b, 0], state.born_member[b, 1], p, t)


@jit
def born_class(law):
    """Return the class of the pacts born in the run, -1 if the architecture has none."""
    for p in range(law.exists.size):
        if law.exists[p] and law.links[p] == BORN_LATER:
            return p
    return -1


@jit
def end_pacts(world, law, state, tally, t):
    """End the pacts whose time has come."""
    _end_links(world, law, state, tally, t)
    kept = 0
    for b in range(state.number[BORN]):
        if state.born_end[b] <= t:
            _end_born(world, state, tally, b, born_class(law), t)
            continue
        state.born_member[kept] = state.born_member[b]
        state.born_size[kept], state.born_end[kept] = state.born_size[b], state.born_end[b]
        kept += 1
    state.number[BORN] = kept
