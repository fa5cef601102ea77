"""How far a run is: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

LINE_SECONDS = 5.0
LINE_SHARE = 0.1

Progress = Callable[[int, int], None]
"""Called with the trajectories done so far and in all."""


@contextmanager
def show_progress(
    progress: Progress | None, total: int, done: int = 0
) -> Iterator[Callable[[int], None]]:
    """Yield a function to call with the number of trajectories just finished.

    Parameters
    ----------
    progress
        Told how many are done; by default people are told on standard error.
    total
        Trajectories per architecture.
    done
        How many of them were done before.
    """
    if progress is not None:
        yield _counting(progress, total, done)
    elif sys.stderr.isatty():
        with _bar(total, done) as report:
            yield report
    else:
        yield _counting(Lines(done), total, done)


def _counting(progress: Progress, total: int, done: int) -> Callable[[int], None]:
    def report(finished: int) -> None:
        nonlocal done
        done += finished
        progress(done, total)

    return report


class Lines:
    """Plain lines on standard error, one every few seconds or tenth of the run."""

    def __init__(self, before: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.start = self.told_at = clock()
        self.before = self.told = before

    def __call__(self, done: int, total: int) -> None:
        """Print a line if enough time or work has passed since the last."""
        now = self.clock()
        waited = now - self.told_at >= LINE_SECONDS
        if done < total and not waited and done - self.told < LINE_SHARE * total:
            return
        self.told, self.told_at = done, now
        print(
            progress_line(done, total, now - self.start, self.before), file=sys.stderr, flush=True
        )


def progress_line(done: int, total: int, seconds: float, before: int = 0) -> str:
    """Return how much is done, at what rate, and how long the rest will take.

    Parameters
    ----------
    done, total
        Trajectories.
    seconds
        Time that those beyond `before` took.
    before
        Trajectories that were done at the start.

    Examples
    --------
    >>> progress_line(2500, 10000, 5.0)
    '2,500 of 10,000 trajectories (25 %), 500 per second, 0:00:15 left'
    """
    rate = (done - before) / seconds if seconds > 0 else float("inf")
    left = timedelta(seconds=round((total - done) / rate))
    return (
        f"{done:,} of {total:,} trajectories ({done / total:.0%}".replace("%", " %")
        + f"), {rate:,.0f} per second, {left} left"
    )


@contextmanager
def _bar(total: int, before: int) -> Iterator[Callable[[int], None]]:
    from rich import progress as rich
    from rich.console import Console

    columns = (
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.MofNCompleteColumn(),
        rich.TextColumn("{task.fields[rate]}"),
        rich.TimeRemainingColumn(),
    )
    start = time.monotonic()
    with rich.Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("trajectories", total=total, completed=before, rate="")

        def report(finished: int) -> None:
            bar.advance(task, finished)
            rate = (bar.tasks[0].completed - before) / max(time.monotonic() - start, 1e-9)
            bar.update(task, rate=f"{rate:,.0f}/s")

        yield report
