"""Which dated spells run on 1 January of a year, and which states are alive then."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast.world.readers.table import Table

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Booleans = NDArray[np.bool_]


def active(spells: Table, year: int) -> Booleans:
    """Return which spells run on 1 January of `year`.

    A spell runs if it began before that day and its end is open or not before that day. Where a
    list leaves no end open and stops before that day, the spells that reach its newest date are
    carried forward.

    Parameters
    ----------
    spells
        Spells with `stdate` and `enddate`, or `styear` and `endyear` (months and days where the
        list has them); a blank end is open.
    year
        Forecast origin.

    Returns
    -------
    NDArray
        (spell,).
    """
    origin = year * 10_000 + 101
    start, end = _day_numbers(spells, "st"), _day_numbers(spells, "end")
    if end.size and not np.isnan(end).any() and end.max() < origin:
        return np.asarray((start < origin) & (end == end.max()))
    return np.asarray((start < origin) & (np.isnan(end) | (end >= origin)))


def alive(membership: Table, year: int) -> Codes:
    """Return the COW codes of the states alive on 1 January of `year`, sorted, (state,)."""
    return np.unique(membership["ccode"][active(membership, year)]).astype(np.int64)


def entry_years(membership: Table, codes: Codes, year: int) -> NDArray[np.float64]:
    """Return the first year of the spell each state is in on 1 January of `year`, (state,).

    NaN for a state without such a spell.
    """
    running = membership.where(active(membership, year))
    at, known = locate(codes, running["ccode"])
    entry = np.full(len(codes), np.nan)
    entry[at[known]] = running["styear"][known]
    return entry


def locate(codes: Codes, wanted: NDArray[np.int64]) -> tuple[NDArray[np.intp], Booleans]:
    """Return the position of each wanted code in the sorted list, and whether it is in it."""
    if not len(codes):
        return np.zeros(len(wanted), np.intp), np.zeros(len(wanted), bool)
    at = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    return at, np.asarray(codes[at] == wanted)


def _day_numbers(spells: Table, prefix: str) -> Floats:
    """Return dates as YYYYMMDD; NaN where blank, the first of a month or year not told."""
    if f"{prefix}date" in spells.columns:
        texts = spells[f"{prefix}date"]
        return np.array([float(t.replace("-", "")) if t else np.nan for t in texts])
    number = spells[f"{prefix}year"].astype(float) * 10_000
    for part, weight in (("month", 100), ("day", 1)):
        values = spells.columns.get(f"{prefix}{part}", np.ones(len(spells)))
        number += np.nan_to_num(np.maximum(values.astype(float), 1.0), nan=1.0) * weight
    return number
