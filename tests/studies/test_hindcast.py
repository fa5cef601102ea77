"""Hindcasts: nothing of the future goes in, and the page tells what came."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

pytest.importorskip("scores")
pytest.importorskip("matplotlib")

from forecast.scenario.documents import shipped_configs
from forecast.studies.hindcast.figures import transform_histograms
from forecast.studies.hindcast.page import write_page
from forecast.studies.hindcast.rolling import read_rolling, scenario_at
from forecast.studies.hindcast.study import Hindcast, rolling_hindcast
from forecast.studies.scores import resampling
from forecast.studies.scores.table import score_table
from tests.commands import assert_refused, call

PACK = Path(__file__).parents[1] / "pack"
SHIPPED = shipped_configs() / "studies" / "hindcast_rolling.toml"

MINE = """
[rolling]
title = "Two origins"
scenario = "hindcast_1990"
architecture = "inherited_pacts"
horizons = [1, 5]
trajectories = 20

[parameters]
1956 = "fit_1954"
1961 = "fit_1959"
"""


@pytest.fixture(scope="module", autouse=True)
def few_resampled() -> Iterator[None]:
    """Draw few data sets: what is tested here is not the intervals."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resampling, "REPLICATES", 20)
        yield


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack") / "data"
    shutil.copytree(PACK, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "unsc_vetoes.csv").write_text("year,date,draft\n2000,2000-06-01,S/1\n")
    return folder


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    file = tmp_path / "mine.toml"
    file.write_text(MINE)
    return file


@pytest.fixture(scope="module")
def found(pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Hindcast:
    file = tmp_path_factory.mktemp("rolling") / "mine.toml"
    file.write_text(MINE)
    return rolling_hindcast(file, pack, (), lambda done, total: None)


def test_shipped_origins__know_the_years_before_them_only() -> None:
    file = read_rolling(SHIPPED)
    assert sorted(file.parameters) == list(range(1950, 2000, 5))
    for origin in file.parameters:
        scenario = scenario_at(SHIPPED, file, origin)
        assert scenario.horizon.first_year == origin
        assert max(estimate.period[1] for estimate in scenario.estimates) == origin - 1


def test_parameters_that_know_the_future__are_refused(mine: Path, pack: Path) -> None:
    mine.write_text(MINE.replace("fit_1959", "fit_1964"))
    page = mine.with_suffix(".md")

    refused = call("study", "hindcast", mine, "--data", pack, "--output", page)

    assert_refused(refused, "uses data to 1964, but the forecast starts in 1961")
    assert "origin 1961" in refused.stderr
    assert not page.exists()


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ("horizons = [1, 5]", "horizons = [5, 1]", "mine.toml:6: rolling.horizons"),
        ("title", "titel", "mine.toml:3: rolling.titel: unknown key; did you mean 'title'?"),
        ("inherited_pacts", "inherited_pact", "did you mean 'inherited_pacts'"),
        ("1961", "2010", "the record ends in 2000, before the origin 2010"),
    ],
)
def test_faults__are_named(mine: Path, pack: Path, was: str, becomes: str, message: str) -> None:
    mine.write_text(MINE.replace(was, becomes))

    refused = call("study", "hindcast", mine, "--data", pack, "--output", mine.with_suffix(".md"))

    assert_refused(refused, message)


def test_page_without_a_folder__is_refused_before_the_run(mine: Path, pack: Path) -> None:
    page = mine.parent / "no" / "page.md"
    refused = call("study", "hindcast", mine, "--data", pack, "--output", page)
    assert_refused(refused, "there is no folder")
    assert "trajectories" not in refused.output


def test_origins__are_pooled_by_target_and_horizon(found: Hindcast) -> None:
    cases = {(c.target, c.horizon): c for c in found.cases}

    disputes = cases["dispute_count", 5]
    assert disputes.year.tolist() == [*range(1956, 1961), *range(1961, 1966)]
    assert set(np.unique(cases["dyad_onset", 5].year)) == {1956, 1961}
    assert {c.horizon for c in found.cases} == {1, 5}
    assert found.model in disputes.forecasts


def test_page__has_figures_and_tables_and_never_changes(found: Hindcast, tmp_path: Path) -> None:
    table = score_table(found.cases)
    files = write_page(found, table, tmp_path / "one.md")
    texts = [file.read_text() for file in files]

    assert texts[3] == transform_histograms(found)
    assert len(files) == 4
    for figure in texts[1:]:
        assert ElementTree.fromstring(figure).tag.endswith("svg")
    for file in files[1:]:
        assert f"]({file.name})" in texts[0]
    assert texts[0].startswith("# Two origins\n")
    assert "| dyad_onset | 5 | brier |" in texts[0]
    assert "| 5 | negative_binomial |" in texts[0]
    disputes = next(c for c in found.cases if (c.target, c.horizon) == ("dispute_count", 5))
    first = disputes.observed[disputes.year < 1960].mean()
    assert f"| 1955 | {first:.2f} / " in texts[0]


def test_command__writes_the_page_of_one_scenario(pack: Path, tmp_path: Path) -> None:
    page = tmp_path / "cold_war.md"
    settings = ("--set", "horizon.last_year=1951", "--set", "run.trajectories=20")

    made = call(
        *("study", "hindcast", shipped_configs() / "hindcast_cold_war.toml"),
        *("--data", pack, "--output", page, *settings),
    )

    assert made.exit_code == 0, made.output
    assert str(page) in made.stdout
    text = page.read_text()
    assert "parameters estimated from the record to 1945" in text
    assert "| dispute_count | 6 | crps | 6 |" in text
