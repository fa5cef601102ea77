"""Carrying a run out in this process: in threads, or one batch after another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import Any

from dask import threaded
from dask.base import compute
from dask.callbacks import Callback
from dask.delayed import delayed
from dask.local import get_sync
from dask.system import CPU_COUNT

from forecast.execution.work import Block, Commit, Work, Written

# By name, dask would look for a cluster first, and import all of dask.distributed for that.
LOCAL = {"threads": threaded.get, "synchronous": get_sync}

AT_ONCE = 1000
"""Tasks handed to dask at a time; however long the run, no more are in memory."""


def run_here(
    work: Work, blocks: Iterator[Block], commit: Commit, scheduler: str, workers: int | None
) -> None:
    """Carry blocks out with one of dask's local schedulers.

    Parameters
    ----------
    work
        What a task does.
    blocks
        Batches, task by task.
    commit
        Called in this thread with every batch written.
    scheduler
        "threads" or "synchronous".
    workers
        Threads; by default one per processor.
    """
    stop = threading.Event()

    def unless_stopped(block: Block) -> list[Written]:
        written = []
        for index in block:
            if stop.is_set():
                break
            written.append(work.batch(index))
        return written

    pool = ThreadPoolExecutor(workers or CPU_COUNT)
    try:
        while window := list(islice(blocks, AT_ONCE)):
            # One opaque callable: dask would otherwise walk through the arrays it carries.
            tasks = [delayed(unless_stopped, pure=False, traverse=False)(b) for b in window]
            with _committing(commit):
                compute(*tasks, scheduler=LOCAL[scheduler], pool=pool)  # type: ignore[no-untyped-call]
    finally:
        stop.set()
        pool.shutdown()  # nobody writes to the store any more when it is let go


@contextmanager
def _committing(commit: Commit) -> Iterator[None]:
    """Commit what every finished task of dask's local schedulers has written."""

    def after(key: Any, result: Any, *scheduler_state: Any) -> None:
        if isinstance(result, list):
            for written in result:
                commit(written)

    with Callback(posttask=after):  # type: ignore[no-untyped-call]
        yield
