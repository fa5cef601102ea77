from __future__ import annotations

from pathlib import Path

import pytest

from forecast.errors import ForecastError
from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Scenario
from forecast.scenario.variants import differing, split_label


def asking(scenario_file: Path, *labels: str, settings: tuple[str, ...] = ()) -> Scenario:
    """Load the scenario with these architectures beside the reference."""
    listed = ", ".join(f'"{label}"' for label in ("status_quo_un", *labels))
    return load_scenario(scenario_file, [f"scenario.architectures=[{listed}]", *settings])


def test_label__keeps_the_variant_that_is_asked_for(scenario_file: Path) -> None:
    labels = ("anarchy@without_USA", "anarchy@budget_matched", "anarchy")
    scenario = asking(scenario_file, *labels)
    assert list(scenario.architectures) == ["status_quo_un", *labels]
    assert [split_label(label)[0] for label in labels] == ["anarchy"] * 3
    assert Scenario.model_validate_json(scenario.model_dump_json(by_alias=True)) == scenario


@pytest.mark.parametrize("variant", ["", "@", "@without_usa", "@without_", "@transitions"])
def test_label__of_an_unknown_variant_is_refused(variant: str, scenario_file: Path) -> None:
    label = f"anarchy{variant}"
    if not variant:
        assert label in asking(scenario_file, label).architectures
        return
    with pytest.raises(ForecastError, match="credibility_matched, transition or without_XXX"):
        asking(scenario_file, label)


def test_reference__is_never_a_variant(scenario_file: Path) -> None:
    with pytest.raises(ForecastError, match="reference"):
        asking(scenario_file, settings=("scenario.reference=status_quo_un@transition",))


def test_credibility_matched__starts_all_but_fixed_institutions_alike(scenario_file: Path) -> None:
    label = "fragmented_coalitions@credibility_matched"
    records = asking(scenario_file, label).architectures[label].institutions
    moving = {r.credibility.value for r in records.values() if not r.fixed_credibility}
    fixed = {k: r.credibility.value for k, r in records.items() if r.fixed_credibility}
    assert moving == {0.4}
    assert fixed == {"bilateral_defence": 0.5, "new_pacts": 0.4}


def test_credibility_matched__changes_nothing_else(scenario_file: Path) -> None:
    scenario = asking(scenario_file, "anarchy", "anarchy@credibility_matched")
    own, matched = (scenario.architectures[f"anarchy{v}"] for v in ("", "@credibility_matched"))
    assert matched.conduct == own.conduct
    for key, record in own.institutions.items():
        same = matched.institutions[key].model_copy(update={"credibility": record.credibility})
        assert same == record


def test_transition__takes_five_years_unless_told(scenario_file: Path) -> None:
    label = "strengthened_un@transition"
    assert asking(scenario_file, label).architectures[label].transition_years.value == 5
    setting = f"architectures.{label}.transition_years=8"
    scenario = asking(scenario_file, label, settings=(setting,))
    assert scenario.architectures[label].transition_years.value == 8
    assert scenario.architectures["status_quo_un"].transition_years.value == 0


def test_override__reaches_the_variant_it_names_alone(scenario_file: Path) -> None:
    label = "strengthened_un@transition"
    setting = f"architectures.{label}.un.share=0.02"
    found = asking(scenario_file, "strengthened_un", label, settings=(setting,)).architectures
    assert found[label].institutions["un"].share.value == 0.02
    assert found["strengthened_un"].institutions["un"].share.value == 0.04


def test_differing__names_what_sets_an_architecture_apart_whatever_its_words(
    scenario_file: Path,
) -> None:
    reworded = "architectures.strengthened_un.nato.share={ value = 0.35, source = 'hearsay' }"
    found = asking(scenario_file, "strengthened_un", "anarchy", settings=(reworded,)).architectures
    reference = found["status_quo_un"]
    assert differing(found["strengthened_un"], reference) == ["un"]
    assert differing(found["anarchy"], reference) == ["un"]
    assert differing(reference, reference) == []


def test_shipped_comparability__asks_for_every_variant_that_needs_no_state() -> None:
    asked = load_scenario(shipped_configs() / "comparability.toml").architectures
    assert {split_label(label)[1] for label in asked} == {
        "",
        "budget_matched",
        "credibility_matched",
        "transition",
    }
