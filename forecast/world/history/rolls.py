"""Who belonged to which security institution on 1 January of a year."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.world.history.system import Codes
from forecast.world.readers.table import Table

SIGNED_BEFORE = {("LEAGUE", "1920"): 1919, ("LEAGUE_COUNCIL", "1920"): 1919}
"""Memberships known before the year their list gives, by institution and date: the Annex to the
Covenant, signed on 28 June 1919 with the Treaty of Versailles, names the original Members of the
League, and Article 4 the first permanent members of its Council."""

NOTICE = re.compile(r"\bnotice (?:or event )?(\d{4})")
"""A dated notice of withdrawal in a note: members stop acting as such then, though the treaty
binds them for two more years."""

BORNE_BY = {255: 260, 679: 678}
"""Lists that carry a divided state's seat under its present code: who bore it while divided."""

RULE = (
    "memberships dated before 1 January of the origin and not ended by then; a year alone counts "
    "from the next 1 January; a member that gave dated notice counts until its notice; the "
    "original Members of the League, named in the Annex to the Covenant of 28 June 1919, count "
    "from then; elected members of the UN Security Council are listed for 2026 alone; members "
    "that were no states of the COW system are left out"
)


class Rolls(NamedTuple):
    """Institutions at an origin.

    Parameters
    ----------
    members
        Memberships that run, one record per institution and state alive.
    founded
        All memberships that had begun: their institutions exist, if only without members.
    rule
        How memberships were read.
    """

    members: Table
    founded: Table
    rule: str


def rolls(spells: Table, codes: Codes, year: int) -> Rolls:
    """Return the institutions founded before 1 January of `year`, and their members then.

    Raises
    ------
    ForecastError
        If a date is none, or two running spells of one institution name the same state.
    """
    founded = began_before(spells, year)
    left = _left(founded)
    running = founded.where(np.isnan(left) | (left >= year))
    bearers = np.array([_bearer(int(c), codes) for c in running["cow_code"]], np.int64)
    columns = {**running.columns, "cow_code": bearers}
    members = Table(running.path, columns, running.rows).where(np.isin(bearers, codes))
    return Rolls(members.require_unique("institution_id", "cow_code"), founded, RULE)


def began_before(spells: Table, year: int) -> Table:
    """Return the memberships known to have begun before 1 January of `year`.

    Raises
    ------
    ForecastError
        If a date is none.
    """
    return spells.where(_joined(spells) < year)


def _bearer(code: int, codes: Codes) -> int:
    heir = BORNE_BY.get(code, code)
    return heir if code not in codes and heir in codes else code


def _joined(spells: Table) -> NDArray[np.float64]:
    """Return the year each membership became known; infinity for states that never joined."""
    years = _years(spells, "member_from")
    for row, key in enumerate(zip(spells["institution_id"], spells["member_from"], strict=True)):
        years[row] = SIGNED_BEFORE.get(key, years[row])
    never = (spells["role"] == "not_member") | np.isnan(years)
    return np.where(never, np.inf, years)


def _left(spells: Table) -> NDArray[np.float64]:
    """Return the year each membership ended, by notice or by law; NaN if it has not."""
    years = _years(spells, "member_to")
    for row, note in enumerate(spells["note"]):
        if notice := NOTICE.search(note):
            years[row] = float(notice[1])
    return years


def _years(spells: Table, column: str) -> NDArray[np.float64]:
    texts = spells[column]
    for row, text in zip(spells.rows, texts, strict=True):
        if text and not re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
            raise ForecastError(
                f"{spells.path}: column {column}, row {row}: '{text}' is no date; write "
                "YYYY-MM-DD, YYYY-MM or YYYY"
            )
    return np.array([float(text[:4]) if text else np.nan for text in texts])
