"""The builder on the full source data; skipped where the data folder is absent."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from forecast.errors import ForecastError
from forecast.world.build import build_snapshot
from forecast.world.snapshot import read_snapshot, shipped_snapshots, write_snapshot

REPOSITORY = Path(__file__).parents[2]
DATA = Path(os.environ.get("FORECAST_DATA", REPOSITORY / "../shared/data")).resolve()

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="source data not found; set FORECAST_DATA to their folder"
)


@pytest.fixture(scope="module", params=shipped_snapshots())
def built(request: pytest.FixtureRequest) -> xr.Dataset:
    pytest.importorskip("pyarrow")
    return build_snapshot(int(request.param), DATA)


def test_build__equals_the_shipped_snapshot(built: xr.Dataset) -> None:
    shipped = read_snapshot(str(built.attrs["origin"]))

    assert set(built.variables) == set(shipped.variables)
    for name, variable in built.variables.items():
        assert variable.attrs == shipped[name].attrs, name
        assert variable.dtype == shipped[name].dtype, name
        if variable.dtype == np.float64:
            # Another processor may round exp and arcsin differently in the last digit.
            np.testing.assert_allclose(variable.values, shipped[name].values, rtol=1e-12)
        else:
            np.testing.assert_array_equal(variable.values, shipped[name].values)
    assert built.attrs == shipped.attrs


def test_build__is_written_with_equal_bytes_each_time(built: xr.Dataset, tmp_path: Path) -> None:
    write_snapshot(built, tmp_path / "first.zarr.zip")
    write_snapshot(read_snapshot(tmp_path / "first.zarr.zip"), tmp_path / "second.zarr.zip")

    first, second = (tmp_path / f"{name}.zarr.zip" for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()


def test_build__keeps_initial_conditions_from_every_past_origin(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    for source in DATA.iterdir():
        if source.is_file():
            (tmp_path / source.name).symlink_to(source)
    (tmp_path / "initial_2026").mkdir()
    name = "initial_2026/institutions.csv"
    (tmp_path / name).symlink_to(DATA / name)

    # Every other file of the initial conditions is gone: 1990 and 2001 cannot have read it.
    for origin in (1990, 2001):
        xr.testing.assert_identical(build_snapshot(origin, tmp_path), build_snapshot(origin, DATA))
    with pytest.raises(ForecastError, match=r"states_2026\.csv: the file is missing"):
        build_snapshot(2026, tmp_path)


def test_build__names_the_row_of_an_unknown_code_in_a_full_table(tmp_path: Path) -> None:
    shutil.copytree(DATA / "initial_2026", tmp_path / "initial_2026")
    for name in ("states_cow_v2016.csv", "capitals_cow.csv"):
        shutil.copyfile(DATA / name, tmp_path / name)
    memberships = tmp_path / "initial_2026" / "institutions.csv"
    memberships.chmod(0o644)
    text = memberships.read_text(encoding="utf-8").replace(
        "UN,United Nations,universal,160,", "UN,United Nations,universal,161,", 1
    )
    memberships.write_text(text, encoding="utf-8")

    with pytest.raises(ForecastError, match=r"institutions\.csv: column cow_code, row 2: unknown"):
        build_snapshot(2026, tmp_path)
