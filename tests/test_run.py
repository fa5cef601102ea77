from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from forecast.errors import ForecastError
from forecast.outcomes.variables import VARIABLES
from tests.small_world import small_run, small_scenario, small_world

BATCHES = 7
BLOCK_SIZES = {1: 7, 2: 4, 7: 1}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> xr.DataTree:
    """Return the outcomes of one block, one after another, in this thread."""
    path = tmp_path_factory.mktemp("run") / "expected.zarr"
    return small_run(path, scheduler="synchronous", block_size=BATCHES).load()


@pytest.fixture(scope="module", params=[1, 2])
def client(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Yield a distributed client whose workers are threads of this process."""
    from distributed import Client

    local = {"processes": False, "threads_per_worker": 1, "dashboard_address": ":0"}
    with Client(n_workers=request.param, **local) as cluster:
        yield cluster


def assert_equal(found: xr.DataTree, wanted: xr.DataTree) -> None:
    for variable in VARIABLES:
        one, other = found[variable.path].values, wanted[variable.path].values
        assert one.dtype == other.dtype
        assert one.tobytes() == other.tobytes(), variable.path


@pytest.mark.parametrize("blocks", [1, 2, 7])
@pytest.mark.parametrize("workers", [1, 2])
def test_run__is_equal_bit_for_bit_with_threads(
    expected: xr.DataTree, tmp_path: Path, blocks: int, workers: int
) -> None:
    found = small_run(
        tmp_path / "a.zarr", scheduler="threads", workers=workers, block_size=BLOCK_SIZES[blocks]
    )
    assert_equal(found, expected)


@pytest.mark.parametrize("blocks", [2, 7])
def test_run__is_equal_bit_for_bit_one_after_another(
    expected: xr.DataTree, tmp_path: Path, blocks: int
) -> None:
    found = small_run(
        tmp_path / "a.zarr", scheduler="synchronous", block_size=BLOCK_SIZES[blocks], workers=2
    )
    assert_equal(found, expected)


@pytest.mark.parametrize("blocks", [1, 2, 7])
def test_run__is_equal_bit_for_bit_with_a_distributed_client(
    expected: xr.DataTree, tmp_path: Path, client: Any, blocks: int
) -> None:
    found = small_run(tmp_path / "a.zarr", scheduler=client, block_size=BLOCK_SIZES[blocks])
    assert_equal(found, expected)


@pytest.mark.verify
def test_run__is_equal_bit_for_bit_with_worker_processes(
    expected: xr.DataTree, tmp_path: Path
) -> None:
    from distributed import Client

    with Client(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        assert_equal(small_run(tmp_path / "a.zarr", scheduler=cluster), expected)


def test_run__gives_a_trajectory_the_same_history_in_a_longer_run(
    expected: xr.DataTree, tmp_path: Path
) -> None:
    shorter = small_run(tmp_path / "a.zarr", "run.batch_size=3", trajectories=5)
    same = expected["trajectories"].to_dataset().isel(trajectory=slice(5))
    xr.testing.assert_equal(shorter["trajectories"].to_dataset().load(), same)


def test_run__with_another_seed_is_another_run(expected: xr.DataTree, tmp_path: Path) -> None:
    other = small_run(tmp_path / "a.zarr", seed=1)
    assert other.attrs["seed"] == 1
    hashes = "trajectories/stream_hash"
    assert not np.isin(other[hashes], expected[hashes]).any()


def test_run__with_architectures_swapped_changes_nothing(
    expected: xr.DataTree, tmp_path: Path
) -> None:
    swapped = small_run(
        tmp_path / "a.zarr",
        'scenario.architectures=["consolidated_alliances", "status_quo_un"]',
    )
    names = expected["trajectories/architecture"].values
    found = swapped["trajectories"].to_dataset().load().sel(architecture=names)
    xr.testing.assert_equal(found, expected["trajectories"].to_dataset())


def test_run__tells_progress_up_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    small_run(tmp_path / "a.zarr", progress=lambda done, total: told.append((done, total)))
    assert len(told) == BATCHES
    assert told[-1] == (13, 13)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_run__refuses_an_existing_output_and_leaves_it_alone(tmp_path: Path) -> None:
    (tmp_path / "a.zarr").write_text("precious")
    for overwrite in (False, True):
        with pytest.raises(ForecastError, match="exists"):
            small_run(tmp_path / "a.zarr", overwrite=overwrite)
    assert (tmp_path / "a.zarr").read_text() == "precious"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"trajectories": 0}, "trajectories is 0"),
        ({"trajectories": 2.5}, "trajectories is 2.5"),
        ({"seed": -1}, "seed is -1"),
        ({"workers": 0}, "workers is 0"),
        ({"block_size": -3}, "block_size is -3"),
        ({"scheduler": "thread"}, "unknown scheduler 'thread'"),
    ],
)
def test_run__refuses_senseless_arguments(
    wrong: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ForecastError, match=message):
        small_run(tmp_path / "a.zarr", **wrong)
    assert list(tmp_path.iterdir()) == []


def test_small_world__is_a_world_that_fights(expected: xr.DataTree) -> None:
    assert small_world().sizes["state"] == 12
    assert small_scenario().horizon.years == 6
    assert expected["trajectories/dispute_count"].values.sum() > 50
    assert expected["trajectories/war_count"].values.sum() > 0
