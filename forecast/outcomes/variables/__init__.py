"""The registry of stored variables: name, dimensions, type, units and meaning, stated once.

Groups other than ``trajectories`` carry an axis `batch`: a fixed range of trajectories whose sums,
sums of cross-products and histograms were written together. Totals over a run are sums over it.
"""

from __future__ import annotations

from forecast.outcomes.variables.aggressions import aggression_variables
from forecast.outcomes.variables.annual import ANNUAL_COUNTS, MEASURES, annual_variables
from forecast.outcomes.variables.concept import (
    COUNT_BINS,
    LATENCY_BINS,
    NOT_RUN,
    POWER_BINS,
    SHARE_BINS,
    STATE_CLASSES,
    Concept,
    Variable,
)
from forecast.outcomes.variables.institutions import STANDING, institution_variables
from forecast.outcomes.variables.states import (
    DYAD_COUNTS,
    STATE_COUNTS,
    dyad_variables,
    state_variables,
)
from forecast.outcomes.variables.trajectories import (
    TRAJECTORY_COUNTS,
    TRAJECTORY_EXPECTATIONS,
    trajectory_variables,
)

__all__ = [
    "ANNUAL_COUNTS",
    "COUNT_BINS",
    "DYAD_COUNTS",
    "GROUPS",
    "LATENCY_BINS",
    "MEASURES",
    "NOT_RUN",
    "POWER_BINS",
    "SHARE_BINS",
    "STANDING",
    "STATE_CLASSES",
    "STATE_COUNTS",
    "TRAJECTORY_COUNTS",
    "TRAJECTORY_EXPECTATIONS",
    "VARIABLES",
    "Concept",
    "Variable",
]

VARIABLES: tuple[Variable, ...] = (
    *trajectory_variables(),
    *annual_variables(),
    *aggression_variables(),
    *state_variables(),
    *institution_variables(),
    *dyad_variables(),
)
"""Every data variable of a store, in order of its groups."""

GROUPS: tuple[str, ...] = tuple(dict.fromkeys(v.group for v in VARIABLES))
