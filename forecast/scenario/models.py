"""The frozen types of a scenario: horizon, run, security architectures and their conduct."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from forecast.scenario.estimates import Estimate, hindsight
from forecast.scenario.institution import NAME, Institution, Name
from forecast.scenario.parameters import Parameters
from forecast.scenario.quantities import (
    Frozen,
    NonNegative,
    Positive,
    Probability,
    Several,
    Size,
    Text,
)

LABEL = rf"^{NAME}(@(budget_matched|credibility_matched|transition|without_[A-Z]{{3}}))?$"


def _known_variant(label: str) -> str:
    if re.match(LABEL, label) is None:
        raise ValueError(
            f"{label!r} is neither the name of an architecture nor name@variant with a variant "
            "budget_matched, credibility_matched, transition or without_XXX (XXX: a state by its "
            "ISO 3166 alpha-3 code)"
        )
    return label


# An architecture as a scenario asks for it: its file, or a comparability variant of it.
Label = Annotated[str, AfterValidator(_known_variant), Field(json_schema_extra={"pattern": LABEL})]

LONGEST_HORIZON_YEARS = 200


class Horizon(Frozen):
    """The forecast years, from 1 January of the first to 31 December of the last."""

    first_year: int = Field(ge=1816, le=3000)
    last_year: int = Field(ge=1816, le=3000)

    @model_validator(mode="after")
    def _holds_some_years(self) -> Horizon:
        if not 0 < self.years <= LONGEST_HORIZON_YEARS:
            raise ValueError(
                f"{self.first_year} to {self.last_year} makes {self.years} years; "
                f"a horizon holds 1 to {LONGEST_HORIZON_YEARS}"
            )
        return self

    @property
    def years(self) -> int:
        """Number of forecast years."""
        return self.last_year - self.first_year + 1


class RunSettings(Frozen):
    """How much is simulated, and from which start.

    Parameters
    ----------
    trajectories
        Simulated futures per architecture.
    seed
        Root of every random draw, 0 to 2^32 - 1.
    batch_size
        Trajectories stored and resumed together; it changes no result.
    memory_start
        Dispute memory at the start: "coded" from the record of disputes, or "expected" from
        each dyad's own rate before the record ends.
    """

    trajectories: int = Field(ge=1, le=100_000_000)
    seed: int = Field(ge=0, le=2**32 - 1)
    batch_size: int = Field(ge=1, le=1_000_000)
    memory_start: Literal["coded", "expected"]


class About(Frozen):
    """The table ``[scenario]``: what the scenario is and which files it draws on."""

    title: Text
    description: Text
    world: Text
    parameters: Name
    reference: Name
    architectures: Several[Label]

    @model_validator(mode="after")
    def _names_each_architecture_once(self) -> About:
        repeated = {n for n in self.architectures if self.architectures.count(n) > 1}
        if repeated:
            raise ValueError(f"architectures names {', '.join(sorted(repeated))} more than once")
        if self.reference not in self.architectures:
            raise ValueError(
                f"reference {self.reference!r} is not among the architectures "
                f"({', '.join(self.architectures)})"
            )
        return self


class ScenarioFile(Frozen):
    """A scenario file as written."""

    scenario: About
    horizon: Horizon
    run: RunSettings


class Conduct(Frozen):
    """How states behave throughout an architecture, beyond what its institutions promise.

    Parameters
    ----------
    willing_bonus
        Added log odds of joining for states outside any promise (coalitions of the willing).
    willing_weight
        Weight of such a state's capability in the support the challenger expects.
    balance_bonus
        Added log odds of joining against a rival or a much stronger aggressor.
    births_per_year, birth_size_most, birth_life_years
        Pacts founded a year, their largest size, and their mean life; 0 years: they end as the
        pacts of the origin do. None are founded without an institution with ``links = "births"``.
    pact_death_factor, exit_factor
        Factors on the rates at which pacts end and members leave institutions.
    accession_per_year
        States a year that seek to join an institution open to new members.
    polarisation
        Factor on the rate at which rivalries arise between opposed poles.
    accommodation
        Probability that a great power abstains where another is the aggressor.
    conquest_norm
        Strength of the norm against conquest at the origin, 0 to 1.
    """

    willing_bonus: NonNegative
    willing_weight: Probability
    balance_bonus: NonNegative
    births_per_year: NonNegative
    birth_size_most: Size
    birth_life_years: NonNegative
    pact_death_factor: NonNegative
    exit_factor: NonNegative
    accession_per_year: NonNegative
    polarisation: Positive
    accommodation: Probability
    conquest_norm: Probability


class Architecture(Frozen):
    """A security architecture, complete after inheritance.

    Parameters
    ----------
    institutions
        By id, in the order they are written, bases first.
    voided
        Institutions of a base that are void here. The obligations between their members are
        void too: they do not come back among the remaining pacts of an institution with `links`.
    transition_years
        Years over which it takes the place of the reference; 0: in force from the first day.
    """

    title: Text
    description: Text
    conduct: Conduct
    institutions: dict[str, Institution] = Field(min_length=1)
    voided: dict[str, Institution] = Field(default_factory=dict)
    transition_years: NonNegative = NonNegative(value=0, source="in force from the first day")

    @model_validator(mode="after")
    def _coherent_records(self) -> Architecture:
        renamed = [key for key, record in self.institutions.items() if record.id != key]
        if renamed:
            raise ValueError(f"the id of {', '.join(renamed)} cannot be changed")
        for links in ("defence_obligation", "births"):
            linked = [i.id for i in self.institutions.values() if i.links == links]
            if len(linked) > 1:
                raise ValueError(
                    f'only one institution may carry links = "{links}", not {", ".join(linked)}'
                )
        return self


class Scenario(Frozen):
    """What is asked: merged from scenario file, parameters, architectures and overrides.

    Parameters
    ----------
    estimates
        What the parameters were estimated to be, with covariances; empty where the parameter
        file carries none. None in use may rest on data of the forecast years.
    """

    title: Text
    description: Text
    world: Text
    reference: Name
    horizon: Horizon
    run: RunSettings
    parameters: Parameters
    estimates: tuple[Estimate, ...] = ()
    architectures: dict[str, Architecture]

    @model_validator(mode="after")
    def _parameters_know_no_future(self) -> Scenario:
        first_year = self.horizon.first_year
        knowing = hindsight(self.parameters, self.estimates, first_year)
        if knowing is not None:
            raise ValueError(
                f"the estimate of {knowing.equation} uses data to {knowing.period[1]}, but the "
                f"forecast starts in {first_year}: choose parameters fitted to "
                f"{first_year - 1} or earlier"
            )
        return self
