"""What must not matter: order of architectures, cut of batches, caps, and who else is simulated."""

import re
from pathlib import Path

import numpy as np
import pytest

import forecast.kernel
from forecast.kernel import events
from forecast.kernel.derive import derive
from forecast.kernel.parameters import Process
from forecast.kernel.results import TRAJECTORY_COUNTS
from forecast.kernel.simulate import simulate_batch, trace
from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from tests.reference.worlds import adjusted, small_world

NOT_BY_ARCHITECTURE = {"key", "promise_state", "promise_institution"}


def swapped(inputs):
    """Exchange the two architectures of a world."""
    records = inputs.architectures
    order = [1, 0]
    exchanged = {
        name: column[order]
        for name, column in records._asdict().items()
        if name not in NOT_BY_ARCHITECTURE
    }
    return inputs._replace(
        architectures=records._replace(**exchanged), reference=1 - inputs.reference
    )


STILL = dict.fromkeys(Process._fields, 0.0)


def without_deterrence(inputs):
    """Set every effect of expected support and legal cost to zero."""
    zero = {
        "onset": {"deterrence": 0.0, "unilateral_cost": 0.0},
        "escalation": {"support": 0.0},
    }
    return inputs._replace(parameters=adjusted(inputs.parameters, zero))


def log_rows(log, a):
    size = int(log.size[a, 0])
    return list(zip(log.time[a, :size], log.kind[a, :size], log.id[a, :size], strict=True))


@pytest.mark.parametrize("seed", range(3))
def test_architectures__do_not_care_for_their_order(seed):
    inputs = small_world(seed)
    other = swapped(inputs)
    ours = simulate_batch(inputs, derive(inputs), 7, 0, 20)
    theirs = simulate_batch(other, derive(other), 7, 0, 20)
    counts, exchanged = ours.trajectories.counts, theirs.trajectories.counts[:, ::-1]
    np.testing.assert_array_equal(counts, exchanged)
    np.testing.assert_array_equal(ours.dyads.onset_count, theirs.dyads.onset_count[::-1])
    np.testing.assert_array_equal(ours.trajectories.stream_hash, theirs.trajectories.stream_hash)


def test_batches__may_be_cut_anywhere():
    inputs = small_world(4)
    derived = derive(inputs)
    whole = simulate_batch(inputs, derived, 3, 100, 30)
    parts = [simulate_batch(inputs, derived, 3, first, 10) for first in (100, 110, 120)]
    for field in ("counts", "expected"):
        joined = np.concatenate([getattr(x.trajectories, field) for x in parts], axis=-1)
        np.testing.assert_array_equal(getattr(whole.trajectories, field), joined)
    for group in ("annual", "states", "dyads"):
        for name, values in getattr(whole, group)._asdict().items():
            if values.dtype.kind == "i":
                total = sum(getattr(getattr(x, group), name) for x in parts)
                np.testing.assert_array_equal(values, total)


def test_first_onsets__count_each_pair_once_in_the_direction_that_began():
    inputs = small_world(6)
    derived = derive(inputs)
    code = inputs.states.code
    for n in range(5):
        results, log = trace(inputs, derived, 2, n)
        size = log.size[0, 0]
        disputes = log.kind[0, :size] == events.DISPUTE
        began = {}
        for i, j in zip(
            log.initiator[0, :size][disputes], log.target[0, :size][disputes], strict=True
        ):
            began.setdefault(frozenset((int(i), int(j))), (int(i), int(j)))
        marked = np.flatnonzero(results.dyads.first_onset_count[0].sum(axis=1))
        found = {
            (int(code[inputs.dyads.initiator[k]]), int(code[inputs.dyads.target[k]]))
            for k in marked
        }
        assert found == set(began.values())
        assert results.dyads.first_onset_count[0].sum() == len(began) > 0


def test_horizon__does_not_reach_back():
    inputs = small_world(5)
    short = inputs._replace(years=inputs.years - 4)
    long_run = simulate_batch(inputs, derive(inputs), 3, 0, 20)
    short_run = simulate_batch(short, derive(short), 3, 0, 20)
    for v in (0, 1, 2, 5):
        np.testing.assert_array_equal(
            long_run.annual.total[v][:, : short.years], short_run.annual.total[v]
        )


@pytest.mark.parametrize("seed", range(6))
def test_children__of_a_shared_dispute_are_shared(seed):
    """The candidate children of a dispute depend on its id and time alone."""
    inputs = small_world(seed)
    inputs = without_deterrence(inputs)._replace(wars=small_world(seed, years=3).wars)
    _, log = trace(inputs, derive(inputs), seed, 0)
    ours, theirs = (
        {(t, i) for t, kind, i in log_rows(log, a) if kind == events.DISPUTE} for a in (0, 1)
    )
    shared = ours & theirs
    times = {i: t for t, i in ours}
    assert len(shared) > 20
    assert all(times[i] == t for t, i in theirs if i in times)


def test_null_architecture__meets_the_disputes_of_the_reference():
    """Without deterrence and slow change architectures part only through wars."""
    inputs = without_deterrence(small_world(8))
    parameters = adjusted(
        inputs.parameters,
        {
            "escalation": {"const": -60.0},
            "onset": {
                "defence_pact": 0.0,
                "deterrence": 0.0,
                "unilateral_cost": 0.0,
                "moral_hazard": 0.0,
            },
            "process": STILL,
        },
    )
    inputs = inputs._replace(parameters=parameters)
    results, log = trace(inputs, derive(inputs), 1, 0)
    onsets = [[row for row in log_rows(log, a) if row[1] == events.DISPUTE] for a in range(2)]
    assert len(onsets[0]) > 30
    assert onsets[0] == onsets[1]
    decided = TRAJECTORY_COUNTS.index("tested_obligation_count")
    assert results.trajectories.counts[decided].sum() > 0


def test_caps__leave_the_law_unchanged():
    """Mean disputes under doubled caps lie within 4 standard errors (false alarm 6e-5)."""
    wide, wider = (
        {
            "sampling": {"immigrant_cap": 5.0 * factor, "child_cap": 3.0 * factor},
            "process": STILL,
        }
        for factor in (1.0, 2.0)
    )
    base = without_deterrence(small_world(9))
    worlds = [base._replace(parameters=adjusted(base.parameters, caps)) for caps in (wide, wider)]
    runs = [simulate_batch(x, derive(x), 11, 0, 400).trajectories for x in worlds]
    clips = TRAJECTORY_COUNTS.index("clip_count")
    disputes = [run.counts[0, 0].astype(float) for run in runs]
    assert all(run.counts[clips, 0].sum() < 0.002 * run.counts[0, 0].sum() for run in runs)
    error = np.sqrt(sum(x.var(ddof=1) / x.size for x in disputes))
    assert abs(disputes[0].mean() - disputes[1].mean()) < 4 * error


def test_kernel__knows_no_institution_by_name():
    scenario = load_scenario(shipped_configs() / "all_futures.toml")
    names = set(scenario.architectures)
    for architecture in scenario.architectures.values():
        names |= {name for name in architecture.institutions if len(name) > 3}
    folder = Path(forecast.kernel.__file__).parent
    source = "\n".join(path.read_text() for path in folder.glob("*.py"))
    words = set(re.findall(r"[a-z0-9_]+", source.lower()))
    assert not words & (names | {"nato", "un", "csto", "league"})
