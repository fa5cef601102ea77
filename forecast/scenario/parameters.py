"""The constants of the conflict model: one group per mechanism, one field per constant.

The names are the contract with the simulation: a parameters file must state exactly these.
Values, units, uncertainty and sources live in ``configs/parameters``, never here.
"""

from __future__ import annotations

from pydantic import model_validator

from forecast.scenario.processes import (
    Coercion,
    Conquest,
    Exit,
    Growth,
    Nuclear,
    Overcommitment,
    Pacts,
    Peacekeeping,
    Process,
    Regime,
    Rivalry,
    Sanctions,
    Spending,
    Spillover,
)
from forecast.scenario.quantities import (
    Frozen,
    NonNegativeParameter,
    Parameter,
    PositiveParameter,
    ShareParameter,
)


class Onset(Frozen):
    """Rate at which a state starts a dispute with another: covariates plus added memory."""

    const: Parameter
    land: Parameter
    sea: Parameter
    log_distance: Parameter
    abs_log_ratio: Parameter
    one_major: Parameter
    two_majors: Parameter
    joint_democracy: Parameter
    defence_pact: Parameter
    rivalry: Parameter
    nuclear_one: Parameter
    nuclear_both: Parameter
    size: Parameter
    size_land: Parameter
    new_dyad: Parameter
    new_dyad_years: PositiveParameter
    memory_short: NonNegativeParameter
    memory_long: NonNegativeParameter
    tau_short: PositiveParameter
    tau_long: PositiveParameter
    memory_delay: NonNegativeParameter
    memory_direction: ShareParameter
    direction_ratio: Parameter
    direction_major: Parameter
    log_ratio_clip: PositiveParameter
    deterrence: NonNegativeParameter
    unilateral_cost: NonNegativeParameter
    recurrence_share: ShareParameter
    support_clip: PositiveParameter
    power_transition: Parameter
    provocation: NonNegativeParameter
    provocation_years: PositiveParameter
    moral_hazard: NonNegativeParameter
    frailty_sd: NonNegativeParameter

    @model_validator(mode="after")
    def _memory_dies_out(self) -> Onset:
        followers = (
            self.memory_short.value * self.tau_short.value
            + self.memory_long.value * self.tau_long.value
        )
        if followers >= 1:
            raise ValueError(
                f"memory_short x tau_short + memory_long x tau_long is {followers:.3g}: each "
                "dispute would cause at least one more, without end; keep it below 1"
            )
        return self


class Climate(Frozen):
    """World-wide swings of the dispute rate, alike in every architecture."""

    sd: NonNegativeParameter
    reversion: PositiveParameter
    truncation: PositiveParameter


class Sampling(Frozen):
    """Ceilings of the candidate process; they cost time and do not change the law."""

    immigrant_cap: PositiveParameter
    child_cap: PositiveParameter


class Aim(Frozen):
    """What a dispute is about, and what the first move is."""

    land_territory: ShareParameter
    land_policy: ShareParameter
    land_regime: ShareParameter
    land_other: ShareParameter
    far_territory: ShareParameter
    far_policy: ShareParameter
    far_regime: ShareParameter
    far_other: ShareParameter
    use_resisted: ShareParameter
    use_unresisted: ShareParameter
    grab_share: ShareParameter
    grab_held: ShareParameter

    @model_validator(mode="after")
    def _aims_fit_in_one(self) -> Aim:
        for place in ("land", "far"):
            total = sum(
                getattr(self, f"{place}_{aim}").value
                for aim in ("territory", "policy", "regime", "other")
            )
            # Four shares of six digits each may exceed one by their rounding.
            if total > 1 + 1e-5:
                raise ValueError(
                    f"the four {place}_ aims sum to {total:.3g}; at most 1 is possible"
                )
        return self


class Response(Frozen):
    """Log odds that the target answers with force."""

    const: Parameter
    land: Parameter
    parity: Parameter
    major_target: Parameter
    major_initiator: Parameter
    rivalry: Parameter
    memory_long: Parameter
    outside_ally: Parameter
    nuclear_target_only: Parameter
    order_weight: Parameter
    resilience: Parameter
    resilience_reference: ShareParameter
    concession: ShareParameter


class Support(Frozen):
    """Help for the target as the challenger expects it, against an ordinary defence pact."""

    credibility_reference: PositiveParameter
    obligation_reference: PositiveParameter
    share_reference: PositiveParameter
    reliability_reference: PositiveParameter
    weight_cap: PositiveParameter
    adequacy: NonNegativeParameter
    support_cap: PositiveParameter
    breadth: NonNegativeParameter


class Escalation(Frozen):
    """Log odds that a dispute in which the target answers becomes war."""

    const: Parameter
    land: Parameter
    log_ratio: Parameter
    support: Parameter
    joint_democracy: Parameter
    rivalry: Parameter
    post1945: Parameter
    attribution: ShareParameter
    order_weight: Parameter
    great_powers: Parameter
    nuclear_dyad: Parameter
    mediation: Parameter
    mediation_accepted: ShareParameter
    sanctions_threat: Parameter
    intra_mediation: Parameter
    support_low: Parameter
    support_high: Parameter
    credibility_norm: PositiveParameter
    norm_norm: PositiveParameter
    erosion_clip: PositiveParameter


class Fatality(Frozen):
    """Deaths in disputes short of war: whether any, and how many."""

    const: Parameter
    land: Parameter
    joint_democracy: Parameter
    rivalry: Parameter
    unresisted: ShareParameter
    bracket_1: ShareParameter
    bracket_2: ShareParameter
    bracket_3: ShareParameter
    bracket_4: ShareParameter
    bracket_5: ShareParameter

    @model_validator(mode="after")
    def _brackets_fill_one(self) -> Fatality:
        total = sum(getattr(self, f"bracket_{k}").value for k in range(1, 6))
        if abs(total - 1) > 0.005:
            raise ValueError(f"bracket_1 to bracket_5 sum to {total:.4g}; they must sum to 1")
        return self


class Joining(Frozen):
    """Log odds that a third state joins a war or fatal dispute, and what it brings."""

    const: Parameter
    war: Parameter
    fatal: Parameter
    near: Parameter
    major: Parameter
    log_capability: Parameter
    log_aggressor: Parameter
    free_riding: NonNegativeParameter
    democracy: Parameter
    post1945: Parameter
    obligation: Parameter
    obligation_reference: ShareParameter
    credibility: Parameter
    affinity: Parameter
    tied_down: Parameter
    nuclear_aggressor: Parameter
    great_powers: Parameter
    salience: NonNegativeParameter
    unobliged_share: ShareParameter
    aggressor_side: Parameter
    aggressor_obligation: ShareParameter
    buck_passing: Parameter
    needed: NonNegativeParameter
    load_cap: ShareParameter
    load_least: ShareParameter
    originator_load: ShareParameter
    tied_cap: ShareParameter
    willing_count: NonNegativeParameter
    willing_affinity: ShareParameter
    credibility_low: ShareParameter
    credibility_high: ShareParameter


class Agenda(Frozen):
    """Log odds that an institution takes up a dispute."""

    const: Parameter
    fatal: Parameter
    war: Parameter
    great_initiator: Parameter


class Vote(Frozen):
    """Log odds that a decider votes for a motion."""

    const: Parameter
    level: Parameter
    affinity: Parameter
    legitimacy: Parameter
    legitimacy_reference: PositiveParameter
    severity: Parameter
    case_sd: NonNegativeParameter


class Veto(Frozen):
    """Log odds that a holder of a veto uses it, before any restraint."""

    const: Parameter
    level: Parameter
    affinity: Parameter
    own_case: Parameter
    allied: Parameter
    target_patron_rival: Parameter


class War(Frozen):
    """How long a war lasts and how it ends."""

    shape: PositiveParameter
    scale: PositiveParameter
    ratio: Parameter
    draw_const: Parameter
    draw_ratio: Parameter
    win_const: Parameter
    win_ratio: Parameter
    resilience: NonNegativeParameter
    mediated_ending: NonNegativeParameter
    helped_ending: NonNegativeParameter


class Deaths(Frozen):
    """Battle deaths of a war, log-normal above the threshold."""

    const: Parameter
    log_least: Parameter
    log_most: Parameter
    log_parties: Parameter
    spread: PositiveParameter
    threshold: PositiveParameter
    population_cap: ShareParameter
    party_share: ShareParameter
    duration_correlation: ShareParameter


class Consequence(Frozen):
    """What a war costs its belligerents in military strength, and how they recover."""

    loss_const: ShareParameter
    loss_log_deaths: NonNegativeParameter
    loss_cap: ShareParameter
    winner_share: ShareParameter
    stock_recovery: ShareParameter
    stock_exponent: ShareParameter


class Credibility(Frozen):
    """How promises kept and broken move credibility, legitimacy and reputation."""

    weight_dispute: NonNegativeParameter
    weight_fatal: NonNegativeParameter
    weight_war: NonNegativeParameter
    great_factor: NonNegativeParameter
    scale: NonNegativeParameter
    partial_agenda: ShareParameter
    war_sanctions: ShareParameter
    war_agenda: ShareParameter
    legitimacy_rate: NonNegativeParameter
    legitimacy_selective: Parameter
    legitimacy_veto: Parameter
    reputation_prior: PositiveParameter
    reputation_weight: NonNegativeParameter
    reputation_years: PositiveParameter


class Order(Frozen):
    """The state of the international order."""

    order_weight: ShareParameter


class Parameters(Frozen):
    """Every constant of the conflict model, grouped by mechanism."""

    onset: Onset
    climate: Climate
    sampling: Sampling
    aim: Aim
    response: Response
    support: Support
    escalation: Escalation
    fatality: Fatality
    joining: Joining
    agenda: Agenda
    vote: Vote
    veto: Veto
    war: War
    deaths: Deaths
    consequence: Consequence
    credibility: Credibility
    order: Order
    spillover: Spillover
    sanctions: Sanctions
    peacekeeping: Peacekeeping
    nuclear: Nuclear
    conquest: Conquest
    rivalry: Rivalry
    exit: Exit
    pacts: Pacts
    coercion: Coercion
    growth: Growth
    spending: Spending
    regime: Regime
    overcommitment: Overcommitment
    process: Process
