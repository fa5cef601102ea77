"""Dates as decimal years, and back."""

from __future__ import annotations

import math
from datetime import date, timedelta


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


def date_of(decimal: float) -> date:
    """Return the day on which a decimal year falls.

    Examples
    --------
    >>> date_of(2022.5).isoformat(), date_of(2022.0).isoformat()
    ('2022-07-02', '2022-01-01')
    """
    year = math.floor(decimal)
    start = date(year, 1, 1)
    return start + timedelta(
        days=math.floor((decimal - year) * (date(year + 1, 1, 1) - start).days)
    )
