"""Whatever stops a run, what is committed stays, and the same run gives the uninterrupted store."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from forecast.errors import ForecastError
from forecast.outcomes.fingerprint import fingerprint
from forecast.outcomes.store import open_outcomes
from forecast.scenario.documents import shipped_configs
from tests.small_world import small_run

REPOSITORY = Path(__file__).parents[1]
TRAJECTORIES = 40
BATCHES = 20
KILLS, FEW_KILLS = 20, 3


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("whole") / "run.zarr"
    small_run(path, trajectories=TRAJECTORIES)
    return fingerprint(path)


def started(output: Path, trajectories: int = TRAJECTORIES, **how: Any) -> subprocess.Popen[str]:
    """Start a slow run in a process of its own."""
    asked = [sys.executable, "-m", "tests.killed", str(output), str(trajectories), json.dumps(how)]
    return subprocess.Popen(
        asked, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def await_line(process: subprocess.Popen[str], start: str, times: int = 1) -> None:
    """Wait until the run has printed so many lines that begin with a word."""
    assert process.stdout is not None
    for _ in range(times):
        while not (line := process.stdout.readline()).startswith(start):
            if not line:
                assert process.stderr is not None
                pytest.fail(f"the run ended before its time: {process.stderr.read()}")


def kill_at_a_random_moment(output: Path, dice: random.Random) -> None:
    """Kill a run with no warning, at any moment from its first steps to its last."""
    process = started(output)
    await_line(process, "begun")
    time.sleep(dice.uniform(0.2, 2.5))
    process.kill()
    process.communicate()


def committed(output: Path) -> int:
    place = output if output.exists() else Path(f"{output}.partial")
    return len(list((place / "commits" / "record").glob("c.*.0")))


@pytest.mark.parametrize("kills", [FEW_KILLS, pytest.param(KILLS, marks=pytest.mark.verify)])
def test_run__killed_again_and_again_gives_the_uninterrupted_store(
    kills: int, wanted: str, tmp_path: Path
) -> None:
    output, dice = tmp_path / "run.zarr", random.Random(kills)
    for _ in range(kills):
        kill_at_a_random_moment(output, dice)
        if output.exists():  # complete before the last kill: from the start once more
            assert fingerprint(output) == wanted
            shutil.rmtree(output)
    small_run(output, trajectories=TRAJECTORIES)
    assert fingerprint(output) == wanted


@pytest.mark.parametrize("kills", [1, pytest.param(KILLS // 2, marks=pytest.mark.verify)])
def test_extension__killed_gives_the_uninterrupted_store(
    kills: int, wanted: str, tmp_path: Path
) -> None:
    output, dice = tmp_path / "run.zarr", random.Random(kills)
    small_run(output, trajectories=7)
    for _ in range(kills):
        kill_at_a_random_moment(output, dice)
    small_run(output, trajectories=TRAJECTORIES)
    assert fingerprint(output) == wanted


def test_run__killed_midway_keeps_what_it_had_committed(tmp_path: Path) -> None:
    output = tmp_path / "run.zarr"
    process = started(output)
    await_line(process, "committed", 3)
    process.kill()
    process.communicate()
    kept = committed(output)
    assert 3 <= kept < BATCHES
    assert open_outcomes(f"{output}.partial")["annual"].sizes["batch"] == kept
    told: list[int] = []
    small_run(output, trajectories=TRAJECTORIES, progress=lambda done, total: told.append(done))
    assert len(told) == BATCHES - kept


def test_second_run__on_a_store_is_refused_and_a_killed_one_holds_nobody_up(
    tmp_path: Path,
) -> None:
    output = tmp_path / "run.zarr"
    process = started(output)
    await_line(process, "committed")
    with pytest.raises(ForecastError, match="another run is writing this store"):
        small_run(output, trajectories=TRAJECTORIES)
    process.kill()
    process.communicate()
    small_run(output, trajectories=TRAJECTORIES)


def test_store__deleted_under_the_run_is_an_error_and_comes_not_back(tmp_path: Path) -> None:
    output = tmp_path / "run.zarr"
    process = started(output)
    await_line(process, "committed")
    shutil.rmtree(f"{output}.partial", ignore_errors=True)
    shutil.rmtree(f"{output}.partial", ignore_errors=True)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    last = said.strip().splitlines()[-1]
    assert "ForecastError" in last
    assert "gone" in last
    assert not output.exists()


def descendants(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


@pytest.mark.parametrize("options", [[], ["--processes", "2"]], ids=["threads", "processes"])
def test_ctrl_c__keeps_what_is_committed_and_says_how_to_carry_on(
    options: list[str], tmp_path: Path
) -> None:
    output = tmp_path / "run.zarr"
    asked = [sys.executable, "-m", "forecast", "run", str(shipped_configs() / "three_futures.toml")]
    asked += ["--output", str(output), "--trajectories", "4000", "--set", "run.batch_size=10"]
    process = subprocess.Popen(
        [*asked, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    deadline = time.monotonic() + 240  # the model may have to be compiled
    while committed(output) < 2:
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    helpers = descendants(process)
    process.send_signal(signal.SIGINT)
    _printed, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    last = said.strip().splitlines()[-1]
    assert "interrupted" in last, said
    assert f"forecast run {asked[4]} --output {output}" in last
    assert "Traceback" not in said
    assert committed(output) >= 2
    _gone, alive = psutil.wait_procs(helpers, timeout=20)
    assert not alive


IN_A_SMALL_DISK = """
mount -t tmpfs -o size={size} none {folder} && exec "$@"
"""


def test_full_disk__is_told_and_tears_nothing(wanted: str, tmp_path: Path) -> None:
    """On a file system of three megabytes, in a mount namespace of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    isolated = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    if subprocess.run([*isolated, f"mount -t tmpfs none {folder}"], check=False).returncode:
        pytest.skip("this system gives no mount namespaces")
    code = (
        "import shutil, sys; from tests.small_world import small_run; "
        "from forecast.errors import ForecastError\n"
        "try: small_run(sys.argv[1] + '/run.zarr', trajectories=40)\n"
        "except ForecastError as fault: print(fault)\n"
        "shutil.copytree(sys.argv[1], sys.argv[2])"
    )
    script = IN_A_SMALL_DISK.format(size="6m", folder=folder)
    asked = [sys.executable, "-c", code, str(folder), str(tmp_path / "saved")]
    done = subprocess.run(
        [*isolated, script, "sh", *asked], cwd=REPOSITORY, capture_output=True, text=True,
        check=False, env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "No space left on device" in done.stdout
    kept = open_outcomes(tmp_path / "saved" / "run.zarr.partial")
    assert 0 < kept["annual"].sizes["batch"] < BATCHES
    kept.load()
    small_run(tmp_path / "saved" / "run.zarr", trajectories=TRAJECTORIES)
    assert fingerprint(tmp_path / "saved" / "run.zarr") == wanted
