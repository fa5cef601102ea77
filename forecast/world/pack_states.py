"""States, dyads and wars of a world as arrays of the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from forecast.kernel.arrays import Dyads, OriginWars, States
from forecast.world.codes import GREAT_POWER

if TYPE_CHECKING:
    import xarray as xr

MEMORY_VARIABLES = {
    "coded": ("memory_2y", "memory_15y"),
    "expected": ("memory_2y_expected", "memory_15y_expected"),
}


def shares(world: xr.Dataset, name: str) -> NDArray[np.float64]:
    """Return a variable of the states as shares that sum to 1, (state,).

    A state without a value takes the place that its capability gives it among those that have
    one; without the variable the shares are those of capability.
    """
    capability = _number(world, "capability")
    given = _number(world, name) if name in world else np.full(capability.size, np.nan)
    known = np.isfinite(given)
    if not known.any() or given[known].sum() <= 0:
        return np.asarray(capability / capability.sum(), np.float64)
    scale = given[known].sum() / capability[known].sum()
    filled = np.where(known, given, scale * capability)
    return np.asarray(filled / filled.sum(), np.float64)


def _flag(world: xr.Dataset, name: str) -> np.ndarray:
    return np.ascontiguousarray(world[name].to_numpy(), np.int8)


def _number(world: xr.Dataset, name: str) -> np.ndarray:
    return np.ascontiguousarray(world[name].to_numpy(), np.float64)


def pack_states(world: xr.Dataset) -> States:
    """Return the states in order of COW code."""
    return States(
        code=world["state"].to_numpy().astype(np.int64),
        capability=_number(world, "capability"),
        population=_number(world, "population"),
        democracy=_number(world, "democracy"),
        democratic=_flag(world, "democracy_binary"),
        great=(world["state_class"].to_numpy() == GREAT_POWER).astype(np.int8),
        g3=_flag(world, "is_g3"),
        state_class=_flag(world, "state_class"),
        region=_flag(world, "region"),
        gdp=shares(world, "gdp"),
        spending=shares(world, "military_spending_share"),
        nuclear=_flag(world, "nuclear_status"),
        resilience=_number(world, "resilience"),
        affinity=_number(world, "affinity"),
        trade=_number(world, "trade_share"),
        contiguity=_flag(world, "contiguity"),
        rival=_flag(world, "rivalry"),
    )


def _positions(world: xr.Dataset, name: str) -> np.ndarray:
    return np.searchsorted(world["state"].to_numpy(), world[name].to_numpy()).astype(np.int32)


def pack_dyads(world: xr.Dataset, memory_start: str) -> Dyads:
    """Return the directed dyads of the universe with the dispute memory they start with."""
    i, j = _positions(world, "initiator"), _positions(world, "target")
    count = world.sizes["state"]
    keys = i.astype(np.int64) * count + j
    order = np.argsort(keys)
    reverse = order[np.searchsorted(keys[order], j.astype(np.int64) * count + i)]
    undirected = np.minimum(i, j).astype(np.int64) * count + np.maximum(i, j)
    pair = np.unique(undirected, return_inverse=True)[1]
    entry = _number(world, "entry_year")
    short, long = MEMORY_VARIABLES[memory_start]
    return Dyads(
        initiator=i,
        target=j,
        pair=pair.astype(np.int32),
        reverse=reverse.astype(np.int32),
        distance=_number(world, "distance_km"),
        age=float(world.attrs["origin"]) - np.maximum(entry[i], entry[j]),
        memory_short=_number(world, short),
        memory_long=_number(world, long),
        last_initiator=_flag(world, "last_initiator"),
    )


def pack_wars(world: xr.Dataset) -> OriginWars:
    """Return the wars under way at the origin."""
    return OriginWars(
        initiator=_positions(world, "war_initiator"),
        target=_positions(world, "war_target"),
        elapsed=float(world.attrs["origin"]) - _number(world, "war_start"),
        deaths_low=_number(world, "war_deaths_low"),
        deaths_high=_number(world, "war_deaths_high"),
        side=_flag(world, "war_side"),
    )
