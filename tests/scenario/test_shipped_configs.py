from __future__ import annotations

from pathlib import Path

import pytest

from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Architecture, Scenario
from forecast.scenario.quantities import Parameter, Quantity
from forecast.world.origin import build_world
from forecast.world.pack_inputs import pack_inputs

SCENARIOS = sorted(shipped_configs().glob("*.toml"))


@pytest.fixture(scope="module")
def all_futures() -> Scenario:
    return load_scenario(shipped_configs() / "all_futures.toml")


FUTURES = [file for file in SCENARIOS if not file.stem.startswith("hindcast_")]
HINDCASTS = {
    "hindcast_league": (1920, 1939, "fit_1919", "league_of_nations"),
    "hindcast_cold_war": (1946, 1989, "fit_1945", "united_nations"),
    "hindcast_1990": (1990, 2000, "fit_1989", "united_nations_1990"),
    "hindcast_2001": (2001, 2014, "fit_2000", "united_nations_2001"),
}


def hindcast(name: str, folder: Path) -> Scenario:
    """Load a hindcast; a fit that is not shipped is replaced by the default values."""
    own = folder / f"{name}.toml"
    own.write_text((shipped_configs() / own.name).read_text())
    fit = HINDCASTS[name][2]
    if not (shipped_configs() / "parameters" / f"{fit}.toml").exists():
        stand_in = folder / "parameters" / f"{fit}.toml"
        stand_in.parent.mkdir()
        stand_in.write_text('base = "default"\n')
    return load_scenario(own)


@pytest.fixture(scope="module")
def architectures(
    all_futures: Scenario, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Architecture]:
    """Return every architecture a shipped scenario runs."""
    packages = load_scenario(shipped_configs() / "packages.toml")
    found = all_futures.architectures | packages.architectures
    for name in HINDCASTS:
        found |= hindcast(name, tmp_path_factory.mktemp(name)).architectures
    return found


@pytest.mark.parametrize("file", FUTURES, ids=lambda file: file.stem)
def test_shipped_future__loads(file: Path) -> None:
    assert load_scenario(file).reference == "status_quo_un"


@pytest.mark.parametrize("name", HINDCASTS)
def test_hindcast__starts_where_its_world_and_its_fit_end(name: str, tmp_path: Path) -> None:
    first, last, fit, reference = HINDCASTS[name]
    scenario = hindcast(name, tmp_path)
    assert (scenario.horizon.first_year, scenario.horizon.last_year) == (first, last)
    assert (scenario.world, fit) == (str(first), f"fit_{first - 1}")
    without = "inherited_pacts_1920" if first == 1920 else "inherited_pacts"
    assert list(scenario.architectures) == [reference, without]
    assert scenario.reference == reference


SEATS = {
    "hindcast_league": {"league": 8},
    "hindcast_cold_war": {"un": 5},
    "hindcast_1990": {"un": 15},
    "hindcast_2001": {"un": 15},
}


@pytest.mark.parametrize("name", HINDCASTS)
def test_hindcast__finds_its_states_and_rolls_in_its_world(name: str, tmp_path: Path) -> None:
    scenario = hindcast(name, tmp_path)
    packed = pack_inputs(scenario, build_world(scenario))
    architectures = packed.inputs.architectures
    for body, seats in SEATS[name].items():
        at = (packed.architectures.index(scenario.reference), packed.institutions.index(body))
        assert architectures.decider[at].sum() == seats
        assert architectures.member[at].sum() >= 35
    promises = architectures.promise_start[:, -1] - architectures.promise_start[:, 0]
    assert (promises > 0).all()


def test_hindcasts__are_all_known_here() -> None:
    assert {file.stem for file in SCENARIOS} == {file.stem for file in FUTURES} | set(HINDCASTS)


def test_shipped_architectures__are_all_run_by_a_shipped_scenario(
    architectures: dict[str, Architecture],
) -> None:
    shipped = {file.stem for file in (shipped_configs() / "architectures").glob("*.toml")}
    assert set(architectures) == shipped


def test_shipped_institutions__every_number_has_a_source(
    architectures: dict[str, Architecture],
) -> None:
    tables = [
        table
        for architecture in architectures.values()
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


def test_reference__forgoes_every_bonus_and_factor(all_futures: Scenario) -> None:
    conduct = all_futures.architectures["status_quo_un"].conduct.model_dump()
    bonuses = ("willing_bonus", "willing_weight", "balance_bonus", "accession_per_year")
    assert [conduct[name]["value"] for name in bonuses] == [0, 0, 0, 0]
    factors = ("pact_death_factor", "exit_factor", "polarisation")
    assert [conduct[name]["value"] for name in factors] == [1, 1, 1]


BACKGROUND = ("accommodation", "conquest_norm")


def test_architectures__leave_the_world_around_them_to_their_packages(
    architectures: dict[str, Architecture],
) -> None:
    reference = architectures["status_quo_un"].conduct.model_dump()
    packages = [name for name in architectures if name.endswith("_package")]
    assert len(packages) == 5
    for package in packages:
        own = architectures[package.removesuffix("_package")]
        assert {n: own.conduct.model_dump()[n] for n in BACKGROUND} == {
            n: reference[n] for n in BACKGROUND
        }
        assert architectures[package] != own


def test_package__weakens_the_un_of_alliances_and_coalitions(
    architectures: dict[str, Architecture],
) -> None:
    for name in ("consolidated_alliances", "fragmented_coalitions"):
        own, package = (architectures[n].institutions["un"] for n in (name, f"{name}_package"))
        assert (own.credibility.value, package.credibility.value) == (0.2, 0.12)


def test_thinner_alliances__are_all_that_the_reference_has(
    architectures: dict[str, Architecture],
) -> None:
    reference = architectures["status_quo_un"].institutions
    ordinary = {k for k, r in reference.items() if r.share.value == 0.35 and r.links != "births"}
    package = architectures["strengthened_un_package"].institutions
    assert {k for k, r in package.items() if r.share.value == 0.28} == ordinary


def test_alliances__grow_in_two_opposed_poles(all_futures: Scenario) -> None:
    records = all_futures.architectures["consolidated_alliances"].institutions
    growing = {key: record.pole for key, record in records.items() if record.accedes}
    assert growing == {"nato": "west", "china_dprk": "east"}
    hardening = [record for record in records.values() if record.hardening_rate.value > 0]
    assert len(hardening) == 8
    assert all(record.intra == "mediate" for record in hardening)


def test_trade_body__stands_in_every_architecture_and_commands_no_forces(
    all_futures: Scenario,
) -> None:
    for architecture in all_futures.architectures.values():
        body = architecture.institutions["trade_disputes"]
        assert (body.domain, body.promises, body.share.value) == ("economic", False, 0)


def test_middle_powers__rule_on_economic_coercion_too(all_futures: Scenario) -> None:
    records = all_futures.architectures["middle_power_coalition"].institutions
    assert records["middle_powers"].domain == "both"
    assert records["middle_powers"].resilience_rate.value == 0.02


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


def test_league__decides_by_unanimity_and_no_further_than_sanctions(
    architectures: dict[str, Architecture],
) -> None:
    league = architectures["league_of_nations"].institutions["league"]
    assert (league.rule, league.quorum.value, league.ladder_max.value) == ("unanimity", 1, 2)
    assert league.exclude_parties
    assert league.covered == league.members


def test_united_nations__acts_in_history_as_in_the_forecast(
    architectures: dict[str, Architecture],
) -> None:
    today = architectures["status_quo_un"].institutions["un"].model_dump(exclude={"deciders"})
    names = ("united_nations", "united_nations_1990", "united_nations_2001")
    for record in (architectures[name].institutions["un"].model_dump() for name in names):
        for field, quantity in today.items():
            number = isinstance(quantity, dict) and "value" in quantity
            assert not number or record[field]["value"] == quantity["value"]
            assert number or record[field] == quantity


@pytest.mark.parametrize(("year", "elected"), [(1946, 0), (1990, 10), (2001, 10)])
def test_united_nations__seats_the_council_of_the_year(
    year: int, elected: int, architectures: dict[str, Architecture]
) -> None:
    name = "united_nations" if year == 1946 else f"united_nations_{year}"
    deciders = architectures[name].institutions["un"].deciders
    assert deciders is not None
    assert deciders.roles == ("permanent_veto",)
    assert len(set(deciders.include_iso3 or ())) == elected


def test_inherited_pacts__hold_no_body(architectures: dict[str, Architecture]) -> None:
    pacts = architectures["inherited_pacts"].institutions
    assert list(pacts) == ["bilateral_defence", "new_pacts"]
    assert [record.links for record in pacts.values()] == ["defence_obligation", "births"]
