"""Tidy tables of what a run expects, keyed as the field's data are: one row per unit and year.

Keys bear the names of peacesciencer's frames: `ccode` (COW), `gwcode` (Gleditsch-Ward) and
`year`; `ccode1`, `ccode2` in dyads, the initiator first. A count is a mean per trajectory, and
`*_se` beside it its Monte Carlo standard error: between draws where parameters are drawn, unless
all batches share them; the frame's attribute `error` is then "simulation", not "all".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.analysis.codes import gleditsch_ward, iso_only
from forecast.analysis.slices import compare_slices
from forecast.analysis.stores import check_not_record
from forecast.analysis.sums import Sums, sums_of
from forecast.errors import ForecastError
from forecast.estimators.jackknife import jackknife
from forecast.estimators.moments import Estimate
from forecast.outcomes.variables import STATE_COUNTS

if TYPE_CHECKING:
    import pandas as pd

F8 = NDArray[np.float64]

ONCE = {"conquest_count": "conquest_probability"}
"""Counts of what happens to a state at most once: their mean is a probability."""


def states(tree: xr.DataTree, *, keep_abnormal: bool = False) -> pd.DataFrame:
    """Return what happens to every state over the whole horizon.

    Parameters
    ----------
    tree
        Outcomes of a run.
    keep_abnormal
        Accept trajectories that did not complete; sums cannot leave them out.

    Returns
    -------
    pandas.DataFrame
        One row per architecture and state: architecture, ccode, gwcode (of the first year), iso3,
        first_year, last_year; the counts of the group ``states``, with errors.

    Raises
    ------
    ForecastError
        If the store is a record, pandas is missing, or trajectories ended abnormally and
        `keep_abnormal` is false.
    """
    check_not_record(tree)
    columns: dict[str, Any] = {}
    for concept in STATE_COUNTS:
        path, name = f"states/{concept.name}", ONCE.get(concept.name, concept.name)
        found = compare_slices(tree, path, keep_abnormal=keep_abnormal)
        columns[name] = found["estimate"].values
        columns[f"{name}_se"] = found["estimate_error"].values
        error = str(found.attrs["error"])
    years = tree["annual"].to_dataset()["year"].values
    shape = next(iter(columns.values())).shape
    first, last = np.full(shape, years[0]), np.full(shape, years[-1])
    keys = _state_keys(tree, shape, first)
    return _framed({**keys, "first_year": first, "last_year": last, **columns}, error)


def state_years(tree: xr.DataTree, *, keep_abnormal: bool = False) -> pd.DataFrame:
    """Return the disputes of every state in every year, from the sums by dyad and year.

    Other events are stored by state over the whole horizon (see `states`); by state and year, and
    with their joint distribution, the draws of `forecast store export --to draws` have them.

    Parameters
    ----------
    tree, keep_abnormal
        As in `states`.

    Returns
    -------
    pandas.DataFrame
        One row per architecture, state and year: architecture, ccode, gwcode, iso3, year;
        attacked_count and initiated_count, disputes that start with the state as target and as
        initiator, with errors from leaving out batches: rough where there are few, NaN from one.

    Raises
    ------
    ForecastError
        As `states`.
    """
    check_not_record(tree)
    sums = sums_of(tree, keep_abnormal=keep_abnormal)
    columns: dict[str, Any] = {}
    for side, name in (("target", "attacked_count"), ("initiator", "initiated_count")):
        totals = sums.grouped(_by_state(tree, side))
        found = jackknife(_per_trajectory, sums.grouped(sums.sizes), totals)
        columns[name], columns[f"{name}_se"] = _with_error(found)
    shape = columns["attacked_count"].shape
    years = np.broadcast_to(sums.years, shape)
    return _framed({**_state_keys(tree, shape, years), "year": years, **columns}, sums.error)


def dyad_years(tree: xr.DataTree, *, keep_abnormal: bool = False) -> pd.DataFrame:
    """Return the disputes of every directed dyad in every year.

    Parameters
    ----------
    tree, keep_abnormal
        As in `states`.

    Returns
    -------
    pandas.DataFrame
        One row per architecture, dyad and year: architecture, ccode1, ccode2, gwcode1, gwcode2,
        iso3_1, iso3_2, year, the initiator first; onset_count, with its error; and the
        probabilities first_onset_probability and first_use_probability that the pair's first
        dispute, or its first with use of force, starts in the year and by this initiator: the sum
        over both directions and the years up to one is that of any by then.

    Raises
    ------
    ForecastError
        As `states`.
    """
    check_not_record(tree)
    sums = sums_of(tree, keep_abnormal=keep_abnormal)
    onsets = compare_slices(tree, "dyads/onset_count", keep_abnormal=keep_abnormal)
    columns: dict[str, Any] = {
        "onset_count": onsets["estimate"].values,
        "onset_count_se": onsets["estimate_error"].values,
    }
    for event in ("first_onset", "first_use"):
        name = f"{event}_probability"
        columns[name], columns[f"{name}_se"] = _probability(sums, f"dyads/{event}_count")
    shape = columns["onset_count"].shape
    years = np.broadcast_to(sums.years, shape)
    return _framed({**_dyad_keys(tree, shape, years), "year": years, **columns}, sums.error)


def trajectories(tree: xr.DataTree) -> pd.DataFrame:
    """Return the totals of every trajectory.

    Parameters
    ----------
    tree
        Outcomes of a run.

    Returns
    -------
    pandas.DataFrame
        One row per architecture and trajectory: architecture, trajectory, draw, and every count of
        the group ``trajectories``.
    """
    require_pandas()
    group = tree["trajectories"].to_dataset()
    counted = group[[name for name in group.data_vars if "architecture" in group[name].dims]]
    frame: pd.DataFrame = counted.to_dataframe(dim_order=["architecture", "trajectory"])
    frame = frame.reset_index()
    ahead = ["architecture", "trajectory", *(["draw"] if "draw" in frame else [])]
    return frame[[*ahead, *(name for name in frame if name not in ahead)]]


def require_pandas() -> None:
    """Raise if there is no pandas, with what to do."""
    try:
        import pandas  # noqa: F401
    except ModuleNotFoundError:
        raise ForecastError(
            "tables need the extra 'study': pip install \"crossroads-forecast[study]\""
        ) from None


def _per_trajectory(count: float, events: F8) -> F8:
    """Return means, (..., architecture), of sums (architecture, ...)."""
    return np.moveaxis(events, 0, -1) / count


def _by_state(tree: xr.DataTree, side: str) -> F8:
    """Return onsets by batch, architecture, state on one side of the dyad, and year.

    Batches are read one by one: there are many more dyads than states.
    """
    codes = tree["states"].to_dataset()["state"].values
    onsets = tree["dyads"].to_dataset()["onset_count"]
    at = np.searchsorted(codes, onsets[side].values)
    batches, architectures, _, years = onsets.shape
    found = np.zeros((batches, architectures, codes.size, years))
    for index in range(batches):
        values = onsets.isel(batch=index).values
        np.add.at(found[index].swapaxes(0, 1), at, values.swapaxes(0, 1))
    return found


def _with_error(estimate: Estimate) -> tuple[F8, F8]:
    """Return values and standard errors, architectures first."""
    error = np.sqrt(np.diagonal(estimate.covariance, axis1=-2, axis2=-1))
    return np.moveaxis(estimate.value, -1, 0), np.moveaxis(error, -1, 0)


def _probability(sums: Sums, path: str) -> tuple[F8, F8]:
    """Return means of what happens at most once in a trajectory, and their errors."""
    if sums.draws > 1 and sums.error == "all":
        return _with_error(sums.jackknife(_per_trajectory, path))
    size = float(sums.sizes.sum())
    group, name = path.split("/")
    share = sums.tree[group].to_dataset()[name].sum("batch").values / size
    free = size - 1 if size > 1 else np.nan
    return share, np.sqrt(share * (1 - share) / free)


def _state_keys(tree: xr.DataTree, shape: tuple[int, ...], years: NDArray[Any]) -> dict[str, Any]:
    """Return the keys of rows over (architecture, state) or (architecture, state, year)."""
    group = tree["states"].to_dataset()
    code = _along(group["state"].values, shape, 1)
    return {
        "architecture": _along(group["architecture"].values, shape, 0),
        "ccode": code,
        "gwcode": gleditsch_ward(code, years),
        "iso3": _along(np.array(list(iso3_of(tree).values()), dtype=object), shape, 1),
    }


def _dyad_keys(tree: xr.DataTree, shape: tuple[int, ...], years: NDArray[Any]) -> dict[str, Any]:
    group, iso3 = tree["dyads"].to_dataset(), iso3_of(tree)
    sides = {"1": group["initiator"].values, "2": group["target"].values}
    code = {number: _along(codes, shape, 1) for number, codes in sides.items()}
    words = {n: np.array([iso3[int(c)] for c in codes], object) for n, codes in sides.items()}
    return {
        "architecture": _along(group["architecture"].values, shape, 0),
        **{f"ccode{n}": codes for n, codes in code.items()},
        **{f"gwcode{n}": gleditsch_ward(codes, years) for n, codes in code.items()},
        **{f"iso3_{n}": _along(words[n], shape, 1) for n in sides},
    }


def iso3_of(tree: xr.DataTree) -> dict[int, str]:
    """Return the ISO 3166 code of every state by its COW code; "" for those that never had one."""
    group = tree["states"].to_dataset()
    pairs = zip(group["state"].values, group["iso3"].values, strict=True)
    return {int(code): iso_only(str(word)) for code, word in pairs}


def _along(labels: NDArray[Any], shape: tuple[int, ...], axis: int) -> NDArray[Any]:
    """Return labels of one axis of a shape, repeated along the others."""
    wide = np.expand_dims(labels, [n for n in range(len(shape)) if n != axis])
    return np.broadcast_to(wide, shape)


def _framed(columns: dict[str, Any], error: str) -> pd.DataFrame:
    """Return arrays of one shape as columns; a Gleditsch-Ward code of 0 is missing."""
    require_pandas()
    import pandas as pd

    frame = pd.DataFrame({name: np.ravel(values) for name, values in columns.items()})
    for name in [n for n in frame if str(n).startswith("gwcode")]:
        frame[name] = frame[name].astype("Int16").mask(frame[name] == 0)
    frame.attrs["error"] = error
    return frame
