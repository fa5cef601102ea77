"""What is measured at the end of every year (§6.9)."""

import numpy as np

from forecast.kernel.compiled import jit
from forecast.kernel.economy import ARMED
from forecast.kernel.records import (
    ARMED_STATES,
    BIPOLARITY,
    BORN,
    BURDEN,
    COALITION_COUNT,
    COALITION_SIZE,
    LARGEST_COALITION,
    NORM,
    NORM_MEASURE,
    RIVALRIES,
    RIVALRY_COUNT,
    STATE_SHELTERED_YEARS,
)
from forecast.kernel.support import credibility


@jit
def _is_coalition(law, state, p):
    return state.exists[p] == 1 and law.links[p] == 0 and law.ladder_max[p] == 0 and law.armed[p]


@jit
def _weigh(state, p):
    weight, roll, capability = 0.0, state.roll[p], state.capability
    for n in range(state.roll_size[p]):
        weight += capability[roll[n]]
    return state.roll_size[p], weight


@jit
def _weigh_born(state, b):
    weight = 0.0
    for m in range(state.born_size[b]):
        weight += state.capability[state.born_member[b, m]]
    return weight


@jit
def _mark_members(law, state, chosen):
    """Mark the members of a coalition: an institution, or born pact b as -1 - b."""
    state.obliged_by[:] = 0
    if chosen >= 0:
        for n in range(state.roll_size[chosen]):
            state.obliged_by[state.roll[chosen, n]] = 1
    else:
        for m in range(state.born_size[-1 - chosen]):
            state.obliged_by[state.born_member[-1 - chosen, m]] = 1


@jit
def _is_apart(state, p):
    for n in range(state.roll_size[p]):
        if state.obliged_by[state.roll[p, n]]:
            return False
    return True


@jit
def _born_is_apart(state, b):
    for m in range(state.born_size[b]):
        if state.obliged_by[state.born_member[b, m]]:
            return False
    return True


@jit
def _largest_apart(law, state):
    second = 0.0
    for p in range(law.exists.size):
        if _is_coalition(law, state, p) and _is_apart(state, p):
            members, weight = _weigh(state, p)
            if members >= 2:
                second = max(second, weight)
    for b in range(state.number[BORN]):
        if _born_is_apart(state, b):
            second = max(second, _weigh_born(state, b))
    return second


@jit
def _measure_coalitions(law, state, measures, year):
    coalitions, members_of_all, largest, chosen = 0, 0, 0.0, 0
    for p in range(law.exists.size):
        if _is_coalition(law, state, p):
            members, weight = _weigh(state, p)
            if members >= 2:
                coalitions += 1
                members_of_all += members
                if weight > largest:
                    largest, chosen = weight, p
    for b in range(state.number[BORN]):
        coalitions += 1
        members_of_all += state.born_size[b]
        weight = _weigh_born(state, b)
        if weight > largest:
            largest, chosen = weight, -1 - b
    measures[COALITION_COUNT, year] = coalitions
    measures[COALITION_SIZE, year] = members_of_all / coalitions if coalitions > 0 else 0.0
    measures[LARGEST_COALITION, year] = largest
    measures[BIPOLARITY, year] = 0.0
    if coalitions > 0:
        _mark_members(law, state, chosen)
        measures[BIPOLARITY, year] = largest + _largest_apart(law, state)


@jit
def _measure_states(world, state, measures, year):
    alive, nuclear, share = state.alive, state.nuclear, world.gdp
    effort, growth, spending_share = state.effort, state.gdp, world.spending
    armed, spending, gdp = np.int64(0), 0.0, 0.0
    for k in range(alive.size):
        armed += alive[k] & (nuclear[k] == ARMED)
        spending += spending_share[k] * effort[k] * growth[k]
        gdp += share[k] * growth[k]
    measures[ARMED_STATES, year] = armed
    measures[BURDEN, year] = spending / gdp


@jit
def record_year(world, law, state, tally, year):
    """Write what holds at the end of a year."""
    for p in range(law.exists.size):
        if state.exists[p]:
            tally.survives[p, year] = 1
            tally.credibility[p, year] = credibility(state, p)
            tally.legitimacy[p, year] = state.legitimacy[p]
    _measure_coalitions(law, state, tally.measures, year)
    _measure_states(world, state, tally.measures, year)
    tally.measures[RIVALRY_COUNT, year] = state.number[RIVALRIES]
    tally.measures[NORM_MEASURE, year] = state.level_of[NORM]


@jit
def count_shelter(state, tally):
    """Count the year that begins for every sheltered state."""
    years, sheltered = tally.states[STATE_SHELTERED_YEARS], state.sheltered
    for k in range(years.size):
        years[k] += sheltered[k]
