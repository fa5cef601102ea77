"""Draws of everything uncertain, spread evenly over what is plausible and shared by all futures."""

from __future__ import annotations

import hashlib
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.scenario.drawn_parameters import draw_parameters, parameter_names, readings
from forecast.scenario.drawn_priors import speaks_of, with_prior
from forecast.scenario.estimates import entry
from forecast.scenario.models import Scenario

F8 = NDArray[np.float64]

Kind = Literal["estimate", "assumption", "mixture"]

BELOW = 2.0**-31
"""Half the step of a design's percentiles: none of them is 0 or 1."""


class UncertainQuantity(NamedTuple):
    """A quantity that draws differ in: its name, how it is known, and the unit of its values."""

    name: str
    kind: Kind
    unit: str


class Drawn(NamedTuple):
    """One draw.

    Parameters
    ----------
    scenario
        With the values of the draw.
    percentile
        Where in its prior each quantity lies, (quantity,).
    value
        (architecture, quantity); NaN where an architecture has no such quantity. Of a prior, the
        factor, or the mean over institutions; of a mixture, that of its first parameter.
    """

    scenario: Scenario
    percentile: F8
    value: F8


def uncertain(scenario: Scenario) -> tuple[UncertainQuantity, ...]:
    """Return the quantities that the draws of a scenario differ in; none if it makes no draws."""
    if scenario.uncertainty is None:
        return ()
    found: list[UncertainQuantity] = []
    for name in parameter_names(scenario):
        parameter = entry(scenario.parameters, name)
        kind: Kind = "estimate" if parameter.tag == "estimated" else "assumption"
        found.append(UncertainQuantity(name, kind, parameter.unit))
    for mixture in readings(scenario):
        unit = entry(scenario.parameters, mixture.parameters[0]).unit
        found.append(UncertainQuantity(mixture.name, "mixture", unit))
    for prior in scenario.priors:
        if speaks_of(prior, scenario.architectures, scenario.reference):
            found.append(UncertainQuantity(prior.name, "assumption", "1"))
    vary = scenario.uncertainty.vary
    return tuple(q for q in found if vary in ("all", _named(q.kind)))


def _named(kind: Kind) -> str:
    """Return what a config calls the kind; readings of the evidence are assumptions."""
    return "estimates" if kind == "estimate" else "assumptions"


def design(scenario: Scenario) -> F8:
    """Return the percentiles of all draws, (draw, quantity): a scrambled Sobol sequence.

    Source
    ------
    Owen (1998), scrambling Sobol' and Niederreiter-Xing points, doi:10.1006/jcom.1998.0487.
    """
    from scipy.stats import qmc

    assert scenario.uncertainty is not None
    count = len(uncertain(scenario))
    sequence = qmc.Sobol(count, scramble=True, rng=np.random.default_rng(scenario.run.seed))
    return np.asarray(sequence.random(scenario.uncertainty.draws)) + BELOW


def draw(scenario: Scenario, points: F8, number: int) -> Drawn:
    """Return one draw of a scenario.

    A value that the user set stands, and so does one without an error, a range or an estimate.

    Parameters
    ----------
    scenario
        With `uncertainty`.
    points
        Its design.
    number
        Which draw, from 0.

    Raises
    ------
    ForecastError
        If what is uncertain gives no admissible parameters.
    """
    names = [quantity.name for quantity in uncertain(scenario)]
    planned = dict(zip(names, map(float, points[number]), strict=True))

    def percentile(name: str, attempt: int) -> float:
        """Return the percentile of the design; where that is refused, one of the address."""
        address = f"{scenario.run.seed}/{number}/{name}/{attempt}"
        return planned[name] if attempt == 0 else _uniform(address)

    priors = [prior for prior in scenario.priors if prior.name in planned]
    own = [name for name in names if name not in {prior.name for prior in priors}]
    parameters, used = draw_parameters(scenario, own, percentile)
    architectures, values = scenario.architectures, dict[str, dict[str, float]]()
    for prior in priors:
        architectures, values[prior.name] = with_prior(
            prior, planned[prior.name], architectures, scenario.reference
        )
    first = {mixture.name: mixture.parameters[0] for mixture in readings(scenario)}
    common = {name: entry(parameters, first.get(name, name)).value for name in own}
    table = [
        [common[n] if n in common else values[n].get(label, np.nan) for n in names]
        for label in architectures
    ]
    drawn = {"parameters": parameters, "architectures": architectures}
    at = np.array([used.get(name, planned[name]) for name in names])
    return Drawn(scenario.model_copy(update=drawn), at, np.array(table))


def _uniform(address: str) -> float:
    """Return the uniform number of an address: SHA-256, read as one, never 0 or 1."""
    word = int.from_bytes(hashlib.sha256(address.encode()).digest()[:8], "big")
    return ((word >> 12) + 0.5) / 2.0**52
