"""A small store, made once for all tests of what is read from one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_world import small_run


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of two architectures and thirteen trajectories; not to be changed."""
    path = tmp_path_factory.mktemp("store") / "small.zarr"
    small_run(path)
    return path


@pytest.fixture(scope="session")
def drawn_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of four trajectories with two draws of the parameters."""
    path = tmp_path_factory.mktemp("store") / "drawn.zarr"
    settings = ("uncertainty.draws=2", 'scenario.parameters="default_joint"')
    small_run(path, *settings, trajectories=4)
    return path
