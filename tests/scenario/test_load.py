from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from forecast.errors import ForecastError
from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Scenario


def test_load_scenario__merges_parameters_and_architectures(scenario_file: Path) -> None:
    scenario = load_scenario(scenario_file)
    assert scenario.horizon.years == 25
    assert list(scenario.architectures) == [
        "status_quo_un",
        "strengthened_un",
        "consolidated_alliances",
        "fragmented_coalitions",
    ]
    assert scenario.parameters.onset.memory_short.value == 0.161


def test_load_scenario__is_frozen(scenario_file: Path) -> None:
    scenario = load_scenario(scenario_file)
    with pytest.raises(ValidationError, match="frozen"):
        scenario.run.seed = 1  # type: ignore[misc]


def test_load_scenario__dump_holds_the_whole_configuration(scenario_file: Path) -> None:
    scenario = load_scenario(scenario_file)
    assert Scenario.model_validate(scenario.model_dump()) == scenario
    assert Scenario.model_validate_json(scenario.model_dump_json()) == scenario


def test_load_scenario__prefers_files_beside_the_scenario(scenario_file: Path) -> None:
    shipped = shipped_configs() / "parameters" / "default.toml"
    own = scenario_file.parent / "parameters" / "default.toml"
    own.parent.mkdir()
    own.write_text(
        shipped.read_text().replace(
            "value = 0.4, range = [0, 1.2]", "value = 0.1, range = [0, 1.2]"
        )
    )
    assert load_scenario(scenario_file).parameters.onset.unilateral_cost.value == 0.1


def replaced(old: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return edit


BAD_INPUT = {
    "broken TOML": (replaced("seed = ", "seed "), "mine.toml:17: is not valid TOML"),
    "unknown key": (
        replaced("last_year", "lastyear"),
        "mine.toml:13: horizon.lastyear: unknown key; did you mean 'last_year'?",
    ),
    "unknown table": (
        replaced("[horizon]", "[horzon]"),
        "mine.toml:11: horzon: unknown key; did you mean 'horizon'?",
    ),
    "missing key": (replaced("seed = 20260101\n", ""), "mine.toml:15: run.seed: is missing"),
    "text for a number": (
        replaced("seed = 20260101", 'seed = "7"'),
        "mine.toml:17: run.seed: must be a valid integer, not '7'",
    ),
    "true for a number": (
        replaced("seed = 20260101", "seed = true"),
        "mine.toml:17: run.seed: must be a valid integer, not True",
    ),
    "fraction of a trajectory": (
        replaced("trajectories = 5000", "trajectories = 10.5"),
        "mine.toml:16: run.trajectories: must be a valid integer, not 10.5",
    ),
    "no trajectories": (
        replaced("trajectories = 5000", "trajectories = 0"),
        "mine.toml:16: run.trajectories: must be greater than or equal to 1, not 0",
    ),
    "negative trajectories": (
        replaced("trajectories = 5000", "trajectories = -5"),
        "mine.toml:16: run.trajectories: must be greater than or equal to 1, not -5",
    ),
    "empty batches": (
        replaced("batch_size = 500", "batch_size = 0"),
        "mine.toml:18: run.batch_size: must be greater than or equal to 1, not 0",
    ),
    "seed too large": (
        replaced("seed = 20260101", "seed = 4294967296"),
        "mine.toml:17: run.seed: must be less than or equal to 4294967295, not 4294967296",
    ),
    "horizon of no years": (
        replaced("last_year = 2050", "last_year = 2025"),
        "mine.toml:11: horizon: 2026 to 2025 makes 0 years; a horizon holds 1 to 200",
    ),
    "negative horizon": (
        replaced("last_year = 2050", "last_year = 2020"),
        "mine.toml:11: horizon: 2026 to 2020 makes -5 years",
    ),
    "horizon too long": (
        replaced("last_year = 2050", "last_year = 2226"),
        "mine.toml:11: horizon: 2026 to 2226 makes 201 years",
    ),
    "unknown choice": (
        replaced('"coded"', '"code"'),
        "mine.toml:19: run.memory_start: must be 'coded' or 'expected', not 'code'",
    ),
    "no architecture": (
        lambda text: re.sub(r"architectures = .*", "architectures = []", text),
        "mine.toml:9: scenario.architectures: must name at least one",
    ),
    "unknown architecture": (
        replaced('"strengthened_un"', '"strengthend_un"'),
        "mine.toml:9: scenario.architectures: no file strengthend_un.toml",
    ),
    "unknown variant": (
        replaced('"strengthened_un"', '"strengthened_un@cheap"'),
        "mine.toml:9: scenario.architectures.1: 'strengthened_un@cheap' is neither the name of an",
    ),
    "variant of no architecture": (
        replaced('"strengthened_un"', '"strengthend_un@transition"'),
        "no file strengthend_un.toml",
    ),
    "suggested architecture": (
        replaced('"strengthened_un"', '"strengthend_un"'),
        "did you mean 'strengthened_un'?",
    ),
    "unknown parameters": (
        replaced('parameters = "default"', 'parameters = "defaults"'),
        "mine.toml:7: scenario.parameters: no file defaults.toml",
    ),
    "reference not run": (
        replaced('reference = "status_quo_un"', 'reference = "anarchy"'),
        "mine.toml:3: scenario: reference 'anarchy' is not among the architectures",
    ),
    "architecture twice": (
        replaced('"strengthened_un"', '"status_quo_un"'),
        "mine.toml:3: scenario: architectures names status_quo_un more than once",
    ),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_load_scenario__tells_what_is_wrong_and_where(case: str, scenario_file: Path) -> None:
    edit, expected = BAD_INPUT[case]
    scenario_file.write_text(edit(scenario_file.read_text()))
    with pytest.raises(ForecastError) as fault:
        load_scenario(scenario_file)
    assert expected in str(fault.value)
    assert len(str(fault.value).splitlines()) <= 2


def test_load_scenario__missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ForecastError, match=r"none\.toml: cannot be read: No such file"):
        load_scenario(tmp_path / "none.toml")


def test_load_scenario__folder_is_no_scenario(tmp_path: Path) -> None:
    with pytest.raises(ForecastError, match="cannot be read"):
        load_scenario(tmp_path)


def test_load_scenario__other_encodings_are_refused(scenario_file: Path) -> None:
    scenario_file.write_bytes('[scenario]\ntitle = "Zürich"\n'.encode("latin-1"))
    with pytest.raises(ForecastError, match="is not UTF-8 text"):
        load_scenario(scenario_file)


def test_load_scenario__tells_faults_of_all_files_at_once(scenario_file: Path) -> None:
    scenario_file.write_text(scenario_file.read_text().replace("seed =", "sead ="))
    parameters = scenario_file.parent / "parameters" / "default.toml"
    architecture = scenario_file.parent / "architectures" / "strengthened_un.toml"
    for own in (parameters, architecture):
        own.parent.mkdir()
        own.write_text((shipped_configs() / own.parent.name / own.name).read_text())
    parameters.write_text(parameters.read_text().replace("two_majors =", "two_major ="))
    architecture.write_text(architecture.read_text().replace("value = 0.04", "value = 4.0"))
    with pytest.raises(ForecastError) as fault:
        load_scenario(scenario_file)
    told = str(fault.value)
    assert "mine.toml:17: run.sead: unknown key; did you mean 'seed'?" in told
    assert "default.toml:16: parameters.onset.two_major: unknown key" in told
    assert "architectures.strengthened_un.un.share.value: must be less than or equal to 1" in told
    assert "strengthened_un.toml:17: " in told
