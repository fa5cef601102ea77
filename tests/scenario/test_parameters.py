from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from forecast.kernel import parameters as kernel
from forecast.scenario.parameters import Aim, Conquest, Fatality, Parameters, Process, Spending
from forecast.scenario.quantities import Parameter

GROUPS: dict[str, Any] = Parameters.model_fields
COMMON: dict[str, Any] = {"unit": "1", "source": "assumption", "tag": "assumption"}


def test_parameter__takes_an_error_or_a_range() -> None:
    assert Parameter(value=1, error=0.5, **COMMON).range is None
    assert Parameter(value=1, range=(0, 2), **COMMON).error is None
    with pytest.raises(ValidationError, match="either error or range"):
        Parameter(value=1, error=0.5, range=(0, 2), **COMMON)


@pytest.mark.parametrize("bounds", [(2, 3), (1, 0)])
def test_parameter__lies_within_its_range(bounds: tuple[float, float]) -> None:
    with pytest.raises(ValidationError, match="lies outside its range"):
        Parameter(value=1, range=bounds, **COMMON)


@pytest.mark.parametrize("missing", ["unit", "source", "tag"])
def test_parameter__needs_unit_source_and_tag(missing: str) -> None:
    stated = {key: value for key, value in COMMON.items() if key != missing}
    with pytest.raises(ValidationError, match=missing):
        Parameter(value=1, **stated)


def test_parameter__empty_source_is_none() -> None:
    with pytest.raises(ValidationError, match="source"):
        Parameter(value=1, **{**COMMON, "source": ""})


def test_aim__cannot_exceed_one() -> None:
    shares = {key: {"value": 0.3, **COMMON} for key in Aim.model_fields}
    with pytest.raises(ValidationError, match=r"the four land_ aims sum to 1\.2"):
        Aim.model_validate(shares)


def test_fatality__brackets_fill_one() -> None:
    shares = {key: {"value": 0.1, **COMMON} for key in Fatality.model_fields}
    with pytest.raises(ValidationError, match=r"bracket_1 to bracket_5 sum to 0\.5"):
        Fatality.model_validate(shares)


@pytest.mark.parametrize("value", [0.5, -1, 2])
def test_process__is_on_or_off(value: float) -> None:
    switches = {key: {"value": value, **COMMON} for key in Process.model_fields}
    with pytest.raises(ValidationError, match="sanctions"):
        Process.model_validate(switches)


def test_conquest__transfers_run_from_low_to_high() -> None:
    numbers = {key: {"value": 0.1, **COMMON} for key in Conquest.model_fields}
    numbers["transfer_low"] = {"value": 0.2, **COMMON}
    with pytest.raises(ValidationError, match=r"transfer_low 0\.2 exceeds transfer_high 0\.1"):
        Conquest.model_validate(numbers)


def test_spending__bounds_run_from_low_to_high() -> None:
    numbers = {key: {"value": 0.1, **COMMON} for key in Spending.model_fields}
    numbers["low"] = {"value": 0.2, **COMMON}
    with pytest.raises(ValidationError, match=r"low 0\.2 exceeds high 0\.1"):
        Spending.model_validate(numbers)


def test_parameters__groups_and_names_are_those_of_the_simulation() -> None:
    asked = {name: tuple(dict(group.annotation.model_fields)) for name, group in GROUPS.items()}
    needed = {
        name: getattr(kernel, GROUPS[name].annotation.__name__)._fields
        for name in kernel.Parameters._fields
    }
    assert asked == needed
