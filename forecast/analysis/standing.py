"""Institutions over time: credibility and legitimacy, survival, collapse, and prompt help."""

from __future__ import annotations

from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.analysis.sums import Sums, ratio, sums_of
from forecast.estimators.moments import Estimate

F8 = NDArray[np.float64]

SURVIVAL = "institutions/survival_count"

QUANTILES = (0.05, 0.5, 0.95)


def standing_path(
    tree: xr.DataTree,
    quantity: Literal["credibility", "legitimacy"] = "credibility",
    reference: str | None = None,
    *,
    keep_abnormal: bool = False,
) -> xr.Dataset:
    """Return the mean credibility or legitimacy of every institution at the end of every year.

    The mean is over the trajectories in which the institution still exists; what collapsed does
    not count as zero. Quantiles lie within bins .05 wide.

    Parameters
    ----------
    tree
        Outcomes of a run.
    quantity
        "credibility" or "legitimacy".
    reference
        Architecture to compare with; by default that of the scenario.
    keep_abnormal
        Accept trajectories that did not complete.

    Returns
    -------
    xarray.Dataset
        estimate, estimate_error, difference, std_error, lower, upper, variance_gain, over
        architecture, institution and year, and quantile (… , probability). NaN where the
        architecture has no such institution.
    """
    sums = sums_of(tree, reference, keep_abnormal=keep_abnormal)

    def mean(_: float, total: F8, alive: F8) -> F8:
        return np.moveaxis(ratio(total, alive), 0, -1)

    estimate = sums.jackknife(mean, f"institutions/{quantity}", SURVIVAL)
    attrs = {"outcome": f"{quantity} of institutions that exist, end of year"}
    found = sums.labelled(estimate, _axes(sums), attrs)
    histogram = sums.read(f"institutions/{quantity}_histogram").sum(axis=0)
    edges = np.append(np.asarray(tree["institutions/share_bin"].values), 1.0)
    values = np.stack([binned_quantile(histogram, edges, p) for p in QUANTILES], axis=-1)
    dims = ("architecture", "institution", "year", "probability")
    return found.assign(quantile=(dims, values)).assign_coords(probability=list(QUANTILES))


def survival_curve(
    tree: xr.DataTree, reference: str | None = None, *, keep_abnormal: bool = False
) -> xr.Dataset:
    """Return the share of trajectories in which an institution exists at the end of each year.

    Returns
    -------
    xarray.Dataset
        As of `standing_path`, without quantiles; zero where the architecture has no such
        institution.
    """
    sums = sums_of(tree, reference, keep_abnormal=keep_abnormal)

    def share(count: float, alive: F8) -> F8:
        return np.moveaxis(alive / count, 0, -1)

    attrs = {"outcome": "share of trajectories in which the institution exists, end of year"}
    return sums.labelled(sums.jackknife(share, SURVIVAL), _axes(sums), attrs)


def time_to_collapse(
    tree: xr.DataTree, reference: str | None = None, *, keep_abnormal: bool = False
) -> xr.Dataset:
    """Return after how many years an institution has ended in half of the trajectories.

    The median of the survival curve, linear between the ends of years.

    Returns
    -------
    xarray.Dataset
        As of `survival_curve`, over architecture and institution, in years from the origin. NaN
        where it outlives the horizon in more than half of the trajectories, or there is none.
    """
    sums = sums_of(tree, reference, keep_abnormal=keep_abnormal)

    def median(count: float, alive: F8) -> F8:
        return _median_life(alive / count).T

    return sums.labelled(
        sums.jackknife(median, SURVIVAL),
        {"institution": sums.labels("institutions/institution")},
        {"outcome": "median life of the institution, years from the origin"},
    )


def _median_life(survival: F8) -> F8:
    """Return where curves, (..., year), first fall to a half; they start at 1."""
    curve = np.concatenate([np.ones((*survival.shape[:-1], 1)), survival], axis=-1)
    below = curve <= 0.5
    after = below.argmax(axis=-1)
    low = np.take_along_axis(curve, after[..., None], axis=-1)[..., 0]
    high = np.take_along_axis(curve, np.maximum(after - 1, 0)[..., None], axis=-1)[..., 0]
    drop = np.where(high > low, high - low, 1.0)
    when = after - 1 + (high - 0.5) / drop
    # What exists in no year never began.
    return np.where(below.any(axis=-1) & (survival.max(axis=-1) > 0), when, np.nan)


def help_latency(
    tree: xr.DataTree, reference: str | None = None, *, keep_abnormal: bool = False
) -> xr.Dataset:
    """Return the median delay of help by decision of a body, in days from the outbreak.

    Only help that arrived before the war ended: bodies that are slower than wars are short show
    up in fewer arrivals, not in a longer delay.

    Returns
    -------
    xarray.Dataset
        As of `survival_curve`, over architecture, and `arrivals`, their number. NaN without any,
        or where more than half took longer than the last bin begins.
    """
    sums = sums_of(tree, reference, keep_abnormal=keep_abnormal)
    found = sums.labelled(latency_estimate(sums), {}, {"outcome": "median delay of help, days"})
    arrivals = sums.read("institutions/latency_histogram").sum(axis=(0, 2))
    return found.assign(arrivals=("architecture", arrivals))


def latency_estimate(sums: Sums) -> Estimate:
    """Return the median delays in days, (architecture,)."""
    edges = np.append(np.asarray(sums.tree["institutions/latency_bin"].values), np.nan)

    def median(_: float, arrivals: F8) -> F8:
        return binned_quantile(arrivals, edges, 0.5)

    return sums.jackknife(median, "institutions/latency_histogram")


def binned_quantile(counts: F8, edges: F8, probability: float) -> F8:
    """Return a quantile of binned values, even within a bin.

    Parameters
    ----------
    counts
        Values per bin, (..., bin).
    edges
        Edges of the bins, (bin + 1,); NaN at an end that is open.
    probability
        0 to 1.

    Returns
    -------
    NDArray
        NaN where there are no values, or the quantile lies in an open bin.
    """
    total = counts.sum(axis=-1)
    upto = np.cumsum(counts, axis=-1)
    wanted = probability * total
    at = (upto >= wanted[..., None]).argmax(axis=-1)
    inside = np.take_along_axis(counts, at[..., None], axis=-1)[..., 0]
    before = np.take_along_axis(upto, at[..., None], axis=-1)[..., 0] - inside
    part = np.where(inside > 0, (wanted - before) / np.where(inside > 0, inside, 1.0), 0.0)
    value = edges[at] + part * (edges[at + 1] - edges[at])
    return np.where(total > 0, value, np.nan)


def _axes(sums: Sums) -> dict[str, object]:
    return {"institution": sums.labels("institutions/institution"), "year": sums.years}
