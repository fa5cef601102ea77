from __future__ import annotations

from pathlib import Path

import pytest

from forecast.errors import ForecastError
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Scenario

HEADING = 'base = "default"\n'
CONST = 'const = { value = -3.5, error = 0.4, source = "test", tag = "estimated" }\n'
LAND = 'land = { value = 2.0, error = 0.3, source = "test", tag = "estimated" }\n'
ENTRIES = "[onset]\n" + CONST + LAND
ESTIMATE = """
[[estimate]]
equation = "onset"
form = "additive"
parameters = ["onset.const", "onset.land"]
values = [-3.5, 2.0]
covariance = [[0.16, -0.06], [-0.06, 0.09]]
n = 52000
events = 1128
clusters = 1700
log_likelihood = -1234.5
period = [1921, 2000]
note = "a test"
"""


def write_parameters_beside(scenario_file: Path, text: str, name: str = "fitted") -> None:
    own = scenario_file.parent / "parameters" / f"{name}.toml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(text)


def with_parameters(scenario_file: Path, text: str, *settings: str) -> Scenario:
    """Load the scenario with parameters of its own."""
    write_parameters_beside(scenario_file, text)
    return load_scenario(scenario_file, ["scenario.parameters=fitted", *settings])


def faults_of(scenario_file: Path, text: str, *settings: str) -> list[str]:
    with pytest.raises(ForecastError) as fault:
        with_parameters(scenario_file, text, *settings)
    return str(fault.value).splitlines()


def test_inheritance__replaces_an_entry_whole_and_keeps_its_unit(scenario_file: Path) -> None:
    before = load_scenario(scenario_file).parameters.onset
    text = '[onset]\ntau_short = { value = 2.5, source = "test", tag = "estimated" }\n'
    after = with_parameters(scenario_file, HEADING + text).parameters.onset
    assert before.tau_short.range is not None
    assert (after.tau_short.value, after.tau_short.range) == (2.5, None)
    assert after.tau_short.unit == before.tau_short.unit
    assert after.model_copy(update={"tau_short": before.tau_short}) == before


def test_inheritance__takes_a_unit_of_its_own(scenario_file: Path) -> None:
    text = ENTRIES.replace("error = 0.4", 'unit = "log odds"')
    assert with_parameters(scenario_file, HEADING + text).parameters.onset.const.unit == "log odds"


def test_inheritance__runs_through_several_files(scenario_file: Path) -> None:
    write_parameters_beside(scenario_file, HEADING + ENTRIES + ESTIMATE, "middle")
    entry = '{ value = 0.4, source = "test", tag = "assumption" }'
    text = f'base = "middle"\n[order]\norder_weight = {entry}\n'
    scenario = with_parameters(scenario_file, text)
    assert scenario.parameters.order.order_weight.value == 0.4
    assert scenario.parameters.onset.land.value == 2.0
    assert [estimate.equation for estimate in scenario.estimates] == ["onset"]


def test_inheritance__an_estimate_stands_for_that_of_the_same_equation(
    scenario_file: Path,
) -> None:
    write_parameters_beside(scenario_file, HEADING + ENTRIES + ESTIMATE, "middle")
    newer = (ENTRIES + ESTIMATE).replace("2.0", "1.8").replace("52000", "60000")
    (estimate,) = with_parameters(scenario_file, 'base = "middle"\n' + newer).estimates
    assert (estimate.values, estimate.n) == ((-3.5, 1.8), 60000)


BAD_INHERITANCE = {
    "value out of bounds": (
        HEADING + "[onset]\ntau_short = { value = -1, source = 'test', tag = 'estimated' }\n",
        "fitted.toml:3: parameters.onset.tau_short.value: must be greater than 0, not -1",
    ),
    "source not stated": (
        HEADING + "[onset]\nconst = { value = -3, tag = 'estimated' }\n",
        "fitted.toml:3: parameters.onset.const.source: is missing",
    ),
    "unknown entry": (
        HEADING + ENTRIES.replace("land", "lend"),
        "fitted.toml:4: parameters.onset.lend: unknown key; did you mean 'land'?",
    ),
    "unknown group": (
        HEADING + ENTRIES.replace("onset", "onsets"),
        "fitted.toml:2: parameters.onsets: unknown key; did you mean 'onset'?",
    ),
    "group of entries that is a number": (
        HEADING + "onset = 3\n",
        "fitted.toml:2: parameters.onset: must be a table, not 3",
    ),
    "from itself": (
        'base = "fitted"\n',
        "fitted.toml:1: base: inherits from itself: fitted -> fitted",
    ),
    "unknown base": ('base = "defaults"\n', "fitted.toml:1: base: no file defaults.toml in "),
    "base no text": ("base = 7\n", "fitted.toml:1: base: must be a valid string, not 7"),
}


@pytest.mark.parametrize("case", BAD_INHERITANCE)
def test_parameter_file__tells_what_is_wrong_and_where(case: str, scenario_file: Path) -> None:
    text, expected = BAD_INHERITANCE[case]
    (told,) = faults_of(scenario_file, text)
    assert expected in told


def test_parameter_file__without_a_base_states_everything(scenario_file: Path) -> None:
    told = faults_of(scenario_file, ENTRIES)
    assert "fitted.toml:1: parameters.onset.sea: is missing" in "\n".join(told)
    assert "fitted.toml: parameters.climate: is missing" in "\n".join(told)


def test_inheritance__faults_of_the_base_stand_in_the_base(scenario_file: Path) -> None:
    middle = HEADING + "[onset]\ntau_short = { value = -1, source = 'test', tag = 'estimated' }\n"
    write_parameters_beside(scenario_file, middle, "middle")
    (told,) = faults_of(scenario_file, 'base = "middle"\n' + ENTRIES)
    assert "middle.toml:3: parameters.onset.tau_short.value: must be greater than 0" in told


def test_estimates__are_part_of_the_scenario(scenario_file: Path) -> None:
    scenario = with_parameters(scenario_file, HEADING + ENTRIES + ESTIMATE)
    (estimate,) = scenario.estimates
    assert estimate.parameters == ("onset.const", "onset.land")
    assert estimate.covariance == ((0.16, -0.06), (-0.06, 0.09))
    assert (estimate.n, estimate.events, estimate.clusters) == (52000, 1128, 1700)
    assert (estimate.period, estimate.note) == ((1921, 2000), "a test")
    assert Scenario.model_validate(scenario.model_dump()) == scenario
    assert Scenario.model_validate_json(scenario.model_dump_json(by_alias=True)) == scenario


def test_estimates__of_labels_outside_the_model_are_reported_only(scenario_file: Path) -> None:
    reported = ESTIMATE.replace("onset", "rivalry_end")
    (estimate,) = with_parameters(scenario_file, HEADING + reported).estimates
    assert estimate.in_parameters == ()


def test_default_parameters__carry_no_estimates(scenario_file: Path) -> None:
    assert load_scenario(scenario_file).estimates == ()


def replaced(old: str, new: str) -> str:
    assert old in ESTIMATE
    return ESTIMATE.replace(old, new)


BAD_ESTIMATES = {
    "values too few": (replaced("[-3.5, 2.0]", "[-3.5]"), "2 parameters and 1 values"),
    "covariance too small": (
        replaced(", [-0.06, 0.09]]", "]"),
        "covariance of 2 parameters has 2 rows of 2, not 1 of 2",
    ),
    "covariance ragged": (
        replaced("[-0.06, 0.09]", "[-0.06]"),
        "covariance of 2 parameters has 2 rows of 2, not 2 of 1 or 2",
    ),
    "covariance not symmetric": (
        replaced("[[0.16, -0.06]", "[[0.16, 0.06]"),
        "covariance is not symmetric: 0.06 in row 1, column 2, but -0.06 in row 2, column 1",
    ),
    "covariance impossible": (
        replaced("-0.06", "0.13"),
        "covariance is not positive semi-definite: least eigenvalue -0.0833",
    ),
    "negative variance": (
        replaced("0.09", "-0.09"),
        "covariance holds a negative variance, -0.09",
    ),
    "unknown parameter": (
        replaced("onset.land", "onset.lend"),
        "onset has no parameter 'lend'; did you mean 'land'?",
    ),
    "no group": (
        replaced('"onset.land"', '"land"'),
        "estimate.0.parameters.1: String should match pattern",
    ),
    "parameter twice": (
        replaced("onset.land", "onset.const"),
        "parameters names onset.const more than once",
    ),
    "period backwards": (replaced("[1921, 2000]", "[2000, 1921]"), "runs from 2000 to 1921"),
    "period before the record": (replaced("1921", "1721"), "must be greater than or equal to 1816"),
    "no observation": (replaced("52000", "0"), "n: must be greater than or equal to 1, not 0"),
    "unknown key": (replaced("events", "event"), "unknown key; did you mean 'events'?"),
    "value of another fit": (
        replaced("2.0]", "1.9]"),
        "fitted.toml:10: parameters.onset.land: is 2.0, but the estimate of it is 1.9",
    ),
    "equation twice": (ESTIMATE + ESTIMATE, "'onset' is estimated twice"),
    "parameter of two equations": (
        ESTIMATE + replaced('"onset"', '"other"'),
        "'onset.const' is estimated twice",
    ),
    "one table": (replaced("[[estimate]]", "[estimate]"), "estimate: is written [[estimate]]"),
}


@pytest.mark.parametrize("case", BAD_ESTIMATES)
def test_estimate__tells_what_is_wrong(case: str, scenario_file: Path) -> None:
    text, expected = BAD_ESTIMATES[case]
    (told,) = faults_of(scenario_file, HEADING + ENTRIES + text)
    assert expected in told
    assert "fitted.toml" in told


def test_estimate__forgives_the_rounding_of_a_singular_covariance(scenario_file: Path) -> None:
    singular = replaced("[[0.16, -0.06], [-0.06, 0.09]]", "[[0.16, 0.12], [0.1200001, 0.09]]")
    assert with_parameters(scenario_file, HEADING + ENTRIES + singular).estimates


def test_estimates__in_use_must_not_know_the_forecast_years(scenario_file: Path) -> None:
    text = HEADING + ENTRIES + ESTIMATE
    settings = ["horizon.first_year=2001", "horizon.last_year=2010"]
    assert with_parameters(scenario_file, text, *settings).horizon.first_year == 2001
    (told,) = faults_of(scenario_file, text, "horizon.first_year=1990", "horizon.last_year=1999")
    assert "scenario.parameters: the estimate of onset uses data to 2000, but the forecast" in told
    assert "starts in 1990: choose parameters fitted to 1989 or earlier" in told


def test_estimates__not_in_use_may_know_the_forecast_years(scenario_file: Path) -> None:
    years = ["horizon.first_year=1990", "horizon.last_year=1999"]
    reported = HEADING + ESTIMATE.replace("onset", "rivalry_end")
    assert with_parameters(scenario_file, reported, *years).estimates
    own = ["parameters.onset.const=-3", "parameters.onset.land=1"]
    assert with_parameters(scenario_file, HEADING + ENTRIES + ESTIMATE, *years, *own).estimates


def test_override__of_an_estimated_value_stands_beside_the_estimate(scenario_file: Path) -> None:
    text = HEADING + ENTRIES + ESTIMATE
    scenario = with_parameters(scenario_file, text, "parameters.onset.land=1")
    assert scenario.parameters.onset.land.value == 1
    assert scenario.estimates[0].values == (-3.5, 2.0)
