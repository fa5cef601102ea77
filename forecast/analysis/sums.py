"""A run's sums by batch, and estimates from them under their labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.analysis.stores import abnormal_exits, draws_of, scenario_of
from forecast.errors import ForecastError, nearest
from forecast.estimators.groups import groups_by_draw
from forecast.estimators.intervals import student_bound
from forecast.estimators.jackknife import Statistic, jackknife
from forecast.estimators.moments import NORMAL_QUANTILE, Estimate, contrast

F8 = NDArray[np.float64]

ErrorKind = Literal["all", "simulation"]


@dataclass(frozen=True)
class Sums:
    """The sums of a run, batch by batch.

    Parameters
    ----------
    tree
        Outcomes of a run.
    names
        Architectures.
    reference
        Position of the one to compare with.
    sizes
        Trajectories in each batch, (batch,).
    years
        Calendar years, (year,).
    groups
        Which batches are left out together, (batch,): those that share parameter draws.
    error
        "all" where the error between groups holds all that varies; "simulation" where every batch
        shares draws with others, so that batches tell nothing of the parameters' part.
    draws
        Number of parameter draws, 1 where the parameters are fixed.
    """

    tree: xr.DataTree
    names: tuple[str, ...]
    reference: int
    sizes: NDArray[np.int64]
    years: NDArray[np.int64]
    groups: NDArray[np.int64]
    error: ErrorKind
    draws: int

    @property
    def group_count(self) -> int:
        """How many groups of batches are left out in turn."""
        return int(self.groups.max()) + 1

    def grouped(self, values: NDArray[Any]) -> F8:
        """Return sums over the batches of each group, (group, ...)."""
        totals = np.zeros((self.group_count, *values.shape[1:]))
        np.add.at(totals, self.groups, values)
        return totals

    def read(self, path: str) -> F8:
        """Return a variable's sums, (batch, architecture, ...)."""
        return np.asarray(self.tree[path].values, dtype=np.float64)

    def labels(self, path: str) -> list[str]:
        """Return the words of a coordinate such as ``states/region``."""
        return [str(word) for word in np.asarray(self.tree[path].values)]

    def jackknife(self, statistic: Statistic, *paths: str) -> Estimate:
        """Return a statistic of the sums at the given paths, with its error."""
        parts = (self.grouped(self.read(path)) for path in paths)
        return jackknife(statistic, self.grouped(self.sizes), *parts)

    def labelled(
        self,
        estimate: Estimate,
        coords: Mapping[str, Any],
        attrs: Mapping[str, Any],
        *,
        batches: bool = True,
    ) -> xr.Dataset:
        """Return an estimate and its paired differences to the reference under their labels.

        Parameters
        ----------
        estimate
            Values (..., architecture), the leading axes in the order of `coords`.
        coords
            Labels of the leading axes.
        attrs
            What the estimate is.
        batches
            Whether the error is that of the batches, whose intervals are wider than the normal.
        """
        reach = student_bound(self.group_count) if batches else NORMAL_QUANTILE
        difference, error, gain = contrast(estimate, self.reference)
        own = np.sqrt(np.maximum(np.diagonal(estimate.covariance, axis1=-2, axis2=-1), 0.0))
        fields = {
            "estimate": estimate.value,
            "estimate_error": own,
            "difference": difference,
            "std_error": error,
            "lower": difference - reach * error,
            "upper": difference + reach * error,
            "variance_gain": gain,
        }
        dims = (*coords, "architecture")
        told = {"reference": self.names[self.reference], "trajectories": int(self.sizes.sum())}
        told |= {"error": self.error}
        return xr.Dataset(
            {name: (dims, np.asarray(values)) for name, values in fields.items()},
            coords={**coords, "architecture": np.array(self.names, dtype=object)},
            attrs={**told, **attrs},
        ).transpose("architecture", ...)


def sums_of(
    tree: xr.DataTree, reference: str | None = None, *, keep_abnormal: bool = False
) -> Sums:
    """Return the sums of a run.

    Parameters
    ----------
    tree
        Outcomes of a run.
    reference
        Architecture to compare with; by default that of the scenario.
    keep_abnormal
        Accept trajectories that did not complete; sums cannot leave them out.

    Raises
    ------
    ForecastError
        If the reference is unknown, or trajectories ended abnormally and `keep_abnormal` is false.
    """
    if abnormal_exits(tree) and not keep_abnormal:
        raise ForecastError(
            "some trajectories ended abnormally and are in the sums; accept them with keep_abnormal"
        )
    annual = tree["annual"].to_dataset()
    names = tuple(map(str, tree["trajectories"].to_dataset()["architecture"].values))
    chosen = nearest(reference or scenario_of(tree)["reference"], names, "reference")
    draws = draws_of(tree)
    sizes = annual["trajectory_count"].values.astype(np.int64)
    groups, error = batch_groups(sizes, draws)
    years = annual["year"].values.astype(np.int64)
    return Sums(tree, names, names.index(chosen), sizes, years, groups, error, draws)


def batch_groups(sizes: NDArray[np.int64], draws: int) -> tuple[NDArray[np.int64], ErrorKind]:
    """Return the groups of batches to leave out in turn, and what their error holds."""
    groups = groups_by_draw(sizes, draws)
    if draws > 1 and groups.max() == 0:
        return np.arange(sizes.size), "simulation"
    return groups, "all"


def ratio(numerator: F8, denominator: F8) -> F8:
    """Return the ratio, NaN where nothing could happen."""
    known = denominator > 0
    return np.where(known, numerator / np.where(known, denominator, 1.0), np.nan)


def positions(labels: Sequence[str], wanted: Sequence[str]) -> F8:
    """Return 1 where a label is the wanted one, (wanted, label)."""
    here = np.array(labels, dtype=object)
    return np.array([(here == word).astype(np.float64) for word in wanted])
