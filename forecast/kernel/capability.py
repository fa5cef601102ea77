"""Capability shares from stocks, GDP and population (§3)."""

from forecast.kernel.compiled import jit
from forecast.kernel.mathematics import exponential, logarithm
from forecast.kernel.records import MOVED, STRENGTH


@jit
def _bulk(growth, gdp, people):
    return growth.exponent * logarithm(gdp) + growth.population_exponent * logarithm(people)


@jit
def set_bulk(world, state, k):
    """Refresh what GDP and population of state k add to the log of its capability."""
    state.bulk[k] = _bulk(world.growth, state.gdp[k], state.people[k])
    mark_moved(state, k)


@jit
def mark_moved(state, k):
    """Note that the stock, GDP or population of state k has changed since the last renewal."""
    n = state.number[MOVED]
    if n < state.moved.size:
        state.moved[n] = k
    state.number[MOVED] = n + 1


@jit
def set_bulks(world, state):
    """Refresh what GDP and population add to the log of every state's capability."""
    growth, bulk, gdp, people = world.growth, state.bulk, state.gdp, state.people
    for k in range(bulk.size):
        bulk[k] = _bulk(growth, gdp[k], people[k])


@jit
def set_capabilities(world, state):
    """Refresh capability shares and their logs."""
    total, on_stock = 0.0, world.consequence.stock_exponent
    log_share, share, stock, bulk = state.log_capability, state.capability, state.stock, state.bulk
    log_start, start = world.log_capability, world.capability
    for k in range(share.size):
        x = on_stock * logarithm(stock[k]) + bulk[k]
        log_share[k] = log_start[k] + x
        share[k] = start[k] * exponential(x)
    for k in range(share.size):
        total += share[k]
    log_total = logarithm(total)
    for k in range(share.size):
        share[k] /= total
        log_share[k] -= log_total
    state.level_of[STRENGTH] = total
    state.number[MOVED] = 0


@jit
def move_capabilities(world, state):
    """Refresh capability shares where only those of the states marked have moved by themselves."""
    if state.number[MOVED] > state.moved.size:
        set_capabilities(world, state)
        return
    before = state.level_of[STRENGTH]
    total, log_before = before, logarithm(before)
    for n in range(state.number[MOVED]):
        k = state.moved[n]
        x = world.consequence.stock_exponent * logarithm(state.stock[k]) + state.bulk[k]
        strength = world.capability[k] * exponential(x)
        total += strength - state.capability[k] * before
        state.capability[k] = strength / before
        state.log_capability[k] = world.log_capability[k] + x - log_before
    share, log_share = state.capability, state.log_capability
    scale, log_scale = before / total, logarithm(total / before)
    for k in range(share.size):
        share[k] *= scale
        log_share[k] -= log_scale
    state.level_of[STRENGTH] = total
    state.number[MOVED] = 0


@jit
def log_ratio(world, state, i, j):
    """Return ln(C_i / C_j), clipped."""
    bound = world.onset.log_ratio_clip
    return min(max(state.log_capability[i] - state.log_capability[j], -bound), bound)
