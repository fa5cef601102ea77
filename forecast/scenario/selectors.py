"""Which states: a table of conditions, never an expression."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from forecast.scenario.quantities import Frozen, Several, Text

StateCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
StateClass = Literal["G", "M", "S"]
Region = Literal[
    "americas",
    "europe",
    "middle_east_north_africa",
    "sub_saharan_africa",
    "central_south_asia",
    "east_asia_pacific",
]
Role = Literal["member", "leader", "permanent_veto", "elected", "covered_partner", "guarantor"]

CapabilityShare = Annotated[float, Field(ge=0, le=1)]

CONDITIONS = (
    "all",
    "iso3",
    "roll",
    "state_class",
    "min_capability",
    "max_capability",
    "democracy",
    "region",
)


class Selector(Frozen):
    """The states that meet every condition, then those included, less those excluded.

    Parameters
    ----------
    all
        True selects every state; it stands without other conditions.
    iso3
        ISO 3166 alpha-3 codes (Kosovo: XKX).
    roll
        Id of an institution in the world's membership table: its members in any role, or in
        one of `roles`.
    roles
        Narrows `roll`.
    state_class
        Written ``class``: G great, M middle, S small power.
    min_capability, max_capability
        Bounds on the capability share of the state at the forecast origin, 0 to 1.
    democracy
        True selects democracies, false the others.
    region
        World regions.
    include_iso3, exclude_iso3
        Added after the conditions, then removed.
    """

    all: Literal[True] | None = None
    iso3: Several[StateCode] | None = None
    roll: Text | None = None
    roles: Several[Role] | None = None
    state_class: Several[StateClass] | None = Field(default=None, alias="class")
    min_capability: CapabilityShare | None = None
    max_capability: CapabilityShare | None = None
    democracy: bool | None = None
    region: Several[Region] | None = None
    include_iso3: Several[StateCode] | None = None
    exclude_iso3: Several[StateCode] | None = None

    @model_validator(mode="after")
    def _selects_something(self) -> Selector:
        stated = [name for name in CONDITIONS if getattr(self, name) is not None]
        if not stated and self.include_iso3 is None:
            raise ValueError("states no condition; write { all = true } for every state")
        if self.all and len(stated) > 1:
            raise ValueError("all = true stands alone; leave it out to combine conditions")
        if self.roles is not None and self.roll is None:
            raise ValueError("roles narrow a roll: state which roll")
        low, high = self.min_capability, self.max_capability
        if low is not None and high is not None and low > high:
            raise ValueError(f"min_capability {low} exceeds max_capability {high}: nobody fits")
        return self
