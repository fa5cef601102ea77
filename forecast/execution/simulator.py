"""Simulating the batches of a run, each trajectory with the parameters of its draw."""

from __future__ import annotations

from concurrent.futures import Future
from threading import Lock
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.kernel.arrays import EventLog
from forecast.kernel.results import BatchResult, allocate, published
from forecast.kernel.simulate import compile_kernel, simulate_into, trace
from forecast.scenario.draws import draw
from forecast.scenario.models import Scenario
from forecast.world.pack import Packed, repack


class Simulator:
    """What simulates any batch of a run, in any thread; it may be sent to another process.

    The inputs of a draw are packed when first needed, by one thread, and kept: some 3 MB a draw.

    Parameters
    ----------
    scenario, world
        What is asked, and the state system at the forecast origin.
    packed
        Inputs of the kernel, with the central values.
    points
        Percentiles of the draws, (draw, quantity); None if the central values are to be used.
    """

    def __init__(
        self,
        scenario: Scenario,
        world: xr.Dataset,
        packed: Packed,
        points: NDArray[np.float64] | None,
    ) -> None:
        self.scenario, self.world, self.packed, self.points = scenario, world, packed, points
        self._drawn: dict[int, Future[Packed]] = {}
        self._lock = Lock()

    def __reduce__(self) -> tuple[Any, ...]:
        return Simulator, (self.scenario, self.world, self.packed, self.points)

    @property
    def seed(self) -> int:
        """Root of all random draws."""
        return self.scenario.run.seed

    @property
    def draws(self) -> int:
        """Number of draws; trajectory n uses draw n modulo that."""
        return 1 if self.points is None else len(self.points)

    @property
    def held(self) -> int:
        """Bytes of the inputs of all draws, as far as they differ.

        Measured on all_futures: 3.1 MB a draw, 1.1 times what its tables of decisions take.
        """
        tables: int = self.packed.derived.tables.nbytes
        return 0 if self.points is None else round(1.1 * self.draws * tables)

    def compile(self) -> None:
        """Compile the simulation, or read it from the disk cache, so that no later call waits."""
        compile_kernel(self.packed.inputs, self.packed.derived)

    def __call__(self, first: int, count: int) -> BatchResult:
        """Return the results of trajectories first ... first + count - 1."""
        results = allocate(self.packed.inputs, count)
        numbers = self.make_ready(first, count)
        for slot, number in enumerate(numbers):
            packed = self._drawn[number].result()
            simulate_into(
                results, packed.inputs, packed.derived, self.seed, first, slot, self.draws
            )
        return published(results)

    def trace(self, trajectory: int) -> tuple[BatchResult, EventLog]:
        """Return the results of one trajectory, and its events under every architecture."""
        (number,) = self.make_ready(trajectory, 1)
        packed = self._drawn[number].result()
        return trace(packed.inputs, packed.derived, self.seed, trajectory)

    def make_ready(self, first: int, count: int) -> list[int]:
        """Pack the inputs of a range of trajectories, and return the draws of the first of them."""
        numbers = [(first + slot) % self.draws for slot in range(min(self.draws, count))]
        for number in numbers:
            self._claim(number)
        return numbers

    def _claim(self, number: int) -> None:
        """Pack a draw unless another thread has, or is at it."""
        with self._lock:
            if number in self._drawn:
                return
            claimed = self._drawn[number] = Future()
        try:
            claimed.set_result(self._packed(number))
        except BaseException as error:
            claimed.set_exception(error)
            raise

    def _packed(self, number: int) -> Packed:
        if self.points is None:
            return self.packed
        return repack(self.packed, draw(self.scenario, self.points, number).scenario, self.world)
