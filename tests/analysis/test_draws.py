from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from pyarrow import parquet

from forecast.analysis.export import draws
from forecast.analysis.export.draws import write_draws
from forecast.analysis.tidy import state_years, states
from forecast.errors import ForecastError
from forecast.outcomes.store import open_outcomes
from tests.small_world import STATES, small_world

REFERENCE, OTHER = "status_quo_un", "consolidated_alliances"


def drawn(store: Path, folder: Path, count: int, architecture: str | None = None) -> pd.DataFrame:
    output = folder / "draws.parquet"
    rows = write_draws(str(store), output, count, architecture, world=small_world())
    found = pd.read_parquet(output)
    assert len(found) == rows
    return found


def test_draws__are_one_row_per_trajectory_state_and_year(store: Path, tmp_path: Path) -> None:
    found = drawn(store, tmp_path, 5)
    assert list(found.columns[:4]) == ["unit", "ccode", "time", "draw"]
    assert len(found) == 5 * len(STATES) * 6
    assert not found.duplicated(["unit", "time", "draw"]).any()
    assert found.loc[found.ccode == 255, "unit"].unique() == [260]
    told = parquet.read_schema(tmp_path / "draws.parquet").metadata[b"forecast"]
    assert json.loads(told)["architecture"] == REFERENCE


@pytest.mark.parametrize("architecture", [REFERENCE, OTHER])
def test_draws__add_up_to_the_stored_trajectories(
    store: Path, tmp_path: Path, architecture: str
) -> None:
    found = drawn(store, tmp_path, 13, architecture)
    stored = open_outcomes(store)["trajectories"].to_dataset().sel(architecture=architecture)
    total = found.groupby("draw").sum()
    for name, column in (("dispute_count", "attacked_count"), ("battle_deaths", "battle_deaths")):
        np.testing.assert_array_equal(total[column], stored[name])
    parties = 2 * stored["war_count"].astype(int) + stored["joiner_count"]
    np.testing.assert_array_equal(total["war_count"], parties)
    assert total["war_count"].sum() > 0


def test_draws__have_the_means_of_the_tables_by_state_and_year(store: Path, tmp_path: Path) -> None:
    found, tree = drawn(store, tmp_path, 13, OTHER), open_outcomes(store)
    yearly = state_years(tree).query("architecture == @OTHER").set_index(["ccode", "year"])
    for column in ("attacked_count", "initiated_count"):
        mean = found.groupby(["ccode", "time"])[column].sum() / 13
        np.testing.assert_allclose(mean, yearly[column])
    whole = states(tree).query("architecture == @OTHER").set_index("ccode")
    for column in ("fatally_attacked_count", "war_count"):
        np.testing.assert_allclose(found.groupby("ccode")[column].sum() / 13, whole[column])


def test_draws__deaths_by_year_are_the_stored_ones_but_for_rounding(
    store: Path, tmp_path: Path
) -> None:
    found = drawn(store, tmp_path, 13)
    annual = open_outcomes(store)["annual"].to_dataset().sel(architecture=REFERENCE)
    stored = annual["battle_deaths"].sum("batch").values
    ours = found.groupby("time")["battle_deaths"].sum().values
    wars = int(found["war_count"].sum())
    assert stored.max() > 1000
    np.testing.assert_allclose(ours, stored, rtol=0, atol=wars + 13)


def test_draws__of_drawn_parameters_are_simulated_with_them(
    drawn_store: Path, tmp_path: Path
) -> None:
    found = drawn(drawn_store, tmp_path, 4)
    stored = open_outcomes(drawn_store)["trajectories/dispute_count"].sel(architecture=REFERENCE)
    np.testing.assert_array_equal(found.groupby("draw")["attacked_count"].sum(), stored)


def test_draws__are_written_in_parts_that_change_nothing(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = drawn(store, tmp_path, 7)
    monkeypatch.setattr(draws, "ROWS", 2 * len(STATES) * 6)
    pd.testing.assert_frame_equal(drawn(store, tmp_path, 7), whole)
    assert parquet.ParquetFile(tmp_path / "draws.parquet").num_row_groups == 4


def test_draws__refuse_a_store_they_do_not_reproduce(store: Path, tmp_path: Path) -> None:
    def another(world: xr.Dataset) -> xr.Dataset:
        return world.assign(capability=world["capability"][::-1].variable)

    with pytest.raises(ForecastError, match="cannot be computed again here"):
        write_draws(str(store), tmp_path / "d.parquet", 2, world=another(small_world()))


@pytest.mark.parametrize(
    ("count", "architecture", "message"),
    [(14, None, "holds 1 to 13"), (0, None, "holds 1 to 13"), (2, "status_quo", "did you mean")],
)
def test_draws__refuse_what_is_not_there(
    store: Path, tmp_path: Path, count: int, architecture: str | None, message: str
) -> None:
    with pytest.raises(ForecastError, match=message):
        write_draws(str(store), tmp_path / "d.parquet", count, architecture)
