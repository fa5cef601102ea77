"""Regressors of the decisions that follow a dispute's onset, as the kernel computes them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.studies.fit.system_years import SystemYear, SystemYears
from forecast.studies.panel import LOG_RATIO_CLIP, TAU_LONG
from forecast.world.disputes import SUCCESSORS, Onsets, dyadic_onsets, memory, with_successors
from forecast.world.history.sources import Sources
from forecast.world.history.system import locate

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FIRST_POSTWAR_YEAR = 1946
FIRST_YEAR_OF_NEW_ORDER = 1990
"""From here `order_weight` is 1 in the record."""

SUPPORT_BOUNDS = (-2.0, 6.0)
"""`escalation.support_low` and `support_high`."""

TERMS = (
    "const",
    "land",
    "log_ratio",
    "parity",
    "major_initiator",
    "major_target",
    "joint_democracy",
    "rivalry",
    "outside_ally",
    "nuclear_target_only",
    "nuclear_dyad",
    "support",
    "post1945",
    "order_weight",
    "great_powers",
)


class OnsetRows(NamedTuple):
    """Dyadic onsets between states alive on 1 January of the year, with their regressors.

    Parameters
    ----------
    onsets
        The onsets, (row,).
    year
        Calendar year, (row,).
    terms
        Regressors by name, each (row,).
    """

    onsets: Onsets
    year: Integers
    terms: dict[str, Floats]

    @property
    def pair(self) -> Integers:
        """One number per undirected pair, (row,)."""
        low = np.minimum(self.onsets.initiator, self.onsets.target)
        return np.asarray(low * 1000 + np.maximum(self.onsets.initiator, self.onsets.target))

    def where(self, mask: NDArray[np.bool_]) -> OnsetRows:
        """Return the chosen rows."""
        terms = {name: values[mask] for name, values in self.terms.items()}
        return OnsetRows(self.onsets.where(mask), self.year[mask], terms)


def onset_rows(sources: Sources, years: SystemYears, first: int, last: int) -> OnsetRows:
    """Return the onsets of a period with what the two sides knew.

    Parameters
    ----------
    sources
        Source tables as known at the end of `last`.
    years
        The state system by year.
    first, last
        Calendar years, both included; memory reaches back before `first`.
    """
    onsets = dyadic_onsets(sources.disputes, sources.participants)
    year = np.floor(onsets.time).astype(np.int64)
    chosen = onsets.where((year >= first) & (year <= last))
    year = year[(year >= first) & (year <= last)]
    rows = [
        _terms(years[int(y)], int(y), i, j) for y, i, j in zip(year, *_states(chosen), strict=True)
    ]
    kept = np.array([row is not None for row in rows], dtype=bool)
    values = np.array([row for row in rows if row is not None]).reshape(-1, len(TERMS))
    found = chosen.where(kept)
    terms = dict(zip(TERMS, values.T, strict=True))
    terms["memory_long"] = np.log1p(_remembered(onsets, found))
    return OnsetRows(found, year[kept], terms)


def _states(onsets: Onsets) -> tuple[Integers, Integers]:
    return onsets.initiator, onsets.target


def _remembered(onsets: Onsets, rows: Onsets) -> Floats:
    first, second = (
        np.array([SUCCESSORS.get(int(code), int(code)) for code in codes], dtype=np.int64)
        for codes in _states(rows)
    )
    return memory(with_successors(onsets), first, second, rows.time, TAU_LONG)


def _terms(then: SystemYear, year: int, initiator: int, target: int) -> list[float] | None:
    """Return the regressors in the order of `TERMS`; None if a state was not yet alive."""
    (i, j), alive = locate(then.codes, np.array([initiator, target]))
    if not alive.all():
        return None
    ratio = float(np.log(then.share[i] / then.share[j]))
    ratio = min(max(ratio, -LOG_RATIO_CLIP), LOG_RATIO_CLIP)
    helpers = then.owes[:, j].copy()
    helpers[[i, j]] = False
    support = float(np.log1p(then.share[helpers].sum() / then.share[j]))
    both_major, both_armed = then.major[i] & then.major[j], then.armed[i] & then.armed[j]
    row = {
        "const": 1,
        "land": then.contiguity[i, j] == 1,
        "log_ratio": ratio,
        "parity": -abs(ratio),
        "major_initiator": then.major[i],
        "major_target": then.major[j],
        "joint_democracy": then.democratic[i] & then.democratic[j],
        "rivalry": then.rival[i, j],
        "outside_ally": helpers.any(),
        "nuclear_target_only": then.armed[j] & ~then.armed[i],
        "nuclear_dyad": both_armed,
        "support": min(max(support, SUPPORT_BOUNDS[0]), SUPPORT_BOUNDS[1]),
        "post1945": year >= FIRST_POSTWAR_YEAR,
        "order_weight": year >= FIRST_YEAR_OF_NEW_ORDER,
        "great_powers": both_major & (year >= FIRST_POSTWAR_YEAR),
    }
    return [float(row[name]) for name in TERMS]
