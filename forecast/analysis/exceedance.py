"""How probable it is that deaths exceed a number, over a grid of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.analysis.stores import check_not_record, draws_of, scenario_of
from forecast.errors import ForecastError, nearest
from forecast.estimators.measure import Measure
from forecast.estimators.moments import CONFIDENCE
from forecast.estimators.rows import MEANINGS, assess
from forecast.kernel.events import COMPLETED

Deaths = Literal["battle_deaths", "largest_war_battle_deaths"]

GRID = tuple(float(m * 10**e) for e in range(3, 8) for m in (1, 2, 5))
"""Deaths from a thousand to fifty million."""


def exceedance(
    tree: xr.DataTree,
    variable: Deaths = "battle_deaths",
    reference: str | None = None,
    grid: Sequence[float] = GRID,
    *,
    keep_abnormal: bool = False,
) -> xr.Dataset:
    """Return the probability of more deaths than each number, and its paired difference.

    Parameters
    ----------
    tree
        Outcomes of a run.
    variable
        Deaths of all wars, or of the largest.
    reference
        Architecture to compare with; by default that of the scenario.
    grid
        Numbers of deaths.
    keep_abnormal
        Use trajectories that did not complete; otherwise they are left out of every architecture.

    Returns
    -------
    xarray.Dataset
        The fields of `compare`, over architecture and deaths. Intervals hold point by point, not
        for the whole curve at once.

    Raises
    ------
    ForecastError
        If the reference or the variable is unknown, or no trajectory completed.
    """
    check_not_record(tree)
    name = nearest(variable, ["battle_deaths", "largest_war_battle_deaths"], "variable")
    group = tree["trajectories"].to_dataset()
    names = [str(word) for word in group["architecture"].values]
    chosen = nearest(reference or scenario_of(tree)["reference"], names, "reference")
    kept = (group["exit_reason"] == COMPLETED).all("architecture").values | keep_abnormal
    if not kept.any():
        raise ForecastError("no trajectory completed under all architectures: nothing to compare")
    values = np.asarray(group[name].values[:, kept], dtype=np.float64)
    numbers, draws = np.flatnonzero(kept), draws_of(tree)

    def read(_: str) -> NDArray[np.float64]:
        return values

    rows = [
        assess(
            Measure(name, name, "probability", "probability", (name,), deaths),
            read, 1, draws, names.index(chosen), numbers,
        ).row
        for deaths in grid
    ]  # fmt: skip
    fields = {
        field: (("architecture", "deaths"), np.stack([getattr(r, field) for r in rows], axis=1))
        for field in MEANINGS
    }
    return xr.Dataset(
        fields,
        coords={"architecture": np.array(names, dtype=object), "deaths": list(grid)},
        attrs={
            "reference": chosen,
            "outcome": f"probability of more {name}",
            "trajectories": int(kept.sum()),
            "draws": draws,
            "confidence": CONFIDENCE,
        },
    )
