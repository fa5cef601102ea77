"""Candidates: the streams shared by all architectures, and children of disputes (§1.3)."""

import math

import numpy as np

from forecast.kernel import events
from forecast.kernel.compiled import jit
from forecast.kernel.distributions import (
    clip,
    first_above,
    normal_quantile,
    normal_quantiles,
    poisson_above,
    student_quantile,
)
from forecast.kernel.pending import push
from forecast.kernel.records import CHILDREN_LOT
from forecast.kernel.streams import child_id, draw, draw_all

ROOT_WAR = 5
ROOT_HALF = 0.5**0.5
IMMIGRANT, STOCK, COERCION = 0, 1, 2  # Shared.kind


@jit
def fill_climate(world, stream, climate):
    """Write Z of every year: a stationary, truncated AR(1) with mean-one exponential."""
    sd = world.climate.sd
    keep = math.exp(-world.climate.reversion)
    x = 0.0
    for y in range(world.years):
        u, _, _ = draw(stream, np.uint64(y), events.CLIMATE, 0)
        n = normal_quantile(u)
        x = sd * n if y == 0 else keep * x + sd * math.sqrt(1.0 - keep * keep) * n
        bound = world.climate.truncation * sd
        climate[y] = clip(x, -bound, bound) - 0.5 * sd * sd


@jit
def fill_slow(world, stream, shared):
    """Write the yearly innovations of growth, regime and arms, which no architecture moves."""
    process, code = world.process, world.code
    if process.growth == 0.0 and process.regime_change == 0.0 and process.proliferation == 0.0:
        return
    v = np.empty(code.size)
    for y in range(1, world.years):
        growth = shared.growth[y]
        draw_all(stream, np.uint64(y), events.SLOW, code, growth, v, shared.arming[y])
        for k in range(code.size):
            growth[k] = student_quantile(growth[k]) * ROOT_HALF
        normal_quantiles(v, shared.regime[y])


@jit
def _write(shared, n, time, event_id, dyad, height, kind):
    shared.time[n], shared.id[n], shared.dyad[n] = time, event_id, dyad
    shared.height[n], shared.kind[n] = height, kind


@jit
def _immigrants(world, stream, shared):
    total = world.cumulative_rate[-1]
    rate = world.sampling.immigrant_cap * total
    n, t = 0, 0.0
    while rate > 0.0 and n < shared.time.size:
        u, v, w = draw(stream, np.uint64(n), events.IMMIGRANT, 0)
        t -= math.log(u) / rate
        if t >= world.years:
            break
        dyad = first_above(world.cumulative_rate, world.guide_rate, v)
        _write(shared, n, t, child_id(np.uint64(events.IMMIGRANT), n), dyad, w, IMMIGRANT)
        n += 1
    return n


@jit
def _stock(world, stream, shared, n, purpose, cumulative, start, strength, tau):
    total = cumulative[-1]
    # What is remembered at the origin has waited already; its decay began that much later.
    waited = math.exp(world.onset.memory_delay / tau)
    mass = world.sampling.child_cap * strength * tau * waited * total
    m, used = 0, 0.0
    while mass > 0.0 and n < shared.time.size:
        u, v, w = draw(stream, np.uint64(m), purpose, 0)
        used -= math.log(u)
        if used >= mass:
            break
        t = -tau * math.log(1.0 - used / mass)
        if t >= world.years:
            break
        dyad = first_above(cumulative, start, v)
        _write(shared, n, t, child_id(np.uint64(purpose), m), dyad, w, STOCK)
        n += 1
        m += 1
    return n


@jit
def _coercions(world, stream, shared, n):
    """Write attempts at economic coercion; their dyad is i * N + j over all states."""
    total = world.cumulative_coercion[-1]
    rate = world.coercion.rate * world.great.sum() * world.process.coercion
    m, t = 0, 0.0
    while rate > 0.0 and total > 0.0 and n < shared.time.size:
        u, v, w = draw(stream, np.uint64(m), events.COERCION_DRAW, 0)
        t -= math.log(u) / rate
        if t >= world.years:
            break
        pair = first_above(world.cumulative_coercion, world.guide_coercion, v)
        _write(shared, n, t, child_id(np.uint64(events.COERCION_DRAW), m), pair, w, COERCION)
        n += 1
        m += 1
    return n


@jit
def _rivalries(world, stream, shared):
    """Write candidate starts of rivalries; return whether there was room."""
    total = world.cumulative_rival[-1]
    rate = world.rivalry.cap * total * world.process.rivalry_change
    n, t = 0, 0.0
    while rate > 0.0:
        u, v, w = draw(stream, np.uint64(n), events.RIVAL_START, 0)
        t -= math.log(u) / rate
        if t >= world.years:
            break
        if n == shared.rival_time.size:
            return False
        shared.rival_time[n], shared.rival_height[n] = t, w
        shared.rival_dyad[n] = first_above(world.cumulative_rival, world.guide_rival, v)
        n += 1
    shared.rivals[0] = n
    return True


@jit
def _merge(shared, begin, end):
    """Put candidates [begin, end), in order of time themselves, among those in order before."""
    order, time = shared.order, shared.time
    before, to = begin - 1, end - 1
    for n in range(end - 1, begin - 1, -1):
        while before >= 0 and time[order[before]] > time[n]:
            order[to] = order[before]
            before, to = before - 1, to - 1
        order[to] = n
        to -= 1


@jit
def fill_shared(world, stream, shared):
    """Write the shared candidates and their order in time; return their number, -1 if too many."""
    onset = world.onset
    immigrants = _immigrants(world, stream, shared)
    short = _stock(
        world, stream, shared, immigrants, events.STOCK_SHORT,
        world.cumulative_short, world.guide_short, onset.memory_short, onset.tau_short,
    )  # fmt: skip
    long = _stock(
        world, stream, shared, short, events.STOCK_LONG,
        world.cumulative_long, world.guide_long, onset.memory_long, onset.tau_long,
    )  # fmt: skip
    count = _coercions(world, stream, shared, long)
    if count >= shared.time.size or not _rivalries(world, stream, shared):
        return -1
    _merge(shared, 0, immigrants)
    _merge(shared, immigrants, short)
    _merge(shared, short, long)
    _merge(shared, long, count)
    return count


@jit
def stream_hash(shared, count):
    """Return a 64-bit hash of the shared candidates, in order of time."""
    digest = np.uint64(0)
    for n in range(count):
        at = shared.order[n]
        digest = child_id(digest ^ shared.id[at], np.uint64(shared.time[at] * 2.0**40))
    return digest


@jit
def bear_children(world, state, stream, event_id, k, t):
    """Add the candidate children of an accepted dispute of dyad k at time t."""
    if world.child_means[0, 0] == 0.0 and world.child_means[1, 0] == 0.0:
        return
    onset = world.onset
    v, w = state.lot_v[CHILDREN_LOT], state.lot_w[CHILDREN_LOT]
    for component in range(2):
        tau = onset.tau_short if component == 0 else onset.tau_long
        mean, none = world.child_means[component, 0], world.child_means[component, 1]
        for m in range(poisson_above(v if component == 0 else w, mean, none)):
            child = child_id(event_id, 2 * m + component)
            u, direction, height = draw(stream, child, events.CHILD, 0)
            time = t + onset.memory_delay - tau * math.log(u)
            if time < world.years:
                dyad = k if direction < onset.memory_direction else world.reverse[k]
                push(state, time, child, dyad, height)
