"""Where in a TOML text each key stands; the standard parser keeps no positions."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

KeyPath = tuple[str | int, ...]


def key_lines(text: str) -> dict[KeyPath, int]:
    r"""Return the line (from 1) of every key path of a valid TOML text.

    Tables in an array count from 0; the keys of an inline table stand where it begins.

    Examples
    --------
    >>> key_lines('[run]\nseed = 1\n[[act]]\nid = "a"')
    {('run',): 1, ('run', 'seed'): 2, ('act',): 3, ('act', 0): 3, ('act', 0, 'id'): 4}
    """
    found: dict[KeyPath, int] = {}
    tables_seen: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for line, statement in _statements(text):
        parsed = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            table = _open_table(parsed, tables_seen)
            for depth in range(1, len(table) + 1):
                found.setdefault(table[:depth], line)
        else:
            for path in _paths(parsed):
                found.setdefault(table + path, line)
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each table header or key with its first line; a long value spans several lines."""
    held: list[str] = []
    first = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not held:
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            first = number
        held.append(line)
        statement = "\n".join(held)
        if _is_whole(statement):
            yield first, statement
            held = []


def _is_whole(statement: str) -> bool:
    try:
        tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _open_table(header: dict[str, Any], tables_seen: dict[KeyPath, int]) -> KeyPath:
    """Return the path of a header's table, with its place in each array of tables."""
    path: KeyPath = ()
    inner: Any = header
    while inner:
        ((key, inner),) = inner.items()
        path += (key,)
        if isinstance(inner, list):
            tables_seen[path] = tables_seen.get(path, -1) + 1
            inner = None
        if path in tables_seen:
            path += (tables_seen[path],)
    return path


def _paths(parsed: dict[str, Any]) -> Iterator[KeyPath]:
    for key, value in parsed.items():
        yield (key,)
        if isinstance(value, dict):
            yield from ((key, *rest) for rest in _paths(value))
