"""A replay as a timeline in the terminal."""

from __future__ import annotations

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from forecast.analysis.replay.courses import NOTABLE, Course, courses, is_slow, tally
from forecast.analysis.replay.kinds import CREDIBILITY
from forecast.analysis.replay.sentences import headline, lines, slow_lines
from forecast.analysis.replay.told import Event, Replay
from forecast.analysis.table import terminal
from forecast.kernel.events import COMPLETED, EXIT_REASONS

INDENT = 2

SHOWN = frozenset({"pact_born", "pact_ended", "acceded", "exited", "dissolved", "armed"})
"""Slow events that are told; rivalries are counted."""

MOVED = 0.01
"""Least change of credibility that is told."""


def print_replay(replay: Replay) -> None:
    """Print one history, or two side by side."""
    from forecast.analysis.replay.sides import print_sides

    (print_timeline if len(replay.architectures) == 1 else print_sides)(replay)


def print_timeline(replay: Replay) -> None:
    """Print one architecture's history, what is left out, and how it is had in full."""
    shown = terminal()
    (architecture,) = replay.architectures
    shown.print(heading(replay))
    shown.print(timeline(replay, architecture))
    for closing in (*credibility_lines(replay.of(architecture)), rest(replay, architecture)):
        shown.print(closing)


def heading(replay: Replay) -> str:
    """Return which history this is, how far it is to be trusted, and whether it is whole."""
    under = " and ".join(replay.architectures)
    cut = [
        f"Under {name} it ended at a limit ({ending}) and is truncated."
        for name, ending in zip(replay.architectures, replay.endings, strict=True)
        if ending != EXIT_REASONS[COMPLETED]
    ]
    return "\n".join(
        [
            f"{replay.store}: trajectory {replay.trajectory:,}, draw {replay.draw}, under {under}",
            "Replayed with the same bits: every stored value of the trajectory is met.",
            *cut,
            "",
        ]
    )


def timeline(replay: Replay, architecture: str) -> Table:
    """Return what mattered in a history, in order of its beginning: dates and what happened."""
    notable = (c for c in courses(replay, architecture) if c.is_any(NOTABLE))
    told = [(c.first.date, [_head(replay, c), *map(Text, lines(c))]) for c in notable]
    slow = [e for e in replay.of(architecture) if is_slow(e) and e.event in SHOWN]
    told += [(date, [Text(line)]) for date, line in slow_lines(slow)]
    table = Table.grid(padding=(0, 2))
    for date, (first, *others) in sorted(told, key=lambda one: one[0]):
        table.add_row(date, first)
        for line in others:
            table.add_row("", Padding(line, (0, 0, 0, INDENT)))
    return table


def _head(replay: Replay, course: Course) -> Text:
    return Text(headline(replay, course), style="bold" if course.is_war else "")


def credibility_lines(events: list[Event]) -> list[str]:
    """Return how the credibility of institutions moved over the years, the largest moves first."""
    values: dict[str, list[float]] = {}
    for event in events:
        if event.event == CREDIBILITY:
            values.setdefault(event.institution or "", []).append(event.value)
    moves = {name: seen[-1] - seen[0] for name, seen in values.items()}
    told = [
        f"{name} {values[name][0]:.2f} to {values[name][-1]:.2f}"
        for name in sorted(moves, key=lambda name: -abs(moves[name]))
        if abs(moves[name]) >= MOVED
    ]
    return [
        "",
        "Credibility, end of the first year to the last that the institution lived through: "
        f"{'; '.join(told) or 'none moved'}. The log holds no moves within a year.",
    ]


def rest(replay: Replay, architecture: str) -> str:
    """Return how much is not shown."""
    left = [c for c in courses(replay, architecture) if not c.is_any(NOTABLE)]
    slow = tally(
        replay.of(architecture),
        lambda e: e.event == "coerced" or (is_slow(e) and e.event not in SHOWN),
    )
    counted = [f"{len(left):,} disputes without deaths, veto or force"]
    counted += [f"{count:,} {WORDS[kind]}" for kind, count in slow.items()]
    return f"Not shown: {', '.join(counted)}; --json and -o FILE.parquet hold every event."


WORDS = {
    "coerced": "attempts at economic coercion",
    "rivalry_started": "rivalries that started",
    "rivalry_ended": "rivalries that ended",
}
