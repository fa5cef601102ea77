"""Scaling of whole runs from one thread to two, and from one process to two."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xarray as xr
from distributed import Client, LocalCluster

from benchmarks.figures import Figure, Size, figure
from benchmarks.timing import ratio, side_by_side, spread
from benchmarks.worlds import SMALL, scenario_of, strongest
from forecast import run
from forecast.scenario.models import Scenario
from forecast.world.snapshot import read_snapshot

TRAJECTORIES, BATCHES, FEWEST = 1600, 16, 12


def measure(size: Size) -> list[Figure]:
    trajectories = max(2, round(TRAJECTORIES * size.factor))
    batch = max(1, trajectories // BATCHES)
    settings = SMALL if size.factor == 0 else ()
    scenario = scenario_of("three_futures", *settings, f"run.batch_size={batch}")
    world = read_snapshot(scenario.world)
    if size.factor == 0:
        world = strongest(world, FEWEST)
    busy: list[float] = []
    with TemporaryDirectory() as folder, _processes(1) as one, _processes(2) as two:
        go = partial(_run, scenario, world, trajectories, Path(folder) / "run.zarr")
        contestants: dict[str, Callable[[], object]] = {
            "1 thread": partial(go, workers=1),
            "2 threads": partial(_watched, partial(go, workers=2), busy),
            "1 process": partial(go, scheduler=one),
            "2 processes": partial(go, scheduler=two),
        }
        seconds = side_by_side(contestants, size.rounds)
    cores = spread(busy[1:])  # the first was the warm-up
    threads = ratio(seconds["1 thread"], seconds["2 threads"])
    processes = ratio(seconds["1 process"], seconds["2 processes"])
    note = f"{trajectories:,} trajectories, {seconds['1 thread'][0]:.1f} s on one thread"
    return [
        figure("threads_2_vs_1", "whole runs, 2 threads against 1", "×", threads, note),
        figure("threads_cpu_per_wall", "processor time ÷ wall time on 2 threads", "", cores),
        figure("processes_2_vs_1", "whole runs, 2 processes against 1", "×", processes),
    ]


def _run(scenario: Scenario, world: xr.Dataset, trajectories: int, place: Path, **how: Any) -> None:
    quiet = {"progress": lambda done, total: None}
    run(scenario, world, output=place, trajectories=trajectories, overwrite=True, **quiet, **how)


def _watched(go: Callable[[], None], busy: list[float]) -> None:
    """Run, and note how many processors were at work."""
    wall, cpu = time.perf_counter(), time.process_time()
    go()
    busy.append((time.process_time() - cpu) / (time.perf_counter() - wall))


@contextmanager
def _processes(count: int) -> Iterator[Client]:
    """Yield a client of that many worker processes."""
    with (
        LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            dashboard_address=":0",
            silence_logs=logging.ERROR,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client
