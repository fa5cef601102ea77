"""Parameters drawn from what the estimator found, each draw a pure function of its address."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any

from pydantic import ValidationError

from forecast.errors import ForecastError
from forecast.scenario.estimates import Estimate, drawn_names
from forecast.scenario.parameters import Parameters

# Factor on every covariance, for errors of the model's form that no estimator sees.
# Source: assumption (design document, Appendix A: draws from N(estimate, 1.5 V)).
MODEL_ERROR = 1.5

MOST_ATTEMPTS = 1000


def draw_parameters(
    parameters: Parameters, estimates: Sequence[Estimate], seed: int, draw: int
) -> Parameters:
    """Return one draw of the parameters.

    Each estimate is drawn jointly from a normal distribution around its values with `MODEL_ERROR`
    times its covariance, cut to the values `Parameters` admits: an estimate of a group that does
    not stand the check is drawn again, with the next attempt as part of the address. The normal
    number of each parameter is keyed by (seed, draw, equation, parameter, attempt) alone, and the
    root of the covariance is the symmetric one, so that no order of estimates or parameters
    changes a draw. What no estimate speaks for keeps its value, and so does what the user set.

    Parameters
    ----------
    parameters, estimates
        As a scenario holds them.
    seed
        Root of the draws.
    draw
        0 for the central values, 1, 2, ... for draws.

    Raises
    ------
    ForecastError
        If `draw` is negative, or an estimate gives no admissible values in `MOST_ATTEMPTS`.
    """
    if draw < 0:
        raise ForecastError(f"draw is {draw}; 0 gives the central values, draws count from 1")
    names = {e.equation: drawn_names(e, parameters) for e in estimates}
    if draw == 0 or not any(names.values()):
        return parameters
    attempts: Counter[str] = Counter()
    while max(attempts.values(), default=0) < MOST_ATTEMPTS:
        values: dict[str, float] = {}
        for estimate in estimates:
            drawn = _joint_draw(estimate, f"{seed}/{draw}", attempts[estimate.equation])
            values |= {name: drawn[name] for name in names[estimate.equation]}
        try:
            return _with_values(parameters, values)
        except ValidationError as error:
            refused = {str(detail["loc"][0]) for detail in error.errors(include_url=False)}
        attempts.update(
            equation
            for equation, own in names.items()
            if any(name.split(".")[0] in refused for name in own)
        )
    worst = max(attempts, key=lambda equation: attempts[equation])
    raise ForecastError(
        f"the estimate of {worst} gives no admissible parameters in {MOST_ATTEMPTS} attempts "
        f"(seed {seed}, draw {draw}): its values lie at the edge of what the model allows, or its "
        "covariance is far too large"
    )


def draw_from_priors(
    parameters: Parameters, estimates: Sequence[Estimate], seed: int, draw: int
) -> Parameters:
    """Return one draw of every constant: jointly where there is an estimate, else from its prior.

    Estimates are drawn as by `draw_parameters`. Of the other constants, one with a range is
    uniform in it, one with an error is normal around its value, one with neither is held. A group
    whose values the model does not admit is drawn again.

    Parameters
    ----------
    parameters, estimates
        As a scenario holds them.
    seed, draw
        Address of the draw: the same address gives the same values in any order.

    Raises
    ------
    ForecastError
        If a group gives no admissible values in `MOST_ATTEMPTS`.
    """
    joint = {name for e in estimates for name in drawn_names(e, parameters)}
    stated = draw_parameters(parameters, estimates, seed, draw).model_dump()
    for group, constants in stated.items():
        for attempt in range(MOST_ATTEMPTS):
            drawn = {
                name: entry
                if f"{group}.{name}" in joint
                else entry
                | {"value": _from_prior(entry, f"{seed}/{draw}/{group}.{name}/{attempt}")}
                for name, entry in constants.items()
            }
            try:
                type(getattr(parameters, group)).model_validate(drawn)
            except ValidationError:
                continue
            stated[group] = drawn
            break
        else:
            raise ForecastError(
                f"the priors of {group} give no admissible values in {MOST_ATTEMPTS} attempts "
                f"(seed {seed}, draw {draw}): narrow their errors or ranges"
            )
    return Parameters.model_validate(stated)


def _from_prior(entry: Mapping[str, Any], address: str) -> float:
    if entry["range"] is not None:
        low, high = entry["range"]
        return float(low + (high - low) * NormalDist().cdf(_normal(address)))
    if entry["error"] is not None:
        return float(entry["value"] + entry["error"] * _normal(address))
    return float(entry["value"])


def _joint_draw(estimate: Estimate, address: str, attempt: int) -> dict[str, float]:
    """Return a value for every parameter of the estimate."""
    # A scenario that is not drawn from loads no numpy.
    import numpy as np

    covariance = MODEL_ERROR * np.array(estimate.covariance)
    covariance = (covariance + covariance.T) / 2
    scale = np.sqrt(np.diag(covariance))
    scale[scale == 0] = 1.0
    roots, axes = np.linalg.eigh(covariance / np.outer(scale, scale))
    normals = [
        _normal(f"{address}/{estimate.equation}/{name}/{attempt}") for name in estimate.parameters
    ]
    shift = scale * (axes @ (np.sqrt(np.maximum(roots, 0)) * (axes.T @ normals)))
    # Twelve digits: the last ones depend on the machine's linear algebra.
    return {
        name: float(f"{value + change:.12g}")
        for name, value, change in zip(estimate.parameters, estimate.values, shift, strict=True)
    }


def _normal(address: str) -> float:
    """Return the standard normal number of an address: SHA-256, read as a uniform, inverted."""
    word = int.from_bytes(hashlib.sha256(address.encode()).digest()[:8], "big")
    return NormalDist().inv_cdf(((word >> 12) + 0.5) / 2**52)


def _with_values(parameters: Parameters, values: Mapping[str, float]) -> Parameters:
    stated = parameters.model_dump()
    for name, value in values.items():
        group, entry = name.split(".")
        stated[group][entry]["value"] = value
    return Parameters.model_validate(stated)
