"""The outcomes that architectures are compared by, and how each is estimated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.outcomes.estimators import (
    Estimate,
    Moments,
    chunk,
    combine,
    finalize_mean,
    finalize_median,
    finalize_ratio,
    median_density,
)

Kind = Literal["rate", "total", "probability", "share", "median"]

CHUNK = 100_000
"""Trajectories reduced at a time."""


class Measure(NamedTuple):
    """One outcome of a comparison.

    Parameters
    ----------
    name
        What the user calls it.
    title, units
        What a table calls it.
    kind
        "rate": mean per year; "total": mean over the horizon; "probability": share of trajectories
        above `above`; "share": ratio of two means; "median" over trajectories.
    variables
        Variables of the group ``trajectories``; numerator and denominator of a share.
    above
        Threshold of a probability.
    """

    name: str
    title: str
    units: str
    kind: Kind
    variables: tuple[str, ...]
    above: float = 0.0


class Estimated(NamedTuple):
    """An estimate and, of a probability, the moments of its indicators."""

    estimate: Estimate
    indicators: Moments | None


MEASURES: tuple[Measure, ...] = (
    Measure("dispute_count", "militarised disputes", "per year", "rate", ("dispute_count",)),
    Measure("fatal_dispute_count", "fatal disputes", "per year", "rate", ("fatal_dispute_count",)),
    Measure("war_count", "interstate wars", "per year", "rate", ("war_count",)),
    Measure(
        "expected_war_count",
        "interstate wars, from escalation probabilities",
        "per year",
        "rate",
        ("expected_war_count",),
    ),
    Measure(
        "battle_deaths_median",
        "battle deaths, median",
        "persons",
        "median",
        ("battle_deaths",),
    ),
    Measure(
        "battle_deaths_above_1000000",
        "more than 1,000,000 battle deaths in all",
        "probability",
        "probability",
        ("battle_deaths",),
        1e6,
    ),
    Measure(
        "largest_war_above_100000",
        "a war with more than 100,000 battle deaths",
        "probability",
        "probability",
        ("largest_war_battle_deaths",),
        1e5,
    ),
    Measure(
        "great_power_war",
        "a war with great powers on opposite sides",
        "probability",
        "probability",
        ("great_power_war_year",),
    ),
    Measure(
        "g3_war",
        "a war with two of the US, China and Russia on opposite sides",
        "probability",
        "probability",
        ("g3_war_year",),
    ),
    Measure(
        "expected_great_power_war_count",
        "direct great-power wars, from escalation probabilities",
        "in all",
        "total",
        ("expected_great_power_war_count",),
    ),
    Measure(
        "aggression_success_count",
        "successful aggressions",
        "per year",
        "rate",
        ("aggression_success_count",),
    ),
    Measure(
        "aggression_success_rate",
        "successful among all aggressions",
        "share",
        "share",
        ("aggression_success_count", "aggression_count"),
    ),
    Measure(
        "answered_obligation_share",
        "tests that institutions answered",
        "share",
        "share",
        ("answered_obligation_count", "tested_obligation_count"),
    ),
    Measure(
        "ally_honoured_share",
        "called allies that joined the war",
        "share",
        "share",
        ("ally_honoured_count", "ally_invocation_count"),
    ),
)

Read = Callable[[str], NDArray[np.float64]]
"""Returns a variable of the group ``trajectories``, (architecture, trajectory)."""


def choose_measures(names: Sequence[str] | None) -> tuple[Measure, ...]:
    """Return the measures of the given names, or all.

    Raises
    ------
    ForecastError
        If a name is unknown; the message offers the nearest.
    """
    known = {measure.name: measure for measure in MEASURES}
    return tuple(known[nearest(name, list(known), "outcome")] for name in names or known)


def nearest(name: str, known: Sequence[str], what: str) -> str:
    """Return the name if it is known; otherwise raise with the nearest one, or all."""
    if name in known:
        return name
    close = get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"choose one of: {', '.join(known)}"
    raise ForecastError(f"unknown {what} {name!r}; {hint}")


def estimate(measure: Measure, read: Read, years: int) -> Estimated:
    """Return a measure's value under every architecture.

    Parameters
    ----------
    measure
        What to estimate.
    read
        Source of the trajectories' values.
    years
        Length of the horizon.
    """
    columns = np.vstack([read(name) for name in measure.variables])
    if measure.kind == "median":
        return Estimated(_median(columns), None)
    if measure.kind == "probability":
        indicators = _moments(columns > measure.above)
        return Estimated(finalize_mean(indicators), indicators)
    moments = _moments(columns)
    if measure.kind == "share":
        return Estimated(finalize_ratio(moments), None)
    return Estimated(finalize_mean(moments, 1 / years if measure.kind == "rate" else 1.0), None)


def _moments(columns: NDArray[np.generic]) -> Moments:
    starts = range(0, columns.shape[1], CHUNK)
    return combine(chunk(columns[:, start : start + CHUNK]) for start in starts)


def _median(columns: NDArray[np.float64]) -> Estimate:
    median, density = np.array([median_density(row) for row in columns]).T
    return finalize_median(median, density, _moments(columns <= median[:, None]))
