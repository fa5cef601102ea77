"""A store carried on, extended or cut short anywhere is the store of one uninterrupted run."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from forecast.analysis.describe import describe
from forecast.errors import ForecastError, Interrupted
from forecast.outcomes.fingerprint import fingerprint
from forecast.outcomes.places.folder import Folder
from forecast.outcomes.store import open_outcomes
from forecast.outcomes.variables import VARIABLES
from tests.small_world import small_run, small_world

BATCHES = 7


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the store of thirteen trajectories in batches of two, run at one go."""
    path = tmp_path_factory.mktemp("whole") / "run.zarr"
    small_run(path)
    return path


@pytest.fixture(scope="module")
def wanted(whole: Path) -> str:
    return fingerprint(whole)


class CrashError(Exception):
    """The machine stops here."""


@contextmanager
def crashing(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, after: int) -> Iterator[None]:
    """Let a function work so many times and crash from then on."""
    honest, left = getattr(owner, name), after

    def failing(*arguments: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise CrashError
        return honest(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, failing)
        yield


def crash(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, after: int, path: Path, **how: Any
) -> bool:
    """Run until the crash, and return whether there was one."""
    try:
        with crashing(monkeypatch, owner, name, after):
            small_run(path, scheduler="synchronous", **how)
    except CrashError:
        return True
    return False


def stored(path: Path) -> Path:
    """Return where the store is, complete or not."""
    return path if path.exists() else Path(f"{path}.partial")


def assert_part_of(path: Path, whole: Path) -> None:
    """Hold that only rows of the whole run are seen, by our reader and by a plain one."""
    place = stored(path)
    plain = xr.open_datatree(place, engine="zarr", consolidated=False)
    expected = open_outcomes(whole)
    reasons = plain["trajectories/exit_reason"].values
    run = (reasons >= 0).all(axis=0)
    assert ((reasons >= 0).any(axis=0) == run).all()
    annual, all_annual = plain["annual"].to_dataset(), expected["annual"].to_dataset()
    counted = np.flatnonzero(annual["trajectory_count"].values)
    for name in ("war_count", "battle_deaths_histogram"):
        assert (annual[name].values[counted] == all_annual[name].values[counted]).all()
    for name in ("war_count", "dispute_count", "expected_war_count", "battle_deaths"):
        seen, all_of_it = plain[f"trajectories/{name}"].values, expected[f"trajectories/{name}"]
        assert (seen[:, run] == all_of_it.values[:, : run.size][:, run]).all()
    if not list((place / "commits/record").glob("c.*")):
        with pytest.raises(ForecastError, match="no batch of it is complete"):
            open_outcomes(place)
        return
    ours = open_outcomes(place)
    rows = ours["trajectories/trajectory"].values
    assert set(rows) <= set(np.flatnonzero(run))
    for variable in VARIABLES:
        part, full = ours[variable.path], expected[variable.path]
        for dim in ("trajectory", "batch"):
            if dim in full.dims:
                full = full.sel({dim: part[dim].values})
        assert part.values.tobytes() == full.values.tobytes(), variable.path


def test_run__of_a_complete_store_simulates_nothing(
    whole: Path, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.stat().st_mtime_ns for path in whole.rglob("c.*")}
    told: list[int] = []
    small_run(whole, progress=lambda done, total: told.append(done))
    assert not told
    assert {path: path.stat().st_mtime_ns for path in whole.rglob("c.*")} == before
    assert fingerprint(whole) == wanted


@pytest.mark.parametrize("steps", [(4, 9, 13), (1, 2, 13), (3, 4, 13)])
def test_run__extended_in_three_steps_is_the_run_at_one_go(
    steps: tuple[int, ...], wanted: str, tmp_path: Path
) -> None:
    for trajectories in steps:
        tree = small_run(tmp_path / "run.zarr", trajectories=trajectories)
        assert tree["trajectories"].sizes["trajectory"] == trajectories
    assert fingerprint(tmp_path / "run.zarr") == wanted


def test_run__extended_pays_only_the_difference(tmp_path: Path) -> None:
    small_run(tmp_path / "run.zarr", trajectories=4)
    told: list[tuple[int, int]] = []
    small_run(
        tmp_path / "run.zarr",
        trajectories=13,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[0] in [(5, 13), (6, 13)]  # the last batch, of one trajectory, may be the first
    assert told[-1] == (13, 13)
    assert len(told) == BATCHES - 2


def slow(cases: list[int], quick: tuple[int, ...]) -> list[Any]:
    """Return cases as parameters, all but a few of them left to `make verify`."""
    return [n if n in quick else pytest.param(n, marks=pytest.mark.verify) for n in cases]


# Puts: 3 to lay out, 3 a batch (arrays, what tells of them, record), 1 to publish.
@pytest.mark.parametrize("puts", slow(list(range(25)), (0, 2, 5, 24)))
def test_run__cut_short_at_any_write_is_carried_on(
    puts: int, whole: Path, wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.zarr"
    assert crash(monkeypatch, Folder, "put", puts, path)
    assert not path.exists()
    if puts > 2:
        assert_part_of(path, whole)
    small_run(path)
    assert fingerprint(path) == wanted
    assert {entry.name for entry in tmp_path.iterdir()} == {"run.zarr", ".run.zarr.lock"}


RENAMES = random.Random(6).sample(range(1, 1150), 20)


@pytest.mark.parametrize("renames", slow(RENAMES, tuple(RENAMES[:2])))
def test_run__cut_short_between_the_files_of_a_write_is_carried_on(
    renames: int, whole: Path, wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.zarr"
    assert crash(monkeypatch, Path, "replace", renames, path)
    if (stored(path) / "zarr.json").exists():
        assert_part_of(path, whole)
    small_run(path)
    assert fingerprint(path) == wanted
    assert not list(path.rglob("*.writing-*"))


@pytest.mark.parametrize(("calls", "trajectories"), [(0, 5), (1, 5), (2, 5), (4, 4), (5, 5)])
def test_run__whose_extension_is_cut_short_finishes_it(
    calls: int,
    trajectories: int,
    whole: Path,
    wanted: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "run.zarr"
    small_run(path, trajectories=trajectories)
    assert crash(monkeypatch, Folder, "put", calls, path, trajectories=13)
    if calls == 1:  # between the first word of it and the last, nobody can read
        with pytest.raises(ForecastError, match="being extended"):
            open_outcomes(path)
    elif calls > 2:
        assert_part_of(path, whole)
        assert xr.open_datatree(path, engine="zarr", consolidated=False).attrs["complete"] is False
        assert open_outcomes(path).attrs["complete"] is False
    small_run(path, trajectories=13)
    assert fingerprint(path) == wanted


def test_extension__cut_short_may_be_given_up_for_the_former_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_run(tmp_path / "five.zarr", trajectories=5)
    small_run(tmp_path / "run.zarr", trajectories=5)
    assert crash(monkeypatch, Folder, "put", 1, tmp_path / "run.zarr", trajectories=13)
    small_run(tmp_path / "run.zarr", trajectories=5)
    assert fingerprint(tmp_path / "run.zarr") == fingerprint(tmp_path / "five.zarr")


def test_reader__notices_that_a_shorter_last_batch_was_extended(tmp_path: Path) -> None:
    path = tmp_path / "run.zarr"
    small_run(path, trajectories=5)
    before = open_outcomes(path)
    small_run(path, trajectories=13)
    with pytest.raises(ForecastError, match="open it again"):
        before["annual/dispute_count"].load()


def test_overwriting__cut_short_keeps_the_former_store_and_is_carried_on(
    wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.zarr"
    small_run(path, seed=3, trajectories=4)
    former = fingerprint(path)
    assert crash(monkeypatch, Folder, "put", 14, path, overwrite=True)
    assert fingerprint(path) == former
    told: list[int] = []
    small_run(path, overwrite=True, progress=lambda done, total: told.append(done))
    assert len(told) < BATCHES
    assert fingerprint(path) == wanted


def test_overwriting__cut_short_between_two_names_loses_neither(
    wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.zarr"
    small_run(path, seed=3, trajectories=4)
    assert crash(monkeypatch, Path, "rename", 1, path, overwrite=True)
    assert {p.name for p in tmp_path.glob("run*")} == {"run.zarr.former", "run.zarr.partial"}
    small_run(path, overwrite=True)
    assert fingerprint(path) == wanted
    assert {p.name for p in tmp_path.glob("run*")} == {"run.zarr"}


def test_run__interrupted_says_what_is_kept(tmp_path: Path, wanted: str) -> None:
    told = []

    def interrupt(done: int, total: int) -> None:
        told.append(done)  # the short batch may come at any time
        if len(told) == 2:
            raise KeyboardInterrupt

    path = tmp_path / "run.zarr"
    with pytest.raises(Interrupted, match=r"2 of 7 batches are kept in .*run\.zarr\.partial"):
        small_run(path, scheduler="synchronous", progress=interrupt)
    small_run(path)
    assert fingerprint(path) == wanted


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"seed": 1}, "run.seed: 20260101 in the store, 1 asked"),
        ({"settings": ["horizon.last_year=2030"]}, "horizon.last_year: 2031 in the store, 2030"),
        ({"settings": ["run.batch_size=3"]}, "run.batch_size: 2 in the store, 3 asked"),
        (
            {"settings": ['scenario.architectures=["consolidated_alliances", "status_quo_un"]']},
            "another order",
        ),
        ({"world": "other"}, "world: another state system"),
        ({"numbers_version": 99}, "numbers_version: 2 in the store, 99 of this version"),
    ],
)
def test_run__refuses_a_store_of_another_run_and_says_how_it_differs(
    change: dict[str, Any], told: str, whole: Path, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    how: dict[str, Any] = {"seed": change.get("seed")}
    if "numbers_version" in change:
        monkeypatch.setattr("forecast.execution.prepare.NUMBERS_VERSION", 99)
    if "world" in change:
        other = small_world()
        other["capability"] = other["capability"].copy(data=other["capability"].values[::-1])
        monkeypatch.setattr("tests.small_world.small_world", lambda: other)
    with pytest.raises(ForecastError, match=told) as refused:
        small_run(whole, *change.get("settings", ()), **how)
    assert "--overwrite" in str(refused.value)
    assert fingerprint(whole) == wanted


def test_run__with_another_title_is_the_same_run(tmp_path: Path, wanted: str) -> None:
    small_run(tmp_path / "run.zarr", trajectories=4)
    tree = small_run(tmp_path / "run.zarr", 'scenario.title="Renamed"')
    assert tree.attrs["title"] == "Renamed"
    assert fingerprint(tmp_path / "run.zarr") == wanted


def test_run__carried_on_in_another_environment_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forecast.execution import prepare

    honest = prepare.provenance
    small_run(tmp_path / "run.zarr", trajectories=4)
    other = {"numba": "0.99.0"}
    monkeypatch.setattr(prepare, "provenance", lambda sources: {**honest(sources), **other})
    for trajectories in (6, 8):
        tree = small_run(tmp_path / "run.zarr", trajectories=trajectories)
        (told,) = tree.attrs["carried_on_with"]
        assert "numba 0.99.0" in told
    assert any("numba 0.99.0" in line for line in describe(tree))


def test_run__refuses_fewer_trajectories_than_there_are(whole: Path) -> None:
    with pytest.raises(ForecastError, match="holds 13 trajectories, more than the 5 asked for"):
        small_run(whole, trajectories=5)


def test_run__refuses_what_only_looks_like_its_draft(tmp_path: Path) -> None:
    (tmp_path / "run.zarr.partial").mkdir()
    (tmp_path / "run.zarr.partial" / "thesis.tex").write_text("precious")
    for overwrite in (False, True):
        with pytest.raises(ForecastError, match="not an outcome store"):
            small_run(tmp_path / "run.zarr", overwrite=overwrite)
    assert (tmp_path / "run.zarr.partial" / "thesis.tex").read_text() == "precious"


def test_run__leaves_a_store_alone_whose_root_is_gone(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "run.zarr")
    (tmp_path / "run.zarr" / "zarr.json").unlink()
    with pytest.raises(ForecastError, match="store verify"):
        small_run(tmp_path / "run.zarr")
    assert len(list((tmp_path / "run.zarr").rglob("c.*"))) > 900


def test_run__refuses_a_store_that_another_run_is_writing(tmp_path: Path) -> None:
    with (
        Folder(tmp_path / "run.zarr").held(),
        pytest.raises(ForecastError, match="another run is writing this store"),
    ):
        small_run(tmp_path / "run.zarr")


def test_open_outcomes__of_a_run_that_is_not_complete_says_where_it_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash(monkeypatch, Folder, "put", 11, tmp_path / "run.zarr")
    with pytest.raises(ForecastError, match=r"run\.zarr\.partial"):
        open_outcomes(tmp_path / "run.zarr")


def test_fingerprint__of_an_unfinished_store_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash(monkeypatch, Folder, "put", 11, tmp_path / "run.zarr")
    with pytest.raises(ForecastError, match="no fingerprint yet"):
        fingerprint(tmp_path / "run.zarr.partial")


def test_faults_of_the_disk__are_told_and_leave_what_is_committed(
    tmp_path: Path, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, calls = os.fsync, 0

    def full(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls > 1200:
            raise OSError(28, "No space left on device")
        honest(descriptor)

    path = tmp_path / "run.zarr"
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(ForecastError, match=r"No space left on device.*is kept"):
            small_run(path)
    assert open_outcomes(stored(path)).attrs["complete"] is False
    assert not list(stored(path).rglob("*.writing-*"))
    small_run(path)
    assert fingerprint(path) == wanted
