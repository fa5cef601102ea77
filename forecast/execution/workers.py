"""What workers must have in common with the driver: software, and a store they can write to."""

from __future__ import annotations

import platform
import sys
import time
from functools import cache
from importlib import metadata
from typing import Any

from forecast.errors import ForecastError
from forecast.outcomes.layout import COMMITS_ROOT, SEAL
from forecast.outcomes.places import Place
from forecast.outcomes.store import NUMBERS_VERSION

PACKAGES = ("crossroads-forecast", "dask", "distributed", "llvmlite", "numba", "numpy", "zarr")
"""Packages whose versions results or messages between processes may depend on."""

PATIENCE = 10.0
"""Seconds after which people are told that there are no workers yet."""

SHOWN = 5
"""Workers named in a message, however many are at fault."""

Software = tuple[tuple[str, str], ...]
"""Names and versions."""


def check_workers(client: Any, place: Place) -> None:
    """Wait for a worker; raise unless scheduler and workers have this software and see the store.

    Parameters
    ----------
    client
        Of dask.distributed.
    place
        Where the store grows.

    Raises
    ------
    ForecastError
        If one of them differs, or a worker cannot write to the store.
    """
    here = environment()
    address = client.scheduler.address
    _refuse_unlike(here, {f"the scheduler {address}": _of_scheduler(client)}, "the scheduler")
    _await_worker(client, address)
    told = client.run(environment, on_error="return")
    _refuse_unlike(here, told, f"{{}} of {len(told)} workers")
    seen = client.run(unseen, place, place.get(COMMITS_ROOT), on_error="return")
    if blind := {worker: _reason(found) for worker, found in seen.items() if found is not None}:
        raise ForecastError(
            f"{place.name}: {len(blind)} of {len(seen)} workers cannot write there:\n"
            f"{_listed(blind)}\nChoose an --output in a folder that all machines share under the "
            "same path, or in an object store"
        )


def _of_scheduler(client: Any) -> Any:
    try:
        return client.run_on_scheduler(environment)
    except (ImportError, AttributeError, metadata.PackageNotFoundError) as error:
        return error


def _refuse_unlike(here: Software, told: dict[str, Any], whose: str) -> None:
    """Raise if a process has other software; `whose` may have room for how many there are."""
    unlike = {name: _difference(here, found) for name, found in told.items()}
    if bad := {name: text for name, text in unlike.items() if text}:
        raise ForecastError(
            f"the software of {whose.format(len(bad))} is not that of this process, so numbers "
            f"could differ:\n{_listed(bad)}\nInstall the same versions there (uv sync --locked)"
        )


def _await_worker(client: Any, address: str) -> None:
    """Wait until there is a worker; a cluster that adapts itself starts one for a task only."""
    if client.nthreads():
        return
    start, told = time.monotonic(), False
    errand = client.submit(bool, pure=False)
    try:
        while not errand.done():
            if not told and time.monotonic() - start > PATIENCE:
                told = True
                tell(f"no worker has joined the scheduler yet; waiting (dask worker {address})")
            time.sleep(0.05)
    finally:
        client.cancel(errand)


def tell(sentence: str) -> None:
    """Tell people at once what holds a run up."""
    print(sentence, file=sys.stderr, flush=True)


def environment() -> Software:
    """Return the versions that the numbers of this process depend on."""
    python = ".".join(platform.python_version_tuple()[:2])
    return (
        *((name, metadata.version(name)) for name in PACKAGES),
        ("python", python),
        ("machine", platform.machine()),
        ("numbers_version", str(NUMBERS_VERSION)),
    )


def unseen(place: Place, wanted: bytes | None) -> str | None:
    """Return why a store cannot be written to from here, or None if it can."""
    if place.get(COMMITS_ROOT) != wanted:
        return f"there is no such store at {place.name}"
    probe = f"{SEAL}/probe-{platform.node()}-{time.time_ns()}"
    try:
        place.put({probe: b"probe"})
        place.delete([probe])
    except OSError as error:
        return _reason(error)
    return None


def fault_of_this_process(software: Software, place: Place, wanted: bytes) -> str | None:
    """Return why this process must not do the work of a driver, or None; found out only once.

    Parameters
    ----------
    software
        The driver's.
    place
        Where the store grows.
    wanted
        The object by which the store is known.
    """
    known: Any = place
    return _fault_of_this_process(software, known, wanted)


@cache
def _fault_of_this_process(software: Software, place: Any, wanted: bytes) -> str | None:
    if difference := _difference(software, environment()):
        return f"has not the software of the run: {difference}; install the same versions there"
    if reason := unseen(place, wanted):
        return f"cannot write to the store: {reason}"
    return None


def _difference(here: Software, there: Any) -> str:
    if not isinstance(there, tuple):
        return f"does not answer: {_reason(there)}"
    found = dict(there)
    unlike = [
        f"{name} {found.get(name, 'missing')} instead of {version}"
        for name, version in here
        if found.get(name) != version
    ]
    return ", ".join(unlike)


def _reason(found: Any) -> str:
    if isinstance(found, OSError) and found.strerror:
        return found.strerror
    return str(found) or type(found).__name__


def _listed(found: dict[str, str]) -> str:
    lines = [f"  {name}: {text}" for name, text in list(found.items())[:SHOWN]]
    more = len(found) - len(lines)
    return "\n".join([*lines, f"  and {more} more"] if more else lines)
