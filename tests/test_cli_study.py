"""The commands that study the record, run as a user would."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forecast.cli import app
from forecast.scenario.load import load_scenario

pytest.importorskip("statsmodels")
pytest.importorskip("pyarrow")

PACK = Path(__file__).parent / "pack"
FIT = ["study", "fit", "--data", str(PACK)]


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fit") / "parameters"
    folder.mkdir()
    file = folder / "mine.toml"
    result = CliRunner().invoke(app, [*FIT, "--until", "1987", "--output", str(file)])
    assert result.exit_code == 0, result.output
    return file


def test_fit__writes_a_parameter_file_that_a_scenario_names(
    fitted: Path, scenario_file: Path
) -> None:
    beside = scenario_file.parent / "parameters"
    beside.mkdir()
    shutil.copy(fitted, beside)

    scenario = load_scenario(scenario_file, ['scenario.parameters="mine"'])

    onset = next(e for e in scenario.estimates if e.equation == "onset")
    assert onset.period == (1817, 1987)
    assert scenario.parameters.onset.land.tag == "estimated"
    assert scenario.parameters.onset.land.value in onset.values
    assert scenario.parameters.sampling.child_cap.value == 3.0


def test_fit__uses_nothing_dated_later(fitted: Path, tmp_path: Path) -> None:
    from tests.world.cut import cut

    cut(PACK, 1988, tmp_path / "cut")
    again = tmp_path / "again.toml"

    result = CliRunner().invoke(
        app,
        [
            "study",
            "fit",
            "--data",
            str(tmp_path / "cut"),
            "--until",
            "1987",
            "--output",
            str(again),
        ],
    )

    assert result.exit_code == 0, result.output
    assert again.read_text() == fitted.read_text()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--until", "2030"], "end in 2000"),
        (["--until", "1840", "--from", "1816"], "at least"),
        (["--until", "1990", "--from", "1900"], "1816 or 1946"),
    ],
)
def test_fit__says_what_cannot_be_fitted(options: list[str], message: str, tmp_path: Path) -> None:
    output = tmp_path / "bad.toml"

    result = CliRunner().invoke(app, [*FIT, *options, "--output", str(output)])

    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output
    assert not output.exists()


def test_fit__refuses_to_replace_a_file(fitted: Path) -> None:
    before = fitted.read_text()

    result = CliRunner().invoke(app, [*FIT, "--until", "1987", "--output", str(fitted)])

    assert result.exit_code == 2
    assert "--overwrite" in result.output
    assert fitted.read_text() == before


def test_estimates__sets_a_fit_beside_the_published_values(fitted: Path, tmp_path: Path) -> None:
    page = tmp_path / "estimates.md"

    result = CliRunner().invoke(app, ["study", "estimates", str(fitted), "--output", str(page)])

    assert result.exit_code == 0, result.output
    line = next(x for x in page.read_text().splitlines() if x.startswith("| onset.land |"))
    value = tomllib.loads(fitted.read_text())["onset"]["land"]["value"]
    assert "| 1.87 |" in line
    assert f"{value:.3g} ±" in line


def test_estimates__names_a_file_without_estimates(tmp_path: Path) -> None:
    empty = tmp_path / "empty.toml"
    empty.write_text('base = "default"\n')

    result = CliRunner().invoke(
        app, ["study", "estimates", str(empty), "--output", str(tmp_path / "page.md")]
    )

    assert result.exit_code == 2
    assert "empty.toml" in result.output
