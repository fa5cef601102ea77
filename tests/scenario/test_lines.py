from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from forecast.scenario.lines import KeyPath, key_lines

KEYS = st.sampled_from(["a", "b", "c", "long_name", "x-1"])
LEAVES = st.one_of(
    st.integers(-9, 9).map(str),
    st.sampled_from(['"a [b] = c"', "true", '"""\ntwo\nlines"""', "[\n 1,\n 2,\n]", "{ p = 1 }"]),
)
TABLES = st.dictionaries(KEYS, LEAVES, min_size=1, max_size=4)
FILES = st.dictionaries(KEYS, st.one_of(TABLES, st.lists(TABLES, min_size=1, max_size=3)))


def written(tables: dict[str, Any]) -> tuple[str, dict[KeyPath, int]]:
    """Return a TOML text and the line each header and key was written on."""
    lines: list[str] = []
    places: dict[KeyPath, int] = {}

    def table(header: str, path: KeyPath, keys: dict[str, str]) -> None:
        lines.extend(["# why", "", header])
        for depth in range(1, len(path) + 1):
            places.setdefault(path[:depth], len(lines))
        for key, value in keys.items():
            places[(*path, key)] = len(lines) + 1
            if value.startswith("{"):
                places[(*path, key, "p")] = len(lines) + 1
            lines.extend(f"{key} = {value}".split("\n"))

    for name, content in tables.items():
        if isinstance(content, list):
            for number, keys in enumerate(content):
                table(f"[[{name}]]", (name, number), keys)
        else:
            table(f"[{name}]", (name,), content)
    return "\n".join(lines), places


@given(FILES)
def test_key_lines__finds_every_key_where_it_was_written(tables: dict[str, Any]) -> None:
    text, places = written(tables)
    tomllib.loads(text)
    assert key_lines(text) == places


def every_path(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in inner:
        yield (*path, key)
        is_tables = isinstance(part, list) and part and isinstance(part[0], dict)
        if isinstance(part, dict) or is_tables:
            yield from every_path(part, (*path, key))


def test_key_lines__knows_subtables_of_arrays_and_dotted_keys() -> None:
    text = "[[a]]\nk = 1\n[a.sub]\nx = 1\n[[a]]\n[[a.list]]\ny = 1\n[[a.list]]\n[t.u]\nv.w = 1\n"
    found = key_lines(text)
    assert set(found) == set(every_path(tomllib.loads(text)))
    assert found["a", 0, "sub", "x"] == 4
    assert found["a", 1, "list", 0, "y"] == 7
    assert found["a", 1, "list", 1] == 8
    assert found["t", "u", "v", "w"] == 10
