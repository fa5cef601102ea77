"""The one crossing: scenario and world become the arrays of the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from forecast.errors import ForecastError
from forecast.kernel import parameters as kernel_parameters
from forecast.kernel.arrays import Derived, Dyads, Inputs, OriginWars, States
from forecast.kernel.derive import derive
from forecast.world.codes import GREAT_POWER
from forecast.world.pack_institutions import institution_ids, pack_architectures

if TYPE_CHECKING:
    import xarray as xr

    from forecast.scenario.models import Scenario

MEMORY_VARIABLES = {
    "coded": ("memory_2y", "memory_15y"),
    "expected": ("memory_2y_expected", "memory_15y_expected"),
}


class Packed(NamedTuple):
    """A run as the kernel sees it, and the labels of its axes."""

    inputs: Inputs
    derived: Derived
    architectures: tuple[str, ...]
    institutions: tuple[str, ...]


def pack(scenario: Scenario, world: xr.Dataset) -> Packed:
    """Turn a scenario and the world at its origin into kernel arrays.

    Raises
    ------
    ForecastError
        The world starts in another year, or a selector names what the world does not hold.
    """
    if int(world.attrs["origin"]) != scenario.horizon.first_year:
        raise ForecastError(
            f"horizon.first_year is {scenario.horizon.first_year}, but world "
            f"'{scenario.world}' describes 1 January {world.attrs['origin']}; "
            f"set horizon.first_year = {world.attrs['origin']} or name another world"
        )
    names = tuple(scenario.architectures)
    inputs = Inputs(
        states=pack_states(world),
        dyads=pack_dyads(world, scenario.run.memory_start),
        wars=pack_wars(world),
        architectures=pack_architectures(scenario.architectures, world),
        parameters=pack_parameters(scenario),
        reference=names.index(scenario.reference),
        years=scenario.horizon.years,
    )
    return Packed(inputs, derive(inputs), names, institution_ids(scenario.architectures))


def pack_parameters(scenario: Scenario) -> kernel_parameters.Parameters:
    """Return the parameter values as the kernel's named tuples."""
    groups = {}
    for name in kernel_parameters.Parameters._fields:
        group = getattr(scenario.parameters, name)
        kind = kernel_parameters.Parameters.__annotations__[name]
        groups[name] = kind(**{f: float(getattr(group, f).value) for f in kind._fields})
    return kernel_parameters.Parameters(**groups)


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
        democratic=_flag(world, "democracy_binary"),
        great=(world["state_class"].to_numpy() == GREAT_POWER).astype(np.int8),
        g3=_flag(world, "is_g3"),
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
