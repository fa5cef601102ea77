"""A table of scores as text: for people, or as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from forecast.studies.scores.baselines import BASELINES
from forecast.studies.scores.table import Score

LEGEND = (
    "Horizon: years from the origin on that are scored. Skill: share of the way from the "
    "baseline's score to a perfect one, with its 90 % interval; * where that excludes zero, so "
    "that skill can be claimed; no interval where there are too few years."
)

SHOWN = ("brier", "log", "crps", "tail_crps")
"""Scores whose skill is shown to people; the records have it in all."""

SHORT = {"observed_over_expected": "obs/exp", "uncertainty": "uncert."}


def as_json_text(table: Sequence[Score]) -> str:
    """Return the scores as a JSON list of records."""
    return json.dumps([row.record() for row in table], indent=2, allow_nan=False)


def table_lines(table: Sequence[Score]) -> list[str]:
    """Return the scores as lines of text: values by forecaster, then the architectures' skill."""
    lines = []
    for (target, horizon), rows in groupby(table, key=lambda row: (row.target, row.horizon)):
        found = list(rows)
        lines.append(f"{target}, horizon {horizon}, n = {found[0].n:,}")
        lines += _values(found)
        lines += [line for row in found for line in _skill_lines(row)]
        lines.append("")
    return [*lines, LEGEND]


def skill_text(row: Score, base: str) -> str:
    """Return the skill over a baseline with its interval, marked where it can be claimed."""
    low, high = row.lower[base], row.upper[base]
    if not np.isfinite(low):
        return f"{row.skill[base]:+.3f}"
    return f"{row.skill[base]:+.3f} [{low:+.3f}, {high:+.3f}]{'*' if row.claims(base) else ''}"


def _values(rows: Sequence[Score]) -> list[str]:
    names = list(dict.fromkeys(row.score for row in rows))
    values = {(row.model, row.score): row.value for row in rows}
    head = "".join(f"{SHORT.get(name, name):>12}" for name in names)
    models = dict.fromkeys(row.model for row in rows)
    return [f"  {'':<24}{head}"] + [
        f"  {model:<24}" + "".join(f"{values[model, name]:>12.4g}" for name in names)
        for model in models
    ]


def _skill_lines(row: Score) -> list[str]:
    if row.model in BASELINES or row.score not in SHOWN:
        return []
    over = "; ".join(f"{base} {skill_text(row, base)}" for base in row.skill)
    return [f"  skill of {row.model} ({row.score}) over {over}"]
