"""What the kinds of logged events are called, and what their values mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from forecast.kernel import events

AIMS = ("none", "territory", "policy", "regime", "other")

STAGES = ("crisis", "deaths", "war")

LEVELS = {2: "sanctions", 3: "peacekeepers", 4: "force"}

CREDIBILITY = "credibility"
"""Not of the log: what an institution's credibility is at the end of a year."""


class Kind(NamedTuple):
    """A kind of event.

    Parameters
    ----------
    name
        What tables call it.
    meaning
        Says what a value means.
    numeric
        Whether the value is a probability or an amount that may differ between histories that
        take the same course.
    """

    name: str
    meaning: Callable[[float], str] = lambda value: ""
    numeric: bool = False


def _word(words: dict[int, str]) -> Callable[[float], str]:
    return lambda value: words.get(int(value), "")


def _amount(form: str) -> Callable[[float], str]:
    return lambda value: form.format(value)


_AIM = _word({n: f"aim: {aim}" for n, aim in enumerate(AIMS)})
_STAGE = _word({n: f"at the stage: {stage}" for n, stage in enumerate(STAGES)})
_LEVEL = _word({n: f"motion: {level}" for n, level in LEVELS.items()})
_OUTCOME = _word(
    {1: "the initiator wins", 2: "a draw", 3: "the target wins", -1: "goes on at the horizon"}
)

KINDS: dict[int, Kind] = {
    events.DISPUTE: Kind("dispute", _AIM),
    events.RESISTED: Kind("response", _word({0: "not resisted", 1: "resisted"})),
    events.AGENDA: Kind("agenda", _STAGE),
    events.MOTION_PASSED: Kind("motion_passed", _LEVEL),
    events.VETOED: Kind("vetoed", _LEVEL),
    events.CONCESSION: Kind("concession"),
    events.GRAB_HELD: Kind("land_grab_held"),
    events.FATAL: Kind("fatal", _amount("{:,.0f} deaths")),
    events.WAR: Kind("war", _amount("probability of escalation {:.3g}"), numeric=True),
    events.JOINED: Kind("joined", _amount("with {:.2g} of its capability"), numeric=True),
    events.RENEGED: Kind("reneged", _amount("probability of joining {:.2g}"), numeric=True),
    events.HELP_BY_DECISION: Kind(
        "help_by_decision", _amount("standing force of {:.2g}"), numeric=True
    ),
    events.TEST: Kind("promise_tested", _amount("share delivered {:.2f}"), numeric=True),
    events.WAR_END: Kind("war_end", _OUTCOME),
    events.WAR_DEATHS: Kind("war_deaths", _amount("{:,.0f} battle deaths"), numeric=True),
    events.COMPLIED: Kind("complied", _word({1: "in war", 2: "gain given back"})),
    events.PEACEKEEPING: Kind("peacekeeping"),
    events.NUCLEAR_USE: Kind("nuclear_use", _amount("{:,.0f} deaths")),
    events.TERRITORY: Kind("territory", _amount("{:.1%} of the target"), numeric=True),
    events.STATE_DEATH: Kind("state_death"),
    events.RIVALRY_STARTED: Kind("rivalry_started"),
    events.RIVALRY_ENDED: Kind(
        "rivalry_ended", _word({0: "of itself", 1: "new regime", 2: "end of a state"})
    ),
    events.PACT_BORN: Kind("pact_born"),
    events.PACT_ENDED: Kind("pact_ended"),
    events.EXITED: Kind("exited"),
    events.DISSOLVED: Kind("dissolved"),
    events.ACCEDED: Kind("acceded"),
    events.ARMED: Kind("armed"),
    events.COERCED: Kind(
        "coerced", _word({0: "withstood", 1: "succeeded", 2: "averted by a ruling"})
    ),
}

NUMERIC = frozenset(kind.name for kind in KINDS.values() if kind.numeric)
"""Kinds whose values do not by themselves make another course of events."""
