"""The cluster scheme against direct thinning of the intensity, and under other ceilings."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from forecast.kernel.arrays import Inputs
from forecast.studies.verification.check import Check, of_law, of_normal
from forecast.studies.verification.goodness import (
    same_law_p,
    same_mean_z,
    same_variance_z,
)
from forecast.studies.verification.law import (
    climate_from,
    log_rates,
    new_dyad_factor,
    undeterred,
)
from forecast.studies.verification.logs import counted
from forecast.studies.verification.worlds import quiet_parameters, quiet_world, shipped_parameters

F8 = NDArray[np.float64]
SEED = 20260202
STATES, YEARS = 3, 20
DIRECT, SIMULATED = 4_000, 12_000
# With this climate no intensity reaches half the shipped ceilings, so halving them clips nothing.
CALM = 0.12


def thinning_world(sd: float, ceiling: float = 1.0) -> Inputs:
    """Return a world of three pairs with memory; `ceiling` multiplies both sampling caps."""
    shipped = shipped_parameters()
    names = ("memory_short", "memory_long", "new_dyad")
    caps = {name: ceiling * value for name, value in shipped.sampling._asdict().items()}
    changes = {
        "onset": {name: getattr(shipped.onset, name) for name in names},
        "climate": {"sd": sd},
        "sampling": caps,
    }
    return quiet_world(quiet_parameters(changes), STATES, YEARS)


class PairLaw:
    """The intensity of one undirected pair, for thinning."""

    def __init__(self, inputs: Inputs, pair: int) -> None:
        d, onset = inputs.dyads, inputs.parameters.onset
        k = int(np.flatnonzero(d.pair == pair)[0])
        rates = np.exp(log_rates(inputs, undeterred(inputs).pact))
        self.inputs, self.age = inputs, float(d.age[k])
        self.base = float(rates[k] + rates[d.reverse[k]])
        self.strength = np.array([onset.memory_short, onset.memory_long])
        self.tau = np.array([onset.tau_short, onset.tau_long])
        waited = np.exp(onset.memory_delay / self.tau)
        self.stock = np.array([d.memory_short[k], d.memory_long[k]]) * waited

    def at(self, t: float, memory: F8) -> float:
        """Return the intensity at t without the climate."""
        newness = float(new_dyad_factor(self.inputs, self.age, np.array(t)))
        return self.base * newness + float(self.strength @ memory)


def thinned(law: PairLaw, climate: F8, draws: np.random.Generator) -> int:
    """Simulate one pair by Ogata's (1981) thinning; return its number of onsets.

    Between the starts of years and the moments at which a dispute begins to be remembered the
    intensity only falls, so its value at the last point bounds it.
    """
    delay, years = law.inputs.parameters.onset.memory_delay, float(law.inputs.years)
    t, memory, count = 0.0, law.stock.copy(), 0
    waiting: list[float] = []
    while t < years:
        edge = min(math.floor(t) + 1.0, waiting[0] if waiting else math.inf)
        level = math.exp(climate[int(t)])
        bound = level * law.at(t, memory)
        step = draws.exponential(1.0 / bound)
        arrived = t + step < edge
        moved = t + step if arrived else edge
        memory = memory * np.exp((t - moved) / law.tau)
        t = moved
        if not arrived and waiting and t == waiting[0]:
            waiting.pop(0)
            memory = memory + 1.0
        if arrived and draws.random() * bound <= level * law.at(t, memory):
            count += 1
            waiting.append(t + delay)
    return count


def thinned_counts(inputs: Inputs, trajectories: int) -> F8:
    """Return the number of onsets in trajectories simulated by direct thinning."""
    draws = np.random.default_rng(SEED)
    laws = [PairLaw(inputs, pair) for pair in range(int(inputs.dyads.pair.max()) + 1)]
    counts = np.zeros(trajectories)
    for n in range(trajectories):
        climate = climate_from(inputs, draws.standard_normal(inputs.years))
        counts[n] = sum(thinned(law, climate, draws) for law in laws)
    return counts


def _same_counts(process: str, against: str, ours: F8, other: F8) -> list[Check]:
    n = ours.size + other.size
    variances = float(other.var(ddof=1)), float(ours.var(ddof=1))
    return [
        of_normal(process, f"mean count, {against}", same_mean_z(ours, other),
                  float(other.mean()), float(ours.mean()), n),
        of_normal(process, f"variance of counts, {against}", same_variance_z(ours, other),
                  *variances, n),
        of_law(process, f"distribution of counts, {against}", same_law_p(ours, other),
               "same law", ours.size, other.size),
    ]  # fmt: skip


def thinning_checks() -> list[Check]:
    """Compare the kernel's counts with those of direct thinning."""
    inputs = thinning_world(shipped_parameters().climate.sd)
    ours = counted(inputs, SEED, SIMULATED, "dispute_count")
    direct = thinned_counts(inputs, DIRECT)
    return _same_counts("cluster scheme", "kernel against direct thinning", ours, direct)


def ceiling_checks() -> list[Check]:
    """Compare counts under halved and doubled sampling ceilings; nothing may be clipped."""
    base = counted(thinning_world(CALM), SEED, SIMULATED, "dispute_count")
    checks = []
    for n, (name, factor) in enumerate((("ceilings × ½", 0.5), ("ceilings × 2", 2.0)), start=1):
        world = thinning_world(CALM, factor)
        ours = counted(world, SEED + n, SIMULATED, "dispute_count")
        clips = counted(world, SEED + n, SIMULATED, "clip_count").sum()
        checks += _same_counts("sampling ceilings", name, ours, base)
        checks.append(
            Check(
                "sampling ceilings",
                f"clipped candidates, {name}",
                "exact",
                "0",
                f"{clips:.0f}",
                SIMULATED,
                1.0 if clips == 0 else 0.0,
            )
        )
    return checks
