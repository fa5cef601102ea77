"""The parameters of a draw: jointly where they were estimated, else from readings and priors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from math import sqrt
from statistics import NormalDist

import numpy as np
from pydantic import ValidationError

from forecast.errors import ForecastError
from forecast.scenario.estimates import Estimate, drawn_names, entry
from forecast.scenario.models import Scenario
from forecast.scenario.parameters import Parameters
from forecast.scenario.priors import Mixture
from forecast.scenario.quantities import USER, Parameter

# Factor on every covariance, for errors of the model's form that no estimator sees.
# Source: assumption (design document, Appendix A: draws from N(estimate, 1.5 V)).
MODEL_ERROR = 1.5

MOST_ATTEMPTS = 1000

Percentile = Callable[[str, int], float]
"""Returns where in its prior a quantity lies, in (0, 1), at an attempt: 0, 1, ..."""


def parameter_names(scenario: Scenario) -> Iterator[str]:
    """Yield every parameter that may be drawn on its own or with others, in the file's order.

    One with an estimate is drawn jointly; of the rest, one with a range is uniform in it and one
    with an error is normal around its value. What the user set, or readings speak for, is not.
    """
    stated = scenario.parameters
    joint = {name for e in scenario.estimates for name in drawn_names(e, stated)}
    mixed = {name for mixture in scenario.mixtures for name in mixture.parameters}
    for group, record in stated:
        for key, parameter in record:
            name = f"{group}.{key}"
            known = parameter.range is not None or parameter.error is not None
            if name not in mixed and (name in joint or (known and parameter.tag != USER)):
                yield name


def readings(scenario: Scenario) -> list[Mixture]:
    """Return the mixtures of which the user has set no parameter."""

    def free(mixture: Mixture) -> bool:
        return all(entry(scenario.parameters, n).tag != USER for n in mixture.parameters)

    return [mixture for mixture in scenario.mixtures if free(mixture)]


def draw_parameters(
    scenario: Scenario, wanted: Sequence[str], percentile: Percentile
) -> tuple[Parameters, dict[str, float]]:
    """Return the parameters of a draw, and the percentile of everything drawn.

    A group whose values the model does not admit is drawn again, at its next attempt.

    Parameters
    ----------
    scenario
        Central values, estimates and mixtures.
    wanted
        Names of the parameters and mixtures to draw; the others keep their values.
    percentile
        Where in its prior each of them lies.

    Raises
    ------
    ForecastError
        If a group gives no admissible values in `MOST_ATTEMPTS`.
    """
    mixtures = [mixture for mixture in readings(scenario) if mixture.name in wanted]
    home = {m.name: m.parameters[0] for m in mixtures}
    attempts: Counter[str] = Counter()
    while max(attempts.values(), default=0) < MOST_ATTEMPTS:
        at = {n: percentile(n, attempts[home.get(n, n).split(".")[0]]) for n in wanted}
        values = _estimated(scenario, at) | _alone(scenario, at) | _mixed(mixtures, at)
        try:
            return with_values(scenario.parameters, values), at
        except ValidationError as error:
            attempts.update({str(d["loc"][0]) for d in error.errors(include_url=False)})
    worst = max(attempts, key=lambda group: attempts[group])
    raise ForecastError(
        f"what is uncertain of {worst} gives no admissible parameters in {MOST_ATTEMPTS} attempts: "
        "its values lie at the edge of what the model allows, or its errors are far too large"
    )


def _estimated(scenario: Scenario, at: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for estimate in scenario.estimates:
        names = [n for n in drawn_names(estimate, scenario.parameters) if n in at]
        if names:
            drawn = _joint_draw(estimate, at)
            found |= {name: drawn[name] for name in names}
    return found


def _joint_draw(estimate: Estimate, at: Mapping[str, float]) -> dict[str, float]:
    """Return a value for every parameter of the estimate.

    The root of the covariance is the symmetric one, so that no order of parameters matters.
    """
    covariance = MODEL_ERROR * np.array(estimate.covariance)
    covariance = (covariance + covariance.T) / 2
    scale = np.sqrt(np.diag(covariance))
    scale[scale == 0] = 1.0
    roots, axes = np.linalg.eigh(covariance / np.outer(scale, scale))
    # What is reported only, or set by the user, stays at its median.
    normals = [NormalDist().inv_cdf(at.get(name, 0.5)) for name in estimate.parameters]
    shift = scale * (axes @ (np.sqrt(np.maximum(roots, 0)) * (axes.T @ normals)))
    return {
        name: _rounded(value + change)
        for name, value, change in zip(estimate.parameters, estimate.values, shift, strict=True)
    }


def _alone(scenario: Scenario, at: Mapping[str, float]) -> dict[str, float]:
    joint = {n for e in scenario.estimates for n in drawn_names(e, scenario.parameters)}
    return {
        name: _from_prior(entry(scenario.parameters, name), percentile)
        for name, percentile in at.items()
        if "." in name and name not in joint
    }


def _from_prior(parameter: Parameter, percentile: float) -> float:
    if parameter.range is not None:
        low, high = parameter.range
        return _rounded(low + (high - low) * percentile)
    assert parameter.error is not None  # otherwise it is not drawn
    widened = sqrt(MODEL_ERROR) if parameter.tag == "estimated" else 1.0
    return _rounded(parameter.value + widened * parameter.error * NormalDist().inv_cdf(percentile))


def _mixed(mixtures: Sequence[Mixture], at: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for mixture in mixtures:
        upto = list(accumulate(mixture.weights))
        number = sum(at[mixture.name] > bound for bound in upto[:-1])
        found |= zip(mixture.parameters, mixture.points[number], strict=True)
    return found


def _rounded(value: float) -> float:
    """Return twelve digits: the last ones depend on the machine's linear algebra."""
    return float(f"{value:.12g}")


def with_values(parameters: Parameters, values: Mapping[str, float]) -> Parameters:
    """Return parameters with other values, by "group.name"; a ValidationError if not admissible."""
    stated = parameters.model_dump()
    for name, value in values.items():
        group, key = name.split(".")
        stated[group][key]["value"] = value
    return Parameters.model_validate(stated)
