"""The files the record is told from, cut to the years asked for, and how far each reaches."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from forecast.errors import ForecastError
from forecast.world import readers
from forecast.world.build import FIRST_ORIGIN
from forecast.world.readers.checks import year_column
from forecast.world.readers.table import Column, Table, read_csv_table

WAR = 5
"""Hostility level of a dispute that became a war."""


class Files(NamedTuple):
    """Source tables, without what began after the last year.

    Parameters
    ----------
    disputes, participants
        Militarized disputes and who took part in them.
    wars
        Who fought the interstate wars.
    vetoes
        Vetoed drafts of the Security Council.
    pledges
        Directed dyad-years in which ccode1 owes ccode2 defence.
    membership, majors
        Spells of membership in the state system and of major-power status.
    memberships
        Spells of membership in security institutions, of all years.
    """

    disputes: Table
    participants: Table
    wars: Table
    vetoes: Table
    pledges: Table
    membership: Table
    majors: Table
    memberships: Table


def read_files(data: Path, first: int, last: int) -> Files:
    """Read and check the files of the record from `first` to `last`.

    Raises
    ------
    ForecastError
        If the years are out of order or out of reach, or a file is missing or faulty.
    """
    _check_years(first, last)
    whole = _read_whole(data)
    _check_reach(whole, last)
    return Files(
        whole.disputes.where(whole.disputes["styear"] <= last),
        whole.participants.where(whole.participants["styear"] <= last),
        whole.wars.where(whole.wars["StartYear1"] <= last),
        whole.vetoes.where(whole.vetoes["year"] <= last),
        whole.pledges.where(whole.pledges["year"] < last),
        whole.membership.where(whole.membership["styear"] <= last),
        whole.majors.where(whole.majors["styear"] <= last),
        whole.memberships,
    )


def last_year_told(data: Path) -> int:
    """Return the last year that every file of a folder can tell of.

    Raises
    ------
    ForecastError
        If a file is missing or faulty.
    """
    return min(reaches(_read_whole(data)).values())


def _read_whole(data: Path) -> Files:
    if not data.is_dir():
        raise ForecastError(f"{data}: no such folder; name the folder of the source files")
    return Files(
        readers.read_disputes(data),
        readers.read_dispute_participants(data),
        readers.read_interstate_wars(data),
        read_vetoes(data),
        readers.read_defence_obligations(data),
        readers.read_system_membership(data),
        readers.read_major_powers(data),
        readers.read_membership_spells(data),
    )


def read_vetoes(data: Path) -> Table:
    """Return the vetoed drafts of the UN Security Council, one record per draft.

    Raises
    ------
    ForecastError
        If the file does not fit its schema or repeats a draft.
    """
    columns = (year_column("year", low=1946), Column("date"), Column("draft"))
    return read_csv_table(data / "unsc_vetoes.csv", columns)


def reaches(files: Files) -> dict[Path, int]:
    """Return the last year that each file of events or pledges can tell of.

    A file reaches the year of its newest row. A year without a war leaves no row: the list of
    wars also reaches as far as the disputes, up to the first later dispute that became a war.
    """
    wars, disputes = files.wars, files.disputes
    told = int(disputes["styear"].max())
    newest = int(
        np.nanmax([wars[c].max() for c in ("StartYear1", "EndYear1", "StartYear2", "EndYear2")])
    )
    missed = disputes["styear"][(disputes["hostlev"] == WAR) & (disputes["styear"] > newest)]
    vouched = int(missed.min()) - 1 if missed.size else told
    return {
        disputes.path: told,
        files.participants.path: int(files.participants["styear"].max()),
        wars.path: max(newest, vouched),
        files.vetoes.path: int(files.vetoes["year"].max()),
        files.pledges.path: int(files.pledges["year"].max()) + 1,
    }


def _check_years(first: int, last: int) -> None:
    if first > last:
        raise ForecastError(
            f"the record from {first} to {last} is empty; --to must not lie before --from"
        )
    if first < FIRST_ORIGIN:
        raise ForecastError(
            f"the record cannot start in {first}: the lists of states and disputes begin in 1816, "
            f"and no world is known before; choose --from {FIRST_ORIGIN} or later"
        )


def _check_reach(files: Files, last: int) -> None:
    found = reaches(files)
    known = min(found.values())
    if last > known:
        told = ", ".join(f"{path.name} to {year}" for path, year in found.items())
        raise ForecastError(
            f"the record cannot be told to {last}: the files in {files.disputes.path.parent} "
            f"reach {told}; choose --to {known} or earlier, or add newer files"
        )
