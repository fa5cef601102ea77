"""Disputes, wars and slow events in words."""

from __future__ import annotations

from itertools import groupby

from forecast.analysis.replay.courses import Course
from forecast.analysis.replay.kinds import AIMS
from forecast.analysis.replay.told import Event, Replay

BODIES = {
    "agenda": "takes it up",
    "vetoed": "vetoed",
    "motion_passed": "passed",
}

PAIRED = ("pact_born", "pact_ended", "rivalry_started", "rivalry_ended")

SLOW_WORDS = {
    "pact_born": "pacts born",
    "pact_ended": "pacts ended",
    "acceded": "accessions",
    "exited": "exits",
    "dissolved": "dissolved",
    "armed": "new nuclear powers",
    "rivalry_started": "rivalries that start",
    "rivalry_ended": "rivalries that end",
}


def headline(replay: Replay, course: Course) -> str:
    """Return who confronted whom, over what, and whether that was resisted."""
    first = course.first
    if first.event != "dispute":
        return f"{replay.wars.get(course.id, pair(replay, first))}, under way at the origin"
    aim = AIMS[int(first.value)]
    over = f" over {aim}" if aim not in ("none", "other") else ""
    answer = course.one("response")
    return f"{pair(replay, first)}{over}, {answer.meaning if answer else ''}"


def pair(replay: Replay, event: Event) -> str:
    """Return the names of the initiator and the target."""
    one, other = event.initiator or "", event.target or ""
    return f"{replay.names.get(one, one)} against {replay.names.get(other, other)}"


def lines(course: Course) -> list[str]:
    """Return what followed a dispute: one line without war, a line per matter with it."""
    brief = "; ".join(one for one in (_at_bodies(course), _short_of_war(course)) if one)
    if not course.is_war:
        return [brief] if brief else []
    found = [brief, _war(course), *_joiners(course), _promises(course), _help(course)]
    return [line for line in [*found, *_ending(course)] if line]


def in_brief(course: Course) -> str:
    """Return a dispute or war in a few words, for a cell of a table."""
    answer = course.one("response")
    found = [answer.meaning if answer else "", _at_bodies(course), _short_of_war(course)]
    if war := course.one("war"):
        found.append(f"war (probability {war.value:.3g})")
    if joined := course.all_of("joined"):
        found.append(f"joined by {', '.join(e.initiator or '' for e in joined)}")
    if out := course.all_of("reneged"):
        found.append(f"{len(out)} renege")
    return "; ".join(part for part in [*found, *_ending(course)] if part)


def _at_bodies(course: Course) -> str:
    """Return what every body did, in order."""
    told: dict[str, list[str]] = {}
    for event in course.all_of(*BODIES):
        word = BODIES[event.event]
        if event.event != "agenda":
            word = f"{event.meaning.partition(': ')[2]} {word}"
        told.setdefault(event.institution or "", []).append(word)
    return "; ".join(f"{body}: {', '.join(dict.fromkeys(done))}" for body, done in told.items())


def _short_of_war(course: Course) -> str:
    fatal, complied = course.one("fatal"), course.one("complied")
    found = [
        fatal.meaning if fatal else "",
        "a land grab holds" if course.one("land_grab_held") else "",
        "the target concedes" if course.one("concession") else "",
        "the initiator gives in to sanctions" if complied else "",
    ]
    return "; ".join(one for one in found if one)


def _war(course: Course) -> str:
    war = course.one("war")
    return f"war; {war.meaning}" if war else ""


def _joiners(course: Course) -> list[str]:
    """Return who joined which side, bound by what, and who was bound and stayed out."""
    target = course.first.target
    found = []
    for side, on_target in (("target", True), ("initiator", False)):
        joined = [e for e in course.all_of("joined") if (e.target == target) is on_target]
        if joined:
            who = (f"{e.initiator}{_bound(e)}{_late(course, e)}" for e in joined)
            found.append(f"join the {side}: {', '.join(who)}")
    bound: dict[str, list[str]] = {}
    for event in course.all_of("reneged"):
        bound.setdefault(event.institution or "", []).append(f"{event.initiator} {event.value:.2g}")
    for institution, out in bound.items():
        found.append(f"renege on {institution} (who, probability of joining): {', '.join(out)}")
    return found


def _bound(event: Event) -> str:
    return f" ({event.institution})" if event.institution else ""


def _late(course: Course, event: Event) -> str:
    return f" in {event.date[:4]}" if event.time > course.first.time else ""


def _promises(course: Course) -> str:
    tested = course.all_of("promise_tested")
    told = ", ".join(f"{e.institution} {e.value:.0%}" for e in tested)
    return f"promises tested, share delivered: {told}" if told else ""


def _help(course: Course) -> str:
    helped = course.all_of("help_by_decision")
    return f"standing force sent by {', '.join(e.institution or '' for e in helped)}" * bool(helped)


def _ending(course: Course) -> list[str]:
    """Return how a war ended, at what cost, and what came of it."""
    end, deaths = course.one("war_end"), course.one("war_deaths")
    if end is None or deaths is None:
        return []
    lasted = end.time - (course.first.time if course.first.event == "dispute" else 0.0)
    since = "" if course.first.event == "dispute" else " since the origin"
    verb = "cut off" if end.value < 0 else "ends"
    found = [f"{verb} {end.date} after {_duration(lasted)}{since}: {end.meaning}; {deaths.meaning}"]
    for kind, words in (
        ("nuclear_use", "nuclear weapons are used: {}"),
        ("territory", "territory taken: {}"),
        ("state_death", "the target ceases to exist{}"),
        ("peacekeeping", "peacekeepers come{}"),
        ("rivalry_ended", "a rivalry ends: {}"),
    ):
        found += [words.format(e.meaning) for e in course.all_of(kind)]
    return found


def _duration(years: float) -> str:
    return f"{years:.1f} years" if years >= 1 else f"{years * 365.25:.0f} days"


def slow_lines(events: list[Event]) -> list[tuple[str, str]]:
    """Return a date and a line for the events of each tick, kind and institution."""
    found = []
    for (date, kind, institution), group in groupby(
        sorted(events, key=lambda e: (e.date, e.event, e.institution or "")),
        key=lambda e: (e.date, e.event, e.institution),
    ):
        of = f" ({institution})" if institution else ""
        who = ", ".join(_who(e) for e in group)
        found.append((date, f"{SLOW_WORDS[kind]}{of}{': ' * bool(who)}{who}"))
    return found


def _who(event: Event) -> str:
    paired = event.event in PAIRED and event.target
    return f"{event.initiator}\N{EN DASH}{event.target}" if paired else event.initiator or ""


def sentence(event: Event) -> str:
    """Return one event as a clause."""
    versus = " against ".join(one for one in (event.initiator, event.target) if one)
    who = _who(event) if event.event in PAIRED else versus
    if event.event in ("joined", "reneged"):
        verb = "joins" if event.event == "joined" else "stays out of"
        bound = f", bound by {event.institution}" if event.institution else ""
        return f"{event.initiator} {verb} the war for {event.target}{bound} ({event.meaning})"
    about = ", ".join(part for part in (who, event.institution) if part)
    told = f"{event.event.replace('_', ' ')}{': ' * bool(about)}{about}"
    return f"{told} ({event.meaning})" if event.meaning else told
