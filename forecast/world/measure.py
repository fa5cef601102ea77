"""Values with what must be said of them, before they are labelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Measure(NamedTuple):
    """One variable of the states, and where it is from.

    Parameters
    ----------
    values
        (state,).
    source
        Source keys, as `forecast.world.sources.cite` gives them.
    year
        Year of the newest datum used, or ``spell``.
    notes
        Further attributes, such as `missing_rule`.
    imputed
        True where a rule filled the value, (state,); None if the variable is never filled.
    """

    values: NDArray[Any]
    source: str
    year: int | str
    notes: Mapping[str, Any] = {}
    imputed: NDArray[np.bool_] | None = None


Measures = dict[str, Measure]


def fill_by_group(values: Floats, groups: NDArray[Any]) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the values with each missing one set to the median of its group, and where.

    A group without any value takes the median of all; without any value at all, 0.
    """
    missing = np.isnan(values)
    known = values[~missing]
    filled = np.where(missing, np.median(known) if known.size else 0.0, values)
    for group in np.unique(groups[missing]):
        alike = values[(groups == group) & ~missing]
        if alike.size:
            filled[missing & (groups == group)] = np.median(alike)
    return filled, missing


def fill_by_likeness(
    values: Floats, weights: Floats, *traits: NDArray[Any]
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the values with each missing one set to the mean of the states like it, and where.

    Alike are the states with equal traits; where none of them has a value, those with the same
    last trait, then all.

    Parameters
    ----------
    values
        (state,), NaN where missing.
    weights
        Weight of each state in the means, > 0, (state,).
    traits
        Categories, each (state,).
    """
    missing = np.isnan(values)
    filled = values.copy()
    for i in np.flatnonzero(missing):
        for kept in (traits, traits[-1:], ()):
            alike = ~missing & np.all([trait == trait[i] for trait in kept] or [~missing], axis=0)
            if alike.any():
                filled[i] = np.average(values[alike], weights=weights[alike])
                break
    return filled, missing
