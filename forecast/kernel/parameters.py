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
    power_transition: float
    provocation: float
    provocation_years: float
    moral_hazard: float
    frailty_sd: float


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
    mediated_ending: float
    helped_ending: float


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


class Spillover(NamedTuple):
    """A war raises the dispute rate of its regions (§3.3)."""

    strength: float
    years: float
    reference_mean: float


class Sanctions(NamedTuple):
    """Compliance with sanctions and what they cost (§4.6)."""

    compliance: float
    years: float
    growth_drag: float
    war_length: float


class Peacekeeping(NamedTuple):
    """What peacekeepers after a war do to the memory of its pair (§5.7)."""

    memory: float
    years: float


class Nuclear(NamedTuple):
    """Use of nuclear weapons in war, and their spread (§5.8, §6.2)."""

    both_armed: float
    one_armed: float
    survival: float
    log_deaths: float
    log_deaths_sd: float
    proliferation: float
    threat: float
    patron: float


class Conquest(NamedTuple):
    """Territory, regime and state death after a victory; the norm against conquest (§5.9)."""

    transfer_low: float
    transfer_high: float
    death: float
    death_middle: float
    death_great: float
    rivalry_ends: float
    norm_great: float
    norm_other: float
    norm_reversed: float
    norm_years: float


class Rivalry(NamedTuple):
    """Birth and death of strategic rivalries (§6.3)."""

    const: float
    land: float
    sea: float
    parity: float
    joint_democracy: float
    recent_war: float
    end: float
    end_memory: float
    cap: float


class Exit(NamedTuple):
    """Exit of members, end of institutions (§6.5)."""

    exponent: float
    condemned: float
    shift_factor: float
    shift_threshold: float
    democracy_factor: float
    collapse_level: float
    collapse_years: float
    dissolution: float


class Pacts(NamedTuple):
    """Birth, death and growth of pacts (§6.4, §6.6, §6.7)."""

    death: float
    affinity: float
    near: float
    shared_rival: float
    log_capability: float
    unreliable: float
    unreliable_below: float
    crowding: float
    shock_factor: float
    shock_years: float
    threat_floor: float
    accession_affinity: float
    accession_noise: float
    accession_patron: float


class Coercion(NamedTuple):
    """Economic coercion by great powers (§4.7)."""

    rate: float
    success: float
    resilience: float
    growth_loss: float


class Growth(NamedTuple):
    """Economic growth relative to the world's (§6.1)."""

    sd: float
    autocorrelation: float
    exponent: float
    population_exponent: float
    war_loss: float


class Spending(NamedTuple):
    """Military spending (§6.1)."""

    speed: float
    threat: float
    free_riding: float
    low: float
    high: float


class Regime(NamedTuple):
    """Democracy (§6.1)."""

    persistence: float
    sd: float
    threshold: float
    margin: float


class Overcommitment(NamedTuple):
    """Promises beyond what a state can keep (§3.4)."""

    strength: float
    floor: float


class Process(NamedTuple):
    """Switches of the processes: 1 on, 0 off."""

    sanctions: float
    mediation: float
    peacekeeping: float
    late_joining: float
    nuclear_use: float
    conquest: float
    rivalry_change: float
    member_exit: float
    pact_death: float
    pact_birth: float
    accession: float
    hardening: float
    growth: float
    spending: float
    proliferation: float
    regime_change: float
    spillover: float
    provocation: float
    power_transition: float
    accommodation: float
    coercion: float
    overcommitment: float
    polarisation: float


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
