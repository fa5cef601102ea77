"""Rolling origins: one scenario run from the world and the parameters of many past years."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from forecast.errors import ForecastError
from forecast.scenario.documents import read_document, shipped_configs
from forecast.scenario.faults import Faults, dotted
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Scenario

Horizon = Annotated[int, Field(ge=1)]


class Rolling(BaseModel):
    """What a file of rolling origins sets beside the parameters.

    Parameters
    ----------
    title
        Heading of the page.
    scenario
        Shipped scenario, or one beside the file, whose settings the runs take.
    architecture
        The one architecture that is run.
    horizons
        Years from each origin on that are scored, rising from 1.
    trajectories
        Histories from each origin.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    scenario: str
    architecture: str
    horizons: Annotated[tuple[Horizon, ...], Field(min_length=1)]
    trajectories: Annotated[int, Field(ge=1)]


class RollingFile(BaseModel):
    """A file of rolling origins: the settings, and the parameter file of every origin."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rolling: Rolling
    parameters: Annotated[dict[int, str], Field(min_length=1)]


def is_rolling(config: Path) -> bool:
    """Return whether a file describes rolling origins rather than one scenario."""
    document = read_document(config, Faults())
    return document is not None and "rolling" in document.data


def read_rolling(config: Path) -> RollingFile:
    """Return a file of rolling origins.

    Raises
    ------
    ForecastError
        If the file cannot be read or anything in it does not fit, with its line.
    """
    faults = Faults()
    document = read_document(config, faults)
    faults.raise_if_any()
    assert document is not None  # otherwise a fault was raised
    found = faults.validated(RollingFile, document.data, document.place, lambda loc: dotted(*loc))
    faults.raise_if_any()
    assert found is not None
    horizons = list(found.rolling.horizons)
    if horizons != sorted({1, *horizons}):
        place = document.place(("rolling", "horizons"))
        raise ForecastError(
            f"{place}: rolling.horizons is {horizons}; it must begin with 1 and rise"
        )
    return found


def scenario_at(
    config: Path, file: RollingFile, origin: int, overrides: Sequence[str] = ()
) -> Scenario:
    """Return the scenario of one origin; parameters that know a later year are refused.

    Parameters
    ----------
    config
        The file's place: scenarios and parameters beside it are found first.
    file
        Its content.
    origin
        First calendar year of the forecast.
    overrides
        As for `load_scenario`, for every origin.

    Raises
    ------
    ForecastError
        If scenario, architecture or parameters are missing or faulty, or the parameters rest on
        years from the origin on.
    """
    rolling = file.rolling
    beside = config.parent / f"{rolling.scenario}.toml"
    base = beside if beside.is_file() else shipped_configs() / f"{rolling.scenario}.toml"
    try:
        return load_scenario(
            base,
            [
                f'scenario.architectures=["{rolling.architecture}"]',
                f'scenario.reference="{rolling.architecture}"',
                f'scenario.parameters="{file.parameters[origin]}"',
                f"horizon.first_year={origin}",
                f"horizon.last_year={origin + max(rolling.horizons) - 1}",
                f"run.trajectories={rolling.trajectories}",
                *overrides,
            ],
        )
    except ForecastError as fault:
        raise ForecastError(f"{config}: origin {origin}: {fault}") from None
