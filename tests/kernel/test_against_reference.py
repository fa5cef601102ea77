"""The kernel against the plain-Python reference: the same events, one by one."""

import numpy as np
import pytest

from forecast.kernel import events
from forecast.kernel.derive import derive
from forecast.kernel.results import ANNUAL_COUNTS, TRAJECTORY_COUNTS
from forecast.kernel.simulate import trace
from tests.reference.simulate import simulate
from tests.reference.world import World
from tests.reference.worlds import adjusted, default_parameters, livelier, small_world

WORLDS = range(24)
TRAJECTORIES = 2
TIGHT = {"sampling": {"immigrant_cap": 1.1, "child_cap": 1.1}}


def parameters_of(seed):
    """Take livelier parameters, with caps so tight that candidates are clipped in some worlds."""
    lively = livelier(default_parameters())
    return adjusted(lively, TIGHT) if seed % 4 == 3 else lively


def logged(log, a):
    """Return the event log of an architecture as rows."""
    size = int(log.size[a, 0])
    assert size < log.time.shape[1]
    columns = (log.kind, log.id, log.initiator, log.target, log.institution)
    return list(zip(*(column[a, :size].tolist() for column in columns), strict=True))


@pytest.mark.parametrize("seed", WORLDS)
def test_kernel__has_the_events_of_the_reference(seed):
    inputs = small_world(seed, parameters=parameters_of(seed))
    derived, world = derive(inputs), World(inputs)
    for trajectory in range(TRAJECTORIES):
        results, log = trace(inputs, derived, seed, trajectory)
        for a in range(inputs.architectures.exists.shape[0]):
            expected = simulate(inputs, seed, trajectory, a, world)
            assert logged(log, a) == [
                (e.kind, e.id, e.initiator, e.target, e.institution) for e in expected.events
            ]
            size = int(log.size[a, 0])
            np.testing.assert_allclose(log.time[a, :size], [e.time for e in expected.events], 1e-9)
            check_values(log.kind[a, :size], log.value[a, :size], expected.events)
            check_totals(inputs, results, a, expected)


def check_values(kind, value, expected):
    """Compare event values; a floored number of deaths may fall on either side of an integer."""
    wanted = np.array([e.value for e in expected])
    deaths = np.isin(kind, [events.FATAL, events.WAR_DEATHS])
    np.testing.assert_allclose(value[~deaths], wanted[~deaths], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(value[deaths], wanted[deaths], rtol=1e-9, atol=1.0)


def check_totals(inputs, results, a, expected):
    """Compare what is counted with what the reference counted."""
    counts = dict(zip(TRAJECTORY_COUNTS, results.trajectories.counts[:, a, 0], strict=True))
    slack = {"battle_deaths": 50, "largest_war_battle_deaths": 20}
    for name, value in counts.items():
        if name != "exit_reason":
            assert abs(value - getattr(expected, name)) <= slack.get(name, 0), name
    assert results.trajectories.expected[:, a, 0] == pytest.approx(
        [expected.expected_war_count, expected.expected_great_power_war_count], rel=1e-9
    )
    disputes = results.annual.total[ANNUAL_COUNTS.index("dispute_count"), a]
    assert disputes.tolist() == list(expected.disputes)
    present = inputs.architectures.exists[a] == 1
    credibility = np.array(expected.credibility, float).T[present]
    np.testing.assert_allclose(
        results.institutions.credibility_total[a][present], credibility, 1e-9
    )
    legitimacy = np.array(expected.legitimacy, float).T[present]
    np.testing.assert_allclose(results.institutions.legitimacy_total[a][present], legitimacy, 1e-9)
    assert counts["exit_reason"] == events.COMPLETED
