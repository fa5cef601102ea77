"""From a record to the arrays of a store: one architecture, one batch, one history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.outcomes.frame import (
    Coordinate,
    Frame,
    coordinates,
    count_bin_edges,
    deaths_bin_edges,
)
from forecast.outcomes.variables import GROUPS, VARIABLES, Variable
from forecast.studies.record.tally import Record

Arrays = dict[str, NDArray[Any]]

MEANINGLESS = {"cover": "states/cover", "draw": "trajectories/draw"}
"""Labels of a run that a record has no values for, and their paths."""


def arrays(record: Record) -> Arrays:
    """Return the record's values under the paths of the store, in the shapes of the registry."""
    found: Arrays = {f"trajectories/{n}": np.full((1, 1), v) for n, v in record.totals.items()}
    for group in ("annual", "states", "dyads"):
        for name, values in getattr(record, group).items():
            found[f"{group}/{name}"] = values[None, None]
            found[f"{group}/{name}_product"] = (values**2)[None, None, None]
    for name, values in record.annual.items():
        found[f"annual/{name}_histogram"] = _histogram(name, values)[None, None]
    for name, values in record.institutions.items():
        found[f"institutions/{name}"] = values
    return {v.path: found[v.path].astype(v.dtype) for v in VARIABLES if v.path in found}


def _histogram(name: str, values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a one in the bin of each year's value, (year, bin)."""
    edges = deaths_bin_edges() if name == "battle_deaths" else count_bin_edges()
    holding = np.searchsorted(edges, values, side="right") - 1
    return np.asarray(holding[:, None] == np.arange(edges.size), dtype=np.int64)


def missing(found: Arrays) -> list[str]:
    """Return the paths of a simulated store that a record cannot know."""
    return [*(v.path for v in VARIABLES if v.path not in found), *MEANINGLESS.values()]


def record_tree(found: Arrays, frame: Frame, attributes: Mapping[str, Any]) -> xr.DataTree:
    """Return the arrays as groups with their labels and meanings."""
    labels = [label for label in coordinates(frame) if label.name not in MEANINGLESS]
    groups = {
        group: _group([v for v in VARIABLES if v.group == group and v.path in found], found, labels)
        for group in GROUPS
    }
    return xr.DataTree.from_dict({"/": xr.Dataset(attrs=dict(attributes)), **groups})


def _group(members: list[Variable], found: Arrays, labels: list[Coordinate]) -> xr.Dataset:
    dims = {dim for variable in members for dim in variable.dims}
    values = {v.name: (v.dims, found[v.path], v.attributes()) for v in members}
    coords = {
        label.name: (
            label.dims,
            label.values,
            {"long_name": label.long_name, "units": label.units},
        )
        for label in labels
        if set(label.dims) <= dims
    }
    return xr.Dataset(values, coords=coords)
