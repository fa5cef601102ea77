from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest

from forecast.outcomes.store import SCHEMA_VERSION, open_outcomes
from tests.commands import assert_refused, call, run_small
from tests.small_world import small_run, small_world

OLD_STORES = Path(__file__).parent / "outcomes" / "stores"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stores") / "small.zarr"
    small_run(path, trajectories=4)
    return path


@pytest.fixture
def store(stored: Path, tmp_path: Path) -> Path:
    """Return a copy to be spoilt."""
    shutil.copytree(stored, tmp_path / "run.zarr")
    return tmp_path / "run.zarr"


@pytest.fixture(autouse=True)
def in_a_small_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forecast.execution.prepare.build_world", lambda scenario: small_world())


def test_fingerprint__stands_alone_on_its_line(stored: Path, tmp_path: Path) -> None:
    told = call("store", "fingerprint", stored)
    assert told.exit_code == 0
    assert len(told.stdout) == 65
    assert int(told.stdout, 16)
    small_run(tmp_path / "same.zarr", trajectories=4, scheduler="synchronous", block_size=2)
    assert call("store", "fingerprint", tmp_path / "same.zarr").stdout == told.stdout
    small_run(tmp_path / "other.zarr", trajectories=4, seed=2)
    assert call("store", "fingerprint", tmp_path / "other.zarr").stdout != told.stdout


def test_verify__of_a_sound_store_says_so(stored: Path) -> None:
    told = call("store", "verify", stored, "--recompute", 1)
    assert told.exit_code == 0, told.output
    assert "2 batches checked, every checksum holds" in told.stdout
    assert "simulated again: every value is the same" in told.stdout


def test_verify__names_damage_and_repairs_it(store: Path) -> None:
    before = call("store", "fingerprint", store).stdout
    (store / "annual/war_count/c.1.0.0").write_bytes(b"spoilt")
    told = call("store", "verify", store)
    assert told.exit_code == 1
    assert "damaged or missing: annual/war_count/c.1.0.0" in told.stderr
    assert "--repair" in told.stderr
    assert_refused(call("store", "fingerprint", store), "annual/war_count/c.1.0.0")
    mended = call("store", "verify", store, "--repair")
    assert mended.exit_code == 0, mended.output
    assert "every checksum holds now" in mended.stdout
    assert call("store", "fingerprint", store).stdout == before


def test_compare__of_a_damaged_store_is_refused(store: Path) -> None:
    (store / "trajectories/war_count/c.0.0").write_bytes(b"spoilt")
    assert_refused(call("compare", store), "trajectories/war_count/c.0.0 is damaged")


@pytest.mark.parametrize("verb", ["fingerprint", "verify", "migrate"])
def test_store_commands__refuse_what_is_no_store(verb: str, tmp_path: Path) -> None:
    assert_refused(call("store", verb, tmp_path / "none.zarr"), "no such outcome store")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").touch()
    assert_refused(call("store", verb, tmp_path / "other"), "not an outcome store")


def test_unfinished_store__is_read_with_a_word_of_warning(store: Path) -> None:
    (store / "commits/record/c.1.0").unlink()
    compared = call("compare", store)
    assert compared.exit_code == 0
    assert "not complete, 2 of 4 trajectories" in compared.stderr
    assert "complete      no" in call("info", store).stdout
    told = call("store", "verify", store)
    assert told.exit_code == 1
    assert "damaged or missing: commits/record/c.1.0" in told.stderr


def test_run__told_to_go_on_says_what_it_does(scenario_file: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.zarr"
    assert run_small(scenario_file, "--output", output, "--trajectories", 4).exit_code == 0
    more = run_small(scenario_file, "--output", output, "--trajectories", 8)
    assert more.exit_code == 0
    assert "8 of 8 trajectories" in more.stderr
    fewer = run_small(scenario_file, "--output", output, "--trajectories", 2)
    assert_refused(fewer, "holds 8 trajectories")


def test_dry_run__tells_what_a_run_would_take_and_writes_nothing(
    scenario_file: Path, tmp_path: Path
) -> None:
    output = tmp_path / "deep" / "out.zarr"
    told = run_small(scenario_file, "--output", output, "--dry-run", "--workers", 2)
    assert told.exit_code == 0, told.output
    assert "13 per architecture, 0 of them done" in told.stdout
    assert "7, 7 of them to be simulated" in told.stdout
    for word in ("workers       2 threads", "time", "memory", "disk", f"{output}.partial"):
        assert word in told.stdout
    assert not output.parent.exists()


def test_dry_run__knows_what_is_done(scenario_file: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.zarr"
    run_small(scenario_file, "--output", output, "--trajectories", 5)
    before = sorted(output.rglob("*"))
    told = run_small(scenario_file, "--output", output, "--dry-run")
    # The third batch held one trajectory and will hold two.
    assert "13 per architecture, 4 of them done" in told.stdout
    assert sorted(output.rglob("*")) == before
    refused = run_small(scenario_file, "--output", output, "--dry-run", "--seed", 8)
    assert_refused(refused, "run.seed")


def test_memory__bounds_the_workers(scenario_file: Path, tmp_path: Path) -> None:
    told = run_small(scenario_file, "--dry-run", "--workers", 64, "--memory", "100 GB")
    assert "workers       64 threads" in told.stdout
    output = tmp_path / "out.zarr"
    assert_refused(run_small(scenario_file, "--output", output, "--memory", "1 MB"), "needs")
    assert_refused(run_small(scenario_file, "--output", output, "--memory", "much"), "no amount")
    elsewhere = ["--memory", "1 GB", "--scheduler", "tcp://127.0.0.1:1"]
    assert_refused(run_small(scenario_file, "--output", output, *elsewhere), "--memory-limit")
    assert not output.exists()


@pytest.fixture(params=sorted(path.name for path in OLD_STORES.glob("*.tar.xz")))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a store that a former version of the package has written."""
    name = str(request.param)
    with tarfile.open(OLD_STORES / name) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / name.replace(".tar.xz", ".zarr")


def test_old_store__opens_and_is_brought_up_to_date_with_the_same_values(old: Path) -> None:
    tree = open_outcomes(old)
    assert tree["trajectories"].sizes["trajectory"] == 3
    assert call("compare", old).exit_code == 0
    fingerprint = call("store", "fingerprint", old).stdout
    if tree.attrs["schema_version"] < SCHEMA_VERSION:
        assert_refused(call("store", "verify", old), "store migrate")
        assert "brought up to date" in call("store", "migrate", old).stdout
    assert "up to date already" in call("store", "migrate", old).stdout
    assert open_outcomes(old).attrs["schema_version"] == SCHEMA_VERSION
    assert call("store", "verify", old).exit_code == 0
    assert call("store", "fingerprint", old).stdout == fingerprint
    assert [p.name for p in old.parent.glob("schema*")] == [old.name]


def test_old_stores__include_this_schema() -> None:
    names = {path.name for path in OLD_STORES.glob("*.tar.xz")}
    assert names == {f"schema_{version}.tar.xz" for version in range(2, SCHEMA_VERSION + 1)}
