"""Simulating a store's run again: to prove what it holds, to mend it, and to see its events."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from forecast.errors import ForecastError
from forecast.execution.prepare import Prepared, prepare
from forecast.kernel.arrays import EventLog
from forecast.kernel.results import BatchResult
from forecast.outcomes.batches import batch_arrays
from forecast.outcomes.blocks import arrays_of, checksums_of, sheet_of
from forecast.outcomes.commits import record_key
from forecast.outcomes.draft import layout_of, relay
from forecast.outcomes.layout import block_paths, chunk_keys
from forecast.outcomes.places import Place
from forecast.outcomes.store import Opened
from forecast.outcomes.verify import Findings
from forecast.scenario.models import Scenario


class Unlike(NamedTuple):
    """A batch whose recomputed values are not those that were recorded."""

    batch: int
    paths: list[str]


def prepared_again(
    store: str, attributes: dict[Any, Any], world: xr.Dataset | None = None
) -> Prepared:
    """Return the run that a store was made by, from what the store tells of it.

    Parameters
    ----------
    store
        What messages call the store.
    attributes
        Attributes of its root.
    world
        Its state system, if it is not the one that its configuration names.

    Raises
    ------
    ForecastError
        If this version of the package, or the world, would give other numbers.
    """
    scenario = Scenario.model_validate_json(attributes["config"])
    prepared = prepare(scenario, world)
    if prepared.attributes["run"] != attributes["run"]:
        unlike = [
            f"{name} is {attributes[name]} in the store and {prepared.attributes[name]} here"
            for name in ("numbers_version", "world_digest")
            if prepared.attributes[name] != attributes[name]
        ]
        raise ForecastError(
            f"{store}: cannot be computed again here ({'; '.join(unlike)}); use the version "
            "of the package and the world it was made with (forecast info)"
        )
    return prepared


class Again:
    """Simulates trajectories of a store again, one by one, and holds them against it.

    Parameters
    ----------
    prepared
        The run it was made by.
    stored
        Its group ``trajectories``, as far as it is to be simulated again, loaded.
    store
        What messages call the store.
    """

    def __init__(self, prepared: Prepared, stored: xr.Dataset, store: str) -> None:
        self.prepared, self.store = prepared, store
        self.numbers = stored["trajectory"].values.astype(np.int64)
        self.stored = {f"trajectories/{n}": v.values for n, v in stored.data_vars.items()}

    def __call__(self, number: int) -> tuple[BatchResult, EventLog]:
        """Return the results of a trajectory and its events under every architecture.

        Raises
        ------
        ForecastError
            If a stored value of the trajectory is another, or it has too many events to record.
        """
        result, log = self.prepared.simulator.trace(number)
        if (log.size == log.time.shape[1]).any():
            raise ForecastError(f"{self.store}: trajectory {number} has too many events to record")
        slot = int(np.searchsorted(self.numbers, number))
        again = batch_arrays(result, self.prepared.frame.first_year)
        unlike = [
            path.partition("/")[2]
            for path, values in self.stored.items()
            if not np.array_equal(again[path][..., 0], values[..., slot])
        ]
        if unlike:
            raise ForecastError(
                f"{self.store}: trajectory {number} simulated again is not the stored one "
                f"({', '.join(unlike[:3])}); check the store with: forecast store verify "
                "--recompute 1"
            )
        return result, log


def recompute(opened: Opened, prepared: Prepared, batches: list[int]) -> list[Unlike]:
    """Simulate batches again and return those that differ from their records.

    Parameters
    ----------
    opened
        The store.
    prepared
        The run it was made by.
    batches
        Numbers of committed batches.
    """
    frame = prepared.frame
    prepared.simulator.compile()
    layout = layout_of(frame, prepared.attributes, opened.attributes)
    sheet = sheet_of(opened.place, layout, frame)
    found = []
    for index in batches:
        result = prepared.simulator(*sheet.batch(index))
        again = checksums_of(arrays_of(sheet, index, result))
        recorded = map(int, opened.records.checksums[index])
        pairs = zip(block_paths(), again, recorded, strict=True)
        if paths := [path for path, one, other in pairs if one != other]:
            found.append(Unlike(index, paths))
    return found


def retract_damage(place: Place, findings: Findings, prepared: Prepared) -> None:
    """Lay a damaged store out anew and withdraw its damaged batches, to be run again.

    Parameters
    ----------
    place
        Where the store lies.
    findings
        What is wrong with it.
    prepared
        The run it was made by.
    """
    records = [record_key(index) for index in findings.batches]
    place.delete(records)
    place.delete([key for index in findings.batches for key in chunk_keys(index)])
    relay(place, layout_of(prepared.frame, prepared.attributes, findings.attributes))
