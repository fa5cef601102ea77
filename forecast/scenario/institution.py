"""The record of an institution: the one form in which bodies and pacts are stated."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from forecast.scenario.quantities import (
    Frozen,
    Level,
    NonNegative,
    OpenProbability,
    Positive,
    Probability,
    Text,
)
from forecast.scenario.selectors import Selector

NAME = r"[a-z][a-z0-9_]*"

Name = Annotated[str, Field(pattern=f"^{NAME}$")]


def _none_if_false(given: Any) -> Any:
    return None if given is False else given


# false takes away a selector that the base of an architecture states.
RemovableSelector = Annotated[
    Selector | None,
    BeforeValidator(_none_if_false, json_schema_input_type=Selector | Literal[False] | None),
]


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
    domain
        What it acts on: "armed" aggression, "economic" coercion, or "both". One for economic
        coercion alone promises no armed help and takes no votes.
    pole
        Name of the pole it belongs to: rivalries arise more often between opposed poles.
    accedes
        Whether it is open to new members.
    exit_rate
        Yearly rate at which a member leaves while the institution's credibility is one half.
    hardening_rate, obligation_ceiling, share_ceiling
        Share of the gap to the two ceilings that obligation and share close each year.
    invest
        Share of the members' output that it spends.
    links
        "defence_obligation": its promises are the defence obligations of the world that no other
        institution of the record holds. "births": it is the class of the pacts born in the run.
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
    domain: Literal["armed", "economic", "both"]
    pole: Name | None = None
    accedes: bool
    exit_rate: NonNegative
    hardening_rate: Probability
    obligation_ceiling: Probability
    share_ceiling: Probability
    invest: Probability
    links: Literal["defence_obligation", "births"] | None = None

    @property
    def decides(self) -> bool:
        """Whether it acts by a vote rather than by each member's own promise."""
        return self.rule != "automatic"

    @property
    def promises(self) -> bool:
        """Whether its members promise armed help, one by one."""
        return not self.decides and self.domain != "economic"

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
        return self

    @model_validator(mode="after")
    def _fits_its_domain_and_links(self) -> Institution:
        if self.links is not None and self.decides:
            raise ValueError('links go with rule = "automatic" only')
        if self.links is not None and self.domain == "economic":
            raise ValueError('links are promises of armed help: domain is "armed" or "both"')
        if self.links is not None and self.accedes:
            raise ValueError("a class of pacts has no members that another could join")
        if self.links == "births" and not self.fixed_credibility:
            raise ValueError('links = "births" needs fixed_credibility = true')
        if self.domain == "economic" and self.decides:
            raise ValueError('domain = "economic" goes with rule = "automatic": it takes no votes')
        return self
