"""The model's parameters as the kernel sees them: one named tuple of floats per process.

Names, units and sources are those of ``configs/parameters/default.toml``; the fields here are the
contract between that file and the kernel, and hold no value of their own.
"""

from typing import NamedTuple


class Onset(NamedTuple):
    """Dispute onset: base rate, memory and deterrence (docs/model.md §1.3, §3.1)."""

    const: float
    land: float
    sea: float
    log_distance: float
    abs_log_ratio: float
    one_major: float
    two_majors: float
    joint_democracy: float
    defence_pact: float
    rivalry: float
    nuclear_one: float
    nuclear_both: float
    size: float
    size_land: float
    new_dyad: float
    new_dyad_years: float
    memory_short: float
    memory_long: float
    tau_short: float
    tau_long: float
    memory_delay: float
    memory_direction: float
    direction_ratio: float
    direction_major: float
    log_ratio_clip: float
    deterrence: float
    unilateral_cost: float
    recurrence_share: float
    support_clip: float


class Climate(NamedTuple):
    """System-wide dispute climate (§1.2)."""

    sd: float
    reversion: float
    truncation: float


class Sampling(NamedTuple):
    """Caps of the candidate streams; they leave the law unchanged (§1.3)."""

    immigrant_cap: float
    child_cap: float


class Aim(NamedTuple):
    """What the initiator wants and does (§4.1)."""

    land_territory: float
    land_policy: float
    land_regime: float
    land_other: float
    far_territory: float
    far_policy: float
    far_regime: float
    far_other: float
    use_resisted: float
    use_unresisted: float
    grab_share: float
    grab_held: float


class Response(NamedTuple):
    """Target's resistance (§4.1)."""

    const: float
    land: float
    parity: float
    major_target: float
    major_initiator: float
    rivalry: float
    memory_long: float
    outside_ally: float
    nuclear_target_only: float
    order_weight: float
    resilience: float
    resilience_reference: float
    concession: float


class Support(NamedTuple):
    """Expected support of a target (§2, §3.1)."""

    credibility_reference: float
    obligation_reference: float
    share_reference: float
    reliability_reference: float
    weight_cap: float
    adequacy: float
    support_cap: float
    breadth: float


class Escalation(NamedTuple):
    """Escalation of a resisted dispute to war (§4.4)."""

    const: float
    land: float
    log_ratio: float
    support: float
    joint_democracy: float
    rivalry: float
    post1945: float
    attribution: float
    order_weight: float
    great_powers: float
    nuclear_dyad: float
    mediation: float
    mediation_accepted: float
    sanctions_threat: float
    intra_mediation: float
    support_low: float
    support_high: float
    credibility_norm: float
    norm_norm: float
    erosion_clip: float


class Fatality(NamedTuple):
    """Deaths short of war (§4.4)."""

    const: float
    land: float
    joint_democracy: float
    rivalry: float
    unresisted: float
    bracket_1: float
    bracket_2: float
    bracket_3: float
    bracket_4: float
    bracket_5: float


class Joining(NamedTuple):
    """Third states in a war (§5.2)."""

    const: float
    war: float
    fatal: float
    near: float
    major: float
    log_capability: float
    log_aggressor: float
    free_riding: float
    democracy: float
    post1945: float
    obligation: float
    obligation_reference: float
    credibility: float
    affinity: float
    tied_down: float
    nuclear_aggressor: float
    great_powers: float
    salience: float
    unobliged_share: float
    aggressor_side: float
    aggressor_obligation: float
    buck_passing: float
    needed: float
    load_cap: float
    load_least: float
    originator_load: float
    tied_cap: float
    willing_count: float
    willing_affinity: float
    credibility_low: float
    credibility_high: float


class Agenda(NamedTuple):
    """Whether a body takes a dispute up (§4.2, §4.5)."""

    const: float
    fatal: float
    war: float
    great_initiator: float


class Vote(NamedTuple):
    """Votes of deciders (§4.3)."""

    const: float
    level: float
    affinity: float
    legitimacy: float
    legitimacy_reference: float
    severity: float
    case_sd: float


class Veto(NamedTuple):
    """Vetoes (§4.3)."""

    const: float
    level: float
    affinity: float
    own_case: float
    allied: float
    target_patron_rival: float


class War(NamedTuple):
    """Duration and outcome of wars (§5.3, §5.5)."""

    shape: float
    scale: float
    ratio: float
    draw_const: float
    draw_ratio: float
    win_const: float
    win_ratio: float
    resilience: float


class Deaths(NamedTuple):
    """Battle deaths of wars (§5.5)."""

    const: float
    log_least: float
    log_most: float
    log_parties: float
    spread: float
    threshold: float
    population_cap: float
    party_share: float
    duration_correlation: float


class Consequence(NamedTuple):
    """Capability lost in war and regained (§3.2, §5.5)."""

    loss_const: float
    loss_log_deaths: float
    loss_cap: float
    winner_share: float
    stock_recovery: float
    stock_exponent: float


class Credibility(NamedTuple):
    """Credibility, legitimacy and reliability (§3.2, §5.4)."""

    weight_dispute: float
    weight_fatal: float
    weight_war: float
    great_factor: float
    scale: float
    partial_agenda: float
    war_sanctions: float
    war_agenda: float
    legitimacy_rate: float
    legitimacy_selective: float
    legitimacy_veto: float
    reputation_prior: float
    reputation_weight: float
    reputation_years: float


class Order(NamedTuple):
    """Global conditions (§4.1, §4.4)."""

    order_weight: float
    norm: float


class Parameters(NamedTuple):
    """All parameters, by process."""

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
