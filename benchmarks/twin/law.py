"""Whether engine and twin simulate the same law: their means side by side, batch by batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from benchmarks.twin.model import Model
from benchmarks.twin.simulate import Counts, simulate
from forecast.kernel import events
from forecast.kernel.results import ANNUAL_COUNTS
from forecast.kernel.simulate import trace
from forecast.world.pack import Packed

ROOM = 20_000  # events of a trajectory


class Agreement(NamedTuple):
    """A quantity in both, and the standard error of the difference."""

    engine: float
    twin: float
    error: float

    @property
    def errors_apart(self) -> float:
        """Difference in standard errors."""
        return (self.twin - self.engine) / self.error


def engine_counts(packed: Packed, first: int, trajectories: int, seed: int) -> Counts:
    """Return what the twin reports, of trajectories of the engine."""
    inputs, rows, onsets = packed.inputs, [], 0
    picks = [ANNUAL_COUNTS.index(f"{name}_count") for name in ("dispute", "fatal_dispute", "war")]
    picks.append(ANNUAL_COUNTS.index("battle_deaths"))
    for n in range(first, first + trajectories):
        result, log = trace(inputs, packed.derived, seed, n, ROOM)
        kind, value = log.kind[0, : log.size[0, 0]], log.value[0]
        times = log.time[0, : kind.size][(kind == events.RESISTED) & (value[: kind.size] > 0.0)]
        resisted = np.bincount(times.astype(np.int64), minlength=inputs.years)
        disputes, fatal, wars, deaths = result.annual.total[picks, 0]
        rows.append((disputes, resisted, fatal, wars, deaths))
        onsets = onsets + result.dyads.onset_count[0]
    return Counts(*(np.stack(column) for column in zip(*rows, strict=True)), onsets)


def quantities(model: Model, rival: np.ndarray, counts: Counts) -> dict[str, float]:
    """Return the quantities compared, of one batch."""
    disputes, onsets = counts.disputes, counts.onsets.sum(axis=1)
    late = disputes[:, -5:].mean()
    by_rate = np.argsort(-model.rate, kind="stable")
    total = disputes.sum()
    return {
        "onsets a year": disputes.mean(),
        "onsets a year, last five": late,
        "variance of annual onsets": disputes.var(axis=0, ddof=1).mean(),
        "variance of a trajectory's onsets": disputes.sum(axis=1).var(ddof=1),
        "share resisted": counts.resisted.sum() / total,
        "share fatal": counts.fatal.sum() / total,
        "wars a year": counts.wars.mean(),
        "log battle deaths of a trajectory": np.log1p(counts.deaths.sum(axis=1)).mean(),
        "share of onsets among rivals": onsets[rival].sum() / total,
        "share of the 1 % of dyads with most onsets": np.sort(onsets)[-onsets.size // 100 :].sum()
        / total,
        "share of the 1 % of dyads with the highest rates": onsets[
            by_rate[: onsets.size // 100]
        ].sum()
        / total,
    }


def compare(
    packed: Packed, model: Model, batches: int, size: int, steps_per_year: int, seed: int
) -> dict[str, Agreement]:
    """Run both in batches and return every quantity with the error of its difference."""
    d = packed.inputs.dyads
    rival = packed.inputs.states.rival[d.initiator, d.target] == 1
    engine, twin = [], []
    for b in range(batches):
        counts = engine_counts(packed, b * size, size, seed)
        engine.append(quantities(model, rival, counts))
        counts = simulate(model, size, size, steps_per_year, seed + 1 + b)
        twin.append(quantities(model, rival, counts))
    return {name: _agreement(name, engine, twin) for name in engine[0]}


def _agreement(
    name: str, engine: list[Mapping[str, float]], twin: list[Mapping[str, float]]
) -> Agreement:
    own, other = (np.array([batch[name] for batch in side]) for side in (engine, twin))
    error = np.sqrt((own.var(ddof=1) + other.var(ddof=1)) / own.size)
    return Agreement(float(own.mean()), float(other.mean()), float(error))
