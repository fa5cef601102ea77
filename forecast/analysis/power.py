"""Whether the strong do what they can: success of aggressions by ratio of power and by class."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.analysis.sums import Sums, ratio, sums_of
from forecast.estimators.moments import Estimate
from forecast.outcomes.variables import STATE_CLASSES

F8 = NDArray[np.float64]

TRIED, SUCCEEDED = "aggressions/aggression_count", "aggressions/aggression_success_count"

TERCILES = ("weakest", "middle", "strongest")

STEPS = 60
"""Newton steps within which a fit that has a maximum reaches it."""


def success_slope(
    tree: xr.DataTree, reference: str | None = None, *, keep_abnormal: bool = False
) -> xr.Dataset:
    """Return by how much the log odds of success rise per unit of the log ratio of capabilities.

    The slope of a logistic regression of success on ln(initiator's over target's capability),
    each bin at its middle, fitted by maximum likelihood under every architecture; its error is
    that of leaving out one batch at a time. The ratio is that at the onset; help for the target,
    which may depend on it, is part of what the slope describes.

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
        estimate, estimate_error, difference, std_error, lower, upper, variance_gain, over
        architecture. NaN where successes do not tell a slope.
    """
    sums = sums_of(tree, reference, keep_abnormal=keep_abnormal)
    attrs = {"outcome": "d logit(success of an aggression) / d ln(ratio of capabilities)"}
    return sums.labelled(slope_estimate(sums), {}, attrs)


def slope_estimate(sums: Sums) -> Estimate:
    """Return the slopes, (architecture,)."""
    middle = np.asarray(sums.tree["aggressions/power_bin"].values, dtype=np.float64)

    def slopes(_: float, tried: F8, succeeded: F8) -> F8:
        by_bin = zip(succeeded.sum(axis=(2, 3)), tried.sum(axis=(2, 3)), strict=True)
        return np.array([logistic_slope(middle, won, all_) for won, all_ in by_bin])

    return sums.jackknife(slopes, TRIED, SUCCEEDED)


def logistic_slope(x: F8, successes: F8, trials: F8) -> float:
    """Return the maximum-likelihood slope of a logistic regression on grouped trials.

    Parameters
    ----------
    x, successes, trials
        By group, (group,).

    Returns
    -------
    float
        NaN if the likelihood has no maximum: no success or no failure, or fewer than two groups
        tried, or successes and failures that a threshold on x separates.
    """
    if _separated(x, successes, trials):
        return float("nan")
    mean = successes.sum() / trials.sum()
    const, slope = np.log(mean / (1 - mean)), 0.0
    centred = x - (trials @ x) / trials.sum()
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-(const + slope * centred)))
        weight = trials * chance * (1 - chance)
        score = successes - trials * chance
        a, b, d = weight.sum(), weight @ centred, weight @ centred**2
        first, second = score.sum(), score @ centred
        step = np.array([d * first - b * second, a * second - b * first]) / (a * d - b * b)
        # A long step from far away may overshoot; the likelihood is concave, so short ones arrive.
        step *= min(1.0, 2.0 / max(np.abs(step).max(), 1e-300))
        const, slope = const + step[0], slope + step[1]
        if np.abs(step).max() < 1e-10:
            return float(slope)
    return float("nan")


def _separated(x: F8, successes: F8, trials: F8) -> bool:
    """Return whether no success stands on one side of any failure, so that no slope is finite."""
    won, lost = x[successes > 0], x[trials - successes > 0]
    if won.size == 0 or lost.size == 0 or np.unique(x[trials > 0]).size < 2:
        return True
    return bool(won.min() >= lost.max() or won.max() <= lost.min())


def success_by_tercile(
    tree: xr.DataTree, reference: str | None = None, *, keep_abnormal: bool = False
) -> xr.Dataset:
    """Return the success share of aggressions by tercile of the ratio of capabilities.

    The terciles are those of the aggressions under the reference, cut at the nearest edge of a
    bin and held the same for all architectures; `share_of_reference` says how many of its
    aggressions each holds, `from_ratio` and `to_ratio` (ln of the ratio) where it lies.

    Returns
    -------
    xarray.Dataset
        As of `success_slope`, over architecture and tercile.
    """
    sums = sums_of(tree, reference, keep_abnormal=keep_abnormal)
    middle = np.asarray(sums.tree["aggressions/power_bin"].values, dtype=np.float64)
    tried = sums.read(TRIED).sum(axis=(0, 3, 4))[sums.reference]
    member, shares = _terciles(tried)

    def success(_: float, tried: F8, succeeded: F8) -> F8:
        won, all_ = (member @ sums_.sum(axis=(2, 3)).T for sums_ in (succeeded, tried))
        return ratio(won, all_)

    estimate = sums.jackknife(success, TRIED, SUCCEEDED)
    edges = [middle[row > 0] for row in member]
    found = sums.labelled(
        estimate,
        {"tercile": list(TERCILES)},
        {"outcome": "success share of aggressions by tercile of the ratio of capabilities"},
    )
    return found.assign_coords(
        share_of_reference=("tercile", shares),
        from_ratio=("tercile", [e.min() - 0.5 if e.size else np.nan for e in edges]),
        to_ratio=("tercile", [e.max() + 0.5 if e.size else np.nan for e in edges]),
    )


def _terciles(tried: F8) -> tuple[F8, F8]:
    """Return which bins make up each tercile, (tercile, bin), and the share of trials in it."""
    total = max(tried.sum(), 1.0)
    upto = np.cumsum(tried) / total
    cuts = [int(np.abs(upto - third / 3).argmin()) for third in (1, 2)]
    number = np.searchsorted(cuts, np.arange(tried.size))
    member = (number == np.arange(3)[:, None]).astype(np.float64)
    return member, member @ tried / total


def success_by_classes(
    tree: xr.DataTree, reference: str | None = None, *, keep_abnormal: bool = False
) -> xr.Dataset:
    """Return the success share of aggressions by class of the initiator and of the target.

    Returns
    -------
    xarray.Dataset
        As of `success_slope`, over architecture, initiator_class and target_class; NaN where a
        class never attacked the other.
    """
    sums = sums_of(tree, reference, keep_abnormal=keep_abnormal)

    def success(_: float, tried: F8, succeeded: F8) -> F8:
        shares = ratio(succeeded.sum(axis=1), tried.sum(axis=1))
        return np.moveaxis(shares, 0, -1)

    classes = list(STATE_CLASSES)
    return sums.labelled(
        sums.jackknife(success, TRIED, SUCCEEDED),
        {"initiator_class": classes, "target_class": classes},
        {"outcome": "success share of aggressions by class of initiator and target"},
    )
