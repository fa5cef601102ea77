"""Which architecture is best under which assumptions: planted answers are found, luck is not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from scipy.stats import qmc

from forecast.analysis.uncertainty import split_of
from forecast.errors import ForecastError
from forecast.studies.robustness.drivers import drivers
from forecast.studies.robustness.flips import check_draws, flips, lines, losing_fifths, value_at
from forecast.studies.robustness.page import page, records
from forecast.studies.robustness.study import Robustness, robustness
from tests.analysis.invented import frame_of, tree_of
from tests.commands import assert_refused, call
from tests.small_world import small_run

pytest.importorskip("SALib")

DRAWS = 256
NOISE = 0.2


def design(quantities: int, seed: int = 0, draws: int = DRAWS) -> np.ndarray:
    return qmc.Sobol(quantities, rng=np.random.default_rng(seed)).random(draws)


def planted(percentile: np.ndarray, seed: int) -> np.ndarray:
    """Return differences that are nought where the first quantity is at .35."""
    noise = np.random.default_rng(seed).normal(0, NOISE, len(percentile))
    x = percentile - 0.5
    return 0.3 + 2 * x[:, 0] + 1.0 * x[:, 1] + 0.9 * x[:, 2] + noise


def test_flips__finds_what_turns_a_difference_over_and_where() -> None:
    found = [flips(lines(planted(design(8, n), n), design(8, n))) for n in range(200)]

    assert all({0, 1} <= {f.quantity for f in one} <= {0, 1, 2} for one in found)
    first = [next(f for f in one if f.quantity == 0) for one in found]
    held = np.mean([f.at_low <= 0.35 <= f.at_high for f in first])
    # A true 95 % interval would leave this band for 1 in 100 seeds.
    assert 0.90 <= held <= 0.99
    assert all(f.low < 0 < f.high for f in first)


def test_flips__are_rarely_found_where_there_are_none() -> None:
    found = []
    for n in range(200):
        percentile = design(8, n)
        noise = np.random.default_rng(n).normal(0, NOISE, DRAWS)
        found.append(bool(flips(lines(0.05 + noise, percentile))))
    assert np.mean(found) <= 0.05


def test_losing_fifths__are_those_in_which_losses_pile_up() -> None:
    percentile = design(30)
    lost = (percentile[:, 3] < 0.15) & (percentile[:, 5] > 0.5)

    found = losing_fifths(lost, percentile)

    assert (found[0].quantity, found[0].highest) == (3, False)
    assert found[0].lost == pytest.approx(0.375, abs=0.1)
    chosen = np.random.default_rng(1).random((200, DRAWS)) < 0.1
    assert np.mean([bool(losing_fifths(one, percentile)) for one in chosen]) <= 0.05


def test_check_draws__says_how_many_it_takes() -> None:
    check_draws(128, 61)
    with pytest.raises(ForecastError, match="take at least 128"):
        check_draws(64, 61)


def test_value_at__reads_between_the_draws_and_knows_what_is_absent() -> None:
    percentile = np.array([0.75, 0.25, 0.5])
    assert value_at(0.375, percentile, np.array([3.0, 1.0, 2.0])) == pytest.approx(1.5)
    assert np.isnan(value_at(0.375, percentile, np.full(3, np.nan)))


def test_drivers__have_the_shares_they_were_given_in_tiers() -> None:
    percentile = design(24)
    found = drivers(planted(percentile, 10), NOISE**2, percentile)

    # Variances of uniform effects: slope² / 12.
    whole = (4 + 1 + 0.81) / 12
    shares = {0: 4 / 12 / whole, 1: 1 / 12 / whole, 2: 0.81 / 12 / whole}
    assert {d.quantity for d in found} == set(shares)
    for d in found:
        assert d.low < shares[d.quantity] < d.high
    # The second and the third differ too little to be ranked.
    assert [d.tier for d in found] == [1, 2, 2]


def test_drivers__are_none_in_noise() -> None:
    noise = np.random.default_rng(4).normal(0, 1, DRAWS)
    assert drivers(noise, 0.5, design(20)) == []
    assert drivers(noise, 2.0, design(20)) == []


NAMES = ("today", "tomorrow", "never", "tomorrow@budget_matched")


@pytest.fixture(scope="module")
def tree() -> xr.DataTree:
    """Return a store in which tomorrow is better than today unless the first quantity is low."""
    draws, histories = 64, 200
    frame = frame_of(NAMES, size=draws * histories, batches=1)
    percentile = design(3, draws=draws)
    rng = np.random.default_rng(8)
    # The draws of the trajectories, one after another.
    x = np.tile(percentile[:, 0], histories)
    rate = np.stack([np.full_like(x, 2.0), 2.4 - x, np.full_like(x, 4.0), 2.2 - 0.3 * x])
    wars = rng.poisson(np.clip(rate, 0.05, None)).astype(np.uint16)
    found = tree_of(frame, trajectories__war_count=wars, trajectories__dispute_count=wars * 9)
    labels = {"draw": np.arange(draws), "quantity": np.array(["hope", "fear", "luck"], object)}
    value = np.broadcast_to(10 * percentile, (len(NAMES), draws, 3))
    group = xr.Dataset(
        {
            "percentile": (("draw", "quantity"), percentile),
            "value": (("architecture", "draw", "quantity"), value),
        },
        coords={
            **labels,
            "architecture": np.array(NAMES, object),
            "kind": ("quantity", np.array(["assumption"] * 3, object)),
            "unit": ("quantity", np.array(["1"] * 3, object)),
        },
    )
    attrs = {
        "config": json.dumps({"reference": "today", "uncertainty": {"draws": draws}}),
        "title": "Invented",
        "seed": "1",
        "run": "0" * 64,
        "provenance": json.dumps({"time": "2026-11-25T00:00:00"}),
    }
    groups = {**found.to_dict(), "/": xr.Dataset(attrs=attrs), "/draws": group}
    return xr.DataTree.from_dict(groups)


@pytest.fixture(scope="module")
def study(tree: xr.DataTree) -> Robustness:
    return robustness(tree, ["war_count"])


def test_study__finds_the_share_the_turn_and_its_value(study: Robustness) -> None:
    assert study.draws is not None
    own = study.draws.choices.sel(outcome="war_count")
    assert list(own["architecture"].values) == list(NAMES[:3])
    assert str(own["leader"].values) == "tomorrow"
    best, error = own["best"].values, own["best_error"].values
    assert abs(best[1] - 0.6) < 3 * error[1] < 0.3
    assert best[2] == 0.0
    turn = next(t for t in study.draws.turns if t.second == "today")
    assert (turn.first, turn.second) == ("tomorrow", "today")
    assert turn.low > 0 > turn.high
    assert turn.percentile_lower < 0.4 < turn.percentile_upper
    assert turn.value == pytest.approx(10 * turn.percentile, abs=0.5)
    assert {t.quantity for t in study.draws.turns} == {"hope"}
    [loss] = study.draws.losses
    assert (loss.quantity, loss.side) == ("hope", "lowest")
    assert loss.value == pytest.approx(2.0, abs=0.2)
    assert loss.lost > 0.8 > loss.lost_overall
    assert [(i.quantity, i.tier) for i in study.draws.influences] == [("hope", 1)]


def test_study__sets_the_modes_of_comparison_side_by_side(study: Robustness) -> None:
    assert study.modes is not None
    own = study.modes.sel(architecture="tomorrow", outcome="war_count")
    assert float(own.sel(mode="as_is")["difference"]) == pytest.approx(-0.1 / 25, abs=0.004)
    assert float(own.sel(mode="budget_matched")["difference"]) == pytest.approx(
        0.05 / 25, abs=0.003
    )
    assert np.isnan(own.sel(mode="transition")["difference"])


def test_study__without_draws_tells_the_modes_alone(tree: xr.DataTree) -> None:
    config = json.dumps({"reference": "today"})
    root = xr.Dataset(attrs={**tree.attrs, "config": config})
    plain = xr.DataTree.from_dict({**tree.to_dict(), "/": root})

    found = robustness(plain, ["war_count"])

    assert found.draws is None
    assert found.modes is not None
    assert "## Answer" not in page(found, plain, "f" * 64)
    assert list(records(found)) == ["modes"]


def test_split__is_labelled_and_adds_up(tree: xr.DataTree) -> None:
    found = split_of(tree, ["war_count"], NAMES[:3])
    assert list(found["part"].values) == ["simulation", "parameter", "architecture"]
    assert float(found["share"].sum()) == pytest.approx(1.0)
    # Poisson: the variance of a history is its mean; the draws move one architecture of three.
    expected = np.array([(2 + 1.9 + 4) / 3, (1 / 12) / 3, np.var([2, 1.9, 4])]) / 625
    error = found["std_error"].values[0]
    assert (np.abs(found["variance"].values[0] - expected) < 4 * error).all()


def test_page__says_where_it_comes_from_what_it_found_and_what_it_cannot_claim(
    study: Robustness, tree: xr.DataTree
) -> None:
    text = page(study, tree, "f" * 64)
    for part in ("2026-11-25", "f" * 64, "64 draws", "`hope` is below", "On equal terms"):
        assert part in text
    assert "cannot claim" in text


def test_records__are_plain_json(study: Robustness) -> None:
    found = json.loads(json.dumps(records(study), allow_nan=False))
    assert {row["architecture"] for row in found["choices"]} == set(NAMES[:3])
    assert [row["leader"] for row in found["choices"]] == [False, True, False]
    missing = [r for r in found["modes"] if r["mode"] == "transition"]
    assert [row["difference"] for row in missing] == [None]


def test_study__refuses_what_it_cannot_judge(tree: xr.DataTree) -> None:
    with pytest.raises(ForecastError, match="unknown harm 'accession_count'"):
        robustness(tree, ["accession_count"])
    alone = xr.DataTree.from_dict(
        {
            path: group.isel(architecture=[0], missing_dims="ignore")
            for path, group in tree.to_dict().items()
        }
    )
    with pytest.raises(ForecastError, match="nothing to choose from"):
        robustness(alone)


def test_sweep__draws_assumptions_alone_and_robustness_asks_for_enough(
    scenario_file: Path, tmp_path: Path
) -> None:
    store = tmp_path / "swept.zarr"
    asked = ["study", "sweep", scenario_file, "--draws", 4, "--trajectories", 16]
    result = call(*asked, "--output", store, "--set", "horizon.last_year=2027")

    assert result.exit_code == 0, result.output
    assert f"forecast study robustness {store}" in result.output
    labels = xr.open_zarr(store, group="draws", consolidated=False)
    assert labels.sizes["draw"] == 4
    assert set(labels["kind"].values) == {"assumption", "mixture"}
    assert_refused(call("study", "robustness", store), "take at least 128")
    assert_refused(call("study", "sweep", scenario_file, "--draws", 3), "power of two")


def test_robustness__on_a_store_prints_an_answer_records_and_a_page(tmp_path: Path) -> None:
    store, output = tmp_path / "small.zarr", tmp_path / "page.md"
    small_run(
        store,
        "uncertainty.draws=128",
        "uncertainty.vary='assumptions'",
        "run.trajectories=512",
        "run.batch_size=256",
        "horizon.last_year=2028",
    )
    asked = ["study", "robustness", store, "--outcome", "dispute_count"]

    told = call(*asked, "--output", output)

    assert told.exit_code == 0, told.output
    assert "is lowest in" in told.stdout
    assert call("store", "fingerprint", store).stdout.split()[0] in output.read_text()
    rows = json.loads(call(*asked, "--json").stdout)["choices"]
    assert sum(row["best"] for row in rows) == pytest.approx(1.0)


def test_robustness__refuses_a_store_without_draws(tmp_path: Path) -> None:
    store = tmp_path / "plain.zarr"
    small_run(store)
    assert_refused(call("study", "robustness", store), "forecast study sweep CONFIG")
