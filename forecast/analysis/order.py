"""The shape of the order year by year: coalitions, nuclear powers, rivalries, norm and burden."""

from __future__ import annotations

import numpy as np
import xarray as xr

from forecast.analysis.slices import compare_slices
from forecast.analysis.sums import Sums
from forecast.estimators.moments import Estimate, finalize_mean, from_sums
from forecast.outcomes.variables import MEASURES


def order_path(
    tree: xr.DataTree, reference: str | None = None, *, keep_abnormal: bool = False
) -> xr.Dataset:
    """Return the order at the end of every year, and its paired difference to the reference.

    Number and mean size of coalitions, capability share of the largest and of the two largest
    disjoint ones (bipolarity), nuclear powers, rivalries, norm against conquest, and military
    burden relative to the origin. Turnover (pacts born and ended, accessions, exits,
    dissolutions) is counted by trajectory: see `compare`.

    Parameters
    ----------
    tree
        Outcomes of a run.
    reference
        Architecture to compare with; by default that of the scenario.
    keep_abnormal
        Accept trajectories that did not complete.

    Returns
    -------
    xarray.Dataset
        estimate, difference, std_error, lower, upper, variance_gain, over architecture, measure
        and year; `units` of every measure.
    """
    parts = [
        compare_slices(tree, f"annual/{c.name}", reference, keep_abnormal=keep_abnormal)
        for c in MEASURES
    ]
    names = xr.Variable("measure", np.array([c.name for c in MEASURES], dtype=object))
    units = np.array([c.units for c in MEASURES], dtype=object)
    found = xr.concat(parts, dim=names, combine_attrs="drop_conflicts")
    return found.assign_coords(units=("measure", units)).transpose("architecture", "measure", ...)


def at_the_end(sums: Sums, measure: str) -> Estimate:
    """Return the mean of a measure at the end of the last year, (architecture,)."""
    if sums.draws > 1:
        return sums.jackknife(lambda count, held: held[:, -1] / count, f"annual/{measure}")
    total = sums.read(f"annual/{measure}").sum(axis=0)[:, -1]
    product = sums.read(f"annual/{measure}_product").sum(axis=0)[:, :, -1]
    return finalize_mean(from_sums(int(sums.sizes.sum()), total, product))
