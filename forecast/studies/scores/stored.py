"""What a store says of pairs, states and years: the forecasts of each architecture."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.outcomes.frame import deaths_bin_edges
from forecast.studies.scores.distributions import deaths_members, negative_binomial, simulated

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def trajectories_of(group: xr.Dataset) -> int:
    """Return how many histories a group of a store sums up."""
    return int(group["trajectory_count"].sum())


def pairs_of(dyads: xr.Dataset) -> xr.DataArray:
    """Return 1000 times the lower COW code plus the higher one of each directed dyad, (dyad,)."""
    codes = np.sort([dyads["initiator"].values, dyads["target"].values], axis=0).astype(np.int64)
    return xr.DataArray(codes[0] * 1000 + codes[1], dims="dyad", name="pair")


def targets_of(dyads: xr.Dataset) -> xr.DataArray:
    """Return the COW code of the target of each directed dyad, (dyad,)."""
    return xr.DataArray(dyads["target"].values.astype(np.int64), dims="dyad", name="attacked")


def by_pair(counts: xr.DataArray) -> xr.DataArray:
    """Return counts of directed dyads added up over both directions, (pair, ...)."""
    pair = pairs_of(counts.to_dataset(name="counts"))
    return counts.drop_vars(["initiator", "target", "dyad"]).groupby(pair).sum()


def first_events(dyads: xr.Dataset, name: str, pairs: Integers) -> dict[str, Floats]:
    """Return in how many histories each pair's first event falls in a year, by architecture.

    Parameters
    ----------
    dyads
        Group of that name.
    name
        `first_onset_count` or `first_use_count`.
    pairs
        Numbers of the pairs asked for; one that the store does not have never met, (pair,).

    Returns
    -------
    dict
        Of arrays (pair, year).
    """
    counts = by_pair(dyads[name].sum("batch").load()).reindex(pair=pairs, fill_value=0)
    return {
        str(label): counts.sel(architecture=label).transpose("pair", "year").values
        for label in counts["architecture"].values
    }


def directed_chances(dyads: xr.Dataset) -> dict[str, xr.DataArray]:
    """Return the chance that a directed dyad has an onset in a year, by architecture.

    A store keeps the sums of the numbers n of onsets and of their squares. Where n is 0, 1 or 2,
    the share of histories with any is exactly (3 E[n] - E[n²])/2; three or more in one dyad and
    year are too rare to matter.

    Returns
    -------
    dict
        Of arrays (dyad, year).
    """
    trajectories = trajectories_of(dyads)
    sums = dyads["onset_count"].sum("batch").load() / trajectories
    squares = dyads["onset_count_product"].sum("batch").load() / trajectories
    found = {}
    for label in sums["architecture"].values:
        own = {"architecture": label}
        square = squares.sel(**own, other_architecture=label)
        chance = (1.5 * sums.sel(own) - 0.5 * square).clip(0.0, 1.0)
        found[str(label)] = chance.drop_vars(["architecture", "other_architecture"])
    return found


def any_of(chances: xr.DataArray, unit: xr.DataArray, units: Integers) -> Floats:
    """Return the chance that any dyad of a unit has an onset in a year, (unit, year).

    Parameters
    ----------
    chances
        Of directed dyads, taken as independent within a year, (dyad, year).
    unit
        Unit of each dyad, (dyad,), such as its pair or its target.
    units
        Units asked for, (unit,); one that the store does not have is never met.
    """
    quiet = xr.apply_ufunc(np.log1p, -chances.clip(max=1 - 1e-12))
    plain = quiet.drop_vars(["initiator", "target", "dyad"], errors="ignore")
    total = plain.groupby(unit).sum().reindex({str(unit.name): units}, fill_value=0.0)
    return np.asarray(-np.expm1(total.transpose(str(unit.name), "year").values))


def count_distributions(annual: xr.Dataset, name: str, years: int) -> dict[str, Floats]:
    """Return the distribution of a yearly count by architecture, each (year, count)."""
    histograms = annual[f"{name}_histogram"].sum("batch").load()
    found = {}
    for label, (mean, variance) in _moments(annual, name).items():
        bins = histograms.sel(architecture=label).transpose("year", ...).values
        found[label] = np.array([simulated(bins[y], mean[y], variance[y]) for y in range(years)])
    return found


def pair_count_distributions(
    tree: xr.DataTree, chances: dict[str, Floats], years: int
) -> dict[str, Floats]:
    """Return the distribution of the number of pairs with an onset in a year, by architecture.

    A store does not keep it by history. It is taken for negative binomial (an approximation): the
    mean is the sum of the pairs' chances p, the variance the sum of p (1 - p) and of what the
    onsets of different dyads have in common: their rates rise and fall together.

    Parameters
    ----------
    tree
        A store.
    chances
        Of the pairs, by architecture, (pair, year).
    years
        Number of years from the first on.

    Returns
    -------
    dict
        Of arrays (year, count).
    """
    shared = _shared_variance(tree)
    found = {}
    for label, chance in chances.items():
        mean, single = chance.sum(axis=0), (chance * (1 - chance)).sum(axis=0)
        # The derivative of a pair's chance 1 - exp(-rate) by the logarithm of its rate.
        response = (-(1 - chance) * np.log1p(-np.minimum(chance, 1 - 1e-12))).sum(axis=0)
        variance = single + shared[label] * response**2
        found[label] = np.array([negative_binomial(mean[y], variance[y]) for y in range(years)])
    return found


def _shared_variance(tree: xr.DataTree) -> dict[str, Floats]:
    """Return the covariance of onsets of different dyads over their squared mean, (year,)."""
    annual, dyads = tree["annual"].to_dataset(), tree["dyads"].to_dataset()
    trajectories = trajectories_of(dyads)
    means = dyads["onset_count"].sum("batch").load() / trajectories
    squares = dyads["onset_count_product"].sum("batch").load() / trajectories
    found = {}
    for label, (mean, variance) in _moments(annual, "dispute_count").items():
        own = means.sel(architecture=label)
        square = squares.sel(architecture=label, other_architecture=label)
        alone = (square - own**2).sum("dyad").values
        found[label] = np.maximum(variance - alone, 0.0) / np.maximum(mean, 1e-12) ** 2
    return found


def _moments(annual: xr.Dataset, name: str) -> dict[str, tuple[Floats, Floats]]:
    """Return mean and variance of a yearly count over histories by architecture, each (year,)."""
    trajectories = trajectories_of(annual)
    means = annual[name].sum("batch").load() / trajectories
    squares = annual[f"{name}_product"].sum("batch").load() / trajectories
    found = {}
    for label in map(str, means["architecture"].values):
        mean = means.sel(architecture=label).values
        square = squares.sel(architecture=label, other_architecture=label).values
        found[label] = mean, square - mean**2
    return found


def deaths_distributions(annual: xr.Dataset, years: int) -> dict[str, Floats]:
    """Return members of the logarithm of a year's battle deaths by architecture."""
    histograms = annual["battle_deaths_histogram"].sum("batch").load()
    found = {}
    for label in map(str, histograms["architecture"].values):
        bins = histograms.sel(architecture=label).transpose("year", ...).values
        found[label] = np.array([deaths_members(bins[y], deaths_bin_edges()) for y in range(years)])
    return found
