"""Maximum likelihood for the rate of dispute onset: a base rate plus added memory.

A pair of states starts disputes at the rate ``mu + memory_short·S2 + memory_long·S15`` per year,
``mu = exp(terms·beta)``. Given what is known on 1 January, memory without a new dispute only
decays, so the probability of at least one onset in the year is exactly ``1 - exp(-L)`` with
``L = mu + Σ strength·S·tau·(1 - exp(-1/tau))``. The likelihood is that of these yearly outcomes:
a second dispute soon after a first is often merged with it by the coders, so counts within a year
would understate how much disputes breed disputes. In a history a dispute waits `MEMORY_DELAY`
before it adds to the memory; those of the last months before 1 January count here, as in a run's
start, as if they had waited.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from forecast.studies.panel import MEMORY_DELAY, TAU_LONG, TAU_SHORT, DyadYears

Floats = NDArray[np.float64]

TERMS = (
    "const",
    "land",
    "sea",
    "log_distance",
    "abs_log_ratio",
    "one_major",
    "two_majors",
    "joint_democracy",
    "defence_pact",
    "rivalry",
    "nuclear_one",
    "nuclear_both",
    "size",
    "size_land",
    "new_dyad",
)
"""Terms of the base rate, by the names of `onset` parameters."""

MEMORIES = ("memory_short", "memory_long")

Carrier = Literal["added", "multiplied"]
"""Memory is added to the base rate, or multiplied with it (for comparison only)."""

HALF_LIFE_YEARS = 20.0
"""Years after which an observation counts half: the record is not stationary (docs/onset.md)."""

PRIOR_SD = 5.0
"""Normal prior on every term but the constant; it keeps terms finite that a period says nothing
about (assumption: five log units are no information for a rate ratio)."""

SMALLEST_STRENGTH = 1e-6


class OnsetFit(NamedTuple):
    """An estimate of the onset rate.

    Parameters
    ----------
    terms
        Names of the terms of the base rate.
    carrier
        Whether memory is added to the base rate or multiplied with it.
    values
        Coefficients of the terms, then of the memories, (parameter,).
    covariance
        Clustered by pair, (parameter, parameter).
    log_likelihood
        Weighted log likelihood.
    n, events, clusters
        Dyad-years, dyad-years with an onset, pairs.
    """

    terms: tuple[str, ...]
    carrier: Carrier
    values: Floats
    covariance: Floats
    log_likelihood: float
    n: int
    events: int
    clusters: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parameters, in the order of `values`."""
        return (*self.terms, *MEMORIES)


def waited(tau: float) -> float:
    """Return by how much a memory that began to decay `MEMORY_DELAY` late is larger."""
    return float(np.exp(MEMORY_DELAY / tau))


def yearly_memory(remembered: Floats, tau: float) -> Floats:
    """Return the integral of a decaying memory over one year, (row,)."""
    return np.asarray(remembered * waited(tau) * tau * -np.expm1(-1.0 / tau))


def exposures(panel: DyadYears) -> Floats:
    """Return both memories integrated over the year, (row, 2)."""
    short = yearly_memory(panel.memory_short, TAU_SHORT)
    return np.column_stack([short, yearly_memory(panel.memory_long, TAU_LONG)])


def design(panel: DyadYears, terms: Sequence[str]) -> Floats:
    """Return the terms of the base rate, (row, term)."""
    return np.asfortranarray(np.column_stack([panel.terms[name] for name in terms]))


def recency(panel: DyadYears, until: int, half_life: float | None = HALF_LIFE_YEARS) -> Floats:
    """Return the weight of each row: halved every `half_life` years before the end of `until`."""
    if half_life is None:
        return np.ones(len(panel.year))
    return np.asarray(0.5 ** ((until + 1 - panel.year) / half_life))


class OnsetData(NamedTuple):
    """What the likelihood needs: rows of terms, memories, outcomes and weights."""

    x: Floats
    remembered: Floats
    y: Floats
    weights: Floats
    carrier: Carrier


def onset_data(
    panel: DyadYears, weights: Floats, terms: Sequence[str], carrier: Carrier
) -> OnsetData:
    """Return what the likelihood needs of a panel."""
    return OnsetData(design(panel, terms), exposures(panel), panel.onset, weights, carrier)


Objective = Callable[[Floats], tuple[float, Floats]]
Bounds = list[tuple[float | None, float | None]]


def maximise(objective: Objective, start: Floats, terms: int, more: Bounds | None = None) -> Any:
    """Return the optimizer's result for a negative log posterior with its gradient.

    Parameters
    ----------
    objective
        Takes terms, memories and further parameters.
    start
        Where the search begins.
    terms
        Number of terms, which are free; memories are positive.
    more
        Bounds of further parameters.
    """
    bounds: Bounds = [(None, None)] * terms
    bounds += [(SMALLEST_STRENGTH, None)] * len(MEMORIES)
    options = {"maxiter": 5000, "maxfun": 10_000, "ftol": 1e-13, "gtol": 1e-7}
    return minimize(  # type: ignore[call-overload] # its stubs know no bounds beside jac=True
        objective, start, jac=True, method="L-BFGS-B", bounds=bounds + (more or []), options=options
    )


def fit_onset(
    panel: DyadYears,
    weights: Floats,
    terms: Sequence[str] = TERMS,
    carrier: Carrier = "added",
) -> OnsetFit:
    """Estimate the onset rate.

    Parameters
    ----------
    panel
        Dyad-years.
    weights
        Weight of each row, (row,), > 0.
    terms
        Names of the base rate's terms; the first is the constant.
    carrier
        Whether memory is added to the base rate or multiplied with it.

    Returns
    -------
    OnsetFit
        With a covariance robust to dependence within a pair.
    """
    data = onset_data(panel, weights, terms, carrier)
    size = len(terms)
    start = np.concatenate([[-4.0], np.zeros(size - 1), [0.15, 0.02]])
    found = maximise(lambda theta: _objective(theta, data), start, size)
    theta = np.asarray(found.x)
    return OnsetFit(
        tuple(terms),
        carrier,
        theta,
        _clustered_covariance(theta, data, panel.pair),
        -float(found.fun) + 0.5 * float(prior_pull(theta, size) @ theta),
        len(panel.onset),
        int(panel.onset.sum()),
        len(np.unique(panel.pair)),
    )


def intensity(fit: OnsetFit, panel: DyadYears) -> Floats:
    """Return the expected onsets of each dyad-year if none changes its memory, (row,)."""
    data = onset_data(panel, np.ones(len(panel.onset)), fit.terms, fit.carrier)
    return rates_of(fit.values, data).total


def onset_probability(fit: OnsetFit, panel: DyadYears) -> Floats:
    """Return the probability of at least one onset in each dyad-year, (row,)."""
    return np.asarray(-np.expm1(-intensity(fit, panel)))


class _Rates(NamedTuple):
    """Base rate, what carries the memory, and total of each row."""

    base: Floats
    carrier: Floats
    total: Floats


def apply(columns: Floats, values: Floats) -> Floats:
    """Return the weighted sum of each row; plain loops, as threads only slow so thin a matrix."""
    return np.asarray(np.einsum("nk,k->n", columns, values))


def gather(columns: Floats, rows: Floats) -> Floats:
    """Return the weighted sum of each column, by the same loops."""
    return np.asarray(np.einsum("nk,n->k", columns, rows))


def rates_of(theta: Floats, data: OnsetData) -> _Rates:
    """Return the rates of each row; the exponent is held where rates stay finite."""
    size = data.x.shape[1]
    base = np.exp(np.minimum(apply(data.x, theta[:size]), 5.0))
    carrier = base if data.carrier == "multiplied" else np.ones(len(base))
    total = base + carrier * (apply(data.remembered, theta[size:]))
    return _Rates(base, carrier, np.maximum(total, 1e-12))


def terms_slope(rates: _Rates, data: OnsetData) -> Floats:
    """Return the derivative of each row's total by its log base rate, (row,)."""
    return rates.total if data.carrier == "multiplied" else rates.base


def _derivative(rates: _Rates, data: OnsetData) -> Floats:
    """Return the derivative of each row's total by the parameters, (row, parameter)."""
    terms = data.x * terms_slope(rates, data)[:, None]
    return np.hstack([terms, data.remembered * rates.carrier[:, None]])


def score_of(y: Floats, total: Floats) -> Floats:
    """Return the derivative of each row's log likelihood by its total, (row,)."""
    return np.asarray(np.where(y > 0, 1.0 / np.expm1(np.minimum(total, 50.0)), -1.0))


def prior_pull(theta: Floats, size: int) -> Floats:
    """Return the gradient of the prior's negative log density, (parameter,)."""
    pull = theta / PRIOR_SD**2
    pull[0], pull[size:] = 0.0, 0.0
    return np.asarray(pull)


def _objective(theta: Floats, data: OnsetData) -> tuple[float, Floats]:
    """Return the negative log posterior and its gradient."""
    rates, pull = rates_of(theta, data), prior_pull(theta, data.x.shape[1])
    rows = np.where(data.y > 0, np.log(-np.expm1(-rates.total)), -rates.total)
    score = data.weights * score_of(data.y, rates.total)
    by_term = gather(data.x, score * terms_slope(rates, data))
    gradient = np.concatenate([by_term, gather(data.remembered, score * rates.carrier)]) - pull
    return -float(np.sum(rows * data.weights) - 0.5 * pull @ theta), -gradient


def _clustered_covariance(theta: Floats, data: OnsetData, cluster: NDArray[np.int64]) -> Floats:
    """Return the sandwich of expected information and scores summed by cluster."""
    rates = rates_of(theta, data)
    derivative = _derivative(rates, data)
    information = (derivative * (data.weights / np.expm1(rates.total))[:, None]).T @ derivative
    # The prior's precision, for memories too: a record without any must not break the inverse.
    bread = np.linalg.inv(information + np.eye(len(theta)) / PRIOR_SD**2)
    scores = derivative * (data.weights * score_of(data.y, rates.total))[:, None]
    _, index = np.unique(cluster, return_inverse=True)
    summed = np.zeros((index.max() + 1, len(theta)))
    np.add.at(summed, index, scores)
    count = len(summed)
    return np.asarray(bread @ (summed.T @ summed * count / (count - 1)) @ bread)
