"""What a store says of its own run."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import xarray as xr

from forecast.kernel.events import COMPLETED, EXIT_REASONS


def scenario_of(tree: xr.DataTree) -> dict[str, Any]:
    """Return the merged configuration a store was made from."""
    scenario: dict[str, Any] = json.loads(tree.attrs["config"])
    return scenario


def draws_of(tree: xr.DataTree) -> int:
    """Return the number D of parameter draws of a run, 1 where the parameters are fixed."""
    uncertainty = scenario_of(tree).get("uncertainty") or {}
    return int(uncertainty.get("draws", 1))


def abnormal_exits(tree: xr.DataTree) -> dict[str, int]:
    """Return how many trajectories ended by each abnormal exit reason, over all architectures."""
    reasons = tree["trajectories"].to_dataset()["exit_reason"].values
    found, counts = np.unique(reasons[reasons != COMPLETED], return_counts=True)
    return {EXIT_REASONS[r]: int(n) for r, n in zip(found, counts, strict=True)}
