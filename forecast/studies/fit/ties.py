"""Estimates, reported only, of how rivalries start and end and of how defence pacts die."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast.scenario.estimates import Estimate
from forecast.studies.fit.blocks import logit_estimate, shares_estimate
from forecast.studies.fit.logit import fit_logit
from forecast.studies.fit.shares import hazard
from forecast.studies.fit.system_years import SystemYear, SystemYears
from forecast.studies.panel import LOG_RATIO_CLIP
from forecast.world.history.covariates import owed_defence
from forecast.world.history.sources import Sources
from forecast.world.history.system import alive
from forecast.world.readers.table import Table

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Period = tuple[int, int]

START_TERMS = ("const", "land", "sea", "parity", "joint_democracy")

ERAS = ((1816, 1913), (1920, 1938), (1946, 1989), (1990, 2017))
"""Eras whose hazards are told apart: those between the great wars (assumption)."""


def rivalry_start(sources: Sources, years: SystemYears, period: Period) -> Estimate:
    """Return the annual log odds that a politically relevant pair becomes rivals."""
    blocks = [_candidates(years[y], sources.rivalries, y) for y in range(period[0], period[1] + 1)]
    rows = np.concatenate([block[0] for block in blocks])
    started = np.concatenate([block[1] for block in blocks])
    pair = np.concatenate([block[2] for block in blocks])
    fit = fit_logit(dict(zip(START_TERMS, rows.T, strict=True)), started, pair)
    form = "annual logit, politically relevant pairs that are no rivals, clustered by dyad"
    note = "reported only; Thompson, Sakuwa and Suhas 2021, dated in hindsight"
    return logit_estimate("rivalry_start", form, fit, period, note)


def _candidates(
    then: SystemYear, rivalries: Table, year: int
) -> tuple[Floats, NDArray[np.bool_], Integers]:
    """Return regressors, start and name of the pairs that may become rivals in a year."""
    relevant = (then.contiguity > 0) | then.major[:, None] | then.major
    i, j = np.nonzero(np.triu(relevant & ~then.rival, 1))
    ratio = np.abs(np.log(then.share[i] / then.share[j]))
    types = then.contiguity[i, j]
    free = then.democratic[i] & then.democratic[j]
    parity = -np.minimum(ratio, LOG_RATIO_CLIP)
    rows = np.column_stack([np.ones(len(i)), types == 1, types > 1, parity, free]).astype(float)
    name = then.codes[i] * 1000 + then.codes[j]
    new = rivalries.where(rivalries["styear"] == year)
    low, high = (pick(new["ccode1"], new["ccode2"]) for pick in (np.minimum, np.maximum))
    return rows, np.isin(name, low * 1000 + high), name


def rivalry_end(sources: Sources, period: Period) -> Estimate:
    """Return the constant yearly hazard that a rivalry ends."""
    first, last = period
    begin, end = sources.rivalries["styear"], np.nan_to_num(sources.rivalries["endyear"], nan=9999)
    begun = (begin <= last) & (end >= first)
    exposure = np.minimum(end, last)[begun] - np.maximum(begin, first)[begun] + 0.5
    ended = int((end[begun] <= last).sum())
    found = hazard(ended, float(exposure.sum()))
    names = ("rivalry_end.const",)
    return shares_estimate(
        "rivalry_end", "constant hazard per year", names, found, period, "reported only"
    )


def pact_death(sources: Sources, period: Period) -> Estimate:
    """Return the constant yearly hazard that two states' defence pact is gone a year later."""
    deaths, exposure = _pact_years(sources, period)
    eras = []
    for first, last in ERAS:
        chosen = slice(max(first - period[0], 0), max(last + 1 - period[0], 0))
        if exposure[chosen].sum() > 0:
            rate = deaths[chosen].sum() / exposure[chosen].sum()
            eras.append(f"{first}-{min(last, period[1])} {rate:.4f}")
    found = hazard(int(deaths.sum()), float(exposure.sum()))
    note = "reported only; " + ", ".join(eras)
    names = ("pact_death.const",)
    return shares_estimate("pact_death", "constant hazard per year", names, found, period, note)


def _pact_years(sources: Sources, period: Period) -> tuple[Floats, Floats]:
    """Return deaths and pacts at risk by year; the last year's pacts have no next year."""
    size = period[1] - period[0] + 1
    deaths, exposure = np.zeros(size), np.zeros(size)
    for k, year in enumerate(range(period[0], period[1])):
        # A world of 1 January knows the alliances of the year before.
        codes = np.intersect1d(alive(sources.membership, year), alive(sources.membership, year + 1))
        now, then = (_allied(sources.alliances, codes, y + 1) for y in (year, year + 1))
        exposure[k] = now.sum()
        deaths[k] = (now & ~then).sum()
    return deaths, exposure


def _allied(alliances: Table, codes: Integers, origin: int) -> NDArray[np.bool_]:
    owed = owed_defence(alliances, codes, origin) > 0
    return np.triu(owed | owed.T, 1)
