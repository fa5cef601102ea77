"""What a trajectory leaves behind: the event log and the totals."""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.reference.state import State


class Event(NamedTuple):
    """One row of the event log; states are COW codes, -1 where there is none."""

    time: float
    kind: int
    id: int
    initiator: int
    target: int
    institution: int
    value: float


@dataclass
class Result:
    """Event log, totals, and series by year (and institution)."""

    events: list[Event] = field(default_factory=list)
    dispute_count: int = 0
    fatal_dispute_count: int = 0
    war_count: int = 0
    battle_deaths: int = 0
    largest_war_battle_deaths: int = 0
    great_power_war_year: int = 0
    g3_war_year: int = 0
    aggression_count: int = 0
    aggression_success_count: int = 0
    tested_obligation_count: int = 0
    answered_obligation_count: int = 0
    ally_invocation_count: int = 0
    ally_honoured_count: int = 0
    expected_war_count: float = 0.0
    expected_great_power_war_count: float = 0.0
    veto_count: int = 0
    clip_count: int = 0
    credibility: list[list[float]] = field(default_factory=list)
    legitimacy: list[list[float]] = field(default_factory=list)
    disputes: list[int] = field(default_factory=list)
    deaths: list[int] = field(default_factory=list)

    def note_year(self, state: State) -> None:
        """Record the institutions at the end of a year; absent ones are not a number."""
        architecture = state.architecture
        indices = range(architecture.institution_count)
        self.credibility.append(
            [state.credibility(p) if p in architecture.institution else math.nan for p in indices]
        )
        self.legitimacy.append(
            [state.legitimacy[p] if p in architecture.institution else math.nan for p in indices]
        )

    def add_deaths(self, year: int, deaths: int) -> None:
        """Count battle deaths in a year."""
        self.deaths[year] += deaths
        self.battle_deaths += deaths
