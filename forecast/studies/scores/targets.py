"""The cases of one origin: what a store and the baselines said of it, and what came."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.studies.scores.baselines import count_baselines, deaths_baselines, event_baselines
from forecast.studies.scores.cases import Cases, Counts, Deaths, YesNo
from forecast.studies.scores.distributions import log_deaths
from forecast.studies.scores.pairs import Windows, forecast_pairs, windows_of
from forecast.studies.scores.past import Past, attacks_of, happened, state_events
from forecast.studies.scores.stored import (
    any_of,
    count_distributions,
    deaths_distributions,
    directed_chances,
    pairs_of,
    targets_of,
    trajectories_of,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

COUNTS = ("dispute_count", "fatal_dispute_count", "war_count")
"""Yearly counts that are scored."""

Horizons = tuple[int, ...]


def cases_of(tree: xr.DataTree, past: Past, origin: int, horizons: Horizons) -> Iterator[Cases]:
    """Yield the cases of one origin, target by target.

    Parameters
    ----------
    tree
        Store of a run whose first year is the origin.
    past
        The record before and after.
    origin
        First calendar year.
    horizons
        Years from the origin on that are scored, within the store and the record, 1 first.
    """
    yield from _count_cases(tree, past, origin, horizons)
    yield from _deaths_cases(tree, past, origin, horizons)
    dyads = tree["dyads"].to_dataset()
    states = tree["states"].to_dataset()["state"].values.astype(np.int64)
    rows = forecast_pairs(past, origin, states)
    onsets = windows_of(dyads, "first_onset_count", past, past.onsets, rows, states, horizons)
    force = windows_of(dyads, "first_use_count", past, past.forceful, rows, states, horizons)
    yield from _window_cases("dyad_onset", origin, rows.pair, onsets)
    yield from _window_cases("dyad_use_of_force", origin, rows.pair, force)
    chances = directed_chances(dyads)
    size = trajectories_of(dyads)
    plain = onsets.forecasts[1]
    base = {name: plain[name] for name in plain if name not in chances}
    yearly = {label: any_of(one, pairs_of(dyads), rows.pair) for label, one in chances.items()}
    yearly = _smoothed(yearly, base["last_ten_years"], size)
    yield from _by_year("dyad_year_onset", origin, horizons, onsets.seen, rows.pair, yearly, base)
    base = event_baselines(state_events(past, origin), states, origin, 1)
    yearly = {label: any_of(one, targets_of(dyads), states) for label, one in chances.items()}
    yearly = _smoothed(yearly, base["last_ten_years"], size)
    seen = happened(attacks_of(past, states), states, origin, max(horizons))
    yield from _by_year("state_year_attacked", origin, horizons, seen, states, yearly, base)


def _count_cases(tree: xr.DataTree, past: Past, origin: int, horizons: Horizons) -> Iterator[Cases]:
    for name in COUNTS:
        before, seen = _annual(past, name, origin, max(horizons))
        own = count_distributions(tree["annual"].to_dataset(), name, max(horizons))
        forecasts = own | count_baselines(before, max(horizons))
        for years in horizons:
            yield Counts(*_world(name, origin, years, seen.astype(float), forecasts))


def _deaths_cases(
    tree: xr.DataTree, past: Past, origin: int, horizons: Horizons
) -> Iterator[Cases]:
    name = "battle_deaths"
    before, seen = _annual(past, name, origin, max(horizons))
    own = deaths_distributions(tree["annual"].to_dataset(), max(horizons))
    forecasts = own | deaths_baselines(before, max(horizons))
    for years in horizons:
        yield Deaths(*_world(name, origin, years, log_deaths(seen), forecasts))


def _annual(past: Past, name: str, origin: int, years: int) -> tuple[Integers, Integers]:
    """Return the record's yearly totals before the origin, and in the years from it on."""
    totals = past.annual[name]
    coming = totals.sel(year=np.arange(origin, origin + years))
    return totals.sel(year=slice(None, origin - 1)).values, coming.values


def _world(
    name: str, origin: int, years: int, seen: Floats, forecasts: dict[str, Floats]
) -> tuple[str, int, Floats, Integers, Integers, dict[str, Floats]]:
    """Return the parts of the cases of the world's first years."""
    part = {model: forecast[:years] for model, forecast in forecasts.items()}
    unit, year = np.zeros(years, np.int64), np.arange(origin, origin + years)
    return name, years, seen[:years], unit, year, part


def _window_cases(target: str, origin: int, pairs: Integers, windows: Windows) -> Iterator[Cases]:
    """Yield the cases of any event within each horizon."""
    year = np.full(len(pairs), origin)
    for years, forecasts in windows.forecasts.items():
        came = windows.seen[:, :years].max(axis=1)
        yield YesNo(target, years, came, pairs, year, forecasts)


def _smoothed(chances: dict[str, Floats], base: Floats, trajectories: int) -> dict[str, Floats]:
    """Return chances with one more history at a base rate, (unit, year)."""
    return {
        label: (trajectories * chance + base[:, None]) / (trajectories + 1)
        for label, chance in chances.items()
    }


def _by_year(
    target: str,
    origin: int,
    horizons: Horizons,
    seen: Floats,
    units: Integers,
    own: dict[str, Floats],
    plain: dict[str, Floats],
) -> Iterator[Cases]:
    """Yield unit-years; the baselines say the same of every year."""
    for years in horizons:
        year = np.tile(origin + np.arange(years), len(units))
        forecasts = {label: chance[:, :years].ravel() for label, chance in own.items()}
        forecasts |= {name: np.repeat(chance, years) for name, chance in plain.items()}
        observed, unit = seen[:, :years].ravel(), np.repeat(units, years)
        yield YesNo(target, years, observed, unit, year, forecasts)
