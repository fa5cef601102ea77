"""Copies of the synthetic pack with one fault, to see that a reader finds it."""

from __future__ import annotations

import csv
import gzip
import io
import shutil
from collections.abc import Callable
from pathlib import Path

PACK = Path(__file__).parent

Rows = list[list[str]]


def copied(name: str, to: Path) -> Path:
    """Copy one file of the pack; return the copy."""
    (to / name).parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copyfile(PACK / name, to / name))


def rewritten(path: Path, change: Callable[[Rows], None]) -> None:
    """Apply a change to the rows of a CSV file in place; row 0 is the header."""
    packed = path.suffix == ".gz"
    text = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
    rows = list(csv.reader(io.StringIO(text.decode())))
    change(rows)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    path.write_bytes(
        gzip.compress(out.getvalue().encode(), mtime=0) if packed else out.getvalue().encode()
    )


def set_cells(path: Path, row: int, **cells: str) -> None:
    """Set cells of one row by column; row 2 is the first after the header."""

    def change(rows: Rows) -> None:
        for column, value in cells.items():
            rows[row - 1][rows[0].index(column)] = value

    rewritten(path, change)


def drop_column(path: Path, column: str) -> None:
    """Take a column out of a file."""

    def change(rows: Rows) -> None:
        at = rows[0].index(column)
        rows[:] = [row[:at] + row[at + 1 :] for row in rows]

    rewritten(path, change)


def repeat_row(path: Path, row: int) -> int:
    """Append a copy of a row; return the number of the copy."""
    rewritten(path, lambda rows: rows.append(rows[row - 1]))
    return _length(path)


def _length(path: Path) -> int:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode().count("\n")


def truncate(path: Path) -> None:
    """Cut a file in half."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
