"""Comparability variants that need the world, and the start of a transition."""

import numpy as np
import pytest

from forecast.errors import ForecastError
from forecast.kernel.arrays import CONDUCT
from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.world.pack_inputs import pack_inputs
from forecast.world.snapshot import read_snapshot
from forecast.world.variants import budget, placed


@pytest.fixture(scope="module")
def world():
    return read_snapshot("2026")


def asking(*labels, settings=()):
    listed = ", ".join(f'"{label}"' for label in ("status_quo_un", *labels))
    shipped = shipped_configs() / "all_futures.toml"
    return load_scenario(shipped, [f"scenario.architectures=[{listed}]", *settings])


def own(world, label, settings=()):
    return placed(asking(label, settings=settings), world)[label].own


def table(packed, field, label, institution):
    """Return one number of a record as the kernel sees it."""
    place = packed.architectures.index(label), packed.institutions.index(institution)
    return getattr(packed.inputs.architectures, field)[place]


@pytest.mark.parametrize("name", ["strengthened_un", "fragmented_coalitions", "anarchy"])
def test_budget_matched__makes_available_what_the_reference_does(name, world):
    label = f"{name}@budget_matched"
    found = placed(asking(name, label), world)
    reference, as_is, matched = (
        budget(found[key].own, world, key) for key in ("status_quo_un", name, label)
    )
    assert abs(as_is - reference) > 1e-4
    assert matched == pytest.approx(reference, abs=1e-8)


def test_budget__of_the_un_alone_is_its_share_its_standing_force_and_what_it_costs(world):
    un = own(world, "strengthened_un").institutions["un"]
    alone = own(world, "strengthened_un").model_copy(update={"institutions": {"un": un}})
    members = world["membership"].to_numpy()[list(world["institution"].to_numpy()).index("UN")] > 0
    gdp = world["gdp"].to_numpy()
    expected = 0.04 * world["capability"].to_numpy()[members].sum()
    expected += 0.01 + 0.0005 * gdp[members].sum() / gdp.sum()
    assert budget(alone, world, "x") == pytest.approx(expected)


def test_budget_matched__scales_share_standing_and_investment_alike(world):
    before = own(world, "strengthened_un").institutions
    after = own(world, "strengthened_un@budget_matched").institutions
    factors = {
        getattr(after["un"], field).value / getattr(before["un"], field).value
        for field in ("share", "standing", "invest")
    }
    assert max(factors) == pytest.approx(min(factors))
    assert max(factors) < 1
    assert {k: r for k, r in after.items() if k != "un"} == {
        k: r for k, r in before.items() if k != "un"
    }


def test_budget_matched__lets_no_share_harden_beyond_it(world):
    records = own(world, "consolidated_alliances@budget_matched").institutions
    assert records["nato"].share_ceiling.value == records["nato"].share.value
    assert records["nato"].obligation_ceiling.value == 0.95


@pytest.mark.parametrize("name", ["middle_power_coalition", "status_quo_un"])
def test_budget_matched__where_nothing_can_be_scaled(name, world):
    label = f"{name}@budget_matched"
    scenario = asking(label)
    if name == "status_quo_un":
        assert placed(scenario, world)[label].own.institutions == (
            scenario.architectures[label].institutions
        )
        return
    with pytest.raises(ForecastError, match="cannot be brought to the reference's") as told:
        placed(scenario, world)
    assert label in str(told.value)


def test_without__takes_a_state_out_of_what_sets_the_architecture_apart(world):
    label = "middle_power_coalition@without_JPN"
    packed = pack_inputs(asking(label), world)
    japan = list(world["iso3"].to_numpy()).index("JPN")
    for field in ("member", "decider", "covered"):
        assert table(packed, field, label, "middle_powers")[japan] == 0
        assert table(packed, field, label, "middle_powers").sum() >= 24
    assert table(packed, "member", label, "us_japan")[japan] == 1
    assert table(packed, "member", label, "un")[japan] == 1


def promised_to(packed, label, state):
    """Return the states that promise help to one."""
    start = packed.inputs.architectures.promise_start[packed.architectures.index(label)]
    return set(packed.inputs.architectures.promise_state[start[state] : start[state + 1]])


def test_without__does_not_let_the_lost_promises_come_back_in_a_class_of_pacts(world):
    label = "consolidated_alliances@without_PRK"
    packed = pack_inputs(asking("consolidated_alliances", label), world)
    iso3 = list(world["iso3"].to_numpy())
    prk, chn, rus = (iso3.index(code) for code in ("PRK", "CHN", "RUS"))
    assert {chn, rus} <= promised_to(packed, "consolidated_alliances", prk)
    assert not {chn, rus} & promised_to(packed, label, prk)


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("middle_power_coalition@without_USA", "USA has no seat in an institution by which"),
        ("middle_power_coalition@without_ZZZ", "the world has no state 'ZZZ'"),
    ],
)
def test_without__a_state_that_has_no_seat_is_refused(label, told, world):
    with pytest.raises(ForecastError, match=told) as fault:
        placed(asking(label), world)
    assert label in str(fault.value)


def test_transition__starts_as_the_reference_and_ends_as_the_architecture(world):
    label = "strengthened_un@transition"
    packed = pack_inputs(asking("strengthened_un", label), world)
    for field in ("obligation", "share", "standing", "veto_restraint", "credibility"):
        start = table(packed, f"start_{field}", label, "un")
        assert start == table(packed, field, "status_quo_un", "un")
        assert table(packed, field, label, "un") == table(packed, field, "strengthened_un", "un")
    records = packed.inputs.architectures
    assert list(records.transition_years) == [0, 0, 5]
    np.testing.assert_array_equal(records.start_conduct[2], records.conduct[0])
    np.testing.assert_array_equal(records.conduct[2], records.conduct[1])
    assert records.conduct[2, CONDUCT.index("exit_factor")] == 0.5


def test_transition__keeps_a_void_pact_until_it_has_faded(world):
    label = "anarchy@transition"
    packed = pack_inputs(asking("anarchy", label), world)
    assert table(packed, "exists", "anarchy", "nato") == 0
    assert table(packed, "exists", label, "nato") == 1
    assert table(packed, "member", label, "nato").sum() == 32
    for field in ("obligation", "share"):
        assert table(packed, field, label, "nato") == 0
        assert table(packed, f"start_{field}", label, "nato") > 0
    states = range(world.sizes["state"])
    before = [promised_to(packed, "status_quo_un", j) for j in states]
    assert [promised_to(packed, label, j) for j in states] == before


def test_transition__lets_a_new_body_begin_without_forces(world):
    label = "middle_power_coalition@transition"
    packed = pack_inputs(asking(label), world)
    assert table(packed, "start_obligation", label, "middle_powers") == 0
    assert table(packed, "start_share", label, "middle_powers") == 0
    assert table(packed, "start_standing", label, "middle_powers") == 0
    assert table(packed, "start_credibility", label, "middle_powers") == 0.4
    assert table(packed, "share", label, "middle_powers") == 0.15
