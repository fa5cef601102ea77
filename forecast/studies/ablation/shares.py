"""Contrasts to the reference and the share of them that a change takes away, both paired."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.estimators.moments import NORMAL_QUANTILE

Floats = NDArray[np.float64]


class Uncertain(NamedTuple):
    """A value and its Monte Carlo standard error."""

    value: float
    error: float

    @property
    def clear(self) -> bool:
        """Whether its 95 % interval excludes zero."""
        return abs(self.value) > NORMAL_QUANTILE * self.error


def mean(difference: Floats) -> Uncertain:
    """Return the mean of paired differences.

    Parameters
    ----------
    difference
        Architecture less reference, (trajectory,), at least two.
    """
    return Uncertain(float(difference.mean()), _error(difference))


def carried(full: Floats, without: Floats) -> Uncertain:
    """Return 1 - mean(without)/mean(full), the share of a contrast that a change takes away.

    The error is that of the mean of (without - r·full)/mean(full), r the ratio (the delta method):
    trajectories are paired, so what both share drops out. NaN where the full contrast is zero.

    Parameters
    ----------
    full, without
        Differences to the reference without and with the change, (trajectory,).
    """
    below = float(full.mean())
    if below == 0.0:
        return Uncertain(math.nan, math.nan)
    ratio = float(without.mean()) / below
    return Uncertain(1.0 - ratio, _error((without - ratio * full) / below))


def kept(full: Floats, without: Floats) -> Uncertain:
    """Return mean(without)/mean(full), the share of a contrast that outlasts a change."""
    lost = carried(full, without)
    return Uncertain(1.0 - lost.value, lost.error)


def _error(values: Floats) -> float:
    return float(values.std(ddof=1) / math.sqrt(values.size))
