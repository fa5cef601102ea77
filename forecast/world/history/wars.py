"""Interstate wars under way on 1 January of a year, as far as known then."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.world.disputes import start_time
from forecast.world.history.system import Codes, Floats
from forecast.world.readers.table import Table

STARTED_IT = 1
"""Value of `Initiator` for a state that started the war."""

LEAST_DEATHS = 1000.0
"""A war has at least so many battle deaths, by definition of the list."""

DEATHS_PER_YEAR_UNKNOWN = (1000.0, 10_000.0)
"""Assumption: battle deaths per year of fighting while few wars of the list have ended."""

LEAST_WARS = 5
"""Quartiles rest on at least so many wars."""

SHORTEST_WAR_YEARS = 1 / 12
"""Rates of shorter wars are taken over a month (assumption)."""

DEATHS_RULE = (
    "deaths so far are not known at the origin: quartiles of battle deaths per year of fighting "
    "over the wars that ended before it (1,000 and 10,000 while fewer than 5 have), times the "
    "years fought, at least 1,000 (assumption); "
    "aims are the initiator's in the dispute that became the war, none where no dispute matches"
)

AIMS = {1: "territory", 2: "policy", 3: "regime"}
"""Revision types of the dispute data that a war's aims are read from."""

DISPUTE_BEFORE_WAR_YEARS = 1.0
DISPUTE_AFTER_WAR_YEARS = 1 / 12
"""The dispute that became the war began at most so long before it, or so shortly after its
recorded start (assumption)."""


class Fighter(NamedTuple):
    """One participant of a war: its row, state, side, and first day of fighting."""

    row: int
    code: int
    side: int
    start: float
    started_it: bool


def ongoing_wars(wars: Table, participants: Table, codes: Codes, cinc: Floats, year: int) -> Table:
    """Return the wars under way on 1 January of `year`, in the columns of the 2026 table.

    Parameters
    ----------
    wars
        Participants of interstate wars (COW).
    participants
        Participants of militarized disputes, for the initiator's aims.
    codes, cinc
        COW codes of the states alive, sorted, and their capability.
    year
        Forecast origin.
    """
    begun = wars.where(wars["StartYear1"] < year)
    rate = _deaths_per_year(begun, year)
    strength = dict(zip(codes.tolist(), cinc.tolist(), strict=True))
    records = []
    for number in np.unique(begun["WarNum"]):
        rows = np.flatnonzero(begun["WarNum"] == number)
        fighting = [f for f in _fighters(begun, rows, year) if f.code in strength]
        if len({f.side for f in fighting}) == 2:
            first, second = _sides(begun, rows, fighting, strength)
            start = min(_starts(begun)[rows])
            aim = _aims(participants, first[0], second[0], start, year)
            records.append(_record(begun, rows, (first, second), rate, year) | {"aim": aim})
    return _table(begun.path, records)


def _fights(wars: Table, spell: int, year: int) -> NDArray[np.bool_]:
    """Return whether each participant fights on 1 January in its given spell."""
    start, end = (wars[f"{which}Year{spell}"].astype(float) for which in ("Start", "End"))
    return np.asarray((start > 0) & (start < year) & ~((end > 0) & (end < year)))


def _fighters(wars: Table, rows: NDArray[np.intp], year: int) -> list[Fighter]:
    fights = _fights(wars, 1, year) | _fights(wars, 2, year)
    start = _starts(wars)
    return [
        Fighter(
            int(r),
            int(wars["ccode"][r]),
            int(wars["Side"][r]),
            float(start[r]),
            wars["Initiator"][r] == STARTED_IT,
        )
        for r in rows
        if fights[r]
    ]


def _starts(wars: Table) -> Floats:
    return _times(wars, "Start", 1)


def _times(wars: Table, which: str, spell: int) -> Floats:
    """Return dates as decimal years; NaN where the year is not applicable, unknown or blank."""
    columns = (wars[f"{which}{part}{spell}"].astype(float) for part in ("Year", "Month", "Day"))
    return np.array(
        [
            start_time(int(y), int(np.nan_to_num(m, nan=-9)), int(np.nan_to_num(d, nan=-9)))
            if y > 0
            else np.nan
            for y, m, d in zip(*columns, strict=True)
        ]
    )


def _sides(
    wars: Table, rows: NDArray[np.intp], fighting: list[Fighter], strength: dict[int, float]
) -> tuple[list[int], list[int]]:
    """Return the initiator's and the target's side, each with its principal in front.

    The principal is the first of those still fighting to have entered, the strongest among
    equals; the initiator's side is that of a participant marked as having started the war.
    """
    marked = [int(wars["Side"][r]) for r in rows if wars["Initiator"][r] == STARTED_IT]
    initiating = marked[0] if marked else min(f.side for f in fighting)

    def ordered(fighters: Iterable[Fighter]) -> list[int]:
        ranked = sorted(fighters, key=lambda f: (f.start, -strength[f.code], f.code))
        return list(dict.fromkeys(f.code for f in ranked))

    first = ordered(f for f in fighting if f.side == initiating)
    return first, ordered(f for f in fighting if f.side != initiating and f.code not in first)


def _record(
    wars: Table,
    rows: NDArray[np.intp],
    sides: tuple[list[int], list[int]],
    rate: tuple[float, float],
    year: int,
) -> dict[str, Any]:
    start = rows[int(np.argmin(_starts(wars)[rows]))]
    fought = year - float(_starts(wars)[start])
    deaths = [max(LEAST_DEATHS, r * fought) for r in rate]
    date = [int(wars[f"Start{part}1"][start]) for part in ("Year", "Month", "Day")]
    return {
        "war_id": f"COW_{int(wars['WarNum'][start])}",
        "name": str(wars["WarName"][start]),
        "start": _iso_date(*date),
        "side_a": str(sides[0][0]),
        "side_b": str(sides[1][0]),
        "initiator": str(sides[0][0]),
        "battle_deaths_low": deaths[0],
        "battle_deaths_high": deaths[1],
        "side_a_cow": sides[0][0],
        "side_b_cow": sides[1][0],
        "side_a_joiners_cow": ";".join(map(str, sides[0][1:])),
        "side_b_joiners_cow": ";".join(map(str, sides[1][1:])),
    }


def _iso_date(year: int, month: int, day: int) -> str:
    if month < 1:
        return f"{year:04d}"
    return f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day > 0 else "")


def _deaths_per_year(begun: Table, year: int) -> tuple[float, float]:
    """Return the quartiles of battle deaths per year of fighting over the wars that ended."""
    rates = []
    over = ~(_fights(begun, 1, year) | _fights(begun, 2, year))
    ends = np.fmax(_times(begun, "End", 1), _times(begun, "End", 2))
    for number in np.unique(begun["WarNum"]):
        rows = begun["WarNum"] == number
        deaths = begun["BatDeath"][rows].astype(float)
        # A participant that fights again later is counted with deaths not yet known.
        counted = deaths[(deaths >= 0) & (ends[rows] < year)]
        if over[rows].all() and counted.size:
            ended = ends[rows & (ends < year)].max()
            length = max(SHORTEST_WAR_YEARS, ended - _starts(begun)[rows].min())
            rates.append(counted.sum() / length)
    if len(rates) < LEAST_WARS:
        return DEATHS_PER_YEAR_UNKNOWN
    low, high = np.quantile(rates, [0.25, 0.75])
    return float(low), float(high)


def _aims(participants: Table, initiator: int, target: int, start: float, year: int) -> str:
    """Return the initiator's aims in the newest dispute of the two principals at the war's start.

    Joined by semicolons; "none" where no dispute of theirs began about then.
    """
    one = participants["ccode"] == initiator
    other = (participants["ccode"] == target) & (participants["styear"] < year)
    near = (
        one
        & (participants["styear"] < year)
        & np.isin(participants["dispnum"], participants["dispnum"][other])
    )
    best, aims = -np.inf, "none"
    for row in np.flatnonzero(near):
        began = start_time(*(int(participants[c][row]) for c in ("styear", "stmon", "stday")))
        opponents = other & (participants["dispnum"] == participants["dispnum"][row])
        opposed = (participants["sidea"][opponents] != participants["sidea"][row]).any()
        early = start - DISPUTE_BEFORE_WAR_YEARS <= began <= start + DISPUTE_AFTER_WAR_YEARS
        if opposed and early and began > best:
            types = {int(np.nan_to_num(participants[c][row])) for c in ("revtype1", "revtype2")}
            best = began
            aims = ";".join(AIMS[t] for t in sorted(types) if t in AIMS) or "none"
    return aims


TEXTS = ("war_id", "name", "start", "aim", "side_a", "side_b", "initiator")
NUMBERS = ("battle_deaths_low", "battle_deaths_high")
CODES = ("side_a_cow", "side_b_cow")
JOINERS = ("side_a_joiners_cow", "side_b_joiners_cow")


def _table(path: Path, records: list[dict[str, Any]]) -> Table:
    kinds: dict[str, Any] = {
        **dict.fromkeys((*TEXTS, *JOINERS), object),
        **dict.fromkeys(NUMBERS, float),
        **dict.fromkeys(CODES, np.int64),
    }
    columns = {n: np.array([r[n] for r in records], dtype=kind) for n, kind in kinds.items()}
    return Table(path, columns, np.arange(1, len(records) + 1, dtype=np.int64))
