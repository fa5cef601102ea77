"""Estimates of how wars end, how long they last and how many they kill."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast.scenario.estimates import Estimate
from forecast.studies.fit.blocks import shipped_value
from forecast.studies.fit.logit import LogitFit, fit_logit
from forecast.studies.fit.onset_terms import FIRST_POSTWAR_YEAR
from forecast.studies.fit.war_rows import WarRows
from forecast.studies.fit.wars_likelihood import (
    Maximum,
    correlation,
    deaths_scores,
    duration_scores,
    fit_truncated,
    fit_weibull,
)

Floats = NDArray[np.float64]
Period = tuple[int, int]

NO_RESULT = 9

LEAST_WARS = 20
"""With fewer wars since 1946 than this, wars of all eras tell duration and draws (assumption)."""


def recent(wars: WarRows) -> WarRows:
    """Return the wars since 1946 where there are enough of them, else all.

    Draws and long wars are of that era: before it few wars ended undecided.
    """
    after = wars.year >= FIRST_POSTWAR_YEAR
    return wars.where(after) if after.sum() >= LEAST_WARS else wars


def duration(wars: WarRows, period: Period) -> Estimate:
    """Return the Weibull estimate of a war's length at equal strength."""
    chosen = recent(wars)
    found = fit_weibull(at_parity(chosen), chosen.ended)
    note = f"years divided by exp(ratio·|ln r|), ratio at its shipped value; {_span(chosen)}"
    names = ("war.shape", "war.scale")
    form = "Weibull, wars going on at the end censored"
    return _block("war_duration", form, names, found, chosen, int(chosen.ended.sum()), period, note)


def at_parity(wars: WarRows) -> Floats:
    """Return durations as they would be between equals under the shipped slope, (war,)."""
    slope = shipped_value("war", "ratio")
    return np.asarray(wars.years / np.exp(slope * np.abs(wars.log_ratio)))


def draw(wars: WarRows, period: Period) -> Estimate:
    """Return the estimate of whether a war ends undecided."""
    chosen = recent(wars.where(wars.ended & (wars.result != NO_RESULT)))
    terms = {"const": np.ones(len(chosen.year)), "ratio": np.abs(chosen.log_ratio)}
    return _logit("draw", terms, chosen, chosen.result == 0, period, _span(chosen))


def victory(wars: WarRows, period: Period) -> Estimate:
    """Return the estimate of whether the initiator wins a decided war."""
    chosen = wars.where(wars.ended & (np.abs(wars.result) == 1))
    terms = {"const": np.ones(len(chosen.year)), "ratio": chosen.log_ratio}
    return _logit("win", terms, chosen, chosen.result == 1, period, _span(chosen))


def _logit(
    name: str,
    terms: dict[str, Floats],
    wars: WarRows,
    outcome: NDArray[np.bool_],
    period: Period,
    note: str,
) -> Estimate:
    fit: LogitFit = fit_logit(terms, outcome, np.arange(len(outcome)))
    found = Maximum(fit.values, fit.covariance, fit.log_likelihood)
    names = tuple(f"war.{name}_{term}" for term in fit.terms)
    return _block(f"war_{name}", "logit", names, found, wars, fit.events, period, note)


def deaths(wars: WarRows, period: Period) -> Estimate:
    """Return the estimate of battle deaths."""
    chosen = counted(wars)
    x = deaths_terms(chosen)
    found = fit_truncated(x, np.log(chosen.deaths), _log_threshold())
    names = tuple(
        f"deaths.{term}" for term in ("const", "log_least", "log_most", "log_parties", "spread")
    )
    form = "normal regression of log deaths, truncated at the threshold of the record"
    return _block("deaths", form, names, found, chosen, None, period, _span(chosen))


def duration_correlation(wars: WarRows, period: Period) -> Estimate:
    """Return the correlation of the normal scores of deaths and duration."""
    chosen = counted(wars)
    time, x = at_parity(chosen), deaths_terms(chosen)
    killed = fit_truncated(x, np.log(chosen.deaths), _log_threshold())
    scores = deaths_scores(x, np.log(chosen.deaths), _log_threshold(), killed)
    lasted = duration_scores(time, fit_weibull(time, chosen.ended))
    found = correlation(scores, lasted)
    names = ("deaths.duration_correlation",)
    note = f"scores under both fitted laws; {_span(chosen)}"
    return _block("duration_correlation", "correlation", names, found, chosen, None, period, note)


def counted(wars: WarRows) -> WarRows:
    """Return the wars that are over and whose known deaths reach the threshold."""
    # Sources list a few wars with unknown deaths of a side: those sums fall short of it.
    return wars.where(wars.ended & (wars.deaths >= shipped_value("deaths", "threshold")))


def deaths_terms(wars: WarRows) -> Floats:
    """Return the regressors of log deaths, (war, 4)."""
    least = np.minimum(wars.initiator_share, wars.target_share)
    most = np.maximum(wars.initiator_share, wars.target_share)
    parties = np.log(wars.parties / 2)
    return np.column_stack([np.ones(len(least)), np.log(least), np.log(most), parties])


def _log_threshold() -> float:
    return float(np.log(shipped_value("deaths", "threshold")))


def _span(wars: WarRows) -> str:
    return f"COW interstate wars that broke out {wars.year.min()}-{wars.year.max()}"


def _block(
    equation: str,
    form: str,
    names: tuple[str, ...],
    found: Maximum,
    wars: WarRows,
    events: int | None,
    period: Period,
    note: str,
) -> Estimate:
    return Estimate(
        equation=equation,
        form=form,
        parameters=names,
        values=tuple(found.values.tolist()),
        covariance=tuple(map(tuple, found.covariance.tolist())),
        n=len(wars.year),
        events=events,
        log_likelihood=found.log_likelihood,
        period=period,
        note=note,
    )
