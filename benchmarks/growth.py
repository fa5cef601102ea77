"""Growth of the kernel's time with events, states, dyads, years, architectures, institutions.

A figure is the exponent e of time ~ size^e, by least squares through the logarithms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from benchmarks.figures import Figure, Size, figure
from benchmarks.plain import SEED
from benchmarks.timing import side_by_side, spread
from benchmarks.worlds import packed, scenario_of, strongest
from forecast.kernel.derive import derive
from forecast.kernel.results import TRAJECTORY_COUNTS
from forecast.kernel.simulate import simulate_batch
from forecast.world.pack import Packed, pack
from forecast.world.snapshot import read_snapshot

STATUS_QUO = 'scenario.architectures=["status_quo_un"]'
TRAJECTORIES = 60


def measure(size: Size) -> list[Figure]:
    trajectories = max(1, round(TRAJECTORIES * size.factor))
    families = {
        name: {at: make(at) for at in (sizes if size.factor > 0 else sizes[:2])}
        for name, (make, sizes) in FAMILIES.items()
    }
    contestants = {
        f"{name} {at}": partial(_simulate, run, trajectories)
        for name, runs in families.items()
        for at, run in runs.items()
    }
    seconds = side_by_side(contestants, size.rounds)
    figures = []
    for name, runs in families.items():
        rounds = list(zip(*(seconds[f"{name} {at}"] for at in runs), strict=True))
        disputes = [_disputes(run, trajectories) for run in runs.values()]
        note = "accepted disputes " + ", ".join(f"{x:,.0f}" for x in disputes)
        for what, sizes in _sizes(name, runs, disputes).items():
            at = ", ".join(f"{x:,.0f}" for x in sizes)
            figures.append(_exponent(what, sizes, rounds, f"{at}; {note}"))
    return figures


def _sizes(name: str, runs: dict[int, Packed], disputes: list[float]) -> dict[str, list[float]]:
    """Return what grows along a family of runs, by name."""
    if name == "rate":
        return {"events": disputes}
    sizes = {name: [float(at) for at in runs]}
    if name == "states":
        sizes["dyads"] = [float(run.inputs.dyads.pair.size) for run in runs.values()]
    return sizes


def _exponent(
    name: str, sizes: Sequence[float], rounds: Sequence[Sequence[float]], note: str
) -> Figure:
    slopes = [float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0]) for seconds in rounds]
    return figure(f"growth_{name}", f"time ~ {name} to the power", "", spread(slopes), note)


def _simulate(run: Packed, trajectories: int) -> None:
    simulate_batch(run.inputs, run.derived, SEED, 0, trajectories)


def _disputes(run: Packed, trajectories: int) -> float:
    """Return the accepted disputes per trajectory and architecture."""
    seen = simulate_batch(run.inputs, run.derived, SEED, 0, trajectories).trajectories
    return float(seen.counts[TRAJECTORY_COUNTS.index("dispute_count")].mean())


def _at_rate(run: Packed, factor: float) -> Packed:
    """Return a run whose disputes start at a multiple of the rate."""
    onset = run.inputs.parameters.onset
    onset = onset._replace(const=onset.const + math.log(factor))
    inputs = run.inputs._replace(parameters=run.inputs.parameters._replace(onset=onset))
    return run._replace(inputs=inputs, derived=derive(inputs))


def _rate(percent: int) -> Packed:
    return _at_rate(packed("three_futures", STATUS_QUO), percent / 100)


def _states(count: int) -> Packed:
    """Return the strongest states, among whom disputes start at the rate of the whole world."""
    scenario = scenario_of("three_futures", STATUS_QUO)
    world = read_snapshot(scenario.world)
    whole, cut = pack(scenario, world), pack(scenario, strongest(world, count))
    return _at_rate(cut, whole.derived.cumulative_rate[-1] / cut.derived.cumulative_rate[-1])


def _years(count: int) -> Packed:
    return packed("three_futures", STATUS_QUO, f"horizon.last_year={2025 + count}")


def _architectures(count: int) -> Packed:
    scenario = scenario_of("all_futures")
    first = dict(list(scenario.architectures.items())[:count])
    return pack(scenario.model_copy(update={"architectures": first}), read_snapshot(scenario.world))


def _institutions(count: int) -> Packed:
    scenario = scenario_of("three_futures", STATUS_QUO)
    ((name, architecture),) = scenario.architectures.items()
    first = dict(list(architecture.institutions.items())[:count])
    fewer = {name: architecture.model_copy(update={"institutions": first})}
    return pack(scenario.model_copy(update={"architectures": fewer}), read_snapshot(scenario.world))


FAMILIES: dict[str, tuple[Callable[[int], Packed], tuple[int, ...]]] = {
    "rate": (_rate, (50, 100, 200, 400)),
    "states": (_states, (50, 100, 195)),
    "years": (_years, (5, 10, 25, 50)),
    "architectures": (_architectures, (1, 2, 4, 6)),
    "institutions": (_institutions, (1, 5, 10, 20)),
}
