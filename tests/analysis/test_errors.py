"""Comparisons by slice, to a precision and of drawn parameters, and what is said of them."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest
import xarray as xr
from rich.console import Console

from forecast.analysis.by import compare_by
from forecast.analysis.compare import compare
from forecast.analysis.exceedance import exceedance
from forecast.analysis.fate import fate_lines, shared_fate
from forecast.analysis.records import as_text, records
from forecast.analysis.slices import compare_slices
from forecast.analysis.table import slices_table
from forecast.analysis.words import cautions, reading
from forecast.errors import ForecastError
from tests.analysis.invented import batch_sums, frame_of, tree_of


def drawn(tree: xr.DataTree, draws: int) -> xr.DataTree:
    """Return the store as one of a run with parameter draws."""
    config = json.loads(tree.attrs["config"]) | {"uncertainty": {"draws": draws}}
    tree.attrs["config"] = json.dumps(config)
    return tree


def wars_of(size: int, draws: int, spread: float, batches: int = 4) -> xr.DataTree:
    """Return wars whose difference moves with the draw, in trajectories and in sums by year."""
    rng = np.random.default_rng(1)
    moved = np.stack([np.zeros(draws), spread * rng.normal(size=draws)])[:, np.arange(size) % draws]
    yearly = rng.poisson(2.0, size=(1, size, 25)) + moved[..., None]
    yearly = yearly + 0.1 * rng.normal(size=(2, size, 25))
    frame = frame_of(size=size, batches=batches)
    total, product = batch_sums(frame, yearly)
    return tree_of(
        frame,
        trajectories__war_count=yearly.sum(axis=2).astype(np.float32),
        annual__war_count=total,
        annual__war_count_product=product,
    )


def test_compare__of_draws_has_the_error_between_draws() -> None:
    tree = drawn(wars_of(400, 8, 0.5), 8)
    wars = tree["trajectories/war_count"].values.astype(float)
    apart = (wars[1] - wars[0]).reshape(50, 8).mean(axis=0) / 25
    found = compare(tree, outcomes=["war_count"]).sel(outcome="war_count", architecture="tomorrow")
    assert found["std_error"] == pytest.approx(apart.std(ddof=1) / np.sqrt(8))
    # Quantile .975 of Student's distribution with 7 degrees of freedom.
    reach = float((found["upper"] - found["difference"]) / found["std_error"])
    assert reach == pytest.approx(2.3646, abs=1e-4)


def test_words__are_true_for_draws() -> None:
    found = compare(drawn(wars_of(400, 8, 0.5), 8), outcomes=["war_count", "menu_index"])
    told = " ".join([*reading(found, "2026-2050"), *cautions(found)])
    assert "uncertainty of the drawn parameters (8 draws)" in told
    assert "under one set" not in told
    assert "Only 8 draws" in told
    assert "Of menu_index only sums" in told
    plain = compare(wars_of(400, 8, 0.5), outcomes=["war_count"])
    assert "under one set of parameters" in " ".join(reading(plain, "2026-2050"))
    assert cautions(plain) == []


def test_slices__of_draws_leave_out_batches_that_share_them() -> None:
    # Batches of 10 and 40 draws: batches 0, 4, 8 ... hold the same ones, in four groups.
    tree = drawn(wars_of(400, 40, 0.5, batches=40), 40)
    found = compare_slices(tree, "annual/war_count").sel(architecture="tomorrow")
    assert found.attrs["error"] == "all"
    totals = tree["annual/war_count"].values
    apart = (totals[:, 1] - totals[:, 0]).reshape(10, 4, 25).sum(axis=0) / 100
    np.testing.assert_allclose(found["std_error"], apart.std(axis=0, ddof=1) / 2)


def test_slices__say_so_where_all_batches_share_draws() -> None:
    tree = drawn(wars_of(400, 8, 0.5), 8)
    assert compare_slices(tree, "annual/war_count").attrs["error"] == "simulation"
    console = Console(width=100, file=io.StringIO())
    console.print(slices_table(compare_by(tree, "war_count", "year")))
    told = " ".join(console.file.getvalue().split())
    assert "Interval: 95 %, error of simulation alone" in told


def test_precision__asks_for_four_times_the_trajectories_for_half_the_width() -> None:
    tree = wars_of(400, 1, 0.0)
    found = compare(tree, outcomes=["war_count"]).sel(architecture="tomorrow")
    half = float((found["upper"] - found["lower"]).item() / 2)
    asked = compare(tree, outcomes=["war_count"], precision=repr(half / 2))
    more = asked["more_trajectories"].sel(architecture="tomorrow").item()
    assert more == pytest.approx(1200, abs=1)
    assert compare(tree, outcomes=["war_count"], precision="90%")["more_trajectories"].max() == 0


def test_precision__says_when_the_parameters_alone_exceed_it() -> None:
    tree = drawn(wars_of(400, 8, 0.5), 8)
    told = records(compare(tree, outcomes=["war_count"], precision="0.001"))[1]
    assert told["more_trajectories"] is None
    assert told["attainable"] is False


@pytest.mark.parametrize("wrong", ["five", "0", "-1%", "nan"])
def test_precision__must_be_a_positive_number(wrong: str) -> None:
    with pytest.raises(ForecastError, match="not a positive number"):
        compare(wars_of(40, 1, 0.0), precision=wrong)


def test_by_year__has_records_with_their_year() -> None:
    found = compare_by(wars_of(400, 1, 0.0), "war_count", "year")
    rows = list(csv.DictReader(io.StringIO(as_text(found, "csv"))))
    assert len(rows) == 50
    assert rows[-1]["year"] == "2050"
    assert rows[-1]["outcome"] == "war_count"
    assert rows[0]["variance_gain"] == ""
    assert json.loads(as_text(found, "json"))[0]["year"] == 2026


@pytest.mark.parametrize(
    ("by", "label", "states"), [("region", "europe", 3), ("class", "small", 3)]
)
def test_by_states__is_a_rate_per_state_year(by: str, label: str, states: int) -> None:
    attacked = np.zeros((5, 2, 6))
    attacked[:, 1, 0] = [1, 2, 3, 4, 5]
    tree = tree_of(frame_of(), states__attacked_count=attacked)
    found = compare_by(tree, "attacked_count", by).sel({by: label})
    one = found.sel(architecture="tomorrow")
    assert one["estimate"] == pytest.approx(15 / (1000 * 25 * states))
    assert one["difference"] == one["estimate"]
    still = compare_by(tree, "conquest_count", by).sel({by: label, "architecture": "tomorrow"})
    assert still["std_error"] == 0
    assert still["upper"] == pytest.approx(3.689 / 1000 / (25 * states), rel=1e-3)


def test_by__offers_the_nearest_outcome() -> None:
    with pytest.raises(ForecastError, match="did you mean 'war_count'"):
        compare_by(wars_of(40, 1, 0.0), "war_cuont", "year")


def test_architectures__restrict_what_is_shown_and_keep_the_reference() -> None:
    frame = frame_of(("today", "tomorrow", "later"), size=20)
    found = compare(tree_of(frame), outcomes=["war_count"], architectures=["later"])
    assert found["architecture"].values.tolist() == ["today", "later"]
    with pytest.raises(ForecastError, match="did you mean 'later'"):
        compare(tree_of(frame), architectures=["latter"])


def test_exceedance__falls_with_deaths_and_bounds_what_was_never_seen() -> None:
    deaths = np.random.default_rng(2).lognormal(9, 2, size=(1, 1000)) * np.array([[1.0], [0.7]])
    tree = tree_of(frame_of(), trajectories__battle_deaths=deaths)
    found = exceedance(tree, grid=[1e3, 1e4, 1e9])
    for a in range(2):
        seen = [(deaths[a] > x).mean() for x in (1e3, 1e4, 1e9)]
        np.testing.assert_allclose(found["estimate"][a], seen)
    assert found["estimate_upper"][0, 2] == pytest.approx(3.84 / 1000, rel=0.01)
    assert (found["lower"] <= found["difference"]).all()


def test_mean_of_deaths__comes_with_a_warning_where_few_trajectories_carry_it() -> None:
    deaths = np.ones((2, 1000))
    deaths[1, 7] = 1e4
    tree = tree_of(frame_of(), trajectories__battle_deaths=deaths)
    (told,) = cautions(compare(tree, outcomes=["battle_deaths_mean"]))
    assert "one trajectory in a thousand" in told
    deaths[1, 7] = 10
    tree = tree_of(frame_of(), trajectories__battle_deaths=deaths)
    assert cautions(compare(tree, outcomes=["battle_deaths_mean"])) == []


def test_shared_fate__is_told_of_first_and_last_years() -> None:
    shared = np.zeros((5, 2, 2, 25))
    shared[:, [0, 1], [0, 1]] = 100
    shared[:, 0, 1] = shared[:, 1, 0] = np.linspace(100, 50, 25)
    tree = tree_of(frame_of(), annual__shared_onset_count=shared)
    pair = {"architecture": "tomorrow", "other_architecture": "today"}
    first, last = shared_fate(tree)["both_share"].sel(pair)
    assert first > last
    (told,) = fate_lines(tree, compare(tree, outcomes=["war_count"]))
    assert f"tomorrow {float(first):.0%} and {float(last):.0%}" in told
