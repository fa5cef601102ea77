"""Capability shares from stocks, GDP and population (§3)."""

from forecast.kernel.compiled import jit
from forecast.kernel.mathematics import exponential, logarithm


@jit
def set_bulk(world, state, k):
    """Refresh what GDP and population of state k add to the log of its capability."""
    growth = world.growth
    x = growth.exponent * logarithm(state.gdp[k])
    state.bulk[k] = x + growth.population_exponent * logarithm(state.people[k])


@jit
def set_bulks(world, state):
    """Refresh what GDP and population add to the log of every state's capability."""
    on_gdp, on_people = world.growth.exponent, world.growth.population_exponent
    bulk, gdp, people = state.bulk, state.gdp, state.people
    for k in range(bulk.size):
        bulk[k] = on_gdp * logarithm(gdp[k]) + on_people * logarithm(people[k])


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


@jit
def log_ratio(world, state, i, j):
    """Return ln(C_i / C_j), clipped."""
    bound = world.onset.log_ratio_clip
    return min(max(state.log_capability[i] - state.log_capability[j], -bound), bound)
