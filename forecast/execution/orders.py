"""What happens inside a worker of dask.distributed."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from forecast.errors import ForecastError
from forecast.execution.work import Block, Work, Written
from forecast.execution.workers import Software, fault_of_this_process
from forecast.outcomes.layout import COMMITS_ROOT


@dataclass(frozen=True)
class Order:
    """What all tasks of a run share.

    Parameters
    ----------
    run
        Name of this run among others on the same cluster.
    work
        What a task does.
    software
        That of the driver.
    """

    run: str
    work: Work
    software: Software


class _Desk:
    """Tasks that this process is at, by their run, and runs that have been let go."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.at_work: Counter[str] = Counter()
        self.over: set[str] = set()

    @contextmanager
    def busy(self, run: str) -> Iterator[None]:
        self._count(run, 1)
        try:
            yield
        finally:
            self._count(run, -1)

    def _count(self, run: str, change: int) -> None:
        with self.lock:
            self.at_work[run] += change


_DESK = _Desk()


def dask_setup(worker: object) -> None:
    """Leave Ctrl-C, which a terminal sends to all processes of a run, to the driver alone.

    Called by dask in the worker processes that a run starts itself.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def same(order: Order) -> Order:
    """Return the order, as the result of a task that others can draw on."""
    return order


def carry_out(order: Order, block: Block) -> list[Written]:
    """Simulate and write a block, unless this process is unfit for it.

    Workers that join a run late have not been checked by its driver.

    Raises
    ------
    ForecastError
        If the software is another than the driver's, or the store cannot be written to from here.
    """
    sheet = order.work.sheet
    fault = fault_of_this_process(order.software, sheet.place, sheet.objects[COMMITS_ROOT])
    if fault is not None:
        raise ForecastError(f"the worker {_address()} {fault}")
    with _DESK.busy(order.run):
        return [order.work.batch(index) for index in block if order.run not in _DESK.over]


async def let_go(run: str, seconds: float) -> None:
    """Begin no further batch of a run here, and wait until those begun are written."""
    _DESK.over.add(run)
    deadline = time.monotonic() + seconds
    while _DESK.at_work[run] and time.monotonic() < deadline:
        await asyncio.sleep(0.02)


def _address() -> str:
    from distributed import get_worker

    return str(get_worker().address)
