"""How soon the command answers: help, import, and a first result with a cold and a warm cache."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure, Size, figure
from benchmarks.timing import ratio, side_by_side, spread
from forecast.scenario.documents import shipped_configs

FORECAST = (sys.executable, "-m", "forecast")
QUICK_ROUNDS, COLD_ROUNDS = 20, 2


def measure(size: Size) -> list[Figure]:
    quick = side_by_side(
        {
            "bare": partial(_call, sys.executable, "-c", "pass"),
            "help": partial(_call, *FORECAST, "--help"),
            "import": partial(_call, sys.executable, "-c", "import forecast"),
            "run": partial(_call, sys.executable, "-c", "import forecast; forecast.run"),
        },
        max(size.rounds, round(size.factor * QUICK_ROUNDS)),
    )
    bare = f"bare interpreter {spread(quick['bare']).median:.3f} s"
    cold, warm = _first_results(size)
    milli = {name: spread([1000 * x for x in seconds]) for name, seconds in quick.items()}
    return [
        figure("help_ratio", "forecast --help ÷ bare interpreter", "×",
               ratio(quick["help"], quick["bare"]), bare),
        figure("help_ms", "forecast --help", "ms", milli["help"]),
        figure("import_ms", "interpreter and import forecast", "ms", milli["import"]),
        figure("import_run_ms", "interpreter and import of the simulation", "ms", milli["run"]),
        figure("cold_seconds", "first result, nothing compiled", "s", spread(cold)),
        figure("warm_seconds", "first result, compiled before", "s", spread(warm)),
    ]  # fmt: skip


def _first_results(size: Size) -> tuple[list[float], list[float]]:
    """Return seconds to a result with empty caches, and with those that such a run has filled."""
    cold, warm = [], []
    for _ in range(min(size.rounds, COLD_ROUNDS)):
        with TemporaryDirectory() as folder:
            cold.append(_first_result(size, folder))
            warm += [_first_result(size, folder) for _ in range(size.rounds)]
    return cold, warm


def _first_result(size: Size, folder: str) -> float:
    config = str(shipped_configs() / "three_futures.toml")
    # Compiling takes a minute, so the smallest size checks a scenario and simulates nothing.
    asked = ["check", config]
    if size.factor > 0:
        store = str(Path(folder) / "run.zarr")
        asked = ["run", config, "--trajectories", "1", "--output", store, "--overwrite"]
    start = time.perf_counter()
    _call(*FORECAST, *asked, FORECAST_CACHE_DIR=folder)
    return time.perf_counter() - start


def _call(*asked: str, **environment: str) -> None:
    subprocess.run(asked, env={**os.environ, **environment}, capture_output=True, check=True)
