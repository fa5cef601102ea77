"""What was known before each origin, and what came after, read once for all origins."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.studies.observed import observed_record
from forecast.studies.panel import DyadYears, dyad_years
from forecast.studies.record.disputes import USE_OF_FORCE, as_in_world
from forecast.studies.record.files import last_year_told
from forecast.studies.scores.baselines import CLIMATOLOGY_YEARS, RECENT_YEARS, Events
from forecast.studies.scores.peace_years import TRAINING_YEARS
from forecast.world.build import FIRST_ORIGIN
from forecast.world.disputes import Onsets, dyadic_onsets
from forecast.world.history.sources import Sources, read_sources
from forecast.world.history.system import alive

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Past(NamedTuple):
    """The record around one or more origins.

    Parameters
    ----------
    sources
        Source tables.
    onsets
        Dyadic onsets of disputes.
    panel
        Politically relevant dyad-years, from fifty years before the first origin to the last year.
    annual
        The record's yearly totals, from thirty years before the first origin to the last year.
    last
        Last calendar year of the record that is used.
    """

    sources: Sources
    onsets: Onsets
    panel: DyadYears
    annual: xr.Dataset
    last: int

    @property
    def forceful(self) -> Onsets:
        """Onsets of disputes in which force was used."""
        return self.onsets.where(self.onsets.hostility >= USE_OF_FORCE)


def read_past(data: Path, first_origin: int, last: int) -> Past:
    """Return the record around origins from `first_origin` on, to the year `last`.

    Raises
    ------
    ForecastError
        If the folder's record ends before the first origin or begins too late for baselines, or
        a file is missing or faulty.
    """
    told = last_year_told(data)
    if told < first_origin:
        raise ForecastError(
            f"{data}: the record ends in {told}, before the first forecast year {first_origin}, so "
            "there is nothing to score; name a folder whose files reach further"
        )
    if first_origin < FIRST_ORIGIN + RECENT_YEARS:
        raise ForecastError(
            f"the first forecast year is {first_origin}, but baselines need {RECENT_YEARS} years "
            f"of record before it, which begins in {FIRST_ORIGIN}; score a run from "
            f"{FIRST_ORIGIN + RECENT_YEARS} or later"
        )
    end = min(last, told)
    sources = read_sources(data)
    onsets = dyadic_onsets(sources.disputes, sources.participants)
    begin = max(FIRST_ORIGIN, first_origin - TRAINING_YEARS)
    record = observed_record(max(FIRST_ORIGIN, first_origin - CLIMATOLOGY_YEARS), end, data)
    annual = record["annual"].to_dataset().isel(architecture=0, batch=0, drop=True)
    return Past(sources, onsets, dyad_years(sources, onsets, begin, end), annual, end)


def starts_of(onsets: Onsets, states: Integers | None = None) -> Integers:
    """Return 10,000 times the pair plus the year of every onset, sorted.

    Parameters
    ----------
    onsets
        Dyadic onsets.
    states
        COW codes of a world: a successor of one of its states counts as that state.
    """
    i, j = onsets.initiator, onsets.target
    if states is not None:
        i, j = as_in_world(i, states), as_in_world(j, states)
    pair = np.minimum(i, j) * 1000 + np.maximum(i, j)
    return np.sort(pair * 10_000 + np.floor(onsets.time).astype(np.int64))


def happened(starts: Integers, unit: Integers, first: int, years: int) -> Floats:
    """Return 1 where a unit has an event in a year, (unit, year), for years from `first` on.

    Parameters
    ----------
    starts
        10,000 times the unit plus the year of every event.
    unit
        Pairs of states, or states, (unit,).
    first, years
        First calendar year and number of years.
    """
    keys = unit[:, None] * 10_000 + first + np.arange(years)[None, :]
    return np.isin(keys, starts).astype(float)


def pair_events(past: Past, starts: Integers) -> Events:
    """Return the politically relevant dyad-years of the past with their events."""
    panel = past.panel
    event = np.isin(panel.pair * 10_000 + panel.year, starts).astype(float)
    return Events(panel.pair, panel.year, event)


def attacks_of(past: Past, states: Integers | None = None) -> Integers:
    """Return 10,000 times the target plus the year of every onset."""
    target = past.onsets.target if states is None else as_in_world(past.onsets.target, states)
    return np.asarray(target * 10_000 + np.floor(past.onsets.time).astype(np.int64))


def state_events(past: Past, origin: int) -> Events:
    """Return the state-years of the thirty years before an origin with who was attacked."""
    years = np.arange(max(FIRST_ORIGIN, origin - CLIMATOLOGY_YEARS), origin)
    there = [alive(past.sources.membership, int(year)) for year in years]
    unit = np.concatenate(there)
    year = np.repeat(years, [len(codes) for codes in there])
    return Events(unit, year, np.isin(unit * 10_000 + year, attacks_of(past)).astype(float))
