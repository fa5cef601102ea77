"""Carrying a run out on workers of dask.distributed, on this machine or on many."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any
from uuid import uuid4

from forecast.errors import ForecastError
from forecast.execution import orders
from forecast.execution.orders import Order, carry_out, let_go, same
from forecast.execution.work import Block, Commit, Work, Written
from forecast.execution.workers import environment, tell

TASKS_PER_THREAD = 2
"""Tasks in flight for every thread of a worker: one at work, one waiting."""

RETRIES = 2

ANSWERS_WITHIN = 10.0
"""Seconds within which a scheduler that is there accepts a connection."""

FILE_WITHIN = 30.0
"""Seconds within which a scheduler that is being started leaves its address."""

COUNTED_EVERY = 5.0
"""Seconds between two looks at how many workers there are."""

LOOKED_EVERY = 0.005
"""Seconds between two looks at what has been done."""

ALONE = 300.0
"""Seconds without any worker after which people are told."""

LET_GO_WITHIN = 60.0
"""Seconds that a run which ends early gives its workers to finish the batch they are at."""


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
        If the scheduler cannot be reached, or the processes cannot be started.
    """
    given = [scheduler is not None, scheduler_file is not None, processes is not None]
    if sum(given) > 1:
        raise ForecastError("give only one of scheduler, scheduler_file and processes")
    if processes is not None:
        with _started_here(processes) as client:
            yield client
    elif (address := _address(scheduler, scheduler_file)) is not None:
        with _client_of(address) as client:
            yield client
    else:
        yield None if isinstance(scheduler, str) else scheduler


def elsewhere(scheduler: Any, scheduler_file: Any, processes: int | None) -> bool:
    """Return whether a run's workers are not started by it; dask's configuration counts too."""
    if processes is not None:
        return False
    if isinstance(scheduler, str):
        return "://" in scheduler
    return scheduler is not None or scheduler_file is not None or _configured() is not None


def _address(scheduler: Any, scheduler_file: Any) -> str | None:
    """Return where a scheduler is to be found; None if there is a client, or no need of one."""
    if scheduler_file is not None:
        return _left_in(Path(scheduler_file))
    if isinstance(scheduler, str) and "://" in scheduler:
        return scheduler
    return _configured() if scheduler is None else None


def _configured() -> str | None:
    import dask

    address = dask.config.get("scheduler-address", None)
    return str(address) if address else None


def _left_in(file: Path) -> str:
    """Return the address in a scheduler's file; one that is just being started may still write."""
    start = time.monotonic()
    while True:
        try:
            return str(json.loads(file.read_text())["address"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            if time.monotonic() - start > FILE_WITHIN:
                reason = error.strerror if isinstance(error, OSError) else "no such file of dask's"
                raise ForecastError(
                    f"{file}: no scheduler has left its address there ({reason}); start one with "
                    f"dask scheduler --scheduler-file {file}"
                ) from None
        time.sleep(0.1)


@contextmanager
def _client_of(address: str) -> Iterator[Any]:
    from distributed import Client

    try:
        client = Client(address, timeout=ANSWERS_WITHIN, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise ForecastError(
            f"no dask scheduler answers at {address} ({reason}); start one with dask scheduler, "
            "and workers with dask worker"
        ) from None
    with _silent("distributed.client"), client:
        yield client


@contextmanager
def _silent(name: str) -> Iterator[None]:
    """Keep what goes wrong, and is told in a sentence, from being told in a traceback as well."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


@contextmanager
def _started_here(processes: int) -> Iterator[Any]:
    from distributed import Client, LocalCluster

    try:
        cluster = LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=processes,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.ERROR,
            preload=[orders.__name__],
        )
    except RuntimeError as error:
        raise ForecastError(
            f"the {processes} worker processes cannot be started ({error}); a script must call "
            'run below  if __name__ == "__main__":  as every worker imports it'
        ) from None
    with cluster, Client(cluster, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        yield client


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
        If workers die again and again over the same block, or the scheduler is lost.
    """
    with _faults_explained(client.scheduler.address):
        flight = _Flight(client, Order(uuid4().hex, work, environment()))
        try:
            flight.fill(blocks)
            while flight.futures:
                for written in flight.landed():
                    commit(written)
                flight.fill(blocks)
        finally:
            flight.end()


@contextmanager
def _faults_explained(address: str) -> Iterator[None]:
    """Turn what dask reports into a message for people."""
    from distributed import KilledWorker
    from distributed.comm.core import CommClosedError

    try:
        yield
    except KilledWorker as error:
        raise ForecastError(
            f"a block was lost {error.allowed_failures + 1} times with the worker that was at it "
            f"(last {error.last_worker.address}); most likely its memory did not suffice: choose "
            "a smaller run.batch_size or fewer workers per machine. If not, the worker's log tells"
        ) from None
    except (CancelledError, CommClosedError):
        raise ForecastError(
            f"the dask scheduler {address} is gone, or the run was cancelled there. What was "
            "committed is kept, and the same run carries on from there"
        ) from None


class _Flight:
    """Tasks that the cluster has been given and that are not done yet."""

    def __init__(self, client: Any, order: Order) -> None:
        from distributed import as_completed

        self.client, self.order = client, order
        # The result of a task, not scattered data: dask can make it anew when its holder dies.
        self.shared = client.submit(same, order, pure=False)
        # Without its loop, a client waits in that of the newest client, possibly for ever.
        self.done: Any = as_completed(loop=client.loop, with_results=True)  # type: ignore[no-untyped-call]
        self.futures: set[Any] = set()
        self.crew = _Crew(client)

    def fill(self, blocks: Iterator[Block]) -> None:
        """Give the cluster as many blocks as its workers, those that came last among them, need."""
        room = TASKS_PER_THREAD * max(1, self.crew.threads())
        while len(self.futures) < room and (block := next(blocks, None)) is not None:
            future = self.client.submit(carry_out, self.shared, block, pure=False, retries=RETRIES)
            self.futures.add(future)
            self.done.add(future)

    def landed(self) -> list[Written]:
        """Wait for a block and return what was written of it."""
        while not self.done.has_ready():
            self.crew.threads()
            time.sleep(LOOKED_EVERY)
        future, written = next(self.done)
        self.futures.discard(future)
        if isinstance(written, BaseException):
            raise written
        found: list[Written] = written
        return found

    def end(self) -> None:
        """Take back what is not done, and let nobody write any more when the store is let go."""
        if self.client.status != "running":
            return
        unfinished = bool(self.futures)
        self.client.cancel([*self.futures, self.shared])
        if unfinished:
            self.client.run(let_go, self.order.run, LET_GO_WITHIN, on_error="ignore")


class _Crew:
    """How many threads the workers have; asked of the scheduler again every few seconds."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.known, self.asked = 0, float("-inf")
        self.seen, self.told = time.monotonic(), False

    def threads(self) -> int:
        """Return how many there are; tell people if there have been none for long."""
        now = time.monotonic()
        if now - self.asked >= COUNTED_EVERY:
            self.asked, self.known = now, self._count()
            self._watch(now)
        return self.known

    def _count(self) -> int:
        from distributed.comm.core import CommClosedError

        try:
            return sum(self.client.nthreads().values())
        except OSError as error:
            raise CommClosedError(str(error)) from None

    def _watch(self, now: float) -> None:
        if self.known:
            self.seen, self.told = now, False
        elif now - self.seen >= ALONE and not self.told:
            self.told = True
            tell(
                f"no worker has been there for {ALONE / 60:.0f} minutes; waiting for one (dask "
                f"worker {self.client.scheduler.address}). On Ctrl-C, what is committed is kept"
            )
