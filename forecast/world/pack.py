"""The one crossing: scenario and world become the arrays of the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from forecast.kernel.arrays import Derived, Inputs
from forecast.kernel.derive import derive
from forecast.world.pack_inputs import pack_inputs
from forecast.world.pack_inputs import pack_parameters as pack_parameters
from forecast.world.pack_institutions import pack_numbers
from forecast.world.variants import placed

if TYPE_CHECKING:
    import xarray as xr

    from forecast.scenario.models import Scenario


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
        The world starts in another year, a selector names what the world does not hold, or a
        comparability variant is impossible in it.
    """
    inputs, architectures, institutions = pack_inputs(scenario, world)
    return Packed(inputs, derive(inputs), architectures, institutions)


def repack(packed: Packed, scenario: Scenario, world: xr.Dataset) -> Packed:
    """Return a packed run with the numbers of a draw of its scenario.

    What is equal in both is held once.

    Parameters
    ----------
    packed
        The run, of the same architectures with other numbers.
    scenario, world
        The draw, and the world of the run.
    """
    numbers = pack_numbers(placed(scenario, world), packed.institutions)
    inputs = packed.inputs._replace(
        architectures=packed.inputs.architectures._replace(**numbers),
        parameters=pack_parameters(scenario),
    )
    found = derive(inputs)
    pairs: Any = zip(packed.derived, found, strict=True)
    derived = Derived(*(one if np.array_equal(one, other) else other for one, other in pairs))
    return packed._replace(inputs=inputs, derived=derived)
