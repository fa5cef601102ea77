"""The page docs/calibration.md: what was matched to what, what is left, and what is missed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forecast.studies.calibrate.chosen import Chosen
from forecast.studies.calibrate.config import Calibration
from forecast.studies.calibrate.constraints import Narrowed, narrowed, reaches, ruled_out
from forecast.studies.calibrate.implausibility import VALUE
from forecast.studies.calibrate.waves import Match
from forecast.studies.facts.targets import TITLES
from forecast.studies.tables import aligned

LOOSE = 0.9
"""Spread from which on an entry counts as unconstrained."""

HALFWAY = 0.5
"""Spread up to which an entry counts as well constrained."""

STRONG = 0.05
"""Share of the ranges from which on a fact is named for what it rules out."""

INTRODUCTION = """\
# Calibration: what the record rules out

Written by `forecast study calibrate`; do not edit.

{entries} entries of `{parameters}` that no data set directly, matched to {facts} facts of the
record to 2000 in {worlds}. Each wave simulates {points} sets of values with {histories} histories
in every world, always with the same luck, fits an emulator to every fact and rules out what it
tells to be too far from the record; the next wave looks only at what is left. Every other value is
that of `{parameters}`, in place of the scenario's own, also where that was fitted to years after
the origin: the page tells what agrees with the record, not how well it would have been forecast.
The worlds of 1920 and 2001 play no part.

- *Implausibility*: |simulated − record| over the root of the sum of four variances: the emulator's
  (leave-one-out error of a ridge regression of the first or second degree), Monte Carlo, the
  record's own (its 95 % interval; where none is given, the spread of single simulated histories),
  and the model's error (the tolerance of the target taken as two standard deviations). Logarithms
  where the tolerance is a share or a factor.
- A set of values goes where its *largest* implausibility reaches {cut_off:g}: forgiving one fact
  would forgive whatever alone speaks of an entry. A fact that nothing in the ranges comes near to
  does not count; it is a miss. What is left agrees with the record within wide errors; it is not
  the best fit, and all of it counts alike.
- *Central values*: {centre}
- *Draws*: {draws} simulated sets of values that stand, evenly spread over what is left, with equal
  weights; `[uncertainty]` draws them as the mixture `calibration`.
"""

WEIGHED = """\
the least sum of squared implausibilities, by the last emulator, and of squared
  distances from the values before, the range being four standard deviations (assumption), so that
  an entry of which the record says nothing keeps its value; simulated, and not implausible."""

NEAREST = """\
of the simulated sets of values the one with the smallest largest implausibility, since
  the compromise between record and values before is implausible as simulated."""

SMALL_WORLD = """\
In the world of 1946 states born later are missing, so that facts that grow with the number of
states (disputes, wars, land grabs and vetoes a year, concentration among pairs) do not count there.
"""

NOT_MATCHED = """\
Fields of institutions (how many tests a record weighs, the weight of failures, the hazard of exit,
births of pacts) belong to the architectures, not to the parameter file, and are not matched here.
"""


def write_page(asked: Calibration, found: Match, chosen: Chosen, output: Path) -> None:
    """Write the page (Markdown)."""
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(page(asked, found, chosen), encoding="utf-8")


def page(asked: Calibration, found: Match, chosen: Chosen) -> str:
    """Return the page."""
    head = INTRODUCTION.format(
        entries=len(found.entries),
        parameters=asked.parameters,
        facts=len(found.targets),
        worlds=" and ".join(f"`{name}`" for name in asked.facts),
        points=asked.points,
        histories=asked.histories,
        cut_off=asked.cut_off,
        centre=WEIGHED if chosen.weighed else NEAREST,
        draws=len(chosen.draws),
    )
    learnt = narrowed(found)
    parts = [head, *([SMALL_WORLD] if "hindcast_cold_war" in asked.facts else [])]
    parts += ["## Waves", "", *waves(found), ""]
    parts += ["## Entries", "", *entries(found, chosen, learnt), "", *said(found, learnt), ""]
    parts += [NOT_MATCHED, "## Facts", "", *facts(found, chosen), "", *misses(found, chosen)]
    return "\n".join(parts) + "\n"


def waves(found: Match) -> list[str]:
    """Return the table of the waves."""
    rows = [["wave", "sets simulated", "of them not implausible", "share of the ranges left"]]
    for number, wave in enumerate(found.waves, 1):
        stands = int((wave.worst < found.cut_off).sum())
        rows.append([str(number), str(len(wave.places)), str(stands), _percent(wave.left, 2)])
    return aligned(rows)


def entries(found: Match, chosen: Chosen, learnt: list[Narrowed]) -> list[str]:
    """Return the table of the entries, the most narrowed first."""
    rows = [["entry", "range", "before", "central", "90 % of what is left", "spread left", "moves"]]
    for number in np.argsort([one.spread for one in learnt], kind="stable"):
        entry, one = found.entries[number], learnt[number]
        ends = [entry.low + (entry.high - entry.low) * share for share in (one.low, one.high)]
        moved = ", ".join(f"{_name(found, fact)} {r:+.2f}" for fact, r in one.facts[:3])
        rows.append(
            [
                f"`{entry.name}`",
                f"{entry.low:g} … {entry.high:g}",
                f"{entry.value:g}",
                f"{chosen.centre[number]:.4g}",
                f"{ends[0]:.3g} … {ends[1]:.3g}",
                f"{one.spread:.2f}",
                moved,
            ]
        )
    return aligned(rows)


def said(found: Match, learnt: list[Narrowed]) -> list[str]:
    """Return what the table of entries says, in sentences."""
    named = [(f"`{e.name}`", one) for e, one in zip(found.entries, learnt, strict=True)]
    firm = [name for name, one in named if one.spread <= HALFWAY]
    loose = [name for name, one in named if one.spread > LOOSE]
    silent = [name for name, one in named if not one.facts]
    alone = ruled_out(found)
    strong = [f"{_name(found, n)} ({_percent(x)})" for n, x in enumerate(alone) if x >= STRONG]
    return [
        "*Spread left*: standard deviation over what is left, as a share of that over the range. "
        "*Moves*: facts and their correlation with the entry over the whole range (at least .3).",
        "",
        f"- Facts that alone rule out a twentieth of the ranges or more: {_listed(strong)}.",
        f"- Narrowed to half their range or less: {_listed(firm)}.",
        f"- Unconstrained (more than {LOOSE:g} of the range's spread left): {_listed(loose)}. What "
        "they stand for remains assumption.",
        f"- Entries that move no fact noticeably: {_listed(silent)}.",
    ]


def facts(found: Match, chosen: Chosen) -> list[str]:
    """Return the table of the facts."""
    rows = [
        [
            "fact",
            "record",
            "within",
            "before",
            "I",
            "central",
            "I",
            "draws",
            "I, worst",
            "rules out",
        ]
    ]
    alone = ruled_out(found)
    before, after, drawn = (found.simulated(x) for x in (chosen.before, chosen.after, chosen.facts))
    for n, target in enumerate(found.targets):
        low, high = target.bounds
        rows.append(
            [
                _name(found, n) + ("" if found.counted[n] else " (out of reach)"),
                f"{target.value:.3g}",
                f"{low:.3g} … {high:.3g}",
                f"{chosen.before[n, VALUE]:.3g}",
                f"{before[n]:.1f}",
                f"{chosen.after[n, VALUE]:.3g}",
                f"{after[n]:.1f}",
                _band(chosen.facts[:, n, VALUE]),
                f"{drawn[:, n].max():.1f}",
                _percent(alone[n]),
            ]
        )
    notes = (
        "*Within*: tolerance. *I*: implausibility as simulated, at the values before, at the "
        "central ones, and the worst of the draws; *draws*: 90 % of them. *Rules out*: share of "
        "the ranges that the fact alone rules out in the first wave."
    )
    codes = {name: TITLES[name] for name in dict.fromkeys(t.fact for t in found.targets)}
    words = "; ".join(f"*{name}*: {title}" for name, title in codes.items())
    return [*aligned(rows), "", notes, "", f"Facts: {words}."]


def misses(found: Match, chosen: Chosen) -> Iterator[str]:
    """Yield what the central values and all draws miss of the tolerances."""
    yield "## Misses"
    yield ""
    outside = [n for n, t in enumerate(found.targets) if not t.holds(float(chosen.after[n, VALUE]))]
    kept = len(found.targets) - len(outside)
    yield f"At the central values {kept} of {len(found.targets)} facts lie within their tolerance."
    yield ""
    ends = reaches(found)
    for n in outside:
        target, values = found.targets[n], chosen.facts[:, n, VALUE]
        within = float(np.mean([target.holds(float(value)) for value in values]))
        low, high = target.bounds
        beyond = ends[n, 1] < low or ends[n, 0] > high
        why = ", so that the miss lies in other parameters or in the model" if beyond else ""
        yield (
            f"- {_name(found, n)}: {chosen.after[n, VALUE]:.3g} for {target.value:.3g} (tolerance "
            f"{low:.3g} … {high:.3g}); {_percent(within)} of the draws within; the ranges reach "
            f"{ends[n, 0]:.3g} … {ends[n, 1]:.3g}{why}."
        )


def summary(found: Match, chosen: Chosen) -> list[str]:
    """Return a few lines for the terminal."""
    lines = [
        f"Wave {n}: {_percent(w.left, 2)} of the ranges left" for n, w in enumerate(found.waves, 1)
    ]
    which = "weighed" if chosen.weighed else "simulated values nearest the record"
    worst = float(found.worst(chosen.after))
    lines.append(f"Central values: {which}, largest implausibility {worst:.2f}")
    held = sum(
        t.holds(float(v)) for t, v in zip(found.targets, chosen.after[:, VALUE], strict=True)
    )
    lines.append(f"{held} of {len(found.targets)} facts within their tolerance")
    return lines


def _name(found: Match, fact: int) -> str:
    target = found.targets[fact]
    return f"{target.fact} {target.scenario.removeprefix('hindcast_').replace('_', ' ')}"


def _band(values: NDArray[np.float64]) -> str:
    """Return the middle nine tenths of the values that can be told."""
    known = values[np.isfinite(values)]
    if not known.size:
        return "–"
    low, high = np.quantile(known, (0.05, 0.95))
    return f"{low:.3g} … {high:.3g}"


def _percent(share: float, digits: int = 0) -> str:
    return f"{100 * share:.{digits}f} %"


def _listed(names: list[str]) -> str:
    return ", ".join(names) if names else "none"
