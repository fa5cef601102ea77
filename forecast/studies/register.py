"""The page docs/parameters.md: every parameter of the model, as the default file states it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
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

PRIORS = """\
All architectures take the same percentile of their own: `error` of a beta distribution around each
value (at most half the way to 0 or 1), `range` and `factor` (on a log scale) evenly."""


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
    stated: dict[str, Any] = tomllib.loads(toml)
    groups = {name: table for name, table in stated.items() if isinstance(table, dict)}
    told = _comments(toml)
    tags = [entry["tag"] for group in groups.values() for entry in group.values()]
    counts = ", ".join(f"{tags.count(tag)} {tag}" for tag in sorted(set(tags)))
    parts = [INTRODUCTION.format(count=len(tags), tags=counts)]
    for name, group in groups.items():
        rows = [_row(f"{name}.{entry}", values) for entry, values in group.items()]
        head = ["| parameter | value | unit | tag | source |", "|---|---|---|---|---|"]
        parts.append("\n".join([f"## {name}", "", told.get(name, ""), "", *head, *rows, ""]))
    return "\n".join([*parts, *_beside(stated)])


def _beside(stated: dict[str, Any]) -> Iterator[str]:
    """Yield the readings and priors that are no entries of a group."""
    for mixture in stated.get("mixture", ()):
        heads = [f"`{name}`" for name in mixture["parameters"]]
        rows = zip(mixture["weights"], mixture["points"], strict=True)
        yield f"## Readings: {mixture['name']}\n\n{_sentence(mixture['source'])}\n"
        yield _table(["weight", *heads], [[weight, *point] for weight, point in rows])
    if priors := stated.get("prior", ()):
        yield f"## Priors of institutions and conduct\n\n{PRIORS}\n"
        yield _table(["prior", "field", "of", "law", "source"], map(_prior_row, priors))


def _prior_row(prior: dict[str, Any]) -> list[str]:
    of = ", ".join(prior.get("institutions", ())) or "all"
    if "without" in prior:
        of = f"all but {', '.join(prior['without'])}"
    if prior.get("apart"):
        of += "; where not as in the reference"
    law = next(f"{kind} {prior[kind]}" for kind in ("range", "factor", "error") if kind in prior)
    return [f"*{prior['name']}*", f"`{prior['field']}`", of, law, prior["source"]]


def _table(heads: list[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


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
