"""Dyad-years for estimation: what was known on each 1 January, and the onsets that followed.

Every covariate comes from the functions that build worlds, so that an equation fitted here means
the same in a run that starts from a world.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.world.disputes import Onsets, memory, with_successors
from forecast.world.history import covariates as known
from forecast.world.history.sources import Sources
from forecast.world.history.system import Codes, alive, entry_years

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LOG_RATIO_CLIP = 6.0
"""Bound on the log capability ratio, `onset.log_ratio_clip`."""

NEW_DYAD_YEARS = 10.0
"""Time constant of the new-dyad term, `onset.new_dyad_years`."""

TAU_SHORT, TAU_LONG = 2.0, 15.0
"""Time constants of the memory, `onset.tau_short` and `onset.tau_long`, years."""

MEMORY_DELAY = 0.5
"""`onset.memory_delay`: years before a dispute makes the next one more likely."""


class DyadYears(NamedTuple):
    """Politically relevant undirected dyad-years, in order of years.

    Parameters
    ----------
    year
        Calendar year, (row,).
    first, second
        COW codes, first < second, (row,).
    terms
        Terms of the base rate by the name of their `onset` parameter, each (row,).
    memory_short, memory_long
        Remembered disputes on 1 January, (row,).
    onset
        1 where a dispute between the two as originators starts in the year, (row,).
    age
        Years since both states exist, (row,).
    """

    year: Integers
    first: Integers
    second: Integers
    terms: dict[str, Floats]
    memory_short: Floats
    memory_long: Floats
    onset: Floats
    age: Floats

    @property
    def pair(self) -> Integers:
        """One number per undirected pair, (row,)."""
        return self.first * 1000 + self.second

    def where(self, chosen: NDArray[np.bool_]) -> DyadYears:
        """Return the chosen rows."""
        return DyadYears._make(
            {name: values[chosen] for name, values in column.items()}
            if isinstance(column, Mapping)
            else column[chosen]
            for column in self
        )


def dyad_years(
    sources: Sources, onsets: Onsets, first: int, last: int, *, entering: bool = False
) -> DyadYears:
    """Return the politically relevant dyad-years of a period.

    Parameters
    ----------
    sources
        Source tables.
    onsets
        Dyadic dispute onsets.
    first, last
        Calendar years, both included; covariates of a year are dated before it.
    entering
        Whether pairs with a state that enters the system in the year are in too, with what is
        known at its end. No forecast from 1 January can have them; tables that count every
        dyad-year do.
    """
    remembered = with_successors(onsets)
    blocks = []
    for year in range(first, last + 1):
        rows = _one_year(sources, onsets, remembered, year, year)
        blocks.append(rows)
        if entering:
            later = _one_year(sources, onsets, remembered, year, year + 1)
            blocks.append(later.where(_enters(sources, later, year)))
    merged = [
        {name: np.concatenate([c[name] for c in column]) for name in column[0]}
        if isinstance(column[0], Mapping)
        else np.concatenate(column)
        for column in zip(*blocks, strict=True)
    ]
    return DyadYears._make(merged)


def _enters(sources: Sources, rows: DyadYears, year: int) -> NDArray[np.bool_]:
    """Return which rows have a state that is not yet in the system on 1 January, (row,)."""
    there = alive(sources.membership, year)
    return np.asarray(~(np.isin(rows.first, there) & np.isin(rows.second, there)))


def _one_year(
    sources: Sources, onsets: Onsets, remembered: Onsets, year: int, known_by: int
) -> DyadYears:
    """Return the dyad-years of one year, as known on 1 January of `known_by`."""
    codes = alive(sources.membership, known_by)
    contiguity = known.contiguity_types(sources.contiguity, codes, known_by)
    major = known.major_powers(sources.majors, codes, known_by)
    relevant = (contiguity > 0) | major[:, None] | major[None, :]
    i, j = np.nonzero(np.triu(relevant, 1))
    first, second = codes[i], codes[j]
    entry = entry_years(sources.membership, codes, known_by)
    age = np.maximum(year - np.maximum(entry[i], entry[j]), 0.0)
    return DyadYears(
        np.full(len(i), year),
        first,
        second,
        base_terms(sources, codes, known_by, i, j, contiguity, age),
        memory(remembered, first, second, float(year), TAU_SHORT),
        memory(remembered, first, second, float(year), TAU_LONG),
        _started(onsets, first, second, year),
        age,
    )


def base_terms(
    sources: Sources,
    codes: Codes,
    year: int,
    i: NDArray[np.intp],
    j: NDArray[np.intp],
    contiguity: NDArray[np.int8],
    age: Floats,
) -> dict[str, Floats]:
    """Return the terms of the log base rate of undirected pairs, by the names of `onset`.

    Parameters
    ----------
    sources
        Source tables.
    codes
        COW codes of the states alive, sorted, (state,).
    year
        Calendar year; everything is dated before it.
    i, j
        Positions of the two states of each pair, (row,).
    contiguity
        Contiguity types, (state, state).
    age
        Years since both states exist, (row,).
    """
    log_cinc = np.log(known.cinc_share(sources.capabilities, codes, year)[0])
    great = known.major_powers(sources.majors, codes, year).astype(int)
    free = known.democratic(sources.regimes, codes, year)
    armed = known.nuclear_level(sources.nuclear, codes, year) == known.ARMED
    owed = known.owed_defence(sources.alliances, codes, year)
    rival = known.rivals(sources.rivalries, codes, year)
    distance = known.capital_distance_km(sources.capitals, codes, year)[i, j]
    size = log_cinc[i] + log_cinc[j]
    size = size - np.median(size)
    land = contiguity[i, j] == 1
    majors, both = great[i] + great[j], armed[i].astype(int) + armed[j]
    terms = {
        "const": np.ones(len(i)),
        "land": land,
        "sea": contiguity[i, j] > 1,
        "log_distance": np.log1p(distance),
        "abs_log_ratio": np.minimum(np.abs(log_cinc[i] - log_cinc[j]), LOG_RATIO_CLIP),
        "one_major": majors == 1,
        "two_majors": majors == 2,
        "joint_democracy": free[i] & free[j],
        "defence_pact": owed[i, j] | owed[j, i],
        "rivalry": rival[i, j],
        "nuclear_one": both == 1,
        "nuclear_both": both == 2,
        "size": size,
        "size_land": size * land,
        "new_dyad": np.exp(-age / NEW_DYAD_YEARS),
    }
    return {name: np.asarray(values, float) for name, values in terms.items()}


def _started(onsets: Onsets, first: Integers, second: Integers, year: int) -> Floats:
    """Return 1 for the pairs with an onset in the year, (row,)."""
    now = np.floor(onsets.time) == year
    low = np.minimum(onsets.initiator, onsets.target)[now]
    high = np.maximum(onsets.initiator, onsets.target)[now]
    return np.isin(first * 1000 + second, low * 1000 + high).astype(float)
