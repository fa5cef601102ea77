"""P-values of the battery: normal, Kolmogorov–Smirnov, chi-square; and false-discovery control."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

F8 = NDArray[np.float64]

LEAST_EXPECTED = 10.0


def normal_p(z: float) -> float:
    """Return the two-sided p-value of a standard normal statistic."""
    return math.erfc(abs(z) / math.sqrt(2.0))


def _kolmogorov(distance: float, size: float) -> float:
    """Return P(D > distance), Stephens' (1970) form of the Kolmogorov limit."""
    root = math.sqrt(size)
    x = (root + 0.12 + 0.11 / root) * distance
    if x < 0.2:
        return 1.0
    terms = (2.0 * (-1.0) ** (m - 1) * math.exp(-2.0 * (m * x) ** 2) for m in range(1, 101))
    return min(1.0, max(0.0, sum(terms)))


def uniform_p(sample: F8) -> tuple[float, float]:
    """Return (D, p) of the Kolmogorov–Smirnov test that a sample is uniform on (0, 1)."""
    ordered, n = np.sort(sample), sample.size
    steps = np.arange(n + 1) / n
    distance = float(max((steps[1:] - ordered).max(), (ordered - steps[:-1]).max()))
    return distance, _kolmogorov(distance, n)


def same_law_p(one: F8, other: F8) -> tuple[float, float]:
    """Return (D, p) of the two-sample Kolmogorov–Smirnov test (conservative for counts)."""
    points = np.unique(np.concatenate([one, other]))
    ours = np.searchsorted(np.sort(one), points, side="right") / one.size
    theirs = np.searchsorted(np.sort(other), points, side="right") / other.size
    distance = float(np.abs(ours - theirs).max())
    return distance, _kolmogorov(distance, one.size * other.size / (one.size + other.size))


def same_mean_z(one: F8, other: F8) -> float:
    """Return the standardised difference of two means."""
    error = math.sqrt(one.var(ddof=1) / one.size + other.var(ddof=1) / other.size)
    return float((one.mean() - other.mean()) / error)


def _log_variance(sample: F8) -> tuple[float, float]:
    """Return ln variance and the square of its standard error."""
    centred = sample - sample.mean()
    variance = float(centred.var(ddof=1))
    kurtosis = float((centred**4).mean()) / variance**2
    return math.log(variance), (kurtosis - 1.0) / sample.size


def same_variance_z(one: F8, other: F8) -> float:
    """Return the standardised difference of two log variances."""
    (a, a_error), (b, b_error) = _log_variance(one), _log_variance(other)
    return (a - b) / math.sqrt(a_error + b_error)


def chi_square_tail(x: float, freedom: int) -> float:
    """Return P(chi-square with `freedom` degrees > x), by its finite sum."""
    half = x / 2.0
    shape, tail = (0.5, math.erfc(math.sqrt(half))) if freedom % 2 else (1.0, math.exp(-half))
    while shape < freedom / 2.0 - 0.25 and half > 0.0:
        tail += math.exp(shape * math.log(half) - half - math.lgamma(shape + 1.0))
        shape += 1.0
    return min(1.0, tail)


def chi_square_p(observed: F8, expected: F8) -> tuple[float, float]:
    """Return (statistic, p) of Pearson's test; neighbouring cells are joined up to 10 expected."""
    seen, wanted = _joined(observed, expected)
    statistic = float(((seen - wanted) ** 2 / wanted).sum())
    return statistic, chi_square_tail(statistic, max(seen.size - 1, 1))


def _joined(observed: F8, expected: F8) -> tuple[F8, F8]:
    rows: list[list[float]] = [[0.0, 0.0]]
    for o, e in zip(observed, expected, strict=True):
        if rows[-1][1] >= LEAST_EXPECTED:
            rows.append([0.0, 0.0])
        rows[-1][0] += float(o)
        rows[-1][1] += float(e)
    if len(rows) > 1 and rows[-1][1] < LEAST_EXPECTED:
        o, e = rows.pop()
        rows[-1][0] += o
        rows[-1][1] += e
    table = np.array(rows)
    return table[:, 0], table[:, 1]


def poisson_p(counts: F8, mean: float) -> tuple[float, float]:
    """Return (statistic, p) of Pearson's test that counts are Poisson with a known mean."""
    most = int(max(counts.max(), mean + 10.0 * math.sqrt(mean))) + 1
    logs = [n * math.log(mean) - mean - math.lgamma(n + 1.0) for n in range(most)]
    expected = np.append(np.exp(logs), 0.0)
    expected[-1] = max(0.0, 1.0 - expected.sum())
    observed = np.bincount(np.minimum(counts.astype(np.int64), most), minlength=most + 1)
    return chi_square_p(observed.astype(np.float64), counts.size * expected)


def adjusted_p(values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for false discoveries (Benjamini and Hochberg 1995)."""
    p = np.asarray(values)
    order = np.argsort(p)[::-1]
    scaled = p[order] * p.size / np.arange(p.size, 0, -1)
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(scaled))
    return [float(x) for x in adjusted]
