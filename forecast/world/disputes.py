"""Dyadic onsets of militarized disputes, and what a pair of states remembers of them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecast.errors import ForecastError
from forecast.world.dates import decimal_year
from forecast.world.readers.table import Table

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

UNKNOWN_DAY = 15
"""Day taken for a participation whose day is unknown (assumption: the middle of the month)."""

UNKNOWN_MONTH = 7
"""Month taken for a participation whose month is unknown (assumption: the middle of the year)."""

SUCCESSORS = {260: 255, 678: 679}
"""States whose disputes their successor remembers: the German Federal Republic, Germany's; the
Yemen Arab Republic, Yemen's. Source: README of the initial conditions of 2026."""


class Onsets(NamedTuple):
    """Onsets of disputes between originators on opposite sides, (onset,), in order of time.

    Parameters
    ----------
    dispute
        Number of the dispute.
    time
        Decimal year in which the later of the two joined the dispute.
    initiator, target
        COW codes of the originator on side A (that of the first militarized act) and on side B.
    hostility
        Highest hostility of the dispute, 2 threat, 3 display, 4 use of force, 5 war; 0 unknown.
    reciprocated
        Whether side B answered with a militarized act, 1 or 0; -1 unknown.
    fatality
        Code of the deaths in the dispute, 0 none to 6 above 999; -9 unknown.
    """

    dispute: Integers
    time: Floats
    initiator: Integers
    target: Integers
    hostility: Integers
    reciprocated: Integers
    fatality: Integers

    def where(self, mask: NDArray[np.bool_]) -> Onsets:
        """Return the onsets for which `mask` is true."""
        return self._replace(**{name: getattr(self, name)[mask] for name in self._fields})


def dyadic_onsets(disputes: Table, participants: Table) -> Onsets:
    """Return one onset for each pair of originators on opposite sides of a dispute.

    Parameters
    ----------
    disputes
        The disputes (MID A).
    participants
        Who took part in them (MID B); an originator with several spells on a side counts from
        the first. A state that was an originator on both sides of a dispute is no pair with
        itself.

    Raises
    ------
    ForecastError
        If a participant belongs to no dispute of the list.
    """
    row_of = {int(number): row for row, number in enumerate(disputes["dispnum"])}
    sides = _originators(participants, row_of)
    found = [
        (number, max(start_a, start_b), state_a, state_b)
        for number, (side_b, side_a) in sides.items()
        for state_a, start_a in side_a.items()
        for state_b, start_b in side_b.items()
        if state_a != state_b
    ]
    number, time, initiator, target = np.array(sorted(found), dtype=np.float64).reshape(-1, 4).T
    order = np.lexsort((target, initiator, number, time))
    dispute = number[order].astype(np.int64)
    rows = np.array([row_of[int(n)] for n in dispute], dtype=np.int64)
    return Onsets(
        dispute,
        time[order],
        initiator[order].astype(np.int64),
        target[order].astype(np.int64),
        _coded(disputes["hostlev"][rows], unknown=0),
        _coded(disputes["recip"][rows], unknown=-1),
        _coded(disputes["fatality"][rows], unknown=-9),
    )


def start_time(year: int, month: int, day: int) -> float:
    """Return a date of which month or day may be unknown (not positive) as a decimal year.

    Examples
    --------
    >>> start_time(1914, 1, 1)
    1914.0
    >>> start_time(1914, -9, -9) == start_time(1914, 7, 15)
    True
    """
    known = date(year, month if month > 0 else UNKNOWN_MONTH, day if day > 0 else UNKNOWN_DAY)
    return decimal_year(known.isoformat())


def with_successors(onsets: Onsets) -> Onsets:
    """Return the onsets and, beside them, those of `SUCCESSORS` under the name of the successor.

    While the predecessor is alive its pairs find their own onsets, later its successor's pairs do.
    A pair that becomes one state with itself is dropped.
    """

    def renamed(codes: Integers) -> Integers:
        return np.array([SUCCESSORS.get(int(code), int(code)) for code in codes], dtype=np.int64)

    old = np.isin(onsets.initiator, list(SUCCESSORS)) | np.isin(onsets.target, list(SUCCESSORS))
    copies = onsets.where(old)
    copies = copies._replace(initiator=renamed(copies.initiator), target=renamed(copies.target))
    copies = copies.where(copies.initiator != copies.target)
    both = Onsets._make(np.concatenate(columns) for columns in zip(onsets, copies, strict=True))
    order = np.lexsort((both.target, both.initiator, both.dispute, both.time))
    return Onsets._make(column[order] for column in both)


def memory(
    onsets: Onsets, first: ArrayLike, second: ArrayLike, when: ArrayLike, tau: float
) -> Floats:
    """Return what undirected pairs remember: the sum of exp(-(when - time) / tau), (pair,).

    Parameters
    ----------
    onsets
        Onsets in order of time; those at `when` or later do not count.
    first, second
        COW codes of each pair, in either order, (pair,).
    when
        Decimal year, for all pairs or for each, (pair,) or a number.
    tau
        E-folding time, years, > 0.
    """
    held = _by_pair(onsets)
    at = _last_before(held, first, second, when)
    found = at >= 0
    result = np.zeros(at.shape)
    since = np.broadcast_to(np.asarray(when, dtype=np.float64), at.shape)[found]
    since = since - onsets.time[held.order[at[found]]]
    result[found] = _running_memory(held, onsets.time, tau)[at[found]] * np.exp(-since / tau)
    return result


def last_initiator(
    onsets: Onsets, first: ArrayLike, second: ArrayLike, when: ArrayLike
) -> Integers:
    """Return who initiated the newest onset of each undirected pair before `when`, (pair,).

    Parameters
    ----------
    onsets, first, second, when
        As for `memory`.

    Returns
    -------
    NDArray
        COW code; 0 where the pair had no onset.
    """
    held = _by_pair(onsets)
    at = _last_before(held, first, second, when)
    result = np.zeros(at.shape, dtype=np.int64)
    result[at >= 0] = onsets.initiator[held.order[at[at >= 0]]]
    return result


class _ByPair(NamedTuple):
    """Onsets sorted by undirected pair, then time: their order and their sortable names."""

    order: NDArray[np.intp]
    pair: Integers
    times: Floats
    name: Integers


def _by_pair(onsets: Onsets) -> _ByPair:
    pair = _pair(onsets.initiator, onsets.target)
    order = np.lexsort((np.arange(len(pair)), pair))
    times = np.unique(onsets.time)
    rank = np.searchsorted(times, onsets.time)
    return _ByPair(order, pair[order], times, (pair * (len(times) + 1) + rank)[order])


def _last_before(
    held: _ByPair, first: ArrayLike, second: ArrayLike, when: ArrayLike
) -> NDArray[np.intp]:
    """Return the place among the sorted onsets of each pair's newest one; -1 where none."""
    pair = _pair(np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64))
    if not len(held.pair):
        return np.full(pair.shape, -1)
    rank = np.searchsorted(held.times, np.asarray(when, dtype=np.float64), side="left")
    at = np.searchsorted(held.name, pair * (len(held.times) + 1) + rank, side="left") - 1
    return np.where((at >= 0) & (held.pair[at] == pair), at, -1)


def _running_memory(held: _ByPair, time: Floats, tau: float) -> Floats:
    """Return each pair's memory just after each of its onsets, sorted as `held`."""
    since = time[held.order]
    remembered = np.ones(len(since))
    for k in range(1, len(since)):
        if held.pair[k] == held.pair[k - 1]:
            remembered[k] += remembered[k - 1] * np.exp(-(since[k] - since[k - 1]) / tau)
    return remembered


def _pair(first: Integers, second: Integers) -> Integers:
    return np.minimum(first, second) * 1000 + np.maximum(first, second)


def _originators(
    participants: Table, row_of: dict[int, int]
) -> dict[int, tuple[dict[int, float], dict[int, float]]]:
    """Return, by dispute, when each originator first joined side B and side A."""
    sides: dict[int, tuple[dict[int, float], dict[int, float]]] = {}
    starts = _decimal_years(participants)
    for at in np.flatnonzero(participants["orig"] == 1):
        number, state = int(participants["dispnum"][at]), int(participants["ccode"][at])
        if number not in row_of:
            raise ForecastError(
                f"{participants.path}: column dispnum, row {participants.rows[at]}: dispute "
                f"{number} is not in the list of disputes; add it there or drop the row"
            )
        side = sides.setdefault(number, ({}, {}))[int(participants["sidea"][at])]
        side[state] = min(side.get(state, np.inf), float(starts[at]))
    return sides


def _decimal_years(table: Table) -> Floats:
    """Return the start of each spell as a decimal year."""
    parts = zip(table["styear"], table["stmon"], table["stday"], strict=True)
    return np.array([start_time(int(year), int(month), int(day)) for year, month, day in parts])


def _coded(values: NDArray[np.float64], *, unknown: int) -> Integers:
    return np.where(np.isnan(values) | (values < 0), unknown, values).astype(np.int64)
