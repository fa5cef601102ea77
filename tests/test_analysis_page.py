from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.commands import call
from tests.small_world import small_run, small_world

PAGE = Path(__file__).parents[1] / "docs" / "analysis.md"
WRITTEN = (
    "state_years.csv",
    "dyad_years.parquet",
    "states.csv",
    "totals.parquet",
    "annual.nc",
    "trajectories.parquet",
    "draws.parquet",
    "questions.json",
)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def test_page__every_line_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("forecast.execution.prepare.build_world", lambda scenario: small_world())
    small_run("three_futures.zarr")
    names: dict[str, Any] = {}
    ran = []
    for language, code in BLOCK.findall(PAGE.read_text()):
        ran.append(language)
        if language == "python":
            exec(compile(code, str(PAGE), "exec"), names)
        elif language == "console":
            for line in code.splitlines():
                _run(line)
    assert ran.count("console") == 4
    assert ran.count("python") == 4
    for written in WRITTEN:
        assert (tmp_path / written).stat().st_size > 0, written


def _run(line: str) -> None:
    """Run a command as the page gives it; the run itself is that of the small world."""
    prompt, program, *words = shlex.split(line, comments=True)
    assert (prompt, program) == ("$", "forecast"), line
    if words[0] == "run":
        assert words[-1] == "three_futures.zarr"
        return
    told = call(*words)
    assert told.exit_code == 0, told.output
