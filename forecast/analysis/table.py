"""A comparison as people read it: a table, what it says, and records for programs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import xarray as xr
from rich.table import Table
from rich.text import Text

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


def comparison_table(comparison: xr.Dataset) -> Table:
    """Return the table of a comparison, outcome by outcome."""
    reference = comparison.attrs["reference"]
    table = Table(
        title=f"{int(comparison['trajectories']):,} paired trajectories per architecture",
        caption="95 % intervals of Monte Carlo error; gain: how many times more trajectories "
        "independent runs would need for the same error",
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("outcome / architecture", no_wrap=True)
    for heading in ("estimate", f"minus {reference}", "95 % interval", "gain"):
        table.add_column(heading, justify="right", no_wrap=True)
    for outcome in comparison["outcome"].values:
        one = comparison.sel(outcome=outcome)
        table.add_section()
        table.add_row(Text(f"{one['title'].item()}, {one['units'].item()}", style="bold"))
        for name in map(str, comparison["architecture"].values):
            table.add_row(*_line(one.sel(architecture=name), name, name == reference))
    return table


def _line(cell: xr.Dataset, name: str, is_reference: bool) -> tuple[str | Text, ...]:
    value, lower, upper = (float(cell[f]) for f in ("estimate", "lower", "upper"))
    own = float(cell["estimate_upper"]) - float(cell["estimate_lower"])
    if is_reference:
        return f"  {name}", shown(value, own), "reference", "", ""
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
    return f"{gain:,.1f}" if math.isfinite(gain) else "pairs equal"


def reading(comparison: xr.Dataset, horizon: str) -> list[str]:
    """Return two or three sentences on what a comparison says and what it does not.

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
    clear = {name: _clear_differences(comparison.sel(architecture=name)) for name in rivals}
    tested = len(rivals) * comparison.sizes["outcome"]
    found = sum(len(lower) + len(higher) for lower, higher in clear.values())
    by_luck = tested * (1 - comparison.attrs["confidence"])
    return [
        f"Against {reference} in {horizon}: "
        + "; ".join(_sides(name, *sides) for name, sides in clear.items())
        + ".",
        f"{found} of {tested} differences lie outside Monte Carlo error, where about {by_luck:.1f} "
        "would by luck alone if there were none.",
        "The intervals hold the error of simulating a finite number of histories under one set of "
        "parameters; errors of the parameters, of the model and of the description of each "
        "architecture are not in them and may be larger.",
    ]


def _clear_differences(one: xr.Dataset) -> tuple[list[str], list[str]]:
    """Return the outcomes surely lower, and surely higher, than under the reference."""
    outcomes = one["outcome"].values.astype(str)
    lower = outcomes[np.asarray(one["upper"]) < 0]
    higher = outcomes[np.asarray(one["lower"]) > 0]
    return list(lower), list(higher)


def _sides(name: str, lower: list[str], higher: list[str]) -> str:
    parts = [f"lower {', '.join(lower)}"] * bool(lower) + [f"higher {', '.join(higher)}"] * bool(
        higher
    )
    return f"{name} has {' and '.join(parts)}" if parts else f"{name} shows no clear difference"


def _cell(comparison: xr.Dataset, field: str, architecture: str, outcome: str) -> float:
    return float(comparison[field].sel(architecture=architecture, outcome=outcome))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
