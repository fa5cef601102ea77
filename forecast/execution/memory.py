"""How much memory a run takes, and how many workers fit into a given amount."""

from __future__ import annotations

import math

import numpy as np
import psutil
from dask.system import CPU_COUNT
from dask.utils import format_bytes, parse_bytes

from forecast.errors import ForecastError
from forecast.outcomes.frame import Frame
from forecast.outcomes.layout import block_paths
from forecast.outcomes.variables import VARIABLES

COPIES = 4
"""Copies of a batch that a worker holds at most: the kernel's, the stored type's, encoded ones.

Measured on three_futures with batches of 100 and 1,000: 3.0 to 3.7 times `batch_bytes` a worker.
"""

WIDE = 8
"""Bytes in which the kernel counts what is stored in fewer."""

DRIVER = 32 * 2**20
"""What a run takes beside its workers: layout, records, progress (measured: 15 to 25 MiB)."""


def batch_bytes(frame: Frame) -> int:
    """Return the bytes of one batch's part of every array, before compression."""
    sizes = {**frame.sizes(), "batch": 1, "trajectory": min(frame.batch_size, frame.trajectories)}
    stored = set(block_paths())
    return sum(
        math.prod(sizes[dim] for dim in variable.dims) * _width(variable.dtype, variable.dims)
        for variable in VARIABLES
        if variable.path in stored
    )


def _width(dtype: str, dims: tuple[str, ...]) -> int:
    return WIDE if "trajectory" in dims else np.dtype(dtype).itemsize


def peak_bytes(frame: Frame, held: int, workers: int, processes: int | None = None) -> int:
    """Return the most memory that a run takes on this machine.

    Parameters
    ----------
    frame
        Sizes of the outcomes.
    held
        Bytes of the inputs of all draws.
    workers
        Threads that simulate at the same time.
    processes
        Worker processes, of one thread each, if the run is to use them.
    """
    # Interpreter, libraries, kernel, packed world; and the draws, which every process keeps.
    loaded: int = psutil.Process().memory_info().rss + held
    one = COPIES * batch_bytes(frame)
    if processes is not None:
        return DRIVER + loaded + processes * (loaded + one)
    return DRIVER + loaded + workers * one


def fitting(
    memory: str | int | None,
    frame: Frame,
    held: int,
    workers: int | None,
    processes: int | None,
) -> tuple[int | None, int | None]:
    """Return as many workers, or worker processes, of those asked for as fit into memory.

    Parameters
    ----------
    memory
        Most memory to use, such as "4 GB"; None: as much as it takes.
    frame
        Sizes of the outcomes.
    held
        Bytes of the inputs of all draws.
    workers
        Threads asked for; None: one per processor.
    processes
        Worker processes asked for, if any.

    Raises
    ------
    ForecastError
        If the amount cannot be understood, or not even one worker fits.
    """
    if memory is None:
        return workers, processes
    limit = _bytes(memory)
    asked = processes if processes is not None else workers or CPU_COUNT
    for count in range(asked, 0, -1):
        needed = peak_bytes(frame, held, count, None if processes is None else count)
        if needed <= limit:
            return (workers, count) if processes is not None else (count, None)
    raise ForecastError(
        f"memory is {memory}, but even one worker needs {format_bytes(needed)}: allow more, or "
        f"ask for fewer architectures or draws, or a smaller run.batch_size ({frame.batch_size})"
    )


def _bytes(memory: str | int) -> int:
    try:
        return int(parse_bytes(memory))
    except ValueError:
        raise ForecastError(
            f"memory is {memory!r}, which is no amount; write it like 500MB or 4GiB"
        ) from None
