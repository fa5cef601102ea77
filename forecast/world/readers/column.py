"""What one column of a source file must hold, and how its cells are read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["integer", "number", "text", "date", "partial_date"]

INT64_LIMIT = 2**63

FIRST_DAY = "YYYY-01-01"
"""What completes a date that stops at its year or month."""


class CellFault(Exception):  # noqa: N818 # a fault in a file, not an error of the program
    """A cell that does not fit its column.

    Parameters
    ----------
    position
        Position of the cell in the column, from 0.
    reason
        What is wrong; completes "column X, row N: ...".
    """

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(reason)
        self.position = position


@dataclass(frozen=True)
class Column:
    """What one column of a source file must hold.

    Parameters
    ----------
    name
        Header of the column.
    kind
        ``integer``, ``number``, ``text``, ``date`` (a text YYYY-MM-DD of a day that exists) or
        ``partial_date`` (which may stop at the month or the year).
    blank_allowed
        Whether a cell may be empty (NaN for numbers, ``""`` for texts and dates; never for
        integers: a whole number that may be unknown is a ``number``).
    choices
        The only texts allowed; empty for any text.
    low, high
        Inclusive range of numbers and integers, and of the year of dates.
    missing_codes
        Numbers outside the range that the source writes for missing or not applicable.
    whole
        Whether a number must be whole; an integer always must.
    """

    name: str
    kind: Kind = "text"
    blank_allowed: bool = False
    choices: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    missing_codes: tuple[int, ...] = ()
    whole: bool = False

    @property
    def dtype(self) -> type:
        """Return the type of the column as an array."""
        return {"integer": np.int64, "number": np.float64}.get(self.kind, object)

    def parse_all(self, cells: Sequence[str]) -> NDArray[Any]:
        """Return the cells as an array of this column's kind.

        Raises
        ------
        CellFault
            For the first cell that does not fit.
        """
        # Most columns repeat few values, so each distinct text is read once.
        try:
            values = {cell: self.parse(cell) for cell in set(cells)}
        except ValueError:
            self._raise_first_fault(cells)
            raise
        return np.array([values[cell] for cell in cells], dtype=self.dtype)

    def _raise_first_fault(self, cells: Sequence[str]) -> None:
        for position, cell in enumerate(cells):
            try:
                self.parse(cell)
            except ValueError as error:
                raise CellFault(position, str(error)) from None

    def parse(self, cell: str) -> int | float | str:
        """Return the cell as this column's kind.

        Raises
        ------
        ValueError
            If the cell does not fit; the message completes "column X, row N: ...".
        """
        text = cell.strip()
        if not text:
            if self.blank_allowed and self.kind != "integer":
                return math.nan if self.kind == "number" else ""
            raise ValueError("the cell is empty")
        if self.kind == "text":
            return self._checked_text(text)
        return self._checked_date(text) if "date" in self.kind else self._checked_number(text)

    def _checked_text(self, text: str) -> str:
        if self.choices and text not in self.choices:
            raise ValueError(f"'{text}' is not one of {', '.join(self.choices)}")
        return text

    def _checked_date(self, text: str) -> str:
        shown = "YYYY-MM-DD" if self.kind == "date" else "YYYY-MM-DD, YYYY-MM or YYYY"
        told = text + FIRST_DAY[len(text) :] if self.kind == "partial_date" else text
        try:
            day = date(*(int(part) for part in told.split("-")))
        except (TypeError, ValueError):
            raise ValueError(f"'{text}' is not a date that exists, as {shown}") from None
        if day.isoformat() != told:
            raise ValueError(f"'{text}' is not written {shown}")
        if not self.low <= day.year <= self.high:
            raise ValueError(f"the year of {text} lies outside {self.low:g} to {self.high:g}")
        return text

    def _checked_number(self, text: str) -> int | float:
        try:
            value = int(text) if self.kind == "integer" else float(text)
        except ValueError:
            wanted = "a whole number" if self.kind == "integer" else "a number"
            raise ValueError(f"'{text}' is not {wanted}") from None
        if value in self.missing_codes:
            return value
        # Written so that NaN and infinity spelled out in a cell fail too.
        inside = math.isfinite(value) and self.low <= value <= self.high
        if not inside or (self.kind == "integer" and abs(value) >= INT64_LIMIT):
            raise ValueError(f"{text} lies outside {self.low:g} to {self.high:g}{self._codes()}")
        if self.whole and value % 1:
            raise ValueError(f"{text} is not a whole number")
        return value

    def check_numbers(self, values: NDArray[np.float64]) -> None:
        """Check numbers that a typed file already holds; NaN is a missing value.

        Raises
        ------
        CellFault
            For the first number that does not fit.
        """
        blank = np.isnan(values)
        inside = (values >= self.low) & (values <= self.high) & np.isfinite(values)
        inside |= np.isin(values, self.missing_codes)
        if self.whole or self.kind == "integer":
            inside &= np.equal(np.mod(values, 1, where=inside, out=np.ones_like(values)), 0)
        wrong = ~(inside | (blank & self.blank_allowed & (self.kind != "integer")))
        if wrong.any():
            first = int(np.argmax(wrong))
            raise CellFault(
                first,
                f"{values[first]:g} is not a value from {self.low:g} to {self.high:g}"
                f"{self._codes()}",
            )

    def _codes(self) -> str:
        return f" or {', '.join(map(str, self.missing_codes))}" if self.missing_codes else ""
