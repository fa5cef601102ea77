"""Mesa: a model driven by events, each of which schedules the next; agents would only slow it."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import mesa
import numpy as np
from mesa.experimental.devs import DEVSimulator

from benchmarks.exact import Counts, Workload

NAME, SEEDED = "Mesa", True


class World(mesa.Model):
    """All pairs of states."""

    def __init__(self, rates: list[float], years: int, seed: int) -> None:
        super().__init__(seed=seed)
        self.simulator: Any = DEVSimulator()
        self.simulator.setup(self)
        self.pairs, self.cumulative = range(len(rates)), list(accumulate(rates))
        self.by_pair, self.yearly = [0] * len(rates), [0] * years
        self.wait()

    def wait(self) -> None:
        """Schedule the next onset of any pair."""
        gap = self.random.expovariate(self.cumulative[-1])
        self.simulator.schedule_event_relative(self.start_dispute, gap)

    def start_dispute(self) -> None:
        """Count an onset by pair and by year."""
        self.by_pair[self.random.choices(self.pairs, cum_weights=self.cumulative)[0]] += 1
        self.yearly[int(self.simulator.time)] += 1
        self.wait()


def run(workload: Workload, trajectories: int, seed: int) -> Counts:
    """Simulate a fresh model with a seed of its own for every trajectory."""
    rates = workload.rates.tolist()
    found = np.zeros((trajectories, workload.years), np.int64)
    for n in range(trajectories):
        world = World(rates, workload.years, seed * 1_000_003 + n)
        world.simulator.run_until(float(workload.years))
        found[n] = world.yearly
    return Counts(found.sum(axis=1), found.sum(axis=0), found[:, -1])
