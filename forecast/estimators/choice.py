"""Which architecture is best under which share of the draws, and what choosing another one costs.

The lowest of several noisy values is too low, and belongs too often to the noisiest: choosing by
the values as they are overstates how often architectures win that differ little, and the regret
of all others. Here the values of a draw are taken for what they are, a normal measurement of the
draw's true ones, which in turn spread normally between draws with the mean and the covariance that
are left when the mean noise is taken off (Efron and Morris 1973,
doi:10.1080/01621459.1973.10481350). Shares and regret are averages over samples of the true values
given the measured ones; two bounds that do without the normal law stand beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.estimators.moments import CONFIDENCE
from forecast.estimators.nested import ByDraw, between, steadied

F8 = NDArray[np.float64]

SAMPLES = 200
"""Samples of the true values of every draw."""

SEED = 20260101
"""Of the samples: the same values give the same shares, to the bit."""

GROUPS = 32
"""Groups of draws that are left out one after another for the errors."""

HIGH = 0.9
"""Level of the regret that is told beside its mean."""


class Choice(NamedTuple):
    """What speaks for each architecture; every field (architecture,).

    Parameters
    ----------
    best, best_error
        Share of draws in which its value is the lowest, with its standard error.
    naive
        The same share by the values as they are.
    clearly, possibly
        Share of draws in which it is below every other, and in which it is not above any other, at
        95 % for all others together.
    regret, regret_error
        Mean over draws of its value less the lowest one, with its standard error.
    naive_regret
        The same by the values as they are, which is too high.
    regret_p90, regret_p90_error
        Its 90th percentile over draws.
    regret_most
        The highest regret among the draws; it grows with their number.
    """

    best: F8
    best_error: F8
    naive: F8
    clearly: F8
    possibly: F8
    regret: F8
    regret_error: F8
    naive_regret: F8
    regret_p90: F8
    regret_p90_error: F8
    regret_most: F8


def choose(seen: ByDraw) -> Choice:
    """Return what the draws say on the choice of an architecture, where low values are good."""
    seen = steadied(seen)
    count, architectures = seen.value.shape
    lots = np.random.default_rng(SEED).standard_normal((count, SAMPLES, architectures))
    best, regret, high, most = _told(seen, lots)
    errors = _left_out(seen, lots, lambda part, own: np.stack(_told(part, own)[:3]))
    clearly, possibly = _bounds(seen)
    return Choice(
        best=best,
        best_error=errors[0],
        naive=_winners(seen.value[:, None]).mean(axis=(0, 1)),
        clearly=clearly,
        possibly=possibly,
        regret=regret,
        regret_error=errors[1],
        naive_regret=_regret(seen.value).mean(axis=0),
        regret_p90=high,
        regret_p90_error=errors[2],
        regret_most=most,
    )


def true_values(seen: ByDraw, lots: F8) -> F8:
    """Return samples of the true values given the measured ones, (draw, sample, architecture).

    Parameters
    ----------
    seen
        Measured values.
    lots
        Standard normal numbers, (draw, sample, architecture).
    """
    spread, mean = between(seen), seen.value.mean(axis=0)
    gain = spread @ np.linalg.pinv(spread + seen.noise, hermitian=True)
    centre = mean + np.einsum("dab,db->da", gain, seen.value - mean)
    left = spread - gain @ spread
    values, vectors = np.linalg.eigh((left + left.transpose(0, 2, 1)) / 2)
    root = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
    return np.asarray(centre[:, None] + lots @ root.transpose(0, 2, 1))


def _told(seen: ByDraw, lots: F8) -> tuple[F8, F8, F8, F8]:
    """Return the shares of wins, and of regret the mean, the high quantile and the most."""
    true = true_values(seen, lots)
    regret = _regret(true)
    high = np.quantile(regret, HIGH, axis=(0, 1))
    most = regret.max(axis=0).mean(axis=0)
    return _winners(true).mean(axis=(0, 1)), regret.mean(axis=(0, 1)), high, most


def _winners(values: F8) -> F8:
    """Return 1 where a value is the lowest of its architectures, parts of it where several are."""
    lowest = (values == values.min(axis=-1, keepdims=True)).astype(np.float64)
    return np.asarray(lowest / lowest.sum(axis=-1, keepdims=True))


def _regret(values: F8) -> F8:
    return np.asarray(values - values.min(axis=-1, keepdims=True))


def _left_out(seen: ByDraw, lots: F8, statistic: Callable[[ByDraw, F8], F8]) -> F8:
    """Return the standard error of a statistic from leaving out groups of draws."""
    groups = min(GROUPS, len(seen.value))
    group = np.arange(len(seen.value)) % groups
    left = np.array(
        [
            statistic(ByDraw(*(field[group != g] for field in seen)), lots[group != g])
            for g in range(groups)
        ]
    )
    spread = ((left - left.mean(axis=0)) ** 2).sum(axis=0)
    return np.asarray(np.sqrt((groups - 1) / groups * spread))


def _bounds(seen: ByDraw) -> tuple[F8, F8]:
    """Return in which share of draws each is clearly, and possibly, the best."""
    difference = seen.value[:, :, None] - seen.value[:, None, :]
    own = np.diagonal(seen.noise, axis1=1, axis2=2)
    variance = own[:, :, None] + own[:, None, :] - 2 * seen.noise
    rivals = max(seen.value.shape[1] - 1, 1)
    reach = NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / rivals)
    error = reach * np.sqrt(np.maximum(variance, 0.0))
    itself = np.eye(seen.value.shape[1], dtype=bool)
    below = (difference + error < 0) | itself
    above = difference - error > 0
    return below.all(axis=2).mean(axis=0), (~above.any(axis=2)).mean(axis=0)
