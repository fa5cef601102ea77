"""The ablation: mechanisms found from the data, versions without them, shares with their error."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.errors import ForecastError
from forecast.estimators.catalogue import choose_measures
from forecast.scenario.conduct import Conduct
from forecast.scenario.documents import shipped_configs
from forecast.scenario.institution import Institution
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Architecture, Scenario
from forecast.studies.ablation.constants import CONSTANTS, Constant, background, with_constant
from forecast.studies.ablation.mechanisms import (
    BIRTHS,
    COVER,
    MECHANISMS,
    NEW,
    VOID,
    ablated,
    ablated_versions,
    rules_only,
)
from forecast.studies.ablation.page import page, said, summary
from forecast.studies.ablation.shares import Uncertain, carried, kept, mean
from forecast.studies.ablation.study import MEASURES, Ablation, Line, ablate
from tests.small_world import small_scenario, small_world

UNNAMED = {"id", "title", "links", "invest"}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(shipped_configs() / "all_futures.toml")


def values(architecture: Architecture) -> dict[str, dict[str, object]]:
    """Return every number and rule of an architecture, without sources."""
    records = {"conduct": architecture.conduct, **architecture.institutions}
    found: dict[str, dict[str, object]] = {}
    for key, record in records.items():
        fields = {f: getattr(record, f) for f in type(record).model_fields if f != "invest"}
        found[key] = {f: getattr(entry, "value", entry) for f, entry in fields.items()}
    return found


def test_mechanisms__hold_every_field_once() -> None:
    records = [field for mechanism in MECHANISMS.values() for field in mechanism.record]
    conduct = [field for mechanism in MECHANISMS.values() for field in mechanism.conduct]
    assert sorted(records) == sorted(set(Institution.model_fields) - UNNAMED)
    assert sorted(conduct) == sorted(Conduct.model_fields)


def test_ablation__of_the_reference_finds_nothing(scenario: Scenario) -> None:
    reference = scenario.architectures["status_quo_un"]
    assert ablated_versions(reference, reference) == {}
    assert rules_only(reference, reference) is reference


@pytest.mark.parametrize(
    "name",
    [
        "strengthened_un",
        "consolidated_alliances",
        "fragmented_coalitions",
        "middle_power_coalition",
        "anarchy",
    ],
)
def test_ablation__of_every_mechanism_leaves_the_reference(scenario: Scenario, name: str) -> None:
    reference = scenario.architectures["status_quo_un"]
    version = scenario.architectures[name]
    for mechanism in MECHANISMS:
        version = ablated(version, reference, mechanism)
        Architecture.model_validate(version.model_dump())
    assert values(version) == values(reference)


def test_ablation__of_one_mechanism_touches_nothing_else(scenario: Scenario) -> None:
    own = scenario.architectures["strengthened_un"]
    reference = scenario.architectures["status_quo_un"]
    without = ablated(own, reference, "votes")

    before, after, base = values(own)["un"], values(without)["un"], values(reference)["un"]
    assert (before["veto_restraint"], after["veto_restraint"]) == (0.8, 0.0)
    assert after["deciders"] == base["deciders"]
    assert after["override_quorum"] == 0.0
    changed = {field for field in before if before[field] != after[field]}
    assert changed <= set(MECHANISMS["votes"].record)


def test_ablation__takes_a_new_record_away_and_gives_void_ones_back(scenario: Scenario) -> None:
    reference = scenario.architectures["status_quo_un"]
    middle, anarchy = (scenario.architectures[n] for n in ("middle_power_coalition", "anarchy"))
    assert "middle_powers" not in ablated(middle, reference, NEW).institutions
    kept_pacts = ablated(anarchy, reference, VOID)
    assert kept_pacts.institutions["nato"] == reference.institutions["nato"]
    assert "nato" not in kept_pacts.voided


def test_ablation__compares_a_new_record_with_an_ordinary_pact(scenario: Scenario) -> None:
    middle = scenario.architectures["middle_power_coalition"]
    reference = scenario.architectures["status_quo_un"]
    pacts = reference.institutions["bilateral_defence"]

    trusted = ablated(middle, reference, "credibility").institutions["middle_powers"]
    assert trusted.credibility == pacts.credibility
    assert not trusted.fixed_credibility
    narrow = ablated(middle, reference, COVER).institutions["middle_powers"]
    assert narrow.covered == narrow.members


def test_ablation__of_births_takes_the_class_of_newborn_pacts_along(scenario: Scenario) -> None:
    own = scenario.architectures["fragmented_coalitions"]
    reference = scenario.architectures["status_quo_un"]
    without = ablated(own, reference, BIRTHS)
    assert without.conduct.births_per_year == reference.conduct.births_per_year
    newborn = [r for r in without.institutions.values() if r.links == "births"]
    assert newborn == [r for r in reference.institutions.values() if r.links == "births"]


def test_rules_only__keeps_forces_and_votes_and_drops_beliefs(scenario: Scenario) -> None:
    own = scenario.architectures["strengthened_un"]
    reference = scenario.architectures["status_quo_un"]
    un = rules_only(own, reference).institutions["un"]
    assert un.credibility.value == reference.institutions["un"].credibility.value
    assert un.standing.value == own.institutions["un"].standing.value
    assert un.veto_restraint.value == own.institutions["un"].veto_restraint.value


def test_constants__exist_and_change_nothing_else(scenario: Scenario) -> None:
    for constant in CONSTANTS:
        altered = with_constant(scenario, constant)
        group, name = constant.name.split(".")
        assert getattr(getattr(altered.parameters, group), name).value == constant.value
        before, after = (s.parameters.model_dump() for s in (scenario, altered))
        before[group].pop(name)
        after[group].pop(name)
        assert before == after


def test_background__leaves_out_what_already_holds(scenario: Scenario) -> None:
    changes = background(scenario)
    off = with_constant(scenario, Constant("process.nuclear_use", 0.0, ""))
    assert {c.name for c in changes} - {c.name for c in background(off)} == {"process.nuclear_use"}


def test_constants__of_unknown_name_are_refused(scenario: Scenario) -> None:
    with pytest.raises(ForecastError, match=r"onset\.magic"):
        with_constant(scenario, Constant("onset.magic", 0.0, ""))


def test_shares__are_those_of_invented_contrasts() -> None:
    full = np.array([2.0, 4.0, 6.0, 8.0])
    assert mean(full) == Uncertain(5.0, pytest.approx(np.std(full, ddof=1) / 2))
    # A quarter of every difference goes: whatever the differences are, the share has no error.
    assert carried(full, 0.75 * full) == pytest.approx((0.25, 0.0))
    assert kept(full, 0.75 * full) == pytest.approx((0.75, 0.0))
    assert np.isnan(carried(np.zeros(4), full).value)


def test_shares__have_the_spread_of_repeated_samples() -> None:
    rng = np.random.default_rng(3)
    shares, errors = [], []
    for _ in range(400):
        full = rng.normal(2.0, 1.0, 200)
        share = carried(full, 0.4 * full + rng.normal(0.0, 0.5, 200))
        shares.append(share.value)
        errors.append(share.error)
    assert np.mean(shares) == pytest.approx(0.6, abs=0.005)
    assert np.std(shares) == pytest.approx(np.mean(errors), rel=0.15)


def invented(rules: float, constant: float, contrast: float = 1.0) -> Ablation:
    """Return a study of one architecture with the given shares in every outcome."""

    def line(kind: str, label: str, left: float, share: float) -> Line:
        count = len(MEASURES)
        return Line(
            kind,  # type: ignore[arg-type]
            label,
            (Uncertain(left * contrast, 0.02),) * count,
            (Uncertain(share, 0.02),) * count,
        )

    lines = [
        line("contrast", "", 1.0, 0.0),
        line("rules", "only its rules", rules, rules),
        line("mechanism", "votes", 0.2, 0.8),
    ]
    constants = [line("constant", "onset.deterrence = 0", 1 - constant, constant)]
    measures = choose_measures(MEASURES)
    both = {"own": lines + constants}, {"own": lines}
    return Ablation("Title", "2026-2050", "base", measures, 100, 50, 40, 0, 7, *both)


def test_page__says_where_less_than_a_third_is_mechanism() -> None:
    assert all("**less than a third" in s for s in said(invented(0.2, 0.0), "own"))
    assert not any("less than a third" in s for s in said(invented(0.5, 0.0), "own"))
    assert all("goes with `votes` (80 ± 2 %)" in s for s in said(invented(0.5, 0.0), "own"))


def test_page__names_the_constant_a_result_rests_on() -> None:
    resting = [s for s in said(invented(0.9, 0.6), "own") if "psi" not in s]
    assert all("rests on a constant**: `onset.deterrence = 0` (60 ± 2 %)" in s for s in resting)
    assert not any("rests" in s for s in said(invented(0.9, 0.4), "own"))


def test_page__tells_a_process_from_a_constant() -> None:
    study = invented(0.9, 0.6)
    lines = [
        line._replace(label="process.pact_birth = 0") if line.kind == "constant" else line
        for line in study.lines["own"]
    ]
    text = " ".join(said(study._replace(lines={"own": lines}), "own"))
    assert "needs a process: `process.pact_birth = 0` (60 ± 2 %)" in text
    assert "rests" not in text


def test_page__divides_no_contrast_that_is_not_there() -> None:
    study = invented(0.9, 0.9, contrast=0.01)
    assert all("nothing to divide" in s for s in said(study, "own"))
    assert "80 ± 2 %" not in page(study)


def test_page__holds_every_mechanism_and_only_constants_that_move() -> None:
    text = page(invented(0.9, 0.6))
    assert "| votes" in text
    assert "`onset.deterrence = 0`" in text
    assert "| `onset.deterrence = 0`" not in page(invented(0.9, 0.01))


def test_study__runs_each_mechanism_and_constant_on_the_same_luck() -> None:
    told: list[tuple[int, int]] = []
    asked = '["status_quo_un", "consolidated_alliances", "consolidated_alliances@without_DEU"]'
    scenario = small_scenario(f"scenario.architectures={asked}")
    study = ablate(
        scenario,
        small_world(),
        trajectories=24,
        constant_trajectories=6,
        progress=lambda done, total: told.append((done, total)),
    )
    lines = study.lines["consolidated_alliances"]
    labels = {line.label for line in lines if line.kind == "mechanism"}
    own, reference = (
        scenario.architectures[name] for name in ("consolidated_alliances", "status_quo_un")
    )
    assert labels == set(ablated_versions(own, reference))
    assert len([line for line in lines if line.kind == "constant"]) == study.changes
    assert told[-1][0] == told[-1][1]
    assert study.abnormal == 0
    assert "## consolidated_alliances\n" in page(study)
    # A variant is ablated as it acts in the world: Germany's seat is a matter of membership.
    variant = study.lines["consolidated_alliances as without_DEU"]
    extra = {line.label for line in variant if line.kind == "mechanism"} - labels
    assert extra == {COVER}
    assert "## consolidated_alliances as without_DEU" in summary(study)


def test_study__without_another_architecture_is_refused() -> None:
    scenario = small_scenario()
    alone = {"status_quo_un": scenario.architectures["status_quo_un"]}
    with pytest.raises(ForecastError, match="name another one"):
        ablate(
            scenario.model_copy(update={"architectures": alone}),
            trajectories=10,
            constant_trajectories=10,
        )
