"""A world at an origin holds nothing dated at the origin or later."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import xarray as xr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forecast.world.build import build_snapshot

pytest.importorskip("pyarrow")
cut = pytest.importorskip("tests.world.cut").cut

REPOSITORY = Path(__file__).parents[2]
PACK = REPOSITORY / "tests" / "pack"
DATA = Path(os.environ.get("FORECAST_DATA", REPOSITORY / "../shared/data")).resolve()


def check(data: Path, origin: int) -> None:
    with TemporaryDirectory() as folder:
        earlier = cut(data, origin, Path(folder) / "earlier")
        xr.testing.assert_identical(build_snapshot(origin, earlier), build_snapshot(origin, data))


@settings(max_examples=25)
@given(origin=st.integers(1817, 2001))
@example(origin=1817)
@example(origin=1878)
@example(origin=1920)
@example(origin=1950)
def test_world__stays_the_same_without_anything_later(origin: int) -> None:
    check(PACK, origin)


@pytest.mark.skipif(
    not DATA.is_dir(), reason="source data not found; set FORECAST_DATA to their folder"
)
@pytest.mark.parametrize("origin", [1871, 1920, 1942, 1991])
def test_world__of_the_full_sources_stays_the_same_without_anything_later(origin: int) -> None:
    check(DATA, origin)


def test_cut__takes_away_what_later_years_tell(tmp_path: Path) -> None:
    earlier = cut(PACK, 1920, tmp_path / "earlier")

    wars = (earlier / "wars_interstate_cow_v4.csv").read_text(encoding="utf-8")
    assert "2,Galvian War,365,Corland,1,2,14,1919,,,,-8" in wars
    assert "40000" not in wars
    assert "Lormian" not in wars
    for name in ("states_cow_v2016.csv", "rivalries_tss2021.csv"):
        text = (earlier / name).read_text(encoding="utf-8")
        assert not any(str(year) in text for year in range(1920, 2026)), name
