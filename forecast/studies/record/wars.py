"""Interstate wars of the record: who fought, how many died in which year, which allies came."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.studies.record.files import Files
from forecast.world.disputes import start_time
from forecast.world.readers.table import Table

STARTED_IT = 1
"""Value of `Initiator` for a state that started the war."""

ONE_DAY = 1 / 365.25

AT_THE_OUTBREAK = 1.5 * ONE_DAY
"""States that enter within a day of the first are the war's original parties."""


class Party(NamedTuple):
    """One state on one side of a war; times in decimal years, `end` NaN where unknown."""

    code: int
    side: int
    start: float
    end: float
    deaths: float
    started_it: bool


class War(NamedTuple):
    """One interstate war."""

    number: int
    name: str
    parties: tuple[Party, ...]

    @property
    def start(self) -> float:
        """First day of fighting, decimal year."""
        return min(party.start for party in self.parties)

    @property
    def end(self) -> float:
        """End of the last day of fighting, decimal year; NaN where a party's end is unknown."""
        ends = [party.end for party in self.parties]
        return math.nan if any(map(math.isnan, ends)) else max(ends) + ONE_DAY

    @property
    def deaths(self) -> float:
        """Battle deaths of all parties; those of a party unknown to the list count as none."""
        return sum(party.deaths for party in self.parties if party.deaths > 0)

    @property
    def states(self) -> frozenset[int]:
        """COW codes of the parties; a state that changed sides is one."""
        return frozenset(party.code for party in self.parties)

    def originals(self) -> list[Party]:
        """Return the parties that fought from the outbreak."""
        return [party for party in self.parties if party.start <= self.start + AT_THE_OUTBREAK]

    def opposes(self, codes: frozenset[int]) -> bool:
        """Return whether some of the states of `codes` fought on opposite sides."""
        return len({party.side for party in self.parties if party.code in codes}) > 1


class Decision(NamedTuple):
    """Whether an ally that owes a target defence came to its side of a war.

    Parameters
    ----------
    war, target, ally
        Number of the war; COW codes.
    joined
        Whether the ally fought on the target's side.
    torn
        Whether defence pledges also tie the ally to a state that started the war.
    """

    war: int
    target: int
    ally: int
    joined: bool
    torn: bool


def wars_of(table: Table) -> tuple[War, ...]:
    """Return the wars of a list of participants, in order of their numbers."""
    parties: dict[int, list[Party]] = {}
    names: dict[int, str] = {}
    for row in table.records():
        number = int(row["WarNum"])
        names.setdefault(number, str(row["WarName"]))
        start = start_time(*(_part(row[f"Start{part}1"]) for part in ("Year", "Month", "Day")))
        parties.setdefault(number, []).append(
            Party(
                int(row["ccode"]),
                int(row["Side"]),
                start,
                _end(row),
                float(row["BatDeath"]),
                int(row["Initiator"]) == STARTED_IT,
            )
        )
    return tuple(War(n, names[n], tuple(parties[n])) for n in sorted(parties))


def _part(value: float) -> int:
    return -1 if np.isnan(float(value)) else int(value)


def _end(row: dict[str, float]) -> float:
    ends = []
    for spell in (1, 2):
        year, month, day = (_part(row[f"End{part}{spell}"]) for part in ("Year", "Month", "Day"))
        if year > 0:
            ends.append(start_time(year, month, day))
        elif spell == 1 or row["StartYear2"] > 0:
            return math.nan
    return max(ends)


def deaths_by_year(war: War, first: int, years: int) -> NDArray[np.int64]:
    """Return the battle deaths of a war in each calendar year, spread evenly over it, (year,).

    Parameters
    ----------
    war
        A war whose end is known.
    first, years
        First calendar year and number of years; deaths before and after are left out.
    """
    borders = first + np.arange(years + 1)
    elapsed = np.clip((borders - war.start) / (war.end - war.start), 0.0, 1.0)
    return np.asarray(np.diff(np.floor(war.deaths * elapsed)), dtype=np.int64)


def great_powers_opposed(war: War, majors: Table) -> bool:
    """Return whether states that were major powers when they entered fought each other.

    A spell of major-power status that reaches the newest date of its list is still running.
    """
    sides = {party.side for party in war.parties if is_major(majors, party.code, party.start)}
    return len(sides) > 1


def is_major(majors: Table, code: int, when: float) -> bool:
    """Return whether a state was a major power at a time, in years."""
    newest = np.max(majors["endyear"])
    for row in np.flatnonzero(majors["ccode"] == code):
        start, end = (
            start_time(*(_part(majors[f"{side}{part}"][row]) for part in ("year", "month", "day")))
            if not np.isnan(float(majors[f"{side}year"][row]))
            else math.inf
            for side in ("st", "end")
        )
        if start <= when and (when <= end or majors["endyear"][row] == newest):
            return True
    return False


def decisions(war: War, files: Files) -> list[Decision]:
    """Return what the target's obliged allies did in a war.

    A target fought from the outbreak on a side none of which started the war. Obliged are the
    states of the system, other than the original parties, that owed it defence in the year before.
    """
    year = math.floor(war.start)
    pledged = files.pledges.where(files.pledges["year"] == year - 1)
    owes = set(zip(pledged["ccode1"].tolist(), pledged["ccode2"].tolist(), strict=True))
    originals = war.originals()
    starters = {party.side for party in war.parties if party.started_it}
    attackers = [party.code for party in originals if party.side in starters]
    fighting = {party.code for party in originals}
    found = []
    for target in (party for party in originals if party.side not in starters):
        joined = {p.code for p in war.parties if p.side == target.side}
        for ally in sorted(k for k, j in owes if j == target.code and k not in fighting):
            if _alive(files.membership, ally, year):
                torn = any({(ally, i), (i, ally)} & owes for i in attackers)
                found.append(Decision(war.number, target.code, ally, ally in joined, torn))
    return found


def _alive(membership: Table, code: int, year: int) -> bool:
    spell = (membership["ccode"] == code) & (membership["styear"] <= year)
    newest = np.nanmax(membership["endyear"])
    end = membership["endyear"]
    return bool((spell & (np.isnan(end) | (end >= year) | (end == newest))).any())
