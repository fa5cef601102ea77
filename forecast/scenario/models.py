"""The frozen types of a scenario: horizon, run, security architectures and their conduct."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from forecast.scenario.conduct import Conduct
from forecast.scenario.estimates import (
    CALIBRATED_UNTIL,
    Estimate,
    calibrated_beforehand,
    hindsight,
)
from forecast.scenario.institution import NAME, Institution, Name
from forecast.scenario.parameters import Parameters
from forecast.scenario.priors import Mixture, Prior
from forecast.scenario.quantities import (
    Frozen,
    NonNegative,
    Several,
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


MOST_DRAWS = 65_536

Vary = Literal["all", "estimates", "assumptions"]


def _power_of_two(draws: int) -> int:
    if draws.bit_count() != 1:
        raise ValueError(f"{draws} is no power of two; only those fill the space evenly")
    return draws


class Uncertainty(Frozen):
    """The table ``[uncertainty]``: parameters are drawn instead of held at their central values.

    Parameters
    ----------
    draws
        Draws of the parameters, a power of two; trajectory n uses draw n modulo `draws`, under
        every architecture.
    vary
        "all"; only "estimates", what was estimated from data; or only "assumptions", the rest.
    """

    draws: Annotated[int, Field(ge=2, le=MOST_DRAWS), AfterValidator(_power_of_two)]
    vary: Vary = "all"


class Stop(Frozen):
    """The table ``[stop]``: the run goes on until an outcome is known well enough.

    Parameters
    ----------
    outcome
        Name of an outcome of a comparison.
    architecture
        Whose difference to the reference is to be known; absent: the outcome itself, under every
        architecture.
    absolute
        Half the width that its 95 % interval may have, in the outcome's unit.
    relative
        The same as a share of the value; one of the two is given.
    ceiling
        Trajectories after which the run ends in any case.
    """

    outcome: Text
    architecture: Label | None = None
    absolute: Annotated[float, Field(gt=0)] | None = None
    relative: Annotated[float, Field(gt=0)] | None = None
    ceiling: int = Field(ge=1, le=100_000_000)

    @model_validator(mode="after")
    def _has_one_target(self) -> Stop:
        if (self.absolute is None) == (self.relative is None):
            raise ValueError("give one of absolute and relative")
        return self


class ScenarioFile(Frozen):
    """A scenario file as written."""

    scenario: About
    horizon: Horizon
    run: RunSettings
    uncertainty: Uncertainty | None = None
    stop: Stop | None = None

    @model_validator(mode="after")
    def _stops_on_what_it_runs(self) -> ScenarioFile:
        sought = self.stop.architecture if self.stop else None
        if sought is not None and sought not in self.scenario.architectures:
            raise ValueError(f"stop.architecture {sought!r} is not among the architectures")
        if sought is not None and sought == self.scenario.reference:
            raise ValueError("stop.architecture is the reference; name one that differs from it")
        return self


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
    uncertainty
        How many draws of the parameters are made, if any, and of which.
    stop
        When the run has told enough, if not after a given number of trajectories.
    estimates
        What the parameters were estimated to be, with covariances; empty where the parameter
        file carries none. None in use may rest on data of the forecast years.
    mixtures, priors
        What is assumed of quantities that no data speak for.
    """

    title: Text
    description: Text
    world: Text
    reference: Name
    horizon: Horizon
    run: RunSettings
    uncertainty: Uncertainty | None = None
    stop: Stop | None = None
    parameters: Parameters
    estimates: tuple[Estimate, ...] = ()
    mixtures: tuple[Mixture, ...] = ()
    priors: tuple[Prior, ...] = ()
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
        if matched := calibrated_beforehand(self.parameters, first_year):
            raise ValueError(
                f"{matched} was calibrated on facts to {CALIBRATED_UNTIL}, but the forecast starts "
                f"in {first_year}: choose parameters fitted to {first_year - 1} or earlier"
            )
        return self

    @model_validator(mode="after")
    def _estimates_are_drawn_jointly(self) -> Scenario:
        drawn = self.uncertainty is not None and self.uncertainty.vary != "assumptions"
        if drawn and not self.estimates:
            raise ValueError(
                "uncertainty draws what was estimated, but these parameters carry no joint "
                "estimate, and terms drawn one by one would spread far too widely: choose "
                'parameters that do, such as "default_joint", or uncertainty.vary = "assumptions"'
            )
        return self
