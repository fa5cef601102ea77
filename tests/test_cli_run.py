from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import zarr

from tests.commands import assert_refused, call, run_small
from tests.small_world import small_run, small_world


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stores") / "small.zarr"
    small_run(path)
    return path


@pytest.fixture(autouse=True)
def in_a_small_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forecast.execution.prepare.build_world", lambda scenario: small_world())


def test_run__writes_a_store_that_compare_and_info_read(
    scenario_file: Path, tmp_path: Path
) -> None:
    output = tmp_path / "deeper" / "out.zarr"
    ran = run_small(scenario_file, "--output", output, "--workers", 1, "--trajectories", 9)
    assert ran.exit_code == 0, ran.output
    assert f"forecast compare {output}" in ran.stdout
    assert "9 of 9 trajectories (100 %)" in ran.stderr
    compared = call("compare", output)
    assert compared.exit_code == 0
    assert "consolidated_alliances" in compared.stdout
    assert f"Store: {output}" in compared.stdout
    told = call("info", output)
    assert "9 per architecture" in told.stdout
    assert "all completed" in told.stdout


def test_run__names_the_store_after_the_scenario(
    scenario_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_small(scenario_file).exit_code == 0
    assert (tmp_path / "mine.zarr").is_dir()


def test_run__exits_with_three_when_histories_end_abnormally(
    scenario_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forecast import cli
    from forecast.outcomes import batches

    honest = batches._trajectories

    def spoilt(*arguments: object) -> dict[str, object]:
        found = honest(*arguments)
        found["trajectories/exit_reason"][0, 0] = 3
        return found

    monkeypatch.setattr("forecast.outcomes.batches._trajectories", spoilt)
    ran = run_small(scenario_file, "--output", tmp_path / "out.zarr", "--trajectories", 2)
    assert ran.exit_code == cli.ABNORMAL_EXIT
    assert "1 wars_full" in ran.stderr
    assert_refused(call("compare", tmp_path / "out.zarr"), "--abnormal drop")
    assert call("compare", tmp_path / "out.zarr", "--abnormal", "keep").exit_code == 0
    assert "1 wars_full" in call("info", tmp_path / "out.zarr").stdout


def test_compare__prints_records(stored: Path) -> None:
    shown = call(
        "compare", stored, "--json", "--outcome", "war_count", "--reference",
        "consolidated_alliances",
    )  # fmt: skip
    told = json.loads(shown.stdout)
    assert [r["architecture"] for r in told] == ["status_quo_un", "consolidated_alliances"]
    assert {r["reference"] for r in told} == {"consolidated_alliances"}
    assert told[0]["trajectories"] == 13


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--trajectories", 0], "trajectories is 0"),
        (["--trajectories", -5], "trajectories is -5"),
        (["--workers", 0], "workers is 0"),
        (["--workers", -1], "workers is -1"),
        (["--seed", -1], "seed is -1"),
        (["--set", "run.batch_size=0"], "run.batch_size"),
        (["--set", "horizon.last_year=2025"], "horizon"),
    ],
)
def test_run__refuses_what_is_out_of_range(
    scenario_file: Path, tmp_path: Path, arguments: list[object], message: str
) -> None:
    output = tmp_path / "out.zarr"
    assert_refused(run_small(scenario_file, "--output", output, *arguments), message)
    assert not output.exists()


def test_run__refuses_a_missing_scenario(tmp_path: Path) -> None:
    assert_refused(call("run", tmp_path / "none.toml"), "none.toml")


def test_run__refuses_a_store_of_another_run_without_overwrite(
    scenario_file: Path, stored: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.zarr"
    shutil.copytree(stored, output)
    refused = run_small(scenario_file, "--output", output, "--seed", 3)
    assert_refused(refused, "run.seed: 20260101 in the store, 3 asked")
    assert "--overwrite" in refused.stderr
    arguments = ["--seed", 3, "--overwrite", "--trajectories", 3]
    again = run_small(scenario_file, "--output", output, *arguments)
    assert again.exit_code == 0
    assert zarr.open_group(output, mode="r")["trajectories/war_count"].shape == (2, 3)


def test_run__overwrites_nothing_but_outcome_stores(scenario_file: Path, tmp_path: Path) -> None:
    assert_refused(
        run_small(scenario_file, "--output", tmp_path, "--overwrite"), "not an outcome store"
    )
    assert scenario_file.exists()


def test_run__refuses_an_output_that_cannot_be_written(scenario_file: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = run_small(scenario_file, "--output", tmp_path / "file" / "out.zarr")
    assert_refused(refused, "cannot be written")


def test_compare__prints_slices_and_commas(stored: Path) -> None:
    by_year = call("compare", stored, "--by", "year", "--outcome", "war_count")
    assert by_year.exit_code == 0, by_year.output
    assert "war_count by year" in by_year.stdout
    commas = call("compare", stored, "--by", "region", "--outcome", "attacked_count", "--csv")
    assert commas.stdout.startswith("outcome,region,architecture,reference,estimate,")
    precise = call("compare", stored, "--precision", "5%", "--architecture", "status_quo_un")
    assert precise.exit_code == 0, precise.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--json", "--csv"], "choose one"),
        (["--by", "year"], "--by shows one outcome"),
        (["--by", "year", "--outcome", "war_count", "--precision", "5%"], "neither --precision"),
    ],
)
def test_compare__refuses_what_does_not_go_together(
    stored: Path, arguments: list[str], message: str
) -> None:
    assert_refused(call("compare", stored, *arguments), message)


@pytest.mark.parametrize("verb", ["compare", "info"])
def test_readers__refuse_what_is_not_a_store(verb: str, tmp_path: Path) -> None:
    (tmp_path / "chapter.tex").touch()
    assert_refused(call(verb, tmp_path), "not an outcome store")
    assert_refused(call(verb, tmp_path / "none.zarr"), "no such outcome store")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--reference", "status_quo"], "did you mean 'status_quo_un'"),
        (["--outcome", "war_counts"], "did you mean 'war_count'"),
        (["--abnormal", "perhaps"], "perhaps"),
    ],
)
def test_compare__refuses_unknown_names(stored: Path, arguments: list[str], message: str) -> None:
    assert_refused(call("compare", stored, *arguments), message)
