"""What one task does: simulate batches and write them, one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from forecast.execution.simulator import Simulator
from forecast.outcomes.blocks import Sheet, write_batch

Block = tuple[int, ...]
"""Numbers of batches that one task simulates and writes."""


class Written(NamedTuple):
    """A batch that is written but does not count yet: its number, checksums and trajectories."""

    batch: int
    checksums: list[int]
    trajectories: int


Commit = Callable[[Written], None]
"""Called by the driver alone, with every batch written, in any order."""


@dataclass(frozen=True)
class Work:
    """Everything a task needs beside the numbers of its batches.

    Parameters
    ----------
    simulator
        Simulates a range of trajectories.
    sheet
        What there is to know of the store.
    """

    simulator: Simulator = field(repr=False)
    sheet: Sheet = field(repr=False)

    def __call__(self, block: Block) -> list[Written]:
        """Simulate and write batches; memory holds only one at a time."""
        return [self.batch(index) for index in block]

    def batch(self, index: int) -> Written:
        """Simulate and write one batch."""
        first, count = self.sheet.batch(index)
        return Written(index, write_batch(self.sheet, index, self.simulator(first, count)), count)


def blocks_of(pending: Sequence[int], size: int) -> Iterator[Block]:
    """Yield the pending batches, so many to a task."""
    for start in range(0, len(pending), size):
        yield tuple(pending[start : start + size])
