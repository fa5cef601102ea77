"""Draw floor: the kernel's time against computing its random numbers alone, one after another."""

from __future__ import annotations

from functools import partial

import numba
import numpy as np

from benchmarks.figures import Figure, Size, exactly, figure
from benchmarks.plain import SEED, Counts, count
from benchmarks.timing import side_by_side, spread
from benchmarks.worlds import SMALL, packed
from forecast.kernel.results import TRAJECTORY_COUNTS
from forecast.kernel.simulate import simulate_batch
from forecast.kernel.streams import philox
from forecast.world.pack import Packed

TRAJECTORIES, REPEATS = 8, 20


@numba.njit(nogil=True, error_model="numpy")
def chain(blocks, seed):
    """Compute blocks of random numbers, each addressed by the one before."""
    key0, key1 = np.uint64(seed), np.uint64(1)
    c0, c1, c2, c3 = np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
    for _ in range(blocks):
        c0, c1, c2, c3 = philox(key0, key1, c0, c1, c2, c3)
    return c0 ^ c1 ^ c2 ^ c3


def measure(size: Size) -> list[Figure]:
    settings = SMALL if size.factor == 0 else ()
    trajectories = max(1, round(TRAJECTORIES * size.factor))
    repeats = max(1, round(REPEATS * size.factor))
    run = packed("three_futures", *settings)
    counts = count("three_futures", *settings, trajectories=trajectories)
    contestants = {
        "kernel": partial(_simulate, run, trajectories, repeats),
        # What a batch costs before its first trajectory, which a batch of hundreds hardly feels.
        "empty": partial(_simulate, run, 0, repeats),
        "floor": partial(_draw, counts.drawn, repeats),
    }
    seconds = side_by_side(contestants, size.rounds)
    net = [x - y for x, y in zip(seconds["kernel"], seconds["empty"], strict=True)]
    histories = trajectories * len(run.architectures)
    each = spread([1e9 * x / (repeats * counts.drawn) for x in seconds["floor"]])
    ratio = spread([x / y for x, y in zip(net, seconds["floor"], strict=True)])
    blocks = counts.drawn / histories
    note = f"{blocks:,.0f} blocks per trajectory and architecture; {_sameness(run, counts)}"
    return [
        figure("draw_floor_ratio", "three_futures: kernel ÷ its draws alone", "×", ratio, note),
        figure("block_ns", "one random block, waiting for the one before", "ns", each),
        exactly(
            "draw_floor_blocks",
            "three_futures: random blocks per trajectory and architecture",
            "",
            blocks,
            _purposes(counts),
        ),
    ]


def _simulate(run: Packed, trajectories: int, repeats: int) -> None:
    for _ in range(repeats):
        simulate_batch(run.inputs, run.derived, SEED, 0, trajectories)


def _draw(blocks: int, repeats: int) -> None:
    for n in range(repeats):
        chain(blocks, n)


def _sameness(run: Packed, counts: Counts) -> str:
    """Tell whether the histories that were counted are those that are timed."""
    counted = np.array(counts.disputes)
    seen = simulate_batch(run.inputs, run.derived, SEED, 0, counted.shape[1]).trajectories
    timed = seen.counts[TRAJECTORY_COUNTS.index("dispute_count")]
    same = int((timed == counted).sum())
    return f"{same} of {counted.size} histories timed have as many disputes as when counted"


def _purposes(counts: Counts) -> str:
    most = sorted(counts.blocks.items(), key=lambda item: -item[1])[:5]
    return ", ".join(f"{name.lower()} {n / counts.drawn:.0%}" for name, n in most)
