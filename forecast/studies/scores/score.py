"""Score a store against the record: what `forecast study score` does."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import xarray as xr

from forecast.analysis.stores import check_not_record
from forecast.outcomes.store import open_outcomes
from forecast.studies.evidence.engine import past_world
from forecast.studies.scores.past import Past, read_past
from forecast.studies.scores.table import Score, score_table
from forecast.studies.scores.targets import cases_of

HORIZONS = (1, 5, 10)
"""Years from the origin on that are scored, beside all there are."""


def score_store(store: str | PathLike[str], observed: Path) -> tuple[list[Score], list[str]]:
    """Return the scores of a run and of the baselines, and what a reader must know of them.

    Parameters
    ----------
    store
        Outcome store of a run.
    observed
        Folder of the source files.

    Raises
    ------
    ForecastError
        If the store is a record itself, no year of it is in the folder's record, or a file is
        missing or faulty.
    """
    tree = open_outcomes(store)
    check_not_record(tree)
    first, last = span_of(tree)
    past = read_past(observed, first, last)
    world = past_world(past.sources, first)
    table = score_table(cases_of(tree, past, world, horizons_of(first, past.last)))
    return table, notes_on(past, last)


def span_of(tree: xr.DataTree) -> tuple[int, int]:
    """Return the first and last calendar year of a store."""
    years = tree["annual"].to_dataset()["year"].values
    return int(years[0]), int(years[-1])


def horizons_of(first: int, last: int) -> tuple[int, ...]:
    """Return the horizons that lie within the years `first` to `last`, and all of them."""
    every = last - first + 1
    return (*(years for years in HORIZONS if years < every), every)


def notes_on(past: Past, last: int) -> list[str]:
    """Return what of a forecast could not be scored."""
    if last <= past.last:
        return []
    return [f"The record ends in {past.last}; {past.last + 1}-{last} are not scored."]
