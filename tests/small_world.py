"""A dozen states of the shipped world, and a short scenario over them, for quick whole runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from forecast.run import run
from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Scenario
from forecast.world.snapshot import read_snapshot

STATES = (2, 200, 220, 255, 290, 365, 369, 640, 710, 740, 750, 770)

SETTINGS = (
    'scenario.architectures=["status_quo_un", "consolidated_alliances"]',
    "horizon.last_year=2031",
    "run.trajectories=13",
    "run.batch_size=2",
)


def small_world() -> xr.Dataset:
    """Return the shipped world cut to a few states that fight."""
    world = read_snapshot("2026")
    both = np.isin(world["initiator"], STATES) & np.isin(world["target"], STATES)
    cut = world.sel(state=list(STATES), partner=list(STATES)).isel(dyad=np.flatnonzero(both))
    cut["capability"] = cut["capability"] / cut["capability"].sum()
    return cut.assign_coords(dyad=np.arange(cut.sizes["dyad"]))


def small_scenario(*settings: str) -> Scenario:
    """Return two architectures over six years, thirteen trajectories in batches of two."""
    return load_scenario(shipped_configs() / "three_futures.toml", [*SETTINGS, *settings])


def small_run(output: Any, *settings: str, **how: Any) -> xr.DataTree:
    """Run the small scenario in the small world, silently."""
    quiet = {"progress": lambda done, total: None}
    return run(small_scenario(*settings), small_world(), output=output, **{**quiet, **how})
