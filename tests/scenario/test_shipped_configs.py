from __future__ import annotations

from pathlib import Path

import pytest

from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Scenario
from forecast.scenario.quantities import Parameter, Quantity

SCENARIOS = sorted(shipped_configs().glob("*.toml"))


@pytest.fixture(scope="module")
def all_futures() -> Scenario:
    return load_scenario(shipped_configs() / "all_futures.toml")


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_shipped_scenario__loads(file: Path) -> None:
    assert load_scenario(file).reference == "status_quo_un"


def test_shipped_architectures__are_all_in_the_widest_scenario(all_futures: Scenario) -> None:
    shipped = {file.stem for file in (shipped_configs() / "architectures").glob("*.toml")}
    assert set(all_futures.architectures) == shipped


def test_shipped_institutions__every_number_has_a_source(all_futures: Scenario) -> None:
    tables = [
        table
        for architecture in all_futures.architectures.values()
        for table in (architecture.conduct, *architecture.institutions.values())
    ]
    numbers = [n for table in tables for _, n in table if isinstance(n, Quantity)]
    assert len(numbers) > 1000
    assert all(number.source != "user" for number in numbers)
    assert not any(isinstance(n, int | float) and n is not True for t in tables for _, n in t if n)


def test_shipped_parameters__every_one_has_a_source_and_a_tag(all_futures: Scenario) -> None:
    groups = dict(iter(all_futures.parameters))
    parameters = {f"{g}.{n}": p for g, group in groups.items() for n, p in group}
    assert all(isinstance(p, Parameter) and p.tag != "user" for p in parameters.values())
    unsure = [
        k for k, p in parameters.items() if ("assumption" in p.source) != (p.tag == "assumption")
    ]
    assert unsure == []


def test_shipped_bodies__keep_their_members_whatever_the_architecture(
    all_futures: Scenario,
) -> None:
    reference = all_futures.architectures["status_quo_un"].institutions
    for architecture in all_futures.architectures.values():
        for identity, record in architecture.institutions.items():
            if identity in reference:
                assert record.members == reference[identity].members
                assert record.title == reference[identity].title


def test_reference__forgoes_every_bonus(all_futures: Scenario) -> None:
    conduct = all_futures.architectures["status_quo_un"].conduct
    assert [quantity.value for _, quantity in conduct] == [0, 0, 0]


def test_strengthened_un__seats_twenty_four(all_futures: Scenario) -> None:
    deciders = all_futures.architectures["strengthened_un"].institutions["un"].deciders
    assert deciders is not None
    assert deciders.include_iso3 is not None
    assert deciders.roll == "UNSC"
    assert len(set(deciders.include_iso3)) == 24 - 15


def test_middle_powers__decide_for_themselves_and_cover_themselves(all_futures: Scenario) -> None:
    body = all_futures.architectures["middle_power_coalition"].institutions["middle_powers"]
    assert body.members.iso3 is not None
    assert len(set(body.members.iso3)) == 25
    assert body.deciders == body.members
    assert body.covered.include_iso3 == body.members.iso3
