"""Paired differences of stored sums: by year, state, institution or dyad."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.analysis.stores import abnormal_exits, draws_of, scenario_of
from forecast.analysis.sums import batch_groups
from forecast.errors import ForecastError, nearest
from forecast.estimators.intervals import student_bound, unseen
from forecast.estimators.jackknife import jackknife
from forecast.estimators.moments import (
    NORMAL_QUANTILE,
    Estimate,
    contrast,
    finalize_mean,
    from_sums,
)

F8 = NDArray[np.float64]

PRODUCT = "_product"
"""Ending of the cross-products of a variable."""

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
        estimate, estimate_error, difference, std_error, lower, upper, variance_gain, over
        architecture and the
        variable's own dimensions. Where no pair differed, std_error is zero and the interval of a
        count reaches to the bound of what was never seen (the rule of three). The
        attribute `error` is "simulation" where parameters are drawn and no two groups of batches
        hold different draws: the error then leaves the parameters out.

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
    sizes = group["trajectory_count"].values.astype(np.int64)
    groups, kind = batch_groups(sizes, draws_of(tree))
    if draws_of(tree) > 1 and kind == "all":
        estimate = _between(groups, sizes, total.values)
        bound = student_bound(int(groups.max()) + 1)
    else:
        whole = int(sizes.sum())
        estimate = finalize_mean(
            from_sums(whole, total.values.sum(axis=0), product.values.sum(axis=0))
        )
        bound = NORMAL_QUANTILE
    count = int(sizes.sum())
    difference, error, gain = contrast(estimate, names.index(chosen))
    reach = bound * error
    if path.endswith("_count"):
        reach = np.where(
            error == 0, unseen(count if draws_of(tree) == 1 else draws_of(tree)), reach
        )
        reach[..., names.index(chosen)] = 0.0
    fields = {
        "estimate": estimate.value,
        "estimate_error": np.sqrt(np.diagonal(estimate.covariance, axis1=-2, axis2=-1)),
        "difference": difference,
        "std_error": error,
        "lower": difference - reach,
        "upper": difference + reach,
        "variance_gain": gain,
    }
    data = {name: (total.dims[1:], np.asarray(values)) for name, values in fields.items()}
    attrs = {"reference": chosen, "outcome": path, "trajectories": count, "error": kind}
    return xr.Dataset(data, coords=total.coords, attrs=attrs).transpose("architecture", ...)


def _between(groups: NDArray[np.int64], sizes: NDArray[np.int64], totals: F8) -> Estimate:
    """Return means with the error between groups of batches."""
    count = int(groups.max()) + 1
    size, total = np.zeros(count), np.zeros((count, *totals.shape[1:]))
    np.add.at(size, groups, sizes)
    np.add.at(total, groups, totals)
    return jackknife(lambda n, values: np.asarray(values / n), size, total)


def _sums(tree: xr.DataTree, path: str) -> tuple[xr.Dataset, xr.DataArray, xr.DataArray]:
    """Return a variable's group, sum and cross-products by batch, architectures last."""
    known = [
        f"{name}/{variable}"
        for name, node in tree.children.items()
        for variable in node.data_vars
        if f"{variable}{PRODUCT}" in node.data_vars
    ]
    name, variable = nearest(path, known, "variable").split("/")
    group = tree[name].to_dataset()
    total = group[variable].transpose("batch", ..., "architecture")
    product = group[f"{variable}{PRODUCT}"].transpose("batch", ..., *PAIR)
    return group, total, product
