from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from forecast.analysis.tidy import dyad_years, state_years, states, trajectories
from forecast.outcomes.store import open_outcomes
from tests.commands import assert_refused, call
from tests.small_world import small_world

TABLES = {
    "states": states,
    "state-years": state_years,
    "dyad-years": dyad_years,
    "trajectories": trajectories,
}


@pytest.fixture(autouse=True)
def in_a_small_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forecast.execution.prepare.build_world", lambda scenario: small_world())


@pytest.mark.parametrize("form", TABLES)
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_export__writes_the_table_it_names(
    store: Path, tmp_path: Path, form: str, ending: str
) -> None:
    output = tmp_path / f"table.{ending}"
    told = call("store", "export", store, "--to", form, "-o", output)
    assert told.exit_code == 0, told.output
    expected = TABLES[form](open_outcomes(store))
    assert f"{output}: {len(expected):,} rows" in told.stdout
    read = (
        pd.read_csv(output, keep_default_na=False) if ending == "csv" else pd.read_parquet(output)
    )
    pd.testing.assert_frame_equal(read, expected, check_dtype=False)
    assert [path.name for path in tmp_path.iterdir()] == [output.name]


def test_export__writes_questions_as_records_and_sentences(store: Path, tmp_path: Path) -> None:
    output = tmp_path / "questions.json"
    told = call("store", "export", store, "--to", "questions", "-o", output, "--before", 2030)
    assert told.exit_code == 0, told.output
    records = json.loads(output.read_text())
    assert len(records) == 5 * 2
    assert records[0]["question"] == "a war with great powers on opposite sides before 2030"
    assert records[0]["sentence"].startswith(f"P({records[0]['question']}) = ")
    late = ("store", "export", store, "--to", "questions", "-o", tmp_path / "late.json")
    assert_refused(call(*late, "--before", 2040), "choose 2027 to 2032")


def test_export__writes_draws(store: Path, tmp_path: Path) -> None:
    output = tmp_path / "draws.parquet"
    told = call("store", "export", store, "--to", "draws", "-o", output, "--trajectories", 3,
                "--architecture", "consolidated_alliances")  # fmt: skip
    assert told.exit_code == 0, told.output
    found = pd.read_parquet(output)
    assert found["draw"].unique().tolist() == [0, 1, 2]
    whole = call("store", "export", store, "--to", "draws", "-o", output, "--overwrite")
    assert f"{13 * 12 * 6:,} rows" in whole.stdout


def test_export__refuses_what_it_would_misread(store: Path, tmp_path: Path) -> None:
    def refused(form: str, name: str, message: str, *more: object) -> None:
        path = tmp_path / name
        assert_refused(call("store", "export", store, "--to", form, "-o", path, *more), message)

    refused("states", "t.xlsx", "ends in .csv or .parquet")
    refused("draws", "t.csv", "ends in .parquet")
    refused("questions", "t.csv", "ends in .json")
    refused("states", "none/t.csv", "there is no folder")
    refused("states", "t.csv", "--before belongs to --to questions", "--before", 2030)
    refused("questions", "t.json", "--trajectories belongs to --to draws", "--trajectories", 3)
    refused("draws", "t.parquet", "holds 1 to 13", "--trajectories", 14)
    refused("draws", "t.parquet", "did you mean 'status_quo_un'", "--architecture", "status_quo")
    (tmp_path / "there.csv").write_text("mine")
    refused("states", "there.csv", "exists; choose another --output or add --overwrite")
    assert (tmp_path / "there.csv").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["there.csv"]


def test_export__refuses_what_is_no_store(tmp_path: Path) -> None:
    told = call("store", "export", tmp_path / "no", "--to", "states", "-o", tmp_path / "t.csv")
    assert_refused(told, "no such outcome store")


def test_export__of_drawn_parameters_says_what_its_errors_hold(
    drawn_store: Path, tmp_path: Path
) -> None:
    told = call("store", "export", drawn_store, "--to", "state-years", "-o", tmp_path / "t.csv")
    assert "errors leave the parameters out: all batches share draws" in told.stdout


def test_export__of_an_unfinished_store_says_so(store: Path, tmp_path: Path) -> None:
    shutil.copytree(store, tmp_path / "run.zarr")
    (tmp_path / "run.zarr" / "commits/record/c.1.0").unlink()
    output = tmp_path / "t.json"
    told = call("store", "export", tmp_path / "run.zarr", "--to", "questions", "-o", output)
    assert "not complete, 11 of 13 trajectories" in told.stdout
    assert json.loads(output.read_text())[0]["trajectories"] == 11
    output = tmp_path / "t.parquet"
    told = call("store", "export", tmp_path / "run.zarr", "--to", "draws", "-o", output)
    assert sorted({*pd.read_parquet(output)["draw"]}) == [0, 1, *range(4, 13)]
