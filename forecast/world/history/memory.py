"""What pairs of states remember of their disputes on 1 January of a year."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.world.codes import MEMORY_QUALITIES
from forecast.world.disputes import (
    Onsets,
    dyadic_onsets,
    last_initiator,
    memory,
    with_successors,
)
from forecast.world.history.system import Codes
from forecast.world.memory import Memory
from forecast.world.readers.table import Table
from forecast.world.sources import cite

TAUS = {"memory_2y": 2.0, "memory_15y": 15.0}

RECENT_YEARS = 30
"""A dispute puts a pair into the universe for so many years (model.md 2.2)."""

SUCCESSION_RULE = (
    "the memory of the German Federal Republic is carried into Germany and that of the Yemen Arab "
    "Republic into Yemen; that of other states that are no more is dropped"
)


def recorded_onsets(disputes: Table, participants: Table) -> Onsets:
    """Return the onsets of the record, those of dead states under their successors too."""
    return with_successors(dyadic_onsets(disputes, participants))


def past_memory(onsets: Onsets, codes: Codes, year: int) -> Memory:
    """Return the memory of all pairs of states alive on 1 January of `year`.

    Parameters
    ----------
    onsets
        See `recorded_onsets`.
    codes
        COW codes of the states alive, sorted, (state,).
    year
        Forecast origin.
    """
    rows, columns = np.triu_indices(len(codes), k=1)
    first, second = codes[rows], codes[columns]

    def spread(values: NDArray[Any]) -> NDArray[Any]:
        square = np.zeros((len(codes), len(codes)), dtype=values.dtype)
        square[rows, columns] = square[columns, rows] = values
        return square

    coded = {name: spread(memory(onsets, first, second, year, tau)) for name, tau in TAUS.items()}
    # The record reaches the origin, so nothing of the past is left to be expected.
    expected = {f"{name}_expected": values.copy() for name, values in coded.items()}
    started = last_initiator(onsets, first, second, year)
    recent = onsets.where(onsets.time >= year - RECENT_YEARS)
    quality = np.where(started > 0, MEMORY_QUALITIES.index("coded_only"), 0).astype(np.int8)
    return Memory(
        values={**coded, **expected},
        quality=spread(quality),
        relevant=spread(last_initiator(recent, first, second, year) > 0),
        last=spread(started),
        source=cite("mid"),
        year=year - 1,
        rule=SUCCESSION_RULE,
        expected_year=year - 1,
        expected_rule="equal to the coded memory: the record reaches the origin",
        relevance=f"had a dispute onset in the last {RECENT_YEARS} years",
    )
