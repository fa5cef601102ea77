"""Cost of the kernel on shipped scenarios: per trajectory and architecture, candidate, dispute."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from benchmarks.figures import Figure, Size, exactly, figure
from benchmarks.plain import SEED, Counts, count
from benchmarks.timing import side_by_side, spread
from benchmarks.worlds import SMALL, packed
from forecast.cli import SHIPPED
from forecast.kernel.results import TRAJECTORY_COUNTS
from forecast.kernel.simulate import simulate_batch
from forecast.world.pack import Packed

TRAJECTORIES, COUNTED = 100, 1


def measure(size: Size) -> list[Figure]:
    settings = SMALL if size.factor == 0 else ()
    scenarios = SHIPPED[:1] if size.factor == 0 else SHIPPED
    runs = {name: packed(name, *settings) for name in scenarios}
    trajectories = max(1, round(TRAJECTORIES * size.factor))
    with ThreadPoolExecutor(2) as pool:
        counting = partial(_count, settings)
        counts = dict(zip(scenarios, pool.map(counting, scenarios), strict=True))
    seconds = side_by_side(
        {name: partial(_simulate, run, trajectories) for name, run in runs.items()}, size.rounds
    )
    return [
        line
        for name, run in runs.items()
        for line in _figures(name, run, counts[name], trajectories, seconds[name])
    ]


def _count(settings: Sequence[str], name: str) -> Counts:
    return count(name, *settings, trajectories=COUNTED)


def _simulate(run: Packed, trajectories: int) -> None:
    simulate_batch(run.inputs, run.derived, SEED, 0, trajectories)


def _figures(
    name: str, run: Packed, counts: Counts, trajectories: int, seconds: Sequence[float]
) -> list[Figure]:
    """Return costs, measured on many trajectories, and counts, partly made on a few."""
    seen = simulate_batch(run.inputs, run.derived, SEED, 0, trajectories).trajectories
    architectures = len(run.architectures)
    histories = trajectories * architectures
    disputes = float(seen.counts[TRAJECTORY_COUNTS.index("dispute_count")].mean())
    shared, counted = float(seen.candidates.mean()), COUNTED * architectures
    children = counts.children / counted
    micro = [1e6 * x / histories for x in seconds]
    each = "per trajectory and architecture"

    def cost(key: str, what: str, unit: str, events: float) -> Figure:
        factor = 1.0 if unit == "µs" else 1000.0
        values = spread([factor * x / events for x in micro])
        return figure(f"kernel_{name}_{key}", f"{name}: time per {what}", unit, values)

    def number(key: str, what: str, value: float, note: str = "") -> Figure:
        return exactly(f"kernel_{name}_{key}", f"{name}: {what} {each}", "", value, note)

    few = f"counted on {COUNTED} trajectory"
    return [
        cost("us", "trajectory and architecture", "µs", 1.0),
        cost("candidate_ns", "candidate", "ns", shared + children),
        cost("dispute_ns", "accepted dispute", "ns", disputes),
        number("candidates", "candidates", shared + children, f"{shared:.0f} shared; rest {few}"),
        number("disputes", "accepted disputes", disputes),
        number("layers", "layers for new rivals", counts.layers / counted, few),
        number("blocks", "random blocks", counts.drawn / counted, few),
    ]
