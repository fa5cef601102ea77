"""The page of a hindcast: figures, skill and calibration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.studies.hindcast.figures import (
    longest_counts,
    reliability,
    timeline,
    transform_histograms,
)
from forecast.studies.hindcast.study import Hindcast
from forecast.studies.scores.baselines import BASELINES
from forecast.studies.scores.cases import Cases
from forecast.studies.scores.resampling import PERIOD_YEARS, period_of
from forecast.studies.scores.table import Score
from forecast.studies.scores.words import skill_text

HEADLINE = {"brier", "log", "crps", "tail_crps"}
"""Scores whose skill is shown."""

FIGURES = {
    "timeline": (
        timeline,
        "Yearly counts: observed (black), simulated mean (line) with 50 and 90 % bands (blue).",
    ),
    "reliability": (
        reliability,
        "Observed share of pairs with an event against the forecast chance, in ten bins of nearly "
        "equal size; a share of none is drawn at 10⁻⁴.",
    ),
    "pit": (
        transform_histograms,
        "Randomised probability integral transform of the yearly counts; flat where the "
        "distributions are right.",
    ),
}

SKILL_NOTE = (
    "Share of the way from a baseline's score to a perfect one, with its 90 % interval from a "
    "block bootstrap by pair or state and by period of years; \\* where that excludes zero, so "
    "that skill can be claimed; no interval where there are too few years. docs/scores.md tells of "
    "targets, scores and baselines."
)


PERIODS_NOTE = "Mean yearly counts in periods of five calendar years at the longest horizon."


def check_output(output: Path) -> None:
    """Refuse a page whose folder is not there, before anything is run for it."""
    if not output.parent.is_dir():
        raise ForecastError(f"{output}: there is no folder {output.parent}; make it first")


def write_page(found: Hindcast, table: Sequence[Score], output: Path) -> list[Path]:
    """Write the page, and its figures beside it; return all files, the page first.

    Parameters
    ----------
    found
        The hindcast.
    table
        Its scores.
    output
        The page (Markdown).
    """
    written = [output]
    parts = [
        f"# {found.title}",
        "Written by `forecast study hindcast`; do not edit.",
        *found.account,
    ]
    for name, (draw, caption) in FIGURES.items():
        file = output.with_name(f"{output.stem}_{name}.svg")
        file.write_text(draw(found), encoding="utf-8")
        written.append(file)
        parts.append(f"![{caption}]({file.name})\n\n*{caption}*")
    parts += ["## Skill", SKILL_NOTE, _skill(found.model, table)]
    parts += ["## Observed and expected", PERIODS_NOTE, _periods(found)]
    parts += ["## Scores and calibration", "\n\n".join(_values(table)), ""]
    output.write_text("\n\n".join(parts), encoding="utf-8")
    return written


def _skill(model: str, table: Sequence[Score]) -> str:
    """Return the skill of one forecaster over every baseline, a row for each score."""
    head = ["target", "horizon", "score", "n", "value", *BASELINES]
    lines = [_row(head), _row(["---"] * len(head))]
    for row in table:
        if row.model == model and row.score in HEADLINE:
            over = [
                skill_text(row, base).replace("*", "\\*") if base in row.skill else ""
                for base in BASELINES
            ]
            known = [row.target, str(row.horizon), row.score, f"{row.n:,}", f"{row.value:.4g}"]
            lines.append(_row(known + over))
    return "\n".join(lines)


def _periods(found: Hindcast) -> str:
    """Return observed and expected yearly counts by the first year of each period."""
    cases = longest_counts(found)
    head = ["from", *(c.target for c in cases)]
    periods = np.unique(period_of(cases[0].year))
    lines = [_row(head), _row(["---"] * len(head))]
    for period in periods:
        cells = [_observed_and_expected(c, found.model, period_of(c.year) == period) for c in cases]
        lines.append(_row([str(period * PERIOD_YEARS), *cells]))
    return "\n".join(lines)


def _observed_and_expected(cases: Cases, model: str, chosen: NDArray[np.bool_]) -> str:
    forecast = cases.forecasts[model][chosen]
    observed = cases.observed[chosen].mean()
    expected = (forecast @ np.arange(forecast.shape[1])).mean()
    ratio = f"{observed / expected:.2f}" if expected else "–"
    return f"{observed:.2f} / {expected:.2f} = {ratio}"


def _values(table: Sequence[Score]) -> Iterator[str]:
    """Yield a table for every target: all scores of all forecasters, by horizon."""
    for target, rows in groupby(table, key=lambda row: row.target):
        found = list(rows)
        names = list(dict.fromkeys(row.score for row in found))
        head = ["horizon", "forecast by", *names]
        lines = [f"### {target}", "", _row(head), _row(["---"] * len(head))]
        for (horizon, model), values in _by_forecaster(found).items():
            cells = [f"{values[name]:.4g}" for name in names]
            lines.append(_row([str(horizon), model, *cells]))
        yield "\n".join(lines)


def _by_forecaster(rows: Sequence[Score]) -> dict[tuple[int, str], dict[str, float]]:
    found: dict[tuple[int, str], dict[str, float]] = {}
    for row in rows:
        found.setdefault((row.horizon, row.model), {})[row.score] = row.value
    return found


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
