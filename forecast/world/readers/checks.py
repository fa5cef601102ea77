"""Checks across the columns of a table: dates that exist, spells in order, known states."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.world.readers.column import Column
from forecast.world.readers.table import Table

FIRST_YEAR, LAST_YEAR = 1815, 2100
"""Years outside these are slips of the pen: the state system of the sources begins in 1816."""

UNKNOWN, INAPPLICABLE = -9, -8
"""COW's codes for a value that is missing and for one that does not apply."""

Parts = tuple[str, str, str]
"""Names of the columns that hold year, month and day of one date."""


def year_column(name: str, low: int = FIRST_YEAR) -> Column:
    """Return a column of calendar years that are always known."""
    return Column(name, "integer", low=low, high=LAST_YEAR)


def state_column(name: str) -> Column:
    """Return a column of COW country codes."""
    return Column(name, "integer", low=1, high=999)


def date_columns(
    parts: Parts, missing_codes: tuple[int, ...] = (), *, is_open: bool = False
) -> Any:
    """Return the three columns of one date; with `is_open` it may be blank (NaN)."""
    ranges = ((FIRST_YEAR, LAST_YEAR), (1, 12), (1, 31))
    return tuple(
        Column(
            name, "number" if is_open else "integer", is_open, (), low, high, missing_codes, True
        )
        for name, (low, high) in zip(parts, ranges, strict=True)
    )


def require_dates(table: Table, *dates: Parts) -> Table:
    """Return the table itself once every fully known date is a day of the calendar.

    Raises
    ------
    ForecastError
        For the first day that does not exist, naming file, column and row.
    """
    for parts in dates:
        year, month, day = (_known(table[name]) for name in parts)
        wrong = day > _days_in_month(year, month)
        if wrong.any():
            at = int(np.argmax(wrong))
            raise ForecastError(
                f"{table.path}: column {parts[2]}, row {table.rows[at]}: {year[at]:.0f}-"
                f"{month[at]:02.0f}-{day[at]:02.0f} is not a date that exists; correct it"
            )
    return table


def require_order(table: Table, start: Parts, end: Parts) -> Table:
    """Return the table itself once no spell is known to end before it starts.

    Raises
    ------
    ForecastError
        For the first spell in the wrong order, naming file, column and row.
    """
    earliest = _day_number(*(_known(table[name]) for name in start), month=1, day=1)
    latest = _day_number(*(_known(table[name]) for name in end), month=12, day=31)
    return _require_ordered(table, end[0], latest < earliest)


def require_date_order(table: Table, start: str, end: str) -> Table:
    """Return the table itself once no spell of written dates ends before it starts.

    Dates that stop at the month or year are compared as far as both go.

    Raises
    ------
    ForecastError
        For the first spell in the wrong order, naming file, column and row.
    """
    wrong = [b[: len(a)] < a[: len(b)] for a, b in zip(table[start], table[end], strict=True)]
    return _require_ordered(table, end, np.array(wrong, dtype=bool) & (table[end] != ""))


def require_year_order(table: Table, start: str, end: str) -> Table:
    """Return the table itself once no spell of years ends before it starts.

    Raises
    ------
    ForecastError
        For the first spell in the wrong order, naming file, column and row.
    """
    return _require_ordered(table, end, table[end] < table[start])


def _require_ordered(table: Table, column: str, wrong: NDArray[np.bool_]) -> Table:
    if wrong.any():
        row = table.rows[int(np.argmax(wrong))]
        raise ForecastError(
            f"{table.path}: column {column}, row {row}: the end lies before the start; correct one"
        )
    return table


def _known(values: NDArray[Any]) -> NDArray[np.float64]:
    return np.where(values > 0, values, np.nan).astype(np.float64)


def _day_number(
    year: NDArray[np.float64],
    months: NDArray[np.float64],
    days: NDArray[np.float64],
    *,
    month: int,
    day: int,
) -> NDArray[np.float64]:
    months = np.nan_to_num(months, nan=month)
    return np.asarray(year * 10_000 + months * 100 + np.nan_to_num(days, nan=day))


def _days_in_month(year: NDArray[np.float64], month: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the length of each month in days; NaN where year or month is unknown."""
    known = ~np.isnan(year) & ~np.isnan(month)
    index = np.where(known, (year - 1970) * 12 + month - 1, 0).astype(np.int64)
    first, following = (i.astype("M8[M]").astype("M8[D]") for i in (index, index + 1))
    return np.where(known, (following - first).astype(np.float64), np.nan)
