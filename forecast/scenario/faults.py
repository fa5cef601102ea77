"""Everything wrong with a configuration, told at once and where it stands."""

from __future__ import annotations

import difflib
import types
from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from forecast.errors import ForecastError
from forecast.scenario.lines import KeyPath

Model = TypeVar("Model", bound=BaseModel)


class Faults:
    """Collects faults as "place: key.path: message" and raises them together."""

    def __init__(self) -> None:
        self._messages: list[str] = []

    def __len__(self) -> int:
        return len(self._messages)

    def add(self, place: str, key: str, message: str) -> None:
        """Note a fault; `key` is empty where it concerns a whole file."""
        text = ": ".join(part for part in (place, key, message) if part)
        if text not in self._messages:
            self._messages.append(text)

    def raise_if_any(self) -> None:
        """Raise every noted fault.

        Raises
        ------
        ForecastError
            Where at least one fault was noted, one line for each.
        """
        if self._messages:
            raise ForecastError("\n".join(self._messages))

    def validated(
        self,
        model: type[Model],
        data: Any,
        place: Callable[[KeyPath], str],
        key: Callable[[KeyPath], str],
    ) -> Model | None:
        """Return `data` as `model`; None, with every fault noted, where it does not fit.

        Parameters
        ----------
        model
            The type asked for.
        data
            Raw configuration data.
        place
            Tells "file:line" for a key path within `data`.
        key
            Spells a key path within `data` as the user would write it.
        """
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                loc = detail["loc"]
                self.add(place(loc), key(loc), _message(model, detail))
        return None


def dotted(*path: str | int) -> str:
    """Return a key path as it is written: its parts joined by dots."""
    return ".".join(str(part) for part in path)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean ...?" for the known word most like `word`, or nothing.

    Examples
    --------
    >>> nearest("horzon", ["horizon", "run"])
    "; did you mean 'horizon'?"
    """
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def known_keys(model: type[BaseModel]) -> list[str]:
    """Return the keys a table of this type may hold, as they are written."""
    return [info.alias or name for name, info in model.model_fields.items()]


def model_at(model: type[BaseModel], path: KeyPath) -> type[BaseModel] | None:
    """Return the type of the table at `path` inside `model`, or None where there is none."""
    current: type[BaseModel] | None = model
    inside: Any = None
    for part in path:
        if current is not None:
            fields = {info.alias or name: info for name, info in current.model_fields.items()}
            if part not in fields:
                return None
            inside = fields[str(part)].annotation
        else:
            inside = _item_of(inside)
        current = _model_in(inside)
    return current


def _item_of(annotation: Any) -> Any:
    """Return what a mapping or sequence type holds."""
    held = get_args(annotation)
    if get_origin(annotation) is tuple:
        return held[0]
    return held[-1] if get_origin(annotation) in (dict, list) else None


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model type within an optional or annotated type."""
    if get_origin(annotation) in (Union, types.UnionType, Annotated):
        found = (_model_in(part) for part in get_args(annotation))
        return next((part for part in found if part is not None), None)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return None


def _message(model: type[BaseModel], detail: ErrorDetails) -> str:
    """Return the fault in plain words, with the offending value or the nearest known key."""
    kind, given = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        table = model_at(model, detail["loc"][:-1])
        known = known_keys(table) if table else []
        return "unknown key" + nearest(str(detail["loc"][-1]), known)
    if kind == "missing":
        return "is missing"
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if kind == "model_type":
        return f"must be a table, not {given!r}"
    if kind == "literal_error":
        expected = str(detail["ctx"]["expected"])
        return f"must be {expected}, not {given!r}"
    return detail["msg"].replace("Input should be", "must be") + f", not {given!r}"
