"""The ablation as a page, and what it says in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from forecast.analysis.table import shown
from forecast.estimators.moments import NORMAL_QUANTILE
from forecast.studies.ablation.mechanisms import MECHANISMS
from forecast.studies.ablation.shares import Uncertain
from forecast.studies.ablation.study import Ablation, Line
from forecast.studies.tables import aligned

SHOWN = {
    "expected_war_count": "wars per year",
    "aggression_success_count": "successes per year",
    "expected_great_power_war_count": "great-power wars",
    "great_power_war": "P(great-power war)",
}
"""Outcomes of the tables: wars from escalation probabilities, aggressions that succeed."""
JUDGED = tuple(SHOWN)[:3]
"""Outcomes with an error small enough to divide their contrasts: counts of rare wars are not."""
OWN_ENOUGH = 1 / 3
RESTS = 1 / 2
"""A contrast rests on what takes away more than this share of it."""
MOVES = 1 / 10
"""A constant that moves no contrast by this share is not shown."""

INTRODUCTION = """\
# Which mechanism carries which result

Written by `forecast study ablate`; do not edit.

{title}. Years {years}; {trajectories:,} histories per architecture for the mechanisms,
{constants:,} for each constant, seed {seed}{abnormal}. All versions of an architecture meet the
same provocations with the same luck; errors are Monte Carlo standard errors of paired differences.

- *Contrast*: the architecture less the reference, {reference}.
- *Mechanism* (votes, force, …): the contrast with one way of working set to the reference's, and
  the share of the contrast that thereby goes. Shares need not add up to one: mechanisms need each
  other or stand in for each other.
- *Only its rules*: the contrast with every belief set to the reference's ({beliefs});
  the share is what is left. Beliefs are what no treaty settles: how far a body is trusted at the
  start, how tests are weighed and forgotten, how strongly the norm against conquest holds, how
  readily great powers look away. What is left is the architecture's **own mechanism**; the rest is
  assumption.
- *Constant* (`group.name`): the contrast with a number about the world changed in both
  architectures, or with a process switched off; of {changes} only those that take more than a tenth
  of a contrast or add as much to it, clearly (95 %; about one in twenty would do so by luck).
- *psi = 0* repeats the mechanisms with `escalation.attribution` at 0, where no belief in
  institutions touches escalation by itself.

A contrast of which less than a third is its own mechanism, and one of which a constant takes more
than half, is named below its table, with what goes with it in parentheses; no constant is chosen to
change that. A share is left out where the contrast does not clearly differ from zero. What remains
assumption in a mechanism, above all whether a promise of restraint is kept, who would take part and
what the willing weigh, no ablation can tell.
"""


def write_page(ablation: Ablation, output: Path) -> None:
    """Write the page (Markdown)."""
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(page(ablation), encoding="utf-8")


def page(ablation: Ablation) -> str:
    """Return the page: definitions, then table and verdicts of every architecture."""
    beliefs = ", ".join(name for name, mechanism in MECHANISMS.items() if mechanism.belief)
    ended = f"; {ablation.abnormal} ended abnormally and are kept" if ablation.abnormal else ""
    parts = [
        INTRODUCTION.format(
            title=ablation.title,
            years=ablation.years,
            trajectories=ablation.trajectories,
            constants=ablation.constant_trajectories,
            seed=ablation.seed,
            abnormal=ended,
            reference=f"`{ablation.reference}`",
            changes=ablation.changes,
            beliefs=beliefs,
        )
    ]
    return "\n".join([*parts, *summary(ablation)]) + "\n"


def summary(ablation: Ablation) -> list[str]:
    """Return the page without its definitions, as lines: all contrasts, then each architecture."""
    lines = ["## Contrasts", "", *contrasts(ablation)]
    for name in ablation.lines:
        lines += ["", f"## {name}", "", *table(ablation, name), "", *said(ablation, name)]
    return lines


def contrasts(ablation: Ablation) -> list[str]:
    """Return the table of all contrasts, for every outcome as it is and at psi = 0."""
    rows = [["outcome", *ablation.lines]]
    for where, lines in (("", ablation.lines), (", psi = 0", ablation.calm)):
        for m, measure in enumerate(ablation.measures):
            cells = [_told(found[0].difference[m]) for found in lines.values()]
            rows.append([f"{measure.title} ({measure.units}){where}", *cells])
    return aligned(rows)


def table(ablation: Ablation, name: str) -> list[str]:
    """Return the table of one architecture, aligned, as lines of Markdown."""
    head = ["changed"]
    for title in SHOWN.values():
        head += [title, "share"]
    rows = [[*head, "share of wars at psi = 0"]]
    calm = {line.label: line for line in ablation.calm[name]}
    full = ablation.lines[name][0]
    for line in _kept(ablation, name):
        row = [_changed(line)]
        for measure in SHOWN:
            row += _cells(line, full, _position(ablation, measure))
        row.append(_calm_share(calm, line, _position(ablation, "expected_war_count")))
        rows.append(row)
    return aligned(rows)


def _kept(ablation: Ablation, name: str) -> Iterator[Line]:
    """Yield the lines of an architecture, constants only where they clearly move a contrast."""
    full = ablation.lines[name][0]
    at = [_position(ablation, measure) for measure in JUDGED]
    for line in ablation.lines[name]:
        moves = any(full.difference[m].clear and _moves(line.share[m]) for m in at)
        if line.kind != "constant" or moves:
            yield line


def _moves(share: Uncertain) -> bool:
    return share.clear and abs(share.value) > MOVES


def _position(ablation: Ablation, measure: str) -> int:
    return [m.name for m in ablation.measures].index(measure)


def _changed(line: Line) -> str:
    if line.kind == "contrast":
        return "**nothing: contrast**"
    mark = {"rules": "*", "constant": "`", "mechanism": ""}[line.kind]
    return f"{mark}{line.label}{mark}"


def _cells(line: Line, full: Line, measure: int) -> list[str]:
    difference = _told(line.difference[measure])
    if line.kind == "contrast" or not full.difference[measure].clear:
        return [difference, ""]
    return [difference, _percent(line.share[measure])]


def _calm_share(calm: dict[str, Line], line: Line, measure: int) -> str:
    if line.kind == "constant" or line.label not in calm:
        return ""
    if line.kind == "contrast":
        return _told(calm[line.label].difference[measure])
    return _cells(calm[line.label], calm[""], measure)[1]


def _told(found: Uncertain) -> str:
    return f"{shown(found.value, 4 * found.error, sign=True)} ± {_error(found.error)}"


def _error(error: float) -> str:
    return f"{float(f'{error:.1g}'):g}"


def _percent(share: Uncertain) -> str:
    if not math.isfinite(share.value):
        return ""
    return f"{100 * share.value:.0f} ± {_error(100 * share.error)} %"


def said(ablation: Ablation, name: str) -> list[str]:
    """Return what must be said of an architecture's contrasts, one sentence for each outcome."""
    sentences = []
    for measure in JUDGED:
        m = _position(ablation, measure)
        title = ablation.measures[m].title
        for where, lines in (("", ablation.lines[name]), (" at psi = 0", ablation.calm[name])):
            sentences.append(f"- {title}{where}: {_verdict(lines, m)}.")
    return sentences


def _verdict(lines: list[Line], measure: int) -> str:
    """Return whether a contrast is the architecture's own, and the constants it rests on."""
    full = lines[0].difference[measure]
    if not full.clear:
        return "no clear contrast, so nothing to divide"
    rules = next(line for line in lines if line.kind == "rules").share[measure]
    own = f"{_percent(rules)} of the contrast is its own mechanism"
    if rules.value < OWN_ENOUGH:
        own = f"**less than a third of the contrast ({_percent(rules)}) is its own mechanism**"
    most = [line for line in lines if line.kind == "mechanism" and _rests(line.share[measure])]
    if most:
        own += f"; most of the contrast goes with {_named(most, measure)}"
    resting = [line for line in lines if line.kind == "constant" and _rests(line.share[measure])]
    processes = [line for line in resting if line.label.startswith("process.")]
    constants = [line for line in resting if line not in processes]
    if constants:
        own += f"; **the result rests on a constant**: {_named(constants, measure)}"
    if processes:
        own += f"; it needs a process: {_named(processes, measure)}"
    return own


def _named(lines: list[Line], measure: int) -> str:
    return ", ".join(f"`{line.label}` ({_percent(line.share[measure])})" for line in lines)


def _rests(share: Uncertain) -> bool:
    """Return whether a change clearly takes something, and more than half by its estimate."""
    return share.value > RESTS and share.value > NORMAL_QUANTILE * share.error
