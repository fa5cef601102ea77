"""Intervals of 95 %: of probabilities, of differences of rare ones, and what was never seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from forecast.estimators.moments import CONFIDENCE, NORMAL_QUANTILE, Estimate, Moments

F8 = NDArray[np.float64]

RARE_PAIRS = 10
"""Below this many pairs that differ, the normal approximation gives way to exact counts."""


def wilson_interval(
    successes: F8, trials: float | F8, reach: float = NORMAL_QUANTILE
) -> tuple[F8, F8]:
    """Return the 95 % interval of a probability; with no success its upper end is 3.84/trials.

    Parameters
    ----------
    successes, trials
        Counts; of trials that resemble each other, the effective numbers.
    reach
        Errors to either side.

    Source
    ------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    z2 = reach**2
    centre = (successes + z2 / 2) / (trials + z2)
    share = successes / trials
    half = np.sqrt(np.maximum(trials * share * (1 - share), 0.0) + z2 / 4) * reach / (trials + z2)
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def probability_interval(estimate: Estimate, size: int) -> tuple[F8, F8]:
    """Return the 95 % intervals of probabilities.

    Where parameters are drawn, the trials are as many independent ones as would have the error
    between draws; where fewer than `RARE_PAIRS` trajectories, or all but so few, saw the event,
    they are the draws, since so few do not tell how alike the trajectories of a draw are.

    Parameters
    ----------
    estimate
        Probabilities.
    size
        Number of trajectories.

    Source
    ------
    Korn and Graubard (1998), effective sample size, Survey Methodology 24: 193-201.
    """
    share = estimate.value
    if not estimate.clusters:
        return wilson_interval(share * size, size)
    variance = np.diagonal(estimate.covariance)
    seen = np.rint(np.minimum(share, 1 - share) * size)
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.clip(share * (1 - share) / variance, estimate.clusters, size)
    trials = np.where(seen < RARE_PAIRS, estimate.clusters, effective)
    return wilson_interval(share * trials, trials, reach_of(estimate))


def unseen(count: int) -> float:
    """Return the 95 % upper bound of a frequency never seen, -ln(.025)/n: the rule of three.

    It bounds a mean difference where no pair differs, if a pair that does differs by one event.
    """
    return float(-np.log((1 - CONFIDENCE) / 2) / count)


def discordant(indicators: Moments, reference: int) -> tuple[F8, F8]:
    """Return in how many pairs only the architecture, and only the reference, saw the event."""
    count, mean, comoment = indicators[:3]
    both = comoment[:, reference] + count * mean * mean[reference]
    only_here = count * mean - both
    only_there = count * mean[reference] - both
    return np.rint(only_here), np.rint(only_there)


def student_bound(groups: int) -> float:
    """Return how many errors a 95 % interval reaches to either side of a mean of groups.

    The quantile of Student's distribution with one degree of freedom less than there are groups.
    """
    return float(stdtrit(groups - 1, (1 + CONFIDENCE) / 2)) if groups > 1 else float("nan")


def reach_of(estimate: Estimate) -> float:
    """Return how many errors the 95 % interval of an estimate reaches to either side."""
    return student_bound(estimate.clusters) if estimate.clusters else NORMAL_QUANTILE
