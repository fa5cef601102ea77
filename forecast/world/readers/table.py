"""Source tables with a declared schema: every fault names its file, column and row."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.world.readers.column import CellFault, Column

__all__ = ["Column", "Table", "read_csv_table", "read_parquet_table", "unknown_state"]


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
        labels = [np.unique(self[name], return_inverse=True)[1] for name in reversed(key)]
        order = np.lexsort(labels)
        same = np.logical_and.reduce([label[order][1:] == label[order][:-1] for label in labels])
        if same.any():
            # The sort is stable: of the repeats, name the one that comes first in the file.
            repeat = int(order[1:][same].min())
            first = int(np.argmax(np.logical_and.reduce([x == x[repeat] for x in labels])))
            shown = ", ".join(f"{name} {self[name][repeat]}" for name in key)
            raise ForecastError(
                f"{self.path}: column {'+'.join(key)}, row {self.rows[repeat]}: {shown} was given "
                f"before in row {self.rows[first]}; keep one of the two rows"
            )
        return self

    def require_states(self, known: Iterable[int], *names: str) -> Table:
        """Return the table itself once each code in columns `names` is a known state.

        A blank (NaN) is no code and passes.
        """
        codes = np.array(sorted(set(known)), dtype=np.int64)
        for name in names:
            unknown = ~np.isin(self[name], codes) & (self[name] == self[name])
            if unknown.any():
                first = int(np.argmax(unknown))
                code = int(self[name][first])
                raise ForecastError(unknown_state(self.path, name, int(self.rows[first]), code))
        return self


def unknown_state(path: Path, column: str, row: int, code: object) -> str:
    """Return the message for a country code that no state of the state list bears."""
    return (
        f"{path}: column {column}, row {row}: unknown country code {code}; "
        "use the COW number of a state in the state list"
    )


def read_csv_table(
    path: Path, columns: Sequence[Column], key: Sequence[str] = (), *, may_be_empty: bool = False
) -> Table:
    """Return the declared columns of a CSV file, checked cell by cell.

    Parameters
    ----------
    path
        A UTF-8 CSV file with a header, gzipped where its name ends in ``.gz``; columns beyond
        the declared ones are ignored.
    columns
        The schema.
    key
        Columns that together identify a record; empty for none.
    may_be_empty
        Whether the file may have no record, as a list that begins after the years asked for has.

    Raises
    ------
    ForecastError
        If the file is missing, damaged, not UTF-8, empty, lacks a column, has a row of the wrong
        length, a cell that does not fit its column, or a repeated key.
    """
    require_file(path)
    try:
        with _opened(path) as stream:
            table = _parse(path, csv.reader(stream), columns)
    except UnicodeDecodeError as error:
        raise ForecastError(f"{path}: not a UTF-8 text file ({error.reason})") from None
    except csv.Error as error:
        raise ForecastError(f"{path}: not a readable CSV file ({error})") from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ForecastError(
            f"{path}: a damaged or truncated gzip file ({error}); fetch it again"
        ) from None
    if not len(table) and not may_be_empty:
        raise ForecastError(f"{path}: the file has no data rows")
    return table.require_unique(*key) if key else table


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return cast(IO[str], gzip.open(path, "rt", encoding="utf-8", newline=""))
    return path.open(encoding="utf-8", newline="")


def _parse(path: Path, reader: Any, columns: Sequence[Column]) -> Table:
    header: list[str] = next(reader, [])
    positions = [_position(path, header, column.name) for column in columns]
    records: list[list[str]] = []
    rows: list[int] = []
    for record in reader:
        if len(record) != len(header):
            raise ForecastError(
                f"{path}: row {reader.line_num}: {len(record)} cells where the header "
                f"has {len(header)}"
            )
        records.append(record)
        rows.append(reader.line_num)
    arrays: dict[str, NDArray[Any]] = {}
    for column, position in zip(columns, positions, strict=True):
        try:
            arrays[column.name] = column.parse_all([record[position] for record in records])
        except CellFault as fault:
            raise _located(path, column, rows[fault.position], fault) from None
    return Table(path, arrays, np.array(rows, dtype=np.int64))


def _located(path: Path, column: Column, row: int, fault: CellFault) -> ForecastError:
    return ForecastError(f"{path}: column {column.name}, row {row}: {fault}")


def _position(path: Path, header: Sequence[str], name: str) -> int:
    if name not in header:
        raise ForecastError(f"{path}: column {name} is missing; found {', '.join(header)}")
    return header.index(name)


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
    try:
        values = stored.to_numpy().astype(np.float64)
    except (TypeError, ValueError):
        raise ForecastError(
            f"{path}: column {column.name} holds {stored.type}, not numbers"
        ) from None
    try:
        column.check_numbers(values)
    except CellFault as fault:
        raise _located(path, column, fault.position + 1, fault) from None
    return np.asarray(values, dtype=column.dtype)


def require_file(path: Path) -> None:
    """Raise a ForecastError unless `path` is a file."""
    if not path.is_file():
        raise ForecastError(
            f"{path}: the file is missing; point the builder at a folder that holds it"
        )
