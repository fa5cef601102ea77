"""The page docs/onset.md: which form of the onset equation forecasts best, with its table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from forecast.studies.evidence.engine import EngineScores, engine_scores
from forecast.studies.evidence.forms import FORMS, with_more_terms
from forecast.studies.evidence.rolling import ORIGINS, TRAINING_YEARS, Scores, compare_forms
from forecast.studies.panel import DyadYears, dyad_years
from forecast.world.disputes import dyadic_onsets
from forecast.world.history.sources import read_sources

SEED = 20260101
FIRST_YEAR, LAST_YEAR = ORIGINS[0] - TRAINING_YEARS, 2000

INTRODUCTION = """\
# The form of the onset equation, chosen by evidence

Written by `forecast study onset`; do not edit. Years to 2000 only.

An onset is a new militarised dispute (MID 5.0) between originators on opposite sides, in a
politically relevant pair of states (contiguous, or with a major power). Every form is fitted to the
{training} years before each origin 1950, 1955, …, 1995 and forecasts (a) the next five years, one
year at a time, with what is known on 1 January, and (b) any onset within 5 or 10 years with
everything frozen at the origin. A pair with a state that enters during the year is counted, with
what is known at the year's end. The 10-year windows end with the record.
{rows} pair-years, {onsets} with an onset.

*Log score*: mean negative log likelihood, smaller is better. *O/E*: observed over expected onsets.
*Skill*: Brier skill over the rate of the last ten years. *Against refined*: difference of log
scores in 10⁻⁴ to the third form, with a 90 % interval from resampling pairs; negative is better.
"""

READING = """
## What it says

- Memory belongs beside the base rate, not multiplied with it; every other gain is smaller.
- The adopted form is the third one and a single term more: the size of two states matters less
  between land neighbours, who meet whatever their size, than between states that must reach for
  each other. It is better than the third form at every horizon.
- Weights that halve every ten or twenty years do alike; weighting all years alike costs.
- Distance of votes in the General Assembly, known for part of the training years only, does not
  help.
- Support for the target on the base rate gains nothing here. Its coefficient is that of
  deterrence; the engine keeps the published one (`onset.deterrence`).
- The list of rivalries is drawn up in hindsight. If a rivalry counts only five years after its
  start, most of its worth is gone: what the list adds over that is not available to an honest
  forecast, and a forecaster should expect the scores of the last two rows but one.
"""


def write_onset_page(data: Path, output: Path, trajectories: int) -> list[Scores]:
    """Compare the forms, let the engine forecast, and write the page; return the forms' scores.

    Parameters
    ----------
    data
        Folder of the source files.
    output
        The page.
    trajectories
        Histories from each origin; 0 leaves the engine out.
    """
    sources = read_sources(data)
    onsets = dyadic_onsets(sources.disputes, sources.participants)
    panel = dyad_years(sources, onsets, FIRST_YEAR, LAST_YEAR, entering=True)
    scores = compare_forms(with_more_terms(sources, panel), FORMS)
    parts = [_introduction(panel), _forms_table(scores), READING]
    if trajectories:
        parts.append(_engine_part(engine_scores(sources, panel, trajectories, SEED), trajectories))
    output.write_text("\n".join(parts), encoding="utf-8")
    return scores


def _introduction(panel: DyadYears) -> str:
    scored = (panel.year >= ORIGINS[0]) & (panel.year < LAST_YEAR)
    return INTRODUCTION.format(
        training=TRAINING_YEARS,
        rows=f"{int(scored.sum()):,}",
        onsets=f"{int(panel.onset[scored].sum()):,}",
    )


def _forms_table(scores: Sequence[Scores]) -> str:
    lines = [
        "| form | log score | AUC | AUPRC | O/E | skill, 5 y | skill, 10 y | O/E, 5 y; 10 y "
        "| against refined |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for s in scores:
        gap = s.against_refined
        lines.append(
            f"| {s.name} | {s.log_score:.5f} | {s.roc:.4f} | {s.precision:.4f} | {s.ratio:.2f} "
            f"| {s.skill[0]:.4f} | {s.skill[1]:.4f} "
            f"| {s.window_ratio[0]:.2f}; {s.window_ratio[1]:.2f} "
            f"| {gap.mean:.1f} [{gap.low:.1f}, {gap.high:.1f}] |"
        )
    return "\n".join(lines)


def _engine_part(found: Sequence[EngineScores], trajectories: int) -> str:
    lines = [
        "## The engine's own trajectories",
        "",
        f"{trajectories:,} histories from the world of each origin (every year of 1950-1999 for "
        "one year ahead, every fifth for the windows), with the equation fitted before it and the "
        "pacts of the day; the chance of a pair is `(k + climatology)/(N + 1)`. Pairs alive on "
        "1 January only, less those then at war with each other, between whom the engine starts no "
        "dispute (the record has two, the United States and China in 1951 and 1953). The last "
        "column is the score that histories drawn from the equation itself would get, with its "
        "standard deviation; beyond one year the engine also knows what wars do to capabilities "
        "and support, which the equation does not.",
        "",
        "| years ahead | pairs | log score, equation | log score, engine | skill, engine "
        "| drawn from the equation |",
        "|---|---|---|---|---|---|",
    ]
    for s in found:
        lines.append(
            f"| {s.horizon} | {s.rows:,} | {s.equation:.5f} | {s.engine:.5f} | {s.skill:.4f} "
            f"| {s.sampled:.5f} ± {s.deviation:.5f} |"
        )
    return "\n".join([*lines, ""])
