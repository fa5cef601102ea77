"""Where two architectures part that meet the same provocations, and why, as far as logs tell."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np

from forecast.analysis.replay.courses import Course, courses, is_slow
from forecast.analysis.replay.kinds import NUMERIC
from forecast.analysis.replay.sentences import sentence
from forecast.analysis.replay.told import Event, Replay
from forecast.kernel import events
from forecast.kernel.streams import child_id, draw

DECIDED_BY = {"response": events.PROVOCATION, "war": events.ESCALATION}
"""Purposes of the draws, common to all architectures, that decide a matter by their first uniform:
it happens where the uniform lies below its probability.
"""

WHY = {
    "motion_passed": "the motion passes under {} alone: votes, vetoes or the credit of the body "
    "differ",
    "vetoed": "the motion is vetoed under {} alone: the votes, or the restraint of those who may "
    "veto, differ",
    "joined": "with the same draw this state joins under {} alone: who is bound to help, by which "
    "promise and how credible it is differ",
    "war_end": "the war takes another time: the strength of the sides, help, mediation or "
    "compliance differ",
    "reneged": "this state is bound under {}, and stays out: promises or credibility differ",
}
"""Why events differ that hang on institutions, by kind."""

MOST_CHILDREN = 200
"""Children of a dispute that are looked for; a mean of about one makes more all but impossible."""

SAME, OTHERWISE = "both, with the same course", "both, with another course"
DETERRED, BRED, RAISED = (
    "only under {}: met by both, accepted by one",
    "only under {}: bred by a dispute that the other did not have",
    "only under {}: of a pair whose rivalry or regimes had changed",
)


class Parting(NamedTuple):
    """The first event of a dispute that is another under two architectures.

    Parameters
    ----------
    date, time
        When.
    one, other
        What happens under the first and the second architecture, where it is then.
    why
        What the logs and the common draws tell of it.
    before
        The first events of annual ticks that differ, where they do so earlier: pacts, members,
        rivalries and arms may part before any dispute does.
    """

    date: str
    time: float
    one: Event | None
    other: Event | None
    why: str
    before: tuple[Event | None, Event | None] | None

    def record(self) -> dict[str, Any]:
        """Return it for programs."""
        slow = self.before and [e and e._asdict() for e in self.before]
        sides = {name: e and e._asdict() for name, e in (("one", self.one), ("other", self.other))}
        return {"date": self.date, "time": self.time, **sides, "why": self.why, "before": slow}


def first_parting(replay: Replay) -> Parting | None:
    """Return where the two histories of a replay first differ; None if their disputes never do.

    Probabilities and amounts may differ without that (`forecast.analysis.replay.kinds`).
    """
    one, other = (_of_disputes(replay, name) for name in replay.architectures)
    differ = _first_difference(one, other)
    if differ is None:
        return None
    slow = [[e for e in replay.of(name) if is_slow(e)] for name in replay.architectures]
    before = _first_difference(*slow)
    first = _event(differ)
    if before is not None and _event(before).time > first.time:
        before = None
    return Parting(first.date, first.time, *differ, _why(replay, *differ), before)


def _of_disputes(replay: Replay, architecture: str) -> list[Event]:
    ids = {course.id for course in courses(replay, architecture)}
    return [e for e in replay.of(architecture) if e.id in ids]


def _first_difference(
    one: list[Event], other: list[Event]
) -> tuple[Event | None, Event | None] | None:
    """Return the first events that differ; None in place of what comes only later, if at all."""
    pairs = zip_longest(one, other)
    differ = next((two for two in pairs if None in two or key(two[0]) != key(two[1])), None)
    if differ is None:
        return None
    time = min(e.time for e in differ if e is not None)
    mine, theirs = (e if e is not None and e.time == time else None for e in differ)
    return mine, theirs


def _event(differ: tuple[Event | None, Event | None]) -> Event:
    """Return the one of two events that there is."""
    event = differ[0] or differ[1]
    assert event is not None
    return event


def key(event: Event) -> tuple[Any, ...]:
    """Return what makes an event the same under two architectures."""
    value = None if event.event in NUMERIC else event.value
    return (
        event.event,
        event.time,
        event.id,
        event.initiator,
        event.target,
        event.institution,
        value,
    )


def _why(replay: Replay, one: Event | None, other: Event | None) -> str:
    """Return why two histories part here; what disputes did before is the same under both."""
    first, second = replay.architectures
    there = [e for e in (one, other) if e is not None]
    kinds = {e.event: e for e in there}
    if len(there) == 2 and set(kinds) == {"response"}:
        resisting, yielding = (first, second) if there[0].value else (second, first)
        return (
            f"the common draw is {drawn(replay, there[0]):.4g}; the probability of resistance lies "
            f"above it under {resisting}, not under {yielding}"
        )
    if war := kinds.get("war"):
        return (
            f"the common draw is {drawn(replay, war):.4g}; the probability of escalation is "
            f"{war.value:.4g} under {war.architecture}, and not above the draw under the other"
        )
    if dispute := kinds.get("dispute"):
        return _why_accepted(replay, dispute)
    for event in (e for e in there if e.event in WHY):
        return WHY[event.event].format(event.architecture)
    return "the rules, or the standing of those who decide, differ; the log holds no more"


def _why_accepted(replay: Replay, dispute: Event) -> str:
    """Return why a dispute happens under one architecture alone."""
    bred = _children([c.id for c in courses(replay, dispute.architecture)])
    if dispute.id not in replay.shared and dispute.id not in bred:
        return "the pair's rivalry, or its regimes, had changed under one of the two alone"
    return (
        f"both met the same provocation; {dispute.architecture} accepts it as a dispute, under the "
        "other its rate was too low for that (the log does not hold rates), or its states could "
        "not quarrel"
    )


def drawn(replay: Replay, event: Event) -> float:
    """Return the uniform that decides a response or a war under every architecture alike."""
    stream = (np.uint64(replay.seed), np.uint64(replay.trajectory))
    u, _, _ = draw(stream, np.uint64(int(event.id, 16)), DECIDED_BY[event.event], 0)
    return float(u)


class Fate(NamedTuple):
    """One dispute under two architectures; None where it did not happen.

    Parameters
    ----------
    one, other
        Its course under the first and the second.
    kind
        How the two compare.
    """

    one: Course | None
    other: Course | None
    kind: str

    @property
    def first(self) -> Event:
        """The event that it begins with."""
        course = self.one or self.other
        assert course is not None
        return course.first

    @property
    def war(self) -> Event | None:
        """Its outbreak of war, under whichever architecture."""
        return next((w for c in self[:2] if c is not None and (w := c.one("war"))), None)


def fates(replay: Replay) -> list[Fate]:
    """Return every dispute and war of either history, side by side, in order of time."""
    both = [{c.id: c for c in courses(replay, name)} for name in replay.architectures]
    one, other = both
    bred = [_children(list(there)) for there in both]
    found = []
    for id in {**one, **other}:
        mine, theirs = one.get(id), other.get(id)
        if mine and theirs:
            same = list(map(key, mine.events)) == list(map(key, theirs.events))
            kind = SAME if same else OTHERWISE
        else:
            at = 0 if mine else 1
            kind = _lone(id, replay.shared, bred[at], bred[1 - at]).format(replay.architectures[at])
        found.append(Fate(mine, theirs, kind))
    return sorted(found, key=lambda fate: fate.first.time)


def _lone(id: str, shared: frozenset[str], bred: frozenset[str], bred_there: frozenset[str]) -> str:
    if id in shared or id in bred_there:
        return DETERRED
    return BRED if id in bred else RAISED


def _children(parents: list[str]) -> frozenset[str]:
    """Return the ids of all candidates that disputes can breed."""
    return frozenset(
        f"{int(child_id(np.uint64(int(parent, 16)), np.int64(n))):016x}"
        for parent in parents
        for n in range(MOST_CHILDREN)
    )


def counts(found: list[Fate]) -> dict[str, int]:
    """Return how many disputes had each kind of fate, the most frequent first."""
    return dict(Counter(fate.kind for fate in found).most_common())


def told(event: Event | None) -> str:
    """Return an event in words, or that there is none."""
    return sentence(event) if event is not None else "nothing alike"
