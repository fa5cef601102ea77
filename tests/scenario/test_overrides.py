from __future__ import annotations

from pathlib import Path

import pytest

from forecast.errors import ForecastError
from forecast.scenario.load import load_scenario


def test_override__sets_what_belongs_to_the_scenario_file(scenario_file: Path) -> None:
    scenario = load_scenario(scenario_file, ["run.seed=7", "horizon.last_year = 2030"])
    assert scenario.run.seed == 7
    assert scenario.horizon.years == 5


def test_override__may_change_which_architectures_run(scenario_file: Path) -> None:
    setting = 'scenario.architectures=["status_quo_un", "anarchy"]'
    assert list(load_scenario(scenario_file, [setting]).architectures) == [
        "status_quo_un",
        "anarchy",
    ]


def test_override__takes_text_without_quotes(scenario_file: Path) -> None:
    scenario = load_scenario(scenario_file, ["run.memory_start=expected"])
    assert scenario.run.memory_start == "expected"


@pytest.mark.parametrize(
    "key", ["parameters.onset.deterrence", "parameters.onset.deterrence.value"]
)
def test_override__of_a_parameter_sheds_its_source_and_uncertainty(
    key: str, scenario_file: Path
) -> None:
    before = load_scenario(scenario_file).parameters.onset.deterrence
    after = load_scenario(scenario_file, [f"{key}=0"]).parameters.onset.deterrence
    assert before.range is not None
    assert (after.value, after.range, after.error) == (0, None, None)
    assert (after.source, after.tag) == ("user", "user")
    assert after.unit == before.unit


@pytest.mark.parametrize("number", ["0.9", ".9", "9e-1"])
def test_override__of_an_institution_reaches_that_architecture_alone(
    number: str, scenario_file: Path
) -> None:
    setting = f"architectures.strengthened_un.un.obligation={number}"
    architectures = load_scenario(scenario_file, [setting]).architectures
    changed = architectures["strengthened_un"].institutions["un"].obligation
    assert (changed.value, changed.source) == (0.9, "user")
    assert architectures["status_quo_un"].institutions["un"].obligation.value == 0.2


def test_override__does_not_leak_into_records_that_share_a_default(scenario_file: Path) -> None:
    setting = "architectures.status_quo_un.csto.share.source=hearsay"
    records = load_scenario(scenario_file, [setting]).architectures["status_quo_un"].institutions
    assert records["csto"].share.source == "hearsay"
    assert records["gcc"].share.source != "hearsay"


def test_override__of_conduct_and_selectors(scenario_file: Path) -> None:
    settings = [
        "architectures.status_quo_un.conduct.willing_bonus=0.3",
        'architectures.status_quo_un.nato.covered={ iso3 = ["UKR"] }',
    ]
    architecture = load_scenario(scenario_file, settings).architectures["status_quo_un"]
    assert architecture.conduct.willing_bonus.value == 0.3
    assert architecture.institutions["nato"].covered.iso3 == ("UKR",)


UNKNOWN = {
    "run.sead=1": "--set run.sead: unknown key 'sead'; did you mean 'seed'?",
    "runs.seed=1": "--set runs.seed=1: unknown key; did you mean 'run'?",
    "run.seed": "--set run.seed: is written key.path=value",
    "run..seed=1": "--set run..seed=1: is written key.path=value",
    "parameters.onset.deterence=0": "unknown key 'deterence'; did you mean 'deterrence'?",
    "parameters.onsets.land=0": "unknown key 'onsets'; did you mean 'onset'?",
    "architectures.strengthend_un.un.share=0": "did you mean 'strengthened_un'?",
    "architectures.strengthened_un.unn.share=0": "unknown key 'unn'; did you mean 'un'?",
    "architectures.strengthened_un.un.shar=0": "unknown key 'shar'; did you mean 'share'?",
    "architectures.strengthened_un=0": "names no single value",
    "parameters=0": "names no single value",
}


@pytest.mark.parametrize("setting", UNKNOWN)
def test_override__of_an_unknown_key_suggests_the_nearest(
    setting: str, scenario_file: Path
) -> None:
    with pytest.raises(ForecastError) as fault:
        load_scenario(scenario_file, [setting])
    assert UNKNOWN[setting] in str(fault.value)


BAD_VALUES = {
    "run.trajectories=-1": "--set run.trajectories: run.trajectories: must be greater than or",
    "run.seed=soon": "--set run.seed: run.seed: must be a valid integer, not 'soon'",
    "architectures.status_quo_un.un.share=2": "un.share.value: must be less than or equal to 1",
    "architectures.status_quo_un.un.id=uno": "the id of un cannot be changed",
    "parameters.onset.memory_long=0.1": "each dispute would cause at least one more",
    "parameters.onset.tau_short=-1": "parameters.onset.tau_short.value: must be greater than 0",
    "parameters.onset.deterrence=none": "must be a table, not 'none'",
}


@pytest.mark.parametrize("setting", BAD_VALUES)
def test_override__values_are_checked_like_the_files(setting: str, scenario_file: Path) -> None:
    with pytest.raises(ForecastError) as fault:
        load_scenario(scenario_file, [setting])
    assert BAD_VALUES[setting] in str(fault.value)
