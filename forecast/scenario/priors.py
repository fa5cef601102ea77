"""What a parameter file says of its uncertainty: joint estimates, alternatives, and priors."""

from __future__ import annotations

from itertools import pairwise
from math import isclose
from typing import Annotated, Any

from pydantic import Field, model_validator

from forecast.scenario.conduct import Conduct
from forecast.scenario.estimates import EntryName, Estimate, refuse_unknown_entries
from forecast.scenario.faults import nearest
from forecast.scenario.institution import Institution, Name
from forecast.scenario.quantities import (
    Frozen,
    OpenProbability,
    Probability,
    Quantity,
    Several,
    Text,
)

Weight = Annotated[float, Field(gt=0, le=1)]
Point = Annotated[tuple[float, ...], Field(strict=False)]
Bounds = Annotated[tuple[float, float], Field(strict=False)]

SUM_OF_WEIGHTS = 1e-9
"""By how much weights may miss one."""

HOLDERS: dict[str, type[Frozen]] = {"institution": Institution, "conduct": Conduct}
"""Whose quantities a prior may be of."""


class Mixture(Frozen):
    """Parameters that take one of a few sets of values, as rival readings of the evidence do.

    Parameters
    ----------
    name
        What results call it.
    parameters
        "group.name" of each parameter, in place of any other prior of theirs.
    points
        Sets of values, one per reading, in the order of the parameters; readings in the order of
        the first parameter, so that results can be read along it.
    weights
        Probability of each reading; they sum to one.
    source
        Where readings and weights come from.
    """

    name: Name
    parameters: Several[EntryName]
    points: Several[Point]
    weights: Several[Weight]
    source: Text

    @model_validator(mode="after")
    def _readings_are_whole(self) -> Mixture:
        refuse_unknown_entries(self.parameters)
        if any(len(point) != len(self.parameters) for point in self.points):
            raise ValueError(f"every point holds {len(self.parameters)} values, one per parameter")
        if len(self.weights) != len(self.points):
            raise ValueError(f"{len(self.points)} points and {len(self.weights)} weights")
        if not isclose(sum(self.weights), 1.0, abs_tol=SUM_OF_WEIGHTS):
            raise ValueError(f"weights sum to {sum(self.weights):g}, not to 1")
        if any(one[0] > other[0] for one, other in pairwise(self.points)):
            raise ValueError("points stand in the order of the first parameter")
        return self


class Prior(Frozen):
    """What is assumed of a quantity of institutions, or of the conduct of states.

    All architectures that have the quantity take the same percentile of their own priors.

    Parameters
    ----------
    name
        What results call it.
    field
        "institution.FIELD" or "conduct.FIELD".
    institutions, without
        Institutions it speaks of, by id, or all but some; by default all.
    apart
        Only where the value is not that of the reference, whose own is a definition.
    range
        Lowest and highest value, all between equally likely.
    factor
        Lowest and highest factor on the value of each, equally likely on a log scale; where the
        field is a probability the product is cut at 1.
    error
        Standard deviation of a beta distribution around the value of each, but at most half the
        way to 0 or 1; the field is a probability.
    source
        Why, or "assumption".
    """

    name: Name
    field: EntryName
    institutions: Several[Name] | None = None
    without: Several[Name] | None = None
    apart: bool = False
    range: Bounds | None = None
    factor: Bounds | None = None
    error: Weight | None = None
    source: Text

    @property
    def place(self) -> tuple[str, str]:
        """What the quantity belongs to, "institution" or "conduct", and its field."""
        holder, field = self.field.split(".")
        return holder, field

    @model_validator(mode="after")
    def _field_exists(self) -> Prior:
        holder = self.place[0]
        known = [f"{h}.{f}" for h, model in HOLDERS.items() for f in _quantities(model)]
        if self.field not in known:
            raise ValueError(f"no quantity {self.field!r}{nearest(self.field, known)}")
        if holder == "conduct" and (self.institutions or self.without):
            raise ValueError(
                "institutions and without do not go with conduct, which is that of states"
            )
        if self.institutions and self.without:
            raise ValueError("give either institutions or without, not both")
        return self

    @model_validator(mode="after")
    def _has_one_law(self) -> Prior:
        laws = [name for name in ("range", "factor", "error") if getattr(self, name) is not None]
        if len(laws) != 1:
            raise ValueError("give one of range, factor and error")
        for name in ("range", "factor"):
            bounds = getattr(self, name)
            if bounds is not None and not bounds[0] < bounds[1]:
                raise ValueError(f"{name} runs from {bounds[0]:g} to {bounds[1]:g}")
        if self.factor is not None and self.factor[0] <= 0:
            raise ValueError("a factor is above 0")
        return self


class UncertainTables(Frozen):
    """The tables ``[[estimate]]``, ``[[mixture]]`` and ``[[prior]]`` of a parameter file."""

    estimate: Annotated[tuple[Estimate, ...], Field(strict=False)] = ()
    mixture: Annotated[tuple[Mixture, ...], Field(strict=False)] = ()
    prior: Annotated[tuple[Prior, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _each_stated_once(self) -> UncertainTables:
        estimates, mixtures = self.estimate, self.mixture
        _refuse_repeated([e.equation for e in estimates], "estimated")
        _refuse_repeated([name for e in estimates for name in e.parameters], "estimated")
        _refuse_repeated([*(m.name for m in mixtures), *(p.name for p in self.prior)], "named")
        _refuse_repeated([name for m in mixtures for name in m.parameters], "mixed")
        return self


def _refuse_repeated(names: list[str], what: str) -> None:
    for name, following in pairwise(sorted(names)):
        if name == following:
            raise ValueError(f"{name!r} is {what} twice")


def _quantities(model: type[Frozen]) -> list[str]:
    """Return the fields of a record that hold a number with its source."""
    return [
        name
        for name, info in model.model_fields.items()
        if isinstance(info.annotation, type) and issubclass(info.annotation, Quantity)
    ]


def is_probability(field: str) -> bool:
    """Return whether a field of institutions or conduct, "institution.FIELD", is a probability."""
    holder, name = field.split(".")
    kind: Any = HOLDERS[holder].model_fields[name].annotation
    return issubclass(kind, Probability | OpenProbability)
