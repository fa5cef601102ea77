"""The simulation that a calibration asks for: the facts of one set of values in every world."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.scenario.drawn_parameters import with_values
from forecast.scenario.models import Scenario
from forecast.studies.calibrate.config import Calibration, Entry
from forecast.studies.facts.simulated import histories_of, summarised
from forecast.studies.facts.targets import Target
from forecast.world.origin import build_world
from forecast.world.pack import Packed, pack, repack

F8 = NDArray[np.float64]


class Worlds:
    """What simulates a set of values in all worlds, always with the same luck.

    Parameters
    ----------
    scenarios
        By name, each with its reference alone.
    entries, targets
        What values are of, and the facts wanted.
    histories
        Of each world.
    report
        Told how many histories have been simulated.
    """

    def __init__(
        self,
        scenarios: Mapping[str, Scenario],
        entries: Sequence[Entry],
        targets: Sequence[Target],
        histories: int,
        report: Callable[[int], None],
    ) -> None:
        self.entries, self.targets = entries, targets
        self.histories, self.report = histories, report
        self._worlds: dict[str, tuple[Scenario, xr.Dataset, Packed]] = {}
        for name, scenario in scenarios.items():
            world = build_world(scenario)
            self._worlds[name] = (scenario, world, pack(scenario, world))

    def __call__(self, values: F8) -> F8:
        """Return the facts, (fact, column), of one set of values, (entry,)."""
        found = {name: self._facts(name, values) for name in self._worlds}
        return np.array([found[target.scenario][target.fact] for target in self.targets])

    def _facts(self, name: str, values: F8) -> dict[str, Any]:
        scenario, world, packed = self._worlds[name]
        stated = {entry.name: float(v) for entry, v in zip(self.entries, values, strict=True)}
        changed = scenario.model_copy(
            update={"parameters": with_values(scenario.parameters, stated)}
        )
        found = repack(packed, changed, world)
        histories = histories_of(found, scenario.run.seed, self.histories)
        self.report(self.histories)
        return dict(summarised(histories))


def asked_for(asked: Calibration, scenarios: Mapping[str, Scenario]) -> dict[str, Any]:
    """Return what simulations depend on; more waves or draws go on with those there are."""
    digests = {
        name: hashlib.sha256(scenario.model_dump_json().encode()).hexdigest()
        for name, scenario in scenarios.items()
    }
    return {**asked.model_dump(mode="json", exclude={"waves", "draws"}), "scenarios": digests}
