from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import zarr

from forecast.errors import ForecastError
from forecast.outcomes.blocks import _fitting
from forecast.outcomes.frame import deaths_bin_edges
from forecast.outcomes.layout import root_object, signed
from forecast.outcomes.places.folder import Folder
from forecast.outcomes.provenance import git_commit
from forecast.outcomes.publish import new_store
from forecast.outcomes.reading import root_attributes
from forecast.outcomes.store import is_outcome_store, open_outcomes
from forecast.outcomes.variables import ANNUAL_COUNTS, VARIABLES
from tests.small_world import small_run


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of thirteen trajectories in batches of two."""
    path = tmp_path_factory.mktemp("stores") / "small.zarr"
    small_run(path)
    return path


@pytest.fixture(scope="module")
def tree(stored: Path) -> xr.DataTree:
    return xr.open_datatree(stored, engine="zarr", consolidated=False)


def group(tree: xr.DataTree, name: str) -> xr.Dataset:
    return tree[name].to_dataset()


def test_store__opens_in_plain_xarray_without_a_warning_and_without_the_package(
    stored: Path,
) -> None:
    code = (
        "import sys, xarray; "
        f"t = xarray.open_datatree({str(stored)!r}, engine='zarr', consolidated=False).load(); "
        "assert not any(m.split('.')[0] == 'forecast' for m in sys.modules); "
        "print(t['trajectories'].sizes['trajectory'])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("13\n", "")


def test_store__holds_every_registered_variable_with_its_meaning(tree: xr.DataTree) -> None:
    for variable in VARIABLES:
        array = tree[variable.path]
        assert array.dims == variable.dims
        assert array.dtype == variable.dtype
        assert {"long_name", "units", "description"} <= set(array.attrs)
    groups = [node for name, node in tree.children.items() if name != "commits"]
    assert sum(len(node.data_vars) for node in groups) == len(VARIABLES)


def test_store__labels_every_axis(tree: xr.DataTree) -> None:
    assert list(tree["annual/year"].values) == list(range(2026, 2032))
    states = group(tree, "states")
    united_states = states.sel(state=2)
    assert united_states["iso3"].item() == "USA"
    assert united_states["state_class"].item() == "great"
    assert united_states["region"].item() == "americas"
    cover = united_states["cover"].sel(architecture="status_quo_un").item().split()
    assert {"un", "nato"} <= set(cover)
    dyads = group(tree, "dyads")
    assert {"initiator", "target"} <= set(dyads.coords)
    assert (group(tree, "trajectories")["draw"] == 0).all()


def test_store__says_where_it_comes_from(tree: xr.DataTree) -> None:
    config = json.loads(tree.attrs["config"])
    assert config["run"]["trajectories"] == 13
    assert config["horizon"]["last_year"] == 2031
    assert config["architectures"]["status_quo_un"]["institutions"]["un"]["rule"] == "veto"
    made = json.loads(tree.attrs["provenance"])
    wanted = {"package_version", "git_commit", "python", "numba", "numpy", "platform", "time"}
    assert wanted <= set(made)
    assert "Correlates of War" in made["data_sources"]
    assert tree.attrs["seed"] == config["run"]["seed"]


def test_annual__adds_up_to_the_trajectories(tree: xr.DataTree) -> None:
    trajectories, annual = group(tree, "trajectories"), group(tree, "annual")
    for concept in ANNUAL_COUNTS:
        if concept.name in trajectories:
            per_run = trajectories[concept.name].sum("trajectory")
            per_year = annual[concept.name].sum(["batch", "year"])
            np.testing.assert_array_equal(per_year, per_run)
        histogram = annual[f"{concept.name}_histogram"]
        kept = histogram.sum(histogram.dims[-1])
        assert (kept == annual["trajectory_count"]).all()
    np.testing.assert_allclose(
        annual["expected_war_count"].sum(["batch", "year"]),
        trajectories["expected_war_count"].sum("trajectory"),
    )


def test_batches__hold_fixed_ranges_of_trajectories(tree: xr.DataTree) -> None:
    annual = group(tree, "annual")
    assert list(annual["trajectory_count"].values) == [2] * 6 + [1]
    trajectories = group(tree, "trajectories")["dispute_count"].astype(int)
    batch = annual["dispute_count"].sum("year")
    first = annual["first_trajectory"].values
    by_batch = np.add.reduceat(trajectories.values, first, axis=1)
    np.testing.assert_array_equal(batch.values.T, by_batch)


def test_products__are_those_of_paired_trajectories(tree: xr.DataTree) -> None:
    annual = group(tree, "annual")
    last = annual["dispute_count_product"].isel(batch=-1)
    # The last batch holds a single trajectory: its products are products of its own counts.
    counts = annual["dispute_count"].isel(batch=-1).astype(float)
    other = counts.rename(architecture="other_architecture")
    np.testing.assert_allclose(last, (counts * other).transpose(*last.dims))


def test_deaths_histogram__agrees_with_the_sums(tree: xr.DataTree) -> None:
    annual = group(tree, "annual")
    histogram = annual["battle_deaths_histogram"].sum(["batch", "year"]).values
    total = annual["battle_deaths"].sum(["batch", "year"]).values
    edges = deaths_bin_edges()
    assert (histogram @ edges <= total).all()
    assert (total <= histogram @ (edges * 10**0.25)).all()


def test_dyads_and_states__count_the_same_disputes(tree: xr.DataTree) -> None:
    disputes = group(tree, "trajectories")["dispute_count"].sum("trajectory").values
    dyads = group(tree, "dyads")
    np.testing.assert_array_equal(dyads["onset_count"].sum(["batch", "dyad", "year"]), disputes)
    attacked = group(tree, "states")["attacked_count"].sum(["batch", "state"])
    np.testing.assert_array_equal(attacked, disputes)
    codes = np.sort([dyads["initiator"].values, dyads["target"].values], axis=0).astype(int)
    pair = xr.DataArray(codes[0] * 1000 + codes[1], dims="dyad", name="pair")
    firsts = dyads[["first_use_count", "first_onset_count"]].sum("year").groupby(pair).sum()
    assert (firsts["first_use_count"] <= firsts["first_onset_count"]).all()
    assert (firsts["first_onset_count"] <= dyads["trajectory_count"]).all()
    assert (dyads["first_onset_count"] <= dyads["onset_count"]).all()


def test_institutions__record_every_trajectory_of_those_that_survive(tree: xr.DataTree) -> None:
    institutions = group(tree, "institutions")
    survival = institutions["survival_count"]
    recorded = institutions["credibility_histogram"].sum("share_bin")
    assert (recorded == survival).all()
    assert (survival <= institutions["exists"] * institutions["trajectory_count"]).all()
    assert (survival.diff("year") <= 0).all()


def test_shared_onsets__are_no_more_than_the_disputes_of_either(tree: xr.DataTree) -> None:
    annual = group(tree, "annual").sum("batch")
    shared = annual["shared_onset_count"]
    own = np.diagonal(shared.values, axis1=0, axis2=1).T
    assert (own <= annual["dispute_count"].values).all()
    assert (shared.values <= own[:, None]).all()
    np.testing.assert_array_equal(shared, shared.values.swapaxes(0, 1))
    assert own.sum() > 0


def test_aggressions__add_up_to_the_trajectories(tree: xr.DataTree) -> None:
    trajectories, aggressions = group(tree, "trajectories"), group(tree, "aggressions")
    for name in ("aggression_count", "aggression_success_count"):
        per_run = trajectories[name].sum("trajectory")
        binned = aggressions[name].sum(["batch", "power_bin", "initiator_class", "target_class"])
        np.testing.assert_array_equal(binned, per_run)


def test_shelter__holds_no_more_than_all_there_is(tree: xr.DataTree) -> None:
    states = group(tree, "states")
    for name in ("attacked_count", "aggression_success_count"):
        assert (states[f"sheltered_{name}"] <= states[name]).all()
    years = tree["annual"].sizes["year"]
    assert (states["sheltered_years"] <= years * states["trajectory_count"]).all()
    assert states["sheltered_years"].sum() > 0


def test_fitting__refuses_what_would_wrap_around() -> None:
    with pytest.raises(OverflowError, match="annual/war_count"):
        _fitting("annual/war_count", np.array([2**31]), np.dtype("int32"))


@pytest.mark.parametrize("content", ["nothing", "folder", "file", "zarr"])
def test_open_outcomes__refuses_what_is_not_ours(content: str, tmp_path: Path) -> None:
    place = tmp_path / "other"
    if content == "folder":
        place.mkdir()
    elif content == "file":
        place.write_text("not a store")
    elif content == "zarr":
        zarr.create_group(place, zarr_format=3)
    with pytest.raises(ForecastError, match=r"no such outcome store|not an outcome store"):
        open_outcomes(place)


def test_open_outcomes__refuses_another_version_of_the_layout(stored: Path, tmp_path: Path) -> None:
    shutil.copytree(stored, tmp_path / "newer.zarr")
    newer = Folder(tmp_path / "newer.zarr")
    newer.put({"zarr.json": root_object(signed({**root_attributes(newer), "schema_version": 99}))})
    with pytest.raises(ForecastError, match="schema_version is 99"):
        open_outcomes(tmp_path / "newer.zarr")


def test_new_store__leaves_nothing_when_the_work_fails(tmp_path: Path) -> None:
    output = tmp_path / "out.zarr"

    def work() -> None:
        with new_store(output, overwrite=False) as growing:
            zarr.create_group(growing)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        work()
    assert list(tmp_path.iterdir()) == []


def test_new_store__keeps_the_former_one_until_the_new_is_complete(
    stored: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.zarr"
    shutil.copytree(stored, output)
    with new_store(output, overwrite=True) as growing:
        shutil.copytree(stored, growing)
        (growing / "mark").touch()
        assert not (output / "mark").exists()
        assert is_outcome_store(Folder(output))
    assert [p.name for p in tmp_path.iterdir()] == ["out.zarr"]
    assert (output / "mark").exists()


def test_new_store__overwrites_nothing_but_outcome_stores(tmp_path: Path) -> None:
    thesis = tmp_path / "thesis"
    thesis.mkdir()
    (thesis / "chapter.tex").write_text("precious")
    with (
        pytest.raises(ForecastError, match="not an outcome store"),
        new_store(thesis, overwrite=True),
    ):
        pytest.fail("the work must not begin")
    assert (thesis / "chapter.tex").read_text() == "precious"


def test_git_commit__names_a_commit_or_says_there_is_none() -> None:
    commit = git_commit().removesuffix("+changes")
    assert commit == "none" or len(commit) == 40
