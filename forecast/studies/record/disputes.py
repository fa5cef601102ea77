"""Disputes of the record, dyad by dyad, with what became of each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.studies.record.files import WAR, Files
from forecast.world.disputes import SUCCESSORS, Onsets, dyadic_onsets
from forecast.world.readers.table import Table

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

USE_OF_FORCE = 4
"""Hostility level from which force was used."""

INITIATOR_PREVAILS = (1, 4)
"""Outcomes of a dispute: victory of side A, yield of side B."""

BRACKET_DEATHS = {1: 13, 2: 63, 3: 176, 4: 376, 5: 750, 6: 1000}
"""Deaths where only the bracket is known: its middle (1-25, 26-100, 101-250, 251-500, 501-999),
and for the open one, above 999, its lower end (assumption)."""


class Outbreaks(NamedTuple):
    """Dyadic onsets of the period in order of time, (onset,).

    Parameters
    ----------
    year
        Calendar year of the onset.
    initiator, target
        COW codes.
    fatal
        Whether the dispute had at least one battle death, or became a war.
    forceful
        Whether force was used in the dispute.
    aggression
        Whether the initiator wanted territory, a policy, a regime or something else changed.
    success_year
        Calendar year in which the initiator prevailed in an aggression; 0 where it did not.
    unknown_fatality, unknown_hostility
        Whether the file does not tell deaths, or hostility; such onsets count as not fatal and
        not forceful.
    """

    year: NDArray[np.int64]
    initiator: NDArray[np.int64]
    target: NDArray[np.int64]
    fatal: Booleans
    forceful: Booleans
    aggression: Booleans
    success_year: NDArray[np.int64]
    unknown_fatality: Booleans
    unknown_hostility: Booleans


def outbreaks(files: Files, first: int, last: int, states: NDArray[np.int64]) -> Outbreaks:
    """Return the dyadic onsets from `first` to `last`.

    Parameters
    ----------
    files
        Source tables.
    first, last
        Calendar years.
    states
        COW codes of the world at the start: a successor of one of them bears its code.
    """
    onsets = dyadic_onsets(files.disputes, files.participants)
    onsets = onsets.where((onsets.time >= first) & (onsets.time < last + 1))
    row_of = {int(number): row for row, number in enumerate(files.disputes["dispnum"])}
    rows = np.array([row_of[int(number)] for number in onsets.dispute], dtype=np.int64)
    year = np.floor(onsets.time).astype(np.int64)
    aggression = _revisionist(onsets, files.participants)
    at_war = onsets.hostility == WAR
    return Outbreaks(
        year,
        as_in_world(onsets.initiator, states),
        as_in_world(onsets.target, states),
        (onsets.fatality > 0) | at_war,
        onsets.hostility >= USE_OF_FORCE,
        aggression,
        _success_years(files.disputes, rows, year, aggression, at_war),
        (onsets.fatality < 0) & ~at_war,
        onsets.hostility == 0,
    )


def as_in_world(codes: NDArray[np.int64], states: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return codes with a successor under the code its predecessor bears in the world.

    Germany after 1990 stands for the Federal Republic in a world of 1990, which knows no other.
    """
    held = {int(code) for code in states}
    former = {new: old for old, new in SUCCESSORS.items() if old in held and new not in held}
    return np.array([former.get(int(code), int(code)) for code in codes], dtype=np.int64)


def _revisionist(onsets: Onsets, participants: Table) -> Booleans:
    wants = (participants["revtype1"] >= 1) & (participants["sidea"] == 1)
    numbers, codes = participants["dispnum"][wants], participants["ccode"][wants]
    aims = set(zip(numbers.tolist(), codes.tolist(), strict=True))
    pairs = zip(onsets.dispute.tolist(), onsets.initiator.tolist(), strict=True)
    return np.array([pair in aims for pair in pairs], dtype=bool)


def _success_years(
    disputes: Table,
    rows: NDArray[np.int64],
    year: NDArray[np.int64],
    aggression: Booleans,
    at_war: Booleans,
) -> NDArray[np.int64]:
    """Return when aggressions succeeded: in the onset's year, those of wars at the end."""
    won = aggression & np.isin(disputes["outcome"][rows], INITIATOR_PREVAILS)
    when = np.where(at_war, disputes["endyear"][rows].astype(float), year)
    return np.where(won & ~np.isnan(when), np.nan_to_num(when), 0).astype(np.int64)


def deaths_short_of_war(files: Files, first: int, last: int) -> NDArray[np.int64]:
    """Return the deaths of fatal disputes that did not become wars, in the year they began.

    Deaths are those the file tells exactly, else the middle of their bracket. A dispute of several
    dyads counts once, with its first.

    Returns
    -------
    NDArray
        (year,).
    """
    onsets = dyadic_onsets(files.disputes, files.participants)
    began: dict[int, float] = {}
    for number, time in zip(onsets.dispute.tolist(), onsets.time.tolist(), strict=True):
        began.setdefault(number, time)
    deaths = np.zeros(last - first + 1, dtype=np.int64)
    for row in files.disputes.records():
        when = began.get(int(row["dispnum"]), -np.inf)
        if first <= when < last + 1 and row["hostlev"] != WAR:
            deaths[int(when) - first] += _deaths(float(row["fatality"]), float(row["fatalpre"]))
    return deaths


def _deaths(bracket: float, exact: float) -> int:
    if exact > 0:
        return int(exact)
    return BRACKET_DEATHS[int(bracket)] if bracket > 0 else 0
