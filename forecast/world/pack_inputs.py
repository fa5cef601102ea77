"""Scenario and world as the inputs of the kernel, before anything is derived from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forecast.errors import ForecastError
from forecast.kernel import parameters as kernel_parameters
from forecast.kernel.arrays import Inputs
from forecast.world.pack_institutions import institution_ids, pack_architectures
from forecast.world.pack_states import pack_dyads, pack_states, pack_wars
from forecast.world.variants import placed

if TYPE_CHECKING:
    import xarray as xr

    from forecast.scenario.models import Scenario


class Labelled(NamedTuple):
    """Inputs of the kernel and the labels of their axes."""

    inputs: Inputs
    architectures: tuple[str, ...]
    institutions: tuple[str, ...]


def pack_inputs(scenario: Scenario, world: xr.Dataset) -> Labelled:
    """Turn a scenario and the world at its origin into the inputs of the kernel.

    Raises
    ------
    ForecastError
        The world starts in another year, a selector names what the world does not hold, or a
        comparability variant is impossible in it.
    """
    if int(world.attrs["origin"]) != scenario.horizon.first_year:
        raise ForecastError(
            f"horizon.first_year is {scenario.horizon.first_year}, but world "
            f"'{scenario.world}' describes 1 January {world.attrs['origin']}; "
            f"set horizon.first_year = {world.attrs['origin']} or name another world"
        )
    architectures = placed(scenario, world)
    names = tuple(architectures)
    inputs = Inputs(
        states=pack_states(world),
        dyads=pack_dyads(world, scenario.run.memory_start),
        wars=pack_wars(world),
        architectures=pack_architectures(architectures, world),
        parameters=pack_parameters(scenario),
        reference=names.index(scenario.reference),
        years=scenario.horizon.years,
    )
    return Labelled(inputs, names, institution_ids(architectures))


def pack_parameters(scenario: Scenario) -> kernel_parameters.Parameters:
    """Return the parameter values as the kernel's named tuples."""
    groups = {}
    for name in kernel_parameters.Parameters._fields:
        group = getattr(scenario.parameters, name)
        kind = kernel_parameters.Parameters.__annotations__[name]
        groups[name] = kind(**{f: float(getattr(group, f).value) for f in kind._fields})
    return kernel_parameters.Parameters(**groups)
