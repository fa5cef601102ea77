"""Write tables as the sources do, without a time stamp, so that equal tables are equal files."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pyarrow
from pyarrow import parquet


def iso(day: tuple[int, int, int]) -> str:
    return "%04d-%02d-%02d" % day  # noqa: UP031 # a date's three parts as one format


def write(path: Path, header: str, rows: list[tuple]) -> None:
    """Write a CSV file, gzipped without a time stamp where its name ends in .gz."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([tuple(header.split(",")), *rows])
    content = text.getvalue().encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def write_parquet(path: Path, names: str, rows: list[tuple]) -> None:
    columns = dict(zip(names.split(","), zip(*rows, strict=True), strict=True))
    parquet.write_table(pyarrow.table(columns), path, compression="zstd")
