"""What an able analyst would write with numba: pick the next onset from a cumulative table.

`run` makes the draws that the kernel makes for an onset and the dispute that follows (the next
onset; answer, aim and act; the number of later disputes it causes; escalation) and fills the arrays
that the kernel fills from them. It does not make the kernel's yearly draws for growth, regimes and
arms, which move nothing in this work.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from benchmarks.exact import Counts, Workload
from forecast.kernel.streams import draw

NAME = "plain numba loop"
ANSWERED, AIMED, USED = 0.5, 0.9, 0.7  # any shares cost the same
HISTOGRAM_BINS = 32


class Filled(NamedTuple):
    """What the loop fills, as the kernel does under one architecture."""

    counts: NDArray[np.int64]  # (4, n) disputes, answered, aimed, escalated
    last: NDArray[np.int64]  # (n,) disputes of the last year, for a contrast in it
    annual: NDArray[np.int64]  # (2, Y) disputes, aimed
    products: NDArray[np.float64]  # (2, Y) sums of squares
    histogram: NDArray[np.int64]  # (2, Y, 32)
    states: NDArray[np.int64]  # (2, N) attacked, and its sum of squares
    onsets: NDArray[np.int32]  # (K, Y)
    squares: NDArray[np.int32]  # (K, Y)
    first: NDArray[np.int32]  # (K, Y) trajectories whose first onset it is
    first_use: NDArray[np.int32]  # (K, Y) the same, of force


def allocate(trajectories: int, states: int, dyads: int, years: int) -> Filled:
    """Return zeroed arrays."""
    return Filled(
        np.zeros((4, trajectories), np.int64),
        np.zeros(trajectories, np.int64),
        np.zeros((2, years), np.int64),
        np.zeros((2, years)),
        np.zeros((2, years, HISTOGRAM_BINS), np.int64),
        np.zeros((2, states), np.int64),
        *(np.zeros((dyads, years), np.int32) for _ in range(4)),
    )


@numba.njit(nogil=True)
def _add(filled, annual, attacked, onsets, touched, count):
    for v in range(2):
        for y in range(annual.shape[1]):
            x = annual[v, y]
            filled.annual[v, y] += x
            filled.products[v, y] += float(x) * float(x)
            filled.histogram[v, y, min(x, HISTOGRAM_BINS - 1)] += 1
    for j in range(attacked.size):
        filled.states[0, j] += attacked[j]
        filled.states[1, j] += attacked[j] * attacked[j]
    for n in range(count):
        k, y = touched[n, 0], touched[n, 1]
        filled.onsets[k, y] += onsets[k, y]
        filled.squares[k, y] += onsets[k, y] * onsets[k, y]
        onsets[k, y] = 0


@numba.njit(nogil=True)
def fill(filled, cumulative, target, years, seed, first_trajectory):
    """Simulate trajectories first, first + 1, ... and fill the arrays."""
    total, dyads, states = cumulative[-1], cumulative.size, filled.states.shape[1]
    annual, attacked = np.zeros((2, years), np.int64), np.zeros(states, np.int64)
    onsets, touched = np.zeros((dyads, years), np.int32), np.zeros((10_000, 2), np.int64)
    seen, used = np.zeros(dyads, np.int8), np.zeros(dyads, np.int8)
    for n in range(filled.counts.shape[1]):
        stream = (np.uint64(seed), np.uint64(first_trajectory + n))
        annual[:], attacked[:], seen[:], used[:] = 0, 0, 0, 0
        t, event, count = 0.0, 0, 0
        while True:
            u, v, _ = draw(stream, np.uint64(event), 1, 0)
            t -= np.log(u) / total
            if t >= years:
                break
            k, y = min(np.searchsorted(cumulative, v * total, side="right"), dyads - 1), int(t)
            answer, aim, act = draw(stream, np.uint64(event), 2, 0)
            _, children, late = draw(stream, np.uint64(event), 3, 0)
            escalates, _, _ = draw(stream, np.uint64(event), 4, 0)
            filled.counts[0, n] += 1
            filled.counts[1, n] += answer < ANSWERED
            filled.counts[2, n] += aim < AIMED
            filled.counts[3, n] += escalates + children + late < 0.0
            annual[0, y] += 1
            annual[1, y] += aim < AIMED
            attacked[target[k]] += 1
            if onsets[k, y] == 0:
                touched[count, 0], touched[count, 1] = k, y
                count += 1
            onsets[k, y] += 1
            if seen[k] == 0:
                seen[k] = 1
                filled.first[k, y] += 1
            if act < USED and used[k] == 0:
                used[k] = 1
                filled.first_use[k, y] += 1
            event += 1
        filled.last[n] = annual[0, -1]
        _add(filled, annual, attacked, onsets, touched, count)


def directed(workload: Workload) -> tuple[NDArray[np.float64], NDArray[np.int64], int]:
    """Return a cumulative table over directed dyads, their targets, and the number of states."""
    states = round((1.0 + np.sqrt(1.0 + 8.0 * workload.rates.size)) / 2.0)
    i, j = np.triu_indices(states, 1)
    rates = np.concatenate([workload.rates, workload.rates]) / 2.0
    return np.cumsum(rates), np.concatenate([j, i]), states


def run(workload: Workload, trajectories: int, seed: int) -> Counts:
    """Simulate and fill all arrays."""
    cumulative, target, states = directed(workload)
    filled = allocate(trajectories, states, target.size, workload.years)
    fill(filled, cumulative, target, workload.years, seed, 0)
    return Counts(filled.counts[0], filled.annual[0], filled.last)
