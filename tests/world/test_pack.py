"""The crossing from scenario and world to kernel arrays."""

import numpy as np
import pytest

from forecast.errors import ForecastError
from forecast.kernel import parameters as kernel_parameters
from forecast.kernel.arrays import CONDUCT
from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.scenario.selectors import Selector
from forecast.world.pack_inputs import pack_inputs, pack_parameters
from forecast.world.pack_institutions import draw_key
from forecast.world.pack_states import pack_dyads, pack_states, pack_wars, shares
from forecast.world.select import select_states
from forecast.world.snapshot import read_snapshot


@pytest.fixture(scope="module")
def world():
    return read_snapshot("2026")


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(shipped_configs() / "all_futures.toml")


@pytest.fixture(scope="module")
def packed(scenario, world):
    return pack_inputs(scenario, world)


@pytest.fixture(scope="module")
def records(packed):
    return packed.inputs.architectures


def at(packed, architecture, institution):
    """Return where a record stands in the tables."""
    return packed.architectures.index(architecture), packed.institutions.index(institution)


def codes(world, chosen):
    return set(world["iso3"].to_numpy()[chosen])


def test_selector__intersects_conditions_then_includes_and_excludes(world):
    selector = Selector(
        roll="NATO", democracy=True, include_iso3=("JPN",), exclude_iso3=("USA", "FRA")
    )
    chosen = codes(world, select_states(selector, world, "here"))
    assert {"JPN", "DEU", "CAN"} <= chosen
    assert not chosen & {"USA", "FRA", "TUR", "HUN", "RUS"}


def test_selector__of_included_states_alone_selects_no_others(world):
    chosen = select_states(Selector(include_iso3=("FIN",)), world, "here")
    assert codes(world, chosen) == {"FIN"}


@pytest.mark.parametrize(
    ("selector", "word"),
    [
        (Selector(iso3=("USX",)), "USX"),
        (Selector(roll="NATTO"), "NATO"),
        (Selector(all=True, exclude_iso3=("ZZZ",)), "ZZZ"),
    ],
)
def test_selector__names_what_the_world_lacks(world, selector, word):
    with pytest.raises(ForecastError, match=word) as told:
        select_states(selector, world, "architectures.x.un.members")
    assert "architectures.x.un.members" in str(told.value)


def test_states__keep_order_and_sum_to_one(world):
    states = pack_states(world)
    assert (np.diff(states.code) > 0).all()
    assert states.capability.sum() == pytest.approx(1.0)
    assert states.great.sum() == 7
    np.testing.assert_allclose(states.affinity, states.affinity.T)
    assert states.gdp.sum() == pytest.approx(1.0)
    assert states.spending.sum() == pytest.approx(1.0)
    assert set(np.unique(states.state_class)) == {0, 1, 2}
    np.testing.assert_array_equal(states.state_class == 2, states.great == 1)
    assert set(np.unique(states.region)) == set(range(6))
    assert (states.democracy >= 0).all()
    assert (states.democracy <= 1).all()


def test_shares__of_states_without_a_value_follow_their_capability(world):
    known = world["gdp"].to_numpy().copy()
    cut = world.assign(gdp=("state", np.where(np.arange(known.size) == 7, np.nan, known)))
    others = np.arange(known.size) != 7
    capability = world["capability"].to_numpy()
    found = shares(cut, "gdp")
    assert found.sum() == pytest.approx(1.0)
    ratio = capability[7] / capability[others].sum()
    assert found[7] / found[others].sum() == pytest.approx(ratio)
    np.testing.assert_allclose(
        found[others] / found[others].sum(), known[others] / known[others].sum()
    )


def test_shares__without_the_variable_are_those_of_capability(world):
    np.testing.assert_allclose(
        shares(world.drop_vars("gdp"), "gdp"), world["capability"].to_numpy(), rtol=1e-12
    )


def test_dyads__know_their_reverse_and_share_a_pair(world):
    dyads = pack_dyads(world, "coded")
    back = dyads.reverse
    np.testing.assert_array_equal(dyads.initiator[back], dyads.target)
    np.testing.assert_array_equal(dyads.pair[back], dyads.pair)
    assert np.unique(dyads.pair).size * 2 == dyads.pair.size
    assert dyads.memory_long.sum() / 2 == pytest.approx(373.8, abs=0.1)
    assert pack_dyads(world, "expected").memory_long.sum() / 2 == pytest.approx(496.6, abs=0.1)


def test_wars__at_the_origin_have_two_sides(world):
    wars = pack_wars(world)
    assert wars.side[0, wars.initiator[0]] == 1
    assert wars.side[0, wars.target[0]] == 2
    assert 3.5 < wars.elapsed[0] < 4.0


def test_parameters__are_those_of_the_file(scenario):
    packed = pack_parameters(scenario)
    for group in kernel_parameters.Parameters._fields:
        for name, value in getattr(packed, group)._asdict().items():
            assert value == getattr(getattr(scenario.parameters, group), name).value


def test_draw_key__is_short_and_follows_the_name():
    assert 0 <= draw_key("un") < 2**15
    assert draw_key("un") != draw_key("nato")


def test_inputs__of_another_year_are_refused(scenario, world):
    later = scenario.horizon.model_copy(update={"first_year": 2027})
    with pytest.raises(ForecastError, match=r"set horizon\.first_year = 2026"):
        pack_inputs(scenario.model_copy(update={"horizon": later}), world)


def promises(packed, name):
    """Return (promised, promising, institution) of an architecture."""
    records = packed.inputs.architectures
    start = records.promise_start[packed.architectures.index(name)]
    promised = np.repeat(np.arange(start.size - 1), np.diff(start))
    rows = slice(start[0], start[-1])
    return promised, records.promise_state[rows], records.promise_institution[rows]


def test_promises__run_by_promised_state_and_spare_nobody_twice(packed):
    nato = packed.institutions.index("nato")
    promised, promiser, institution = promises(packed, "status_quo_un")
    keys = np.stack([promised, promiser, institution])
    assert np.unique(keys, axis=1).shape == keys.shape
    assert (institution == nato).sum() == 32 * 31
    bonds = set(zip(promiser[institution == nato], promised[institution == nato], strict=True))
    rest = institution == packed.institutions.index("bilateral_defence")
    assert not bonds & set(zip(promiser[rest], promised[rest], strict=True))


def test_promises__come_neither_from_a_trade_body_nor_from_pacts_not_yet_founded(packed):
    for name in packed.architectures:
        _, _, institution = promises(packed, name)
        for absent in ("trade_disputes", "new_pacts", "un"):
            assert packed.institutions.index(absent) not in institution


def test_void__takes_the_bonds_of_a_pact_with_it(packed, world):
    assert packed.inputs.architectures.exists[at(packed, "anarchy", "nato")] == 0
    iso3 = list(world["iso3"].to_numpy())
    promised, promiser, _ = promises(packed, "anarchy")
    assert iso3.index("USA") not in promiser[promised == iso3.index("POL")]


def test_records__carry_domain_links_poles_and_growth(packed, records):
    trade = at(packed, "status_quo_un", "trade_disputes")
    assert (records.armed[trade], records.economic[trade], records.ladder_max[trade]) == (0, 1, 0)
    assert records.covered[trade].all()
    middle = at(packed, "middle_power_coalition", "middle_powers")
    assert (records.armed[middle], records.economic[middle]) == (1, 1)
    for name, links in (("nato", 0), ("bilateral_defence", 1), ("new_pacts", 2)):
        place = at(packed, "fragmented_coalitions", name)
        assert records.links[place] == links
        assert records.member[place].any() == (links == 0)
    blocs = [at(packed, "consolidated_alliances", name) for name in ("nato", "china_dprk")]
    assert [records.pole[place] for place in blocs] == [2, 1]
    assert [records.accedes[place] for place in blocs] == [1, 1]
    assert [records.hardening_rate[place] for place in blocs] == [0.2, 0.2]
    assert [records.obligation_ceiling[place] for place in blocs] == [0.95, 0.95]
    assert records.pole[at(packed, "status_quo_un", "nato")] == 0
    assert records.exit_rate[at(packed, "status_quo_un", "nato")] == 0.003


def test_conduct__stands_in_the_order_of_the_kernel(packed, records, scenario):
    assert records.conduct.shape == (len(packed.architectures), len(CONDUCT))
    for a, name in enumerate(packed.architectures):
        for c, field in enumerate(CONDUCT):
            own = getattr(scenario.architectures[name].conduct, field).value
            assert records.conduct[a, c] == own


def test_start__is_an_architecture_itself_where_nothing_changes_over(records):
    np.testing.assert_array_equal(records.start_conduct, records.conduct)
    for name in ("obligation", "share", "standing", "veto_restraint", "credibility"):
        np.testing.assert_array_equal(getattr(records, f"start_{name}"), getattr(records, name))
    assert not records.transition_years.any()
