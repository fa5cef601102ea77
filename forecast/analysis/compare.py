"""Paired differences between security architectures that met the same candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.analysis.by import restricted
from forecast.analysis.precision import parse_precision, with_needs
from forecast.analysis.stores import abnormal_exits, check_not_record, draws_of, scenario_of
from forecast.analysis.summed import BLOCK, SUMMED, Summed
from forecast.analysis.sums import Sums, sums_of
from forecast.errors import ForecastError, nearest
from forecast.estimators.catalogue import MAIN, MEASURES
from forecast.estimators.intervals import student_bound
from forecast.estimators.measure import Measure
from forecast.estimators.moments import CONFIDENCE
from forecast.estimators.quantiles import MOST_CARRIED, heaviest_share
from forecast.estimators.rows import MEANINGS, Row, assess, plain_row
from forecast.kernel.events import COMPLETED

__all__ = ["Abnormal", "abnormal_exits", "compare", "scenario_of"]

Abnormal = Literal["keep", "drop"]


def compare(
    tree: xr.DataTree,
    reference: str | None = None,
    outcomes: Sequence[str] | None = None,
    abnormal: Abnormal | None = None,
    architectures: Sequence[str] | None = None,
    precision: str | None = None,
) -> xr.Dataset:
    """Return every outcome under every architecture and its paired difference to the reference.

    The trajectory of a number meets the same candidates under all architectures, so the error of a
    difference is that of the differences pair by pair. Intervals hold the error of simulation and,
    where parameters are drawn, theirs: errors are then those between draws.

    Parameters
    ----------
    tree
        Outcomes of a run.
    reference
        Architecture to compare with; by default that of the scenario.
    outcomes
        Names of measures; by default those of the main table and of the block below it.
    abnormal
        What to do with trajectories that did not complete: "keep" them as they are, or "drop" them
        under all architectures alike.
    architectures
        Those to show beside the reference; by default all.
    precision
        Half width of the intervals to reach, such as ``0.01`` or ``5%`` of the reference's value;
        adds `more_trajectories`.

    Returns
    -------
    xarray.Dataset
        Dimensions architecture, outcome: estimate, estimate_lower, estimate_upper, difference,
        std_error, lower, upper, simulation_error, variance_gain; and trajectories, the number
        used. Attributes: `further`, the outcomes beyond the main table that nobody asked for by
        name; `draws`, how many parameter draws the errors are taken between (1: none);
        `simulation_only`, the outcomes whose error leaves the parameters out all the same, since
        they are stored in sums of batches that share draws; `concentrated`, the means of which
        more than half rests on one trajectory in a thousand.

    Raises
    ------
    ForecastError
        If reference or an outcome is unknown, trajectories ended abnormally and `abnormal` does
        not say what to do, or they are to be dropped from an outcome that is stored in sums only.
    """
    check_not_record(tree)
    group = tree["trajectories"].to_dataset()
    names = [str(name) for name in group["architecture"].values]
    chosen = nearest(reference or scenario_of(tree)["reference"], names, "reference")
    kept = _kept_trajectories(group, abnormal)
    wanted = _chosen(outcomes, whole=bool(kept.all()))
    summed = [one for one in wanted if isinstance(one, Summed)]
    sums = sums_of(tree, chosen, keep_abnormal=True) if summed else None
    rows = _rows_of_trajectories(tree, wanted, names.index(chosen), kept)
    if sums is not None:
        rows |= _rows_of_sums(sums, summed)
    found = _labelled([rows[one.name] for one in wanted], wanted, names, chosen, int(kept.sum()))
    main = {measure.name for measure in MAIN}
    further = [] if outcomes else [one.name for one in wanted if one.name not in main]
    found = found.assign_attrs(
        further=further,
        draws=draws_of(tree),
        simulation_only=[one.name for one in summed if sums and sums.error == "simulation"],
        concentrated=_concentrated(group, wanted, kept),
    )
    found = restricted(found, architectures)
    return with_needs(found, parse_precision(precision)) if precision else found


def _concentrated(
    group: xr.Dataset, wanted: Sequence[Measure | Summed], kept: NDArray[np.bool_]
) -> list[str]:
    """Return the means of deaths that so few trajectories carry that they say little."""
    means = [m for m in wanted if isinstance(m, Measure) and m.kind == "total"]
    return [
        m.name
        for m in means
        if m.units == "persons"
        and (heaviest_share(group[m.variables[0]].values[:, kept]) > MOST_CARRIED).any()
    ]


def _chosen(names: Sequence[str] | None, *, whole: bool) -> list[Measure | Summed]:
    """Return the outcomes of the given names, or those of the table and the block below it."""
    every: list[Measure | Summed] = [*MEASURES, *SUMMED]
    known = {one.name: one for one in every}
    wanted = names or dict.fromkeys([*(measure.name for measure in MAIN), *BLOCK])
    found = [known[nearest(name, list(known), "outcome")] for name in wanted]
    if whole:
        return found
    if names and (stored := [one.name for one in found if isinstance(one, Summed)]):
        raise ForecastError(
            f"{', '.join(stored)}: stored in sums, which hold the trajectories that ended "
            "abnormally; choose --abnormal keep, or leave it out"
        )
    return [one for one in found if isinstance(one, Measure)]


def _rows_of_trajectories(
    tree: xr.DataTree,
    wanted: Sequence[Measure | Summed],
    reference: int,
    kept: NDArray[np.bool_],
) -> dict[str, Row]:
    group = tree["trajectories"].to_dataset()
    years, draws = int(tree["annual"].sizes["year"]), draws_of(tree)

    def read(variable: str) -> NDArray[np.float64]:
        if variable not in group:
            raise ForecastError(
                f"{variable}: the version that wrote this store did not record it; run the "
                "scenario anew"
            )
        return np.asarray(group[variable].values[:, kept], dtype=np.float64)

    return {
        one.name: assess(one, read, years, draws, reference, np.flatnonzero(kept)).row
        for one in wanted
        if isinstance(one, Measure)
    }


def _rows_of_sums(sums: Sums, wanted: Sequence[Summed]) -> dict[str, Row]:
    reach = student_bound(sums.group_count)
    return {one.name: plain_row(one.estimate(sums), sums.reference, reach) for one in wanted}


def _kept_trajectories(group: xr.Dataset, abnormal: Abnormal | None) -> NDArray[np.bool_]:
    completed: NDArray[np.bool_] = (group["exit_reason"] == COMPLETED).all("architecture").values
    bad = int((~completed).sum())
    if bad and abnormal is None:
        raise ForecastError(
            f"{bad} of {completed.size} trajectories ended abnormally (see: forecast info); choose "
            "--abnormal drop to leave them out, or --abnormal keep to use them as they are"
        )
    if abnormal != "drop":
        return np.ones(completed.size, dtype=bool)
    if not completed.any():
        raise ForecastError("no trajectory completed under all architectures: nothing to compare")
    return completed


def _labelled(
    rows: list[Row],
    measures: Sequence[Measure | Summed],
    names: list[str],
    reference: str,
    count: int,
) -> xr.Dataset:
    fields = {
        field: (
            ("architecture", "outcome"),
            np.stack([getattr(row, field) for row in rows], axis=1),
            {"long_name": meaning},
        )
        for field, meaning in MEANINGS.items()
    }
    outcome = {
        "outcome": [m.name for m in measures],
        "title": [m.title for m in measures],
        "units": [m.units for m in measures],
    }
    coords = {k: ("outcome", np.array(v, dtype=object)) for k, v in outcome.items()}
    trajectories = ((), count, {"long_name": "trajectories used per architecture"})
    return xr.Dataset(
        {**fields, "trajectories": trajectories},
        coords={"architecture": np.array(names, dtype=object), **coords},
        attrs={"reference": reference, "confidence": CONFIDENCE},
    )
