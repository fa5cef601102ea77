"""Numbers that know where they come from."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

Item = TypeVar("Item")


def _not_empty(items: tuple[Item, ...]) -> tuple[Item, ...]:
    if not items:
        raise ValueError("must name at least one")
    return items


Text = Annotated[str, Field(min_length=1)]

# A TOML array arrives as a list, which strict validation alone would refuse. Emptiness is told
# only where every item is sound: a length limit would add a second fault for each bad item.
Several = Annotated[
    tuple[Item, ...],
    Field(strict=False, json_schema_extra={"minItems": 1}),
    AfterValidator(_not_empty),
]

USER = "user"


class Frozen(BaseModel):
    """An immutable record that refuses keys it does not know and values of another type."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        populate_by_name=True,
        serialize_by_alias=True,
    )


class Quantity(Frozen):
    """A number with its source; a bare number is taken as the user's own.

    Parameters
    ----------
    value
        The number, finite; subclasses state its bounds.
    source
        Publication or treaty, an estimate and its data, or "assumption".

    Examples
    --------
    >>> Quantity.model_validate(0.4)
    Quantity(value=0.4, source='user')
    """

    value: float
    source: Text

    @model_validator(mode="before")
    @classmethod
    def _accept_bare_number(cls, given: Any) -> Any:
        if isinstance(given, int | float) and not isinstance(given, bool):
            return {"value": given, "source": USER}
        if not isinstance(given, dict | cls):
            raise ValueError("must be a number or { value = ..., source = ... }")
        return given

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe both spellings: the record and the bare number."""
        record = handler.resolve_ref_schema(handler(core_schema))
        number = {k: v for k, v in record["properties"]["value"].items() if k != "title"}
        return {"anyOf": [number, record]}


class Probability(Quantity):
    """A probability or share, 0 to 1."""

    value: float = Field(ge=0, le=1)


class OpenProbability(Quantity):
    """A probability strictly between 0 and 1, so that its log odds exist."""

    value: float = Field(gt=0, lt=1)


class NonNegative(Quantity):
    """A number of at least 0."""

    value: float = Field(ge=0)


class Positive(Quantity):
    """A number above 0."""

    value: float = Field(gt=0)


class Size(Quantity):
    """A number of states, 2 to 16."""

    value: float = Field(ge=2, le=16, multiple_of=1)


class Level(Quantity):
    """A step of the ladder of collective action.

    0 none, 1 mediation, 2 condemnation and sanctions, 3 peacekeeping, 4 enforcement.
    """

    value: float = Field(ge=0, le=4, multiple_of=1)


Tag = Literal[
    "estimated",
    "literature",
    "assumption",
    "prototype",
    "calibrated",
    "numerical",
    "switch",
    "user",
]


class Parameter(Frozen):
    """A constant of the conflict model with its uncertainty and its origin.

    Parameters
    ----------
    value
        Default, in `unit`.
    error
        Standard error or prior standard deviation, > 0; absent where `range` is given or the
        value is held fixed.
    range
        Lowest and highest plausible value.
    unit
        Unit of `value`, `error` and `range`; "1" for a pure number.
    source
        Publication, own estimate with its data, or "assumption".
    tag
        How the value came about: "estimated" from data for this project, taken from the
        "literature", an "assumption", matched to stylised facts with a "prototype" or
        "calibrated" by a history match, "numerical" where it leaves the law of the model
        unchanged, a "switch" of a process, or set by the "user".
    """

    value: float
    error: Annotated[float, Field(gt=0)] | None = None
    range: Annotated[tuple[float, float], Field(strict=False)] | None = None
    unit: Text
    source: Text
    tag: Tag

    @model_validator(mode="after")
    def _one_coherent_uncertainty(self) -> Parameter:
        if self.error is not None and self.range is not None:
            raise ValueError("give either error or range, not both")
        if self.range is not None and not self.range[0] <= self.value <= self.range[1]:
            low, high = self.range
            raise ValueError(f"value {self.value} lies outside its range [{low}, {high}]")
        return self


class ShareParameter(Parameter):
    """A parameter between 0 and 1."""

    value: float = Field(ge=0, le=1)


class NonNegativeParameter(Parameter):
    """A parameter of at least 0."""

    value: float = Field(ge=0)


class PositiveParameter(Parameter):
    """A parameter above 0."""

    value: float = Field(gt=0)


class SwitchParameter(Parameter):
    """A process of the model: 1 on, 0 off."""

    value: float = Field(ge=0, le=1, multiple_of=1)
