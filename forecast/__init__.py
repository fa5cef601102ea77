"""Forecasts of interstate conflict under rival collective-security architectures.

The public names are loaded when first used: ``import forecast`` costs next to nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forecast.errors import ForecastError
    from forecast.scenario.load import load_scenario
    from forecast.scenario.models import Scenario

__all__ = [
    "ForecastError",
    "Scenario",
    "__version__",
    "build_world",
    "compare",
    "load_scenario",
    "open_outcomes",
    "run",
]

HOMES = {
    "ForecastError": "forecast.errors",
    "Scenario": "forecast.scenario.models",
    "build_world": "forecast.world.origin",
    "compare": "forecast.analysis.compare",
    "load_scenario": "forecast.scenario.load",
    "open_outcomes": "forecast.outcomes.store",
    "run": "forecast.run",
}


class _Package(ModuleType):
    """The package, whose function `run` outlives the import of the module of the same name."""

    @property
    def run(self) -> Any:
        return import_module(HOMES["run"]).run

    @run.setter
    def run(self, module: ModuleType) -> None:
        """Ignore the import system, which would put the module in the function's place."""


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    """Load a public name from its home on first use."""
    if name == "__version__":
        from importlib.metadata import version  # slower to import than all else here

        return version("crossroads-forecast")
    if name not in HOMES:
        raise AttributeError(f"module 'forecast' has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)
