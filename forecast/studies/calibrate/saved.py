"""Simulated facts kept in a folder as they are made, so that a broken calibration goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.errors import ForecastError

F8 = NDArray[np.float64]

CHUNK = 10
"""Sets of values saved together."""


class Folder:
    """What a calibration has simulated so far.

    Parameters
    ----------
    path
        Made if absent.
    asked
        What the simulations depend on; a folder made for anything else is refused.
    """

    def __init__(self, path: Path, asked: dict[str, Any]) -> None:
        self.path = path
        text = json.dumps(asked, indent=1, sort_keys=True)
        file = path / "asked.json"
        try:
            path.mkdir(parents=True, exist_ok=True)
            if not file.exists():
                _publish(file, text.encode())
            known = file.read_text(encoding="utf-8")
        except OSError as error:
            raise ForecastError(f"{path}: cannot be used ({error.strerror or error})") from error
        if known != text:
            raise ForecastError(
                f"{path}: holds simulations of another calibration, world or parameter file; "
                "choose another --work folder, or remove this one"
            )

    def places(self, name: str, make: Callable[[], F8]) -> F8:
        """Return the places of a wave, (point, entry): the saved ones, or new ones, then saved."""
        return self._array(f"{name}-places", make)

    def simulated(self, name: str, values: F8, simulate: Callable[[F8], F8]) -> F8:
        """Return simulated facts of sets of values, (point, fact, column).

        Parameters
        ----------
        name
            Of the wave.
        values
            (point, entry).
        simulate
            Returns (fact, column) of one set of values; called only for what is not saved.
        """

        def chunk(first: int) -> F8:
            part = values[first : first + CHUNK]
            return self._array(
                f"{name}-{first:05d}", lambda: np.stack([simulate(point) for point in part])
            )

        return np.concatenate([chunk(first) for first in range(0, len(values), CHUNK)])

    def saved_points(self) -> int:
        """Return how many sets of values the waves have simulated."""
        files = self.path.glob("wave-*[0-9].npy")
        return sum(len(np.load(file)) for file in files)

    def _array(self, name: str, make: Callable[[], F8]) -> F8:
        file = self.path / f"{name}.npy"
        if not file.exists():
            growing = self.path / f".{name}.partial.npy"
            np.save(growing, make())
            growing.replace(file)
        try:
            return np.asarray(np.load(file))
        except (OSError, ValueError, EOFError) as error:
            raise ForecastError(f"{file}: cannot be read ({error}); remove it") from error


def _publish(file: Path, content: bytes) -> None:
    growing = file.with_name(f".{file.name}.{os.getpid()}")
    growing.write_bytes(content)
    growing.replace(file)
