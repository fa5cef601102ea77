"""Where the objects of a store lie: a folder or an object store, behind the same few verbs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from forecast.errors import ForecastError
from forecast.outcomes.places.folder import Folder

if TYPE_CHECKING:
    from zarr.abc.store import Store

AT_ONCE = 16
"""Objects asked for at the same time, where an answer takes long."""

Key = TypeVar("Key")
Answer = TypeVar("Answer")


class Place(Protocol):
    """Where one store lies. Keys are paths inside it; an object is written whole or not at all."""

    @property
    def name(self) -> str:
        """How a person calls it."""

    @property
    def plain(self) -> Store:
        """The place as zarr reads it, without any check."""

    @property
    def draft(self) -> Place:
        """Where a first run grows; the place itself where nothing can be renamed."""

    def get(self, key: str) -> bytes | None:
        """Return an object, or None where there is none."""

    def list(self, prefix: str) -> list[str]:
        """Return the keys that begin with a folder's path."""

    def make_room(self, keys: Iterable[str]) -> None:
        """Make the folders that objects of these keys need."""

    def put(self, objects: Mapping[str, bytes]) -> None:
        """Write objects, each atomically; on return they survive a loss of power."""

    def delete(self, keys: Iterable[str]) -> None:
        """Remove objects; those that are missing already are no fault."""

    def taken(self) -> bool:
        """Return whether anything lies here."""

    def clear(self) -> None:
        """Remove everything that lies here, the root object first."""

    def take_draft(self) -> None:
        """Let the finished draft take this place, and what was here before go."""

    def held(self) -> AbstractContextManager[None]:
        """Return a context in which no other run may write here."""


def place_of(output: str | os.PathLike[str]) -> Place:
    """Return the place that a path or an address such as ``s3://bucket/run.zarr`` names.

    Raises
    ------
    ForecastError
        If it is an address that was made a path, in which its slashes have gone, or that of a
        whole bucket, whose other objects a run must not touch.
    """
    text = os.fspath(output)
    if re.match("[a-z][a-z0-9]+:/[^/]", text):
        raise ForecastError(
            f"{text}: was an address before it became a path; give it as a text, such as "
            "s3://bucket/run.zarr"
        )
    if "://" not in text:
        return Folder(Path(text))
    if text.startswith("file://"):
        return Folder(Path(text.removeprefix("file://")))
    from forecast.outcomes.places.bucket import Bucket

    scheme, _, path = text.partition("://")
    if "/" not in path.strip("/"):
        raise ForecastError(
            f"{text}: not the address of an object store's part that is a run's alone; it looks "
            "like s3://bucket/run.zarr"
        )
    return Bucket(f"{scheme}://{path.rstrip('/')}")


def get_many(place: Place, keys: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
    """Yield keys and their objects, in the order of the keys."""
    if isinstance(place, Folder):
        return ((key, place.get(key)) for key in keys)
    return zip(keys, _pool().map(place.get, keys), strict=True)


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="objects")
