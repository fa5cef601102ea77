"""One outcome of a comparison by year, region or class of state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import xarray as xr

from forecast.analysis.risks import state_risks_by
from forecast.analysis.slices import PRODUCT, compare_slices
from forecast.analysis.stores import check_not_record, draws_of
from forecast.errors import ForecastError, nearest

By = Literal["year", "region", "class"]


def compare_by(
    tree: xr.DataTree,
    outcome: str,
    by: By,
    reference: str | None = None,
    architectures: Sequence[str] | None = None,
    *,
    keep_abnormal: bool = False,
) -> xr.Dataset:
    """Return an outcome under every architecture and its paired difference, slice by slice.

    Parameters
    ----------
    tree
        Outcomes of a run.
    outcome
        By year: a variable of the group ``annual``, such as ``war_count``, as a mean per
        trajectory. By region or class: an event counted by state, such as ``attacked_count``, per
        state-year.
    by
        "year", "region" or "class".
    reference
        Architecture to compare with; by default that of the scenario.
    architectures
        Those to show beside the reference; by default all.
    keep_abnormal
        Accept trajectories that did not complete; sums cannot leave them out.

    Returns
    -------
    xarray.Dataset
        estimate, difference, std_error, lower, upper, variance_gain, over architecture and year,
        region or class.

    Raises
    ------
    ForecastError
        If a name is unknown, or trajectories ended abnormally and `keep_abnormal` is false.
    """
    check_not_record(tree)
    if by == "year":
        variables = tree["annual"].data_vars
        known = [str(name) for name in variables if f"{name}{PRODUCT}" in variables]
        path = f"annual/{nearest(outcome, known, 'outcome by year')}"
        found = compare_slices(tree, path, reference, keep_abnormal=keep_abnormal)
    else:
        found = state_risks_by(tree, outcome, by, reference, keep_abnormal=keep_abnormal)
    found.attrs |= {"outcome": outcome, "by": by, "draws": draws_of(tree)}
    return restricted(found, architectures)


def restricted(comparison: xr.Dataset, architectures: Sequence[str] | None) -> xr.Dataset:
    """Return a comparison of some architectures with its reference; all where None."""
    names = [str(name) for name in comparison["architecture"].values]
    if not architectures:
        return comparison
    wanted = {nearest(name, names, "architecture") for name in architectures}
    kept = [n for n in names if n in wanted or n == comparison.attrs["reference"]]
    return comparison.sel(architecture=kept)


def one_outcome(outcomes: Sequence[str] | None) -> str:
    """Return the only outcome named; slices are of one at a time."""
    if outcomes is None or len(outcomes) != 1:
        raise ForecastError("--by shows one outcome; name it, such as --outcome war_count")
    return outcomes[0]
