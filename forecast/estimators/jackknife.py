"""The error of any function of a run's sums, from leaving out one batch at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecast.estimators.moments import Estimate

F8 = NDArray[np.float64]

Statistic = Callable[..., F8]
"""Takes the number of trajectories and sums over them; returns (..., architecture)."""


def jackknife(statistic: Statistic, sizes: ArrayLike, *sums: ArrayLike) -> Estimate:
    """Return a statistic of the whole run and the covariance of its values.

    Where the statistic is unknown (NaN) without some batch, so is its error; from a single batch
    every error is unknown.

    Parameters
    ----------
    statistic
        Function of the number of trajectories and of each of the sums without its batch axis.
    sizes
        Trajectories in each batch, (batch,); batches may differ.
    sums
        Sums of each batch, (batch, ...).

    Source
    ------
    Busing, Meijer and van der Leeden (1999), delete-m jackknife for unequal m,
    doi:10.1023/A:1008800423698.
    """
    counts = np.asarray(sizes, dtype=np.float64)
    parts = [np.asarray(part, dtype=np.float64) for part in sums]
    totals = [part.sum(axis=0) for part in parts]
    value = statistic(counts.sum(), *totals)
    shape = (*value.shape, value.shape[-1])
    if counts.size < 2:
        return Estimate(value, np.full(shape, np.nan))
    left = np.array(
        [
            statistic(
                counts.sum() - counts[b], *(t - p[b] for t, p in zip(totals, parts, strict=True))
            )
            for b in range(counts.size)
        ]
    )
    return Estimate(value, _covariance(value, left, counts / counts.sum()))


def _covariance(value: F8, left: F8, share: F8) -> F8:
    """Return the covariance from values without each batch, which holds a share of all."""
    held = share.reshape(-1, *(1,) * value.ndim)
    centre = share.size * value - ((1 - held) * left).sum(axis=0)
    pseudo = value / held - (1 / held - 1) * left
    apart = (pseudo - centre) / np.sqrt(1 / held - 1)
    return np.asarray(np.einsum("b...i,b...j->...ij", apart, apart) / share.size)
