from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from forecast.analysis.replay.find import find
from forecast.errors import ForecastError
from forecast.outcomes.store import open_outcomes
from tests.commands import assert_refused, call

A, B = "status_quo_un", "consolidated_alliances"


@pytest.fixture
def tree(store: Path) -> xr.DataTree:
    return open_outcomes(store)


@pytest.mark.parametrize(
    "expression",
    [
        f"{A}.dispute_count > {B}.dispute_count",
        f"{A}.war_count > 0 and not {B}.war_count == 0",
        f"1 < {A}.war_count <= 3 or ({B}.battle_deaths / 2 >= 1000.5 and {A}.clip_count != 1)",
        f"-{A}.dispute_count * 2 + 10 < -{B}.dispute_count - 3",
        f"  {A}.expected_war_count - {B}.expected_war_count>0 ",
        f"{A}.dispute_count - {B}.dispute_count < 0",
    ],
)
def test_find__agrees_with_numpy(tree: xr.DataTree, expression: str) -> None:
    group = tree["trajectories"].to_dataset().load()

    class Row:
        """One trajectory under one architecture: Python itself evaluates the expression."""

        def __init__(self, name: str, number: int) -> None:
            one = group.sel(architecture=name, trajectory=number)
            self.__dict__.update({str(n): v.item() for n, v in one.data_vars.items()})

    numbers = group["trajectory"].values.tolist()
    expected = [n for n in numbers if eval(expression.strip(), {A: Row(A, n), B: Row(B, n)})]
    found = find(tree, expression)
    assert found.trajectories.tolist() == expected
    assert (found.of, found.abnormal, found.unknown) == (13, 0, 0)
    for name, values in found.values.items():
        architecture, _, variable = name.partition(".")
        stored = group[variable].sel(architecture=architecture, trajectory=expected)
        np.testing.assert_array_equal(values, stored)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", "character 1: cannot be read"),
        (f"{A}.war_count >", "cannot be read"),
        (f"{A}.war_count > 1; 2", "character 28: cannot be read"),
        (f"{A}.war_count = 1", "cannot be read"),
        ("(" * 400, "cannot be read"),
        ("x" * 1001, "at most 1,000 characters"),
        (f"{A}.war_count", "character 1: this is neither true nor false"),
        (f"not {A}.war_count", "character 5: this is neither true nor false"),
        (f"{A}.war_count > 0 and 1", "character 33: this is neither"),
        ("1 > 0", "character 1: a constant"),
        (f"{A}.war_count > 0 or 1 > 0", "character 32: a constant"),
        ("True", "neither true nor false"),
        (f"({A}.war_count > 0) > 1", "character 2: this is true or false"),
        (f"{A}.war_count > True", "character 27: only"),
        (f"{A}.war_count > 'a'", "character 27: only"),
        (f"{A}.war_count ** 2 > 1", "character 1: only"),
        (f"{A}.war_count // 2 > 1", "character 1: only"),
        (f"{A}.war_count.real > 1", "character 1: only"),
        (f"{A}.war_count[0] > 1", "character 1: only"),
        (f"abs({A}.war_count) > 1", "character 1: only"),
        (f"{A}.war_count > (lambda: 1)()", "character 27: only"),
        (f"__import__('os').system('false') > {A}.war_count", "character 1: only"),
        (f"{A}.war_count > 1e400", "character 27: this number is too large"),
        (f"{A}.war_count > {'9' * 400}", "character 27: this number is too large"),
        (f"{A}.war_count in {B}.war_count", "compare with <"),
        (f"{A}.war_count > war_count", "'war_count' alone is no variable"),
        ("status_quo.war_count > 1", "did you mean 'status_quo_un'"),
        (f"{A}.wars_count > 1", "did you mean 'war_count'"),
        (f"{A}.stream_hash > 1", "unknown variable"),
        (f"{A}@budget_matched.war_count > 1", "unknown architecture 'status_quo_un@budget"),
        (f"{A}.__class__ > 1", "unknown variable"),
    ],
)
def test_find__refuses_what_is_no_question(
    tree: xr.DataTree, expression: str, message: str
) -> None:
    with pytest.raises(ForecastError, match=message):
        find(tree, expression)


def test_find__knows_variants_by_their_names(tree: xr.DataTree) -> None:
    group = tree["trajectories"].to_dataset().load()
    name = f"{B}@without_KOR"
    tree["trajectories"] = xr.DataTree(group.assign_coords(architecture=[A, name]))
    found = find(tree, f"2 * {name}.war_count > {A}.war_count")
    wars = group["war_count"].values
    assert found.trajectories.tolist() == np.flatnonzero(2 * wars[1] > wars[0]).tolist()
    assert found.architectures == [name, A]
    with pytest.raises(ForecastError, match=r"character 80: only"):
        find(tree, f"{name}.war_count > 0 and {A}.war_count > 'a'")


def test_find__leaves_out_what_ended_abnormally_or_has_no_value(tree: xr.DataTree) -> None:
    group = tree["trajectories"].to_dataset().load().copy(deep=True)
    group["exit_reason"][0, 4] = 3
    tree["trajectories"] = xr.DataTree(group)
    found = find(tree, f"{A}.dispute_count / ({A}.dispute_count - {A}.dispute_count) != 1")
    assert (found.of, found.abnormal, found.unknown) == (12, 1, 12)
    assert found.trajectories.size == 0
    assert 4 not in find(tree, f"{A}.dispute_count >= 0").trajectories


def test_command__finds_histories_and_says_how_to_see_them(store: Path) -> None:
    expression = f"{B}.dispute_count > 0 and {A}.dispute_count > 0"
    told = call("replay", store, "--find", expression, "--limit", 2)
    assert told.exit_code == 0, told.output
    assert "13 of 13 trajectories match" in told.stdout
    command = f"replay {store} --trajectory 1 --architecture {B} --architecture {A}"
    assert command in told.stdout
    assert "--trajectory 2" not in told.stdout
    found = json.loads(call("replay", store, "--find", expression, "--json").stdout)
    assert [one["trajectory"] for one in found] == [0, 1, 2, 3, 4]
    assert set(found[0]["values"]) == {f"{B}.dispute_count", f"{A}.dispute_count"}
    assert_refused(call("replay", store, "--find", "1"), "neither true nor false")
    assert_refused(call("replay", store, "--find", "1 > 0", "-o", "e.parquet"), "only finds")
