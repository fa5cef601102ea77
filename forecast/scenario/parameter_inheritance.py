"""Parameter files: inheritance from a base, entry by entry, and what they say of uncertainty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forecast.scenario.documents import Document, Library
from forecast.scenario.faults import Faults
from forecast.scenario.inheritance import Derived, read_chain
from forecast.scenario.lines import KeyPath

LISTS = {"estimate": "equation", "mixture": "name", "prior": "name"}
"""Lists of tables beside the entries, and the key by which one stands for an inherited one."""


def resolve_parameters(
    name: str, library: Library, asked_at: str, key: str, faults: Faults
) -> tuple[Document, Document] | None:
    """Return a parameter file with everything inherited: its entries, and its lists of tables.

    An entry stands for the inherited one as a whole; only its unit may be left out. An estimate
    stands for the inherited one of the same equation, a mixture or a prior for that of the same
    name. Nothing is validated yet.

    Parameters
    ----------
    name
        File to read, with its chain of bases.
    library
        Where files are looked for.
    asked_at, key
        Place and key that ask for it.
    faults
        Takes what is wrong.

    Returns
    -------
    tuple of Document, or None
        Groups of entries, and a table with the keys of `LISTS`; None where a file of the chain
        cannot be read.
    """
    chain = read_chain(
        "parameters",
        name,
        library,
        lambda document: _heading(document, faults),
        ("base",),
        asked_at,
        key,
        faults,
    )
    if chain is None:
        return None
    entries = Document(chain[-1].name)
    for document in chain:
        for group, table in document.data.items():
            if group not in ("base", *LISTS):
                _overlay_group(entries, document, group, table)
    return entries, _lists(chain, faults)


def _heading(document: Document, faults: Faults) -> Derived | None:
    stated = {"base": document.data.get("base")}
    return faults.validated(Derived, stated, document.place, lambda loc: "base")


def _overlay_group(entries: Document, document: Document, group: str, table: Any) -> None:
    inherited = entries.data.get(group)
    if not isinstance(table, dict) or not isinstance(inherited, dict):
        _take_places(entries, document, (group,), (group,))
        entries.data[group] = table
        return
    for name, stated in table.items():
        path: KeyPath = (group, name)
        old = inherited.get(name)
        unit = (*path, "unit")
        unit_place = entries.places.get(unit)
        _take_places(entries, document, path, path)
        if isinstance(stated, dict) and isinstance(old, dict) and "unit" not in stated:
            stated = {**stated, "unit": old.get("unit")}
            entries.places[unit] = unit_place or entries.place(path)
        inherited[name] = stated


def _lists(chain: list[Document], faults: Faults) -> Document:
    """Return the lists of all files, each entry from the last file that states it."""
    merged = Document(chain[-1].name)
    for kind, key in LISTS.items():
        found: dict[Any, tuple[Document, KeyPath, Any]] = {}
        for document in chain:
            for path, stated in _written(document, kind, faults):
                # One without a name of its own, or stated twice in a file, is told when checked.
                name = stated.get(key) if isinstance(stated, dict) else None
                taken = name in found and found[name][0] is document
                label = (document.name, path) if name is None or taken else name
                found[label] = (document, path, stated)
        merged.data[kind] = [stated for *_, stated in found.values()]
        for number, (document, path, _) in enumerate(found.values()):
            _take_places(merged, document, path, (kind, number))
    return merged


def _written(document: Document, kind: str, faults: Faults) -> Iterator[tuple[KeyPath, Any]]:
    stated = document.data.get(kind, [])
    if not isinstance(stated, list):
        faults.add(document.place((kind,)), kind, f"is written [[{kind}]]")
        return
    for number, entry in enumerate(stated):
        yield (kind, number), entry


def _take_places(into: Document, source: Document, old: KeyPath, new: KeyPath) -> None:
    """Let the places of everything below `new` be those below `old` in `source`."""
    depth = len(old)
    for path in [path for path in into.places if path[: len(new)] == new]:
        del into.places[path]
    for path, place in source.places.items():
        if path[:depth] == old:
            into.places[new + path[depth:]] = place
