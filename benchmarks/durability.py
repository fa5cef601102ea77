"""What it costs that a run cannot be lost, and that it runs in processes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.figures import Figure, Size, figure
from benchmarks.timing import Spread, side_by_side, spread
from benchmarks.worlds import SMALL, scenario_of
from forecast import run
from forecast.execution.local import run_here
from forecast.execution.prepare import prepare
from forecast.execution.work import Work, Written, blocks_of
from forecast.outcomes.blocks import Sheet
from forecast.outcomes.places import place_of
from forecast.scenario.models import Scenario

TRAJECTORIES, THREADS = 12_000, 2
"""About a minute of three_futures on two cores, in batches of its own size."""

ROUNDS = 3


class Thrown(Work):
    """Work whose results are thrown away."""

    def batch(self, index: int) -> Written:
        """Simulate a batch and keep nothing of it."""
        first, count = self.sheet.batch(index)
        self.simulator(first, count)
        return Written(index, [], count)


def measure(size: Size) -> list[Figure]:
    settings = SMALL if size.factor == 0 else ()
    scenario = scenario_of("three_futures", *settings)
    trajectories = max(2, round(TRAJECTORIES * size.factor))
    scenario = scenario.model_copy(
        update={"run": scenario.run.model_copy(update={"trajectories": trajectories})}
    )
    with TemporaryDirectory() as folder:
        stored = partial(_stored, scenario, Path(folder) / "run.zarr")
        contestants: dict[str, Callable[[], object]] = {
            "no store": partial(_unstored, scenario),
            "store": partial(stored, workers=THREADS),
            "processes": partial(stored, processes=THREADS),
        }
        seconds = side_by_side(contestants, min(ROUNDS, size.rounds))
    note = f"{trajectories:,} trajectories, {spread(seconds['store']).median:.0f} s"
    return [
        figure("store_overhead", "durable store against no store", "%",
               _more(seconds["store"], seconds["no store"]), note),
        figure("processes_overhead", "2 processes against 2 threads", "%",
               _more(seconds["processes"], seconds["store"]),
               "start and end of the processes included"),
    ]  # fmt: skip


def _more(over: list[float], under: list[float]) -> Spread:
    """Return by how much more time one takes, in per cent, round by round."""
    return spread([100 * (x / y - 1) for x, y in zip(over, under, strict=True)])


def _stored(scenario: Scenario, place: Path, **how: Any) -> None:
    run(scenario, output=place, overwrite=True, progress=lambda done, total: None, **how)


def _unstored(scenario: Scenario) -> None:
    """Do all that a run does but for its store."""
    prepared = prepare(scenario)
    prepared.simulator.compile()
    frame = prepared.frame
    sheet = Sheet(place_of("none"), {}, frame.first_year, frame.trajectories, frame.batch_size)
    blocks = blocks_of(range(frame.batches), 1)
    work = Thrown(prepared.simulator, sheet)
    run_here(work, blocks, lambda written: None, "threads", THREADS)
