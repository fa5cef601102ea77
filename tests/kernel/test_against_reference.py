"""The kernel against the plain-Python reference: the same events, one by one."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.kernel import events
from forecast.kernel.derive import derive
from forecast.kernel.parameters import Process
from forecast.kernel.results import (
    ANNUAL_COUNTS,
    MEASURE_NAMES,
    STATE_COUNT_NAMES,
    TRAJECTORY_COUNTS,
)
from forecast.kernel.simulate import trace
from tests.reference.simulate import simulate
from tests.reference.world import World
from tests.reference.worlds import adjusted, small_world, without

WORLDS = range(24)
# Caps so tight that candidates are clipped.
TIGHT = {"sampling": {"immigrant_cap": 1.1, "child_cap": 1.1}, "rivalry": {"cap": 1.1}}
# A floored number of deaths may fall on either side of an integer.
DEATHS = [events.FATAL, events.WAR_DEATHS, events.NUCLEAR_USE]
SLACK = {"battle_deaths": 50, "largest_war_battle_deaths": 20, "nuclear_deaths": 20}

worlds = st.builds(
    lambda seed, states, years, tight, off: (seed, states, years, tight, off),
    seed=st.integers(0, 10_000),
    states=st.integers(4, 9),
    years=st.integers(2, 8),
    tight=st.booleans(),
    off=st.sets(st.sampled_from(Process._fields), max_size=4),
)


@pytest.mark.parametrize("seed", WORLDS)
def test_kernel__has_the_events_of_the_reference(seed):
    check_world(small_world(seed), seed, trajectories=1)


@given(worlds)
@settings(max_examples=80)
def test_kernel__has_the_events_of_the_reference_in_any_world(world):
    check_any_world(*world)


@pytest.mark.verify
@given(worlds)
@settings(max_examples=600)
def test_kernel__has_the_events_of_the_reference_in_hundreds_of_worlds(world):
    check_any_world(*world)


def check_any_world(seed, states, years, tight, off):
    inputs = small_world(seed, states=states, years=years)
    parameters = without(inputs.parameters, off)
    parameters = adjusted(parameters, TIGHT) if tight else parameters
    check_world(inputs._replace(parameters=parameters), seed, trajectories=1)


def check_world(inputs, seed, trajectories):
    """Compare events and everything counted, in every architecture."""
    derived, world = derive(inputs), World(inputs)
    for trajectory in range(trajectories):
        results, log = trace(inputs, derived, seed, trajectory)
        for a in range(inputs.architectures.exists.shape[0]):
            expected = simulate(inputs, seed, trajectory, a, world)
            check_events(log, a, expected.events)
            check_totals(results, a, expected)
            check_annual(results.annual, a, expected)
            check_breakdowns(results, a, expected)
            check_institutions(results.institutions, a, expected)


def logged(log, a):
    """Return the event log of an architecture as rows without time and value."""
    size = int(log.size[a, 0])
    assert size < log.time.shape[1]
    columns = (log.kind, log.id, log.initiator, log.target, log.institution)
    return list(zip(*(column[a, :size].tolist() for column in columns), strict=True))


def check_events(log, a, expected):
    """Compare the event logs row by row."""
    rows = [(e.kind, e.id, e.initiator, e.target, e.institution) for e in expected]
    found = logged(log, a)
    for n, (row, wanted) in enumerate(zip(found, rows, strict=False)):
        assert row == wanted, f"event {n} at time {expected[n].time}"
    assert len(found) == len(rows), Counter(found) - Counter(rows) or Counter(rows) - Counter(found)
    size = len(found)
    np.testing.assert_allclose(log.time[a, :size], [e.time for e in expected], 1e-9)
    value, wanted = log.value[a, :size], np.array([e.value for e in expected])
    deaths = np.isin(log.kind[a, :size], DEATHS)
    np.testing.assert_allclose(value[~deaths], wanted[~deaths], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(value[deaths], wanted[deaths], rtol=1e-9, atol=1.0)


def check_totals(results, a, expected):
    """Compare the counts of the trajectory."""
    counts = dict(zip(TRAJECTORY_COUNTS, results.trajectories.counts[:, a, 0], strict=True))
    assert counts.pop("exit_reason") == events.COMPLETED
    for name, value in counts.items():
        assert abs(value - expected.totals[name]) <= SLACK.get(name, 0), name
    assert results.trajectories.expected[:, a, 0] == pytest.approx(
        [expected.expected_war_count, expected.expected_great_power_war_count], rel=1e-9
    )


def check_annual(annual, a, expected):
    """Compare the counts and the measures of every year."""
    for v, name in enumerate(ANNUAL_COUNTS):
        slack = SLACK.get(name, 0)
        np.testing.assert_allclose(
            annual.total[v, a], expected.annual[name], atol=slack, err_msg=name
        )
    for v, name in enumerate(MEASURE_NAMES):
        np.testing.assert_allclose(
            annual.measure_total[v, a], expected.measures[name], 1e-9, 1e-12, err_msg=name
        )


def check_breakdowns(results, a, expected):
    """Compare the counts by state, by power and class, and the delays of help."""
    for v, name in enumerate(STATE_COUNT_NAMES):
        assert results.states.total[v, a].tolist() == expected.states[name], name
    assert results.aggressions.attempts[a].tolist() == expected.attempts
    assert results.aggressions.successes[a].tolist() == expected.successes
    assert results.aggressions.latency[a].tolist() == expected.latency


def check_institutions(institutions, a, expected):
    """Compare credibility and legitimacy of the institutions that exist, year by year."""
    credibility = np.array(expected.credibility, float).T
    survives = ~np.isnan(credibility)
    assert (institutions.survival_count[a] == survives).all()
    for total, wanted in (
        (institutions.credibility_total[a], credibility),
        (institutions.legitimacy_total[a], np.array(expected.legitimacy, float).T),
    ):
        np.testing.assert_allclose(total[survives], wanted[survives], 1e-9)
