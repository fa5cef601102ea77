"""One batch's part of every array: written once, whole, into objects that belong to it alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from zarr.api.asynchronous import open_array

from forecast.errors import ForecastError
from forecast.outcomes.batches import batch_arrays
from forecast.outcomes.digest import checksum_of
from forecast.outcomes.frame import COUNT_LABEL, Frame
from forecast.outcomes.layout import (
    COMMITS_ROOT,
    WRITE_ALL,
    Layout,
    Objects,
    block_paths,
    chunk_keys,
    in_a_loop,
    memory_of,
    objects_of,
)
from forecast.outcomes.places import Place
from forecast.outcomes.variables import VARIABLES

if TYPE_CHECKING:  # reading a store must not load the compiler
    from forecast.kernel.results import BatchResult

EXIT_REASON = "trajectories/exit_reason"

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Sheet:
    """What a worker must know of a store to write batches into it.

    Parameters
    ----------
    place
        Where the store lies, or grows.
    objects
        Metadata of the arrays that batches have a part in, and of their groups.
    first_year
        First calendar year.
    trajectories, batch_size
        Trajectories per architecture, and per batch.
    """

    place: Place
    objects: Objects
    first_year: int
    trajectories: int
    batch_size: int

    def batch(self, index: int) -> tuple[int, int]:
        """Return the first trajectory of a batch and the number in it."""
        first = index * self.batch_size
        return first, min(self.batch_size, self.trajectories - first)


def sheet_of(place: Place, layout: Layout, frame: Frame) -> Sheet:
    """Return what workers need of a layout."""
    paths = block_paths(layout.attributes)
    groups = {path.partition("/")[0] for path in paths}
    keys = [COMMITS_ROOT, "zarr.json", *(f"{path}/zarr.json" for path in (*groups, *paths))]
    objects = {key: layout.objects[key] for key in keys}
    return Sheet(place, objects, frame.first_year, frame.trajectories, frame.batch_size)


def write_batch(sheet: Sheet, index: int, result: BatchResult) -> list[int]:
    """Write one batch where it belongs; batches may be written in any order, by any process.

    Until its record is put in place, which is not done here, the batch does not count. The arrays
    that tell plain readers that it has been run come last.

    Parameters
    ----------
    sheet
        What there is to know of the store.
    index
        Number of the batch.
    result
        What the kernel saw in the batch's trajectories.

    Returns
    -------
    list of int
        Checksum of every array, for the record.

    Raises
    ------
    OverflowError
        If a value does not fit the type its variable is stored in.
    ForecastError
        If the store is gone.
    OSError
        If it cannot be written.
    """
    arrays = arrays_of(sheet, index, result)
    put_batch(sheet, encoded(sheet, index, arrays))
    return checksums_of(arrays)


def put_batch(sheet: Sheet, objects: Objects) -> None:
    """Put a batch's objects where they belong, those that tell of it last."""
    refuse_another(sheet)
    telling = {key for key in objects if _tells(key)}
    sheet.place.put({key: data for key, data in objects.items() if key not in telling})
    sheet.place.put({key: objects[key] for key in telling})


def encoded(sheet: Sheet, index: int, arrays: Arrays) -> Objects:
    """Return a batch's objects, written nowhere yet."""
    return in_a_loop(_encoded(sheet, index, arrays))


def checksums_of(arrays: Mapping[str, NDArray[Any]]) -> list[int]:
    """Return the checksums of a batch's arrays in the order of its record."""
    return [checksum_of(path, arrays[path]) for path in block_paths() if path in arrays]


def arrays_of(sheet: Sheet, index: int, result: BatchResult) -> Arrays:
    """Return a batch's part of every array in the type it is stored in, without the batch axis."""
    _, count = sheet.batch(index)
    arrays = batch_arrays(result, sheet.first_year)
    types = {v.path: np.dtype(v.dtype) for v in VARIABLES}
    fitting = {path: _fitting(path, values, types[path]) for path, values in arrays.items()}
    counted = (path for path in block_paths() if path.endswith(f"/{COUNT_LABEL}"))
    return {**fitting, **{path: np.array(count, dtype=np.int64) for path in counted}}


def refuse_another(sheet: Sheet) -> None:
    """Raise if the store was removed, or another took its place, while its run was going on."""
    if sheet.place.get(COMMITS_ROOT) != sheet.objects[COMMITS_ROOT]:
        raise ForecastError(
            f"{sheet.place.name}: the store is gone, or another one stands in its place, since "
            "the run began; what it held cannot be continued. Start the run anew"
        )


def block_index(path: str) -> tuple[Any, ...]:
    """Return, for an array's path, the part of an index that stands before that of the batch."""
    return (Ellipsis,) if path.startswith("trajectories/") else ()


async def _encoded(sheet: Sheet, index: int, arrays: Mapping[str, NDArray[Any]]) -> Objects:
    first, count = sheet.batch(index)
    memory = memory_of(sheet.objects)

    async def write(path: str, values: NDArray[Any]) -> None:
        where = slice(first, first + count) if path.startswith("trajectories/") else index
        array: Any = await open_array(store=memory, path=path, mode="r+")
        await array.with_config(WRITE_ALL).setitem((*block_index(path), where), values)

    await asyncio.gather(*(write(path, values) for path, values in arrays.items()))
    written = objects_of(memory)
    return {key: written[key] for key in chunk_keys(index, arrays)}


def _tells(key: str) -> bool:
    """Return whether an object tells plain readers that the batch has been run."""
    path = key.rpartition("/")[0]
    return path == EXIT_REASON or path.endswith(f"/{COUNT_LABEL}")


def _fitting(where: str, values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return the values in the stored type, refusing any that would wrap around."""
    if dtype.kind in "iu" and values.size:
        bounds = np.iinfo(dtype)
        if int(values.min()) < bounds.min or int(values.max()) > bounds.max:
            raise OverflowError(f"{where}: a value does not fit {dtype}")
    return values.astype(dtype, copy=False)
