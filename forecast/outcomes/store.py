"""The outcome store as its readers meet it: labelled arrays of what has been committed."""

from __future__ import annotations

import json
from os import PathLike
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.outcomes.commits import Records, read_records
from forecast.outcomes.layout import COMMITS_ROOT, ROOT, ROOT_COPY, Layout
from forecast.outcomes.places import Place, place_of
from forecast.outcomes.reading import Committed, DamagedError, read_layout, root_attributes

FORMAT = "crossroads-forecast outcomes"
"""Root attribute `format` by which a store is known."""

RECORD = "record"
"""Root attribute `kind` of a store that holds what happened, not what was simulated."""

SCHEMA_VERSION = 3
"""Version of the store's layout; it rises when the layout, a name or a meaning changes."""

UNSEALED = (2,)
"""Versions that are read but have neither seal nor records: `forecast store migrate` adds them."""

NUMBERS_VERSION = 2
"""Version of the stored numbers; it rises when a change of any kind alters one."""


class Opened:
    """A store whose layout is sound, and the records of its batches."""

    def __init__(self, place: Place, layout: Layout, records: Records) -> None:
        self.place, self.layout, self.records = place, layout, records

    @property
    def attributes(self) -> dict[str, Any]:
        """Attributes of the root."""
        return self.layout.attributes

    @property
    def batches(self) -> int:
        """Batches of the complete store."""
        return -(-int(self.attributes["trajectories"]) // int(self.attributes["batch_size"]))

    @property
    def committed(self) -> frozenset[int]:
        """Numbers of the committed batches."""
        return frozenset(index for index in self.records.checksums if index < self.batches)

    def view(self) -> Committed:
        """Return the store as zarr reads it."""
        return Committed(self.place, self.layout, self.committed)


def open_store(place: Place) -> Opened:
    """Return a sealed store, checked.

    Raises
    ------
    ForecastError
        If there is none, it is not ours, of another version, or its layout is damaged.
    """
    attributes = known_attributes(place)
    if attributes["schema_version"] in UNSEALED:
        raise ForecastError(
            f"{place.name}: is of schema_version {attributes['schema_version']}, which has no "
            f"checksums; bring it up to date with: forecast store migrate {place.name}"
        )
    layout = read_layout(place)
    simulated = attributes.get("kind") != RECORD
    records = read_records(place, attributes["run"]) if simulated else Records({}, ())
    return Opened(place, layout, records)


def is_outcome_store(place: Place) -> bool:
    """Return whether an outcome store of this package lies here, whatever its version."""
    try:
        found = root_attributes(place)
    except ForecastError:  # damaged, and ours: no other store signs its root
        return True
    if found is None:
        found = laid_out_attributes(place)
    return found is not None and found.get("format") == FORMAT


def laid_out_attributes(place: Place) -> dict[str, Any] | None:
    """Return what the root of a store would tell if it were there; None if this is no store."""
    data = place.get(COMMITS_ROOT)
    try:
        found: dict[str, Any] = json.loads(data or b"")["attributes"][ROOT_COPY]
    except (ValueError, KeyError, TypeError):
        return None
    return found


def known_attributes(place: Place) -> dict[str, Any]:
    """Return the root attributes of a store that this version of the package can read.

    Raises
    ------
    ForecastError
        If there is no such store, it is not ours, or its layout is of another version.
    """
    found = root_attributes(place)
    if found is None and not place.taken():
        raise ForecastError(f"{place.name}: no such outcome store; {_remedy(place)}")
    if found is None and is_outcome_store(place):
        raise DamagedError(place, ROOT)
    if found is None or found.get("format") != FORMAT:
        raise ForecastError(
            f"{place.name}: not an outcome store of this package; name the folder that a run wrote"
        )
    version = found["schema_version"]
    if version not in (*UNSEALED, SCHEMA_VERSION):
        raise ForecastError(
            f"{place.name}: schema_version is {version}, this version of the package reads "
            f"{SCHEMA_VERSION}; read it with the version that wrote it, or run the scenario anew"
        )
    return found


def _remedy(place: Place) -> str:
    if place.draft.taken():
        return (
            f"its run is not complete. What there is of it can be read: {place.draft.name}; the "
            "same forecast run as before carries it on"
        )
    return "make one with: forecast run CONFIG"


def open_outcomes(path: str | PathLike[str]) -> xr.DataTree:
    """Return a store's outcomes, read when used.

    Of a store that a run is still writing, or has left unfinished, the trajectories that are
    committed so far; root attribute `complete` is then false. Every value is checked against what
    was written. ``xarray.open_datatree(path, engine="zarr", consolidated=False)`` opens the same
    without these checks, with `exit_reason` -1 and `trajectory_count` 0 where nothing has been run.

    Parameters
    ----------
    path
        Folder written by a run, or the address of one in an object store.

    Raises
    ------
    ForecastError
        If there is no such store, it is not ours, its layout is of another version, what is read
        at once is damaged, or it holds nothing yet. Later reading of a damaged chunk raises it.
    """
    place = place_of(path)
    attributes = known_attributes(place)
    if attributes["schema_version"] in UNSEALED:
        return _marked(_tree(place.plain), complete=True)
    opened = open_store(place)
    tree = _tree(opened.view())
    if attributes.get("kind") == RECORD:
        return tree
    return _committed_part(tree, opened)


def _tree(store: Any) -> xr.DataTree:
    tree: xr.DataTree = xr.open_datatree(store, engine="zarr", consolidated=False, chunks=None)
    return tree


def _committed_part(tree: xr.DataTree, opened: Opened) -> xr.DataTree:
    """Return the trajectories and batches that are committed."""
    if not opened.committed:
        raise ForecastError(
            f"{opened.place.name}: no batch of it is complete yet; wait, or carry the run on"
        )
    whole = len(opened.committed) == opened.batches
    if whole:
        return _marked(tree, complete=True)
    batches = np.array(sorted(opened.committed))
    kept = {"batch": batches, "trajectory": _trajectories(batches, opened.attributes)}
    groups = {}
    for name, node in tree.children.items():
        group = node.to_dataset()
        groups[name] = group.isel({dim: kept[dim] for dim in kept if dim in group.dims})
    root = xr.Dataset(attrs=tree.attrs)
    return _marked(xr.DataTree.from_dict({"/": root, **groups}), complete=False)


def _marked(tree: xr.DataTree, *, complete: bool) -> xr.DataTree:
    tree.attrs["complete"] = complete
    return tree


def _trajectories(batches: NDArray[np.int64], attributes: dict[str, Any]) -> NDArray[np.int64]:
    size, end = attributes["batch_size"], attributes["trajectories"]
    numbers: NDArray[np.int64] = (batches[:, None] * size + np.arange(size)).ravel()
    inside: NDArray[np.int64] = numbers[numbers < end]
    return inside
