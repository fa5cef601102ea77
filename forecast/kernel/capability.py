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
def set_capabilities(world, state):
    """Refresh capability shares and their logs."""
    total, on_stock = 0.0, world.consequence.stock_exponent
    for k in range(world.code.size):
        x = on_stock * logarithm(state.stock[k]) + state.bulk[k]
        state.log_capability[k] = world.log_capability[k] + x
        state.capability[k] = world.capability[k] * exponential(x)
    for k in range(world.code.size):
        total += state.capability[k]
    log_total = logarithm(total)
    for k in range(world.code.size):
        state.capability[k] /= total
        state.log_capability[k] -= log_total


@jit
def log_ratio(world, state, i, j):
    """Return ln(C_i / C_j), clipped."""
    bound = world.onset.log_ratio_clip
    return min(max(state.log_capability[i] - state.log_capability[j], -bound), bound)
