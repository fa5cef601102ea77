"""One hash over the values and labels of a store, however and wherever it is kept."""

from __future__ import annotations

import json
from hashlib import sha256
from os import PathLike
from typing import Any

import zarr
from zarr.abc.store import Store

from forecast.errors import ForecastError
from forecast.outcomes.digest import digest_of
from forecast.outcomes.layout import batch_axes, block_paths
from forecast.outcomes.places import Place, place_of
from forecast.outcomes.reading import read_batch
from forecast.outcomes.store import UNSEALED, known_attributes, open_store


def fingerprint(path: str | PathLike[str]) -> str:
    """Return the fingerprint of a complete store: 64 hexadecimal digits.

    SHA-256 over a line for every array, its path and the BLAKE2b-256 of its path, type, shape and
    values: labels and whole arrays by path, then arrays in batches, batch by batch and by path.
    Attributes (with them provenance), compression and the files' layout do not count.

    Parameters
    ----------
    path
        Folder written by a run, or the address of one in an object store.

    Raises
    ------
    ForecastError
        If there is no such store, it is not complete, or damaged.
    """
    place = place_of(path)
    store, batches, size = _whole(place)
    paths = block_paths(known_attributes(place))
    seen = sha256()
    for name, array in sorted(_labels(store)):
        seen.update(f"{name} {digest_of(name, array[...]).hex()}\n".encode())
    for index in range(batches):
        values = read_batch(store, index, size, paths)
        for name in sorted(values):
            seen.update(f"{name} {index} {digest_of(name, values[name]).hex()}\n".encode())
    return seen.hexdigest()


def _labels(store: Store) -> list[tuple[str, Any]]:
    """Return every array that is not in batches, with its path."""
    members = zarr.open_group(store, mode="r").members(max_depth=None)
    arrays = [(path, node) for path, node in members if isinstance(node, zarr.Array)]
    return [(path, node) for path, node in arrays if path not in batch_axes()]


def _whole(place: Place) -> tuple[Store, int, int]:
    """Return a complete store as zarr reads it, its batches and their size."""
    attributes = known_attributes(place)
    if attributes["schema_version"] in UNSEALED:
        return unsealed(place, attributes)
    opened = open_store(place)
    if "batch_size" not in attributes:  # a record: one history, one batch
        return opened.view(), 1, 1
    if missing := opened.batches - len(opened.committed):
        raise ForecastError(
            f"{place.name}: {missing} of {opened.batches} batches are missing, so it has no "
            "fingerprint yet; complete it with the same forecast run as before"
        )
    return opened.view(), opened.batches, int(attributes["batch_size"])


def unsealed(place: Place, attributes: dict[str, Any]) -> tuple[Store, int, int]:
    """Return a store of an older version as zarr reads it, its batches and their size."""
    run = json.loads(attributes["config"])["run"]
    size = min(run["batch_size"], run["trajectories"])
    return place.plain, -(-run["trajectories"] // size), size
