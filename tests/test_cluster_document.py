"""What docs/cluster.md shows can be typed: its Python compiles, its commands and options exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

import forecast
from forecast.cli import app

DOCUMENT = Path(__file__).parents[1] / "docs" / "cluster.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"\bforecast (?P<name>[a-z]+)\b(?P<rest>(?:[^`\n]|\\\n)*)")
OPTION = re.compile(r"(?<=\s)--[a-z-]+")


def blocks(language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(DOCUMENT.read_text()) if kind == language]


def commands() -> list[tuple[str, tuple[str, ...]]]:
    """Return the commands of the document with their options, from blocks and inline code."""
    shown = [
        *blocks("sh"),
        *blocks("dockerfile"),
        *re.findall(r"`([^`\n]+)`", DOCUMENT.read_text()),
    ]
    found = [match for text in shown for match in COMMAND.finditer(text)]
    return [(match["name"], tuple(OPTION.findall(match["rest"]))) for match in found]


@pytest.mark.parametrize("code", blocks("python"))
def test_document__shows_python_that_compiles_and_names_that_exist(code: str) -> None:
    tree = ast.parse(code)
    compile(tree, str(DOCUMENT), "exec")
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "forecast"
    }
    assert used <= set(forecast.__all__)


def test_document__names_commands_and_options_that_exist() -> None:
    front: Any = get_command(app)
    seen = set()
    for name, options in commands():
        assert name in front.commands
        known = {opt for parameter in front.commands[name].params for opt in parameter.opts}
        assert set(options) <= known, name
        seen |= {(name, option) for option in options}
    wanted = ("--scheduler", "--scheduler-file", "--processes", "--dry-run", "--output")
    assert {("run", option) for option in wanted} <= seen


def test_document__names_options_of_a_run_that_exist() -> None:
    front: Any = get_command(app)
    known = {opt for parameter in front.commands["run"].params for opt in parameter.opts}
    alone = set(re.findall(r"`(--[a-z-]+)[^`]*`", DOCUMENT.read_text()))
    assert alone - {"--memory-limit"} <= known  # that one is of dask worker, and said to be
