"""What a benchmark is asked for and what it reports."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.timing import Spread


class Size(NamedTuple):
    """How much a benchmark runs."""

    rounds: int
    factor: float  # scales the work; 0 is the least that runs every line


SMALLEST = Size(rounds=1, factor=0.0)
FULL = Size(rounds=5, factor=1.0)


class Figure(NamedTuple):
    """One measured figure: `key` names it in results.json, `name` in the table."""

    key: str
    name: str
    unit: str
    median: float
    low: float
    high: float
    note: str = ""


def figure(key: str, name: str, unit: str, measured: Spread, note: str = "") -> Figure:
    """Return the figure of a spread."""
    return Figure(key, name, unit, *measured, note)


def exactly(key: str, name: str, unit: str, value: float, note: str = "") -> Figure:
    """Return the figure of something that is counted, or measured once."""
    return Figure(key, name, unit, value, value, value, note)
