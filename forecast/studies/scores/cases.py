"""Forecasts beside what came: the cases that are scored, pooled over forecast origins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast.studies.scores.resampling import period_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Cases:
    """Forecasts of one target and what came, case by case.

    Parameters
    ----------
    target, horizon
        What is forecast, and how many years from the origin on are scored.
    observed
        What came, (case,).
    unit
        Pair of states or state of each case, 0 for the world, (case,).
    year
        Calendar year of each case, of a window its first, (case,).
    forecasts
        By the name of who forecast them, the cases first.
    """

    target: str
    horizon: int
    observed: Floats
    unit: Integers
    year: Integers
    forecasts: dict[str, Floats]

    @property
    def blocks(self) -> tuple[Integers, ...]:
        """What is drawn anew as a whole: units and periods of years, each (case,)."""
        return self.unit, period_of(self.year)


class YesNo(Cases):
    """Events: observed 1 or 0, forecasts are probabilities, (case,)."""


class Counts(Cases):
    """Yearly counts of the world: forecasts are distributions, (case, count)."""


class Deaths(Cases):
    """Decimal logarithms of a year's battle deaths: forecasts are members, (case, member)."""


def pooled(parts: Iterable[Cases]) -> list[Cases]:
    """Return the cases of several origins together, by target and horizon, in order of coming.

    All origins must have the same forecasters.
    """
    groups: dict[tuple[str, int], list[Cases]] = {}
    for part in parts:
        groups.setdefault((part.target, part.horizon), []).append(part)
    return [_joined(group) for group in groups.values()]


def _joined(group: Sequence[Cases]) -> Cases:
    first = group[0]
    forecasts = {
        name: np.concatenate([part.forecasts[name] for part in group]) for name in first.forecasts
    }
    return type(first)(
        first.target,
        first.horizon,
        np.concatenate([part.observed for part in group]),
        np.concatenate([part.unit for part in group]),
        np.concatenate([part.year for part in group]),
        forecasts,
    )
