"""Paired differences of stored sums: by year, state, institution or dyad."""

from __future__ import annotations

import numpy as np
import xarray as xr

from forecast.analysis.measures import nearest
from forecast.analysis.stores import abnormal_exits, scenario_of
from forecast.errors import ForecastError
from forecast.outcomes.estimators import NORMAL_QUANTILE, contrast, finalize_mean, from_sums

PAIR = ("architecture", "other_architecture")


def compare_slices(
    tree: xr.DataTree, path: str, reference: str | None = None, *, keep_abnormal: bool = False
) -> xr.Dataset:
    """Return the mean per trajectory of a summed variable, and its paired difference.

    Parameters
    ----------
    tree
        Outcomes of a run.
    path
        Variable with a cross-product beside it, such as ``annual/war_count`` or
        ``states/attacked_count``.
    reference
        Architecture to compare with; by default that of the scenario.
    keep_abnormal
        Accept trajectories that did not complete; sums cannot leave them out.

    Returns
    -------
    xarray.Dataset
        estimate, difference, std_error, lower, upper, variance_gain, over architecture and the
        variable's own dimensions. Where no pair differed, std_error is zero, which says that the
        difference is too rare to be seen in so many trajectories, not that there is none.

    Raises
    ------
    ForecastError
        If the variable or reference is unknown, or trajectories ended abnormally and
        `keep_abnormal` is false.
    """
    if abnormal_exits(tree) and not keep_abnormal:
        raise ForecastError(
            "some trajectories ended abnormally and are in the sums; accept them with keep_abnormal"
        )
    group, total, product = _sums(tree, path)
    names = [str(name) for name in total["architecture"].values]
    chosen = nearest(reference or scenario_of(tree)["reference"], names, "reference")
    count = int(group["trajectory_count"].sum())
    estimate = finalize_mean(from_sums(count, total.values, product.values))
    difference, error, gain = contrast(estimate, names.index(chosen))
    reach = NORMAL_QUANTILE * error
    fields = {
        "estimate": estimate.value,
        "difference": difference,
        "std_error": error,
        "lower": difference - reach,
        "upper": difference + reach,
        "variance_gain": gain,
    }
    data = {name: (total.dims, np.asarray(values)) for name, values in fields.items()}
    attrs = {"reference": chosen, "outcome": path, "trajectories": count}
    return xr.Dataset(data, coords=total.coords, attrs=attrs).transpose("architecture", ...)


def _sums(tree: xr.DataTree, path: str) -> tuple[xr.Dataset, xr.DataArray, xr.DataArray]:
    """Return a variable's group, sum and cross-products over batches, architectures last."""
    known = [
        f"{name}/{variable}"
        for name, node in tree.children.items()
        for variable in node.data_vars
        if f"{variable}_product" in node.data_vars
    ]
    name, variable = nearest(path, known, "variable").split("/")
    group = tree[name].to_dataset()
    total = group[variable].sum("batch").transpose(..., "architecture")
    product = group[f"{variable}_product"].sum("batch").transpose(..., *PAIR)
    return group, total, product
