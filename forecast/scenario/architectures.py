"""Architecture files: inheritance from a base, record by record and field by field."""

from __future__ import annotations

import copy
from typing import Any

from forecast.scenario.documents import Document, Library
from forecast.scenario.faults import Faults, dotted, known_keys, nearest
from forecast.scenario.inheritance import Derived, read_chain
from forecast.scenario.institution import Institution
from forecast.scenario.lines import KeyPath
from forecast.scenario.quantities import Text

Table = dict[str, Any]


class Heading(Derived):
    """The table ``[architecture]`` of an architecture file."""

    title: Text
    description: Text


FILE_TABLES = ("architecture", "conduct", "institution_defaults", "institution")


def resolve_architecture(
    name: str, library: Library, asked_at: str, key: str, faults: Faults
) -> Document | None:
    """Return an architecture with everything inherited, not yet validated.

    A record with the id of an inherited one overrides it field by field, one with a new id is
    added on top of ``[institution_defaults]``, which are inherited field by field as well, and
    ``void = true`` removes one.

    Parameters
    ----------
    name
        Architecture to read, with its chain of bases.
    library
        Where files are looked for.
    asked_at, key
        Place and key that ask for it.
    faults
        Takes what is wrong.

    Returns
    -------
    Document or None
        Data with the keys title, description, conduct and institutions (a table by id); None
        where a file of the chain cannot be read.
    """
    chain = read_chain(
        "architectures",
        name,
        library,
        lambda document: _heading(document, faults),
        ("architecture", "base"),
        asked_at,
        key,
        faults,
    )
    if chain is None:
        return None
    empty: Table = {"conduct": {}, "institutions": {}, "voided": {}}
    merged = Document(chain[-1].name, empty)
    defaults = Document(chain[-1].name)
    for document in chain:
        _overlay(merged, document, defaults, faults)
    return merged


def _heading(document: Document, faults: Faults) -> Heading | None:
    for table in document.data:
        if table not in FILE_TABLES:
            faults.add(document.place((table,)), table, "unknown key" + nearest(table, FILE_TABLES))
    return faults.validated(
        Heading,
        document.data.get("architecture", {}),
        lambda loc: document.place(("architecture", *loc)),
        lambda loc: dotted("architecture", *loc),
    )


def _overlay(merged: Document, document: Document, defaults: Document, faults: Faults) -> None:
    """Lay one file of the chain over what its bases gave, their defaults included."""
    for field in ("title", "description"):
        if field in document.data["architecture"]:
            merged.data[field] = document.data["architecture"][field]
            merged.places[(field,)] = document.place(("architecture", field))
    for field, value in _table(document, "conduct", faults).items():
        merged.data["conduct"][field] = value
        merged.places[("conduct", field)] = document.place(("conduct", field))
    records = document.data.get("institution", [])
    if not isinstance(records, list):
        faults.add(document.place(("institution",)), "institution", "is written [[institution]]")
        return
    for field, value in _known_defaults(document, faults).items():
        defaults.data[field] = value
        defaults.places[(field,)] = document.place(("institution_defaults", field))
    here: set[str] = set()
    for number, record in enumerate(records):
        identity = _identity(document, number, record, here, faults)
        if identity is not None:
            here.add(identity)
            _overlay_record(merged, document, ("institution", number), record, defaults, faults)


def _identity(
    document: Document, number: int, record: Any, here: set[str], faults: Faults
) -> str | None:
    """Return the id of a record, or None with a fault where it has none of its own."""
    at = document.place(("institution", number))
    identity = record.get("id") if isinstance(record, dict) else None
    if not isinstance(identity, str):
        faults.add(at, f"institution.{number}", "every institution needs an id (text)")
    elif identity in here:
        faults.add(at, f"institution.{identity}", "stands twice in this file")
    else:
        return identity
    return None


def _overlay_record(
    merged: Document,
    document: Document,
    at: KeyPath,
    record: Table,
    defaults: Document,
    faults: Faults,
) -> None:
    """Lay one institution record over the inherited record of the same id, or add it."""
    institutions: Table = merged.data["institutions"]
    identity = record["id"]
    if record.get("void") is True:
        _void(merged.data, record, document.place(at), faults)
        return
    merged.data["voided"].pop(identity, None)
    if identity not in institutions:
        institutions[identity] = copy.deepcopy(defaults.data)
        merged.places[("institutions", identity)] = document.place(at)
        for path, place in defaults.places.items():
            merged.places[("institutions", identity, *path)] = place
    for field, value in record.items():
        institutions[identity][field] = value
        merged.places[("institutions", identity, field)] = document.place((*at, field))


def _void(architecture: Table, record: Table, place: str, faults: Faults) -> None:
    """Move the inherited record of this id to those whose promises are void."""
    key, identity = f"institution.{record['id']}", record["id"]
    if identity not in architecture["institutions"]:
        hint = nearest(identity, architecture["institutions"])
        faults.add(place, key, f"nothing of this id is inherited{hint}")
        return
    if set(record) != {"id", "void"}:
        faults.add(place, key, "void = true removes the record: state nothing but its id")
    architecture["voided"][identity] = architecture["institutions"].pop(identity)


def _table(document: Document, name: str, faults: Faults) -> Table:
    value = document.data.get(name, {})
    if isinstance(value, dict):
        return value
    faults.add(document.place((name,)), name, f"must be a table, not {value!r}")
    return {}


def _known_defaults(document: Document, faults: Faults) -> Table:
    """Return the file's defaults; a misspelt one is told once, not for every record."""
    known = known_keys(Institution)
    defaults = _table(document, "institution_defaults", faults)
    for field in defaults:
        if field not in known:
            place = document.place(("institution_defaults", field))
            key = f"institution_defaults.{field}"
            faults.add(place, key, "unknown key" + nearest(field, known))
    return {field: value for field, value in defaults.items() if field in known}
