"""What an estimator found: values with their joint covariance, and the data they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import isclose
from typing import Annotated, Any

from pydantic import Field, model_validator

from forecast.scenario.faults import nearest
from forecast.scenario.parameters import Parameters
from forecast.scenario.quantities import USER, Frozen, Parameter, Several, Text

EntryName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
Row = Annotated[tuple[float, ...], Field(strict=False)]
Year = Annotated[int, Field(ge=1816, le=3000)]
Period = Annotated[tuple[Year, Year], Field(strict=False)]

# Numbers in files carry six significant digits; on the scale of correlations that moves an entry
# by less than this.
ROUNDING = 1e-6

GROUPS = Parameters.model_fields


class Estimate(Frozen):
    """Parameters that were estimated together.

    Parameters
    ----------
    equation
        Name of the group of `Parameters`, or another label where nothing there is estimated.
    form
        The form fitted, in words.
    parameters
        "group.name" of each estimated parameter; of a group unknown to `Parameters` where the
        estimate is reported only.
    values
        Point estimates, in the units of the parameters.
    covariance
        Of the estimates, symmetric and positive semi-definite.
    n
        Observations.
    events
        Events among them, where they are counted.
    clusters
        Clusters of the covariance; absent where observations count as independent.
    log_likelihood
        At the estimates; absent where none is maximised.
    period
        First and last year of the data used.
    note
        What a reader should know beside.
    """

    equation: Text
    form: Text
    parameters: Several[EntryName]
    values: Row
    covariance: Annotated[tuple[Row, ...], Field(strict=False)]
    n: int = Field(ge=1)
    events: int | None = Field(default=None, ge=0)
    clusters: int | None = Field(default=None, ge=1)
    log_likelihood: float | None = None
    period: Period
    note: Text | None = None

    @model_validator(mode="after")
    def _names_what_exists(self) -> Estimate:
        repeated = {name for name in self.parameters if self.parameters.count(name) > 1}
        if repeated:
            raise ValueError(f"parameters names {', '.join(sorted(repeated))} more than once")
        refuse_unknown_entries(n for n in self.parameters if n.split(".")[0] in GROUPS)
        return self

    @model_validator(mode="after")
    def _sizes_agree(self) -> Estimate:
        size = len(self.parameters)
        if len(self.values) != size:
            raise ValueError(f"{size} parameters and {len(self.values)} values")
        if len(self.covariance) != size or any(len(row) != size for row in self.covariance):
            rows = sorted({len(row) for row in self.covariance})
            raise ValueError(
                f"covariance of {size} parameters has {size} rows of {size}, not "
                f"{len(self.covariance)} of {' or '.join(map(str, rows)) or 0}"
            )
        _refuse_impossible(self.covariance)
        return self

    @model_validator(mode="after")
    def _period_runs_forward(self) -> Estimate:
        if self.period[0] > self.period[1]:
            raise ValueError(f"period runs from {self.period[0]} to {self.period[1]}")
        return self

    @property
    def in_parameters(self) -> tuple[str, ...]:
        """Names that stand for entries of `Parameters`; the others are reported only."""
        return tuple(n for n in self.parameters if n.split(".")[0] in Parameters.model_fields)


def refuse_unknown_entries(names: Iterable[str]) -> None:
    """Raise a ValueError at the first name "group.name" that is no parameter."""
    for name in names:
        group, key = name.split(".")
        known = _entries(group) if group in GROUPS else []
        if key not in known:
            hint = nearest(key, known) if known else nearest(group, list(GROUPS))
            raise ValueError(f"{group} has no parameter {key!r}{hint}")


def entry(parameters: Parameters, name: str) -> Parameter:
    """Return the parameter called "group.name"."""
    group, key = name.split(".")
    found: Parameter = getattr(getattr(parameters, group), key)
    return found


def drawn_names(estimate: Estimate, parameters: Parameters) -> tuple[str, ...]:
    """Return the parameters the estimate speaks for: a value set by the user stands."""
    return tuple(n for n in estimate.in_parameters if entry(parameters, n).tag != USER)


def mismatches(
    parameters: Parameters, estimates: Sequence[Estimate]
) -> Iterator[tuple[int, str, str]]:
    """Yield (number of the estimate, parameter, message) where entry and estimate differ."""
    for number, estimate in enumerate(estimates):
        drawn = drawn_names(estimate, parameters)
        for name, found in zip(estimate.parameters, estimate.values, strict=True):
            if name not in drawn:
                continue
            value = entry(parameters, name).value
            if not isclose(value, found, rel_tol=ROUNDING, abs_tol=1e-12):
                yield number, name, f"is {value}, but the estimate of it is {found}"


def hindsight(
    parameters: Parameters, estimates: Sequence[Estimate], first_year: int
) -> Estimate | None:
    """Return the first estimate in use whose data reach into the forecast; None if none does."""
    for estimate in estimates:
        if estimate.period[1] >= first_year and drawn_names(estimate, parameters):
            return estimate
    return None


CALIBRATED_UNTIL = 2000
"""Last year of the facts that `forecast study calibrate` matches."""


def calibrated_beforehand(parameters: Parameters, first_year: int) -> str | None:
    """Return the first entry matched to facts of the forecast's own years; None if none is."""
    if first_year > CALIBRATED_UNTIL:
        return None
    for group in Parameters.model_fields:
        for name in _entries(group):
            if entry(parameters, f"{group}.{name}").tag == "calibrated":
                return f"{group}.{name}"
    return None


def _entries(group: str) -> list[str]:
    annotation: Any = Parameters.model_fields[group].annotation
    return list(annotation.model_fields)


def _refuse_impossible(covariance: tuple[Row, ...]) -> None:
    """Raise where no set of estimates can have this covariance; rounding is forgiven."""
    # A scenario without estimates loads no numpy.
    import numpy as np

    matrix = np.array(covariance)
    variance = np.diag(matrix)
    if (variance < 0).any():
        raise ValueError(f"covariance holds a negative variance, {variance.min():.6g}")
    scale = np.where(variance > 0, np.sqrt(variance), 1.0)
    correlation = matrix / np.outer(scale, scale)
    if np.abs(correlation - correlation.T).max() > 2 * ROUNDING:
        row, column = np.unravel_index(
            np.abs(correlation - correlation.T).argmax(), correlation.shape
        )
        raise ValueError(
            f"covariance is not symmetric: {matrix[row, column]} in row {row + 1}, column "
            f"{column + 1}, but {matrix[column, row]} in row {column + 1}, column {row + 1}"
        )
    least = float(np.linalg.eigvalsh(correlation).min())
    if least < -ROUNDING * len(correlation):
        raise ValueError(
            f"covariance is not positive semi-definite: least eigenvalue {least:.3g} on the "
            "scale of correlations"
        )
