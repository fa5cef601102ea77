"""Which pairs of states are forecast, and the chance of an event of each within a horizon."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.studies.evidence.engine import fighting
from forecast.studies.panel import DyadYears
from forecast.studies.scores.baselines import event_baselines
from forecast.studies.scores.past import Past, happened, pair_events, starts_of
from forecast.studies.scores.peace_years import fit_peace_logit, logit_chances
from forecast.studies.scores.stored import first_events, trajectories_of
from forecast.world.disputes import Onsets

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Windows(NamedTuple):
    """An event of pairs within the years from an origin on.

    Parameters
    ----------
    seen
        1 where a pair has one in a year, (pair, year).
    forecasts
        Chance of any within each horizon, by horizon and name, (pair,).
    """

    seen: Floats
    forecasts: dict[int, dict[str, Floats]]


def forecast_pairs(past: Past, world: xr.Dataset, states: Integers) -> DyadYears:
    """Return the politically relevant pairs of states of a store, as known on 1 January.

    Pairs then at war with each other are left out: no dispute starts between them in a run.

    Parameters
    ----------
    past
        The record.
    world
        State system at the origin.
    states
        COW codes of the states of the store, (state,).

    Raises
    ------
    ForecastError
        If the store has no such pair.
    """
    panel = past.panel
    chosen = (panel.year == world.attrs["origin"]) & (panel.age >= 1)
    chosen &= np.isin(panel.first, states) & np.isin(panel.second, states)
    rows = panel.where(chosen)
    rows = rows.where(~np.isin(rows.pair, fighting(world)))
    if not len(rows.year):
        raise ForecastError(
            f"no pair of the run's states is contiguous or has a major power on 1 January "
            f"{world.attrs['origin']} in the source files, so there is no pair to score"
        )
    return rows


def windows_of(
    dyads: xr.Dataset,
    variable: str,
    past: Past,
    onsets: Onsets,
    rows: DyadYears,
    states: Integers,
    horizons: tuple[int, ...],
) -> Windows:
    """Return what a store and the baselines say of an event within each horizon, and what came.

    A pair that has it in k of N histories gets (k + c)/(N + 1), c the rate of the last ten years:
    one that has it in none is given the chance that knows nothing, not zero.

    Parameters
    ----------
    dyads
        Group of a store.
    variable
        Its variable of first events.
    past, onsets
        The record, and the events that count.
    rows
        Pairs at the origin.
    states
        COW codes of the states of the store, (state,).
    horizons
        Years from the origin on.
    """
    origin, longest = int(rows.year[0]), max(horizons)
    seen = happened(starts_of(onsets, states), rows.pair, origin, longest)
    plain = _baselines(past, starts_of(onsets), rows, horizons)
    hits, size = first_events(dyads, variable, rows.pair), trajectories_of(dyads)
    return Windows(
        seen,
        {
            years: {
                label: (count[:, :years].sum(axis=1) + base["last_ten_years"]) / (size + 1)
                for label, count in hits.items()
            }
            | base
            for years, base in plain.items()
        },
    )


def _baselines(
    past: Past, starts: Integers, rows: DyadYears, horizons: tuple[int, ...]
) -> dict[int, dict[str, Floats]]:
    """Return the baselines' chances by horizon and name, each (pair,)."""
    origin = int(rows.year[0])
    events = pair_events(past, starts)
    fit = fit_peace_logit(past.panel, events.event, starts, origin)
    quiet = 1.0 - logit_chances(fit, rows, starts, max(horizons))
    return {
        years: {
            **event_baselines(events, rows.pair, origin, years),
            "logit": 1.0 - quiet[:, :years].prod(axis=1),
        }
        for years in horizons
    }
