"""The frozen types of a scenario: horizon, run, security architectures and their institutions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from forecast.scenario.estimates import Estimate, hindsight
from forecast.scenario.parameters import Parameters
from forecast.scenario.quantities import (
    Frozen,
    Level,
    NonNegative,
    OpenProbability,
    Positive,
    Probability,
    Several,
    Text,
)
from forecast.scenario.selectors import Selector

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def _none_if_false(given: Any) -> Any:
    return None if given is False else given


# false takes away a selector that the base of an architecture states.
RemovableSelector = Annotated[
    Selector | None,
    BeforeValidator(_none_if_false, json_schema_input_type=Selector | Literal[False] | None),
]

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
    architectures: Several[Name]

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


class Institution(Frozen):
    """One body or pact: who belongs, who decides, whom it covers, how far and how well it acts.

    Parameters
    ----------
    id
        Key of its random draws: the same body keeps its id in every architecture.
    rule
        How it decides: "veto", "majority" or "unanimity" of the deciders; "automatic" leaves
        each member to honour its own promise.
    members, deciders, veto_holders, covered
        States that owe help, that vote, that may veto, and that are owed help. The second and
        third may be absent; false removes them from an inherited record.
    obligation
        Strength of the promise: 0 consultation, 1 automatic armed assistance.
    share
        Share of a member's capability made available.
    standing
        Standing force, as a share of world capability.
    credibility, credibility_size, fail_weight, memory_years
        Initial mean of the credibility, weight of that prior in past tests, weight of a failure
        against a success, and time constant of the return to the prior (years).
    fixed_credibility
        True for a class of small pacts, whose credibility moves only with its members' names.
    legitimacy
        Initial legitimacy, 0 to 1.
    quorum
        Share of the deciders a motion needs; 1 where the rule is unanimity.
    exclude_parties
        Whether the victim's vote is left out, as the aggressor's always is.
    veto_restraint
        Probability that a holder forgoes a veto it would have used.
    override_quorum
        Share of all members that carries a vetoed motion; 0: no override.
    ladder_max
        Highest level of collective action; 0 for automatic pacts.
    trigger
        Least act that engages it.
    latency_days
        Mean delay until help arrives.
    free_riding
        Exponent of the number of members by which each one's readiness falls.
    intra
        What it does about aggression among members: "cover" the victim, "mediate", or "none".
    resilience_rate, resilience_cap
        Yearly gain of the members' resilience and its ceiling; 0: none.
    links
        "defence_obligation": its promises are the defence obligations of the world that no other
        institution of the record holds.
    """

    id: Name
    title: Text
    rule: Literal["veto", "majority", "unanimity", "automatic"]
    members: Selector
    deciders: RemovableSelector = None
    veto_holders: RemovableSelector = None
    covered: Selector
    obligation: Probability
    share: Probability
    standing: Probability
    credibility: OpenProbability
    credibility_size: Positive
    fail_weight: NonNegative
    memory_years: Positive
    fixed_credibility: bool
    legitimacy: OpenProbability
    quorum: Probability
    exclude_parties: bool
    veto_restraint: Probability
    override_quorum: Probability
    ladder_max: Level
    trigger: Literal["threat", "display", "use", "war"]
    latency_days: NonNegative
    free_riding: NonNegative
    intra: Literal["cover", "mediate", "none"]
    resilience_rate: Probability
    resilience_cap: Probability
    links: Literal["defence_obligation"] | None = None

    @property
    def decides(self) -> bool:
        """Whether it acts by a vote rather than by each member's own promise."""
        return self.rule != "automatic"

    @model_validator(mode="after")
    def _has_what_its_rule_needs(self) -> Institution:
        if self.decides and self.deciders is None:
            raise ValueError(f'rule = "{self.rule}" needs deciders')
        if self.rule == "veto" and self.veto_holders is None:
            raise ValueError('rule = "veto" needs veto_holders')
        if self.rule != "veto" and self.veto_holders is not None:
            raise ValueError('veto_holders go with rule = "veto" only; false removes them')
        if not self.decides and self.deciders is not None:
            raise ValueError('deciders do not go with rule = "automatic": nothing is decided')
        if self.decides != (self.ladder_max.value > 0):
            raise ValueError('ladder_max is 0 with rule = "automatic" and at least 1 otherwise')
        if self.rule == "unanimity" and self.quorum.value != 1:
            raise ValueError(f'quorum is 1 with rule = "unanimity", not {self.quorum.value}')
        if self.links is not None and self.decides:
            raise ValueError('links go with rule = "automatic" only')
        return self


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
    """

    willing_bonus: NonNegative
    willing_weight: Probability
    balance_bonus: NonNegative


class Architecture(Frozen):
    """A security architecture, complete after inheritance.

    Parameters
    ----------
    institutions
        By id, in the order they are written, bases first.
    voided
        Institutions of a base that are void here. The obligations between their members are
        void too: they do not come back among the remaining pacts of an institution with `links`.
    """

    title: Text
    description: Text
    conduct: Conduct
    institutions: dict[str, Institution] = Field(min_length=1)
    voided: dict[str, Institution] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _coherent_records(self) -> Architecture:
        renamed = [key for key, record in self.institutions.items() if record.id != key]
        if renamed:
            raise ValueError(f"the id of {', '.join(renamed)} cannot be changed")
        linked = [i.id for i in self.institutions.values() if i.links is not None]
        if len(linked) > 1:
            raise ValueError(f"only one institution may carry links, not {', '.join(linked)}")
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
