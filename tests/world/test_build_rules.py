"""The rules of the builder on tables small enough to check by hand."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forecast.errors import ForecastError
from forecast.world.capability import map_onto_cinc
from forecast.world.distance import great_circle_km
from forecast.world.measure import fill_by_group, fill_by_likeness
from forecast.world.obligations import apply_pacts, defence_obligation
from forecast.world.pairs import contiguity, rivalry, trade_shares
from forecast.world.readers.table import Table
from forecast.world.universe import politically_relevant, universe
from forecast.world.wars import war_variables

STATES = {1, 2, 3, 4, 5}


def table(**columns: list[Any]) -> Table:
    length = len(next(iter(columns.values())))
    arrays = {
        name: np.array(values, dtype=object if isinstance(values[0], str) else None)
        for name, values in columns.items()
    }
    return Table(Path("tiny.csv"), arrays, np.arange(2, length + 2))


def pact(event: str, cow_codes: str, group: str = "", directed: int = 0) -> Table:
    return table(
        pact_id=["P"],
        event=[event],
        cow_codes=[cow_codes],
        group=[group],
        directed=[directed],
        obligation=["defence"],
        status_2026_01_01=["in_force"],
    )


def alliance(**members: list[int]) -> Table:
    rows = [(name, code) for name, codes in members.items() for code in codes]
    return table(
        institution_id=[name for name, _ in rows],
        kind=["defence_alliance"] * len(rows),
        cow_code=[code for _, code in rows],
    )


def both(*pairs: tuple[int, int]) -> set[tuple[int, int]]:
    return set(pairs) | {(b, a) for a, b in pairs}


def apply(base: set[tuple[int, int]], pacts: Table, institutions: Table, ever=frozenset()):
    return apply_pacts(base, pacts, institutions, ever, STATES)


def test_pacts__signed_bind_all_parties_both_ways() -> None:
    assert apply(set(), pact("signed", "1;2;3"), alliance(X=[4])) == both((1, 2), (1, 3), (2, 3))


def test_pacts__directed_bind_the_first_state_only() -> None:
    assert apply(set(), pact("renewed", "1;2", directed=1), alliance(X=[4])) == {(1, 2)}


def test_pacts__joining_binds_the_newcomer_and_every_member() -> None:
    joined = apply(set(), pact("joined", "4", group="X"), alliance(X=[1, 2, 4]))

    assert joined == both((4, 1), (4, 2))


def test_pacts__leaving_releases_both_sides() -> None:
    base = both((1, 2), (1, 3), (2, 3))

    assert apply(base, pact("ended", "1", group="X"), alliance(X=[2, 3])) == both((2, 3))


def test_pacts__leaving_keeps_pairs_of_another_institution() -> None:
    base = both((1, 2), (1, 3))

    left = apply(base, pact("ended", "1", group="X"), alliance(X=[2, 3], Y=[1, 3]))

    assert left == both((1, 3))


def test_pacts__leaving_keeps_pairs_bound_to_a_common_outsider() -> None:
    base = both((1, 2), (1, 3), (1, 5), (2, 5))

    left = apply(base, pact("ended", "1", group="X"), alliance(X=[2, 3]))

    assert left == both((1, 2), (1, 5), (2, 5))


def test_pacts__rejoining_restores_only_what_was_once_owed() -> None:
    ever = frozenset(both((1, 2)))

    assert apply(set(), pact("rejoined", "1", group="X"), alliance(X=[1, 2, 3]), ever) == both(
        (1, 2)
    )


def test_pacts__frozen_and_reversed_change_nothing() -> None:
    base = both((1, 2))
    for event in ("frozen", "reversed"):
        assert apply(base, pact(event, "1", group="X"), alliance(X=[1, 2, 3])) == base


def test_pacts__refuse_unknown_states_and_groups() -> None:
    with pytest.raises(ForecastError, match=r"cow_codes, row 2: unknown country code 77"):
        apply(set(), pact("signed", "1;77"), alliance(X=[1]))
    with pytest.raises(ForecastError, match="column group, row 2: Z has no defence institution"):
        apply(set(), pact("joined", "1", group="Z"), alliance(X=[1]))


@pytest.mark.parametrize(
    ("obligation", "status", "counts"),
    [
        ("defence", "in_force", True),
        ("defence", "in_force_contested", True),
        ("defence", "signed_entry_into_force_not_verified", True),
        ("defence", "absorbed_by_NATO_2023", False),
        ("defence", "not_in_force", False),
        ("consult", "in_force", False),
    ],
)
def test_obligation__counts_defence_pacts_in_force(
    obligation: str, status: str, counts: bool
) -> None:
    signed = pact("signed", "1;2")
    columns = {
        **signed.columns,
        "obligation": np.array([obligation], dtype=object),
        "status_2026_01_01": np.array([status], dtype=object),
    }
    atop = table(ccode1=[3, 4], ccode2=[4, 5], year=[2018, 2017], atop_defense=[1, 1])

    owed = defence_obligation(
        atop, Table(signed.path, columns, signed.rows), alliance(X=[1]), sorted(STATES), 2026
    )

    assert bool(owed.values[0, 1]) is counts
    assert owed.values[2, 3] == 1
    assert owed.values[3, 2] == 0  # who owes is the row
    assert owed.values[3, 4] == 0  # lapsed before ATOP's last year
    assert ("P" in owed.attrs["pacts_signed_not_verified"]) is (counts and "verified" in status)


def test_capability__keeps_the_ranking_and_permutes_cinc() -> None:
    share, cinc = np.array([0.2, 0.5, 0.2, 0.1]), np.array([0.4, 0.3, 0.2, 0.1])

    capability = map_onto_cinc(share, cinc, np.array([2, 20, 40, 41]))

    # The tie between the first and the third state goes to the lower code.
    np.testing.assert_array_equal(capability, [0.3, 0.4, 0.2, 0.1])


def test_trade_shares__are_symmetric_in_value_and_sum_to_one() -> None:
    trade = table(
        ccode1=[1, 1, 1, 1],
        ccode2=[2, 3, 9, 2],
        year=[2014, 2014, 2014, 2013],  # 9 is no state alive, 2013 not the newest year
        smoothflow1=[1.0, 3.0, 5.0, 99.0],
        smoothflow2=[2.0, float("nan"), 5.0, 99.0],
    )

    found = trade_shares(trade, sorted(STATES), 2026)

    share = found["trade_share"].values
    np.testing.assert_allclose(share[0], [0, 0.5, 0.5, 0, 0])
    np.testing.assert_allclose(share.sum(axis=1), [1, 1, 1, 0, 0])
    np.testing.assert_array_equal(found["trade_share_imputed"].values, [0, 0, 0, 1, 1])


def test_contiguity__takes_running_spells_and_ignores_type_zero() -> None:
    spells = table(
        ccode1=[1, 1, 2, 2, 4],
        ccode2=[2, 3, 3, 4, 5],
        conttype=[1, 5, 0, 2, 3],
        stdate=["1900-01-01"] * 4 + ["2001-01-01"],
        enddate=["2016-12-01", "1990-01-01", "2016-12-01", "", ""],
    )

    types = contiguity(spells, sorted(STATES), 2001).values

    assert types[0, 1] == types[1, 0] == 1
    assert types[1, 3] == types[3, 1] == 2
    assert types.sum() == 6


def test_rivalry__carries_forward_what_still_runs_at_the_end_of_the_list() -> None:
    spells = table(ccode1=[1, 1], ccode2=[2, 3], styear=[1950, 1950], endyear=[2020, 2011])

    ongoing = rivalry(spells, sorted(STATES), 2026).values

    assert ongoing[0, 1] == ongoing[1, 0] == 1
    assert ongoing.sum() == 2
    assert rivalry(spells, sorted(STATES), 2011).values.sum() == 4
    assert rivalry(spells, sorted(STATES), 1950).values.sum() == 0


def test_fill_by_group__takes_the_median_of_the_group_then_of_all() -> None:
    values = np.array([1.0, 3.0, np.nan, 9.0, np.nan])

    filled, missing = fill_by_group(values, np.array([0, 0, 0, 1, 2]))

    np.testing.assert_array_equal(filled, [1, 3, 2, 9, 3])
    np.testing.assert_array_equal(missing, [False, False, True, False, True])


def test_fill_by_likeness__falls_back_to_the_last_trait_then_to_all() -> None:
    values, weights = np.array([1.0, 3.0, np.nan, np.nan, np.nan]), np.array([1.0, 3, 1, 1, 1])
    region, regime = np.array([0, 0, 0, 1, 1]), np.array([0, 1, 1, 0, 2])

    filled, _ = fill_by_likeness(values, weights, region, regime)

    np.testing.assert_allclose(filled, [1, 3, 3, 1, 2.5])


def test_great_circle__matches_a_quarter_of_the_meridian_and_is_symmetric() -> None:
    pole, equator = np.array([90.0]), np.array([0.0])
    far = np.array([73.0])

    there = great_circle_km(pole, far, equator, equator)

    np.testing.assert_allclose(there, np.pi / 2 * 6371.0088)
    np.testing.assert_allclose(great_circle_km(equator, equator, pole, far), there)


def test_universe__holds_neighbours_great_powers_memories_and_rivals() -> None:
    none = np.zeros((5, 5), dtype=np.int8)
    neighbours, remembered, rivals = none.copy(), none.copy(), none.copy()
    neighbours[1, 2] = neighbours[2, 1] = 5
    remembered[1, 3] = remembered[3, 1] = 1
    rivals[2, 3] = rivals[3, 2] = 1
    classes = np.array([2, 0, 1, 0, 0], dtype=np.int8)

    initiators, targets = universe(neighbours, classes, remembered > 0, rivals)

    pairs = list(zip(initiators.tolist(), targets.tolist(), strict=True))
    great = both((0, 1), (0, 2), (0, 3), (0, 4))
    assert set(pairs) == great | both((1, 2), (1, 3), (2, 3))
    assert pairs == sorted(pairs)
    assert politically_relevant(neighbours, classes).sum() == 10


def war(**changes: str) -> Table:
    record = {
        "war_id": "W",
        "name": "the war",
        "start": "2020-01-01",
        "aim": "territory;policy",
        "side_a": "AAA",
        "side_b": "BBB",
        "initiator": "BBB",
        "battle_deaths_low": 10.0,
        "battle_deaths_high": 20.0,
        "side_a_cow": 1,
        "side_b_cow": 2,
        "side_a_joiners_cow": "4;5",
        "side_b_joiners_cow": "",
        **changes,
    }
    return table(**{name: [value] for name, value in record.items()})


def test_wars__order_sides_by_initiator_and_count_joiners() -> None:
    _, found = war_variables(war(), sorted(STATES), 2026, "cow_wars", {})

    assert found["war_initiator"].values.tolist() == [2]
    assert found["war_target"].values.tolist() == [1]
    assert found["war_side"].values.tolist() == [[2, 1, 0, 2, 2]]
    assert found["war_territorial_aim"].values.tolist() == [1]
    assert found["war_regime_aim"].values.tolist() == [0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"initiator": "CCC"}, "column initiator, row 2: CCC is neither side_a"),
        ({"start": "spring"}, "column start, row 2: 'spring' is no date"),
        ({"side_a_joiners_cow": "77"}, "row 2: unknown country code 77"),
    ],
)
def test_wars__name_the_faulty_cell(changes: dict[str, str], message: str) -> None:
    with pytest.raises(ForecastError, match=message):
        war_variables(war(**changes), sorted(STATES), 2026, "cow_wars", {})
