"""The cases of one origin: what a store and the baselines said of it, and what came."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.studies.panel import DyadYears
from forecast.studies.scores.baselines import (
    BASELINES,
    CLIMATOLOGY_YEARS,
    count_baselines,
    deaths_baselines,
    event_baselines,
)
from forecast.studies.scores.cases import Cases, Counts, Deaths, YesNo
from forecast.studies.scores.distributions import log_deaths
from forecast.studies.scores.pairs import Windows, forecast_pairs, windows_of
from forecast.studies.scores.past import (
    Past,
    attacks_of,
    happened,
    pair_events,
    starts_of,
    state_events,
)
from forecast.studies.scores.stored import (
    any_of,
    count_distributions,
    deaths_distributions,
    directed_chances,
    pair_count_distributions,
    pairs_of,
    targets_of,
    trajectories_of,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

COUNTS = ("dispute_count", "fatal_dispute_count", "war_count")
"""Yearly counts that are scored."""

Told = dict[int, int]
"""Years scored by horizon: fewer where the record ends within it."""


def cases_of(
    tree: xr.DataTree, past: Past, world: xr.Dataset, horizons: tuple[int, ...]
) -> Iterator[Cases]:
    """Yield the cases of one origin, target by target.

    Parameters
    ----------
    tree
        Store of a run from the world's origin.
    past
        The record before and after.
    world
        State system at the origin.
    horizons
        Years from the origin on that are scored, within the store, 1 first. Of a horizon that the
        record does not reach, events within it are left out, and years are scored as far as it
        does.
    """
    origin = int(world.attrs["origin"])
    told = {years: min(years, past.last - origin + 1) for years in horizons}
    yield from _count_cases(tree, past, origin, told)
    yield from _deaths_cases(tree, past, origin, told)
    states = tree["states"].to_dataset()["state"].values.astype(np.int64)
    rows = forecast_pairs(past, world, states)
    yield from _pair_cases(tree, past, rows, told, states)
    yield from _state_cases(tree["dyads"].to_dataset(), past, origin, told, states)


def _pair_cases(
    tree: xr.DataTree, past: Past, rows: DyadYears, told: Told, states: Integers
) -> Iterator[Cases]:
    dyads = tree["dyads"].to_dataset()
    origin = int(rows.year[0])
    whole = tuple(years for years in told if told[years] == years)
    onsets = windows_of(dyads, "first_onset_count", past, past.onsets, rows, states, whole)
    force = windows_of(dyads, "first_use_count", past, past.forceful, rows, states, whole)
    yield from _window_cases("dyad_onset", origin, rows.pair, onsets)
    yield from _window_cases("dyad_use_of_force", origin, rows.pair, force)
    base = {name: chance for name, chance in onsets.forecasts[1].items() if name in BASELINES}
    yearly = _by_architecture(dyads, pairs_of(dyads), rows.pair, base["last_ten_years"])
    seen = happened(starts_of(past.onsets, states), rows.pair, origin, max(told.values()))
    yield from _by_year("dyad_year_onset", origin, told, seen, rows.pair, yearly, base)
    own = pair_count_distributions(tree, yearly, max(told.values()))
    yield from _pair_count_cases(own, past, rows, told, seen)


def _pair_count_cases(
    own: dict[str, Floats], past: Past, rows: DyadYears, told: Told, seen: Floats
) -> Iterator[Cases]:
    origin = int(rows.year[0])
    events = pair_events(past, starts_of(past.onsets))
    before = events.by_year(rows.pair, origin, CLIMATOLOGY_YEARS)
    forecasts = own | count_baselines(before, max(told.values()))
    for years, parts in _world(origin, told, seen.sum(axis=0), forecasts).items():
        yield Counts("onset_pair_count", years, *parts)


def _state_cases(
    dyads: xr.Dataset, past: Past, origin: int, told: Told, states: Integers
) -> Iterator[Cases]:
    base = event_baselines(state_events(past, origin), states, origin, 1)
    yearly = _by_architecture(dyads, targets_of(dyads), states, base["last_ten_years"])
    seen = happened(attacks_of(past, states), states, origin, max(told.values()))
    yield from _by_year("state_year_attacked", origin, told, seen, states, yearly, base)


def _count_cases(tree: xr.DataTree, past: Past, origin: int, told: Told) -> Iterator[Cases]:
    longest = max(told.values())
    for name in COUNTS:
        before, seen = _annual(past, name, origin, longest)
        own = count_distributions(tree["annual"].to_dataset(), name, longest)
        world = _world(origin, told, seen.astype(float), own | count_baselines(before, longest))
        for years, parts in world.items():
            yield Counts(name, years, *parts)


def _deaths_cases(tree: xr.DataTree, past: Past, origin: int, told: Told) -> Iterator[Cases]:
    name, longest = "battle_deaths", max(told.values())
    before, seen = _annual(past, name, origin, longest)
    own = deaths_distributions(tree["annual"].to_dataset(), longest)
    forecasts = own | deaths_baselines(before, longest)
    for years, parts in _world(origin, told, log_deaths(seen), forecasts).items():
        yield Deaths(name, years, *parts)


def _annual(past: Past, name: str, origin: int, years: int) -> tuple[Integers, Integers]:
    """Return the record's yearly totals before the origin, and in the years from it on."""
    totals = past.annual[name]
    coming = totals.sel(year=np.arange(origin, origin + years))
    return totals.sel(year=slice(None, origin - 1)).values, coming.values


Parts = tuple[Floats, Integers, Integers, dict[str, Floats]]


def _world(origin: int, told: Told, seen: Floats, forecasts: dict[str, Floats]) -> dict[int, Parts]:
    """Return what came in the world's first years, with labels and forecasts, by horizon."""
    found = {}
    for horizon, years in told.items():
        part = {model: forecast[:years] for model, forecast in forecasts.items()}
        unit, year = np.zeros(years, np.int64), np.arange(origin, origin + years)
        found[horizon] = seen[:years], unit, year, part
    return found


def _window_cases(target: str, origin: int, pairs: Integers, windows: Windows) -> Iterator[Cases]:
    """Yield the cases of any event within each horizon."""
    year = np.full(len(pairs), origin)
    for years, forecasts in windows.forecasts.items():
        came = windows.seen[:, :years].max(axis=1)
        yield YesNo(target, years, came, pairs, year, forecasts)


def _by_architecture(
    dyads: xr.Dataset, unit: xr.DataArray, units: Integers, base: Floats
) -> dict[str, Floats]:
    """Return the chance of an onset in a year, (unit, year), with one history at a base rate."""
    size = trajectories_of(dyads)
    return {
        label: (size * any_of(chance, unit, units) + base[:, None]) / (size + 1)
        for label, chance in directed_chances(dyads).items()
    }


def _by_year(
    target: str,
    origin: int,
    told: Told,
    seen: Floats,
    units: Integers,
    own: dict[str, Floats],
    plain: dict[str, Floats],
) -> Iterator[Cases]:
    """Yield unit-years; the baselines say the same of every year."""
    for horizon, years in told.items():
        year = np.tile(origin + np.arange(years), len(units))
        forecasts = {label: chance[:, :years].ravel() for label, chance in own.items()}
        forecasts |= {name: np.repeat(chance, years) for name, chance in plain.items()}
        observed, unit = seen[:, :years].ravel(), np.repeat(units, years)
        yield YesNo(target, horizon, observed, unit, year, forecasts)
