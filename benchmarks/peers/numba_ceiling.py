"""The least that numba can do: two draws per onset from its own generator, and sums alone."""

from __future__ import annotations

import numba
import numpy as np

from benchmarks.exact import Counts, Workload

NAME = "numba ceiling"


@numba.njit(nogil=True)
def _sum_up(cumulative, years, seed, totals, yearly, last):
    dyads = np.zeros(cumulative.size, np.int64)
    for n in range(totals.size):
        np.random.seed(seed + n)  # noqa: NPY002 - numba's own generator
        t = -np.log(1.0 - np.random.random()) / cumulative[-1]  # noqa: NPY002
        while t < years:
            v = np.random.random() * cumulative[-1]  # noqa: NPY002
            dyads[np.searchsorted(cumulative, v, side="right")] += 1
            totals[n] += 1
            yearly[int(t)] += 1
            last[n] += int(t) == years - 1
            t -= np.log(1.0 - np.random.random()) / cumulative[-1]  # noqa: NPY002
    return dyads


def run(workload: Workload, trajectories: int, seed: int) -> Counts:
    """Simulate with numba's own generator, and keep nothing but sums."""
    totals, last = np.zeros(trajectories, np.int64), np.zeros(trajectories, np.int64)
    yearly = np.zeros(workload.years, np.int64)
    first_seed = seed * 1_000_003 % 2**31
    _sum_up(np.cumsum(workload.rates), workload.years, first_seed, totals, yearly, last)
    return Counts(totals, yearly, last)
