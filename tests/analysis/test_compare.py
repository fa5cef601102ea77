from __future__ import annotations

import io
import json

import numpy as np
import pytest
import xarray as xr
from rich.console import Console

from forecast.analysis.compare import compare
from forecast.analysis.records import records
from forecast.analysis.slices import compare_slices
from forecast.analysis.table import block_table, comparison_table, shown
from forecast.analysis.words import reading
from forecast.errors import ForecastError
from forecast.estimators.catalogue import MEASURES
from tests.analysis import invented

YEARS = 25
NAMES = ["today", "tomorrow"]


def tree_of(**variables: np.ndarray) -> xr.DataTree:
    """Return outcomes of two architectures; what trajectories count is one unless given."""
    size = next(iter(variables.values())).shape[1]
    wanted = {name for measure in MEASURES for name in measure.variables}
    columns = {name: np.ones((2, size)) for name in wanted} | variables
    given = {f"trajectories__{name}": values for name, values in columns.items()}
    return invented.tree_of(invented.frame_of(size=size, batches=min(size, 4)), **given)


def events(*numbers: int, size: int = 1000) -> np.ndarray:
    """Return a row of trajectories in which those of the given numbers see the event."""
    row = np.zeros(size)
    row[list(numbers)] = 2030
    return row


def cell(comparison: xr.Dataset, outcome: str, architecture: str = "tomorrow") -> xr.Dataset:
    return comparison.sel(outcome=outcome, architecture=architecture)


def test_rate__is_per_year_with_the_error_of_paired_differences() -> None:
    luck = np.random.default_rng(1).poisson(20, size=400)
    fewer = luck - np.random.default_rng(2).binomial(luck, 0.1)
    found = cell(compare(tree_of(war_count=np.stack([luck, fewer]))), "war_count")
    difference = (fewer - luck) / YEARS
    assert found["estimate"] == pytest.approx(fewer.mean() / YEARS)
    assert found["difference"] == pytest.approx(difference.mean())
    error = difference.std(ddof=1) / 20
    assert found["std_error"] == pytest.approx(error)
    assert found["lower"] == pytest.approx(difference.mean() - 1.96 * error, abs=1e-6)
    gain = (luck.var(ddof=1) + fewer.var(ddof=1)) / (fewer - luck).var(ddof=1)
    assert found["variance_gain"] == pytest.approx(gain)


def test_probability__of_an_event_never_seen_has_an_upper_bound() -> None:
    none = np.stack([events(), events()])
    found = compare(tree_of(great_power_war_year=none))
    rival, reference = (cell(found, "great_power_war", name) for name in ("tomorrow", "today"))
    assert rival["difference"] == rival["std_error"] == 0
    assert rival["upper"] == -rival["lower"] == pytest.approx(3.84 / 1000, rel=0.01)
    assert reference["estimate_upper"] == pytest.approx(3.84 / 1000, rel=0.01)
    assert reference["lower"] == reference["upper"] == 0


def test_probability__of_a_rare_event_has_an_interval_on_the_right_side() -> None:
    seen = np.stack([events(1, 2, 3, 4, 5, 6), events()])
    found = cell(compare(tree_of(great_power_war_year=seen)), "great_power_war")
    assert found["difference"] == pytest.approx(-0.006)
    # Wilson interval of 6 in 1,000, widened by what the other side may hide.
    assert found["lower"] == pytest.approx(-0.0130, abs=2e-4)
    assert -0.0028 < found["upper"] < 0.0


def test_probability__of_many_events_has_the_normal_interval() -> None:
    seen = np.stack([events(*range(400)), events(*range(100, 420))])
    found = cell(compare(tree_of(great_power_war_year=seen)), "great_power_war")
    upper = float(found["difference"] + 1.96 * found["std_error"])
    assert found["upper"] == pytest.approx(upper, abs=1e-6)


def test_rate__of_equal_architectures_is_bounded_by_the_rule_of_three() -> None:
    same = np.stack([np.arange(1000), np.arange(1000)])
    found = cell(compare(tree_of(war_count=same)), "war_count")
    assert found["std_error"] == 0
    assert np.isinf(found["variance_gain"])
    assert found["upper"] == pytest.approx(3.689 / 1000 / YEARS, rel=0.001)


def test_share__without_a_single_case_is_unknown_not_zero() -> None:
    called = np.stack([np.ones(50), np.zeros(50)])
    tree = tree_of(ally_invocation_count=called, ally_honoured_count=called)
    found = compare(tree, outcomes=["ally_honoured_share"])
    assert np.isnan(cell(found, "ally_honoured_share")["estimate"])
    assert cell(found, "ally_honoured_share", "today")["estimate"] == 1
    assert records(found)[1]["difference"] is None
    assert "unknown" in printed(found)


def test_reference__may_be_chosen_and_mirrors_the_difference() -> None:
    values = np.random.default_rng(3).poisson(5, size=(2, 300))
    tree = tree_of(dispute_count=values)
    one = cell(compare(tree, "today"), "dispute_count", "tomorrow")
    other = cell(compare(tree, "tomorrow"), "dispute_count", "today")
    assert one["difference"] == -other["difference"]
    assert one["std_error"] == pytest.approx(other["std_error"].item())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"reference": "tomorow"}, "unknown reference 'tomorow'; did you mean 'tomorrow'"),
        ({"reference": "xyz"}, "choose one of: today, tomorrow"),
        ({"outcomes": ["war_cuont"]}, "unknown outcome 'war_cuont'; did you mean 'war_count'"),
    ],
)
def test_compare__offers_the_nearest_name(wrong: dict[str, str], message: str) -> None:
    with pytest.raises(ForecastError, match=message.replace("?", r"\?")):
        compare(tree_of(war_count=np.ones((2, 5))), **wrong)


def test_abnormal__is_refused_until_told_and_dropped_in_pairs() -> None:
    reasons = np.zeros((2, 10), dtype=np.int8)
    reasons[1, 3] = 2
    wars = np.tile(np.arange(10.0), (2, 1))
    tree = tree_of(war_count=wars, exit_reason=reasons)
    with pytest.raises(ForecastError, match="1 of 10 trajectories ended abnormally"):
        compare(tree)
    kept, dropped = compare(tree, abnormal="keep"), compare(tree, abnormal="drop")
    assert kept["trajectories"] == 10
    assert dropped["trajectories"] == 9
    mean = cell(dropped, "war_count", "today")["estimate"]
    assert mean == pytest.approx(np.delete(wars[0], 3).mean() / YEARS)


def test_abnormal__leaves_nothing_to_compare_if_all_are() -> None:
    tree = tree_of(exit_reason=np.ones((2, 4), dtype=np.int8))
    with pytest.raises(ForecastError, match="nothing to compare"):
        compare(tree, abnormal="drop")


def test_compare__of_a_single_trajectory_knows_no_error() -> None:
    found = compare(tree_of(war_count=np.array([[2.0], [1.0]])), outcomes=["war_count"])
    assert np.isnan(found["std_error"].sel(architecture="tomorrow")).all()
    assert "unknown" in printed(found)


def test_records__are_json_with_the_promised_fields() -> None:
    found = compare(tree_of(war_count=np.ones((2, 5))), outcomes=["war_count", "g3_war"])
    told = json.loads(json.dumps(records(found), allow_nan=False))
    assert [(r["outcome"], r["architecture"]) for r in told] == [
        ("war_count", "today"),
        ("war_count", "tomorrow"),
        ("g3_war", "today"),
        ("g3_war", "tomorrow"),
    ]
    assert set(told[0]) == {
        "outcome",
        "architecture",
        "reference",
        "estimate",
        "difference",
        "std_error",
        "lower",
        "upper",
        "variance_gain",
        "trajectories",
    }


def printed(comparison: xr.Dataset) -> str:
    console = Console(width=100, file=io.StringIO())
    console.print(comparison_table(comparison))
    return console.file.getvalue()


def test_reading__tells_clear_changes_in_per_cent_and_what_is_not_in_the_error() -> None:
    wars = np.random.default_rng(5).poisson(20, size=(1, 2000)).astype(float)
    tree = tree_of(
        expected_war_count=np.vstack([wars, 0.8 * wars]),
        great_power_war_year=np.stack([events(1, size=2000), events(1, size=2000)]),
    )
    told = " ".join(reading(compare(tree), "2026-2050"))
    assert "expected_war_count -20%" in told
    assert "great_power_war not clearly different" in told
    assert "errors of the parameters" in told


def test_shown__keeps_the_digits_the_interval_allows() -> None:
    assert shown(0.61234, 0.02) == "0.612"
    assert shown(-123456.0, 3000.0, sign=True) == "-123,500"
    assert shown(-0.0000001, 0.1, sign=True) == "+0.000"
    assert shown(float("nan"), 0.1) == "unknown"


def test_compare__shows_sums_in_brief_and_in_full_when_asked() -> None:
    tree = tree_of(war_count=np.ones((2, 8)))
    tried = np.zeros((4, 2, 12, 3, 3))
    tried[:, :, 4:8, 0, 0] = 100
    won = tried * np.array([0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.3, 0.4, 0, 0, 0, 0])[:, None, None]
    tree["aggressions/aggression_count"].values = tried
    tree["aggressions/aggression_success_count"].values = won
    found = compare(tree)
    assert {"menu_index", "success_slope", "nuclear_use"} <= set(found.attrs["further"])
    slope = cell(found, "success_slope")
    assert 0.3 < slope["estimate"] < 1.0
    assert slope["difference"] == 0
    assert np.isnan(cell(found, "menu_index")["estimate"])
    assert "success_slope" not in printed(found)
    asked = compare(tree, outcomes=["success_slope", "war_count"])
    assert asked.attrs["further"] == []
    assert "success_slope" in printed(asked)
    json.dumps(records(found), allow_nan=False)


def test_block__marks_what_differs_clearly() -> None:
    sanctioned = np.stack([np.tile([0.0, 2.0], 200), np.tile([2.0, 4.0], 200)])
    tree = tree_of(sanctions_count=sanctioned, dispute_count=np.full((2, 400), 10.0))
    console = Console(width=100, file=io.StringIO())
    console.print(block_table(compare(tree), ["sanctions_share", "menu_index"]))
    told = console.file.getvalue()
    today, tomorrow = (next(r for r in told.splitlines() if r.strip().startswith(n)) for n in NAMES)
    assert tomorrow.split()[1:] == ["0.3000*", "unknown"]
    assert today.split()[1:] == ["0.1000", "unknown"]


def test_abnormal__cannot_be_dropped_from_what_is_stored_in_sums() -> None:
    reasons = np.zeros((2, 10), dtype=np.int8)
    reasons[1, 3] = 2
    tree = tree_of(exit_reason=reasons)
    with pytest.raises(ForecastError, match="menu_index: stored in sums"):
        compare(tree, outcomes=["menu_index", "war_count"], abnormal="drop")
    dropped, kept = compare(tree, abnormal="drop"), compare(tree, abnormal="keep")
    assert "menu_index" not in dropped["outcome"]
    assert "menu_index" in kept["outcome"]


def slices_tree(values: np.ndarray) -> xr.DataTree:
    """Return a tree whose annual sums are those of `values`, (architecture, trajectory, year)."""
    halves = np.split(values, 2, axis=1)
    total = np.stack([half.sum(axis=1) for half in halves])
    product = np.stack([np.einsum("any,bny->aby", half, half) for half in halves])
    annual = xr.Dataset(
        {
            "war_count": (("batch", "architecture", "year"), total),
            "war_count_product": (
                ("batch", "architecture", "other_architecture", "year"),
                product,
            ),
        },
        coords={
            "architecture": np.array(NAMES, dtype=object),
            "year": np.arange(values.shape[2]),
            "trajectory_count": ("batch", [half.shape[1] for half in halves]),
        },
    )
    tree = tree_of(war_count=values.sum(axis=2))
    tree["annual"] = xr.DataTree(annual)
    return tree


def test_compare_slices__has_the_paired_error_of_every_year() -> None:
    rng = np.random.default_rng(6)
    luck = rng.poisson(2.0, size=(1, 60, 4))
    values = np.vstack([luck, rng.binomial(luck, 0.7)])
    found = compare_slices(slices_tree(values), "annual/war_count")
    paired = values[1] - values[0]
    tomorrow = found.sel(architecture="tomorrow")
    np.testing.assert_allclose(tomorrow["difference"], paired.mean(axis=0))
    np.testing.assert_allclose(tomorrow["std_error"], paired.std(axis=0, ddof=1) / np.sqrt(60))


def test_compare_slices__offers_the_nearest_variable() -> None:
    with pytest.raises(ForecastError, match="did you mean 'annual/war_count'"):
        compare_slices(slices_tree(np.ones((2, 4, 3))), "annual/warcount")
