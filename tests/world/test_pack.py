"""The crossing from scenario and world to kernel arrays."""

import numpy as np
import pytest

from forecast.errors import ForecastError
from forecast.kernel import parameters as kernel_parameters
from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.scenario.selectors import Selector
from forecast.world.pack import pack_dyads, pack_parameters, pack_states, pack_wars
from forecast.world.pack_institutions import draw_key, institution_ids, pack_architectures
from forecast.world.select import select_states
from forecast.world.snapshot import read_snapshot


@pytest.fixture(scope="module")
def world():
    return read_snapshot("2026")


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(shipped_configs() / "all_futures.toml")


@pytest.fixture(scope="module")
def records(scenario, world):
    return pack_architectures(scenario.architectures, world)


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


def test_promises__run_by_promised_state_and_spare_nobody_twice(scenario, world, records):
    ids = institution_ids(scenario.architectures)
    nato = ids.index("nato")
    status_quo = list(scenario.architectures).index("status_quo_un")
    start = records.promise_start[status_quo]
    promised = np.repeat(np.arange(start.size - 1), np.diff(start))
    rows = slice(start[0], start[-1])
    promiser, institution = records.promise_state[rows], records.promise_institution[rows]
    keys = np.stack([promised, promiser, institution])
    assert np.unique(keys, axis=1).shape == keys.shape
    assert (institution == nato).sum() == 32 * 31
    bonds = set(zip(promiser[institution == nato], promised[institution == nato], strict=True))
    rest = institution == ids.index("bilateral_defence")
    assert not bonds & set(zip(promiser[rest], promised[rest], strict=True))


def test_void__takes_the_bonds_of_a_pact_with_it(scenario, world, records):
    ids = institution_ids(scenario.architectures)
    names = list(scenario.architectures)
    nato = ids.index("nato")
    anarchy = names.index("anarchy")
    assert records.exists[anarchy, nato] == 0
    start = records.promise_start[anarchy]
    iso3 = list(world["iso3"].to_numpy())
    poland = iso3.index("POL")
    promisers = records.promise_state[start[poland] : start[poland + 1]]
    assert iso3.index("USA") not in promisers
