from __future__ import annotations

from pathlib import Path

import pytest

from forecast.errors import ForecastError
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Architecture, Scenario

HEADING = '[architecture]\ntitle = "Mine"\ndescription = "A test."\nbase = "status_quo_un"\n'


def with_architecture(scenario_file: Path, text: str, name: str = "mine") -> Scenario:
    """Load the scenario with one more architecture of its own."""
    own = scenario_file.parent / "architectures" / f"{name}.toml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(text)
    scenario = scenario_file.read_text()
    scenario_file.write_text(scenario.replace('"strengthened_un"', f'"{name}"'))
    return load_scenario(scenario_file)


def mine(scenario_file: Path, text: str) -> Architecture:
    return with_architecture(scenario_file, HEADING + text).architectures["mine"]


def test_inheritance__overrides_a_record_field_by_field(scenario_file: Path) -> None:
    text = '[[institution]]\nid = "un"\nshare = { value = 0.5, source = "test" }\n'
    scenario = with_architecture(scenario_file, HEADING + text)
    base, derived = (scenario.architectures[n] for n in ("status_quo_un", "mine"))
    assert derived.institutions["un"].share.value == 0.5
    assert derived.institutions["un"].share.source == "test"
    assert derived.institutions["un"].obligation == base.institutions["un"].obligation
    assert list(derived.institutions) == list(base.institutions)
    assert derived.institutions["nato"] == base.institutions["nato"]


def test_inheritance__runs_through_several_files(scenario_file: Path) -> None:
    folder = scenario_file.parent / "architectures"
    folder.mkdir()
    (folder / "middle.toml").write_text(
        HEADING + '[[institution]]\nid = "un"\nshare = 0.5\nlatency_days = 9\n'
    )
    text = HEADING.replace("status_quo_un", "middle") + '[[institution]]\nid = "un"\nshare = 0.7\n'
    un = with_architecture(scenario_file, text).architectures["mine"].institutions["un"]
    assert (un.share.value, un.latency_days.value, un.obligation.value) == (0.7, 9, 0.2)


PACT = """
[[institution]]
id = "new_pact"
title = "New pact"
members = { iso3 = ["FRA", "DEU"] }
covered = { iso3 = ["FRA", "DEU"] }
share = 0.25
"""


def test_inheritance__adds_records_of_new_ids_on_the_inherited_defaults(
    scenario_file: Path,
) -> None:
    record = mine(scenario_file, PACT).institutions["new_pact"]
    assert record.share.value == 0.25
    assert record.share.source == "user"
    assert record.obligation.value == 0.8
    assert record.members.iso3 == ("FRA", "DEU")


def test_inheritance__defaults_of_a_file_reach_its_new_records_alone(scenario_file: Path) -> None:
    text = "[institution_defaults]\nobligation = 0.6\n" + PACT
    institutions = mine(scenario_file, text).institutions
    assert institutions["new_pact"].obligation.value == 0.6
    assert institutions["new_pact"].latency_days.value == 30
    assert institutions["csto"].obligation.value == 0.8


def test_inheritance__void_removes_a_record_and_remembers_it(scenario_file: Path) -> None:
    architecture = mine(scenario_file, '[[institution]]\nid = "nato"\nvoid = true\n')
    assert "nato" not in architecture.institutions
    assert list(architecture.voided) == ["nato"]


def test_inheritance__false_takes_an_inherited_selector_away(scenario_file: Path) -> None:
    text = '[[institution]]\nid = "un"\nrule = "majority"\nveto_holders = false\n'
    assert mine(scenario_file, text).institutions["un"].veto_holders is None


BAD_FILES = {
    "void of nothing": (
        '[[institution]]\nid = "natto"\nvoid = true\n',
        "mine.toml:5: institution.natto: nothing of this id is inherited; did you mean 'nato'?",
    ),
    "void with more": (
        '[[institution]]\nid = "nato"\nvoid = true\nshare = 0.1\n',
        "mine.toml:5: institution.nato: void = true removes the record",
    ),
    "record without id": (
        "[[institution]]\nshare = 0.1\n",
        "mine.toml:5: institution.0: every institution needs an id",
    ),
    "record twice": (
        '[[institution]]\nid = "un"\n[[institution]]\nid = "un"\n',
        "mine.toml:7: institution.un: stands twice in this file",
    ),
    "record not in an array": (
        '[institution]\nid = "un"\n',
        "mine.toml:5: institution: is written [[institution]]",
    ),
    "unknown field": (
        '[[institution]]\nid = "un"\nveto_restrain = 0.5\n',
        "mine.toml:7: architectures.mine.un.veto_restrain: unknown key; "
        "did you mean 'veto_restraint'?",
    ),
    "unknown table": (
        "[conducts]\nwilling_bonus = 1\n",
        "mine.toml:5: conducts: unknown key; did you mean 'conduct'?",
    ),
    "unknown default": (
        "[institution_defaults]\nobligations = 1\n",
        "mine.toml:6: institution_defaults.obligations: unknown key; did you mean 'obligation'?",
    ),
    "probability above one": (
        '[[institution]]\nid = "un"\nobligation = 1.2\n',
        "mine.toml:7: architectures.mine.un.obligation.value: must be less than or equal to 1",
    ),
    "certain credibility": (
        '[[institution]]\nid = "un"\ncredibility = 1\n',
        "mine.toml:7: architectures.mine.un.credibility.value: must be less than 1, not 1",
    ),
    "half a level": (
        '[[institution]]\nid = "un"\nladder_max = 2.5\n',
        "mine.toml:7: architectures.mine.un.ladder_max.value: must be a multiple of 1",
    ),
    "text for a quantity": (
        '[[institution]]\nid = "un"\nshare = "much"\n',
        "mine.toml:7: architectures.mine.un.share: must be a number or { value = ..., source",
    ),
    "infinite quantity": (
        '[[institution]]\nid = "un"\nlatency_days = inf\n',
        "mine.toml:7: architectures.mine.un.latency_days.value: must be a finite number, not inf",
    ),
    "number without source": (
        '[[institution]]\nid = "un"\nshare = { value = 0.1 }\n',
        "mine.toml:7: architectures.mine.un.share.source: is missing",
    ),
    "veto rule without holders": (
        '[[institution]]\nid = "nato"\nrule = "veto"\ndeciders = { all = true }\n',
        'architectures.mine.nato: rule = "veto" needs veto_holders',
    ),
    "vote without deciders": (
        '[[institution]]\nid = "nato"\nrule = "majority"\n',
        'architectures.mine.nato: rule = "majority" needs deciders',
    ),
    "unanimity of some": (
        '[[institution]]\nid = "un"\nrule = "unanimity"\nveto_holders = false\n',
        'architectures.mine.un: quorum is 1 with rule = "unanimity", not 0.6',
    ),
    "veto holders without a veto": (
        '[[institution]]\nid = "un"\nrule = "majority"\n',
        'architectures.mine.un: veto_holders go with rule = "veto" only; false removes them',
    ),
    "ladder of an automatic pact": (
        '[[institution]]\nid = "nato"\nladder_max = 2\n',
        "architectures.mine.nato: ladder_max is 0",
    ),
    "two classes of remaining pacts": (
        '[[institution]]\nid = "nato"\nlinks = "defence_obligation"\n',
        'architectures.mine: only one institution may carry links = "defence_obligation", '
        "not bilateral_defence, nato",
    ),
    "two classes of born pacts": (
        '[[institution]]\nid = "nato"\nlinks = "births"\nfixed_credibility = true\n',
        'only one institution may carry links = "births", not new_pacts, nato',
    ),
    "born pacts of moving credibility": (
        '[[institution]]\nid = "new_pacts"\nfixed_credibility = false\n',
        'architectures.mine.new_pacts: links = "births" needs fixed_credibility = true',
    ),
    "trade body that votes": (
        '[[institution]]\nid = "un"\ndomain = "economic"\n',
        'architectures.mine.un: domain = "economic" goes with rule = "automatic"',
    ),
    "class of pacts that grows": (
        '[[institution]]\nid = "new_pacts"\naccedes = true\n',
        "architectures.mine.new_pacts: a class of pacts has no members that another could join",
    ),
    "class of trade pacts": (
        '[[institution]]\nid = "new_pacts"\ndomain = "economic"\n',
        'architectures.mine.new_pacts: links are promises of armed help: domain is "armed"',
    ),
    "unknown domain": (
        '[[institution]]\nid = "un"\ndomain = "cyber"\n',
        "architectures.mine.un.domain: must be 'armed', 'economic' or 'both', not 'cyber'",
    ),
    "pacts of one": (
        "[conduct]\nbirth_size_most = 1\n",
        "architectures.mine.conduct.birth_size_most.value: must be greater than or equal to 2",
    ),
    "selector without condition": (
        '[[institution]]\nid = "nato"\nmembers = {}\n',
        "mine.toml:7: architectures.mine.nato.members: states no condition",
    ),
    "selector with an unknown class": (
        '[[institution]]\nid = "nato"\nmembers = { class = ["L"] }\n',
        "mine.toml:7: architectures.mine.nato.members.class.0: must be 'G', 'M' or 'S', not 'L'",
    ),
    "selector with a country name": (
        '[[institution]]\nid = "nato"\nmembers = { iso3 = ["France"] }\n',
        "mine.toml:7: architectures.mine.nato.members.iso3.0: String should match pattern",
    ),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_architecture_file__tells_what_is_wrong_and_where(case: str, scenario_file: Path) -> None:
    text, expected = BAD_FILES[case]
    with pytest.raises(ForecastError) as fault:
        with_architecture(scenario_file, HEADING + text)
    assert expected in str(fault.value)
    assert len(str(fault.value).splitlines()) == 1


def test_inheritance__from_itself_is_refused(scenario_file: Path) -> None:
    text = HEADING.replace("status_quo_un", "mine")
    with pytest.raises(ForecastError, match=r"mine\.toml:4: .*from itself: mine -> mine"):
        with_architecture(scenario_file, text)


def test_inheritance__from_an_unknown_base_is_refused(scenario_file: Path) -> None:
    text = HEADING.replace("status_quo_un", "status_quo")
    with pytest.raises(
        ForecastError, match=r"mine\.toml:4: architecture\.base: no file status_quo"
    ):
        with_architecture(scenario_file, text)


def test_architecture_file__without_heading_is_refused_once(scenario_file: Path) -> None:
    with pytest.raises(ForecastError) as fault:
        with_architecture(scenario_file, "[conduct]\nwilling_bonus = 1\n")
    told = str(fault.value).splitlines()
    assert [line.split(": ", 1)[1] for line in told] == [
        "architecture.title: is missing",
        "architecture.description: is missing",
    ]
