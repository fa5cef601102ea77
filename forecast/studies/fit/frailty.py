"""The onset rate with a gamma frailty per pair: a check that no heterogeneity is left over."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, roots_genlaguerre

from forecast.studies.fit.onset import (
    OnsetData,
    OnsetFit,
    gather,
    maximise,
    onset_data,
    prior_pull,
    rates_of,
    score_of,
    terms_slope,
)
from forecast.studies.panel import DyadYears

Floats = NDArray[np.float64]

NODES = 16
"""Quadrature nodes over the frailty."""

SHAPES = (0.3, 60.0)
"""Bounds of the shape; beyond the upper one a frailty is as good as none."""

STEP = 1e-3
"""Difference in log shape by which the likelihood's slope along it is taken."""


class Frailty(NamedTuple):
    """What a frailty of mean one adds.

    Parameters
    ----------
    shape
        Estimated shape of the gamma distribution; its variance is the inverse.
    values
        Coefficients of the terms and memories beside it, (parameter,).
    gain
        Log likelihood less that without frailty.
    """

    shape: float
    values: Floats
    gain: float


def fit_frailty(fit: OnsetFit, panel: DyadYears, weights: Floats) -> Frailty:
    """Estimate the onset rate with a gamma frailty per pair.

    Parameters
    ----------
    fit
        The rate without frailty, where the search begins.
    panel, weights
        The rows it was fitted on, and their weights.
    """
    data = onset_data(panel, weights, fit.terms, fit.carrier)
    _, pair = np.unique(panel.pair, return_inverse=True)
    found = maximise(
        lambda point: _objective(point, data, pair),
        np.append(fit.values, np.log(8.0)),
        len(fit.terms),
        [(np.log(SHAPES[0]), np.log(SHAPES[1]))],
    )
    values, shape = found.x[:-1], float(np.exp(found.x[-1]))
    total = rates_of(values, data).total
    marginal = float(_marginal(total, data, pair, float(found.x[-1]))[0].sum())
    return Frailty(shape, values, marginal - fit.log_likelihood)


def _objective(point: Floats, data: OnsetData, pair: NDArray[np.intp]) -> tuple[float, Floats]:
    """Return the negative log posterior and its gradient by terms, memories and log shape."""
    theta, log_shape = point[:-1], float(point[-1])
    rates, pull = rates_of(theta, data), prior_pull(theta, data.x.shape[1])
    rows, slope = _marginal(rates.total, data, pair, log_shape)
    beyond, _ = _marginal(rates.total, data, pair, log_shape + STEP)
    by_term = gather(data.x, slope * terms_slope(rates, data))
    by_memory = gather(data.remembered, slope * rates.carrier)
    gradient = np.concatenate([by_term, by_memory]) - pull
    along = (beyond.sum() - rows.sum()) / STEP
    return -float(rows.sum() - 0.5 * pull @ theta), -np.append(gradient, along)


def _marginal(
    total: Floats, data: OnsetData, pair: NDArray[np.intp], log_shape: float
) -> tuple[Floats, Floats]:
    """Return each pair's log likelihood, (pair,), and its slope by the rows' totals, (row,)."""
    shape = float(np.exp(log_shape))
    points, mass = roots_genlaguerre(NODES, shape - 1.0)
    frailties, log_mass = points / shape, np.log(np.maximum(mass / mass.sum(), 1e-300))
    joint = np.column_stack([_conditional(f * total, data, pair) for f in frailties]) + log_mass
    rows = logsumexp(joint, axis=1)
    posterior = np.exp(joint - rows[:, None])[pair]
    slopes = [f * score_of(data.y, f * total) for f in frailties]
    slope = sum(posterior[:, m] * slopes[m] for m in range(NODES))
    return np.asarray(rows), np.asarray(data.weights * slope)


def _conditional(total: Floats, data: OnsetData, pair: NDArray[np.intp]) -> Floats:
    """Return each pair's log likelihood at given totals, (pair,)."""
    rows = np.where(data.y > 0, np.log(-np.expm1(-total)), -total)
    return np.bincount(pair, data.weights * rows).astype(np.float64)
