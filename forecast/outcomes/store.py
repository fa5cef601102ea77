"""The outcome store on disk: made once, each batch written once, opened by plain xarray."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
import zarr
from numpy.typing import NDArray
from zarr.api.asynchronous import open_group

from forecast.errors import ForecastError
from forecast.outcomes.batches import batch_arrays
from forecast.outcomes.frame import Coordinate, Frame, coordinates
from forecast.outcomes.variables import GROUPS, VARIABLES, Variable

if TYPE_CHECKING:  # reading a store must not load the compiler
    from forecast.kernel.results import BatchResult

FORMAT = "crossroads-forecast outcomes"
"""Root attribute `format` by which a store is known."""

RECORD = "record"
"""Root attribute `kind` of a store that holds what happened, not what was simulated."""

SCHEMA_VERSION = 2
"""Version of the store's layout; it rises when a variable is renamed or changes meaning."""


def create(path: Path, frame: Frame, attributes: Mapping[str, Any]) -> None:
    """Make the template of a store: every array with its labels, and no batch written yet.

    Parameters
    ----------
    path
        Folder to make; it must not exist.
    frame
        Labels and sizes of the axes.
    attributes
        Root attributes beside `format` and `schema_version`.
    """
    marks = {"format": FORMAT, "schema_version": SCHEMA_VERSION, **attributes}
    root = zarr.create_group(path, zarr_format=3, attributes=marks)
    sizes = frame.sizes()
    labels = coordinates(frame)
    for name in GROUPS:
        members = [v for v in VARIABLES if v.group == name]
        group = root.create_group(name)
        for variable in members:
            _create_array(group, variable, sizes, frame.batch_size)
        dims = {dim for variable in members for dim in variable.dims}
        present = [label for label in labels if set(label.dims) <= dims]
        for label in present:
            _write_coordinate(group, label)
        group.attrs["coordinates"] = " ".join(c.name for c in present if c.dims != (c.name,))
    _array(root, "institutions/exists")[...] = frame.exists


def _array(root: zarr.Group, path: str) -> zarr.Array[Any]:
    array = root[path]
    assert isinstance(array, zarr.Array)
    return array


def _create_array(
    group: zarr.Group, variable: Variable, sizes: Mapping[str, int], batch_size: int
) -> None:
    """Make one array whose chunks are batches, so that no two writers ever share a chunk."""
    chunk_of = {"batch": 1, "trajectory": min(batch_size, sizes["trajectory"])}
    group.create_array(
        variable.name,
        shape=tuple(sizes[dim] for dim in variable.dims),
        chunks=tuple(chunk_of.get(dim, sizes[dim]) for dim in variable.dims),
        dtype=variable.dtype,
        fill_value=0,
        dimension_names=variable.dims,
        attributes=variable.attributes(),
    )


def _write_coordinate(group: zarr.Group, label: Coordinate) -> None:
    text = label.values.dtype == object
    array = group.create_array(
        label.name,
        shape=label.values.shape,
        chunks=label.values.shape,
        dtype=str if text else label.values.dtype,
        dimension_names=label.dims,
        attributes={"long_name": label.long_name, "units": label.units},
    )
    array[...] = label.values


def write_batch(path: Path, frame: Frame, index: int, result: BatchResult) -> None:
    """Write one batch where it belongs; batches may be written in any order, by any process.

    Parameters
    ----------
    path
        Store made by `create`.
    frame
        The frame it was made with.
    index
        Number of the batch.
    result
        What the kernel saw in the batch's trajectories.

    Raises
    ------
    OverflowError
        If a value does not fit the type its variable is stored in.
    """
    first, count = frame.batch(index)
    places = {"trajectories": (..., slice(first, first + count))}
    arrays = batch_arrays(result, frame.first_year)

    async def write() -> None:
        root = await open_group(path, mode="r+", zarr_format=3)
        writing = (
            _write_array(root, where, places.get(where.partition("/")[0], (index,)), values)
            for where, values in arrays.items()
        )
        await asyncio.gather(*writing)

    # A thread of its own, as this one may have an event loop already (a notebook has).
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, write()).result()


async def _write_array(
    root: zarr.AsyncGroup, where: str, place: tuple[Any, ...], values: NDArray[Any]
) -> None:
    """Write part of an array; a hundred at once take half the time of one after another."""
    array = await root.getitem(where)
    assert isinstance(array, zarr.AsyncArray)
    await array.setitem(place, _fitting(where, values, array.dtype))


def _fitting(where: str, values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return the values in the stored type, refusing any that would wrap around."""
    if dtype.kind in "iu" and values.size:
        bounds = np.iinfo(dtype)
        if int(values.min()) < bounds.min or int(values.max()) > bounds.max:
            raise OverflowError(f"{where}: a value does not fit {dtype}")
    return values.astype(dtype, copy=False)


def is_outcome_store(path: Path) -> bool:
    """Return whether the folder is an outcome store of this package, whatever its version."""
    try:
        return zarr.open_group(path, mode="r").attrs.get("format") == FORMAT
    # Any other folder fails in zarr or the file system, each with errors of its own.
    except (OSError, ValueError, KeyError, TypeError):
        return False


def open_outcomes(path: str | PathLike[str]) -> xr.DataTree:
    """Return a store's outcomes, read when used.

    ``xarray.open_datatree(path, engine="zarr", consolidated=False)`` opens the same; this adds
    the checks and their messages.

    Parameters
    ----------
    path
        Folder written by a run.

    Raises
    ------
    ForecastError
        If there is no such store, it is not ours, or its layout is of another version.
    """
    place = Path(path)
    if not place.exists():
        raise ForecastError(f"{place}: no such outcome store; make one with: forecast run CONFIG")
    if not is_outcome_store(place):
        raise ForecastError(
            f"{place}: not an outcome store of this package; name the folder that a run wrote"
        )
    tree = xr.open_datatree(place, engine="zarr", consolidated=False, chunks=None)
    found = tree.attrs["schema_version"]
    if found != SCHEMA_VERSION:
        raise ForecastError(
            f"{place}: schema_version is {found}, this version of the package reads "
            f"{SCHEMA_VERSION}; run the scenario anew"
        )
    return tree
