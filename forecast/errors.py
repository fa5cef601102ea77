"""Faults a person can mend: shown as a message, never as a traceback."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches


class ForecastError(Exception):
    """A fault in what was asked for, with a message that says what, where and what to do."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a run, with a sentence that says what is kept."""


def nearest(name: str, known: Sequence[str], what: str) -> str:
    """Return the name if it is known; otherwise raise with the nearest one, or all."""
    if name in known:
        return name
    close = get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"choose one of: {', '.join(known)}"
    raise ForecastError(f"unknown {what} {name!r}; {hint}")
