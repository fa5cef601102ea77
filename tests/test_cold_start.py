"""Where machine code is kept: no cache folder, a shared one, a read-only one, a warmed one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numba
import numpy as np
import pytest
from typer.testing import CliRunner

from forecast.cli import app
from forecast.kernel.cache import KEPT_DAYS, cache_folder
from forecast.kernel.compiled import entry, exposed, jit

SMALL = """
import numba
from forecast.kernel.compiled import entry, jit

@jit
def square(x):
    return x * x

@entry
def model(x):
    return 2.0 * square(x)

@numba.njit(cache=True)
def own(x):
    return x + 1
"""


@jit
def square(x):
    return x * x


@exposed
def cube(x):
    return x * square(x)


def total(values):
    found = 0.0
    for n in range(values.size):
        found += cube(values[n]) + square(values[n])
    return found


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the place for machine code; the temporary folder of this test lies elsewhere."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("FORECAST_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def written(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.nbi"))


def shut(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Make a folder read-only, for an administrator as well."""
    make = tempfile.TemporaryFile

    def temporary_file(*, dir: Path) -> Any:
        if Path(dir).is_relative_to(folder):
            raise PermissionError(dir)
        return make(dir=dir)

    monkeypatch.setattr(tempfile, "TemporaryFile", temporary_file)


def small(folder: Path, code: str, **environment: str) -> subprocess.Popen[str]:
    (folder / "small.py").write_text(SMALL)
    here = {"PYTHONPATH": str(folder), "FORECAST_CACHE_DIR": str(folder / "cache")}
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, **here, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_entry__is_read_from_disk_the_second_time(cache):
    first, second = entry(total), entry(total)
    values = np.array([1.0, 2.0, 3.0])
    assert first(values) == second(values) == 50.0
    assert sum(first.stats.cache_hits.values()) == 0
    assert sum(second.stats.cache_hits.values()) == 1
    assert written(cache)


def test_entry__compiles_again_when_its_folder_is_removed(cache):
    first = entry(total)
    shutil.rmtree(cache)
    assert first(np.ones(2)) == 4.0
    assert written(cache)


def test_parts__are_linked_into_functions_of_others_and_refuse_python():
    @numba.njit
    def others(x):
        return square(x) + cube(x)

    assert others(3) == 36
    assert cube(3) == 27
    with pytest.raises(TypeError, match="square can only be called from compiled functions"):
        square(3)


def test_parts__are_compiled_once_for_all_integers():
    @jit
    def add(x, y):
        return x + y

    @exposed
    def sums(x):
        return add(x, 1) + add(x, 2) + add(3, x)

    assert sums(4) == 18
    assert len(add.nopython_signatures) == 1


def test_entry__leaves_the_cache_of_a_notebook_that_imported_numba_first(tmp_path):
    first = "import numba; numba.njit(lambda x: x)(1); import small;"
    code = f"{first} print(small.model(3.0), small.own(1))"
    theirs = tmp_path / "theirs"
    assert small(tmp_path, code, NUMBA_CACHE_DIR=str(theirs)).communicate()[0] == "18.0 2\n"
    assert [name.split("-")[0] for name in written(tmp_path / "cache")] == ["small.model"]
    assert [name.split("-")[0] for name in written(theirs)] == ["small.own"]


def test_entry__may_be_compiled_by_two_processes_at_once(tmp_path):
    code = "import small; print(small.model(3.0), sum(small.model.stats.cache_hits.values()))"
    both = [small(tmp_path, code), small(tmp_path, code)]
    assert [process.communicate()[0][:4] for process in both] == ["18.0", "18.0"]
    assert small(tmp_path, code).communicate()[0] == "18.0 1\n"


def test_cache_folder__falls_back_to_a_temporary_folder_of_the_user(cache, tmp_path, monkeypatch):
    cache.write_text("a file is no folder")
    monkeypatch.delenv("FORECAST_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache / "deeper"))
    folder = cache_folder()
    assert folder is not None
    assert folder.is_relative_to(tmp_path / "temporary")
    assert folder.parent.stat().st_mode & 0o077 == 0


def test_cache_folder__does_without_a_home(cache, tmp_path, monkeypatch):
    for name in ("FORECAST_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    folder = cache_folder()
    assert folder is not None
    assert folder.is_relative_to(tmp_path / "temporary")


def test_entry__works_and_says_so_when_nothing_can_be_kept(cache, monkeypatch, caplog):
    cache.write_text("a file is no folder")
    monkeypatch.setattr(tempfile, "tempdir", str(cache / "deeper"))
    assert cache_folder() is None
    assert entry(total)(np.ones(3)) == 6.0
    assert "No cache folder can be written" in caplog.text


def test_cache_folder__takes_along_what_a_read_only_image_holds(cache, tmp_path, monkeypatch):
    entry(total)(np.ones(1))
    shut(monkeypatch, cache)
    again = entry(total)
    assert again(np.ones(1)) == 2.0
    assert sum(again.stats.cache_hits.values()) == 1
    assert written(tmp_path / "temporary") == written(cache)


def test_cache_folder__drops_versions_long_unused(cache):
    old, recent = cache / "crossroads-forecast" / "old", cache / "crossroads-forecast" / "recent"
    for folder, days in ((old, KEPT_DAYS + 1), (recent, KEPT_DAYS - 1)):
        folder.mkdir(parents=True)
        os.utime(folder, (time.time() - 86400 * days,) * 2)
    cache_folder()
    assert not old.exists()
    assert recent.exists()


def test_warmup__tells_where_the_machine_code_is(cache, monkeypatch):
    packed = SimpleNamespace(inputs=None, derived=None)
    monkeypatch.setattr("forecast.world.pack.pack", lambda scenario, world: packed)
    monkeypatch.setattr(
        "forecast.kernel.simulate.compile_kernel", lambda inputs, derived: entry(total)(np.ones(1))
    )
    told = [CliRunner().invoke(app, ["warmup"]).stdout for _ in range(2)]
    assert told[0].startswith("Compiled the model in ")
    assert told[1].startswith("Read what was compiled before in ")
    assert all(f"Machine code: {cache_folder()}" in text for text in told)


def test_warmup__refuses_when_nothing_can_be_kept(cache, monkeypatch):
    cache.write_text("a file is no folder")
    monkeypatch.setattr(tempfile, "tempdir", str(cache / "deeper"))
    result = CliRunner().invoke(app, ["warmup"])
    assert result.exit_code == 2
    assert "FORECAST_CACHE_DIR" in result.stderr
