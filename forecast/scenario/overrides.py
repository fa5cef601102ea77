"""Values set on the command line: ``--set key.path=value``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from forecast.scenario.documents import Document
from forecast.scenario.faults import Faults, dotted, known_keys, model_at, nearest
from forecast.scenario.models import Architecture, ScenarioFile
from forecast.scenario.parameters import Parameters
from forecast.scenario.quantities import USER, Parameter, Quantity

SECTIONS = (*ScenarioFile.model_fields, "parameters", "architectures")


@dataclass(frozen=True)
class Override:
    """One ``--set``: a key path and the value it takes."""

    path: tuple[str, ...]
    value: Any

    @property
    def place(self) -> str:
        """How a fault names it."""
        return f"--set {dotted(*self.path)}"


def parse_overrides(texts: Iterable[str], faults: Faults) -> list[Override]:
    """Return the overrides; values are TOML, and text where they are no TOML value.

    Parameters
    ----------
    texts
        Each "key.path=value".
    faults
        Takes what cannot be read or begins with no known section.
    """
    parsed = []
    for text in texts:
        key, equals, value = text.partition("=")
        path = tuple(part.strip() for part in key.split("."))
        if not equals or not all(path):
            faults.add(f"--set {text}", "", "is written key.path=value")
        elif path[0] not in SECTIONS:
            faults.add(f"--set {text}", "", "unknown key" + nearest(path[0], SECTIONS))
        else:
            parsed.append(Override(path, _toml_value(value)))
    return parsed


def override_request(request: Document, overrides: list[Override], faults: Faults) -> None:
    """Set what belongs in the scenario file itself: scenario, horizon and run."""
    for override in overrides:
        if override.path[0] in ScenarioFile.model_fields:
            _assign(request, ScenarioFile, override.path, override, faults)


def override_parameters(parameters: Document, overrides: list[Override], faults: Faults) -> None:
    """Set constants of the conflict model."""
    for override in overrides:
        if override.path[0] == "parameters":
            _assign(parameters, Parameters, override.path[1:], override, faults)


def override_architecture(
    name: str, architecture: Document, overrides: list[Override], faults: Faults
) -> None:
    """Set fields of one resolved architecture, addressed as ``name.institution.field``."""
    for override in overrides:
        if override.path[:2] == ("architectures", name):
            path = override.path[2:]
            if path and path[0] not in Architecture.model_fields:
                path = ("institutions", *path)
            _assign(architecture, Architecture, path, override, faults)


def refuse_unknown_architectures(
    names: Iterable[str], overrides: list[Override], faults: Faults
) -> None:
    """Note overrides of architectures the scenario does not run."""
    for override in overrides:
        if override.path[0] == "architectures" and override.path[1:2] not in [(n,) for n in names]:
            hint = nearest(dotted(*override.path[1:2]), names)
            faults.add(override.place, "", f"the scenario runs no such architecture{hint}")


def _toml_value(text: str) -> Any:
    """Return the TOML value; also ".9", which TOML spells 0.9; else the text itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def _assign(
    document: Document,
    root: type[BaseModel],
    path: tuple[str, ...],
    override: Override,
    faults: Faults,
) -> None:
    """Set the value at `path` if every part of the path is known."""
    if path and path[-1] == "value":
        path = path[:-1]
    if not path:
        faults.add(override.place, "", "names no single value")
        return
    table = document.data
    for depth, part in enumerate(path):
        model = model_at(root, path[:depth])
        known = known_keys(model) if model else list(table)
        if part not in known:
            hint = nearest(part, known)
            faults.add(override.place, "", f"unknown key {part!r}{hint}")
            return
        if depth < len(path) - 1:
            table = table.setdefault(part, {})
            if not isinstance(table, dict):
                table = {}
    table[path[-1]] = _taken_by(model_at(root, path), table.get(path[-1]), override.value)
    document.places[path] = override.place


def _taken_by(model: type[BaseModel] | None, old: Any, value: Any) -> Any:
    """Return what to store: a number set by the user sheds the source of the one it replaces."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if model and issubclass(model, Parameter) and isinstance(old, dict) and is_number:
        return {"value": value, "unit": old.get("unit"), "source": USER, "tag": USER}
    if model and issubclass(model, Quantity) and is_number:
        return {"value": value, "source": USER}
    return value
