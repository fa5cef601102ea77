"""What belongs together in a replay: a dispute with all that followed, and the events of a tick."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from forecast.analysis.replay.kinds import CREDIBILITY
from forecast.analysis.replay.told import Event, Replay

SLOW = (
    "pact_born",
    "pact_ended",
    "acceded",
    "exited",
    "dissolved",
    "armed",
    "rivalry_started",
    "rivalry_ended",
)
"""Kinds of events of an annual tick."""

GRAVE = frozenset({"war", "war_end", "help_by_decision", "state_death", "nuclear_use"})
"""Kinds that make a dispute one of the few that two histories are first compared by."""

NOTABLE = GRAVE | {"vetoed", "fatal"}


class Course(NamedTuple):
    """A dispute, or a war under way at the origin, and everything that followed from it.

    Parameters
    ----------
    id
        Common to its events.
    events
        In order of time.
    """

    id: str
    events: list[Event]

    @property
    def first(self) -> Event:
        """The event that it begins with."""
        return self.events[0]

    @property
    def is_war(self) -> bool:
        """Whether it became a war, or was one at the origin."""
        return any(e.event in ("war", "war_end") for e in self.events)

    def all_of(self, *kinds: str) -> list[Event]:
        """Return its events of some kinds."""
        return [e for e in self.events if e.event in kinds]

    def one(self, kind: str) -> Event | None:
        """Return its event of a kind that occurs at most once, if it did."""
        return next((e for e in self.events if e.event == kind), None)

    def is_any(self, kinds: frozenset[str]) -> bool:
        """Return whether any of its events is of one of the kinds, or enforces by force."""
        return any(
            e.event in kinds or (e.event == "motion_passed" and e.value == FORCE)
            for e in self.events
        )


FORCE = 4.0


def courses(replay: Replay, architecture: str) -> list[Course]:
    """Return the disputes and wars of a history, in order of their first event."""
    found: dict[str, list[Event]] = {}
    for event in replay.of(architecture):
        if not is_slow(event) and event.event != CREDIBILITY:
            found.setdefault(event.id, []).append(event)
    return [
        Course(id, events)
        for id, events in found.items()
        if not any(e.event == "coerced" for e in events)
    ]


def is_slow(event: Event) -> bool:
    """Return whether an event belongs to an annual tick, not to a dispute."""
    return event.event in SLOW and int(event.id, 16) == event.time


def tally(events: list[Event], of: Callable[[Event], bool]) -> dict[str, int]:
    """Return how many events of each kind satisfy a condition, in order of frequency."""
    counts: dict[str, int] = {}
    for event in events:
        if of(event):
            counts[event.event] = counts.get(event.event, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))
