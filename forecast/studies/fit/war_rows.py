"""One row per interstate war: sides, sizes, length, outcome and deaths."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.world.disputes import start_time
from forecast.world.history import covariates as known
from forecast.world.history.sources import Sources
from forecast.world.history.system import alive
from forecast.world.readers.table import Table

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

WON, LOST = 1, 2
UNDECIDED = (3, 6)
"""Compromise and stalemate (COW)."""

DAY = 1 / 365.25


class WarRows(NamedTuple):
    """Interstate wars, (war,), in order of their number.

    Parameters
    ----------
    year
        Year of the outbreak.
    initiator_share, target_share
        Capability shares summed over the side of the initiator and over the other.
    parties
        States that took part.
    years
        From the first start to the last end, or to the end of the record.
    ended
        Whether the war is over by the end of the record.
    result
        1 the initiator's side won, -1 it lost, 0 neither; 9 unknown or neither side's.
    deaths
        Battle deaths; NaN where no state's are known.
    """

    year: NDArray[np.int64]
    initiator_share: Floats
    target_share: Floats
    parties: Floats
    years: Floats
    ended: Booleans
    result: NDArray[np.int64]
    deaths: Floats

    @property
    def log_ratio(self) -> Floats:
        """Ln of the initiator's side over the other, (war,)."""
        return np.asarray(np.log(self.initiator_share / self.target_share))

    def where(self, mask: Booleans) -> WarRows:
        """Return the chosen wars."""
        return self._replace(**{name: getattr(self, name)[mask] for name in self._fields})


def war_rows(sources: Sources, first: int, last: int) -> WarRows:
    """Return the wars that broke out in a period and whose sides have known capabilities.

    Parameters
    ----------
    sources
        Source tables as known at the end of `last`.
    first, last
        Calendar years, both included.
    """
    rows = []
    for number in np.unique(sources.wars["WarNum"]):
        war = sources.wars.where(sources.wars["WarNum"] == number)
        year = int(war["StartYear1"].min())
        if first <= year <= last:
            rows.append(_row(war, year, last, _side_shares(sources, war, year)))
    columns = np.array(rows).reshape(-1, len(WarRows._fields)).T
    begun, initiator, target, parties, years, ended, result, deaths = columns
    found = WarRows(
        begun.astype(np.int64),
        initiator,
        target,
        parties,
        years,
        ended.astype(bool),
        result.astype(np.int64),
        deaths,
    )
    return found.where((found.initiator_share > 0) & (found.target_share > 0))


def _row(war: Table, year: int, last: int, sides: tuple[float, float]) -> list[float]:
    start, end, ended = _span(war, last)
    deaths = war["BatDeath"][war["BatDeath"] >= 0]
    return [
        year,
        *sides,
        len(np.unique(war["ccode"])),
        max(end - start, DAY),
        ended,
        _result(war),
        float(deaths.sum()) if len(deaths) and ended else np.nan,
    ]


def _initiators(war: Table) -> Booleans:
    """Return which rows are on the side that started the war; side 1 where none is named."""
    side = war["Side"][war["Initiator"] == 1]
    return np.asarray(war["Side"] == (int(side[0]) if len(side) else 1))


def _side_shares(sources: Sources, war: Table, year: int) -> tuple[float, float]:
    codes = np.unique(war["ccode"]).astype(np.int64)
    system = known.newest(sources.capabilities, "cinc", alive(sources.membership, year), year, 0.0)
    cinc = known.newest(sources.capabilities, "cinc", codes, year, 0.0).values
    share = dict(zip(codes.tolist(), np.nan_to_num(cinc / np.nansum(system.values)), strict=True))
    with_it = _initiators(war)
    first = sum(share[code] for code in set(war["ccode"][with_it].tolist()))
    return first, sum(share[code] for code in set(war["ccode"][~with_it].tolist()))


def _span(war: Table, last: int) -> tuple[float, float, bool]:
    start = min(_times(war, "Start", "1"))
    ends = [*_times(war, "End", "1"), *_times(war, "End", "2")]
    going_on = bool(np.isnan(war["BatDeath"]).any() and np.isnan(war["EndYear1"]).any())
    if going_on or not ends:
        return start, last + 1.0, False
    return start, max(ends), True


def _times(war: Table, which: str, spell: str) -> list[float]:
    """Return the known dates of a spell as decimal years."""
    parts = (war[f"{which}{part}{spell}"] for part in ("Year", "Month", "Day"))
    return [
        start_time(int(year), _known(month), _known(day))
        for year, month, day in zip(*parts, strict=True)
        if year > 0
    ]


def _known(part: float) -> int:
    return int(part) if part > 0 else 0


def _result(war: Table) -> int:
    """Return what the war brought the side that started it, by its first decided row."""
    outcomes = set(war["Outcome"][_initiators(war)].tolist())
    other = set(war["Outcome"][~_initiators(war)].tolist())
    if WON in outcomes or LOST in other:
        return 1
    if LOST in outcomes or WON in other:
        return -1
    return 0 if outcomes & set(UNDECIDED) else 9
