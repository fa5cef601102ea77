"""A store in an object store (S3, Google Cloud Storage, Azure), by way of obstore."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from forecast.errors import ForecastError

if TYPE_CHECKING:
    from obstore.store import ObjectStore
    from zarr.abc.store import Store

ROOT = "zarr.json"

LOCK = "commits/layout/lock"
"""Key of the lease; zarr does not look for members inside an array."""

AT_ONCE = 16

RETRIES = 8

ASKED_AGAIN = timedelta(minutes=10)
"""Age at which credentials are taken anew; boto3 renews its own so long before they end."""


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

    @property
    def plain(self) -> Store:
        """The objects as zarr reads them."""
        from zarr.storage import ObjectStore

        return ObjectStore(self.store, read_only=True)

    @property
    def store(self) -> ObjectStore:
        """What obstore reads and writes."""
        return _opened(self.name)

    def get(self, key: str) -> bytes | None:
        """Return an object, or None where there is none."""
        store = self.store
        import obstore

        with explained(self.name):
            try:
                return bytes(obstore.get(store, key).bytes())
            except FileNotFoundError:
                return None

    def list(self, prefix: str) -> list[str]:
        """Return the keys below a prefix, in order."""
        return sorted(self._keys(prefix))

    def _keys(self, prefix: str) -> Iterator[str]:
        store = self.store
        import obstore

        with explained(self.name):
            for page in obstore.list(store, prefix or None):
                yield from (str(found["path"]) for found in page)

    def make_room(self, keys: Iterable[str]) -> None:
        """Do nothing: an object store has no folders."""

    def put(self, objects: Mapping[str, bytes]) -> None:
        """Put objects; an object store keeps what it has acknowledged."""
        store = self.store
        import obstore

        def put(item: tuple[str, bytes]) -> None:
            with explained(self.name):
                obstore.put(store, item[0], item[1])

        for _ in _pool().map(put, objects.items()):
            pass

    def delete(self, keys: Iterable[str]) -> None:
        """Remove objects; those that are missing already are no fault."""
        store, wanted = self.store, [*keys]
        import obstore

        with explained(self.name):
            try:
                obstore.delete(store, wanted)
            except FileNotFoundError:  # some object stores give up at the first that is missing
                for key in wanted:
                    with suppress(FileNotFoundError):
                        obstore.delete(store, key)

    def taken(self) -> bool:
        """Return whether any object but the lease lies here."""
        return any(not _is_lease(key) for key in self._keys(""))

    def clear(self) -> None:
        """Remove every object but the lease, the root first."""
        self.delete([ROOT])
        self.delete(key for key in self._keys("") if not _is_lease(key))

    def take_draft(self) -> None:
        """Do nothing: a store grows where it stays."""

    def held(self) -> AbstractContextManager[None]:
        """Keep every other run from writing here, by a lease that is renewed while it is held."""
        store = self.store
        from forecast.outcomes.places.lease import lease

        return lease(store, LOCK, self.name)


def _is_lease(key: str) -> bool:
    """Return whether an object is the lease, or was put by who asked for it."""
    return key.startswith(LOCK)


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn what obstore reports into a message for people.

    Parameters
    ----------
    name
        How people call the store.

    Raises
    ------
    ForecastError
        If anything is reported.
    """
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, FileNotFoundError, PermissionError) as error:
        raise ForecastError(
            f"{name}: the object store does not answer as it should ({_reason(error)}); check the "
            "address, the network and the credentials"
        ) from error


def _reason(error: Exception) -> str:
    """Return in one line what an object store answered, or else what went wrong."""
    text = str(error)
    if told := re.search("<Code>(.+?)</Code>.*?<Message>(.+?)</Message>", text, re.DOTALL):
        return f"{told[1]}: {told[2].rstrip('.')}"
    return text.partition("\n")[0]


@lru_cache
def _opened(address: str) -> ObjectStore:
    """Return obstore's store for an address."""
    try:
        from obstore.exceptions import BaseError
        from obstore.store import from_url
    except ModuleNotFoundError:
        raise ForecastError(
            f"{address}: object stores need the extra 'cloud': pip install "
            '"crossroads-forecast[cloud]"'
        ) from None
    settings: dict[str, Any] = {"retry_config": {"max_retries": RETRIES}, **_profile(address)}
    try:
        return from_url(address, **settings)
    except (BaseError, ValueError) as error:
        raise ForecastError(
            f"{address}: not the address of an object store ({_reason(error)}); it looks like "
            "s3://bucket/run.zarr"
        ) from error


def _profile(address: str) -> dict[str, Any]:
    """Return the credentials of the user's AWS profile, where the environment holds none.

    obstore itself reads the environment, and what a machine in the cloud is given, but no files.
    """
    s3 = address.startswith(("s3://", "s3a://"))
    if not s3 or "AWS_ACCESS_KEY_ID" in os.environ or find_spec("boto3") is None:
        return {}
    from boto3 import Session
    from botocore.exceptions import BotoCoreError
    from obstore.auth.boto3 import Boto3CredentialProvider

    try:
        session = Session()
        if not session.available_profiles:
            return {}
        return {"credential_provider": Boto3CredentialProvider(session, ttl=ASKED_AGAIN)}
    except (BotoCoreError, ValueError) as error:
        raise ForecastError(f"{address}: no credentials of an AWS profile ({error})") from error


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="objects")
