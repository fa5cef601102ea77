"""Starsim: pairs of states are the agents, their onsets of a year a Poisson draw."""

from __future__ import annotations

import numpy as np
import starsim as ss

from benchmarks.exact import Counts, Workload

NAME, SEEDED = "Starsim", True


class Onsets(ss.Module):
    """Onsets of the year; hazards are constant, so a time step of a year is exact."""

    def __init__(self, rates: np.ndarray) -> None:
        super().__init__()
        self.disputes = ss.poisson(lam=rates)
        self.yearly: list[int] = []

    def step(self) -> None:
        """Draw a number of onsets for every pair, keyed to the pair and the year."""
        self.yearly.append(int(self.disputes.rvs(self.sim.people.auids).sum()))


def run(workload: Workload, trajectories: int, seed: int) -> Counts:
    """Simulate a fresh simulation with a seed of its own for every trajectory."""
    found = np.zeros((trajectories, workload.years), np.int64)
    for n in range(trajectories):
        onsets = Onsets(workload.rates)
        sim = ss.Sim(
            n_agents=workload.rates.size,
            start=2026,
            stop=2026 + workload.years - 1,
            rand_seed=(seed * 1_000_003 + n) % 2**31,
            modules=onsets,
            people_results=False,
            copy_inputs=False,
            verbose=0,
        )
        sim.run()
        found[n] = onsets.yearly
    return Counts(found.sum(axis=1), found.sum(axis=0), found[:, -1])
