"""Whether forecasts mean what they say: reliability, probability integral transform, coverage."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kstest

Floats = NDArray[np.float64]

BINS = 10
SEED = 20260101


class Reliability(NamedTuple):
    """Forecasts in bins of nearly equal size, and the parts of their Brier score.

    Parameters
    ----------
    forecast, observed
        Mean forecast and share of events, (bin,).
    cases
        Number in each bin, (bin,).
    reliability, resolution, uncertainty
        Reliability less resolution plus uncertainty is the Brier score of the binned forecasts.

    Source
    ------
    Murphy (1973), A new vector partition of the probability score, Journal of Applied
    Meteorology 12(4): 595-600.
    """

    forecast: Floats
    observed: Floats
    cases: NDArray[np.int64]
    reliability: float
    resolution: float
    uncertainty: float


def reliability_of(observed: Floats, forecast: Floats) -> Reliability:
    """Return the reliability of probabilities in ten quantile bins; equal ones share a bin."""
    edges = np.unique(np.quantile(forecast, np.arange(1, BINS) / BINS))
    _, place = np.unique(np.searchsorted(edges, forecast, side="right"), return_inverse=True)
    cases = np.bincount(place)
    expected = np.bincount(place, forecast) / cases
    seen = np.bincount(place, observed) / cases
    share, rate = cases / cases.sum(), observed.mean()
    return Reliability(
        expected,
        seen,
        cases,
        float(share @ (expected - seen) ** 2),
        float(share @ (seen - rate) ** 2),
        float(rate * (1 - rate)),
    )


def transforms(distribution: Floats, observed: NDArray[np.int64]) -> Floats:
    """Return the randomised probability integral transform of counts, (case,).

    Uniform on 0 to 1 where the distributions are right.

    Parameters
    ----------
    distribution
        Predictive distributions, (case, count).
    observed
        What came, (case,).

    Source
    ------
    Czado, Gneiting and Held (2009), Predictive model assessment for count data, Biometrics 65(4):
    1254-1261, doi:10.1111/j.1541-0420.2009.01191.x.
    """
    case = np.arange(len(observed))
    mass = distribution[case, observed]
    below = np.cumsum(distribution, axis=1)[case, observed] - mass
    draws = np.random.default_rng(SEED).random(len(observed))
    return np.asarray(np.clip(below + draws * mass, 0.0, 1.0))


def uniformity(transform: Floats) -> float:
    """Return the p-value of Kolmogorov and Smirnov's test that transforms are uniform.

    Cases are taken for independent; where they are not, it rejects too easily.
    """
    return float(kstest(transform, "uniform").pvalue)


def covered(members: Floats, observed: Floats, level: float) -> Floats:
    """Return 1 where the central interval of the members holds what came, (case,)."""
    tail = (1 - level) / 2
    low, high = np.quantile(members, [tail, 1 - tail], axis=1, method="inverted_cdf")
    return np.asarray((low <= observed) & (observed <= high), dtype=float)
