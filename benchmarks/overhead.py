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
from forecast.scenario.models import Scenario

MINUTE, THREADS, MILLION = 60.0, 2, 1_000_000


class Run(NamedTuple):
    """Seconds of one run: on the clock, and in the kernel and in writing over all threads."""

    wall: float
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
        pace = 2 * batch / _run(scenario, 2 * batch).wall
        turns = max(1, round(size.factor * MINUTE * pace / (THREADS * batch)))
        trajectories = turns * THREADS * batch
    runs = [_run(scenario, trajectories) for _ in range(size.rounds)]
    wall, writing = spread([x.wall for x in runs]), spread([x.writing for x in runs])
    share = spread([100 * x.other for x in runs])
    minutes = spread([x.wall / 60 * MILLION / trajectories for x in runs])
    made = f"{trajectories:,} trajectories in batches of {batch}, {wall.median:.0f} s"
    wrote = f"writing {100 * writing.median / (THREADS * wall.median):.1f} %"
    return [
        figure("overhead_share", "share of a run that is not kernel time", "%", share,
               f"{made}; of it {wrote}"),
        figure("million_minutes", "three_futures, 1,000,000 trajectories, 2 threads", "min",
               minutes, f"in proportion to {made}"),
    ]  # fmt: skip


def _run(scenario: Scenario, trajectories: int) -> Run:
    corridor = import_module("forecast.run")
    with (
        TemporaryDirectory() as folder,
        _timed(corridor, "simulate_batch") as kernel,
        _timed(corridor, "write_batch") as writing,
    ):
        start = time.perf_counter()
        corridor.run(
            scenario,
            output=Path(folder) / "run.zarr",
            trajectories=trajectories,
            workers=THREADS,
            progress=lambda done, total: None,
        )
        return Run(time.perf_counter() - start, sum(kernel), sum(writing))


@contextmanager
def _timed(module: Any, name: str) -> Iterator[list[float]]:
    """Yield the seconds of every call of a module's function, filled as they are made."""
    function, seconds = getattr(module, name), []

    def timed(*arguments: Any) -> Any:
        start = time.perf_counter()
        result = function(*arguments)
        seconds.append(time.perf_counter() - start)
        return result

    setattr(module, name, timed)
    try:
        yield seconds
    finally:
        setattr(module, name, function)
