"""When a run has told enough: looks at growing prefixes of it, at numbers fixed in advance."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.errors import nearest
from forecast.estimators.catalogue import MEASURES
from forecast.estimators.measure import Measure, Read
from forecast.estimators.rows import assess
from forecast.scenario.models import Scenario, Stop

F8 = NDArray[np.float64]

LEAST_GROWTH, MOST_GROWTH = 1.5, 4.0
"""Factors between one look and the next (assumption): few looks, and none far beyond the need."""

MARGIN = 1.1
"""Factor on the trajectories that the last look asks for, so that the next is mostly the last
(assumption)."""


class Look(NamedTuple):
    """What a prefix of a run tells of the outcome that it stops on.

    Parameters
    ----------
    trajectories
        Length of the prefix.
    half_width
        Half the widest of the 95 % intervals in question.
    target
        What it may be.
    """

    trajectories: int
    half_width: float
    target: float

    @property
    def enough(self) -> bool:
        """Whether the interval is as narrow as asked."""
        return self.half_width <= self.target


def sought(stop: Stop) -> Measure:
    """Return the outcome that a run stops on.

    Raises
    ------
    ForecastError
        If there is none of that name.
    """
    known = {measure.name: measure for measure in MEASURES}
    return known[nearest(stop.outcome, list(known), "stop.outcome")]


def look(tree: xr.DataTree, scenario: Scenario, stop: Stop, trajectories: int) -> Look:
    """Return what the first trajectories of a run tell, whatever else is there already.

    Parameters
    ----------
    tree
        Outcomes of the run.
    scenario, stop
        What was asked, and when it is known.
    trajectories
        Length of the prefix.
    """
    group = tree["trajectories"].to_dataset().isel(trajectory=slice(trajectories))

    def read(variable: str) -> F8:
        return np.asarray(group[variable].values, dtype=np.float64)

    return Look(trajectories, *_known_to(scenario, stop, read))


def _known_to(scenario: Scenario, stop: Stop, read: Read) -> tuple[float, float]:
    """Return half the widest interval in question, against its target, and the target."""
    names = list(scenario.architectures)
    draws = scenario.uncertainty.draws if scenario.uncertainty else 1
    reference = names.index(scenario.reference)
    row = assess(sought(stop), read, scenario.horizon.years, draws, reference).row
    low, high, value = row.estimate_lower, row.estimate_upper, row.estimate
    if stop.architecture is not None:
        at = [names.index(stop.architecture)]
        low, high, value = row.lower[at], row.upper[at], row.difference[at]
    # What has no error yet is not known.
    half = np.nan_to_num((high - low) / 2, nan=np.inf)
    target = np.abs(value) * stop.relative if stop.relative else np.full_like(value, stop.absolute)
    worst = int(np.argmax(half / np.maximum(np.nan_to_num(target), np.finfo(float).tiny)))
    return float(half[worst]), float(target[worst])


def first_length(scenario: Scenario, stop: Stop) -> int:
    """Return where the first look is: at the trajectories of the scenario, in whole batches."""
    size = scenario.run.batch_size
    return min(math.ceil(scenario.run.trajectories / size) * size, stop.ceiling)


def next_length(scenario: Scenario, stop: Stop, last: Look) -> int:
    """Return how many trajectories the next look is at: whole batches, at most the ceiling.

    The number follows from the last look alone, and looks lie so far apart that there are few;
    a run so stopped is not one stopped whenever its error happened to seem small.
    """
    size = scenario.run.batch_size
    ratio = last.half_width / last.target if last.target > 0 else math.inf
    growth = min(max(MARGIN * ratio**2, LEAST_GROWTH), MOST_GROWTH)
    wanted = math.ceil(last.trajectories * growth / size) * size
    return min(wanted, stop.ceiling)


def told(last: Look, stop: Stop) -> str:
    """Return in a sentence how the run ended."""
    what = f"the difference of {stop.architecture} in " if stop.architecture else ""
    end = "" if last.enough else "; the ceiling came first"
    return (
        f"Stopped at {last.trajectories:,} trajectories: {what}{stop.outcome} is known to "
        f"±{last.half_width:.3g}, where ±{last.target:.3g} was asked{end}."
    )
