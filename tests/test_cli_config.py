from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forecast.cli import SHIPPED, app
from forecast.scenario.documents import shipped_configs

runner = CliRunner()


def test_check__summarises_a_sound_scenario() -> None:
    shown = runner.invoke(app, ["check", str(shipped_configs() / "all_futures.toml")])
    assert shown.exit_code == 0
    assert "2026-2050 (25)" in shown.stdout
    assert "10000 in batches of 1000" in shown.stdout
    assert "status_quo_un (reference): 22 institutions" in shown.stdout
    assert "anarchy: 19 institutions" in shown.stdout


def test_check__applies_overrides(scenario_file: Path) -> None:
    shown = runner.invoke(app, ["check", str(scenario_file), "--set", "run.trajectories=12"])
    assert "12 in batches" in shown.stdout


def test_check__tells_every_fault_and_exits_with_two(scenario_file: Path) -> None:
    settings = ["--set", "run.seed=-1", "--set", "run.trajectories=0"]
    shown = runner.invoke(app, ["check", str(scenario_file), *settings])
    assert shown.exit_code == 2
    assert shown.stdout == ""
    assert len(shown.stderr.splitlines()) == 2
    assert "run.seed" in shown.stderr
    assert "run.trajectories" in shown.stderr


def test_command__shows_a_fault_without_traceback(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "forecast", "check", str(tmp_path / "none.toml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 2
    assert shown.stderr.endswith("none.toml: cannot be read: No such file or directory\n")
    assert "Traceback" not in shown.stderr


def test_command__interrupted_exits_with_130(
    scenario_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("forecast.scenario.load.load_scenario", interrupted)
    assert runner.invoke(app, ["check", str(scenario_file)]).exit_code == 130


def test_command__leaves_other_errors_to_be_seen(
    scenario_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("forecast.scenario.load.load_scenario", broken)
    shown = runner.invoke(app, ["check", str(scenario_file)])
    assert isinstance(shown.exception, ZeroDivisionError)


def test_schema__prints_the_committed_file() -> None:
    shown = runner.invoke(app, ["schema"])
    assert shown.stdout == (shipped_configs() / "schema.json").read_text()
    assert "$defs" in json.loads(shown.stdout)


@pytest.mark.parametrize("name", ["three_futures", "all_futures"])
def test_init__writes_a_scenario_that_checks(name: str, tmp_path: Path) -> None:
    written = runner.invoke(app, ["init", name, "--directory", str(tmp_path / "new")])
    assert written.exit_code == 0
    copy = tmp_path / "new" / f"{name}.toml"
    assert copy.read_text() == (shipped_configs() / f"{name}.toml").read_text()
    assert runner.invoke(app, ["check", str(copy)]).exit_code == 0


def test_init__offers_every_shipped_scenario() -> None:
    assert set(SHIPPED) == {file.stem for file in shipped_configs().glob("*.toml")}


def test_init__never_overwrites(tmp_path: Path) -> None:
    kept = tmp_path / "three_futures.toml"
    kept.write_text("mine")
    shown = runner.invoke(app, ["init", "three_futures", "--directory", str(tmp_path)])
    assert shown.exit_code == 2
    assert "exists" in shown.stderr
    assert kept.read_text() == "mine"


def test_init__suggests_the_nearest_scenario(tmp_path: Path) -> None:
    shown = runner.invoke(app, ["init", "three_future", "--directory", str(tmp_path)])
    assert shown.exit_code == 2
    assert "did you mean 'three_futures'?" in shown.stderr
    assert list(tmp_path.iterdir()) == []
