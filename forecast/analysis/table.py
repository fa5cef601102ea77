"""A comparison as people read it: a table, what it says, and records for programs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import xarray as xr
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from forecast.analysis.records import NEEDS, trajectories_of
from forecast.analysis.summed import BLOCK
from forecast.analysis.words import SIMULATION_ONLY, cautions, error_of, reading
from forecast.estimators.moments import NORMAL_QUANTILE

PLAIN_WIDTH = 100
"""Columns where the output is no terminal."""

LAST = {
    "gain": "Gain: how many times the trajectories that unpaired runs would need for the same "
    "error.",
    "more": "More: trajectories to add for the precision asked for.",
}
"""Headings of the last column, and what they mean."""

HEADINGS = {
    "menu_index": "menu",
    "success_slope": "slope",
    "sanctions_share": "sanctions",
    "enforcement_share": "enforced",
    "coalition_count": "coalitions",
    "nuclear_use": "nuclear",
}
"""What the block below the table calls its outcomes."""


def print_comparison(
    comparison: xr.Dataset, horizon: str, store: object, further: Sequence[str] = ()
) -> None:
    """Print the table, what it says, further sentences, and where the store lies."""
    console = terminal()
    console.print(comparison_table(comparison))
    if block := [n for n in BLOCK if n in comparison.attrs["further"]]:
        console.print(block_table(comparison, block))
    for line in (" ".join(reading(comparison, horizon)), *cautions(comparison), *further):
        console.print(line)
    console.print(f"Store: {store}", soft_wrap=True)


def print_slices(comparison: xr.Dataset, store: object) -> None:
    """Print an outcome by year, region or class, what its errors hold, and the store."""
    console = terminal()
    console.print(slices_table(comparison))
    if comparison.attrs["error"] == "simulation":
        console.print(SIMULATION_ONLY.format("the outcome"))
    console.print(f"Store: {store}", soft_wrap=True)


def terminal() -> Console:
    """Return a console that prints words as they are, of one width where it is no terminal."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    return console


def comparison_table(comparison: xr.Dataset) -> Table:
    """Return the table of a comparison, outcome by outcome."""
    reference = comparison.attrs["reference"]
    table = _table(comparison, "outcome")
    further = comparison.attrs["further"]
    for outcome in (name for name in comparison["outcome"].values if name not in further):
        one = comparison.sel(outcome=outcome)
        units = Text(one["units"].item(), style="italic")
        table.add_section()
        table.add_row(Text(str(outcome), style="bold"), units)
        for name in map(str, comparison["architecture"].values):
            table.add_row(*_line(one.sel(architecture=name), name, name == reference))
    return table


def slices_table(comparison: xr.Dataset) -> Table:
    """Return the table of an outcome by year, region or class."""
    dim, reference = comparison.attrs["by"], comparison.attrs["reference"]
    table = _table(comparison, f"{comparison.attrs['outcome']} by {dim}")
    for label in comparison[dim].values.tolist():
        one = comparison.sel({dim: label})
        table.add_section()
        table.add_row(Text(str(label), style="bold"))
        for name in map(str, comparison["architecture"].values):
            cell = one.sel(architecture=name)
            table.add_row(*_line(cell, name, name == reference))
    return table


def _table(comparison: xr.Dataset, first: str) -> Table:
    reference = comparison.attrs["reference"]
    last = "more" if NEEDS in comparison else "gain"
    table = Table(
        box=box.SIMPLE_HEAD,
        title=f"{trajectories_of(comparison):,} trajectories per architecture, each paired "
        f"with its like under {reference}",
        caption=f"Interval: 95 %, {_held(comparison)}. {LAST[last]}",
        title_justify="left",
        caption_justify="left",
    )
    table.add_column(first, no_wrap=True)
    for heading in ("estimate", "difference", "interval", last):
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _held(comparison: xr.Dataset) -> str:
    """Return what the intervals hold."""
    draws = comparison.attrs["draws"]
    if draws == 1:
        return "Monte Carlo error only"
    if comparison.attrs.get("error") == "simulation":
        return "error of simulation alone"
    return f"errors of the parameters ({draws} draws) and of simulation together"


def block_table(comparison: xr.Dataset, outcomes: Sequence[str]) -> Table:
    """Return further outcomes in one line per architecture."""
    reference = comparison.attrs["reference"]
    table = Table(
        box=box.SIMPLE_HEAD,
        title="Institutions, allies and the weak",
        caption=f"*: differs from {reference} by more than {error_of(comparison)}. menu: how many "
        "times as often small and middle states lose outside shelter as inside. slope: log odds of "
        "an aggression's success per unit of log power ratio. sanctions per dispute, enforcement "
        "per war. coalitions: at the end. nuclear: probability of use.",
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
    own = _own_width(cell)
    if is_reference:
        return f"  {name}", shown(value, own), "", "", ""
    width = upper - lower
    between = f"{shown(lower, width, sign=True)} to {shown(upper, width, sign=True)}"
    surely = math.isfinite(width) and (lower > 0 or upper < 0)
    difference = Text(
        shown(float(cell["difference"]), width, sign=True), style="bold" if surely else ""
    )
    last = _more(float(cell[NEEDS])) if NEEDS in cell else _gain(float(cell["variance_gain"]))
    return f"  {name}", shown(value, own), difference, between, last


def _own_width(cell: xr.Dataset) -> float:
    """Return the width of the interval of the value."""
    if "estimate_error" in cell:
        return 2 * NORMAL_QUANTILE * float(cell["estimate_error"])
    return float(cell["estimate_upper"]) - float(cell["estimate_lower"])


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


def _more(more: float) -> str:
    if math.isnan(more):
        return "unknown"
    return f"{more:,.0f}" if math.isfinite(more) else "none suffice"


def _gain(gain: float) -> str:
    if math.isnan(gain):
        return "unknown"
    return f"{gain:,.1f}" if math.isfinite(gain) else "equal"
