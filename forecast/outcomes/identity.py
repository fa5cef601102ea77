"""What makes two runs the same run, and how two that are not differ."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import xarray as xr

from forecast.outcomes.digest import digest_of

LABELS = ("title", "description")
"""Keys of a configuration that no number depends on."""

MOST_SHOWN = 8

BITS = ("machine", "numba", "numpy")
"""Entries of a store's provenance that the last bits of its numbers may depend on."""


def world_digest(world: xr.Dataset) -> str:
    """Return a digest of a world's labels and values, wherever it was read from."""
    seen = blake2b(digest_size=16)
    for name in sorted(map(str, world.variables)):
        variable = world.variables[name]
        seen.update(digest_of(f"{name}{variable.dims}", variable.values))
    return seen.hexdigest()


def run_name(config: str, world: str, numbers_version: int) -> str:
    """Return the hash by which the records of a run know it, whatever its length.

    Parameters
    ----------
    config
        Merged configuration as JSON.
    world
        Digest of the world.
    numbers_version
        Version of the stored numbers.
    """
    # Not sorted: architectures and institutions are numbered in the order they are written.
    known = json.dumps([compared(config), world, numbers_version])
    return blake2b(known.encode(), digest_size=16).hexdigest()


def compared(config: str) -> dict[str, Any]:
    """Return a configuration as flat keys, without what does not make it another run.

    Those are its labels, how many trajectories it asks for or when it stops, where its world lies,
    of which the digest is compared instead, and errors of parameters that are not drawn.
    """
    found: dict[str, Any] = json.loads(config)
    for name in (*LABELS, "world", "stop"):
        found.pop(name, None)
    if found.get("uncertainty") is None:
        for name in ("uncertainty", "mixtures", "priors"):
            found.pop(name, None)
        found["estimates"] = []
    found["run"].pop("trajectories", None)
    return dict(_flat(found, ""))


def differences(stored: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """Return how the root attributes of a store differ from those a run would give it.

    Parameters
    ----------
    stored, asked
        Root attributes with `config`, `world_digest`, `numbers_version` and `run`.
    """
    found = []
    one, other = compared(str(stored["config"])), compared(str(asked["config"]))
    for key in sorted({*one, *other}):
        if one.get(key) != other.get(key):
            found.append(f"{key}: {_shown(one, key)} in the store, {_shown(other, key)} asked")
    if stored["world_digest"] != asked["world_digest"]:
        found.append("world: another state system at the forecast origin")
    if stored["numbers_version"] != asked["numbers_version"]:
        found.append(
            f"numbers_version: {stored['numbers_version']} in the store, "
            f"{asked['numbers_version']} of this version of the package (see CHANGELOG.md)"
        )
    if not found and stored["run"] != asked["run"]:
        found.append(
            "order: architectures or institutions are written in another order, or an earlier "
            "version of the package began the store"
        )
    return found


def other_environments(found: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """Return the environments that a store was carried on in, other than the one it was begun in.

    Parameters
    ----------
    found, asked
        Root attributes with `provenance`, of the store and of the run that carries it on.
    """
    begun, now = (json.loads(attributes["provenance"]) for attributes in (found, asked))
    others = set(found.get("carried_on_with", ()))
    if any(begun[name] != now[name] for name in BITS):
        others.add(", ".join(f"{name} {now[name]}" for name in BITS))
    return sorted(others)


def listed(differences: list[str]) -> str:
    """Return differences as indented lines, the first of them if there are many."""
    lines = [f"  {line}" for line in differences[:MOST_SHOWN]]
    if len(differences) > MOST_SHOWN:
        lines.append(f"  and {len(differences) - MOST_SHOWN} more")
    return "\n".join(lines)


def _flat(value: Any, path: str) -> list[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        parts = [_flat(item, f"{path}.{key}" if path else key) for key, item in value.items()]
        return [pair for part in parts for pair in part]
    return [(path, value)]


def _shown(values: Mapping[str, Any], key: str) -> str:
    return str(values[key]) if key in values else "nothing"
