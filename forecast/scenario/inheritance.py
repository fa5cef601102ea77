"""Files that state only what differs from another: the chain from a file to its last base."""

from __future__ import annotations

from collections.abc import Callable

from forecast.scenario.documents import Document, Library
from forecast.scenario.faults import Faults, dotted
from forecast.scenario.lines import KeyPath
from forecast.scenario.quantities import Frozen, Text


class Derived(Frozen):
    """What a file says of the file it builds on."""

    base: Text | None = None


def read_chain(
    kind: str,
    name: str,
    library: Library,
    heading: Callable[[Document], Derived | None],
    base_key: KeyPath,
    asked_at: str,
    key: str,
    faults: Faults,
) -> list[Document] | None:
    """Return a file and the files it builds on, the last base first.

    Parameters
    ----------
    kind
        Subfolder: "architectures" or "parameters".
    name
        File asked for, without its ending.
    library
        Where files are looked for.
    heading
        Returns what a file says of its base; None, with a fault noted, where that is unsound.
    base_key
        Key path at which a file names its base.
    asked_at, key
        Place and key that ask for the file.
    faults
        Takes what is wrong.

    Returns
    -------
    list of Document or None
        None, with a fault noted, where a file cannot be read or the chain closes on itself.
    """
    chain: list[Document] = []
    asked: list[str] = []
    base: str | None = name
    while base is not None:
        if base in asked:
            faults.add(asked_at, key, f"inherits from itself: {' -> '.join([*asked, base])}")
            return None
        document = library.read(kind, base, asked_at, key, faults)
        stated = heading(document) if document else None
        if document is None or stated is None:
            return None
        chain.append(document)
        asked.append(base)
        asked_at, key, base = document.place(base_key), dotted(*base_key), stated.base
    return chain[::-1]
