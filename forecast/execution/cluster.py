"""Carrying a run out on workers of dask.distributed, on this machine or on many."""

from __future__ import annotations

import logging
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from os import PathLike
from typing import Any

from forecast.errors import ForecastError
from forecast.execution.work import Block, Commit, Work, Written
from forecast.outcomes.layout import COMMITS_ROOT, SEAL
from forecast.outcomes.places import Place
from forecast.outcomes.store import NUMBERS_VERSION

PACKAGES = ("crossroads-forecast", "dask", "distributed", "llvmlite", "numba", "numpy", "zarr")
"""Packages whose versions results or messages between processes may depend on."""

TASKS_PER_THREAD = 2
"""Tasks in flight for every thread of a worker: one at work, one waiting."""

RETRIES = 2
COUNTED_EVERY = 5.0
"""Seconds between two looks at how many workers there are."""


@contextmanager
def connected(
    scheduler: Any, scheduler_file: str | PathLike[str] | None, processes: int | None
) -> Iterator[Any]:
    """Yield a client of dask.distributed, or None if the run is to stay in this process.

    Parameters
    ----------
    scheduler
        A client, the address of a scheduler, or None or the name of a local scheduler.
    scheduler_file
        File in which a scheduler has left its address.
    processes
        Worker processes to start on this machine.

    Raises
    ------
    ForecastError
        If the scheduler cannot be reached.
    """
    given = [scheduler is not None, scheduler_file is not None, processes is not None]
    if sum(given) > 1:
        raise ForecastError("give only one of scheduler, scheduler_file and processes")
    if processes is not None:
        with _started_here(processes) as client:
            yield client
        return
    where = _where(scheduler, scheduler_file)
    if where is None:
        yield scheduler if _is_client(scheduler) else None
        return
    from distributed import Client

    try:
        client = Client(**where, timeout=20, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ForecastError(
            f"no dask scheduler answers at {next(iter(where.values()))} ({error}); start one with "
            "dask scheduler, and workers with dask worker"
        ) from None
    with client:
        yield client


def _is_client(scheduler: Any) -> bool:
    return scheduler is not None and not isinstance(scheduler, str)


def _where(scheduler: Any, scheduler_file: Any) -> dict[str, str] | None:
    """Return where a scheduler is to be found; dask's own configuration counts too."""
    import dask

    if scheduler_file is not None:
        return {"scheduler_file": str(scheduler_file)}
    if isinstance(scheduler, str) and "://" in scheduler:
        return {"address": scheduler}
    if scheduler is None and (address := dask.config.get("scheduler-address", None)):
        return {"address": str(address)}
    return None


@contextmanager
def _started_here(processes: int) -> Iterator[Any]:
    from distributed import Client, LocalCluster

    with (
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=processes,
            threads_per_worker=1,
            dashboard_address=None,
            silence_logs=logging.ERROR,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,  # type: ignore[no-untyped-call]
    ):
        yield client


def check_workers(client: Any, place: Place) -> None:
    """Raise unless every worker has the same software and sees the store.

    Parameters
    ----------
    client
        Of dask.distributed.
    place
        Where the store grows.

    Raises
    ------
    ForecastError
        If there are no workers, or one differs, or one cannot write to the store.
    """
    client.wait_for_workers(1, timeout=60)
    here = environment()
    told = client.run(environment, on_error="return")
    unlike = {worker: _unlike(here, found) for worker, found in told.items()}
    if bad := {worker: text for worker, text in unlike.items() if text}:
        raise ForecastError(
            f"{len(bad)} of {len(told)} workers have not the software of this process, so their "
            f"numbers could differ:\n{_by_worker(bad)}\nInstall the same versions there "
            "(uv sync --locked)"
        )
    seen = client.run(sees, place, place.get(COMMITS_ROOT), on_error="return")
    if blind := {worker: str(found) for worker, found in seen.items() if found is not None}:
        raise ForecastError(
            f"{place.name}: {len(blind)} of {len(seen)} workers cannot write there:\n"
            f"{_by_worker(blind)}\nChoose an --output in a folder that all machines share under "
            "the same path, or in an object store"
        )


def environment() -> dict[str, str]:
    """Return the versions that the numbers of this process depend on."""
    found = {name: metadata.version(name) for name in PACKAGES}
    python = ".".join(platform.python_version_tuple()[:2])
    return {
        **found,
        "python": python,
        "machine": platform.machine(),
        "numbers_version": str(NUMBERS_VERSION),
    }


def sees(place: Place, wanted: bytes) -> str | None:
    """Return why a store cannot be written to from here, or None if it can."""
    if place.get(COMMITS_ROOT) != wanted:
        return "there is no such store"
    probe = f"{SEAL}/probe-{platform.node()}-{time.time_ns()}"
    try:
        place.put({probe: b"probe"})
        place.delete([probe])
    except OSError as error:
        return error.strerror or str(error)
    return None


def _unlike(here: dict[str, str], there: Any) -> str:
    if not isinstance(there, dict):
        return f"does not answer: {there}"
    unlike = [
        f"{name} {there.get(name, 'missing')} instead of {version}"
        for name, version in here.items()
        if there.get(name) != version
    ]
    return ", ".join(unlike)


def _by_worker(found: dict[str, str]) -> str:
    return "\n".join(f"  {worker}: {text}" for worker, text in list(found.items())[:5])


def run_on(client: Any, work: Work, blocks: Iterator[Block], commit: Commit) -> None:
    """Carry blocks out on the workers of a cluster, a bounded number of them at a time.

    Workers may leave and come meanwhile; a block that was lost with its worker is done again.

    Parameters
    ----------
    client
        Of dask.distributed.
    work
        What a task does.
    blocks
        Batches, task by task.
    commit
        Called in this thread with every batch written.

    Raises
    ------
    ForecastError
        If workers die again and again over the same block.
    """
    from distributed import KilledWorker, as_completed

    # The result of a task, not scattered data: dask can make it anew when its holder dies.
    shared = client.submit(_same, work, pure=False)
    # Without its loop, a client waits in that of the newest client, possibly for ever.
    running: Any = as_completed(loop=client.loop, with_results=True)  # type: ignore[no-untyped-call]
    futures: set[Any] = set()
    flight = _Flight(client)

    def submit() -> None:
        while len(futures) < flight.size() and (block := next(blocks, None)) is not None:
            future = client.submit(_call, shared, block, pure=False, retries=RETRIES)
            futures.add(future)
            running.add(future)

    try:
        submit()
        for future, written in running:
            futures.discard(future)
            for one in written:
                commit(one)
            submit()
    except KilledWorker as error:
        raise ForecastError(
            f"a block was lost {error.allowed_failures + 1} times with the worker that was at it "
            f"(last {error.last_worker.address}); most likely its memory did not suffice: choose "
            "a smaller run.batch_size or fewer workers per machine"
        ) from None
    finally:
        client.cancel([*futures, shared])


class _Flight:
    """How many tasks may be in flight; asked of the scheduler again every few seconds."""

    def __init__(self, client: Any) -> None:
        self.client, self.asked, self.threads = client, -COUNTED_EVERY, 1

    def size(self) -> int:
        now = time.monotonic()
        if now - self.asked >= COUNTED_EVERY:
            threads = sum(self.client.nthreads().values())
            self.asked, self.threads = now, max(1, threads)
        return TASKS_PER_THREAD * self.threads


def _same(work: Work) -> Work:
    return work


def _call(work: Work, block: Block) -> list[Written]:
    return work(block)
