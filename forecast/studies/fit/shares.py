"""Shares of outcomes and constant hazards, with their sampling errors."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Shares(NamedTuple):
    """Estimated shares.

    Parameters
    ----------
    values
        Share of each outcome, (outcome,).
    covariance
        Multinomial, (outcome, outcome).
    log_likelihood
        At the estimates.
    n, events
        Observations, and those with any of the outcomes.
    """

    values: Floats
    covariance: Floats
    log_likelihood: float
    n: int
    events: int


def shares(counts: Integers, n: int) -> Shares:
    """Return the shares of exclusive outcomes in n observations.

    Parameters
    ----------
    counts
        Observations of each outcome, (outcome,); the rest had none of them.
    n
        Observations, > 0.

    Notes
    -----
    An outcome never or always seen has the error of half a case (assumption), so that its share
    is not held for certain.

    Examples
    --------
    >>> found = shares(np.array([30, 20]), 100)
    >>> found.values.tolist(), round(float(found.covariance[0, 0]) ** 0.5, 4)
    ([0.3, 0.2], 0.0458)
    """
    values = counts / n
    careful = np.clip(values, 0.5 / n, 1 - 0.5 / n)
    covariance = (np.diag(careful) - np.outer(careful, careful)) / n
    if counts.sum() == n and n:
        covariance = _on_the_simplex(covariance)
    rest = n - int(counts.sum())
    seen = np.append(counts, rest)[np.append(counts, rest) > 0]
    return Shares(values, covariance, float(seen @ np.log(seen / n)), n, n - rest)


def _on_the_simplex(covariance: Floats) -> Floats:
    """Return the covariance projected so that the sum of the shares has no error."""
    size = len(covariance)
    if size == 1:
        return covariance
    keep = np.eye(size) - 1.0 / size
    return np.asarray(keep @ covariance @ keep)


def hazard(events: int, exposure: float) -> Shares:
    """Return the constant hazard of events per year at risk, with its Poisson error.

    Examples
    --------
    >>> float(hazard(4, 100.0).values[0])
    0.04
    """
    rate = events / exposure
    variance = max(events, 0.5) / exposure**2
    likelihood = events * np.log(rate) - events if events else 0.0
    n = round(exposure)
    return Shares(np.array([rate]), np.array([[variance]]), float(likelihood), n, events)
