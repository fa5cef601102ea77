"""The objects of a store before any batch is in it: groups, arrays, labels, and their seal.

A store is laid out in memory by zarr itself; whoever keeps it puts the objects in their place.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import numpy as np
import zarr
from zarr.api.asynchronous import create_array, create_group
from zarr.codecs import Crc32cCodec, ZstdCodec
from zarr.core.buffer import default_buffer_prototype
from zarr.storage import MemoryStore

from forecast.outcomes.digest import object_digest, text_digest
from forecast.outcomes.frame import (
    COUNT_LABEL,
    Coordinate,
    Frame,
    coordinates,
    draw_labels,
    draw_values,
)
from forecast.outcomes.variables import GROUPS, NOT_RUN, VARIABLES, Variable

ROOT = "zarr.json"

COMMITS = "commits"
"""Group of what proves the rest: the seal of the layout, and a record of every batch."""

DRAWS = "draws"
"""Group of what the draws of the parameters differ in; absent if there are none."""

COMMITS_ROOT = f"{COMMITS}/zarr.json"
SEAL, RECORD = f"{COMMITS}/layout", f"{COMMITS}/record"
SEAL_KEY = f"{SEAL}/c"

ROOT_COPY = "root"
"""Attribute of the group of records: the root's attributes, but for its completeness and seal."""

LABEL_CHUNK = 2**16
"""Labels along trajectories and batches are cut here, so that a longer store only adds to them."""

BATCHED = frozenset({"batch", "trajectory"})
"""Dimensions along which arrays are cut into batches."""

COMPRESSED = (ZstdCodec(), Crc32cCodec())
"""Every stored chunk ends in a checksum, so that no reader takes a damaged one for values."""

WRITE_ALL: Any = {"write_empty_chunks": True}
"""Chunks of zeros are written too: what is missing in a committed batch is damage."""

FLAT_KEYS: Any = {"name": "default", "separator": "."}
"""A chunk is one file in its array's folder; folders in folders would take longer to make."""

Objects = dict[str, bytes]
Answer = TypeVar("Answer")


class Layout(NamedTuple):
    """The objects of a store without batches.

    Parameters
    ----------
    objects
        Under their keys, the root's included.
    attributes
        Those of the root.
    """

    objects: Objects
    attributes: dict[str, Any]


def block_paths(attributes: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """Return the paths of the arrays that a batch has a part in, in the order of its record.

    Parameters
    ----------
    attributes
        Those of a store's root, if it may be older than this version; it then lacks what has been
        added since.
    """
    counted = dict.fromkeys(v.group for v in VARIABLES if "batch" in v.dims)
    stored = (v.path for v in known_variables(attributes) if BATCHED & set(v.dims))
    return (*stored, *(f"{group}/{COUNT_LABEL}" for group in counted))


def known_variables(attributes: Mapping[str, Any] | None) -> list[Variable]:
    """Return the variables of a store with such attributes; of this version if there are none."""
    if attributes is None:
        return list(VARIABLES)
    version = attributes.get("numbers_version", 0)
    return [variable for variable in VARIABLES if variable.since <= version]


@lru_cache(maxsize=1)
def batch_axes() -> dict[str, tuple[int, int]]:
    """Return, by the path of every array in batches, its axis of batches and how many it has."""
    dims = {v.path: v.dims for v in VARIABLES}
    found = {}
    for path in block_paths():
        axes = dims.get(path, ("batch",))
        found[path] = next(n for n, dim in enumerate(axes) if dim in BATCHED), len(axes)
    return found


def chunk_keys(batch: int, paths: Iterable[str] | None = None) -> list[str]:
    """Return the keys of a batch's chunks, in the order of `block_paths` or of the given paths."""
    keys = []
    for path in batch_axes() if paths is None else paths:
        axis, axes = batch_axes()[path]
        numbers = [str(batch if n == axis else 0) for n in range(axes)]
        keys.append(f"{path}/c.{'.'.join(numbers)}")
    return keys


def batch_of_chunk(key: str) -> int | None:
    """Return the batch that a chunk belongs to; None for every other object."""
    path, _, chunk = key.rpartition("/")
    if path not in batch_axes() or not chunk.startswith("c."):
        return None
    return int(chunk.split(".")[1 + batch_axes()[path][0]])


def lay_out(frame: Frame, attributes: Mapping[str, Any]) -> Layout:
    """Return the layout of a store.

    Parameters
    ----------
    frame
        Labels and sizes of the axes.
    attributes
        Root attributes; `run` among them names the run in every record.
    """
    sizes = {"trajectories": frame.trajectories, "batch_size": frame.batch_size}
    marks = {**attributes, **sizes}
    return sealed(in_a_loop(_laid_out(frame, marks)), marks)


def sealed(objects: Objects, attributes: Mapping[str, Any]) -> Layout:
    """Return objects with their seal, and a root that signs it."""
    seal = json.dumps({key: object_digest(objects[key]) for key in sorted(objects)})
    marks = signed({**attributes, "layout_checksum": text_digest(seal)})
    return Layout({**objects, **seal_objects(seal), ROOT: root_object(marks)}, marks)


def seal_objects(seal: str) -> Objects:
    """Return the array that holds the digest of every other object of the layout."""
    return in_a_loop(_sealed(seal))


def signed(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return root attributes with a checksum of all the others."""
    plain = {name: value for name, value in attributes.items() if name != "checksum"}
    return {**plain, "checksum": text_digest(json.dumps(plain, sort_keys=True))}


def root_object(attributes: Mapping[str, Any]) -> bytes:
    """Return the root of a store as zarr writes it."""
    memory = MemoryStore()
    zarr.create_group(memory, zarr_format=3, attributes=dict(attributes))
    return objects_of(memory)[ROOT]


def objects_of(memory: MemoryStore) -> Objects:
    """Return what zarr has written to memory."""
    return {key: data.to_bytes() for key, data in memory._store_dict.items()}


def memory_of(objects: Mapping[str, bytes]) -> MemoryStore:
    """Return objects as a store of zarr's that may be written to."""
    make = default_buffer_prototype().buffer.from_bytes
    return MemoryStore({key: make(data) for key, data in objects.items()})


def in_a_loop(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Return what asynchronous work gives, from any thread, one with an event loop included."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _laid_out(frame: Frame, marks: Mapping[str, Any]) -> Objects:
    memory = MemoryStore()
    sizes, labels = frame.sizes(), coordinates(frame)
    await create_group(store=memory, zarr_format=3)
    making = [_commits(memory, frame.batches, marks)]
    for name in GROUPS:
        members = [v for v in known_variables(marks) if v.group == name]
        dims = {dim for variable in members for dim in variable.dims}
        present = [label for label in labels if set(label.dims) <= dims]
        making.append(_group(memory, name, {"coordinates": _unindexed(present)}))
        making += [_data(memory, v, sizes, frame.batch_size) for v in members]
        making += [_label(memory, name, label) for label in present]
    if frame.draws is not None:
        labels, values = draw_labels(frame, frame.draws), draw_values(frame.draws)
        making.append(_group(memory, DRAWS, {"coordinates": _unindexed(labels)}))
        making += [_label(memory, DRAWS, array) for array in (*labels, *values)]
    await asyncio.gather(*making)
    exists = await zarr.api.asynchronous.open_array(store=memory, path="institutions/exists")
    await exists.setitem(..., frame.exists)
    objects = objects_of(memory)
    del objects[ROOT]
    return objects


def _unindexed(labels: Iterable[Coordinate]) -> str:
    """Return the names of labels that are not those of their own axis, as xarray wants them."""
    return " ".join(label.name for label in labels if label.dims != (label.name,))


async def _group(memory: MemoryStore, path: str, attributes: dict[str, Any]) -> None:
    await create_group(store=memory, path=path, zarr_format=3, attributes=attributes)


async def _array(memory: MemoryStore, path: str, **given: Any) -> Any:
    compressors = given.pop("compressors", COMPRESSED)
    return await create_array(
        memory,
        name=path,
        compressors=compressors,
        chunk_key_encoding=FLAT_KEYS,
        config=WRITE_ALL,
        **given,
    )


async def _data(
    memory: MemoryStore, variable: Variable, sizes: Mapping[str, int], batch_size: int
) -> None:
    """Make one array whose chunks are batches, so that no two writers ever share a chunk."""
    chunk_of = {"batch": 1, "trajectory": batch_size}
    await _array(
        memory,
        variable.path,
        shape=tuple(sizes[dim] for dim in variable.dims),
        chunks=tuple(chunk_of.get(dim, sizes[dim]) for dim in variable.dims),
        dtype=variable.dtype,
        fill_value=NOT_RUN if variable.name == "exit_reason" else 0,
        dimension_names=variable.dims,
        attributes=variable.attributes(),
    )


async def _label(memory: MemoryStore, group: str, label: Coordinate) -> None:
    """Make the labels of an axis; a batch's count of trajectories comes with the batch."""
    text, by_batch = label.values.dtype == object, label.name == COUNT_LABEL
    whole = [min(size, LABEL_CHUNK) for size in label.values.shape]
    growing = BATCHED & set(label.dims)
    array = await _array(
        memory,
        f"{group}/{label.name}",
        shape=label.values.shape,
        chunks=(1,) if by_batch else (LABEL_CHUNK,) if growing else tuple(whole),
        dtype=str if text else label.values.dtype,
        dimension_names=label.dims,
        attributes={"long_name": label.long_name, "units": label.units},
    )
    if not by_batch:
        await array.setitem(..., label.values)


async def _commits(memory: MemoryStore, batches: int, marks: Mapping[str, Any]) -> None:
    """Make the group of records: one row a batch, without compression, so that it is plain.

    Its attributes hold a copy of the root's, from which a damaged root can be mended.
    """
    about = "What was written of each batch: its number + 1, the run, 64 bits of every digest."
    copy = {name: value for name, value in marks.items() if name != "complete"}
    await _group(memory, COMMITS, {"description": about, ROOT_COPY: copy})
    entries = np.array(["batch", "run", *block_paths(marks)], dtype=object)
    await _array(
        memory,
        RECORD,
        shape=(batches, entries.size),
        chunks=(1, entries.size),
        dtype="uint64",
        dimension_names=("batch", "entry"),
        compressors=(Crc32cCodec(),),
        attributes={"long_name": "record of a batch", "units": "none"},
    )
    label = Coordinate("entry", ("entry",), entries, "none", "what a number of a record is")
    await _label(memory, COMMITS, label)


async def _sealed(seal: str) -> Objects:
    memory = MemoryStore()
    array = await _array(
        memory,
        SEAL,
        shape=(),
        dtype=str,
        attributes={"long_name": "digests of groups, arrays and labels", "units": "none"},
    )
    await array.setitem((), np.array(seal, dtype=object))
    return {key: data for key, data in objects_of(memory).items() if key.startswith(SEAL)}
