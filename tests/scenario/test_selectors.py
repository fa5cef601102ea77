from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from forecast.scenario.selectors import Selector

GOOD: list[dict[str, Any]] = [
    {"all": True},
    {"iso3": ["FRA"]},
    {"roll": "NATO", "roles": ["leader", "member"]},
    {"class": ["M"], "min_capability": 0.004, "democracy": True, "region": ["europe"]},
    {"include_iso3": ["FRA"]},
    {"all": True, "exclude_iso3": ["FRA"]},
]

BAD: list[tuple[dict[str, Any], str]] = [
    ({}, "states no condition"),
    ({"exclude_iso3": ["FRA"]}, "states no condition"),
    ({"all": False}, "True"),
    ({"all": True, "roll": "NATO"}, "stands alone"),
    ({"iso3": []}, "at least one"),
    ({"iso3": ["fra"]}, "pattern"),
    ({"roles": ["leader"], "all": True}, "roles narrow a roll"),
    ({"min_capability": 0.2, "max_capability": 0.1}, "nobody fits"),
    ({"region": ["atlantis"]}, "europe"),
    ({"affinity": 0.5}, "Extra inputs"),
]


@pytest.mark.parametrize("table", GOOD)
def test_selector__survives_writing_and_reading(table: dict[str, Any]) -> None:
    selector = Selector.model_validate(table)
    dumped = selector.model_dump(exclude_none=True)
    assert {k: list(v) if isinstance(v, tuple) else v for k, v in dumped.items()} == table


@pytest.mark.parametrize(("table", "why"), BAD)
def test_selector__refuses_what_selects_nothing_or_nonsense(
    table: dict[str, Any], why: str
) -> None:
    with pytest.raises(ValidationError, match=why):
        Selector.model_validate(table)
