"""A store in an object store (S3, Google Cloud Storage, Azure), by way of obstore."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from forecast.errors import ForecastError

if TYPE_CHECKING:
    from obstore.store import ObjectStore

ROOT = "zarr.json"

LOCK = "commits/layout/lock"
"""Key of the lease; zarr does not look for members inside an array."""

AT_ONCE = 16


@dataclass(frozen=True)
class Bucket:
    """A store below an address such as ``s3://bucket/run.zarr``.

    An object is put whole or not at all, and nothing can be renamed: a first run grows in place,
    and its root object, by which a store is known, comes last.
    """

    name: str

    @property
    def draft(self) -> Bucket:
        """The place itself."""
        return self

    def get(self, key: str) -> bytes | None:
        """Return an object, or None where there is none."""
        import obstore

        with self._explained():
            try:
                return bytes(obstore.get(self._store, key).bytes())
            except FileNotFoundError:
                return None

    def list(self, prefix: str) -> list[str]:
        """Return the keys below a prefix, in order."""
        import obstore

        with self._explained():
            pages = obstore.list(self._store, prefix or None)
            return sorted(str(found["path"]) for page in pages for found in page)

    def make_room(self, keys: Iterable[str]) -> None:
        """Do nothing: an object store has no folders."""

    def put(self, objects: Mapping[str, bytes]) -> None:
        """Put objects; an object store keeps what it has acknowledged."""
        import obstore

        def put(item: tuple[str, bytes]) -> None:
            with self._explained():
                obstore.put(self._store, item[0], item[1])

        for _ in _pool().map(put, objects.items()):
            pass

    def delete(self, keys: Iterable[str]) -> None:
        """Remove objects; those that are missing already are no fault."""
        import obstore

        if wanted := list(keys):
            with self._explained():
                obstore.delete(self._store, wanted)

    def taken(self) -> bool:
        """Return whether any object but the lease lies here."""
        return any(key != LOCK for key in self.list(""))

    def clear(self) -> None:
        """Remove every object but the lease, the root first."""
        self.delete([ROOT] if self.get(ROOT) is not None else [])
        self.delete(key for key in self.list("") if key != LOCK)

    def take_draft(self) -> None:
        """Do nothing: a store grows where it stays."""

    def held(self) -> AbstractContextManager[None]:
        """Keep every other run from writing here, by a lease that is renewed while it is held."""
        from forecast.outcomes.places.lease import lease

        return lease(self._store, LOCK, self.name)

    @property
    def _store(self) -> ObjectStore:
        return _opened(self.name)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the library reports into a message for people."""
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, PermissionError) as error:
            reason = str(error).split("\n", 1)[0]
            raise ForecastError(
                f"{self.name}: the object store does not answer as it should ({reason}); check the "
                "address, the network and the credentials"
            ) from error


@lru_cache
def _opened(address: str) -> ObjectStore:
    """Return obstore's store for an address; credentials come from the environment."""
    try:
        from obstore.exceptions import BaseError
        from obstore.store import from_url
    except ModuleNotFoundError:
        raise ForecastError(
            f"{address}: object stores need the extra 'cloud': pip install "
            '"crossroads-forecast[cloud]"'
        ) from None
    settings: dict[str, Any] = {"retry_config": {"max_retries": 8}}
    try:
        return from_url(address, **settings)
    except (BaseError, ValueError) as error:
        raise ForecastError(
            f"{address}: not the address of an object store ({error}); it looks like "
            "s3://bucket/run.zarr"
        ) from error


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="objects")
