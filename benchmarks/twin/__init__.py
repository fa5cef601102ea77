"""The time-stepping twin: the core model as arrays of dyads and steps in NumPy, and its cost.

The core model is onset with climate and memory, the target's response, escalation to war, and
battle deaths; pairs at war have no further disputes. The engine runs it as an ordinary
configuration without institutions and processes (core_model.toml, core.py), the twin as an analyst
would write it after docs/model.md. law.py says whether both simulate the same.
"""

from __future__ import annotations

from functools import partial

from benchmarks.figures import Figure, Size, figure
from benchmarks.timing import ratio, side_by_side, spread
from benchmarks.twin.core import core_model, whole_model
from benchmarks.twin.model import Model, model_of
from benchmarks.twin.simulate import simulate
from forecast.kernel.simulate import simulate_batch

TRAJECTORIES = 256
BATCHES = (32, 64, 128)
HALF_YEARLY, MONTHLY = 2, 12  # the longest step that the delay of memory allows, and a common one
SEED = 1


def measure(size: Size) -> list[Figure]:
    """Time the twin beside the engine, on one core each, for the same number of trajectories."""
    core, whole = core_model(), whole_model()
    model, n = model_of(core.inputs, core.derived), max(2, round(size.factor * TRAJECTORIES))
    batch = best_batch(model, n, size.rounds)
    seconds = side_by_side(
        {
            "core": partial(simulate_batch, core.inputs, core.derived, SEED, 0, n),
            "twin": partial(simulate, model, n, batch, HALF_YEARLY, SEED),
            "monthly": partial(simulate, model, n, batch, MONTHLY, SEED),
            "whole": partial(simulate_batch, whole.inputs, whole.derived, SEED, 0, n),
        },
        size.rounds,
    )
    seconds["whole"] = [x / len(whole.architectures) for x in seconds["whole"]]
    return [*_ratios(seconds, batch), *_times(seconds, n)]


def best_batch(model: Model, trajectories: int, rounds: int) -> int:
    """Return the number of trajectories that the twin steps together fastest."""
    runs = {
        str(batch): partial(simulate, model, trajectories, batch, HALF_YEARLY, SEED)
        for batch in BATCHES
    }
    seconds = side_by_side(runs, rounds)
    return min(BATCHES, key=lambda batch: spread(seconds[str(batch)]).median)


def _ratios(seconds: dict[str, list[float]], batch: int) -> list[Figure]:
    steps = f"steps of half a year, the longest of the same law; {batch} trajectories together"
    return [
        figure(
            "numpy_twin_ratio", "NumPy twin ÷ engine, core model", "×",
            ratio(seconds["twin"], seconds["core"]), steps,
        ),
        figure(
            "numpy_twin_monthly_ratio", "NumPy twin in monthly steps ÷ engine, core model", "×",
            ratio(seconds["monthly"], seconds["core"]),
        ),
        figure(
            "numpy_twin_whole_model_ratio", "NumPy twin ÷ engine with the whole model", "×",
            ratio(seconds["twin"], seconds["whole"]),
            "per architecture of three_futures: the engine does much more here",
        ),
    ]  # fmt: skip


def _times(seconds: dict[str, list[float]], trajectories: int) -> list[Figure]:
    named = {
        "core": ("core_model", "engine, core model"),
        "twin": ("numpy_twin", "NumPy twin, steps of half a year"),
        "monthly": ("numpy_twin_monthly", "NumPy twin, monthly steps"),
    }
    return [
        figure(
            f"{key}_us", f"{name}: time per trajectory", "µs",
            spread([1e6 * x / trajectories for x in seconds[contestant]]),
        )
        for contestant, (key, name) in named.items()
    ]  # fmt: skip
