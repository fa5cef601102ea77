"""The validation table: every fact of an era that has a world, simulated beside the record."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

from forecast.analysis.table import shown
from forecast.progress import Progress, show_progress
from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Scenario
from forecast.studies.facts.misses import MISSES
from forecast.studies.facts.simulated import Simulated, histories_of, reference_alone, summarised
from forecast.studies.facts.targets import ERAS, TARGETS, TITLES, Target
from forecast.studies.tables import aligned

INTRODUCTION = """\
# Validation against stylised facts

Written by `forecast study validate`; do not edit.

{trajectories:,} histories of each era, from the world of its first day under the institutions of
its day and parameters estimated before it. *Record*: what happened, with its 95 % interval where
one is known. *Tolerance*: how near the value over all histories is to come. *Band*: nine of ten
single histories. A line passes if the simulated value is within the tolerance, or the record
inside the band, for the record is one history: {passed} of {lines} do. *To 2000*: the same with the
parameters estimated from all years to 2000, which know the era ({hindsight} pass); it tells
misses of the era's estimates from misses of the model, and is no forecast.

"""


MISS = "**miss**"
HINDSIGHT = "three_futures"
"""Scenario whose parameters rest on all years to 2000."""

UNKNOWN = "no diagnosis yet."

OF_THE_ERA = (
    "the era's estimates: with the parameters to 2000 the line holds. Forecasts from 2026 use "
    "those and do not share the miss; a hindcast of the era does."
)


class Line(NamedTuple):
    """A target, what was simulated, and the same with the parameters that know the era."""

    target: Target
    simulated: Simulated
    hindsight: Simulated

    @property
    def verdict(self) -> str:
        """How the line passes, or that it does not."""
        return _verdict(self.target, self.simulated)

    @property
    def missed(self) -> bool:
        """Whether it does not pass."""
        return self.verdict == MISS

    @property
    def holds_in_hindsight(self) -> bool:
        """Whether it passes with the parameters that know the era."""
        return _verdict(self.target, self.hindsight) != MISS


def _verdict(target: Target, seen: Simulated) -> str:
    if target.holds(seen.value):
        return "within tolerance"
    return "record in the band" if seen.low <= target.value <= seen.high else MISS


def validate(trajectories: int, progress: Progress | None = None) -> list[Line]:
    """Return every line of the validation table.

    Parameters
    ----------
    trajectories
        Histories of each era.
    progress
        Told how many histories are simulated, and of how many.
    """
    found: list[Line] = []
    known = {"parameters": scenario_of(HINDSIGHT).parameters}
    with show_progress(progress, 2 * trajectories * len(ERAS)) as report:
        for era in ERAS:
            own = scenario_of(era)
            own_facts, known_facts = (
                summarised(
                    histories_of(reference_alone(scenario), own.run.seed, trajectories, report)
                )
                for scenario in (own, own.model_copy(update=known))
            )
            targets = [target for target in TARGETS if target.scenario == era]
            found += [Line(t, own_facts[t.fact], known_facts[t.fact]) for t in targets]
    return found


def scenario_of(era: str) -> Scenario:
    """Return the shipped scenario of an era."""
    return load_scenario(shipped_configs() / f"{era}.toml")


def write_page(found: list[Line], trajectories: int, output: Path) -> None:
    """Write the page (Markdown)."""
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(page(found, trajectories), encoding="utf-8")


def page(found: list[Line], trajectories: int) -> str:
    """Return the page: a table for every era, and what is to be said of the misses."""
    missed = [line for line in found if line.missed]
    head = INTRODUCTION.format(
        trajectories=trajectories,
        passed=len(found) - len(missed),
        lines=len(found),
        hindsight=sum(line.holds_in_hindsight for line in found),
    )
    parts = [head]
    for era in ERAS:
        parts += [f"## {scenario_of(era).title}", "", *_table(found, era), ""]
    parts += ["## The misses", ""]
    parts += [f"- **{_named(line)}**: {diagnosis(line)}" for line in missed]
    return "\n".join(parts) + "\n"


def diagnosis(line: Line) -> str:
    """Return why a line misses, as far as is known, and what follows."""
    key = (line.target.scenario, line.target.fact)
    return MISSES.get(key) or (OF_THE_ERA if line.holds_in_hindsight else UNKNOWN)


def _named(line: Line) -> str:
    return f"{TITLES[line.target.fact]}, `{line.target.scenario}`"


def _table(found: list[Line], era: str) -> list[str]:
    rows = [["fact", "record", "tolerance", "simulated", "band", "verdict", "to 2000", "source"]]
    for line in found:
        if line.target.scenario != era:
            continue
        target, seen = line.target, line.simulated
        width = 0.02 * target.value if target.value else 0.02
        record = _number(target.value, width)
        if not math.isnan(target.low):
            record += f" [{_number(target.low, width)}, {_number(target.high, width)}]"
        ends = [_number(end, width) for end in target.bounds]
        band = [_number(end, width) for end in (seen.low, seen.high)]
        value = f"{_number(seen.value, width)} ± {_number(seen.error, width)}"
        cells = [record, f"{ends[0]} to {ends[1]}", value, f"{band[0]} to {band[1]}"]
        known = _number(line.hindsight.value, width)
        rows.append([TITLES[target.fact], *cells, line.verdict, known, target.source])
    return aligned(rows)


def _number(value: float, width: float) -> str:
    return shown(value, 20 * width)
