"""The command line, called as a person would, in the small world."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from forecast.cli import app
from tests.small_world import SETTINGS

runner = CliRunner()


def call(*arguments: object) -> Result:
    """Call ``forecast`` with these words."""
    return runner.invoke(app, [str(argument) for argument in arguments])


def run_small(config: Path, *arguments: object) -> Result:
    """Run a scenario with the settings of the small one."""
    settings = [word for setting in SETTINGS for word in ("--set", setting)]
    return call("run", config, *settings, *arguments)


def assert_refused(result: Result, message: str) -> None:
    """Hold that a command ended with a message for people."""
    assert result.exit_code == 2, result.output
    assert message in result.stderr
    assert "Traceback" not in result.output
