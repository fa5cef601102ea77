"""The onset equation as an estimate of a parameter file."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from forecast.scenario.estimates import Estimate
from forecast.scenario.parameter_file import Fitted
from forecast.studies.fit.blocks import clustered_estimate
from forecast.studies.fit.frailty import Frailty, fit_frailty
from forecast.studies.fit.onset import HALF_LIFE_YEARS, TERMS, OnsetFit, fit_onset, recency
from forecast.studies.panel import DyadYears, dyad_years
from forecast.world.disputes import dyadic_onsets
from forecast.world.history.sources import Sources

FIRST_PANEL_YEAR = 1817
"""First year whose 1 January has capabilities known before it."""

UNKNOWN_ERROR = 1.0
"""Prior standard deviation of a term the period says nothing about, log rate (assumption)."""


class OnsetResult(NamedTuple):
    """The fitted equation with its rows.

    Parameters
    ----------
    fit
        The equation.
    panel
        The dyad-years it rests on.
    silent
        Terms that never vary in the period; they are not estimated.
    period
        First and last year of the rows.
    """

    fit: OnsetFit
    panel: DyadYears
    silent: tuple[str, ...]
    period: tuple[int, int]


def estimate_onset(sources: Sources, first: int, until: int) -> OnsetResult:
    """Estimate the onset equation from the years `first` to `until`.

    Parameters
    ----------
    sources
        Source tables.
    first, until
        Calendar years, both included.
    """
    onsets = dyadic_onsets(sources.disputes, sources.participants)
    start = max(first, FIRST_PANEL_YEAR)
    panel = dyad_years(sources, onsets, start, until)
    varies = tuple(t for t in TERMS if t == "const" or np.ptp(panel.terms[t]) > 0)
    fit = fit_onset(panel, recency(panel, until), varies)
    silent = tuple(t for t in TERMS if t not in varies)
    return OnsetResult(fit, panel, silent, (start, until))


def frailty_of(result: OnsetResult) -> Frailty:
    """Return what a gamma frailty per pair would add to the equation."""
    weights = recency(result.panel, result.period[1])
    return fit_frailty(result.fit, result.panel, weights)


def onset_block(result: OnsetResult, extra: str = "") -> Estimate:
    """Return the estimate as a parameter file carries it; `extra` ends its note."""
    return clustered_estimate(
        "onset",
        "base rate plus added memory; yearly outcomes",
        [f"onset.{name}" for name in result.fit.names],
        result.fit,
        result.period,
        f"weights halve every {HALF_LIFE_YEARS:g} years; errors clustered by pair{extra}",
    )


def onset_updates(result: OnsetResult) -> dict[str, Fitted]:
    """Return the parameters that the estimate sets, and those about which it is silent."""
    fit = result.fit
    errors = np.sqrt(np.diag(fit.covariance))
    source = f"own estimate, MID 5.0 {result.period[0]}-{result.period[1]}, docs/estimates.md"
    updates = {
        f"onset.{name}": Fitted(float(value), float(error), source, "estimated")
        for name, value, error in zip(fit.names, fit.values, errors, strict=True)
    }
    for name in result.silent:
        why = f"assumption: no pair of the kind up to {result.period[1]}, so nothing is known"
        updates[f"onset.{name}"] = Fitted(0.0, UNKNOWN_ERROR, why, "assumption")
    return updates
