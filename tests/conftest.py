"""Shared by all tests: reproducible property tests and small scenario folders."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from forecast.scenario.documents import shipped_configs

# The same examples on every machine: a failure seen once is seen again.
settings.register_profile("reproducible", derandomize=True, deadline=None, database=None)
settings.load_profile("reproducible")


@pytest.fixture
def scenario_file(tmp_path: Path) -> Path:
    """Return a copy of a shipped scenario, free to edit; it still finds the shipped files."""
    return Path(shutil.copy(shipped_configs() / "three_futures.toml", tmp_path / "mine.toml"))
