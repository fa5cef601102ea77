from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from forecast.analysis.codes import gleditsch_ward
from forecast.analysis.tidy import dyad_years, state_years, states, trajectories
from forecast.errors import ForecastError
from forecast.outcomes.store import open_outcomes
from forecast.world.readers.measures import read_state_codes
from forecast.world.snapshot import read_snapshot
from tests.analysis.invented import frame_of, tree_of

REPOSITORY = Path(__file__).parents[2]
DATA = Path(os.environ.get("FORECAST_DATA", REPOSITORY / "../shared/data")).resolve()


@pytest.fixture(scope="module")
def tree(store: Path) -> xr.DataTree:
    return open_outcomes(store)


def test_states__hold_the_stores_means_and_both_codes(tree: xr.DataTree) -> None:
    found = states(tree)
    assert len(found) == 2 * 12
    assert list(found.columns[:6]) == [
        "architecture", "ccode", "gwcode", "iso3", "first_year", "last_year",
    ]  # fmt: skip
    germany = found[(found.ccode == 255) & (found.architecture == "consolidated_alliances")]
    assert germany[["gwcode", "iso3", "first_year", "last_year"]].values.tolist() == [
        [260, "DEU", 2026, 2031]
    ]
    stored = tree["states/attacked_count"].sel(state=255, architecture="consolidated_alliances")
    assert germany["attacked_count"].item() == pytest.approx(float(stored.sum()) / 13)
    assert found["conquest_probability"].between(0, 1).all()


def test_state_years__add_up_to_what_is_counted_by_state(tree: xr.DataTree) -> None:
    found, whole = state_years(tree), states(tree)
    assert len(found) == 2 * 12 * 6
    assert not found.duplicated(["architecture", "ccode", "year"]).any()
    by_state = found.groupby(["architecture", "ccode"], sort=False)["attacked_count"].sum()
    np.testing.assert_allclose(by_state, whole["attacked_count"])
    initiated = found.groupby("architecture")["initiated_count"].sum()
    disputes = tree["trajectories/dispute_count"].mean("trajectory")
    np.testing.assert_allclose(initiated[disputes["architecture"].values], disputes)


def test_state_years__errors_are_those_between_trajectories() -> None:
    # One trajectory in a batch: leaving out batches gives the plain standard error.
    frame = frame_of(size=40, batches=40)
    onsets = np.random.default_rng(1).poisson(2.0, (40, 2, 2, 25)).astype("int32")
    found = state_years(tree_of(frame, dyads__onset_count=onsets))
    cell = found[(found.architecture == "tomorrow") & (found.ccode == 2) & (found.year == 2030)]
    drawn = onsets[:, 1, 0, 4]  # the first dyad is of state 1 against 2
    assert cell["attacked_count"].item() == pytest.approx(drawn.mean())
    assert cell["attacked_count_se"].item() == pytest.approx(drawn.std(ddof=1) / np.sqrt(40))


def test_dyad_years__hold_onsets_and_the_chance_of_a_first(tree: xr.DataTree) -> None:
    found = dyad_years(tree)
    assert {"ccode1", "ccode2", "gwcode1", "gwcode2", "iso3_1", "iso3_2", "year"} <= {*found}
    group = tree["dyads"].to_dataset()
    assert len(found) == 2 * group.sizes["dyad"] * 6
    assert found["onset_count"].sum() * 13 == pytest.approx(float(group["onset_count"].sum()))
    some = found[(found.ccode1 == 750) & (found.ccode2 == 770)]
    at = (group["initiator"] == 750) & (group["target"] == 770)
    stored = group["first_onset_count"].sum("batch").values[:, at.values].ravel() / 13
    np.testing.assert_allclose(some["first_onset_probability"], stored)
    error = np.sqrt(stored * (1 - stored) / 12)
    np.testing.assert_allclose(some["first_onset_probability_se"], error)


def test_trajectories__are_one_row_each(tree: xr.DataTree) -> None:
    found = trajectories(tree)
    assert list(found.columns[:3]) == ["architecture", "trajectory", "draw"]
    assert len(found) == 2 * 13
    stored = tree["trajectories/battle_deaths"].values.ravel()
    assert found["battle_deaths"].tolist() == stored.tolist()


def test_tables__merge_with_frames_by_code_and_year(tree: xr.DataTree) -> None:
    other = pd.DataFrame({"gwcode": [260, 710], "year": [2027, 2027], "polity": [10, -7]})
    merged = state_years(tree).merge(other, on=["gwcode", "year"])
    assert merged["ccode"].tolist() == [255, 710, 255, 710]


def test_tables__refuse_abnormal_histories_unless_told() -> None:
    frame = frame_of(size=4, batches=2)
    ended = np.zeros((2, 4), "int8")
    ended[0, 1] = 3
    broken = tree_of(frame, trajectories__exit_reason=ended)
    for table in (states, state_years, dyad_years):
        with pytest.raises(ForecastError, match="abnormally"):
            table(broken)
        assert len(table(broken, keep_abnormal=True))


def test_tables__without_pandas_say_what_to_install(
    tree: xr.DataTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ForecastError, match=r"crossroads-forecast\[study\]"):
        state_years(tree)


@pytest.mark.parametrize("origin", ["1920", "1946", "1990", "2001", "2026"])
def test_gleditsch_ward__agrees_with_the_shipped_worlds(origin: str) -> None:
    world = read_snapshot(origin)
    found = gleditsch_ward(world["state"].values, int(origin))
    np.testing.assert_array_equal(found, world["gw_code"].values)


@pytest.mark.skipif(
    not DATA.is_dir(), reason="source data not found; set FORECAST_DATA to their folder"
)
def test_gleditsch_ward__agrees_with_every_listed_state_year() -> None:
    listed = read_state_codes(DATA)
    found = gleditsch_ward(listed["ccode"], listed["year"])
    np.testing.assert_array_equal(found, np.nan_to_num(listed["gwcode"]))
