"""A calibration from its file to its result."""

from __future__ import annotations

from pathlib import Path

from forecast.errors import ForecastError
from forecast.progress import Progress, show_progress
from forecast.studies.calibrate.chosen import Chosen, choose
from forecast.studies.calibrate.config import Calibration, entries_of, scenarios_of
from forecast.studies.calibrate.saved import Folder
from forecast.studies.calibrate.waves import Match, match
from forecast.studies.calibrate.worlds import Worlds, asked_for

LAST_POINTS = 2
"""Sets of values simulated after the waves: those of the parameter file, and the central ones."""


def calibrate(
    asked: Calibration, work: Path, progress: Progress | None = None
) -> tuple[Match, Chosen]:
    """Return a history match and what it hands on; what `work` holds is not simulated again.

    Parameters
    ----------
    asked
        The calibration.
    work
        Folder of the simulations.
    progress
        Told how many histories are done; by default people are told on standard error.

    Raises
    ------
    ForecastError
        If the folder holds another calibration, or nothing agrees with the record.
    """
    scenarios = scenarios_of(asked)
    entries = entries_of(asked, next(iter(scenarios.values())).parameters)
    folder = Folder(work, asked_for(asked, scenarios))
    histories = asked.histories * len(scenarios)
    total = (asked.waves * asked.points + LAST_POINTS) * histories
    with show_progress(progress, total, folder.saved_points() * histories) as report:
        worlds = Worlds(scenarios, entries, asked.targets, asked.histories, report)
        found = match(asked, entries, asked.targets, worlds, folder)
        return found, choose(asked, found, worlds, folder)


def refuse_existing(parameters: Path, *, overwrite: bool) -> None:
    """Raise before anything is simulated where the parameter file exists and may not go."""
    if parameters.exists() and not overwrite:
        raise ForecastError(f"{parameters} exists; choose another --parameters or add --overwrite")
