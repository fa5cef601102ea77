"""What of a whole run is not kernel time, and how long a million trajectories take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from benchmarks.figures import Figure, Size, figure
from benchmarks.timing import spread
from benchmarks.worlds import SMALL, scenario_of
from forecast import run
from forecast.scenario.models import Scenario

MINUTE, THREADS, MILLION = 60.0, 2, 1_000_000


class Run(NamedTuple):
    """Seconds of one run and of its start; in the kernel and the store, those of all threads."""

    wall: float
    before: float
    kernel: float
    writing: float

    @property
    def other(self) -> float:
        """Share of the threads' time in which they did not run the kernel."""
        return 1.0 - self.kernel / (THREADS * self.wall)


def measure(size: Size) -> list[Figure]:
    settings = SMALL if size.factor == 0 else ()
    scenario = scenario_of("three_futures", *settings)
    batch = scenario.run.batch_size
    trajectories = 2
    if size.factor > 0:
        # A first short run tells how many trajectories a minute takes; whole batches per thread.
        short = _run(scenario, THREADS * batch)
        pace = THREADS * batch / (short.wall - short.before)
        turns = max(1, round(size.factor * MINUTE * pace / (THREADS * batch)))
        trajectories = turns * THREADS * batch
    runs = [_run(scenario, trajectories) for _ in range(size.rounds)]
    wall = spread([x.wall for x in runs])
    before = spread([100 * x.before / x.wall for x in runs]).median
    writing = spread([100 * x.writing / (THREADS * x.wall) for x in runs]).median
    share = spread([100 * x.other for x in runs])
    minutes = spread([x.wall / 60 * MILLION / trajectories for x in runs])
    made = f"{trajectories:,} trajectories in batches of {batch}, {wall.median:.0f} s"
    return [
        figure("overhead_share", "share of a run that is not kernel time", "%", share,
               f"{made}; before the first batch {before:.1f} %, writing {writing:.1f} %"),
        figure("million_minutes", "three_futures, 1,000,000 trajectories, 2 threads", "min",
               minutes, f"in proportion to {made}"),
    ]  # fmt: skip


def _run(scenario: Scenario, trajectories: int) -> Run:
    work, simulator = map(
        import_module, ("forecast.execution.work", "forecast.execution.simulator")
    )
    with (
        TemporaryDirectory() as folder,
        _timed(simulator, "simulate_into") as kernel,
        _timed(work, "write_batch") as writing,
    ):
        start = time.perf_counter()
        run(
            scenario,
            output=Path(folder) / "run.zarr",
            trajectories=trajectories,
            workers=THREADS,
            progress=lambda done, total: None,
        )
        wall = time.perf_counter() - start
    before = min(call.start for call in kernel) - start
    busy, writing_busy = (sum(call.seconds for call in calls) for calls in (kernel, writing))
    return Run(wall, before, busy, writing_busy)


class Call(NamedTuple):
    """When a call began, and the seconds that it took."""

    start: float
    seconds: float


@contextmanager
def _timed(module: Any, name: str) -> Iterator[list[Call]]:
    """Yield the calls of a module's function, filled as they are made."""
    function, calls = getattr(module, name), []

    def timed(*arguments: Any) -> Any:
        start = time.perf_counter()
        result = function(*arguments)
        calls.append(Call(start, time.perf_counter() - start))
        return result

    setattr(module, name, timed)
    try:
        yield calls
    finally:
        setattr(module, name, function)
