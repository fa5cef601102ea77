"""A lease on an object store: who holds it renews it, and who finds an old one takes it over."""

from __future__ import annotations

import os
import platform
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError

from forecast.errors import ForecastError

if TYPE_CHECKING:
    from obstore.store import ObjectStore

RENEWED_EVERY = timedelta(seconds=20)
STALE_AFTER = timedelta(seconds=120)


@contextmanager
def lease(store: ObjectStore, key: str, name: str) -> Iterator[None]:
    """Hold a lease that every other run respects.

    Parameters
    ----------
    store
        Object store with conditional writes.
    key
        Key of the lease.
    name
        How people call the store.

    Raises
    ------
    ForecastError
        If another run holds it and has renewed it within `STALE_AFTER`.
    """
    held = _taken(store, key, name)
    stop = threading.Event()
    renewing = threading.Thread(target=_renew, args=(store, key, held, stop), daemon=True)
    renewing.start()
    try:
        yield
    finally:
        stop.set()
        renewing.join()
        with suppress(BaseError, FileNotFoundError):
            if _text(store, key) == held[0]:
                obstore.delete(store, key)


def _taken(store: ObjectStore, key: str, name: str) -> tuple[bytes, Any]:
    """Return the lease's text and its version, once it is ours."""
    text = _signature()
    try:
        return text, obstore.put(store, key, text, mode="create")
    except AlreadyExistsError:
        pass
    except BaseError as error:
        reason = str(error).split("\n", 1)[0]
        raise ForecastError(f"{name}: cannot be locked for writing ({reason})") from error
    found = obstore.head(store, key)
    age = _server_time(store, key) - found["last_modified"]
    holder = _text(store, key).decode().partition(" ")[0]
    refusal = ForecastError(
        f"{name}: another run is writing this store ({holder}, seen {age.total_seconds():.0f} s "
        f"ago); wait for it, or choose another --output. If it died, its lease ends "
        f"{STALE_AFTER.total_seconds():.0f} s after it was last renewed"
    )
    if age < STALE_AFTER:
        raise refusal
    try:
        version: Any = {"e_tag": found["e_tag"], "version": found["version"]}
        return text, obstore.put(store, key, text, mode=version)
    except PreconditionError:
        raise refusal from None


def _renew(store: ObjectStore, key: str, held: tuple[bytes, Any], stop: threading.Event) -> None:
    """Write the lease anew from time to time, as long as nobody else has taken it."""
    text, version = held
    while not stop.wait(RENEWED_EVERY.total_seconds()):
        try:
            version = obstore.put(store, key, text, mode=version)
        except PreconditionError:
            return
        except BaseError:
            continue


def _signature() -> bytes:
    return f"{platform.node()}:{os.getpid()} {uuid.uuid4().hex}".encode()


def _text(store: ObjectStore, key: str) -> bytes:
    return bytes(obstore.get(store, key).bytes())


def _server_time(store: ObjectStore, key: str) -> Any:
    """Return the time by the object store's clock, which may differ from ours."""
    probe = f"{key}-{uuid.uuid4().hex}"
    obstore.put(store, probe, b"")
    try:
        return obstore.head(store, probe)["last_modified"]
    finally:
        obstore.delete(store, probe)
