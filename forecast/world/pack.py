"""The one crossing: scenario and world become the arrays of the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forecast.kernel.arrays import Derived, Inputs
from forecast.kernel.derive import derive
from forecast.world.pack_inputs import pack_inputs
from forecast.world.pack_inputs import pack_parameters as pack_parameters

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
