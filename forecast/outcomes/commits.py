"""Records of the batches that a store holds: a batch without its record does not count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import google_crc32c
import numpy as np
from numpy.typing import NDArray

from forecast.outcomes.layout import RECORD
from forecast.outcomes.places import Place, get_many

RECORD_KEY = re.compile(re.escape(RECORD) + r"/c\.(\d+)\.0")

CHECKSUM_BYTES = 4
"""At the end of every stored chunk: CRC-32C of what stands before."""


class Records(NamedTuple):
    """What the records of a store say.

    Parameters
    ----------
    checksums
        Of every committed batch, by its number: those of its arrays, in the order of the record.
    damaged
        Keys of records that cannot be read or are of another run.
    """

    checksums: dict[int, NDArray[np.uint64]]
    damaged: tuple[str, ...]


def record_key(batch: int) -> str:
    """Return the key of a batch's record."""
    return f"{RECORD}/c.{batch}.0"


def record_object(batch: int, run: str, checksums: Sequence[int]) -> bytes:
    """Return a batch's record as zarr stores a row of numbers."""
    row = np.array([batch + 1, run_number(run), *checksums], dtype="<u8")
    return with_checksum(row.tobytes())


def read_records(place: Place, run: str) -> Records:
    """Return the records of a store's batches.

    Parameters
    ----------
    place
        Where the store lies.
    run
        Root attribute `run`, which every record must bear.
    """
    keys = [key for key in place.list(RECORD) if RECORD_KEY.fullmatch(key)]
    found: dict[int, NDArray[np.uint64]] = {}
    damaged = []
    for key, data in get_many(place, keys):
        if data is None:  # retracted since it was listed
            continue
        batch = batch_of(key)
        row = _row(data)
        if row is None or row.size < 2 or [*row[:2]] != [batch + 1, run_number(run)]:
            damaged.append(key)
        else:
            found[batch] = row[2:]
    return Records(found, tuple(damaged))


def batch_of(key: str) -> int:
    """Return the number of the batch that a record's key names."""
    found = RECORD_KEY.fullmatch(key)
    assert found is not None, key
    return int(found.group(1))


def run_number(run: str) -> int:
    """Return the run's name as the number that records bear."""
    return int(run[:16], 16)


def _row(data: bytes) -> NDArray[np.uint64] | None:
    if not is_whole(data) or (len(data) - CHECKSUM_BYTES) % 8:
        return None
    return np.frombuffer(data[:-CHECKSUM_BYTES], dtype="<u8")


def is_whole(data: bytes) -> bool:
    """Return whether a stored chunk ends in the checksum of what stands before."""
    body, checksum = data[:-CHECKSUM_BYTES], data[-CHECKSUM_BYTES:]
    return len(data) > CHECKSUM_BYTES and crc32c(body) == checksum


def with_checksum(body: bytes) -> bytes:
    """Return a chunk's bytes followed by their checksum."""
    return body + crc32c(body)


def crc32c(body: bytes) -> bytes:
    """Return the CRC-32C of bytes, as zarr's codec of that name writes it."""
    value: int = google_crc32c.value(body)
    return value.to_bytes(CHECKSUM_BYTES, "little")
