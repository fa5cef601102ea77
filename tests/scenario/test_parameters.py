from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from forecast.kernel import parameters as kernel
from forecast.scenario.parameters import Aim, Fatality, Parameters
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


def test_parameters__groups_and_names_are_those_of_the_simulation() -> None:
    asked = {name: tuple(dict(group.annotation.model_fields)) for name, group in GROUPS.items()}
    needed = {
        name: getattr(kernel, GROUPS[name].annotation.__name__)._fields
        for name in kernel.Parameters._fields
    }
    assert asked == needed
