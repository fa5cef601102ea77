"""What a trajectory leaves behind: the event log, the totals, and what is counted by year."""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

from forecast.kernel.records import CLASSES, LATENCY_BINS, POWER_BINS
from forecast.kernel.results import (
    ANNUAL_COUNTS,
    MEASURE_NAMES,
    STATE_COUNT_NAMES,
    TRAJECTORY_COUNTS,
)


class Event(NamedTuple):
    """One row of the event log; states are COW codes, -1 where there is none."""

    time: float
    kind: int
    id: int
    initiator: int
    target: int
    institution: int
    value: float


class Onset(NamedTuple):
    """Where an aggression is tallied: power bin, class of the initiator and of the target."""

    power: int
    strong: int
    weak: int


def power_bin(log_ratio: float) -> int:
    """Bin of ln(C_i/C_j), one wide from -6 to 6."""
    return min(max(math.floor(log_ratio) + POWER_BINS // 2, 0), POWER_BINS - 1)


def classes() -> list[list[list[int]]]:
    """Make an empty table of power bins by classes."""
    return [[[0] * CLASSES for _ in range(CLASSES)] for _ in range(POWER_BINS)]


@dataclass
class Result:
    """Event log, totals, and series by year, state and institution."""

    years: int
    states_count: int
    events: list[Event] = field(default_factory=list)
    expected_war_count: float = 0.0
    expected_great_power_war_count: float = 0.0
    credibility: list[list[float]] = field(default_factory=list)
    legitimacy: list[list[float]] = field(default_factory=list)
    attempts: list[list[list[int]]] = field(default_factory=classes)
    successes: list[list[list[int]]] = field(default_factory=classes)

    def __post_init__(self) -> None:
        names = (name for name in TRAJECTORY_COUNTS if name != "exit_reason")
        self.totals = dict.fromkeys(names, 0)
        self.annual = {name: [0] * self.years for name in ANNUAL_COUNTS}
        self.states = {name: [0] * self.states_count for name in STATE_COUNT_NAMES}
        self.measures: dict[str, list[float]] = {name: [] for name in MEASURE_NAMES}
        self.latency = [0] * LATENCY_BINS

    def count(self, name: str, time: float | None = None, amount: int = 1) -> None:
        """Add to a total; with a time also to the year it falls in."""
        if name in self.totals:
            self.totals[name] += amount
        if time is not None:
            self.annual[name][min(math.floor(time), self.years - 1)] += amount

    def count_state(self, name: str, k: int) -> None:
        """Add one to a state's count."""
        self.states[name][k] += 1

    def note_first(self, name: str, time: float) -> None:
        """Keep the year of the first occurrence, counted from 1."""
        if not self.totals[name]:
            self.totals[name] = min(math.floor(time), self.years - 1) + 1

    def count_latency(self, years: float) -> None:
        """Tally the delay of help by decision in bins of thirty days."""
        self.latency[min(math.floor(years * 365.25 / 30.0), LATENCY_BINS - 1)] += 1
