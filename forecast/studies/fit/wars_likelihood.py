"""Maximum likelihood for how long wars last and how many they kill."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import approx_fprime, minimize
from scipy.special import log_ndtr, ndtr, ndtri

from forecast.studies.fit.logit import hessian

Floats = NDArray[np.float64]

STEP = 1e-6
EDGE = 1e-6
"""Uniform scores are held this far from 0 and 1 before they become normal ones."""


class Maximum(NamedTuple):
    """An estimate by maximum likelihood: values, covariance, log likelihood."""

    values: Floats
    covariance: Floats
    log_likelihood: float


def _maximise(loss: Callable[[Floats], float], start: Floats) -> Maximum:
    """Return the minimum of a negative log likelihood, with the inverse of its curvature."""

    def gradient(theta: Floats) -> Floats:
        return np.asarray(approx_fprime(theta, loss, STEP))

    rough = minimize(
        loss, start, method="Nelder-Mead", options={"maxiter": 4000, "fatol": 1e-9, "xatol": 1e-7}
    )
    found = minimize(loss, rough.x, method="BFGS")
    theta = np.asarray(found.x)
    covariance = np.asarray(np.linalg.inv(hessian(gradient, theta, 1e-3)), np.float64)
    return Maximum(theta, covariance, -float(found.fun))


def _exponentiated(found: Maximum, positive: list[int]) -> Maximum:
    """Return the estimate with the parameters in `positive` taken from their logarithms."""
    values, slope = found.values.copy(), np.ones(len(found.values))
    values[positive] = slope[positive] = np.exp(found.values[positive])
    return Maximum(values, found.covariance * np.outer(slope, slope), found.log_likelihood)


def fit_weibull(time: Floats, ended: NDArray[np.bool_]) -> Maximum:
    """Estimate shape and scale of a Weibull distribution.

    Parameters
    ----------
    time
        Durations, > 0, (case,).
    ended
        False where the case was still going on at that time, (case,).
    """

    def loss(theta: Floats) -> float:
        shape = np.exp(theta[0])
        log_z = np.log(time) - theta[1]
        # The density is per unit of time, so the log likelihood compares across scales.
        density = theta[0] - np.log(time) + shape * log_z
        return -float((density * ended - np.exp(np.minimum(shape * log_z, 50.0))).sum())

    start = np.array([0.0, np.log(time.mean())])
    return _exponentiated(_maximise(loss, start), [0, 1])


def fit_truncated(x: Floats, y: Floats, least: float) -> Maximum:
    """Estimate a normal regression of which only cases with y >= least are on record.

    Parameters
    ----------
    x
        Regressors, (case, term).
    y
        Outcome, (case,).
    least
        Threshold of the record.

    Returns
    -------
    Maximum
        Coefficients, then the standard deviation.
    """

    def loss(theta: Floats) -> float:
        spread = np.exp(theta[-1])
        mean = x @ theta[:-1]
        z = (y - mean) / spread
        seen = log_ndtr((mean - least) / spread)
        return float((0.5 * z**2 + theta[-1] + 0.5 * np.log(2 * np.pi) + seen).sum())

    ordinary = np.linalg.lstsq(x, y, rcond=None)[0]
    start = np.append(ordinary, np.log(max(float((y - x @ ordinary).std()), 0.1)))
    return _exponentiated(_maximise(loss, start), [len(start) - 1])


def duration_scores(time: Floats, found: Maximum) -> Floats:
    """Return the normal score of each duration under a Weibull estimate, (case,)."""
    shape, scale = found.values
    uniform = -np.expm1(-((time / scale) ** shape))
    return np.asarray(ndtri(np.clip(uniform, EDGE, 1 - EDGE)))


def deaths_scores(x: Floats, y: Floats, least: float, found: Maximum) -> Floats:
    """Return the normal score of each outcome under a truncated regression, (case,)."""
    mean, spread = x @ found.values[:-1], found.values[-1]
    unseen = ndtr((least - mean) / spread)
    uniform = (ndtr((y - mean) / spread) - unseen) / np.maximum(1 - unseen, 1e-12)
    return np.asarray(ndtri(np.clip(uniform, EDGE, 1 - EDGE)))


def correlation(first: Floats, second: Floats) -> Maximum:
    """Return the correlation of normal scores, with its large-sample error (1 - r²)/√n."""
    value = float(np.corrcoef(first, second)[0, 1])
    likelihood = -0.5 * len(first) * np.log1p(-(value**2))
    variance = (1 - value**2) ** 2 / len(first)
    return Maximum(np.array([value]), np.array([[variance]]), float(likelihood))
