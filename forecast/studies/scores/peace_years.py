"""The usual dyad-year logit with a cubic of peace years, fitted anew at an origin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from forecast.studies.fit.logit import LogitFit, fit_logit
from forecast.studies.panel import DyadYears

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TRAINING_YEARS = 50
"""Years before the origin that it is fitted to, as the forms of docs/onset.md."""

LONGEST_PEACE_YEARS = 60
"""Peace counts no longer (assumption)."""

DECADE = 10.0


def peace_years(pair: Integers, year: Integers, age: Floats, starts: Integers) -> Floats:
    """Return the years of peace of each pair before a year, (row,).

    Parameters
    ----------
    pair, year, age
        Pair, calendar year and years since both states exist, (row,).
    starts
        10,000 times the pair plus the year of every event, sorted.

    Source
    ------
    Carter and Signorino (2010), Back to the future: modeling time dependence in binary data,
    Political Analysis 18(3): 271-292, doi:10.1093/pan/mpq013.
    """
    before = np.searchsorted(starts, pair * 10_000 + year) - 1
    last = starts[np.maximum(before, 0)] if len(starts) else np.zeros(len(pair), np.int64)
    known = (before >= 0) & (last // 10_000 == pair)
    quiet = np.where(known, year - last % 10_000 - 1, age)
    return np.asarray(np.minimum(quiet, LONGEST_PEACE_YEARS))


def fit_peace_logit(panel: DyadYears, event: Floats, starts: Integers, origin: int) -> LogitFit:
    """Return the logit fitted to the fifty years before an origin.

    Parameters
    ----------
    panel
        Politically relevant dyad-years.
    event
        What is to be explained, (row,).
    starts
        As for `peace_years`.
    origin
        Calendar year; nothing of it or later is used.
    """
    chosen = (panel.year < origin) & (panel.year >= origin - TRAINING_YEARS)
    rows = panel.where(chosen)
    quiet = peace_years(rows.pair, rows.year, rows.age, starts)
    return fit_logit(_terms(rows, quiet), event[chosen] > 0, rows.pair)


def logit_chances(fit: LogitFit, rows: DyadYears, starts: Integers, years: int) -> Floats:
    """Return the chance of each coming year while the pair has had none, (row, year)."""
    now = peace_years(rows.pair, rows.year, rows.age, starts)
    found = []
    for later in range(years):
        terms = _terms(rows, np.minimum(now + later, LONGEST_PEACE_YEARS))
        found.append(expit(np.column_stack([terms[name] for name in fit.terms]) @ fit.values))
    return np.column_stack(found)


def _terms(rows: DyadYears, quiet: Floats) -> dict[str, Floats]:
    """Return the terms of the base rate and the cubic of peace years."""
    decades = quiet / DECADE
    cubic = {f"peace_{power}": decades**power for power in (1, 2, 3)}
    return {**rows.terms, **cubic}
