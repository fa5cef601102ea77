"""Reading a store with nothing taken on trust: the sealed layout, and committed batches alone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from typing import Any

import zarr
from zarr.abc.store import ByteRequest, Store
from zarr.api.asynchronous import open_array
from zarr.core.buffer import Buffer, BufferPrototype
from zarr.storage import MemoryStore

from forecast.errors import ForecastError
from forecast.outcomes.commits import is_whole, record_key
from forecast.outcomes.digest import object_digest, text_digest
from forecast.outcomes.layout import (
    COMMITS,
    COMMITS_ROOT,
    ROOT,
    ROOT_COPY,
    SEAL,
    SEAL_KEY,
    Layout,
    Objects,
    batch_axes,
    batch_of_chunk,
    in_a_loop,
    memory_of,
    root_object,
    seal_objects,
    signed,
)
from forecast.outcomes.places import Place, get_many


class DamagedError(ForecastError):
    """An object of a store is missing, or is not what was written."""

    def __init__(self, place: Place, key: str) -> None:
        super().__init__(
            f"{place.name}: {key} is damaged or missing, so nothing that rests on it is read; see "
            f"what can be mended with: forecast store verify {place.name}"
        )
        self.place, self.key = place, key

    def __reduce__(self) -> tuple[Any, ...]:
        return DamagedError, (self.place, self.key)


def root_attributes(place: Place) -> dict[str, Any] | None:
    """Return the attributes of the root of a store; None where there is no readable root.

    Raises
    ------
    DamagedError
        If they are not what was written.
    """
    data = place.get(ROOT)
    if data is None:
        return None
    try:
        found: dict[str, Any] = json.loads(data)["attributes"]
    except (ValueError, KeyError, TypeError):
        return None
    if "checksum" in found and signed(found) != found:
        raise DamagedError(place, ROOT)
    return found


def read_layout(place: Place) -> Layout:
    """Return the layout of a store, every object of it as it was written.

    Raises
    ------
    DamagedError
        If one is not.
    ForecastError
        If the store is being extended.
    """
    layout, faults = examined_layout(place, root_attributes(place))
    if faults:
        raise DamagedError(place, faults[0])
    return layout


def examined_layout(place: Place, attributes: Mapping[str, Any] | None) -> tuple[Layout, list[str]]:
    """Return the sound part of a store's layout, and the keys of the objects that are not sound."""
    if attributes is None:
        raise DamagedError(place, ROOT)
    if not attributes["layout_checksum"]:
        raise ForecastError(
            f"{place.name}: is being extended, or extending it was cut short; wait, or finish it "
            "with the same forecast run as before"
        )
    sealed = sealed_digests(place, attributes)
    if sealed is None:
        return Layout({}, dict(attributes)), [SEAL_KEY]
    wanted = {
        **sealed,
        **{k: object_digest(v) for k, v in seal_objects("").items() if k != SEAL_KEY},
    }
    found: Objects = {ROOT: root_object(attributes)}
    faults = []
    for key, data in get_many(place, list(wanted)):
        if data is None or object_digest(data) != wanted[key]:
            faults.append(key)
        else:
            found[key] = data
    return Layout(found, dict(attributes)), faults


def sealed_digests(place: Place, attributes: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the digest of every object of the layout by its key; None if the seal is damaged."""
    text = seal_text(place)
    if text is None or text_digest(text) != attributes["layout_checksum"]:
        return None
    digests: dict[str, str] = json.loads(text)
    return digests


def seal_text(place: Place) -> str | None:
    """Return the seal of a store's layout; None if it cannot be read."""
    data = place.get(SEAL_KEY)
    if data is None or not is_whole(data):
        return None
    memory = memory_of({**seal_objects(""), SEAL_KEY: data})
    try:
        return str(zarr.open_array(memory, path=SEAL, mode="r")[()])
    except (ValueError, RuntimeError, TypeError):  # codecs fail each in their own way
        return None


def copied_attributes(place: Place) -> dict[str, Any] | None:
    """Return the root's attributes from their copy, for a store whose root is damaged."""
    data, text = place.get(COMMITS_ROOT), seal_text(place)
    if data is None or text is None:
        return None
    if object_digest(data) != json.loads(text).get(COMMITS_ROOT):
        return None
    copy: dict[str, Any] = json.loads(data)["attributes"][ROOT_COPY]
    return {**copy, "layout_checksum": text_digest(text)}


class Committed(MemoryStore):
    """A store for zarr that shows a sealed layout and, of its chunks, those of committed batches.

    A chunk of another batch reads as if it were not there. One of a committed batch that is
    missing, or does not end in its checksum, is an error and never a value.

    Parameters
    ----------
    place
        Where the chunks lie.
    layout
        Of the store; groups of other purposes than outcomes are left out.
    committed
        Numbers of the committed batches.
    """

    def __init__(self, place: Place, layout: Layout, committed: frozenset[int]) -> None:
        shown = {k: v for k, v in layout.objects.items() if not k.startswith(f"{COMMITS}/")}
        super().__init__(memory_of(shown)._store_dict, read_only=True)
        self.place, self.layout, self.committed = place, layout, committed
        # An extension does not touch whole batches; a shorter last one it runs again.
        end, size = layout.attributes.get("trajectories", 0), layout.attributes.get("batch_size", 1)
        self.short = end // size if end % size else None
        self.record = place.get(record_key(self.short)) if self.short in committed else None

    def with_read_only(self, read_only: bool = False) -> Committed:
        """Return the store itself: it is never written to."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Committed, (self.place, self.layout, self.committed)

    async def _is_another(self, batch: int) -> bool:
        """Return whether a batch has been withdrawn or run again since the store was opened."""
        return await asyncio.to_thread(self.place.get, record_key(batch)) != self.record

    async def get(
        self,
        key: str,
        prototype: BufferPrototype | None = None,
        byte_range: ByteRequest | None = None,
    ) -> Buffer | None:
        """Return an object of the layout, or a chunk of a committed batch."""
        batch = batch_of_chunk(key)
        if batch is None:
            return await super().get(key, prototype, byte_range)
        if batch not in self.committed:
            return None
        data = await asyncio.to_thread(self.place.get, key)
        if batch == self.short and await self._is_another(batch):
            raise ForecastError(
                f"{self.place.name}: was extended since it was opened; open it again"
            )
        if data is None or not is_whole(data):
            raise DamagedError(self.place, key)
        make = prototype.buffer if prototype is not None else Buffer
        return make.from_bytes(data)


def read_batch(
    store: Store, index: int, size: int, paths: Iterable[str] | None = None
) -> dict[str, Any]:
    """Return a batch's part of arrays in batches, without the batch axis.

    Parameters
    ----------
    store
        As zarr reads it.
    index
        Number of the batch.
    size
        Trajectories per batch.
    paths
        Arrays to read; by default all that are in batches.

    Raises
    ------
    DamagedError
        If a chunk is not what was written.
    """
    wanted = list(batch_axes() if paths is None else paths)
    return in_a_loop(_read_batch(store, index, size, wanted))


async def _read_batch(store: Store, index: int, size: int, paths: list[str]) -> dict[str, Any]:
    async def read(path: str) -> Any:
        array: Any = await open_array(store=store, path=path, mode="r")
        axis, _ = batch_axes()[path]
        whole = path.startswith("trajectories/")
        where = slice(index * size, (index + 1) * size) if whole else index
        return await array.getitem((*[slice(None)] * axis, where))

    values = await asyncio.gather(*(read(path) for path in paths))
    return dict(zip(paths, values, strict=True))
