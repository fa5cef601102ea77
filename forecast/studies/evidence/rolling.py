"""Rolling origins: every form fitted to the fifty years before, and scored on what followed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.studies.evidence.forms import ADOPTED, REFINED, Form
from forecast.studies.evidence.scores import Difference, brier_skill, score_difference
from forecast.studies.evidence.windows import any_onset, window_intensity
from forecast.studies.fit.onset import OnsetFit, fit_onset, onset_probability, recency
from forecast.studies.panel import DyadYears
from forecast.studies.scores.statistics import (
    area_under_precision_recall,
    area_under_roc,
    log_scores,
)

Floats = NDArray[np.float64]

ORIGINS = tuple(range(1950, 2000, 5))
STEP_YEARS = 5
TRAINING_YEARS = 50
CLIMATOLOGY_YEARS = 10
WINDOWS = (5, 10)
LAST_YEAR = 2000


class Scores(NamedTuple):
    """How one form did.

    Parameters
    ----------
    name
        The form.
    log_score, roc, precision
        Of the forecasts one year ahead.
    ratio
        Onsets observed over expected, one year ahead.
    skill
        Brier skill against the rate of the last ten years, by window.
    window_ratio
        Observed over expected, by window.
    against_refined
        Difference of the log score to the refined form, in units of 10^-4.
    """

    name: str
    log_score: float
    roc: float
    precision: float
    ratio: float
    skill: tuple[float, ...]
    window_ratio: tuple[float, ...]
    against_refined: Difference


class Rows(NamedTuple):
    """Forecasts and outcomes of rows, with the cluster of each."""

    observed: Floats
    forecast: Floats
    reference: Floats
    pair: NDArray[np.int64]


def training(panel: DyadYears, origin: int) -> DyadYears:
    """Return the rows of the fifty years before an origin."""
    return panel.where((panel.year < origin) & (panel.year >= origin - TRAINING_YEARS))


def fits(panel: DyadYears, form: Form) -> dict[int, OnsetFit]:
    """Return a form's fit at every origin, from rows before it."""
    found = {}
    for origin in ORIGINS:
        past = training(panel, origin)
        weights = recency(past, origin - 1, form.half_life)
        found[origin] = fit_onset(past, weights, form.terms, form.carrier)
    return found


def climatology(panel: DyadYears, origin: int, years: int) -> float:
    """Return the chance of an onset within `years` at the mean rate of the last ten years."""
    recent = (panel.year < origin) & (panel.year >= origin - CLIMATOLOGY_YEARS)
    return float(-np.expm1(-panel.onset[recent].mean() * years))


def annual_rows(panel: DyadYears, by_origin: dict[int, OnsetFit]) -> Rows:
    """Return the forecasts one year ahead for the five years after each origin."""
    blocks = []
    for origin, fit in by_origin.items():
        rows = panel.where((panel.year >= origin) & (panel.year < origin + STEP_YEARS))
        base = np.full(len(rows.year), climatology(panel, origin, 1))
        blocks.append(Rows(rows.onset, onset_probability(fit, rows), base, rows.pair))
    return _joined(blocks)


Forecaster = Callable[[int, DyadYears], Floats]
"""Takes an origin and its rows, and returns the probability of each row's window."""


def window_rows(
    panel: DyadYears,
    years: int,
    probability: Forecaster,
) -> Rows:
    """Return the forecasts of any onset within `years` of each origin, for windows that end."""
    blocks = []
    for origin in ORIGINS:
        if origin + years <= LAST_YEAR:
            rows = panel.where(panel.year == origin)
            base = np.full(len(rows.year), climatology(panel, origin, years))
            observed = any_onset(panel, rows, years)
            blocks.append(Rows(observed, probability(origin, rows), base, rows.pair))
    return _joined(blocks)


def equation(by_origin: dict[int, OnsetFit], years: int) -> Forecaster:
    """Return the forecaster that a fitted equation is."""

    def probability(origin: int, rows: DyadYears) -> Floats:
        return np.asarray(-np.expm1(-window_intensity(by_origin[origin], rows, years)))

    return probability


def compare_forms(panel: DyadYears, forms: Sequence[Form]) -> list[Scores]:
    """Return the scores of every form on the same rows.

    Parameters
    ----------
    panel
        Dyad-years from fifty years before the first origin on, to 2000, entering states included.
    forms
        What is compared; `REFINED` is fitted in any case, as the yardstick.
    """
    yardstick = annual_rows(panel, fits(panel, REFINED))
    refined = log_scores(yardstick.observed, yardstick.forecast)
    return [_scores(panel, form, refined) for form in forms]


def _scores(panel: DyadYears, form: Form, refined: Floats) -> Scores:
    by_origin = fits(panel, form)
    annual = annual_rows(panel, by_origin)
    windows = [window_rows(panel, years, equation(by_origin, years)) for years in WINDOWS]
    own, alike = log_scores(annual.observed, annual.forecast), np.ones(len(annual.observed))
    return Scores(
        form.name,
        float(own.mean()),
        area_under_roc(annual.observed, annual.forecast)(alike),
        area_under_precision_recall(annual.observed, annual.forecast)(alike),
        float(annual.observed.sum() / annual.forecast.sum()),
        tuple(brier_skill(w.observed, w.forecast, w.reference) for w in windows),
        tuple(float(w.observed.sum() / w.forecast.sum()) for w in windows),
        score_difference(1e4 * own, 1e4 * refined, annual.pair),
    )


def _joined(blocks: Sequence[Rows]) -> Rows:
    return Rows._make(np.concatenate(column) for column in zip(*blocks, strict=True))


def adopted_fits(panel: DyadYears) -> dict[int, OnsetFit]:
    """Return the adopted form's fit at every origin."""
    return fits(panel, ADOPTED)
