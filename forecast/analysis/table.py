"""A comparison as people read it: a table, what it says, and records for programs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import xarray as xr
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from forecast.analysis.summed import BLOCK

PLAIN_WIDTH = 100
"""Columns where the output is no terminal."""

HEADLINES = ("expected_war_count", "great_power_war", "battle_deaths_median")
"""Outcomes told in words."""

HEADINGS = {
    "menu_index": "menu",
    "success_slope": "slope",
    "sanctions_share": "sanctions",
    "enforcement_share": "enforced",
    "coalition_count": "coalitions",
    "nuclear_use": "nuclear",
}
"""What the block below the table calls its outcomes."""

RECORD_FIELDS = ("estimate", "difference", "std_error", "lower", "upper", "variance_gain")


def records(comparison: xr.Dataset) -> list[dict[str, Any]]:
    """Return one record per outcome and architecture; what is not a finite number is None."""
    return [
        {
            "outcome": outcome,
            "architecture": name,
            "reference": comparison.attrs["reference"],
            **{f: _finite(_cell(comparison, f, name, outcome)) for f in RECORD_FIELDS},
            "trajectories": int(comparison["trajectories"]),
        }
        for outcome in map(str, comparison["outcome"].values)
        for name in map(str, comparison["architecture"].values)
    ]


def print_comparison(comparison: xr.Dataset, horizon: str, store: object) -> None:
    """Print the table, what it says, and where the store lies."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    console.print(comparison_table(comparison))
    if block := [n for n in BLOCK if n in comparison.attrs["further"]]:
        console.print(block_table(comparison, block))
    console.print(" ".join(reading(comparison, horizon)))
    console.print(f"Store: {store}", soft_wrap=True)


def comparison_table(comparison: xr.Dataset) -> Table:
    """Return the table of a comparison, outcome by outcome."""
    reference = comparison.attrs["reference"]
    table = Table(
        box=box.SIMPLE_HEAD,
        title=f"{int(comparison['trajectories']):,} trajectories per architecture, each paired "
        f"with its like under {reference}",
        caption="Interval: 95 %, Monte Carlo error only. Gain: how many times the trajectories "
        "that unpaired runs would need for the same error.",
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("outcome", no_wrap=True)
    for heading in ("estimate", "difference", "interval", "gain"):
        table.add_column(heading, justify="right", no_wrap=True)
    further = comparison.attrs["further"]
    for outcome in (name for name in comparison["outcome"].values if name not in further):
        one = comparison.sel(outcome=outcome)
        units = Text(one["units"].item(), style="italic")
        table.add_section()
        table.add_row(Text(str(outcome), style="bold"), units)
        for name in map(str, comparison["architecture"].values):
            table.add_row(*_line(one.sel(architecture=name), name, name == reference))
    return table


def block_table(comparison: xr.Dataset, outcomes: Sequence[str]) -> Table:
    """Return further outcomes in one line per architecture."""
    reference = comparison.attrs["reference"]
    table = Table(
        box=box.SIMPLE_HEAD,
        title="Institutions, allies and the weak",
        caption=f"*: differs from {reference} by more than Monte Carlo error. menu: how many times "
        "as often small and middle states lose outside shelter as inside. slope: log odds of an "
        "aggression's success per unit of log power ratio. sanctions per dispute, enforcement per "
        "war. coalitions: at the end. nuclear: probability of use.",
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("architecture", overflow="fold")
    for outcome in outcomes:
        table.add_column(HEADINGS[outcome], justify="right", no_wrap=True)
    for name in map(str, comparison["architecture"].values):
        one = comparison.sel(architecture=name)
        table.add_row(name, *(_brief(one.sel(outcome=outcome)) for outcome in outcomes))
    return table


def _brief(cell: xr.Dataset) -> str:
    own = float(cell["estimate_upper"]) - float(cell["estimate_lower"])
    surely = float(cell["lower"]) > 0 or float(cell["upper"]) < 0
    return shown(float(cell["estimate"]), own) + ("*" if surely else "")


def _line(cell: xr.Dataset, name: str, is_reference: bool) -> tuple[str | Text, ...]:
    value, lower, upper = (float(cell[f]) for f in ("estimate", "lower", "upper"))
    own = float(cell["estimate_upper"]) - float(cell["estimate_lower"])
    if is_reference:
        return f"  {name}", shown(value, own), "", "", ""
    width = upper - lower
    between = f"{shown(lower, width, sign=True)} to {shown(upper, width, sign=True)}"
    surely = math.isfinite(width) and (lower > 0 or upper < 0)
    difference = Text(
        shown(float(cell["difference"]), width, sign=True), style="bold" if surely else ""
    )
    return f"  {name}", shown(value, own), difference, between, _gain(float(cell["variance_gain"]))


def shown(value: float, width: float, *, sign: bool = False) -> str:
    """Return a number to the digits that an interval of the given width leaves meaningful.

    Examples
    --------
    >>> shown(0.61234, 0.02)
    '0.612'
    >>> shown(-123456.0, 3000.0, sign=True)
    '-123,500'
    """
    if not math.isfinite(value):
        return "unknown"
    known = math.isfinite(width) and width > 0
    digits = 1 - math.floor(math.log10(width / 2)) if known else 3
    rounded = round(value, digits)
    # Minus zero would print as a negative nothing.
    return f"{rounded + 0.0:{'+' if sign else ''},.{max(digits, 0)}f}"


def _gain(gain: float) -> str:
    if math.isnan(gain):
        return "unknown"
    return f"{gain:,.1f}" if math.isfinite(gain) else "equal"


def reading(comparison: xr.Dataset, horizon: str) -> list[str]:
    """Return three sentences on what a comparison says and what it does not.

    Parameters
    ----------
    comparison
        Result of a comparison.
    horizon
        The years, such as ``2026-2050``.
    """
    reference = comparison.attrs["reference"]
    rivals = [n for n in map(str, comparison["architecture"].values) if n != reference]
    if not rivals:
        return [f"Only {reference} was simulated, so there is nothing to compare it with."]
    outcomes = [str(name) for name in comparison["outcome"].values]
    headlines = [name for name in HEADLINES if name in outcomes] or outcomes[: len(HEADLINES)]
    told = [f"{name}: {_headline(comparison, name, headlines)}" for name in rivals]
    against = comparison.sel(architecture=rivals)
    clear = int(((against["lower"] > 0) | (against["upper"] < 0)).sum())
    by_luck = against["lower"].size * (1 - comparison.attrs["confidence"])
    return [
        f"Against {reference} in {horizon}, the same luck gave {'; '.join(told)}.",
        f"{clear} of {against['lower'].size} differences lie outside Monte Carlo error, where "
        f"about {by_luck:.1f} would by luck alone if there were none.",
        "The intervals hold the error of simulating a finite number of histories under one set of "
        "parameters; errors of the parameters, of the model and of the description of each "
        "architecture are not in them and may be larger. What carries a difference, and on which "
        "constants it rests, is told by: forecast study ablate.",
    ]


def _headline(comparison: xr.Dataset, name: str, outcomes: list[str]) -> str:
    """Return the changes of the headline outcomes, in per cent of the reference."""
    parts = []
    for outcome in outcomes:
        lower, upper = (_cell(comparison, f, name, outcome) for f in ("lower", "upper"))
        base = _cell(comparison, "estimate", comparison.attrs["reference"], outcome)
        change = _cell(comparison, "difference", name, outcome)
        if not (lower > 0 or upper < 0):
            parts.append(f"{outcome} not clearly different")
        elif base == 0:
            parts.append(f"{outcome} {change:+.2g}, from none")
        else:
            parts.append(f"{outcome} {100 * change / base:+.2g}%")
    return ", ".join(parts)


def _cell(comparison: xr.Dataset, field: str, architecture: str, outcome: str) -> float:
    return float(comparison[field].sel(architecture=architecture, outcome=outcome))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
