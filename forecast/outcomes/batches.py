"""From one batch of the kernel's results to the arrays of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forecast.outcomes.variables import (
    ANNUAL_COUNTS,
    MEASURES,
    STANDING,
    STATE_COUNTS,
    TRAJECTORY_COUNTS,
    TRAJECTORY_EXPECTATIONS,
)

if TYPE_CHECKING:  # reading a store must not load the compiler
    from forecast.kernel.results import BatchResult

Arrays = dict[str, NDArray[Any]]

YEAR_NUMBERS = ("great_power_war_year", "g3_war_year", "nuclear_use_year")


def batch_arrays(result: BatchResult, first_year: int) -> Arrays:
    """Return a batch's arrays under the paths of the store, without the batch axis.

    Parameters
    ----------
    result
        What the kernel saw in a range of trajectories.
    first_year
        First calendar year, to turn year numbers into years.
    """
    return {
        **_trajectories(result, first_year),
        **_annual(result),
        **_aggressions(result),
        **_states(result),
        **_institutions(result),
        **_dyads(result),
    }


def _trajectories(result: BatchResult, first_year: int) -> Arrays:
    seen = result.trajectories
    found: Arrays = {
        "trajectories/stream_hash": seen.stream_hash,
        "trajectories/candidate_count": seen.candidates,
    }
    for position, concept in enumerate(TRAJECTORY_COUNTS):
        found[f"trajectories/{concept.name}"] = seen.counts[position]
    for position, concept in enumerate(TRAJECTORY_EXPECTATIONS):
        found[f"trajectories/{concept.name}"] = seen.expected[position]
    for name in YEAR_NUMBERS:
        number = found[f"trajectories/{name}"]
        found[f"trajectories/{name}"] = np.where(number > 0, first_year + number - 1, 0)
    return found


def _annual(result: BatchResult) -> Arrays:
    annual = result.annual
    found: Arrays = {
        "annual/expected_war_count": annual.expected_total,
        "annual/expected_war_count_product": annual.expected_product,
        "annual/shared_onset_count": annual.shared_onset_product,
    }
    for position, concept in enumerate(ANNUAL_COUNTS):
        path = f"annual/{concept.name}"
        found[path] = annual.total[position]
        found[f"{path}_product"] = annual.product[position]
        found[f"{path}_histogram"] = annual.histogram[position]
    for position, concept in enumerate(MEASURES):
        path = f"annual/{concept.name}"
        found[path] = annual.measure_total[position]
        found[f"{path}_product"] = annual.measure_product[position]
    return found


def _aggressions(result: BatchResult) -> Arrays:
    seen = result.aggressions
    return {
        "aggressions/aggression_count": seen.attempts,
        "aggressions/aggression_success_count": seen.successes,
        "institutions/latency_histogram": seen.latency,
    }


def _states(result: BatchResult) -> Arrays:
    found: Arrays = {}
    for position, concept in enumerate(STATE_COUNTS):
        path = f"states/{concept.name}"
        found[path] = result.states.total[position]
        found[f"{path}_product"] = result.states.product[position]
    return found


def _institutions(result: BatchResult) -> Arrays:
    seen = result.institutions._asdict()
    found: Arrays = {"institutions/survival_count": seen["survival_count"]}
    for concept in STANDING:
        path = f"institutions/{concept.name}"
        found[path] = seen[f"{concept.name}_total"]
        found[f"{path}_product"] = seen[f"{concept.name}_product"]
        found[f"{path}_histogram"] = seen[f"{concept.name}_histogram"]
    return found


def _dyads(result: BatchResult) -> Arrays:
    dyads = result.dyads
    return {
        "dyads/onset_count": dyads.onset_count,
        "dyads/onset_count_product": dyads.onset_product,
        "dyads/first_onset_count": dyads.first_onset_count,
        "dyads/first_use_count": dyads.first_use_count,
    }
