"""Bringing a store of an older schema up to date: the same values, sealed and recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr

from forecast.errors import ForecastError
from forecast.outcomes.blocks import Arrays, checksums_of, encoded, put_batch
from forecast.outcomes.draft import drafted
from forecast.outcomes.fingerprint import unsealed
from forecast.outcomes.frame import COUNT_LABEL, Frame
from forecast.outcomes.identity import run_name
from forecast.outcomes.layout import block_paths
from forecast.outcomes.places import Place
from forecast.outcomes.reading import read_batch
from forecast.outcomes.store import UNSEALED, known_attributes, open_outcomes

UNKNOWN_WORLD, UNKNOWN_NUMBERS = "unknown", 0


def migrate(place: Place, progress: Callable[[int, int], None] | None = None) -> bool:
    """Bring a store up to date in place and return whether there was anything to do.

    The values stay bit for bit the same, and so does the fingerprint. What older versions did not
    write down stays unknown, so that a migrated store is read, verified and scored, but neither
    extended nor recomputed.

    Parameters
    ----------
    place
        Where the store lies.
    progress
        Told how many batches are copied, and of how many.

    Raises
    ------
    ForecastError
        If there is no store, its version is not known, or it lies in an object store.
    """
    attributes = known_attributes(place)
    if attributes["schema_version"] not in UNSEALED:
        return False
    if place.draft == place:
        raise ForecastError(
            f"{place.name}: an object store has no room for an old and a new store of one name; "
            "copy it to a folder, migrate it there and copy it back"
        )
    if attributes.get("kind"):
        raise ForecastError(
            f"{place.name}: holds the record; write it anew (forecast world observed)"
        )
    store, batches, size = unsealed(place, attributes)
    frame = _frame_of(open_outcomes(place.name), attributes, size)
    marks = _marks(attributes)
    with drafted(place, frame, marks, overwrite=True) as draft:
        sheet = draft.sheet
        for index in draft.pending:
            values = read_batch(store, index, size, block_paths(marks))
            arrays = _whole(values, sheet.batch(index)[1])
            put_batch(sheet, encoded(sheet, index, arrays))
            draft.commit(index, checksums_of(arrays))
            if progress is not None:
                progress(index + 1, batches)
        draft.publish()
    return True


def _marks(attributes: dict[str, Any]) -> dict[str, Any]:
    """Return the root attributes of the migrated store."""
    old = {k: v for k, v in attributes.items() if k not in ("format", "schema_version")}
    run = run_name(attributes["config"], UNKNOWN_WORLD, UNKNOWN_NUMBERS)
    known = {"world_digest": UNKNOWN_WORLD, "numbers_version": UNKNOWN_NUMBERS, "run": run}
    return {**old, **known, "migrated_from": attributes["schema_version"]}


def _whole(values: dict[str, Any], count: int) -> Arrays:
    """Return a batch's arrays in the order of its record, with its count of trajectories."""
    total = np.array(count, np.int64)
    return {path: total if path.endswith(COUNT_LABEL) else values[path] for path in values}


def _frame_of(tree: xr.DataTree, attributes: dict[str, Any], size: int) -> Frame:
    """Return the labels of a store as the frame they were made from."""
    config = json.loads(attributes["config"])
    states, dyads = tree["states"].to_dataset(), tree["dyads"].to_dataset()
    institutions = tree["institutions"].to_dataset()
    years = institutions["year"].values
    return Frame(
        architectures=tuple(map(str, states["architecture"].values)),
        institutions=tuple(map(str, institutions["institution"].values)),
        first_year=int(years[0]),
        years=years.size,
        state=states["state"].values.astype(np.int64),
        iso3=tuple(map(str, states["iso3"].values)),
        state_class=tuple(map(str, states["state_class"].values)),
        region=tuple(map(str, states["region"].values)),
        cover=states["cover"].values.astype(object),
        exists=institutions["exists"].values,
        initiator=dyads["initiator"].values.astype(np.int64),
        target=dyads["target"].values.astype(np.int64),
        trajectories=config["run"]["trajectories"],
        batch_size=size,
    )
