"""Paired differences of stored sums: by year, state, institution or dyad."""

from __future__ import annotations

import numpy as np
import xarray as xr

from forecast.analysis.sums import Sums, sums_of
from forecast.errors import nearest
from forecast.estimators.intervals import unseen
from forecast.estimators.moments import finalize_mean, from_sums

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
        architecture and the variable's own dimensions. Where no pair differed, std_error is zero
        and the interval of a count reaches to the bound of what was never seen (the rule of
        three). The attribute `error` is "simulation" where parameters are drawn and no two groups
        of batches hold different draws: the error then leaves the parameters out.

    Raises
    ------
    ForecastError
        If the variable or reference is unknown, or trajectories ended abnormally and
        `keep_abnormal` is false.
    """
    sums = sums_of(tree, reference, keep_abnormal=keep_abnormal)
    total, product = _read(tree, path)
    between = sums.draws > 1 and sums.error == "all"
    if between:
        estimate = sums.jackknife(lambda n, values: np.moveaxis(values, 0, -1) / n, path)
    else:
        whole = (total.sum("batch").values, product.sum("batch").values)
        estimate = finalize_mean(from_sums(int(sums.sizes.sum()), *whole))
    coords = {str(dim): total[dim].values for dim in total.dims[1:-1]}
    found = sums.labelled(estimate, coords, {"outcome": path}, batches=between)
    found = found.assign_coords({n: c for n, c in total.coords.items() if "batch" not in c.dims})
    return _bounded(found, sums) if path.endswith("_count") else found


def _bounded(found: xr.Dataset, sums: Sums) -> xr.Dataset:
    """Return a mean of counts with the rule of three where no pair, or draw, differed."""
    bound = unseen(sums.draws if sums.draws > 1 else int(sums.sizes.sum()))
    names = found["architecture"]
    equal = (found["std_error"] == 0) & (names != sums.names[sums.reference])
    return found.assign(
        lower=found["lower"].where(~equal, found["difference"] - bound),
        upper=found["upper"].where(~equal, found["difference"] + bound),
    )


def _read(tree: xr.DataTree, path: str) -> tuple[xr.DataArray, xr.DataArray]:
    """Return a variable's sums and cross-products by batch, architectures last."""
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
    return total, product
