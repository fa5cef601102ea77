"""Event logs of many trajectories, as arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.kernel import events
from forecast.kernel.arrays import Inputs
from forecast.kernel.derive import derive
from forecast.kernel.results import TRAJECTORY_COUNTS
from forecast.kernel.simulate import simulate_batch, trace

MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
STEP = np.uint64(0x9E3779B97F4A7C15)


class Events(NamedTuple):
    """Events of one trajectory under one architecture, in order of time."""

    time: NDArray[np.float64]
    kind: NDArray[np.int32]
    id: NDArray[np.uint64]
    initiator: NDArray[np.int32]  # COW code
    target: NDArray[np.int32]
    value: NDArray[np.float64]

    def of(self, kind: int) -> Events:
        """Return the events of one kind."""
        return Events(*(column[self.kind == kind] for column in self))


def histories(inputs: Inputs, seed: int, count: int) -> list[list[Events]]:
    """Simulate trajectories 0 … count-1; return their events, per architecture."""
    derived = derive(inputs)
    found: list[list[Events]] = [[] for _ in range(inputs.architectures.exists.shape[0])]
    for n in range(count):
        _, log = trace(inputs, derived, seed, n)
        for a, rows in enumerate(found):
            size = int(log.size[a, 0])
            rows.append(
                Events(
                    log.time[a, :size].copy(),
                    log.kind[a, :size].copy(),
                    log.id[a, :size].copy(),
                    log.initiator[a, :size].copy(),
                    log.target[a, :size].copy(),
                    log.value[a, :size].copy(),
                )
            )
    return found


def counted(inputs: Inputs, seed: int, count: int, name: str) -> NDArray[np.float64]:
    """Simulate trajectories under the first architecture and return one of their counts."""
    counts = simulate_batch(inputs, derive(inputs), seed, 0, count).trajectories.counts
    found: NDArray[np.float64] = counts[TRAJECTORY_COUNTS.index(name), 0].astype(np.float64)
    return found


def onsets(history: Events) -> Events:
    """Return the disputes of a trajectory."""
    return history.of(events.DISPUTE)


def dyads_of(inputs: Inputs, found: Events) -> NDArray[np.int64]:
    """Return the directed dyad of every event."""
    codes, d = inputs.states.code, inputs.dyads
    place = {(int(codes[i]), int(codes[j])): k for k, (i, j) in enumerate(zip(*d[:2], strict=True))}
    rows = zip(found.initiator.tolist(), found.target.tolist(), strict=True)
    return np.array([place[row] for row in rows], np.int64)


def child_ids(parent: NDArray[np.uint64], number: int) -> NDArray[np.uint64]:
    """Return the id of the number-th child of every parent (docs/model.md §1.1)."""
    z = parent + np.uint64((int(STEP) * (number + 1)) % 2**64)
    z = (z ^ (z >> np.uint64(30))) * MIX[0]
    z = (z ^ (z >> np.uint64(27))) * MIX[1]
    return z ^ (z >> np.uint64(31))
