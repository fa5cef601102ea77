"""The page docs/estimates.md: estimates beside the published values of the model's design."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from forecast.errors import ForecastError
from forecast.scenario.documents import shipped_configs
from forecast.studies.fit.published import NEW, PUBLISHED, REASONS

NOTABLE = 2.0
"""Standard errors from which a difference is explained."""


class Fit(NamedTuple):
    """A fitted parameter file: its name, and value and error of everything it estimates."""

    name: str
    blocks: list[dict[str, Any]]
    found: dict[str, tuple[float, float]]


def read_fit(path: Path) -> Fit:
    """Return a fitted parameter file.

    Raises
    ------
    ForecastError
        If there is no such file or it carries no estimates.
    """
    try:
        blocks = tomllib.loads(path.read_text(encoding="utf-8"))["estimate"]
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        raise ForecastError(
            f"{path}: no parameter file with estimates; write one with: forecast study fit"
        ) from None
    found = {}
    for block in blocks:
        errors = np.sqrt(np.diag(np.array(block["covariance"])))
        for name, value, error in zip(block["parameters"], block["values"], errors, strict=True):
            found[name] = float(value), float(error)
    return Fit(path.stem, blocks, found)


def write_estimates_page(fits: Sequence[Path], output: Path) -> None:
    """Write the page; the first fit is compared with the published values.

    Raises
    ------
    ForecastError
        If a file carries no estimates.
    """
    read = [read_fit(path) for path in fits]
    default = tomllib.loads((shipped_configs() / "parameters/default.toml").read_text("utf-8"))
    parts = [INTRODUCTION.format(first=read[0].name)]
    for block in read[0].blocks:
        parts.append(_section(block, read, default))
    output.write_text("\n".join(parts), encoding="utf-8")


def _section(block: dict[str, Any], read: Sequence[Fit], default: dict[str, Any]) -> str:
    same = [b for fit in read for b in fit.blocks if b["equation"] == block["equation"]]
    names = dict.fromkeys(name for b in same for name in b["parameters"])
    head = " | ".join(fit.name for fit in read[1:])
    lines = [
        f"## {block['equation']}",
        "",
        _about(block),
        "",
        f"| parameter | published | {read[0].name} | difference, s.e. | engine | {head} |",
        "|---" * (5 + len(read[1:])) + "|",
    ]
    reasons = []
    for name in names:
        line, far = _line(name, read, default)
        lines.append(line)
        if far:
            reasons.append(f"- `{name}`: {reason(name)}")
    if reasons:
        lines += ["", "More than two standard errors apart:", "", *reasons]
    return "\n".join([*lines, ""])


def reason(name: str) -> str:
    """Return why an estimate differs from the published value, and which one the engine uses."""
    return REASONS.get(name) or REASONS.get(name.split(".")[0], REASONS[""])


def _about(block: dict[str, Any]) -> str:
    sizes = [f"n = {block['n']:,}"]
    sizes += [f"{key} = {block[key]:,}" for key in ("events", "clusters") if key in block]
    if "log_likelihood" in block:
        sizes.append(f"log likelihood {block['log_likelihood']:,.1f}")
    first, last = block["period"]
    note = f" {block['note']}." if block.get("note") else ""
    return f"{block['form']}; {first}-{last}; {', '.join(sizes)}.{note}"


def _line(name: str, read: Sequence[Fit], default: dict[str, Any]) -> tuple[str, bool]:
    own = read[0].found.get(name)
    engine = _engine(name, default)
    published = None if name in NEW else PUBLISHED.get(name, engine)
    distance = None
    if own is not None and published is not None and own[1] > 0:
        distance = (own[0] - published) / own[1]
    far = distance is not None and abs(distance) > NOTABLE
    shown = "" if distance is None else f"{distance:+.1f}"
    others = " | ".join(_told(fit.found.get(name)) for fit in read[1:])
    line = (
        f"| {name} | {_number(published)} | {_told(own)} "
        f"| {f'**{shown}**' if far else shown} | {_number(engine)} | {others} |"
    )
    return line, far


def _engine(name: str, default: dict[str, Any]) -> float | None:
    group, entry = name.split(".")
    found = default.get(group, {}).get(entry)
    return None if found is None else float(found["value"])


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _told(found: tuple[float, float] | None) -> str:
    return "" if found is None else f"{found[0]:.3g} ± {found[1]:.2g}"


INTRODUCTION = """\
# Estimates, and the values they are set beside

Written by `forecast study estimates`; do not edit. Every file named here is written by
`forecast study fit` from the public record and lies in `configs/parameters`.

*Published*: the value of the model's design, estimated on records to 2010 or 2014 where the field
had them. *Difference*: {first} less the published value, in standard errors of {first}.
*Engine*: `configs/parameters/default.toml`, which runs of 2026 use. Hindcasts use the fit that ends
before them.

The onset equation of the engine is ours (fit_2000_all_eras, rounded). Elsewhere the engine keeps
the published values: several were moved together until the reference world showed the record's
wars, deaths and promises kept (docs/model.md §7), and one new estimate among them would undo that
unseen.
"""
