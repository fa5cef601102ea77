"""Writing a parameter file: what an estimator found, on top of a base."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from forecast.errors import ForecastError
from forecast.scenario.estimates import Estimate
from forecast.scenario.faults import known_keys, model_at, nearest
from forecast.scenario.parameters import Parameters
from forecast.scenario.priors import Mixture
from forecast.scenario.quantities import Tag


class Fitted(NamedTuple):
    """The new value of a parameter; its unit is that of the base."""

    value: float
    error: float | None
    source: str
    tag: Tag


def write_parameters(
    path: str | os.PathLike[str],
    base: str,
    updates: Mapping[str, Fitted | tuple[float, float | None, str, Tag]],
    estimates: Sequence[Estimate],
    header: str,
    *,
    mixtures: Sequence[Mixture] = (),
    overwrite: bool = False,
) -> None:
    """Write a parameter file that `load_scenario` reads; equal input gives equal bytes.

    Parameters
    ----------
    path
        File to write; it appears complete or not at all.
    base
        Parameter file whose other values hold.
    updates
        By "group.name": value, standard error (> 0; None where the value is held fixed), source
        and tag. Numbers keep six significant digits, here and in the estimates.
    estimates
        What was estimated jointly; a parameter among `updates` has the same value there.
    header
        Comment at the top, one or more lines.
    mixtures
        Sets of values that parameters take together; their weights are written in full.
    overwrite
        Whether an existing file is replaced.

    Raises
    ------
    ForecastError
        If a name is no parameter, the file exists, or it cannot be written.
    """
    _refuse_unknown(updates)
    lines = [f"# {line}".rstrip() for line in header.splitlines()]
    lines += ["", f"base = {_quoted(base)}", *_groups(updates), *_estimates(estimates)]
    lines += _mixtures(mixtures)
    _publish(Path(path), "\n".join(lines) + "\n", overwrite=overwrite)


def _refuse_unknown(names: Mapping[str, object]) -> None:
    known = [
        f"{group}.{entry}"
        for group in Parameters.model_fields
        if (model := model_at(Parameters, (group,)))
        for entry in known_keys(model)
    ]
    for name in names:
        if name not in known:
            raise ForecastError(f"no parameter is called {name!r}{nearest(name, known)}")


def _groups(updates: Mapping[str, tuple[float, float | None, str, Tag]]) -> Iterator[str]:
    """Yield the tables of entries, in the order of the model."""
    for group in Parameters.model_fields:
        model = model_at(Parameters, (group,))
        names = [n for n in known_keys(model) if f"{group}.{n}" in updates] if model else []
        if names:
            yield from ("", f"[{group}]")
        for name in names:
            value, error, source, tag = updates[f"{group}.{name}"]
            parts = [f"value = {_number(value)}"]
            parts += [f"error = {_number(error)}"] if error is not None else []
            parts += [f"source = {_quoted(source)}", f"tag = {_quoted(tag)}"]
            yield f"{name} = {{ {', '.join(parts)} }}"


def _estimates(estimates: Sequence[Estimate]) -> Iterator[str]:
    for estimate in estimates:
        yield from ("", "[[estimate]]")
        yield f"equation = {_quoted(estimate.equation)}"
        yield f"form = {_quoted(estimate.form)}"
        yield f"parameters = [{', '.join(map(_quoted, estimate.parameters))}]"
        yield f"values = {_row(estimate.values)}"
        yield "covariance = ["
        yield from (f"  {_row(row)}," for row in estimate.covariance)
        yield "]"
        yield f"n = {estimate.n}"
        for key in ("events", "clusters"):
            if (count := getattr(estimate, key)) is not None:
                yield f"{key} = {count}"
        if estimate.log_likelihood is not None:
            yield f"log_likelihood = {round(estimate.log_likelihood, 3)!r}"
        yield f"period = [{estimate.period[0]}, {estimate.period[1]}]"
        if estimate.note is not None:
            yield f"note = {_quoted(estimate.note)}"


def _mixtures(mixtures: Sequence[Mixture]) -> Iterator[str]:
    for mixture in mixtures:
        yield from ("", "[[mixture]]")
        yield f"name = {_quoted(mixture.name)}"
        yield f"parameters = [{', '.join(map(_quoted, mixture.parameters))}]"
        yield "points = ["
        yield from (f"  {_row(point)}," for point in mixture.points)
        yield "]"
        yield f"weights = [{', '.join(map(repr, mixture.weights))}]"
        yield f"source = {_quoted(mixture.source)}"


def _row(numbers: Sequence[float]) -> str:
    return f"[{', '.join(map(_number, numbers))}]"


def _number(value: float) -> str:
    """Return the number with six significant digits, as TOML spells it."""
    return repr(float(f"{value:.6g}"))


def _quoted(text: str) -> str:
    # JSON escapes are TOML escapes; TOML wants DEL escaped as well.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _publish(path: Path, text: str, *, overwrite: bool) -> None:
    """Put the file in its place at once, whole."""
    if os.path.lexists(path) and not overwrite:
        raise ForecastError(f"{path}: exists; choose another --output, or --overwrite it")
    growing = path.with_name(f".{path.name}.partial-{uuid.uuid4().hex[:8]}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        growing.write_text(text, encoding="utf-8")
        growing.replace(path)
    except OSError as error:
        raise ForecastError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        with suppress(OSError):
            growing.unlink(missing_ok=True)
