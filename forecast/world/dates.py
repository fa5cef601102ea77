"""Dates as decimal years."""

from __future__ import annotations

from datetime import date


def decimal_year(text: str) -> float:
    """Return a date written YYYY, YYYY-MM or YYYY-MM-DD as a decimal year.

    A year alone stands for its middle, a month alone for its 15th day (assumption).

    Raises
    ------
    ValueError
        If the text is no such date.

    Examples
    --------
    >>> decimal_year("2022-01-01")
    2022.0
    >>> decimal_year("2022")
    2022.5
    """
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return parts[0] + 0.5
    year, month = parts[0], parts[1]
    day = date(year, month, parts[2] if len(parts) > 2 else 15)
    length = date(year + 1, 1, 1) - date(year, 1, 1)
    return year + (day - date(year, 1, 1)).days / length.days
