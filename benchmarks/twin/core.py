"""The core model as a run of this engine, and the whole model beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.scenario.processes import Process
from forecast.world.pack import Packed, pack
from forecast.world.snapshot import read_snapshot

CONFIG = Path(__file__).parent / "core_model.toml"
SETTINGS = (
    *(f"parameters.process.{name}=0" for name in Process.model_fields),
    "parameters.joining.load_cap=0",  # nobody has anything to bring to the wars of others
    "parameters.consequence.loss_cap=0",  # and wars cost no strength: the rates of dyads hold
)


def core_model() -> Packed:
    """Return the core model on the world of 2026 as kernel arrays."""
    return _packed(CONFIG, SETTINGS)


def whole_model() -> Packed:
    """Return the shipped scenario three_futures as kernel arrays."""
    return _packed(shipped_configs() / "three_futures.toml")


def _packed(path: Path, settings: Sequence[str] = ()) -> Packed:
    scenario = load_scenario(path, settings)
    return pack(scenario, read_snapshot(scenario.world))
