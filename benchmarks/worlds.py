"""Shipped scenarios, and variants of them, as kernel arrays."""

from __future__ import annotations

import numpy as np
import xarray as xr

from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Scenario
from forecast.world.pack import Packed, pack
from forecast.world.snapshot import read_snapshot

SMALL = ("horizon.last_year=2026", 'scenario.architectures=["status_quo_un"]')
"""Settings that leave of a scenario one architecture and one year."""


def scenario_of(name: str, *settings: str) -> Scenario:
    """Return a shipped scenario, with settings such as "horizon.last_year=2030"."""
    return load_scenario(shipped_configs() / f"{name}.toml", settings)


def packed(name: str, *settings: str) -> Packed:
    """Return a shipped scenario in its shipped world."""
    scenario = scenario_of(name, *settings)
    return pack(scenario, read_snapshot(scenario.world))


def strongest(world: xr.Dataset, count: int) -> xr.Dataset:
    """Return the world with its strongest states alone."""
    rank = np.argsort(-world["capability"].to_numpy(), kind="stable")
    state = np.sort(world["state"].to_numpy()[rank[:count]])
    both = np.isin(world["initiator"], state) & np.isin(world["target"], state)
    cut = world.sel(state=state, partner=state).isel(dyad=np.flatnonzero(both))
    cut["capability"] = cut["capability"] / cut["capability"].sum()
    return cut.assign_coords(dyad=np.arange(cut.sizes["dyad"]))
