"""Forecasting questions: the probability of a dated event, with what is known of its error."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.analysis.stores import abnormal_exits, check_not_record, draws_of
from forecast.errors import ForecastError
from forecast.estimators.between import parameter_interval
from forecast.estimators.catalogue import choose_measures
from forecast.estimators.intervals import probability_interval
from forecast.estimators.measure import Measure, estimate
from forecast.estimators.moments import NORMAL_QUANTILE

F8 = NDArray[np.float64]

ASKED = (
    "great_power_war",
    "g3_war",
    "nuclear_use",
    "largest_war_above_100000",
    "battle_deaths_above_1000000",
)
"""Outcomes of the comparison that are asked for."""

DATED = "_year"
"""Ending of variables that hold the first calendar year of an event; 0: none."""

INDICATOR = Measure("", "", "probability", "probability", ("seen",), 0.5)


class Question(NamedTuple):
    """An event, and which trajectories saw it.

    Parameters
    ----------
    text
        What P( ) is of.
    seen
        1 where a trajectory saw it, (architecture, trajectory).
    """

    text: str
    seen: F8


def questions(
    tree: xr.DataTree, before: int | None = None, *, keep_abnormal: bool = False
) -> list[dict[str, Any]]:
    """Return the probabilities of what is commonly asked, one record per question and architecture.

    Parameters
    ----------
    tree
        Outcomes of a run.
    before
        Calendar year by whose first day great-power wars and nuclear use have to have happened; by
        default that after the horizon. Deaths are always those of the whole horizon.
    keep_abnormal
        Count trajectories that did not complete.

    Returns
    -------
    list of dict
        question, architecture; probability; lower, upper: its 95 % interval, of simulation and
        parameters together; simulation_error: standard error by the number of trajectories alone;
        parameter_lower, parameter_upper: what nine of ten draws of the parameters hold, None
        without draws; trajectories; sentence.

    Raises
    ------
    ForecastError
        If `before` lies outside the horizon, the store is a record, or trajectories ended
        abnormally and `keep_abnormal` is false.
    """
    check_not_record(tree)
    if abnormal_exits(tree) and not keep_abnormal:
        raise ForecastError(
            "some trajectories ended abnormally (see: forecast info); count them as they are with "
            "keep_abnormal"
        )
    years = tree["annual"].to_dataset()["year"].values
    first, last = int(years[0]), int(years[-1])
    until = last + 1 if before is None else before
    if not first < until <= last + 1:
        raise ForecastError(
            f"--before {before}: the run covers {first}-{last}; choose {first + 1} to {last + 1}"
        )
    group, draws = tree["trajectories"].to_dataset(), draws_of(tree)
    names = [str(name) for name in group["architecture"].values]
    numbers = group["trajectory"].values.astype(np.int64)
    asked = [_question(group, m, f"{first}-{last}", until) for m in choose_measures(ASKED)]
    return [record for question in asked for record in _records(question, names, draws, numbers)]


def _question(group: xr.Dataset, measure: Measure, horizon: str, before: int) -> Question:
    values = group[measure.variables[0]].values
    if measure.variables[0].endswith(DATED):
        seen = (values > 0) & (values < before)
        return Question(f"{measure.title} before {before}", seen.astype(np.float64))
    seen = values > measure.above
    return Question(f"{measure.title}, {horizon}", seen.astype(np.float64))


def _records(
    question: Question, names: list[str], draws: int, numbers: NDArray[np.int64]
) -> list[dict[str, Any]]:
    found = estimate(INDICATOR, lambda _: question.seen, 1, draws, numbers)
    lower, upper = probability_interval(found.estimate, found.size)
    own = found.estimate.covariance
    if found.estimate.simulation is not None:
        own = found.estimate.simulation
    errors = np.sqrt(np.maximum(np.diagonal(own), 0.0))
    records = []
    for a, name in enumerate(names):
        range_ = _between_draws(question.seen[a], draws, numbers)
        record = {
            "question": question.text,
            "architecture": name,
            "probability": float(found.estimate.value[a]),
            "lower": _finite(lower[a]),
            "upper": _finite(upper[a]),
            "simulation_error": _finite(errors[a]),
            "parameter_lower": range_[0] if range_ else None,
            "parameter_upper": range_[1] if range_ else None,
            "trajectories": found.size,
        }
        records.append({**record, "sentence": sentence(record)})
    return records


def _between_draws(seen: F8, draws: int, numbers: NDArray[np.int64]) -> tuple[float, float] | None:
    if draws == 1:
        return None
    which = numbers % draws
    events = np.bincount(which, weights=seen, minlength=draws)
    return parameter_interval(events, np.bincount(which, minlength=draws))


def sentence(record: dict[str, Any]) -> str:
    """Return a record in words; where all or no trajectories saw the event, its bound."""
    probability, count = record["probability"], f"{record['trajectories']:,}"
    start = f"P({record['question']}) = {{}} under {record['architecture']}, "
    if probability in (0.0, 1.0):
        seen, bound = ("none", "most") if probability == 0.0 else ("all", "least")
        end = record["upper" if probability == 0.0 else "lower"]
        told = f"seen in {seen} of {count} trajectories; at {bound} {end:.2g} (95 %)"
        return start.format(f"{probability:.0f}") + told
    error = record["simulation_error"]
    half = None if error is None else NORMAL_QUANTILE * error
    form = f".{_decimals(half)}f"
    told = "simulation error unknown" if half is None else f"simulation ± {half:.1g} (95 %)"
    if record["parameter_lower"] is not None:
        low, high = record["parameter_lower"], record["parameter_upper"]
        told += f", parameter interval {low:{form}} to {high:{form}} (nine of ten draws)"
    return start.format(f"{probability:{form}}") + told


def _decimals(half: float | None) -> int:
    """Return how many decimals a probability with this error deserves."""
    return int(np.clip(np.ceil(-np.log10(half)), 2, 8)) if half else 2


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
