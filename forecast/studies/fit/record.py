"""The record as it stood at the end of a year: later rows gone, later outcomes blank."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forecast.world.history.sources import Sources
from forecast.world.readers.table import Table

DECIDED_AT_THE_END = (
    "outcome",
    "settle",
    "fatality",
    "fatalpre",
    "maxdur",
    "mindur",
    "hiact",
    "hostlev",
    "recip",
    "Outcome",
    "TransTo",
    "BatDeath",
)
"""Columns of disputes and wars that only their end tells (taken as unknown until then)."""


def as_known(sources: Sources, last: int) -> Sources:
    """Return the sources with events as the end of the year `last` knew them.

    Disputes, participations and wars that begin later are gone; those that end later, or whose
    end is unknown, have blank ends, outcomes, hostility and deaths. Covariates are dated where
    they are used, so they need no cut here.

    Parameters
    ----------
    sources
        Source tables.
    last
        Last year known.
    """
    disputes = sources.disputes.where(sources.disputes["styear"] <= last)
    still = _later(disputes["endyear"], last)
    open_ones = disputes["dispnum"][still]
    took_part = sources.participants
    took_part = took_part.where(
        (took_part["styear"] <= last) & np.isin(took_part["dispnum"], disputes["dispnum"])
    )
    wars = sources.wars.where(sources.wars["StartYear1"] <= last)
    return sources._replace(
        disputes=_blanked(disputes, still, ("endyear", "endmon", "endday")),
        participants=_blanked(took_part, np.isin(took_part["dispnum"], open_ones), ()),
        wars=_cut_wars(wars, last),
    )


def _cut_wars(wars: Table, last: int) -> Table:
    second = wars["StartYear2"] > last
    ends = np.where(wars["StartYear2"] > 0, wars["EndYear2"], wars["EndYear1"])
    open_wars = np.unique(wars["WarNum"][_later(ends, last) | second])
    going_on = np.isin(wars["WarNum"], open_wars)
    cut = _blanked(wars, going_on, ())
    for spell in ("1", "2"):
        late = _later(cut[f"EndYear{spell}"], last)
        cut = _blank(cut, late, [f"End{part}{spell}" for part in ("Year", "Month", "Day")])
    return cut


def _later(years: NDArray[np.float64], last: int) -> NDArray[np.bool_]:
    """Return where a year lies after `last`, is blank, or is not known to be over."""
    return np.asarray(np.isnan(years) | (years > last))


def _blanked(table: Table, rows: NDArray[np.bool_], more: Sequence[str]) -> Table:
    decided = [name for name in DECIDED_AT_THE_END if name in table.columns]
    return _blank(table, rows, [*decided, *more])


def _blank(table: Table, rows: NDArray[np.bool_], names: Sequence[str]) -> Table:
    columns = dict(table.columns)
    for name in names:
        columns[name] = np.where(rows, np.nan, columns[name].astype(np.float64))
    return Table(table.path, columns, table.rows)
