"""Whether a store is what was written: every object, every record, every value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from forecast.errors import ForecastError
from forecast.outcomes.commits import is_whole, read_records, record_key
from forecast.outcomes.digest import checksum_of
from forecast.outcomes.layout import ROOT, Layout, block_paths, chunk_keys
from forecast.outcomes.places import Place, get_many
from forecast.outcomes.reading import (
    Committed,
    copied_attributes,
    examined_layout,
    read_batch,
    root_attributes,
)
from forecast.outcomes.store import RECORD, UNSEALED, Opened, known_attributes


class Findings(NamedTuple):
    """What is wrong with a store.

    Parameters
    ----------
    layout
        Keys of damaged or missing objects of its layout.
    batches
        Keys of damaged or missing objects by the batch they belong to; records are among them.
    checked
        Batches whose values were compared with their record.
    attributes
        Those of the root, from their copy if the root is damaged; empty if both are.
    """

    layout: list[str]
    batches: dict[int, list[str]]
    checked: int
    attributes: dict[str, Any]

    @property
    def damaged(self) -> list[str]:
        """Keys of everything that is wrong."""
        return [*self.layout, *(key for keys in self.batches.values() for key in keys)]


def examine(place: Place, progress: Callable[[int, int], None] | None = None) -> Findings:
    """Check every object of a store against what was written.

    Parameters
    ----------
    place
        Where the store lies.
    progress
        Told how many batches are checked, and of how many.

    Raises
    ------
    ForecastError
        If there is no store, it is of a version without checksums, or being extended.
    """
    attributes, faults = _attributes(place)
    if not attributes:
        return Findings(faults, {}, 0, {})
    layout, unsound = examined_layout(place, attributes)
    faults += unsound
    if attributes.get("kind") == RECORD:
        return Findings(faults, {}, 0, attributes)
    opened = Opened(place, layout, read_records(place, attributes["run"]))
    complete = attributes.get("complete", True)
    bad: dict[int, list[str]] = {}
    for index in range(opened.batches):
        if found := _faults_of(opened, index, complete=complete):
            bad[index] = found
        if progress is not None:
            progress(index + 1, opened.batches)
    return Findings(faults, bad, len(opened.committed), attributes)


def _attributes(place: Place) -> tuple[dict[str, Any], list[str]]:
    """Return the root's attributes, or their copy, and what is wrong with the root."""
    try:
        found = root_attributes(place)
    except ForecastError:
        found = None
    if found is None:
        copy = copied_attributes(place)
        if copy is None:
            known_attributes(place)  # says so if this is no store at all
        return copy or {}, [ROOT]
    if known_attributes(place)["schema_version"] in UNSEALED:
        raise ForecastError(
            f"{place.name}: has no checksums (schema_version {found['schema_version']}); add them "
            f"with: forecast store migrate {place.name}"
        )
    return found, []


def _faults_of(opened: Opened, index: int, *, complete: bool) -> list[str]:
    """Return the keys of a batch's objects that are not what was written."""
    record = record_key(index)
    if index not in opened.committed:
        damaged = record in opened.records.damaged
        return [record] if complete or damaged else []
    paths = block_paths(opened.attributes)
    keys = chunk_keys(index, paths)
    found = [
        key for key, data in get_many(opened.place, keys) if data is None or not is_whole(data)
    ]
    sound = [path for path, key in zip(paths, keys, strict=True) if key not in found]
    return found + _unlike_record(opened, index, sound)


def _unlike_record(opened: Opened, index: int, paths: list[str]) -> list[str]:
    """Return the keys of chunks whose values are not those of the record."""
    stored = block_paths(opened.attributes)
    order = {path: n for n, path in enumerate(stored)}
    readable = [path for path in paths if f"{path}/zarr.json" in opened.layout.objects]
    keys, wanted = chunk_keys(index, stored), opened.records.checksums[index]
    values = _values(opened, index, readable)
    return [
        keys[order[path]]
        for path in readable
        if path not in values or checksum_of(path, values[path]) != int(wanted[order[path]])
    ]


def _values(opened: Opened, index: int, paths: list[str]) -> dict[str, Any]:
    """Return what can be decoded of a batch."""
    store, size = _bare(opened, paths), int(opened.attributes["batch_size"])
    try:
        return read_batch(store, index, size, paths)
    except (ValueError, RuntimeError, TypeError):  # codecs fail each in their own way
        return {}


def _bare(opened: Opened, paths: list[str]) -> Committed:
    """Return a store that shows the metadata of some arrays alone."""
    objects = {f"{path}/zarr.json": opened.layout.objects[f"{path}/zarr.json"] for path in paths}
    return Committed(opened.place, Layout(objects, opened.attributes), opened.committed)
