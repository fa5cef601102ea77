"""Estimates of who starts: the direction of new disputes and of repeated ones."""

from __future__ import annotations

import numpy as np

from forecast.scenario.estimates import Estimate
from forecast.studies.fit.blocks import clustered_estimate, shares_estimate
from forecast.studies.fit.logit import fit_logit
from forecast.studies.fit.onset_terms import OnsetRows
from forecast.studies.fit.shares import shares
from forecast.world.disputes import dyadic_onsets, last_initiator
from forecast.world.history.sources import Sources

Period = tuple[int, int]


def direction(rows: OnsetRows, period: Period) -> Estimate:
    """Return the estimate of which of two originators is on side A.

    The sign of each row is that of the state with the lower code, so that the order of the two
    in the source says nothing.
    """
    sign = np.where(rows.onsets.initiator < rows.onsets.target, 1.0, -1.0)
    major = rows.terms["major_initiator"] - rows.terms["major_target"]
    terms = {
        "direction_ratio": sign * rows.terms["log_ratio"],
        "direction_major": sign * major,
    }
    fit = fit_logit(terms, sign > 0, rows.pair)
    return clustered_estimate(
        "direction",
        "logit without constant, errors clustered by dyad",
        [f"onset.{term}" for term in fit.terms],
        fit,
        period,
        "originator pairs, MID 5.0; all onsets, with and without a remembered dispute",
    )


def repeated_direction(sources: Sources, period: Period) -> Estimate:
    """Return the share of consecutive disputes of a dyad that the same state started."""
    onsets = dyadic_onsets(sources.disputes, sources.participants)
    before = last_initiator(onsets, onsets.initiator, onsets.target, onsets.time)
    year = np.floor(onsets.time)
    counted = (before > 0) & (year >= period[0]) & (year <= period[1])
    same = int((before == onsets.initiator)[counted].sum())
    found = shares(np.array([same]), int(counted.sum()))
    names = ("onset.memory_direction",)
    return shares_estimate("memory_direction", "share", names, found, period, "MID 5.0")
