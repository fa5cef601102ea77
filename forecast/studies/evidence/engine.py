"""The engine's own trajectories as forecasts of onset, from the world of any origin."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.run import run
from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Horizon, RunSettings, Scenario
from forecast.scenario.parameters import Parameters
from forecast.studies.evidence.rolling import (
    LAST_YEAR,
    ORIGINS,
    STEP_YEARS,
    WINDOWS,
    Rows,
    adopted_fits,
    climatology,
)
from forecast.studies.evidence.scores import brier_skill
from forecast.studies.evidence.windows import any_onset, window_intensity
from forecast.studies.fit.onset import OnsetFit
from forecast.studies.panel import DyadYears
from forecast.studies.scores.statistics import log_scores
from forecast.studies.scores.stored import by_pair
from forecast.world.build import labelled_world
from forecast.world.composed import compose_past
from forecast.world.history.sources import Sources

Floats = NDArray[np.float64]

SCENARIO, ARCHITECTURE = "hindcast_1990.toml", "inherited_pacts"
"""Whose settings and architecture the runs take: the pacts of the day, nothing else."""


def past_world(sources: Sources, origin: int) -> xr.Dataset:
    """Return the world on 1 January of an origin, from tables already read."""
    return labelled_world(compose_past(sources, origin), origin)


def onset_scenario(
    fit: OnsetFit, origin: int, years: int, trajectories: int, seed: int, **onset: float
) -> Scenario:
    """Return a scenario that starts at the origin with a fitted onset equation.

    Parameters
    ----------
    fit
        Terms by the names of `onset` parameters.
    origin, years
        First calendar year and length of the horizon.
    trajectories, seed
        Settings of the run.
    **onset
        Further `onset` parameters to set.
    """
    shipped = load_scenario(shipped_configs() / SCENARIO)
    values = dict(zip(fit.names, fit.values.tolist(), strict=True)) | onset
    batch = min(trajectories, 1000)
    return shipped.model_copy(
        update={
            "horizon": Horizon(first_year=origin, last_year=origin + years - 1),
            "run": RunSettings(
                trajectories=trajectories, seed=seed, batch_size=batch, memory_start="coded"
            ),
            "reference": ARCHITECTURE,
            "architectures": {ARCHITECTURE: shipped.architectures[ARCHITECTURE]},
            "parameters": _with_onset(shipped.parameters, values),
            "estimates": (),
        }
    )


def _with_onset(parameters: Parameters, values: dict[str, float]) -> Parameters:
    changed: dict[str, Any] = parameters.model_dump()
    for name, value in values.items():
        unit = changed["onset"][name]["unit"]
        changed["onset"][name] = {"value": value, "unit": unit, "source": "fit", "tag": "estimated"}
    return Parameters.model_validate(changed)


def first_onsets(scenario: Scenario, world: xr.Dataset) -> xr.DataArray:
    """Run a scenario and return in how many trajectories each pair's first onset falls in a year.

    Returns
    -------
    xarray.DataArray
        (pair, year), integers; pair is 1000 times the lower COW code plus the higher one.
    """
    with tempfile.TemporaryDirectory(prefix="forecast-evidence-") as folder:
        quiet = {"progress": lambda done, total: None}
        tree = run(scenario, world, output=Path(folder) / "store.zarr", **quiet)  # type: ignore[arg-type] # one keyword
        dyads = tree["dyads"].to_dataset()
        counts = dyads["first_onset_count"].sum("batch").isel(architecture=0).load()
    return by_pair(counts)


def fighting(world: xr.Dataset) -> NDArray[np.int64]:
    """Return the pairs on opposite sides of a war under way: no dispute starts between them."""
    side, code = world["war_side"].values, world["state"].values.astype(np.int64)
    against = ((side[:, :, None] == 1) & (side[:, None, :] == 2)).any(axis=0)
    i, j = np.nonzero(against)
    return np.minimum(code[i], code[j]) * 1000 + np.maximum(code[i], code[j])


def smoothed(
    counts: xr.DataArray, rows: DyadYears, years: int, trajectories: int, climatology: float
) -> Floats:
    """Return the probability of an onset within `years` of the origin, (row,).

    ``(k + climatology)/(trajectories + 1)`` with k the trajectories with an onset: a pair that
    never fought in any is given the chance that knows nothing, not zero.
    """
    hits = counts.isel(year=slice(years)).sum("year")
    found = hits.reindex(pair=rows.pair, fill_value=0).values
    return np.asarray((found + climatology) / (trajectories + 1))


REPLICATES, REPLICATE_SEED = 100, 1


class EngineScores(NamedTuple):
    """The engine's trajectories and the equation they sample, on the same rows.

    Parameters
    ----------
    horizon
        Years ahead.
    engine, equation
        Mean log scores.
    sampled, deviation
        Mean and standard deviation of the score that as many trajectories drawn from the equation
        would get: few trajectories cost a little, beyond noise.
    skill
        Brier skill of the engine against the rate of the last ten years.
    rows
        Pairs forecast.
    """

    horizon: int
    engine: float
    equation: float
    sampled: float
    deviation: float
    skill: float
    rows: int


def engine_scores(
    sources: Sources, panel: DyadYears, trajectories: int, seed: int
) -> list[EngineScores]:
    """Score the engine at every origin, one year ahead and over the windows.

    One year ahead every year of 1950-1999 is an origin of its own, with the equation fitted at
    the last rolling origin; the windows start at the rolling origins.

    Parameters
    ----------
    sources
        Source tables.
    panel
        Dyad-years; only pairs alive on 1 January can be forecast.
    trajectories, seed
        Of every run.
    """
    fits = adopted_fits(panel)
    blocks: dict[int, list[tuple[Floats, Rows]]] = {1: [], **{h: [] for h in WINDOWS}}
    for year in range(ORIGINS[0], ORIGINS[-1] + STEP_YEARS):
        origin = year - (year - ORIGINS[0]) % STEP_YEARS
        horizons = [1, *(h for h in WINDOWS if year == origin and year + h <= LAST_YEAR)]
        scenario = onset_scenario(fits[origin], year, max(horizons), trajectories, seed)
        world = past_world(sources, year)
        counts = first_onsets(scenario, world)
        rows = panel.where((panel.year == year) & (panel.age >= 1))
        rows = rows.where(~np.isin(rows.pair, fighting(world)))
        for years in horizons:
            base = climatology(panel, year, years)
            own = smoothed(counts, rows, years, trajectories, base)
            equation = -np.expm1(-window_intensity(fits[origin], rows, years))
            seen = any_onset(panel, rows, years)
            blocks[years].append((equation, Rows(seen, own, np.full(len(own), base), rows.pair)))
    return [_scored(years, found, trajectories) for years, found in blocks.items()]


def _scored(years: int, found: list[tuple[Floats, Rows]], trajectories: int) -> EngineScores:
    equation = np.concatenate([block for block, _ in found])
    seen, own, base = (
        np.concatenate([getattr(rows, name) for _, rows in found])
        for name in ("observed", "forecast", "reference")
    )
    mean, deviation = sampled_score(seen, equation, base, trajectories)
    return EngineScores(
        years,
        float(log_scores(seen, own).mean()),
        float(log_scores(seen, equation).mean()),
        mean,
        deviation,
        brier_skill(seen, own, base),
        len(own),
    )


def sampled_score(
    seen: Floats, equation: Floats, climatology: Floats, trajectories: int
) -> tuple[float, float]:
    """Return mean and standard deviation of the log score of finitely many draws."""
    rng = np.random.default_rng(REPLICATE_SEED)
    scores = []
    for _ in range(REPLICATES):
        hits = rng.binomial(trajectories, equation)
        scores.append(log_scores(seen, (hits + climatology) / (trajectories + 1)).mean())
    return float(np.mean(scores)), float(np.std(scores))
