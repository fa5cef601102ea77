"""The world a scenario starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forecast.world.snapshot import read_snapshot

if TYPE_CHECKING:
    import xarray as xr

    from forecast.scenario.models import Scenario


def build_world(scenario: Scenario) -> xr.Dataset:
    """Return the state system at the scenario's forecast origin.

    Parameters
    ----------
    scenario
        Its key ``scenario.world`` names a shipped snapshot or the path of one.

    Returns
    -------
    xarray.Dataset
        Dimensions state, partner, dyad, institution, war; free to be changed before it is given
        to a run.

    Raises
    ------
    ForecastError
        If there is no such snapshot, or it cannot be read.
    """
    return read_snapshot(scenario.world)
