"""Run a hindcast and hold it against the record."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import xarray as xr

from forecast.errors import ForecastError
from forecast.progress import Progress
from forecast.run import run
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Scenario
from forecast.studies.evidence.engine import past_world
from forecast.studies.hindcast.rolling import RollingFile, read_rolling, scenario_at
from forecast.studies.scores.cases import Cases, pooled
from forecast.studies.scores.past import Past, read_past
from forecast.studies.scores.score import horizons_of, notes_on
from forecast.studies.scores.targets import cases_of
from forecast.world.origin import build_world


class Hindcast(NamedTuple):
    """A hindcast beside what came.

    Parameters
    ----------
    title
        Heading of the page.
    model
        Architecture that the page shows; others are in the tables only.
    account
        What was run from what, in sentences.
    cases
        Forecasts and outcomes.
    """

    title: str
    model: str
    account: list[str]
    cases: list[Cases]


def hindcast(
    config: Path, data: Path, overrides: Sequence[str] = (), progress: Progress | None = None
) -> Hindcast:
    """Run one scenario from its past origin and score it.

    Parameters
    ----------
    config
        Scenario file.
    data
        Folder of the source files.
    overrides
        As for `load_scenario`.
    progress
        As for `run`.

    Raises
    ------
    ForecastError
        If anything in the scenario or the data is faulty, or the record ends before the origin.
    """
    scenario = load_scenario(config, overrides)
    first, last = scenario.horizon.first_year, scenario.horizon.last_year
    past = read_past(data, first, last)
    world = build_world(scenario)
    cases = _cases(scenario, world, past, horizons_of(first, past.last), progress)
    return Hindcast(
        scenario.title,
        scenario.reference,
        [scenario.description, _account(scenario), *notes_on(past, last)],
        list(cases),
    )


def rolling_hindcast(
    config: Path, data: Path, overrides: Sequence[str] = (), progress: Progress | None = None
) -> Hindcast:
    """Run a scenario from rolling origins, from worlds and parameters of each day, and score it.

    Parameters
    ----------
    config
        File of rolling origins.
    data
        Folder of the source files.
    overrides
        As for `load_scenario`, for every origin.
    progress
        As for `run`, told of every run.

    Raises
    ------
    ForecastError
        If anything in the file or the data is faulty, or the record ends before an origin.
    """
    file = read_rolling(config)
    origins, longest = sorted(file.parameters), max(file.rolling.horizons)
    scenarios = {origin: scenario_at(config, file, origin, overrides) for origin in origins}
    past = read_past(data, origins[0], origins[-1] + longest - 1)
    if past.last < origins[-1]:
        raise ForecastError(
            f"{data}: the record ends in {past.last}, before the origin {origins[-1]} of {config}; "
            "leave that origin out, or name a folder whose files reach further"
        )
    parts: list[Cases] = []
    for origin, scenario in scenarios.items():
        world = past_world(past.sources, origin)
        parts += _cases(scenario, world, past, file.rolling.horizons, progress)
    account = [_rolling_account(file, scenarios), *notes_on(past, origins[-1] + longest - 1)]
    return Hindcast(file.rolling.title, file.rolling.architecture, account, pooled(parts))


def _cases(
    scenario: Scenario,
    world: xr.Dataset,
    past: Past,
    horizons: tuple[int, ...],
    progress: Progress | None,
) -> Iterator[Cases]:
    """Yield the cases of one run, which is kept no longer."""
    quiet: dict[str, Any] = {} if progress is None else {"progress": progress}
    with tempfile.TemporaryDirectory(prefix="forecast-hindcast-") as folder:
        tree = run(scenario, world, output=Path(folder) / "store.zarr", **quiet)
        yield from cases_of(tree, past, world, horizons)


def _account(scenario: Scenario) -> str:
    horizon = scenario.horizon
    return (
        f"{scenario.run.trajectories:,} histories from 1 January {horizon.first_year} under each "
        f"architecture, seed {scenario.run.seed}; {_fitted(scenario)}."
    )


def _fitted(scenario: Scenario) -> str:
    ends = [estimate.period[1] for estimate in scenario.estimates]
    return f"parameters estimated from the record to {max(ends)}" if ends else "parameters assumed"


def _rolling_account(file: RollingFile, scenarios: dict[int, Scenario]) -> str:
    origins = sorted(scenarios)
    return (
        f"{scenarios[origins[0]].run.trajectories:,} histories from 1 January of each of "
        f"{len(origins)} years, {origins[0]} to {origins[-1]}, under {file.rolling.architecture}: "
        "every world is built from what was dated before its origin, and every parameter file was "
        "estimated from earlier years only. Scores are pooled over origins."
    )
