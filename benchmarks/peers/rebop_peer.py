"""rebop: a reaction without reactants for every pair, all making the same species."""

from __future__ import annotations

import numpy as np
import rebop

from benchmarks.exact import Counts, Workload

NAME, SEEDED = "rebop", True


def run(workload: Workload, trajectories: int, seed: int) -> Counts:
    """Simulate; a call makes one trajectory, and gives the species at the end of each year."""
    system = rebop.Gillespie()
    for rate in workload.rates:
        system.add_reaction(float(rate), [], ["onsets"])
    found = np.zeros((trajectories, workload.years), np.int64)
    for n in range(trajectories):
        sample = system.run({}, workload.years, workload.years, rng=seed * 1_000_003 + n)
        found[n] = np.diff(sample["onsets"].to_numpy().astype(np.int64))
    return Counts(found.sum(axis=1), found.sum(axis=0), found[:, -1])
