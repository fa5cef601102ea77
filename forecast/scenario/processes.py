"""Constants of what changes between disputes: economies, arms, regimes, rivalries, pacts, members.

A part of `Parameters`, whose contract holds here as well.
"""

from __future__ import annotations

from pydantic import model_validator

from forecast.scenario.quantities import (
    Frozen,
    NonNegativeParameter,
    Parameter,
    PositiveParameter,
    ShareParameter,
    SwitchParameter,
)


class Spillover(Frozen):
    """How a war raises the rate of disputes in its regions."""

    strength: NonNegativeParameter
    years: PositiveParameter
    reference_mean: NonNegativeParameter


class Sanctions(Frozen):
    """Whether a sanctioned initiator gives in, and what sanctions cost it."""

    compliance: ShareParameter
    years: PositiveParameter
    growth_drag: NonNegativeParameter
    war_length: ShareParameter


class Peacekeeping(Frozen):
    """What peacekeepers after a war do to the memory of its pair."""

    memory: ShareParameter
    years: PositiveParameter


class Nuclear(Frozen):
    """Use of nuclear weapons in war, and their spread."""

    both_armed: NonNegativeParameter
    one_armed: NonNegativeParameter
    survival: NonNegativeParameter
    log_deaths: Parameter
    log_deaths_sd: NonNegativeParameter
    proliferation: NonNegativeParameter
    threat: Parameter
    patron: Parameter


class Conquest(Frozen):
    """What a victorious initiator takes, and the norm against taking it."""

    transfer_low: PositiveParameter
    transfer_high: ShareParameter
    death: ShareParameter
    death_middle: ShareParameter
    death_great: ShareParameter
    rivalry_ends: ShareParameter
    norm_great: ShareParameter
    norm_other: ShareParameter
    norm_reversed: ShareParameter
    norm_years: PositiveParameter

    @model_validator(mode="after")
    def _transfers_in_order(self) -> Conquest:
        low, high = self.transfer_low.value, self.transfer_high.value
        if low > high:
            raise ValueError(f"transfer_low {low} exceeds transfer_high {high}")
        return self


class Rivalry(Frozen):
    """Log hazard at which rivalries begin, and the hazard at which they end."""

    const: Parameter
    land: Parameter
    sea: Parameter
    parity: Parameter
    joint_democracy: Parameter
    recent_war: Parameter
    end: NonNegativeParameter
    end_memory: Parameter
    cap: PositiveParameter


class Exit(Frozen):
    """When members leave an institution, and when it comes to an end."""

    exponent: Parameter
    condemned: NonNegativeParameter
    shift_factor: NonNegativeParameter
    shift_threshold: NonNegativeParameter
    democracy_factor: NonNegativeParameter
    collapse_level: ShareParameter
    collapse_years: PositiveParameter
    dissolution: NonNegativeParameter


class Pacts(Frozen):
    """How pacts end, who founds new ones with whom, and who joins a growing alliance."""

    death: NonNegativeParameter
    affinity: Parameter
    near: Parameter
    shared_rival: Parameter
    log_capability: Parameter
    unreliable: Parameter
    unreliable_below: ShareParameter
    crowding: NonNegativeParameter
    shock_factor: NonNegativeParameter
    shock_years: NonNegativeParameter
    threat_floor: PositiveParameter
    accession_affinity: ShareParameter
    accession_noise: NonNegativeParameter
    accession_patron: NonNegativeParameter


class Coercion(Frozen):
    """Attempts of great powers to coerce by trade, and what a success costs the coerced."""

    rate: NonNegativeParameter
    success: ShareParameter
    resilience: NonNegativeParameter
    growth_loss: ShareParameter


class Growth(Frozen):
    """Economic growth relative to the world's, and what capability owes to the economy."""

    sd: NonNegativeParameter
    autocorrelation: ShareParameter
    exponent: ShareParameter
    population_exponent: ShareParameter
    war_loss: NonNegativeParameter


class Spending(Frozen):
    """How military spending follows threats and the protection of allies."""

    speed: ShareParameter
    threat: Parameter
    free_riding: NonNegativeParameter
    low: Parameter
    high: Parameter

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Spending:
        if self.low.value > self.high.value:
            raise ValueError(f"low {self.low.value} exceeds high {self.high.value}")
        return self


class Regime(Frozen):
    """How democracy drifts, and from where on a state counts as one."""

    persistence: ShareParameter
    sd: NonNegativeParameter
    threshold: ShareParameter
    margin: ShareParameter


class Overcommitment(Frozen):
    """How promises beyond what a state can keep weaken each of them."""

    strength: NonNegativeParameter
    floor: PositiveParameter


class Process(Frozen):
    """Switches of the processes: 1 on, 0 off."""

    sanctions: SwitchParameter
    mediation: SwitchParameter
    peacekeeping: SwitchParameter
    late_joining: SwitchParameter
    nuclear_use: SwitchParameter
    conquest: SwitchParameter
    rivalry_change: SwitchParameter
    member_exit: SwitchParameter
    pact_death: SwitchParameter
    pact_birth: SwitchParameter
    accession: SwitchParameter
    hardening: SwitchParameter
    growth: SwitchParameter
    spending: SwitchParameter
    proliferation: SwitchParameter
    regime_change: SwitchParameter
    spillover: SwitchParameter
    provocation: SwitchParameter
    power_transition: SwitchParameter
    accommodation: SwitchParameter
    coercion: SwitchParameter
    overcommitment: SwitchParameter
    polarisation: SwitchParameter
