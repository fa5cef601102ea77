"""Runs on real schedulers and workers, in processes that are killed, unfit, late or missing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import dask
import psutil
import pytest

from forecast.errors import ForecastError, Interrupted
from forecast.execution import cluster as clusters
from forecast.execution import workers as crews
from forecast.execution.workers import environment, fault_of_this_process
from forecast.outcomes.fingerprint import fingerprint
from forecast.outcomes.places.folder import Folder
from forecast.scenario.documents import shipped_configs
from tests.execution.real_cluster import REPOSITORY, RealCluster, wait_until
from tests.execution.works import PAUSE, Deadly, Full, Slow
from tests.small_world import small_run

RUN = import_module("forecast.run")  # the package has a function of that name
BATCHES = 7

NUMPY_TOLD_BY_DASK_TOO = pytest.mark.filterwarnings(
    # dask compares some versions itself, at every connection, and goes on
    "ignore:Mismatched versions found:distributed.versions.VersionMismatchWarning"
)

OTHER_NUMPY = """
from importlib import metadata
honest = metadata.version
metadata.version = lambda name: "0.9" if name == "numpy" else honest(name)
"""

NO_PACKAGE = "import sys; sys.modules['forecast'] = None"

NOTHING_SHARED = """
from forecast.outcomes.places.folder import Folder
Folder.get = lambda self, key: None
"""

READ_ONLY = """
from forecast.outcomes.places.folder import Folder
def put(self, objects): raise PermissionError(13, "Permission denied")
Folder.put = put
"""


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the fingerprint of the run in this process, one batch after another."""
    path = tmp_path_factory.mktemp("whole") / "run.zarr"
    small_run(path, scheduler="synchronous")
    return fingerprint(path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealCluster]:
    """Yield a cluster of one worker, which every test leaves as it found it."""
    with RealCluster(tmp_path_factory.mktemp("cluster")) as cluster:
        cluster.add_worker()
        yield cluster


@pytest.fixture
def own(tmp_path: Path) -> Iterator[RealCluster]:
    """Yield a cluster without workers."""
    (tmp_path / "cluster").mkdir()
    with RealCluster(tmp_path / "cluster") as cluster:
        yield cluster


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RUN, "Work", Slow)


def started_here() -> list[psutil.Process]:
    """Return child processes of this one; python's own bookkeeper of resources does not count."""
    return [
        child
        for child in psutil.Process().children(recursive=True)
        if not any("resource_tracker" in word for word in child.cmdline())
    ]


class Told:
    """A progress callback that does something when so many batches are committed."""

    def __init__(self, deeds: dict[int, Any]) -> None:
        self.deeds, self.count = deeds, 0

    def __call__(self, done: int, total: int) -> None:
        self.count += 1
        if self.count in self.deeds:
            self.deeds[self.count]()


@pytest.mark.parametrize("way", ["address", "file", "configuration"])
def test_run__on_a_cluster_is_equal_bit_for_bit_under_a_relative_path(
    way: str,
    wanted: str,
    shared: RealCluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # the worker is at home in another folder
    how: dict[str, Any] = {
        "address": {"scheduler": shared.address},
        "file": {"scheduler_file": shared.file},
        "configuration": {},
    }[way]
    configured = {"scheduler-address": shared.address} if way == "configuration" else {}
    with dask.config.set(configured):
        small_run("a.zarr", **how)
    assert fingerprint(tmp_path / "a.zarr") == wanted
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".zarr"] == ["a.zarr"]
    wait_until(lambda: shared.tasks() == 0)


def test_run__with_processes_is_equal_bit_for_bit_and_ends_them(
    wanted: str, tmp_path: Path
) -> None:
    before = started_here()
    during: list[psutil.Process] = []
    small_run(
        tmp_path / "a.zarr", processes=2, progress=Told({1: lambda: during.extend(started_here())})
    )
    assert fingerprint(tmp_path / "a.zarr") == wanted
    assert len(during) >= len(before) + 2
    wait_until(lambda: started_here() == before)


def test_run__outlives_its_only_worker_and_uses_the_one_that_comes(
    wanted: str, own: RealCluster, slow: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def told(sentence: str) -> None:
        said.append(sentence)
        own.start_worker("second")

    def kill() -> None:
        wait_until(lambda: any(own.client.processing().values()))
        first.kill()

    monkeypatch.setattr(clusters, "COUNTED_EVERY", 0.1)
    monkeypatch.setattr(clusters, "ALONE", 0.3)
    monkeypatch.setattr(clusters, "tell", told)
    first = own.add_worker("first")
    progress = Told({2: kill})
    small_run(tmp_path / "a.zarr", scheduler=own.address, progress=progress)
    assert fingerprint(tmp_path / "a.zarr") == wanted
    assert progress.count == BATCHES
    assert len(said) == 1
    assert own.address in said[0]


@pytest.mark.verify
def test_run__loses_one_worker_of_two_and_takes_a_third(
    wanted: str, own: RealCluster, slow: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "COUNTED_EVERY", 0.1)
    first, _second = own.add_worker("first"), own.add_worker("second")
    progress = Told({1: lambda: own.add_worker("third"), 3: first.kill})
    small_run(tmp_path / "a.zarr", scheduler_file=own.file, progress=progress)
    assert fingerprint(tmp_path / "a.zarr") == wanted


@pytest.mark.verify
def test_run__waits_for_the_first_worker_and_says_so(
    wanted: str, own: RealCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def told(sentence: str) -> None:
        said.append(sentence)
        own.start_worker()

    monkeypatch.setattr(crews, "PATIENCE", 0.2)
    monkeypatch.setattr(crews, "tell", told)
    small_run(tmp_path / "a.zarr", scheduler=own.address)
    assert fingerprint(tmp_path / "a.zarr") == wanted
    assert len(said) == 1
    assert "no worker has joined" in said[0]


@NUMPY_TOLD_BY_DASK_TOO
def test_workers__with_other_software_are_named_before_anything_is_simulated(
    shared: RealCluster, tmp_path: Path
) -> None:
    with (
        shared.with_workers(old=OTHER_NUMPY, bare=NO_PACKAGE) as workers,
        pytest.raises(
            ForecastError, match="the software of 2 of 3 workers is not that of"
        ) as fault,
    ):
        small_run(tmp_path / "a.zarr", scheduler=shared.address, progress=refuse_progress)
    said, here = str(fault.value), dict(environment())["numpy"]
    assert f"{workers['old']}: numpy 0.9 instead of {here}" in said
    assert f"{workers['bare']}: does not answer: " in said
    assert "forecast" in said
    assert workers["good"] not in said


@pytest.mark.parametrize(
    ("before", "reason"),
    [(NOTHING_SHARED, "there is no such store at /"), (READ_ONLY, "Permission denied")],
    ids=["nothing shared", "read-only"],
)
def test_workers__that_cannot_write_to_the_store_are_named_before_anything_is_simulated(
    before: str, reason: str, shared: RealCluster, tmp_path: Path
) -> None:
    with (
        shared.with_workers(blind=before) as workers,
        pytest.raises(ForecastError, match="1 of 2 workers cannot write there") as fault,
    ):
        small_run(tmp_path / "a.zarr", scheduler=shared.address, progress=refuse_progress)
    assert f"{workers['blind']}: {reason}" in str(fault.value)
    assert workers["good"] not in str(fault.value)


def refuse_progress(done: int, total: int) -> None:
    pytest.fail("something has been simulated")


@NUMPY_TOLD_BY_DASK_TOO
@pytest.mark.verify
@pytest.mark.parametrize(
    ("before", "reason"),
    [
        (OTHER_NUMPY, "has not the software of the run: numpy 0.9 instead of"),
        (NOTHING_SHARED, "cannot write to the store"),
    ],
    ids=["other software", "nothing shared"],
)
def test_workers__that_join_late_and_unfit_are_told(
    before: str, reason: str, wanted: str, own: RealCluster, slow: None, tmp_path: Path
) -> None:
    first = own.add_worker("first")

    def exchange() -> None:
        own.add_worker("second", before)
        first.kill()

    with pytest.raises(ForecastError, match=reason):
        small_run(tmp_path / "a.zarr", scheduler=own.address, progress=Told({2: exchange}))
    small_run(tmp_path / "a.zarr")
    assert fingerprint(tmp_path / "a.zarr") == wanted


@pytest.mark.verify
def test_worker__that_joins_late_without_the_package_ends_alone(
    wanted: str, own: RealCluster, slow: None, tmp_path: Path
) -> None:
    own.add_worker("first")
    progress = Told({2: lambda: own.add_worker("bare", NO_PACKAGE)})
    small_run(tmp_path / "a.zarr", scheduler=own.address, progress=progress)
    assert fingerprint(tmp_path / "a.zarr") == wanted


def test_late_worker__compares_software_and_store_with_the_driver_s(tmp_path: Path) -> None:
    software = environment()
    other = (("numpy", "0.9"), *software)
    assert "no such store" in str(fault_of_this_process(software, Folder(tmp_path), b"root"))
    assert "numpy" in str(fault_of_this_process(other, Folder(tmp_path), b"root"))


def test_scheduler__that_lacks_the_package_is_told(
    tmp_path: Path, shared: RealCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = ModuleNotFoundError("No module named 'forecast'")
    monkeypatch.setattr(crews, "_of_scheduler", lambda client: absent)
    with pytest.raises(ForecastError, match=r"the scheduler tcp://.*No module named 'forecast'"):
        small_run(tmp_path / "a.zarr", scheduler=shared.address)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "carrier-pigeon://host:8786"])
def test_run__without_a_scheduler_at_the_address_says_so(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "ANSWERS_WITHIN", 1.0)
    with pytest.raises(ForecastError, match=f"no dask scheduler answers at {address}"):
        small_run(tmp_path / "a.zarr", scheduler=address)


def test_memory__is_not_bounded_on_a_cluster_that_dask_is_configured_for(tmp_path: Path) -> None:
    with (
        dask.config.set({"scheduler-address": "tcp://127.0.0.1:1"}),
        pytest.raises(ForecastError, match="memory bounds runs on this machine"),
    ):
        small_run(tmp_path / "a.zarr", memory="4 GB")


@pytest.mark.parametrize("text", [None, "{", "{}", "[]"])
def test_run__with_a_file_that_names_no_scheduler_says_so(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "scheduler.json"
    if text is not None:
        file.write_text(text)
    monkeypatch.setattr(clusters, "FILE_WITHIN", 0.0)
    with pytest.raises(ForecastError, match="no scheduler has left its address there"):
        small_run(tmp_path / "a.zarr", scheduler_file=file)


@pytest.mark.verify
def test_run__whose_scheduler_is_killed_says_so_and_can_be_carried_on(
    wanted: str, own: RealCluster, slow: None, tmp_path: Path
) -> None:
    own.add_worker()
    with pytest.raises(ForecastError, match=r"scheduler tcp://.* is gone"):
        small_run(
            tmp_path / "a.zarr", scheduler=own.address, progress=Told({2: own.scheduler.kill})
        )
    small_run(tmp_path / "a.zarr")
    assert fingerprint(tmp_path / "a.zarr") == wanted


def test_full_disk__on_a_worker_is_told_and_the_run_can_be_carried_on(
    wanted: str, shared: RealCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(RUN, "Work", Full)
        with pytest.raises(ForecastError, match="No space left on device"):
            small_run(tmp_path / "a.zarr", scheduler=shared.address)
    wait_until(lambda: shared.tasks() == 0)
    again = Told({})
    small_run(tmp_path / "a.zarr", progress=again)
    assert again.count < BATCHES
    assert fingerprint(tmp_path / "a.zarr") == wanted


def test_blocks__in_flight_are_few_however_long_the_run(
    shared: RealCluster, tmp_path: Path
) -> None:
    seen: list[int] = []
    small_run(
        tmp_path / "a.zarr", "run.batch_size=1", scheduler=shared.client,
        progress=lambda done, total: seen.append(shared.tasks()),
    )  # fmt: skip
    assert len(seen) == 13
    assert max(seen) <= clusters.TASKS_PER_THREAD + 2  # the order, and one that is just done


def test_worker__that_dies_of_a_block_each_time_is_told_and_the_run_can_be_carried_on(
    wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RUN, "Work", Deadly)
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        pytest.raises(ForecastError, match=r"lost 1 times .* memory did not suffice"),
    ):
        small_run(tmp_path / "a.zarr", processes=1)
    monkeypatch.undo()
    small_run(tmp_path / "a.zarr")
    assert fingerprint(tmp_path / "a.zarr") == wanted


def interrupt() -> None:
    raise KeyboardInterrupt


def test_ctrl_c__leaves_neither_tasks_nor_writers_behind(
    wanted: str, shared: RealCluster, slow: None, tmp_path: Path
) -> None:
    with pytest.raises(Interrupted, match="2 of 7 batches are kept"):
        small_run(tmp_path / "a.zarr", scheduler=shared.address, progress=Told({2: interrupt}))
    left = Folder(tmp_path / "a.zarr.partial").list("")
    wait_until(lambda: shared.tasks() == 0)
    time.sleep(2 * PAUSE)
    assert Folder(tmp_path / "a.zarr.partial").list("") == left
    small_run(tmp_path / "a.zarr", scheduler=shared.address)
    assert fingerprint(tmp_path / "a.zarr") == wanted


@pytest.mark.verify
def test_ctrl_c__ends_the_processes_of_the_run(wanted: str, slow: None, tmp_path: Path) -> None:
    before = started_here()
    with pytest.raises(Interrupted):
        small_run(tmp_path / "a.zarr", processes=2, progress=Told({2: interrupt}))
    wait_until(lambda: started_here() == before)
    small_run(tmp_path / "a.zarr", processes=2)
    assert fingerprint(tmp_path / "a.zarr") == wanted


@pytest.mark.verify
def test_ctrl_c__on_a_terminal_reaches_worker_processes_too_and_gives_one_sentence(
    tmp_path: Path,
) -> None:
    asked = [sys.executable, "-m", "forecast", "run", str(shipped_configs() / "three_futures.toml")]
    asked += ["--output", str(tmp_path / "a.zarr"), "--processes", "2"]
    process = subprocess.Popen(
        [*asked, "--trajectories", "4000", "--set", "run.batch_size=20"],
        stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    wait_until(lambda: len(list(tmp_path.glob("a.zarr.partial/commits/record/c.*.0"))) > 2)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert "interrupted" in said.splitlines()[-1]


@pytest.mark.verify
def test_script__without_a_guard_is_told_what_it_lacks(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("from tests.small_world import small_run\nsmall_run('a.zarr', processes=2)\n")
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, timeout=120,
        check=False, env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "ForecastError" in done.stderr.splitlines()[-1]
    assert '"__main__"' in done.stderr.splitlines()[-1]
