"""The stored numbers against those this version is known by: a change asks for a new version.

After a change on purpose: raise `NUMBERS_VERSION`, say so under "Numbers changed" in CHANGELOG.md,
and write the new record with ``python -m tests.test_numbers_version``.
"""

from __future__ import annotations

import json
import platform
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
import xarray as xr
from llvmlite.binding import get_host_cpu_name

from forecast import load_scenario, run
from forecast.outcomes.digest import digest_of
from forecast.outcomes.fingerprint import fingerprint
from forecast.outcomes.store import NUMBERS_VERSION, open_outcomes
from forecast.outcomes.variables import VARIABLES
from forecast.scenario.documents import shipped_configs

RECORD = Path(__file__).with_name("numbers.json")
SETTINGS = ("run.trajectories=12", "run.batch_size=5")
TOLERANCE = 1e-9


def environment() -> dict[str, str]:
    """Return what bits may depend on."""
    versions = {name: metadata.version(name) for name in ("llvmlite", "numba", "numpy")}
    libc = " ".join(platform.libc_ver())
    return {"cpu": get_host_cpu_name(), "machine": platform.machine(), "libc": libc, **versions}


def whole_numbers(tree: xr.DataTree) -> str:
    """Return one digest of every variable of whole numbers."""
    seen = [
        digest_of(variable.path, tree[variable.path].values).hex()
        for variable in VARIABLES
        if variable.dtype != "float64"
    ]
    return digest_of("all", np.array(seen, dtype=object)).hex()


def sums(tree: xr.DataTree) -> dict[str, float]:
    """Return the sum of every variable of real numbers."""
    real = [variable.path for variable in VARIABLES if variable.dtype == "float64"]
    return {path: float(tree[path].values.sum()) for path in real}


def told(path: Path) -> dict[str, Any]:
    """Return what this version is known by: every architecture, in the whole world of 2026."""
    scenario = load_scenario(shipped_configs() / "all_futures.toml", SETTINGS)
    run(scenario, output=path, progress=lambda done, total: None)
    tree = open_outcomes(path)
    return {
        "numbers_version": NUMBERS_VERSION,
        "whole_numbers": whole_numbers(tree),
        "sums": sums(tree),
        "fingerprint": fingerprint(path),
        "environment": environment(),
    }


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return told(tmp_path_factory.mktemp("numbers") / "run.zarr")


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    record: dict[str, Any] = json.loads(RECORD.read_text())
    return record


def test_numbers__are_those_that_this_version_is_known_by(
    found: dict[str, Any], known: dict[str, Any]
) -> None:
    assert found["numbers_version"] == known["numbers_version"]
    assert found["whole_numbers"] == known["whole_numbers"]
    assert found["sums"] == pytest.approx(known["sums"], rel=TOLERANCE)


def test_numbers_version__is_in_the_change_log() -> None:
    changes = (RECORD.parents[1] / "CHANGELOG.md").read_text()
    assert f"Numbers version {NUMBERS_VERSION}" in changes.partition("### Numbers changed")[2]


def test_numbers__are_equal_bit_for_bit_in_the_environment_they_were_recorded_in(
    found: dict[str, Any], known: dict[str, Any]
) -> None:
    if environment() != known["environment"]:
        pytest.skip(f"recorded in another environment: {known['environment']}")
    assert found["fingerprint"] == known["fingerprint"]


def test_numbers__would_not_pass_with_one_of_them_changed(
    found: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forecast.outcomes import batches

    honest = batches._trajectories

    def off(*arguments: Any) -> dict[str, Any]:
        changed = honest(*arguments)
        changed["trajectories/war_count"] = changed["trajectories/war_count"] + 1
        return changed

    monkeypatch.setattr(batches, "_trajectories", off)
    other = told(tmp_path / "run.zarr")
    assert other["whole_numbers"] != found["whole_numbers"]
    assert other["fingerprint"] != found["fingerprint"]


def main() -> None:
    """Write the record of this version."""
    with TemporaryDirectory() as folder:
        record = told(Path(folder) / "run.zarr")
    RECORD.write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    main()
