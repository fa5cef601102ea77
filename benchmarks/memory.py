"""Peak memory of `forecast run`, by number of trajectories."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.figures import Figure, Size, figure
from benchmarks.timing import spread
from forecast.scenario.documents import shipped_configs

# A process inherits its parent's peak; the launcher in between is smaller than any run.
LAUNCHER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
# One architecture for one year: a million trajectories of three_futures would take too long here.
LIGHT = ('scenario.architectures=["status_quo_un"]', "horizon.last_year=2026")
LIGHT_BATCH = 10_000


class Asked(NamedTuple):
    """A run whose peak is measured."""

    key: str
    trajectories: int
    settings: tuple[str, ...]
    rounds: int


def measure(size: Size) -> list[Figure]:
    light = (*LIGHT, f"run.batch_size={max(2, round(LIGHT_BATCH * size.factor))}")
    few = min(3, size.rounds)
    runs = [
        ("one architecture and year", Asked("1e5", 100_000, light, few)),
        ("one architecture and year", Asked("1e6", 1_000_000, light, 1)),
        ("three_futures", Asked("three_futures_500", 500, (), few)),
        ("three_futures", Asked("three_futures_4000", 4_000, (), 1)),
    ]
    return [_figure(size, what, asked) for what, asked in (runs if size.factor > 0 else runs[:1])]


def _figure(size: Size, what: str, asked: Asked) -> Figure:
    trajectories = max(4, round(asked.trajectories * size.factor))
    settings = asked.settings if size.factor > 0 else LIGHT
    peaks = spread([_peak(settings, trajectories) for _ in range(asked.rounds)])
    name = f"peak memory, {what}, {trajectories:,} trajectories"
    return figure(f"peak_mib_{asked.key}", name, "MiB", peaks)


def _peak(settings: Sequence[str], trajectories: int) -> float:
    with TemporaryDirectory() as folder:
        asked = [sys.executable, "-m", "forecast", "run"]
        asked += [str(shipped_configs() / "three_futures.toml")]
        asked += ["--trajectories", str(trajectories), "--output", str(Path(folder) / "run.zarr")]
        for setting in settings:
            asked += ["--set", setting]
        launched = [sys.executable, "-c", LAUNCHER, *asked]
        done = subprocess.run(launched, capture_output=True, text=True, check=True)
        return int(done.stdout) / 1024
