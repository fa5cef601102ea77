"""Work as it goes on workers that are slow, run into a full disk, or die of it."""

from __future__ import annotations

import errno
import os
import time

from forecast.execution.work import Work, Written

PAUSE = 0.2
"""Seconds before every batch, so that whatever happens surely happens in the middle of the run."""

FATAL = 3
"""Number of the batch that goes wrong."""


class Slow(Work):
    """Takes its time."""

    def batch(self, index: int) -> Written:
        time.sleep(PAUSE)
        return super().batch(index)


class Full(Work):
    """Finds the disk full."""

    def batch(self, index: int) -> Written:
        if index == FATAL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().batch(index)


class Deadly(Work):
    """Takes its process down, as the system does when memory runs out."""

    def batch(self, index: int) -> Written:
        if index == FATAL:
            os._exit(1)
        return super().batch(index)
