"""Every trajectory has the parameters of its draw, whatever the batches."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from forecast.execution.prepare import prepare
from forecast.execution.simulator import Simulator
from forecast.kernel.simulate import simulate_batch
from forecast.outcomes.store import open_outcomes
from forecast.run import run
from forecast.scenario.documents import shipped_configs
from forecast.scenario.draws import design, draw
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Scenario
from forecast.world.origin import build_world
from forecast.world.pack import pack

DRAWS = 4


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Return two years of two architectures, one in transition, with draws of everything."""
    return load_scenario(
        shipped_configs() / "all_futures.toml",
        [
            'scenario.architectures=["status_quo_un", "strengthened_un@transition"]',
            "scenario.parameters=default_joint",
            f"uncertainty.draws={DRAWS}",
            "horizon.last_year=2027",
            "run.trajectories=10",
            "run.batch_size=5",
        ],
    )


@pytest.fixture(scope="module")
def simulator(scenario: Scenario) -> Simulator:
    return prepare(scenario).simulator


def test_trajectory__has_the_parameters_of_its_draw(scenario: Scenario, simulator: Simulator):
    seen = simulator(3, 7).trajectories
    world, points = build_world(scenario), design(scenario)
    for slot, n in enumerate(range(3, 10)):
        own = draw(scenario, points, n % DRAWS).scenario
        # Packed from nothing, not from the central values.
        packed = pack(own, world)
        alone = simulate_batch(packed.inputs, packed.derived, scenario.run.seed, n, 1).trajectories
        np.testing.assert_array_equal(seen.counts[:, :, slot], alone.counts[:, :, 0])
        np.testing.assert_array_equal(seen.expected[:, :, slot], alone.expected[:, :, 0])
        assert seen.stream_hash[slot] == alone.stream_hash[0]


def test_batches__of_any_size_and_in_any_thread_give_equal_trajectories(
    scenario: Scenario, simulator: Simulator
):
    whole = simulator(0, 10)
    anew = pickle.loads(pickle.dumps(simulator))
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(lambda first: anew(first, 2), range(0, 10, 2)))
    for name in ("counts", "expected", "stream_hash"):
        joined = np.concatenate([getattr(p.trajectories, name) for p in parts], axis=-1)
        np.testing.assert_array_equal(joined, getattr(whole.trajectories, name))
    onsets = sum(part.dyads.onset_count for part in parts)
    np.testing.assert_array_equal(onsets, whole.dyads.onset_count)


def test_fault_of_a_draw__is_told_to_every_thread(simulator: Simulator, monkeypatch):
    anew = pickle.loads(pickle.dumps(simulator))
    monkeypatch.setattr(Simulator, "_packed", lambda self, number: 1 / 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            anew(0, 2)


def test_store__tells_what_was_drawn_and_keeps_it_when_extended(scenario: Scenario, tmp_path):
    run(scenario, output=tmp_path / "run.zarr", trajectories=6)
    run(scenario, output=tmp_path / "run.zarr")
    run(scenario, output=tmp_path / "once.zarr")
    extended, once = (open_outcomes(tmp_path / name) for name in ("run.zarr", "once.zarr"))
    assert extended.equals(once)
    np.testing.assert_array_equal(once["trajectories/draw"], np.arange(10) % DRAWS)
    drawn = once["draws"].to_dataset()
    points = design(scenario)
    for number in range(DRAWS):
        own = draw(scenario, points, number)
        np.testing.assert_array_equal(drawn["percentile"][number], own.percentile)
        np.testing.assert_array_equal(drawn["value"][:, number], own.value)
    land = drawn["value"].sel(quantity="onset.land", architecture="status_quo_un")
    assert land.std() > 0
    restraint = drawn["value"].sel(quantity="veto_restraint")
    assert np.isnan(restraint[0]).all()
    assert np.isfinite(restraint[1]).all()
