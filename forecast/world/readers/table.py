"""Source tables with a declared schema: every fault names its file, column and row."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from forecast.errors import ForecastError

Kind = Literal["integer", "number", "text"]


@dataclass(frozen=True)
class Column:
    """What one column of a source file must hold.

    Parameters
    ----------
    name
        Header of the column.
    kind
        ``integer``, ``number`` or ``text``.
    blank_allowed
        Whether a cell may be empty (NaN for numbers, ``""`` for text; never for integers).
    choices
        The only texts allowed; empty for any text.
    low, high
        Inclusive range of numbers and integers.
    """

    name: str
    kind: Kind = "text"
    blank_allowed: bool = False
    choices: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf

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
        return self._checked_number(text)

    def _checked_text(self, text: str) -> str:
        if self.choices and text not in self.choices:
            raise ValueError(f"'{text}' is not one of {', '.join(self.choices)}")
        return text

    def _checked_number(self, text: str) -> int | float:
        try:
            value = int(text) if self.kind == "integer" else float(text)
        except ValueError:
            wanted = "a whole number" if self.kind == "integer" else "a number"
            raise ValueError(f"'{text}' is not {wanted}") from None
        # Written so that NaN and infinity spelled out in a cell fail too.
        if not (math.isfinite(value) and self.low <= value <= self.high):
            raise ValueError(f"{text} lies outside {self.low:g} to {self.high:g}")
        return value


@dataclass(frozen=True)
class Table:
    """Columns of one source file as arrays, with the row number of every record.

    Parameters
    ----------
    path
        The file the records came from.
    columns
        One array per column, all of equal length: int64, float64 or object (str).
    rows
        Row of each record in the file; a CSV's header is row 1.
    """

    path: Path
    columns: Mapping[str, NDArray[Any]]
    rows: NDArray[np.int64]

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return one column."""
        return self.columns[name]

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.rows)

    def where(self, mask: NDArray[np.bool_]) -> Table:
        """Return the records for which `mask` is true."""
        kept = {name: values[mask] for name, values in self.columns.items()}
        return Table(self.path, kept, self.rows[mask])

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield each record as a mapping from column name to value."""
        for position in range(len(self)):
            yield {name: values[position] for name, values in self.columns.items()}

    def require_unique(self, *key: str) -> Table:
        """Return the table itself once no two records share the key columns."""
        seen: dict[tuple[Any, ...], int] = {}
        for row, values in zip(self.rows, zip(*(self[k] for k in key), strict=True), strict=True):
            if values in seen:
                shown = ", ".join(f"{k} {v}" for k, v in zip(key, values, strict=True))
                raise ForecastError(
                    f"{self.path}: column {'+'.join(key)}, row {row}: {shown} was given before "
                    f"in row {seen[values]}; keep one of the two rows"
                )
            seen[values] = int(row)
        return self

    def require_states(self, known: Iterable[int], *names: str) -> Table:
        """Return the table itself once each code in columns `names` is a known state."""
        codes = set(known)
        for name in names:
            for row, code in zip(self.rows, self[name], strict=True):
                if int(code) not in codes:
                    raise ForecastError(unknown_state(self.path, name, int(row), code))
        return self


def unknown_state(path: Path, column: str, row: int, code: object) -> str:
    """Return the message for a country code that no state of the state list bears."""
    return (
        f"{path}: column {column}, row {row}: unknown country code {code}; "
        "use the COW number of a state in the state list"
    )


def read_csv_table(path: Path, columns: Sequence[Column], key: Sequence[str] = ()) -> Table:
    """Return the declared columns of a CSV file, checked cell by cell.

    Parameters
    ----------
    path
        A UTF-8 CSV file with a header; columns beyond the declared ones are ignored.
    columns
        The schema.
    key
        Columns that together identify a record; empty for none.

    Raises
    ------
    ForecastError
        If the file is missing, not UTF-8, empty, lacks a column, has a row of the wrong
        length, a cell that does not fit its column, or a repeated key.
    """
    require_file(path)
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            table = _parse(path, csv.reader(stream), columns)
    except UnicodeDecodeError as error:
        raise ForecastError(f"{path}: not a UTF-8 text file ({error.reason})") from None
    except csv.Error as error:
        raise ForecastError(f"{path}: not a readable CSV file ({error})") from None
    return table.require_unique(*key) if key else table


def _parse(path: Path, reader: Any, columns: Sequence[Column]) -> Table:
    header: list[str] = next(reader, [])
    positions = [_position(path, header, column.name) for column in columns]
    cells: list[list[int | float | str]] = [[] for _ in columns]
    rows: list[int] = []
    for record in reader:
        if len(record) != len(header):
            raise ForecastError(
                f"{path}: row {reader.line_num}: {len(record)} cells where the header "
                f"has {len(header)}"
            )
        for column, position, values in zip(columns, positions, cells, strict=True):
            values.append(_cell(path, column, reader.line_num, record[position]))
        rows.append(reader.line_num)
    if not rows:
        raise ForecastError(f"{path}: the file has no data rows")
    arrays: dict[str, NDArray[Any]] = {
        c.name: np.array(v, dtype=_dtype(c)) for c, v in zip(columns, cells, strict=True)
    }
    return Table(path, arrays, np.array(rows, dtype=np.int64))


def _position(path: Path, header: Sequence[str], name: str) -> int:
    if name not in header:
        raise ForecastError(f"{path}: column {name} is missing; found {', '.join(header)}")
    return header.index(name)


def _cell(path: Path, column: Column, row: int, cell: str) -> int | float | str:
    try:
        return column.parse(cell)
    except ValueError as error:
        raise ForecastError(f"{path}: column {column.name}, row {row}: {error}") from None


def _dtype(column: Column) -> type:
    return {"integer": np.int64, "number": np.float64, "text": object}[column.kind]


def read_parquet_table(path: Path, columns: Sequence[Column], key: Sequence[str] = ()) -> Table:
    """Return the declared numeric columns of a Parquet file; row 1 is the first record.

    Raises
    ------
    ForecastError
        If the file is missing or unreadable, lacks a column, has a value out of range or a
        missing one where none may be, or a repeated key.
    """
    require_file(path)
    # Parquet is met only when a snapshot is built, so its reader is no runtime dependency.
    try:
        from pyarrow import (  # type: ignore[import-untyped] # it ships no type information
            ArrowException,
            parquet,
        )
    except ImportError:
        raise ForecastError(
            f"{path}: reading Parquet needs pyarrow; install it to build a snapshot"
        ) from None
    try:
        stored = parquet.read_table(path)
    except (ArrowException, OSError) as error:
        raise ForecastError(f"{path}: not a readable Parquet file ({error})") from None
    for column in columns:
        _position(path, stored.column_names, column.name)
    arrays = {c.name: _numbers(path, c, stored.column(c.name)) for c in columns}
    table = Table(path, arrays, np.arange(1, stored.num_rows + 1, dtype=np.int64))
    return table.require_unique(*key) if key else table


def _numbers(path: Path, column: Column, stored: Any) -> NDArray[Any]:
    values = stored.to_numpy().astype(np.float64)
    blank = np.isnan(values)
    wrong = ~blank & ~((values >= column.low) & (values <= column.high))
    if not column.blank_allowed:
        wrong |= blank
    if wrong.any():
        first = int(np.argmax(wrong))
        raise ForecastError(
            f"{path}: column {column.name}, row {first + 1}: {values[first]:g} is not a value "
            f"from {column.low:g} to {column.high:g}"
        )
    return np.asarray(values, dtype=_dtype(column))


def require_file(path: Path) -> None:
    """Raise a ForecastError unless `path` is a file."""
    if not path.is_file():
        raise ForecastError(
            f"{path}: the file is missing; point the builder at a folder that holds it"
        )
