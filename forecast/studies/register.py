"""The page docs/parameters.md: every parameter of the model, as the default file states it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from forecast.scenario.documents import shipped_configs

INTRODUCTION = """\
# The parameters of the model

Written from `configs/parameters/default.toml`, which the simulation reads as well; do not edit.
What each parameter does stands in [model.md](model.md) under the same name.

± is a standard error or prior standard deviation, brackets hold plausible bounds; a value without
either is held fixed. {count} parameters: {tags}.
"""


def write_register(output: Path) -> int:
    """Write the page (Markdown); return the number of parameters."""
    text = register_page((shipped_configs() / "parameters/default.toml").read_text("utf-8"))
    output.write_text(text, encoding="utf-8")
    return sum(line.startswith("| `") for line in text.splitlines())


def register_page(toml: str) -> str:
    """Return the register of a parameter file, group by group in the order of the file.

    Parameters
    ----------
    toml
        Text of the file. The comment above a group introduces it.
    """
    groups: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(toml)
    told = _comments(toml)
    tags = [entry["tag"] for group in groups.values() for entry in group.values()]
    counts = ", ".join(f"{tags.count(tag)} {tag}" for tag in sorted(set(tags)))
    parts = [INTRODUCTION.format(count=len(tags), tags=counts)]
    for name, group in groups.items():
        rows = [_row(f"{name}.{entry}", values) for entry, values in group.items()]
        head = ["| parameter | value | unit | tag | source |", "|---|---|---|---|---|"]
        parts.append("\n".join([f"## {name}", "", told.get(name, ""), "", *head, *rows, ""]))
    return "\n".join(parts)


def _comments(toml: str) -> dict[str, str]:
    """Return the comment that stands directly above each group."""
    return dict(_groups_told(toml.splitlines()))


def _groups_told(lines: list[str]) -> Iterator[tuple[str, str]]:
    above: list[str] = []
    for line in lines:
        if line.startswith("["):
            yield line.strip("[]"), " ".join(above)
        above = [*above, line.lstrip("# ")] if line.startswith("#") else []


def _row(name: str, entry: dict[str, Any]) -> str:
    spread = ""
    if "error" in entry:
        spread = f" ± {entry['error']}"
    if "range" in entry:
        spread = " [{}, {}]".format(*entry["range"])
    source = entry["source"].replace("|", r"\|")
    return f"| `{name}` | {entry['value']}{spread} | {entry['unit']} | {entry['tag']} | {source} |"
