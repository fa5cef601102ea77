"""The heap of children against a sorted list."""

import heapq

import numpy as np
from numba.experimental import structref

from forecast.kernel import events
from forecast.kernel.borrowing import Record, borrowing, release
from forecast.kernel.compiled import exposed
from forecast.kernel.pending import drop_first, push
from forecast.kernel.records import EXIT, NUMBERS, PENDING

ROOM = 64


@borrowing
class HeapType(Record):
    """Type of Heap."""


class Heap:
    """What of the state the heap needs."""


structref.define_constructor(
    Heap, HeapType, "pending_time pending_id pending_dyad pending_height number".split()
)


@exposed
def taken(times, ids, takes):
    """Push candidates in order, each followed by so many removals; return the rows removed.

    Their dyad is their number; the last two rows are what is left and the exit reason.
    """
    heap = Heap(
        np.zeros(ROOM), np.zeros(ROOM, np.uint64), np.zeros(ROOM, np.int64), np.zeros(ROOM),
        np.zeros(NUMBERS, np.int64),
    )  # fmt: skip
    rows = []
    for n in range(times.size):
        push(heap, times[n], ids[n], n, -times[n])
        for _ in range(min(takes[n], heap.number[PENDING])):
            rows.append((heap.pending_time[0], heap.pending_height[0], heap.pending_dyad[0]))
            drop_first(heap)
    rows.append((0.0, 0.0, heap.number[PENDING]))
    rows.append((0.0, 0.0, heap.number[EXIT]))
    release(heap)
    return rows


def test_heap__gives_candidates_in_order_of_time_and_id():
    rng = np.random.default_rng(4)
    for _ in range(20):
        times = rng.integers(0, 12, 200) / 4.0  # many at the same time
        ids = rng.integers(2**63, size=200).astype(np.uint64) * np.uint64(2)
        takes = np.where(np.arange(200) == 199, 200, rng.integers(0, 3, 200))
        expected, heap = [], []
        for n in range(200):
            heapq.heappush(heap, (times[n], int(ids[n]), n))
            for _ in range(min(takes[n], len(heap))):
                time, _, dyad = heapq.heappop(heap)
                expected.append((time, -time, dyad))
        assert taken(times, ids, takes) == [*expected, (0.0, 0.0, 0), (0.0, 0.0, 0)]


def test_heap__when_full_ends_the_trajectory():
    times = np.arange(ROOM + 1.0)
    rows = taken(times, np.arange(ROOM + 1, dtype=np.uint64), np.zeros(ROOM + 1, np.int64))
    assert rows == [(0.0, 0.0, ROOM), (0.0, 0.0, events.PENDING_FULL)]
