"""A scenario with its deep assumptions drawn: common draws for all architectures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from forecast.scenario.load import load_scenario
from forecast.scenario.models import Scenario

DRAWS = 256
"""Draws where the scenario names no number: at least twice as many as there are assumptions."""


def swept(config: Path, overrides: Sequence[str] = (), draws: int | None = None) -> Scenario:
    """Return a scenario that varies its assumptions alone.

    Parameters
    ----------
    config
        Scenario file.
    overrides
        Values to override, as ``key.path=value``.
    draws
        Number of draws, a power of two; by default the scenario's own, or `DRAWS`.

    Raises
    ------
    ForecastError
        If the scenario is at fault, or the number of draws.
    """
    own = load_scenario(config, overrides).uncertainty
    count = draws or (own.draws if own is not None else DRAWS)
    varied = (f"uncertainty.draws={count}", "uncertainty.vary='assumptions'")
    return load_scenario(config, (*overrides, *varied))
