"""Outcomes of a comparison that are estimated from the sums of batches."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from forecast.analysis.order import at_the_end
from forecast.analysis.power import slope_estimate
from forecast.analysis.risks import menu_estimate
from forecast.analysis.standing import latency_estimate
from forecast.analysis.sums import Sums
from forecast.estimators.moments import Estimate


class Summed(NamedTuple):
    """One outcome of a comparison.

    Parameters
    ----------
    name
        What the user calls it.
    title, units
        What a table calls it.
    estimate
        Returns its value under every architecture.
    """

    name: str
    title: str
    units: str
    estimate: Callable[[Sums], Estimate]


SUMMED: tuple[Summed, ...] = (
    Summed(
        "menu_index",
        "losses of small and middle states outside shelter over inside",
        "ratio",
        menu_estimate,
    ),
    Summed(
        "success_slope",
        "log odds of an aggression's success per unit of log power ratio",
        "slope",
        slope_estimate,
    ),
    Summed("help_latency", "delay of help by decision, median", "days", latency_estimate),
    Summed(
        "coalition_count",
        "coalitions at the end",
        "coalitions",
        partial(at_the_end, measure="coalition_count"),
    ),
    Summed(
        "armed_state_count",
        "nuclear powers at the end",
        "states",
        partial(at_the_end, measure="armed_state_count"),
    ),
    Summed(
        "military_burden",
        "military burden at the end",
        "of that at the origin",
        partial(at_the_end, measure="military_burden"),
    ),
)

BLOCK = (
    "menu_index",
    "success_slope",
    "sanctions_share",
    "enforcement_share",
    "coalition_count",
    "nuclear_use",
)
"""Outcomes told in brief below the main table, which has the honouring of promises."""
