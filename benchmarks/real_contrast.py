"""Seconds to a standard error of 5 % of wars under a strengthened UN less wars as things stand."""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np

from benchmarks.exact import BATCH, F8
from benchmarks.figures import Figure, Size, figure
from benchmarks.timing import ratio, spread
from forecast.kernel.results import EXPECTED_COUNTS, TRAJECTORY_COUNTS
from forecast.kernel.simulate import compile_kernel, simulate_batch
from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.world.pack import Packed, pack
from forecast.world.snapshot import read_snapshot

SEED = 20260530
ERROR = 0.05
FULL, FEWEST = 3000, 8  # trajectories of a round
ARCHITECTURES = '["status_quo_un", "strengthened_un"]'
WARS, EXPECTED = (
    TRAJECTORY_COUNTS.index("war_count"),
    EXPECTED_COUNTS.index("expected_war_count"),
)
ROUTES = {
    "uncoupled": "wars counted, uncoupled",
    "coupled": "wars counted, coupled",
    "expected": "wars expected at decisions, coupled",
}


class Round(NamedTuple):
    """One run of pairs: its seconds, and the differences each route sees, (pairs,)."""

    seconds: float
    differences: dict[str, F8]


def two_architectures() -> Packed:
    """Return three_futures with the status quo and the strengthened UN alone."""
    asked = [f"scenario.architectures={ARCHITECTURES}"]
    scenario = load_scenario(shipped_configs() / "three_futures.toml", asked)
    return pack(scenario, read_snapshot(scenario.world))


def run_pairs(run: Packed, pairs: int, seed: int) -> Round:
    """Simulate pairs; uncoupled ones put each trajectory beside the next one's other half."""
    start = time.perf_counter()
    batches = [
        simulate_batch(run.inputs, run.derived, seed, first, min(BATCH, pairs - first))
        for first in range(0, pairs, BATCH)
    ]
    seconds = time.perf_counter() - start
    wars = np.concatenate([b.trajectories.counts[WARS] for b in batches], axis=1).astype(float)
    expected = np.concatenate([b.trajectories.expected[EXPECTED] for b in batches], axis=1)
    return Round(
        seconds,
        {
            "uncoupled": wars[1] - np.roll(wars[0], 1),
            "coupled": wars[1] - wars[0],
            "expected": expected[1] - expected[0],
        },
    )


def real_contrast(size: Size) -> list[Figure]:
    """Return the seconds of each route, and how much the coupling saves.

    All routes read the same runs, so their ratios hold whatever else the machine does.
    """
    run = two_architectures()
    compile_kernel(run.inputs, run.derived)
    pairs = max(FEWEST, int(size.factor * FULL))
    rounds = [run_pairs(run, pairs, SEED + n) for n in range(size.rounds)]
    contrast = float(np.mean([r.differences["expected"].mean() for r in rounds]))
    each = sum(r.seconds for r in rounds) / (pairs * len(rounds))
    seconds = {
        key: [each * r.differences[key].var(ddof=1) / (ERROR * contrast) ** 2 for r in rounds]
        for key in ROUTES
    }
    note = f"contrast {contrast:+.3f} wars a trajectory, {1e6 * each:,.0f} µs a pair"
    rows = [
        figure(f"real_contrast_seconds_{key}", name, "s to ±5 %", spread(seconds[key]), note)
        for key, name in ROUTES.items()
    ]
    gains = {"real_contrast_seconds_ratio": "coupled", "real_contrast_expected_ratio": "expected"}
    return rows + [
        figure(name, f"{ROUTES['uncoupled']} ÷ {ROUTES[key]}", "times",
               ratio(seconds["uncoupled"], seconds[key]))
        for name, key in gains.items()
    ]  # fmt: skip
