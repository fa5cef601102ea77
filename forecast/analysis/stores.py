"""What a store says of its own run."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import xarray as xr

from forecast.errors import ForecastError
from forecast.kernel.events import COMPLETED, EXIT_REASONS
from forecast.outcomes.store import RECORD


def scenario_of(tree: xr.DataTree) -> dict[str, Any]:
    """Return the merged configuration a store was made from."""
    scenario: dict[str, Any] = json.loads(tree.attrs["config"])
    return scenario


def check_not_record(tree: xr.DataTree) -> None:
    """Refuse the store of a historical record, which has no architectures to compare."""
    if tree.attrs.get("kind") == RECORD:
        raise ForecastError(
            f"{tree.attrs['title']}: a record holds one history under no architecture, so there "
            "is nothing to compare; name the store of a run, and subtract the record from it"
        )


def draws_of(tree: xr.DataTree) -> int:
    """Return the number D of parameter draws of a run, 1 where the parameters are fixed."""
    uncertainty = scenario_of(tree).get("uncertainty") or {}
    return int(uncertainty.get("draws", 1))


def abnormal_exits(tree: xr.DataTree) -> dict[str, int]:
    """Return how many trajectories ended by each abnormal exit reason, over all architectures."""
    reasons = tree["trajectories"].to_dataset()["exit_reason"].values
    found, counts = np.unique(reasons[reasons != COMPLETED], return_counts=True)
    return {EXIT_REASONS[r]: int(n) for r, n in zip(found, counts, strict=True)}
