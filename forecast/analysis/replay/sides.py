"""Two architectures side by side in the terminal."""

from __future__ import annotations

from rich import box
from rich.table import Table

from forecast.analysis.replay.courses import GRAVE, Course, courses, is_slow, tally
from forecast.analysis.replay.parting import (
    SAME,
    Fate,
    Parting,
    counts,
    drawn,
    fates,
    first_parting,
    told,
)
from forecast.analysis.replay.sentences import SLOW_WORDS, headline, in_brief
from forecast.analysis.replay.timeline import credibility_lines, heading
from forecast.analysis.replay.told import Event, Replay
from forecast.analysis.table import terminal


def print_sides(replay: Replay) -> None:
    """Print where two histories part, how the fates of provocations compare, and the wars."""
    shown, found = terminal(), fates(replay)
    shown.print(heading(replay))
    for line in parting_lines(replay):
        shown.print(line)
    shown.print("\nDisputes and wars of either history:")
    for kind, count in counts(found).items():
        shown.print(f"  {count:>5,}  {kind}")
    shown.print(grave_table(replay, found))
    shown.print(slow_table(replay))
    for name in replay.architectures:
        shown.print(f"{name}.", " ".join(credibility_lines(replay.of(name))).strip())
    shown.print("--json and -o FILE.parquet hold every event.")


def parting_lines(replay: Replay) -> list[str]:
    """Return where two histories first part, and why."""
    parting = first_parting(replay)
    if parting is None:
        return ["Their disputes and wars are the same, event by event."]
    lines = []
    if parting.before is not None:
        date = next(e.date for e in parting.before if e is not None)
        lines.append(f"Their institutions and rivalries part on {date}:")
        lines += _both(replay, *parting.before)
    lines.append(f"Their disputes first part on {parting.date}{_in_course(replay, parting)}:")
    return [*lines, *_both(replay, parting.one, parting.other), f"  why: {parting.why}."]


def _both(replay: Replay, *sides: Event | None) -> list[str]:
    named = zip(replay.architectures, sides, strict=True)
    return [f"  under {name}: {told(event)}" for name, event in named]


def _in_course(replay: Replay, parting: Parting) -> str:
    """Return in which dispute or war two histories part, if both have it."""
    if parting.one is None or parting.other is None or parting.one.id != parting.other.id:
        return ""
    of = courses(replay, replay.architectures[0])
    course = next((c for c in of if c.id == parting.one.id), None)
    return f" ({headline(replay, course)})" if course else ""


def grave_table(replay: Replay, found: list[Fate]) -> Table:
    """Return the wars, and what was met by force, that took another course under the other."""
    table = Table(
        box=box.SIMPLE_HEAD,
        title="Wars and enforcement that went otherwise",
        title_justify="left",
        show_lines=True,
    )
    table.add_column("provocation", ratio=2)
    for name in replay.architectures:
        table.add_column(name, ratio=3)
    for fate in found:
        sides = (fate.one, fate.other)
        if fate.kind != SAME and any(c is not None and c.is_any(GRAVE) for c in sides):
            about = headline(replay, next(c for c in sides if c is not None)).rpartition(", ")[0]
            table.add_row(f"{fate.first.date} {about}", *(_cell(replay, fate, c) for c in sides))
    return table


def _cell(replay: Replay, fate: Fate, course: Course | None) -> str:
    """Return one side's course; where only the other came to war, how far it was from it."""
    if course is None:
        return f"no dispute ({fate.kind.partition(': ')[2]})"
    answer, war = course.one("response"), fate.war
    if war is None or course.is_war or answer is None or not answer.value:
        return in_brief(course)
    most = drawn(replay, war)
    return f"{in_brief(course)}; no war (probability at most {most:.3g}, the common draw)"


def slow_table(replay: Replay) -> Table:
    """Return how many slow events of each kind either history has."""
    both = [tally(replay.of(name), is_slow) for name in replay.architectures]
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("at the ticks")
    for name in replay.architectures:
        table.add_column(name, justify="right")
    for kind, words in SLOW_WORDS.items():
        table.add_row(words, *(f"{counted.get(kind, 0):,}" for counted in both))
    return table
