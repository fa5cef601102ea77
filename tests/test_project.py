from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest

import forecast

ROOT = Path(__file__).parents[1]
PUBLIC_HOSTS = {"https://pypi.org", "https://files.pythonhosted.org"}
HEAVY = ("numba", "xarray", "dask", "distributed", "zarr", "pandas", "scipy", "numpy")


def written(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def test_lock__names_only_the_public_index() -> None:
    lock = (ROOT / "uv.lock").read_text()
    assert set(re.findall(r"[a-z]+://[^/\"]+", lock)) == PUBLIC_HOSTS
    sources = {key for p in tomllib.loads(lock)["package"] for key in p["source"]}
    assert sources == {"registry", "editable"}


def test_package__public_names_are_the_promised_ones() -> None:
    assert sorted(forecast.__all__) == forecast.__all__
    assert set(forecast.__all__) == {*forecast.HOMES, "__version__"}


@pytest.mark.parametrize("name", [n for n, home in forecast.HOMES.items() if written(home)])
def test_package__public_name_outlives_the_import_of_its_home(name: str) -> None:
    import_module(forecast.HOMES[name])
    assert not isinstance(getattr(forecast, name), ModuleType)


def test_package__unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'frocast'"):
        _ = forecast.frocast


def test_package__version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert forecast.__version__ == project["version"]


@pytest.mark.parametrize(
    "code",
    [
        "import forecast.cli",
        "import forecast; forecast.load_scenario('configs/three_futures.toml')",
        "from forecast.scenario.schema import schema_text; schema_text()",
    ],
)
def test_start__loads_neither_compiler_nor_array_store(code: str) -> None:
    report = f"{code}\nimport sys\nprint(*sys.modules)"
    shown = subprocess.run(
        [sys.executable, "-c", report], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = set(shown.stdout.split())
    assert "pydantic" in loaded or code == "import forecast.cli"
    assert loaded.isdisjoint(HEAVY)
