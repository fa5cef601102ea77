"""Runs whose output is an object store: the same promises as of a folder, kept over a network."""

from __future__ import annotations

import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import obstore
import pytest
import xarray as xr
from typer.testing import CliRunner
from zarr.storage import ObjectStore

import forecast
from forecast.cli import app
from forecast.errors import ForecastError
from forecast.outcomes.commits import RECORD_KEY, batch_of
from forecast.outcomes.fingerprint import fingerprint
from forecast.outcomes.migrate import migrate
from forecast.outcomes.places import place_of
from forecast.outcomes.variables import VARIABLES
from tests.cloud import served_bucket
from tests.small_world import small_run

REPOSITORY = Path(__file__).parents[1]
KILLED, BATCHES = 9, 5
"""Trajectories and batches of the run that is killed."""


def wide_run(output: Any, **how: Any) -> xr.DataTree:
    """Run the small scenario in four batches; every batch costs the server a hundred objects."""
    return small_run(output, "run.batch_size=4", **how)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with served_bucket() as address:
        yield address


@pytest.fixture
def output(server: str, request: pytest.FixtureRequest) -> str:
    return f"{server}/{request.node.name}/run.zarr"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an uninterrupted run in a folder."""
    path = tmp_path_factory.mktemp("folder") / "run.zarr"
    wide_run(path)
    return path


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what the run that is killed would have become."""
    path = tmp_path_factory.mktemp("narrow") / "run.zarr"
    small_run(path, trajectories=KILLED)
    return path


@pytest.fixture(scope="module")
def expected(folder: Path) -> xr.DataTree:
    return forecast.open_outcomes(folder).load()


@pytest.fixture(scope="module")
def stored(server: str) -> str:
    """Return the address of an uninterrupted run in an object store."""
    wide_run(f"{server}/run.zarr")
    return f"{server}/run.zarr"


def assert_equal(found: xr.DataTree, wanted: xr.DataTree) -> None:
    for variable in VARIABLES:
        one, other = found[variable.path].values, wanted[variable.path].values
        assert one.dtype == other.dtype
        assert one.tobytes() == other.tobytes(), variable.path


def test_run__in_an_object_store_equals_one_in_a_folder_bit_for_bit(
    stored: str, expected: xr.DataTree
) -> None:
    found = forecast.open_outcomes(stored)
    assert found.attrs["complete"] is True
    assert_equal(found, expected)


def test_run__in_an_object_store_leaves_the_objects_of_a_folder_and_no_lease(
    stored: str, folder: Path
) -> None:
    assert place_of(stored).list("") == place_of(folder).list("")


def test_store__opens_in_plain_xarray(stored: str, expected: xr.DataTree) -> None:
    objects = ObjectStore(obstore.store.from_url(stored), read_only=True)
    tree = xr.open_datatree(objects, engine="zarr", consolidated=False)
    for name in ("trajectories", "states"):
        xr.testing.assert_identical(tree[name].to_dataset().load(), expected[name].to_dataset())


def test_run__that_is_complete_is_simulated_once(stored: str) -> None:
    told: list[int] = []
    tree = wide_run(f"{stored}/", progress=lambda done, total: told.append(done))
    assert told == []
    assert tree["trajectories"].sizes["trajectory"] == 13


def test_run__of_another_seed_is_refused_and_the_key_named(stored: str) -> None:
    with pytest.raises(ForecastError, match=r"(?s)is of another run:.*run\.seed: .* 1 asked"):
        wide_run(stored, seed=1)


def test_run__extended_equals_one_at_one_go(output: str, folder: Path) -> None:
    assert wide_run(output, trajectories=5)["trajectories"].sizes["trajectory"] == 5
    assert wide_run(output)["trajectories"].sizes["trajectory"] == 13
    assert fingerprint(output) == fingerprint(folder)


def test_run__overwriting_leaves_nothing_of_the_former(output: str) -> None:
    wide_run(output, trajectories=5)
    tree = wide_run(output, trajectories=2, seed=1, overwrite=True)
    assert tree.attrs["seed"] == 1
    assert tree["trajectories"].sizes["trajectory"] == 2
    assert committed(output) == [0]


@pytest.mark.parametrize("overwrite", [False, True])
def test_run__leaves_what_is_not_a_store_alone(output: str, overwrite: bool) -> None:
    place_of(output).put({"precious.txt": b"gold"})
    with pytest.raises(ForecastError, match="exists and is not an outcome store"):
        small_run(output, overwrite=overwrite)
    assert place_of(output).list("") == ["precious.txt"]


def test_run__in_a_bucket_that_does_not_exist_is_told_before_it_begins() -> None:
    with pytest.raises(ForecastError, match="The specified bucket does not exist") as refused:
        small_run("s3://no-such-bucket/run.zarr")
    assert "\n" not in str(refused.value)


def test_command__tells_of_a_fault_without_a_traceback(server: str) -> None:
    done = CliRunner().invoke(app, ["info", "s3://no-such-bucket/run.zarr"])
    assert done.exit_code == 2
    assert done.stderr.startswith("s3://no-such-bucket/run.zarr: the object store does not")
    assert done.stderr.count("\n") == 1


@pytest.fixture
def halted(output: str) -> Iterator[subprocess.Popen[str]]:
    """Yield a run in a process of its own, halted between two commits and never complete."""
    asked = [sys.executable, "-m", "tests.killed", output, str(KILLED), "{}"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(asked, cwd=REPOSITORY, text=True, **pipes) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().split()[:1] for _ in range(3)]
        assert told == [["begun"], ["committed"], ["committed"]]
        process.send_signal(signal.SIGSTOP)
        yield process
        process.kill()
        process.communicate()


def committed(output: str) -> list[int]:
    """Return the numbers of the batches whose records are there."""
    keys = place_of(output).list("commits/record")
    return sorted(batch_of(key) for key in keys if RECORD_KEY.fullmatch(key))


def test_run__killed_midway_is_carried_on_by_the_same_call(
    output: str, halted: subprocess.Popen[str], narrow: Path
) -> None:
    with pytest.raises(ForecastError, match="another run is writing this store"):
        small_run(output, trajectories=KILLED)
    halted.kill()
    halted.communicate()
    kept = committed(output)
    assert 2 <= len(kept) < BATCHES
    assert_committed_part(forecast.open_outcomes(output), kept, forecast.open_outcomes(narrow))
    told: list[int] = []
    small_run(output, trajectories=KILLED, progress=lambda done, total: told.append(done))
    assert len(told) == BATCHES - len(kept)
    assert fingerprint(output) == fingerprint(narrow)
    assert place_of(output).list("") == place_of(narrow).list("")


def assert_committed_part(found: xr.DataTree, kept: list[int], expected: xr.DataTree) -> None:
    """Assert that a store shows the trajectories of committed batches and no others."""
    numbers = [n for batch in kept for n in (2 * batch, 2 * batch + 1) if n < KILLED]
    assert found.attrs["complete"] is False
    assert found["trajectories/trajectory"].values.tolist() == numbers
    assert found["annual/batch"].values.tolist() == kept
    for name, along in {"trajectories": {"trajectory": numbers}, "annual": {"batch": kept}}.items():
        wanted = expected[name].to_dataset().isel({k: np.array(v) for k, v in along.items()})
        xr.testing.assert_equal(found[name].to_dataset().load(), wanted.load())


def test_store_of_an_older_version__is_read_and_not_migrated_in_place(
    output: str, tmp_path: Path
) -> None:
    with tarfile.open(REPOSITORY / "tests/outcomes/stores/schema_2.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    old = tmp_path / "schema_2.zarr"
    here, there = place_of(old), place_of(output)
    there.put({key: here.get(key) or b"" for key in here.list("")})
    found, wanted = forecast.open_outcomes(output), forecast.open_outcomes(old)
    assert found.attrs == wanted.attrs
    name = "trajectories/stream_hash"
    assert (found[name].values == wanted[name].values).all()
    with pytest.raises(ForecastError, match="copy it to a folder, migrate it there"):
        migrate(there)
    assert there.list("") == here.list("")


@pytest.mark.verify
def test_run__of_worker_processes_writes_to_an_object_store(output: str, folder: Path) -> None:
    wide_run(output, processes=2)
    assert fingerprint(output) == fingerprint(folder)
