"""Dispute memory of pairs of states as square tables."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.world.codes import MEMORY_QUALITIES
from forecast.world.pairs import positions
from forecast.world.readers.table import Table
from forecast.world.sources import cite

COLUMNS = {
    "memory_2y": "s2",
    "memory_15y": "s15",
    "memory_2y_expected": "s2_expected",
    "memory_15y_expected": "s15_expected",
}
"""Memory variables, and their column of the initial memory file."""

DISPUTES_CODED_TO = 2014
"""Last year of the dispute data behind the expected memory of 2026 (MID 5.0)."""


class Memory(NamedTuple):
    """Dispute memory, and what must be said of it.

    Parameters
    ----------
    values
        Memory variables by name, each (state, partner), symmetric, >= 0.
    quality
        Code of `MEMORY_QUALITIES`, (state, partner), symmetric.
    relevant
        Whether its disputes put the pair into the universe, (state, partner), symmetric.
    last
        COW code of the initiator of the newest remembered dispute, 0 unknown or none,
        (state, partner), symmetric.
    source, year, rule
        Attributes of the coded memory.
    expected_year, expected_rule
        Attributes of the expected memory.
    relevance
        What `relevant` says, for the universe rule.
    """

    values: dict[str, NDArray[np.float64]]
    quality: NDArray[np.int8]
    relevant: NDArray[np.bool_]
    last: NDArray[np.int64]
    source: str
    year: int
    rule: str
    expected_year: int
    expected_rule: str
    relevance: str


def initial_memory(table: Table, codes: list[int], origin: int) -> Memory:
    """Return the memory of the initial memory file; 0 where it has no row for a pair."""
    at = positions(codes)
    first = np.array([at[int(code)] for code in table["ccode1"]])
    second = np.array([at[int(code)] for code in table["ccode2"]])
    quality = np.array([MEMORY_QUALITIES.index(text) for text in table["quality"]], dtype=np.int8)

    def spread(values: NDArray[Any]) -> NDArray[Any]:
        square = np.zeros((len(codes), len(codes)), dtype=values.dtype)
        square[first, second] = square[second, first] = values
        return square

    return Memory(
        values={name: spread(table[column]) for name, column in COLUMNS.items()},
        quality=spread(quality),
        relevant=spread(quality > 0),
        last=np.zeros((len(codes), len(codes)), np.int64),
        source=cite("mid", "ucdp_prio", "initial_conditions"),
        year=origin - 1,
        rule="coded disputes to 2014, hand-coded ones after; initiators are not recorded",
        expected_year=DISPUTES_CODED_TO,
        expected_rule=f"decayed record to {DISPUTES_CODED_TO}, and each pair's own rate of onsets "
        "since 1990 carried to the origin",
        relevance="carry dispute memory of any size",
    )
