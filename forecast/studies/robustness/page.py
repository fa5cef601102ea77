"""The robustness study as a page, as lines of text, and as records for programs."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xarray as xr

from forecast.analysis.describe import horizon_of
from forecast.analysis.stores import abnormal_exits
from forecast.analysis.table import shown
from forecast.estimators.catalogue import Measure
from forecast.estimators.choice import Choice
from forecast.estimators.moments import NORMAL_QUANTILE
from forecast.studies.robustness.study import ByDraws, Robustness
from forecast.studies.robustness.words import LIMITS, answer, interval, percent, share, turn
from forecast.studies.tables import aligned

INTRODUCTION = """\
# Whose vision is robust

Written by `forecast study robustness`; do not edit.

{title}. Years {years}; {trajectories:,} histories per architecture{drawn},
seed {seed}{abnormal}; simulated on {date}. Run `{run}`,
fingerprint of the store `{fingerprint}`.
"""

READING = """\
## How to read it

- *Best*: share of the draws in which the architecture has the lowest value, ± half of a 95 %
  interval. Choosing among noisy values favours the noisiest; that bias is taken off, and *as they
  are* shows the shares with it. *Clearly*: lower than every other at 95 %; *possibly*: not surely
  above any.
- *Regret*: its value less the lowest of the draw; *most*: of the draws tried.
- *Turns over*: the difference along one assumption, all others at their median, has opposite
  signs at the ends of the prior, both sure at 5 % for all assumptions and pairs together; where
  it is zero, with a 95 % interval.
- *Lost most often*: the outer fifths of assumptions in which another architecture is lower than
  the leader in surely more draws than elsewhere, at 5 % for all of them together; a fifth stands
  for all the combinations of assumptions that need it.
- *Depends on*: first-order Sobol indices of the difference between the leader and the reference,
  noise taken off, above what the largest of all reaches by chance; within a tier nothing says
  which is stronger.
- *Spread*: what the value of one history differs by: chance under given parameters, the draw, the
  architecture (each as likely as the others)."""


def write_page(study: Robustness, tree: xr.DataTree, fingerprint: str, output: Path) -> None:
    """Write the page (Markdown)."""
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(page(study, tree, fingerprint), encoding="utf-8")


def page(study: Robustness, tree: xr.DataTree, fingerprint: str) -> str:
    """Return the page: where it comes from, the answer, its tables, and what it cannot claim."""
    bad = sum(abnormal_exits(tree).values())
    head = INTRODUCTION.format(
        title=tree.attrs["title"],
        years=horizon_of(tree),
        trajectories=tree["trajectories"].sizes["trajectory"],
        drawn=_drawn(tree) if study.draws else "",
        seed=tree.attrs["seed"],
        abnormal=f"; {bad} ended abnormally and are kept" if bad else "",
        date=json.loads(tree.attrs["provenance"])["time"][:10],
        run=tree.attrs["run"][:16],
        fingerprint=fingerprint,
    )
    reading = [READING] if study.draws else []
    limits = ["## What it cannot claim", "", LIMITS]
    return "\n".join([head, *summary(study), *reading, *limits]) + "\n"


def _drawn(tree: xr.DataTree) -> str:
    sizes = tree["draws"].sizes
    return f"\nunder {sizes['draw']} draws of {sizes['quantity']} uncertain quantities"


def summary(study: Robustness) -> list[str]:
    """Return the answer and the tables, as lines of Markdown."""
    lines = [] if study.draws is None else _by_draws(study.draws, study.outcomes)
    if study.modes is not None:
        lines += ["## On equal terms", "", *modes_table(study.modes, study.outcomes), ""]
    return lines


def _by_draws(study: ByDraws, outcomes: Sequence[Measure]) -> list[str]:
    lines = ["## Answer", "", *(f"- {sentence}" for sentence in answer(study, outcomes)), ""]
    lines += ["## Which is best, and what choosing it costs", ""]
    for measure in outcomes:
        lines += [f"{measure.title} ({measure.units})", "", *_choices(study, measure), ""]
    lines += ["## What turns the ranking over", "", *_turns(study), ""]
    if study.influences:
        lines += ["## What the leader's difference depends on", "", *_influences(study), ""]
    return [*lines, "## What histories differ by", "", *_split(study, outcomes), ""]


def _choices(study: ByDraws, measure: Measure) -> list[str]:
    rows = [["architecture", "mean", "best", "clearly", "possibly", "as they are", "regret"]]
    rows[0] += ["as they are", "90th percentile", "most"]
    for name in map(str, study.choices["architecture"].values):
        cell = study.choices.sel(architecture=name, outcome=measure.name)
        error = 4 * float(cell["regret_error"])
        regret = [shown(float(cell[field]), error) for field in ("regret", "naive_regret")]
        ends = [shown(float(cell[field]), error) for field in ("regret_p90", "regret_most")]
        shares = [percent(cell[field]) for field in ("clearly", "possibly", "naive")]
        mean = shown(float(cell["mean"]), error)
        regret[0] += f" ± {shown(NORMAL_QUANTILE * error / 4, error)}"
        best = share(cell["best"], cell["best_error"])
        rows.append([name, mean, best, *shares, *regret, *ends])
    return aligned(rows)


def _turns(study: ByDraws) -> list[str]:
    if not study.turns:
        return ["No assumption alone makes any two architectures change places for sure."]
    rows = [["outcome", "lower on average", "than", "behind it where"]]
    for found in study.turns:
        where = turn(found).partition(":")[0]
        rows.append([found.outcome, found.first, found.second, where])
    return aligned(rows)


def _influences(study: ByDraws) -> list[str]:
    rows = [["outcome", "difference", "tier", "assumption", "share of its variance"]]
    for found in study.influences:
        pair = f"{found.leader} less {found.rival}"
        rows.append([found.outcome, pair, str(found.tier), f"`{found.quantity}`", interval(found)])
    return aligned(rows)


def _split(study: ByDraws, outcomes: Sequence[Measure]) -> list[str]:
    parts = [str(part) for part in study.split["part"].values]
    rows = [["outcome", *parts]]
    for measure in outcomes:
        own = study.split.sel(outcome=measure.name)
        whole = float(own["variance"].sum())
        half = NORMAL_QUANTILE * own["std_error"] / whole
        cells = [
            f"{100 * float(own['share'].sel(part=p)):.1f} ± {100 * float(half.sel(part=p)):.1f} %"
            for p in parts
        ]
        rows.append([measure.name, *cells])
    return aligned(rows)


def modes_table(modes: xr.Dataset, outcomes: tuple[Measure, ...]) -> list[str]:
    """Return the differences to the reference by mode of comparison, as lines of Markdown."""
    names = [str(mode) for mode in modes["mode"].values]
    rows = [["outcome", "architecture", *names]]
    for measure in outcomes:
        for architecture in map(str, modes["architecture"].values):
            own = modes.sel(outcome=measure.name, architecture=architecture)
            cells = [_difference(own.sel(mode=mode)) for mode in names]
            rows.append([measure.name, architecture, *cells])
    return aligned(rows)


def _difference(cell: xr.Dataset) -> str:
    value, low, high = (float(cell[field]) for field in ("difference", "lower", "upper"))
    if math.isnan(value):
        return ""
    width = high - low
    return f"{shown(value, width, sign=True)} ± {shown(width / 2, width)}"


def records(study: Robustness) -> dict[str, list[dict[str, Any]]]:
    """Return everything the study found as lists of records; what is no finite number is None."""
    modes = study.modes
    by_mode = [] if modes is None else _rows(modes, ("outcome", "architecture", "mode"))
    if study.draws is None:
        return {"modes": by_mode}
    drawn = study.draws
    return {
        "choices": [
            _choice(drawn.choices.sel(outcome=m.name, architecture=name), m.name, str(name))
            for m in study.outcomes
            for name in drawn.choices["architecture"].values
        ],
        "turns": [_plain(found._asdict()) for found in drawn.turns],
        "losses": [_plain(found._asdict()) for found in drawn.losses],
        "influences": [_plain(found._asdict()) for found in drawn.influences],
        "split": _rows(drawn.split, ("outcome", "part")),
        "modes": by_mode,
    }


def _choice(cell: xr.Dataset, outcome: str, architecture: str) -> dict[str, Any]:
    leads = str(cell["leader"].values) == architecture
    numbers = _numbers(cell, ("mean", *Choice._fields))
    return {"outcome": outcome, "architecture": architecture, "leader": leads, **numbers}


def _rows(found: xr.Dataset, dims: tuple[str, ...]) -> list[dict[str, Any]]:
    cells = found.stack(cell=dims)
    return [
        {**dict(zip(dims, map(str, label), strict=True)), **_numbers(cells.isel(cell=n), None)}
        for n, label in enumerate(cells["cell"].values)
    ]


def _numbers(cell: xr.Dataset, fields: tuple[str, ...] | None) -> dict[str, Any]:
    names = list(map(str, cell.data_vars)) if fields is None else fields
    return _plain({name: float(cell[name]) for name in names})


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in values.items()
    }
