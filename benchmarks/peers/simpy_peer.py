"""SimPy: one process that waits for the next onset of any pair."""

from __future__ import annotations

import random
from collections.abc import Generator
from itertools import accumulate

import numpy as np
import simpy

from benchmarks.exact import Counts, Workload

NAME, SEEDED = "SimPy", True


def onsets(
    env: simpy.Environment, draws: random.Random, cumulative: list[float], yearly: list[int]
) -> Generator[simpy.Event, None, None]:
    """Wait for onsets for ever; which pair it is follows from the hazards."""
    pairs, total = range(len(cumulative)), cumulative[-1]
    by_pair = [0] * len(cumulative)
    while True:
        yield env.timeout(draws.expovariate(total))
        by_pair[draws.choices(pairs, cum_weights=cumulative)[0]] += 1
        yearly[int(env.now)] += 1


def run(workload: Workload, trajectories: int, seed: int) -> Counts:
    """Simulate with a fresh environment and a seed of its own for every trajectory."""
    cumulative = list(accumulate(workload.rates.tolist()))
    found = np.zeros((trajectories, workload.years), np.int64)
    for n in range(trajectories):
        env, yearly = simpy.Environment(), [0] * workload.years
        env.process(onsets(env, random.Random(seed * 1_000_003 + n), cumulative, yearly))
        env.run(until=workload.years)
        found[n] = yearly
    return Counts(found.sum(axis=1), found.sum(axis=0), found[:, -1])
