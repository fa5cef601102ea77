"""How states behave throughout an architecture, beyond what its institutions promise."""

from __future__ import annotations

from forecast.scenario.quantities import Frozen, NonNegative, Positive, Probability, Size


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
