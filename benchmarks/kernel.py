"""Cost of the kernel on shipped scenarios: time and counts per trajectory and architecture."""

from __future__ import annotations

import resource
import statistics
import time
from typing import Any

from forecast.kernel.results import TRAJECTORY_COUNTS
from forecast.kernel.simulate import simulate_batch
from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.world.pack import Packed, pack
from forecast.world.snapshot import read_snapshot

SEED = 1


def packed(name: str) -> Packed:
    """Return a shipped scenario as kernel arrays."""
    scenario = load_scenario(shipped_configs() / f"{name}.toml")
    return pack(scenario, read_snapshot(scenario.world))


def measure(name: str, trajectories: int, repeats: int) -> dict[str, Any]:
    """Time one scenario; compilation, or reading it from the cache, is timed apart."""
    start = time.perf_counter()
    run = packed(name)
    simulate_batch(run.inputs, run.derived, SEED, 0, 1)
    ready = time.perf_counter() - start
    seconds = []
    for n in range(repeats):
        start = time.perf_counter()
        batch = simulate_batch(run.inputs, run.derived, SEED, n * trajectories, trajectories)
        seconds.append(time.perf_counter() - start)
    disputes = batch.trajectories.counts[TRAJECTORY_COUNTS.index("dispute_count")].mean()
    runs = trajectories * len(run.architectures)
    micro = sorted(1e6 * x / runs for x in seconds)
    return {
        "scenario": name,
        "architectures": len(run.architectures),
        "seconds_to_first_trajectory": ready,
        "microseconds_per_trajectory_and_architecture": statistics.median(micro),
        "microseconds_range": [micro[0], micro[-1]],
        "shared_candidates_per_trajectory": float(batch.trajectories.candidates.mean()),
        "disputes_per_trajectory_and_architecture": float(disputes),
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
