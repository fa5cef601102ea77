"""The table of scores: every forecaster's scores, and its skill over every baseline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.studies.scores.baselines import BASELINES
from forecast.studies.scores.calibration import (
    covered,
    reliability_of,
    transforms,
    uniformity,
)
from forecast.studies.scores.cases import Cases, Counts, Deaths, YesNo
from forecast.studies.scores.distributions import log_deaths, members_of
from forecast.studies.scores.proper import (
    brier,
    count_log_scores,
    ranked_probability,
    tail_ranked_probability,
)
from forecast.studies.scores.resampling import LEVELS, can_resample, replicated
from forecast.studies.scores.statistics import (
    Statistic,
    area_under_precision_recall,
    area_under_roc,
    log_scores,
    mean_of,
    ratio_of,
)

Floats = NDArray[np.float64]

TAIL_DEATHS = 10_000
"""Battle deaths of a year above which the threshold-weighted score counts (model.md §7.3)."""

FEWEST_KNOWN = 0.9
"""Least share of resampled data sets that must tell a skill, for an interval (assumption)."""

PERFECT = {
    "brier": 0.0,
    "log": 0.0,
    "auc": 1.0,
    "auprc": 1.0,
    "crps": 0.0,
    "tail_crps": 0.0,
}
"""Best value of each score in which skill can be told."""


class Score(NamedTuple):
    """One score of one forecaster.

    Parameters
    ----------
    target, horizon
        What was forecast; years from the origin on that are scored.
    score
        Name of the score.
    model
        Architecture or baseline that forecast it.
    value
        The score.
    skill, lower, upper
        Share of the way from each baseline's score to a perfect one, with its 90 % interval, by
        the baseline's name; NaN bounds where there are too few blocks to resample.
    n
        Number of cases.
    """

    target: str
    horizon: int
    score: str
    model: str
    value: float
    skill: dict[str, float]
    lower: dict[str, float]
    upper: dict[str, float]
    n: int

    def claims(self, baseline: str) -> bool:
        """Return whether skill over a baseline can be claimed: its interval excludes zero."""
        return self.lower.get(baseline, np.nan) > 0

    def record(self) -> dict[str, Any]:
        """Return the score for programs, unknown numbers as None."""
        found = self._asdict()
        for name in ("skill", "lower", "upper"):
            found[name] = {key: _finite(value) for key, value in found[name].items()}
        return found | {"value": _finite(self.value)}


def score_table(cases: Iterable[Cases]) -> list[Score]:
    """Return the scores of all cases, in their order."""
    return [row for part in cases for row in scores_of(part)]


def scores_of(cases: Cases) -> list[Score]:
    """Return every score of every forecaster of some cases."""
    rows = []
    for name, by_model in _statistics(cases).items():
        values = {model: one(np.ones(len(cases.observed))) for model, one in by_model.items()}
        skills = _skills(name, values, by_model, cases) if name in PERFECT else {}
        for model, value in values.items():
            rows.append(_score(cases, name, model, value, skills.get(model, {})))
    for name, plain in _diagnostics(cases).items():
        rows += [_score(cases, name, model, value, {}) for model, value in plain.items()]
    return rows


Skill = tuple[float, float, float]


def _score(cases: Cases, name: str, model: str, value: float, skill: dict[str, Skill]) -> Score:
    value_of, lower, upper = ({b: three[part] for b, three in skill.items()} for part in range(3))
    size = len(cases.observed)
    return Score(cases.target, cases.horizon, name, model, value, value_of, lower, upper, size)


def _skills(
    name: str, values: Mapping[str, float], statistics: Mapping[str, Statistic], cases: Cases
) -> dict[str, dict[str, Skill]]:
    """Return skill with its interval, by forecaster and baseline."""
    bases = [model for model in values if model in BASELINES]
    drawn = replicated(statistics, *cases.blocks) if can_resample(*cases.blocks) else None
    return {
        model: {
            base: _skill(PERFECT[name], model, base, values, drawn)
            for base in bases
            if base != model
        }
        for model in values
    }


def _skill(
    perfect: float,
    model: str,
    base: str,
    values: Mapping[str, float],
    drawn: Mapping[str, Floats] | None,
) -> Skill:
    value = relative(values[model], values[base], perfect)
    if drawn is None:
        return value, np.nan, np.nan
    again = relative(drawn[model], drawn[base], perfect)
    known = again[np.isfinite(again)]
    if len(known) < FEWEST_KNOWN * len(again):
        return value, np.nan, np.nan
    low, high = np.quantile(known, LEVELS)
    return value, float(low), float(high)


def relative(own: Any, base: Any, perfect: float) -> Any:
    """Return the share of the way from a baseline's score to the perfect one."""
    gap = np.asarray(perfect - base, dtype=float)
    share = np.divide(own - base, gap, out=np.full_like(gap, np.nan), where=gap != 0)
    return share if share.ndim else float(share)


def _statistics(cases: Cases) -> dict[str, dict[str, Statistic]]:
    """Return what is resampled: scores by name and forecaster."""
    if isinstance(cases, YesNo):
        return _turned({m: _yes_no(cases.observed, f) for m, f in cases.forecasts.items()})
    members = _members(cases)
    found = {
        m: {"crps": mean_of(ranked_probability(cases.observed, f))} for m, f in members.items()
    }
    if isinstance(cases, Counts):
        for model, forecast in cases.forecasts.items():
            found[model]["log"] = mean_of(count_log_scores(cases.observed.astype(int), forecast))
    else:
        threshold = float(log_deaths(np.array(TAIL_DEATHS)))
        for model, forecast in members.items():
            tail = tail_ranked_probability(cases.observed, forecast, threshold)
            found[model]["tail_crps"] = mean_of(tail)
    return _turned(found)


def _yes_no(observed: Floats, forecast: Floats) -> dict[str, Statistic]:
    return {
        "brier": mean_of(brier(observed, forecast)),
        "log": mean_of(log_scores(observed, forecast)),
        "auc": area_under_roc(observed, forecast),
        "auprc": area_under_precision_recall(observed, forecast),
        "observed_over_expected": ratio_of(observed, forecast),
    }


def _members(cases: Cases) -> dict[str, Floats]:
    if isinstance(cases, Deaths):
        return cases.forecasts
    return {model: members_of(forecast) for model, forecast in cases.forecasts.items()}


def _diagnostics(cases: Cases) -> dict[str, dict[str, float]]:
    """Return what describes calibration and is no score, by name and forecaster."""
    if isinstance(cases, YesNo):
        return _turned({m: _murphy(cases.observed, f) for m, f in cases.forecasts.items()})
    found = {
        model: {
            "coverage_50": float(covered(members, cases.observed, 0.5).mean()),
            "coverage_90": float(covered(members, cases.observed, 0.9).mean()),
        }
        for model, members in _members(cases).items()
    }
    if isinstance(cases, Counts):
        for model, forecast in cases.forecasts.items():
            found[model] |= _transforms(cases, forecast)
    return _turned(found)


def _murphy(observed: Floats, forecast: Floats) -> dict[str, float]:
    parts = reliability_of(observed, forecast)
    return {name: getattr(parts, name) for name in ("reliability", "resolution", "uncertainty")}


def _transforms(cases: Cases, forecast: Floats) -> dict[str, float]:
    found = transforms(forecast, cases.observed.astype(int))
    means = forecast @ np.arange(forecast.shape[1])
    return {
        "pit_mean": float(found.mean()),
        "pit_sd": float(found.std()),
        "pit_p_value": uniformity(found),
        "observed_over_expected": ratio_of(cases.observed, means)(np.ones(len(means))),
    }


def _turned(by_model: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return values by forecaster and name as values by name and forecaster."""
    names = next(iter(by_model.values()))
    return {name: {model: found[name] for model, found in by_model.items()} for name in names}


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
