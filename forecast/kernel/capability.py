"""Capability shares from stocks, GDP and population (§3)."""

import math

from forecast.kernel.compiled import jit


@jit
def set_capabilities(world, state):
    """Refresh capability shares and their logs."""
    total = 0.0
    on_stock, growth = world.consequence.stock_exponent, world.growth
    for k in range(world.code.size):
        x = on_stock * math.log(state.stock[k]) + growth.exponent * math.log(state.gdp[k])
        x += growth.population_exponent * math.log(state.people[k])
        state.capability[k] = world.capability[k] * math.exp(x)
        total += state.capability[k]
    for k in range(world.code.size):
        state.capability[k] /= total
        state.log_capability[k] = math.log(state.capability[k])


@jit
def log_ratio(world, state, i, j):
    """Return ln(C_i / C_j), clipped."""
    bound = world.onset.log_ratio_clip
    return min(max(state.log_capability[i] - state.log_capability[j], -bound), bound)
