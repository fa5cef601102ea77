"""The values that a prior of institutions or conduct takes at a percentile."""

from __future__ import annotations

from math import exp, log
from typing import Any

from forecast.scenario.models import Architecture
from forecast.scenario.priors import Prior, is_probability
from forecast.scenario.quantities import Quantity

Architectures = dict[str, Architecture]

CONDUCT = ""
"""Stands for the conduct of states where others have the id of an institution."""

NEAREST = 1e-9
"""How near a probability that has log odds may come to 0 and 1."""


def with_prior(
    prior: Prior, percentile: float, architectures: Architectures, reference: str
) -> tuple[Architectures, dict[str, float]]:
    """Return architectures with the values of a percentile, and those values.

    Parameters
    ----------
    prior
        What is assumed.
    percentile
        In (0, 1), the same for all.
    architectures, reference
        Of the scenario, and which of them is the reference.

    Returns
    -------
    tuple
        The architectures, and by their labels the factor or the mean value over institutions;
        where an architecture has no such quantity it is unchanged, and absent from the values.
    """
    changed, values = dict(architectures), {}
    for label, architecture in architectures.items():
        stated = _stated(prior, architecture, architectures[reference])
        drawn = {key: _drawn(prior, old, percentile) for key, old in stated.items()}
        if not drawn:
            continue
        changed[label] = _with(architecture, prior, drawn)
        found = [new.value for new in drawn.values()]
        values[label] = _factor(prior, percentile) if prior.factor else sum(found) / len(found)
    return changed, values


def speaks_of(prior: Prior, architectures: Architectures, reference: str) -> bool:
    """Return whether any architecture has the quantity."""
    return any(_stated(prior, a, architectures[reference]) for a in architectures.values())


def _stated(prior: Prior, own: Architecture, reference: Architecture) -> dict[str, Quantity]:
    """Return the quantities that a prior changes in an architecture, by institution."""
    field = prior.place[1]
    mine, theirs = _holders(prior, own), _holders(prior, reference)
    found = {key: getattr(holder, field) for key, holder in mine.items()}
    if not prior.apart:
        return found
    return {
        key: quantity
        for key, quantity in found.items()
        if key not in theirs or getattr(theirs[key], field).value != quantity.value
    }


def _holders(prior: Prior, architecture: Architecture) -> dict[str, Any]:
    if prior.place[0] == "conduct":
        return {CONDUCT: architecture.conduct}
    among, without = prior.institutions, prior.without or ()
    return {
        key: record
        for key, record in architecture.institutions.items()
        if key not in without and (among is None or key in among)
    }


def _with(architecture: Architecture, prior: Prior, drawn: dict[str, Quantity]) -> Architecture:
    field = prior.place[1]
    if prior.place[0] == "conduct":
        conduct = architecture.conduct.model_copy(update={field: drawn[CONDUCT]})
        return architecture.model_copy(update={"conduct": conduct})
    records = {
        key: record.model_copy(update={field: drawn[key]}) if key in drawn else record
        for key, record in architecture.institutions.items()
    }
    return architecture.model_copy(update={"institutions": records})


def _drawn(prior: Prior, old: Quantity, percentile: float) -> Quantity:
    value = _value(prior, old.value, percentile)
    if is_probability(prior.field):
        # Only what stood at 0 or 1 may stand there.
        value = min(max(value, min(old.value, NEAREST)), max(old.value, 1 - NEAREST))
    # Twelve digits: the last ones depend on the machine's library.
    return type(old)(value=float(f"{value:.12g}"), source=f"drawn: {prior.source}")


def _value(prior: Prior, centre: float, percentile: float) -> float:
    if prior.range is not None:
        return prior.range[0] + (prior.range[1] - prior.range[0]) * percentile
    if prior.factor is not None:
        return centre * _factor(prior, percentile)
    assert prior.error is not None  # one of the three is given
    return _beta(centre, prior.error, percentile)


def _factor(prior: Prior, percentile: float) -> float:
    assert prior.factor is not None
    low, high = map(log, prior.factor)
    return exp(low + (high - low) * percentile)


def _beta(mean: float, error: float, percentile: float) -> float:
    """Return the quantile of a beta distribution, its error at most half the way to 0 or 1."""
    # A run that draws nothing loads no scipy.
    from scipy.special import betaincinv

    spread = min(error, mean / 2, (1 - mean) / 2)
    if spread <= 0:
        return mean
    size = mean * (1 - mean) / spread**2 - 1
    return float(betaincinv(mean * size, (1 - mean) * size, percentile))
