"""Paired differences between security architectures that met the same candidates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.analysis.measures import Estimated, Measure, choose_measures, estimate, nearest
from forecast.errors import ForecastError
from forecast.kernel.events import COMPLETED, EXIT_REASONS
from forecast.outcomes.estimators import (
    CONFIDENCE,
    NORMAL_QUANTILE,
    contrast,
    discordant,
    wilson_interval,
)
from forecast.outcomes.store import RECORD

Abnormal = Literal["keep", "drop"]

RARE_PAIRS = 10
"""Below this many pairs that differ, the normal approximation gives way to exact counts."""

MEANINGS = {
    "estimate": "value under the architecture",
    "estimate_lower": "lower end of the 95 % interval of the value",
    "estimate_upper": "upper end of the 95 % interval of the value",
    "difference": "value less that of the reference, on the same trajectories",
    "std_error": "Monte Carlo standard error of the difference",
    "lower": "lower end of the 95 % interval of the difference",
    "upper": "upper end of the 95 % interval of the difference",
    "variance_gain": "variance of the difference of independent runs over that of the paired one",
}


class Row(NamedTuple):
    """One outcome under all architectures; every field (architecture,)."""

    estimate: NDArray[np.float64]
    estimate_lower: NDArray[np.float64]
    estimate_upper: NDArray[np.float64]
    difference: NDArray[np.float64]
    std_error: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    variance_gain: NDArray[np.float64]


def compare(
    tree: xr.DataTree,
    reference: str | None = None,
    outcomes: Sequence[str] | None = None,
    abnormal: Abnormal | None = None,
) -> xr.Dataset:
    """Return every outcome under every architecture and its paired difference to the reference.

    The trajectory of a number meets the same candidates under all architectures, so the error of a
    difference is that of the differences pair by pair. Intervals hold Monte Carlo error only.

    Parameters
    ----------
    tree
        Outcomes of a run.
    reference
        Architecture to compare with; by default that of the scenario.
    outcomes
        Names of measures; by default all.
    abnormal
        What to do with trajectories that did not complete: "keep" them as they are, or "drop" them
        under all architectures alike.

    Returns
    -------
    xarray.Dataset
        Dimensions architecture, outcome: estimate, estimate_lower, estimate_upper, difference,
        std_error, lower, upper, variance_gain; and trajectories, the number used.

    Raises
    ------
    ForecastError
        If reference or an outcome is unknown, or trajectories ended abnormally and `abnormal` does
        not say what to do.
    """
    if tree.attrs.get("kind") == RECORD:
        raise ForecastError(
            f"{tree.attrs['title']}: a record holds one history under no architecture, so there "
            "is nothing to compare; name the store of a run, and subtract the record from it"
        )
    measures = choose_measures(outcomes)
    group = tree["trajectories"].to_dataset()
    names = [str(name) for name in group["architecture"].values]
    chosen = nearest(reference or scenario_of(tree)["reference"], names, "reference")
    kept = _kept_trajectories(group, abnormal)
    years = int(tree["annual"].sizes["year"])

    def read(variable: str) -> NDArray[np.float64]:
        return np.asarray(group[variable].values[:, kept], dtype=np.float64)

    count = int(kept.sum())
    rows = [_row(m, estimate(m, read, years), names.index(chosen), count, years) for m in measures]
    return _labelled(rows, measures, names, chosen, count)


def scenario_of(tree: xr.DataTree) -> dict[str, Any]:
    """Return the merged configuration a store was made from."""
    scenario: dict[str, Any] = json.loads(tree.attrs["config"])
    return scenario


def abnormal_exits(tree: xr.DataTree) -> dict[str, int]:
    """Return how many trajectories ended by each abnormal exit reason, over all architectures."""
    reasons = tree["trajectories"].to_dataset()["exit_reason"].values
    found, counts = np.unique(reasons[reasons != COMPLETED], return_counts=True)
    return {EXIT_REASONS[r]: int(n) for r, n in zip(found, counts, strict=True)}


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


def _row(measure: Measure, found: Estimated, reference: int, count: int, years: int) -> Row:
    value, covariance = found.estimate
    difference, error, gain = contrast(found.estimate, reference)
    own = NORMAL_QUANTILE * np.sqrt(np.diagonal(covariance))
    low, high = value - own, value + own
    lower, upper = difference - NORMAL_QUANTILE * error, difference + NORMAL_QUANTILE * error
    if found.indicators is not None:
        low, high = wilson_interval(value * count, count)
        lower, upper = _rare_difference(found, reference, lower, upper)
    elif measure.kind in ("rate", "total"):
        unseen = _unseen(count) / (years if measure.kind == "rate" else 1)
        equal = error == 0
        lower, upper = np.where(equal, -unseen, lower), np.where(equal, unseen, upper)
    lower[reference] = upper[reference] = 0.0
    return Row(value, low, high, difference, error, lower, upper, gain)


def _rare_difference(
    found: Estimated, reference: int, lower: NDArray[np.float64], upper: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return intervals of a difference of probabilities that hold where few pairs differ.

    The difference is P(only here) - P(only there); each has its Wilson interval, and the distances
    to their ends add in squares. Without any pair that differs the ends are -3.84/n and 3.84/n.

    Source
    ------
    Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    """
    assert found.indicators is not None
    count = found.indicators.size
    here, there = discordant(found.indicators, reference)
    (here_low, here_high), (there_low, there_high) = (
        wilson_interval(pairs, count) for pairs in (here, there)
    )
    difference = (here - there) / count
    down = np.hypot(here / count - here_low, there_high - there / count)
    up = np.hypot(here_high - here / count, there / count - there_low)
    rare = here + there < RARE_PAIRS
    return np.where(rare, difference - down, lower), np.where(rare, difference + up, upper)


def _unseen(count: int) -> float:
    """Return the 95 % upper bound of a frequency never seen, -ln(.025)/n: the rule of three.

    It bounds a mean difference where no pair differs, if a pair that does differs by one event.
    """
    return float(-np.log((1 - CONFIDENCE) / 2) / count)


def _labelled(
    rows: list[Row], measures: Sequence[Measure], names: list[str], reference: str, count: int
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
