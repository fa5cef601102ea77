"""What the spread of histories consists of: chance, the parameters' draw, the architecture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.analysis.stores import draws_of
from forecast.errors import ForecastError
from forecast.estimators.catalogue import Measure, choose_measures
from forecast.estimators.nested import PARTS, ByDraw, by_draw, split

OF_A_MEAN = ("rate", "total", "probability")
"""Kinds of measures that are means over histories, so that one history has a value."""


def values_by_draw(
    tree: xr.DataTree, measure: Measure, architectures: Sequence[str] | None = None
) -> ByDraw:
    """Return a measure's values draw by draw, under all architectures or those named.

    Raises
    ------
    ForecastError
        If the store has no draws, too few, or lacks what the measure needs.
    """
    group = tree["trajectories"].to_dataset()
    if missing := [name for name in measure.variables if name not in group]:
        raise ForecastError(
            f"{', '.join(missing)}: the version that wrote this store did not record it; run the "
            "scenario anew"
        )
    if draws_of(tree) == 1:
        raise ForecastError(
            "the parameters of this store were not drawn, so there is nothing to tell by draw; "
            "make one that has draws with: forecast study sweep CONFIG"
        )
    chosen = group if architectures is None else group.sel(architecture=list(architectures))

    def read(name: str) -> NDArray[np.float64]:
        return np.asarray(chosen[name].values, dtype=np.float64)

    return by_draw(measure, read, int(tree["annual"].sizes["year"]), draws_of(tree))


def split_of(
    tree: xr.DataTree,
    outcomes: Sequence[str] | None = None,
    architectures: Sequence[str] | None = None,
) -> xr.Dataset:
    """Return the variance of one history's value by what histories differ in.

    Parameters
    ----------
    tree
        Outcomes of a run with draws.
    outcomes
        Names of measures that are means; by default those of the main table that are.
    architectures
        Those to take as equally likely; by default all.

    Returns
    -------
    xarray.Dataset
        Dimensions outcome and part (simulation, parameter, architecture): `variance`, its
        `std_error` and `share` of the three together.

    Raises
    ------
    ForecastError
        If an outcome is unknown or no mean, or there are no draws.
    """
    wanted = [m for m in choose_measures(outcomes) if outcomes or m.kind in OF_A_MEAN]
    if other := [m.name for m in wanted if m.kind not in OF_A_MEAN]:
        raise ForecastError(f"{', '.join(other)}: no mean over histories, so it has no such split")
    return split_table(wanted, [values_by_draw(tree, m, architectures) for m in wanted])


def split_table(measures: Sequence[Measure], seen: Sequence[ByDraw]) -> xr.Dataset:
    """Return the split of measures, as `split_of` does, from their values by draw."""
    found = [split(one) for one in seen]
    variance = np.array([one.variance for one in found])
    dims = ("outcome", "part")
    return xr.Dataset(
        {
            "variance": (dims, variance),
            "std_error": (dims, np.array([one.error for one in found])),
            "share": (dims, variance / variance.sum(axis=1, keepdims=True)),
        },
        coords={
            "outcome": np.array([m.name for m in measures], dtype=object),
            "part": np.array(PARTS, dtype=object),
        },
    )
