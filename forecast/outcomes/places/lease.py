"""A lease on an object store: who holds it renews it, and who finds an old one takes it over."""

from __future__ import annotations

import os
import platform
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import obstore
import psutil
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError

from forecast.errors import ForecastError
from forecast.outcomes.places.bucket import explained

if TYPE_CHECKING:
    from obstore.store import ObjectStore

RENEWED_EVERY = timedelta(seconds=20)
STALE_AFTER = timedelta(seconds=120)

TRIES = 3
"""Times a lease is asked for that is let go just as it is looked at."""


class Seen(NamedTuple):
    """A lease as it lies in the object store: its text, its version, and when it was written."""

    text: str
    version: Any
    written: datetime

    @property
    def died_here(self) -> bool:
        """Whether its holder was a process of this machine that is no more."""
        host, _, process = self.text.partition(" ")[0].rpartition(":")
        return host == platform.node() and not psutil.pid_exists(int(process))


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
    ours = Lease(store, key, name)
    with explained(name):
        ours.take()
    stop = threading.Event()
    renewing = threading.Thread(target=ours.keep, args=(stop,), daemon=True)
    renewing.start()
    try:
        yield
    finally:
        stop.set()
        renewing.join()
        ours.release()


class Lease:
    """One run's claim to a store.

    No two texts are the same, since the version of an object may be a digest of what it holds.

    Parameters
    ----------
    store, key, name
        As `lease` takes them.
    """

    def __init__(self, store: ObjectStore, key: str, name: str) -> None:
        self.store, self.key, self.name = store, key, name
        self.holder = f"{platform.node()}:{os.getpid()} {uuid.uuid4().hex}"
        self.version: Any = None
        self.writes = 0

    def take(self) -> None:
        """Make the lease ours, or raise if it is another run's."""
        for _ in range(TRIES):
            if self._put("create"):
                return
            if (other := self.seen()) is not None:
                self._take_over(other)
                return
        raise ForecastError(f"{self.name}: other runs are writing this store; try again")

    def _take_over(self, other: Seen) -> None:
        age = _server_time(self.store, self.key) - other.written
        if (age >= STALE_AFTER or other.died_here) and self._put(other.version):
            return
        raise ForecastError(
            f"{self.name}: another run is writing this store ({other.text.partition(' ')[0]}, seen "
            f"{age.total_seconds():.0f} s ago); wait for it, or choose another --output. If it "
            f"died on another machine, its lease ends {STALE_AFTER.total_seconds():.0f} s after it "
            "was last renewed"
        )

    def keep(self, stop: threading.Event) -> None:
        """Write the lease anew from time to time, as long as nobody else has taken it."""
        while not stop.wait(RENEWED_EVERY.total_seconds()):
            try:
                if not self._put(self.version):
                    return
            except BaseError:  # the network; there is time to try again
                continue

    def release(self) -> None:
        """Let the lease go if it is still ours; out of reach, it ends by itself."""
        try:
            if self._is_ours():
                obstore.delete(self.store, self.key)
        except (BaseError, OSError):
            return

    def seen(self) -> Seen | None:
        """Return the lease as it lies there; None if nobody has it."""
        try:
            found = obstore.get(self.store, self.key)
        except FileNotFoundError:
            return None
        text = bytes(found.bytes()).decode()
        return Seen(text, _version(found.meta), found.meta["last_modified"])

    def _put(self, condition: Any) -> bool:
        """Write the lease on a condition, and return whether it is ours."""
        self.writes += 1
        text = f"{self.holder} {self.writes}".encode()
        try:
            self.version = _version(obstore.put(self.store, self.key, text, mode=condition))
        except (AlreadyExistsError, PreconditionError):
            return self._is_ours()
        except FileNotFoundError:
            if condition == "create":
                raise
            return False
        return True

    def _is_ours(self) -> bool:
        """Return whether the lease is ours: a write may succeed without our hearing of it."""
        found = self.seen()
        if found is None or not found.text.startswith(self.holder):
            return False
        self.version = found.version
        return True


def _version(told: Any) -> dict[str, str]:
    """Return what names an object's version, as a condition for the next write."""
    return {name: told[name] for name in ("e_tag", "version") if told[name] is not None}


def _server_time(store: ObjectStore, key: str) -> datetime:
    """Return the time by the object store's clock, which may differ from ours."""
    probe = f"{key}-{uuid.uuid4().hex}"
    obstore.put(store, probe, b"")
    try:
        return obstore.head(store, probe)["last_modified"]
    finally:
        obstore.delete(store, probe)
