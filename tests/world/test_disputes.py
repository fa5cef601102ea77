import csv
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.errors import ForecastError
from forecast.world.disputes import (
    Onsets,
    dyadic_onsets,
    last_initiator,
    memory,
    start_time,
    with_successors,
)
from forecast.world.readers import read_dispute_participants, read_disputes
from forecast.world.readers.table import Table
from tests.pack.damage import PACK, copied, set_cells

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("FORECAST_DATA", REPOSITORY / "../shared/data")).resolve()
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="source data not found; set FORECAST_DATA to their folder"
)


def table(**columns: list[float]) -> Table:
    arrays = {name: np.array(values) for name, values in columns.items()}
    count = len(next(iter(columns.values())))
    return Table(Path("t.csv"), arrays, np.arange(2, count + 2))


def record(rows: list[tuple[int, int, int, int, int, int, int]]) -> tuple[Table, Table]:
    """Return disputes and participants from (dispute, state, year, month, day, side, orig)."""
    names = ("dispnum", "ccode", "styear", "stmon", "stday", "sidea", "orig")
    participants = table(**dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
    numbers = sorted({row[0] for row in rows})
    n = len(numbers)
    blank = [float("nan")] * n
    return table(dispnum=numbers, hostlev=[4.0] * n, recip=blank, fatality=[-9.0] * n), participants


def onsets(*rows: tuple[float, int, int]) -> Onsets:
    """Return onsets from (time, initiator, target), in order of time."""
    time, initiator, target = (np.array(c) for c in zip(*sorted(rows), strict=True))
    codes = np.zeros(len(rows), np.int64)
    return Onsets(codes, time.astype(float), initiator, target, codes, codes, codes)


def full_record(folder: Path) -> Onsets:
    return dyadic_onsets(read_disputes(folder), read_dispute_participants(folder))


def test_onsets__pair_originators_on_opposite_sides_at_the_later_first_participation() -> None:
    found = dyadic_onsets(
        *record(
            [
                (1, 2, 1900, 3, 1, 1, 1),
                (1, 20, 1900, 5, 1, 0, 1),
                (1, 40, 1900, 2, 1, 0, 1),
                (1, 70, 1900, 2, 1, 0, 0),
            ]
        )
    )

    assert list(zip(found.initiator, found.target, strict=True)) == [(2, 40), (2, 20)]
    assert list(found.time) == [start_time(1900, 3, 1), start_time(1900, 5, 1)]


def test_onsets__count_a_state_with_several_spells_once_from_its_first() -> None:
    found = dyadic_onsets(
        *record(
            [
                (1, 2, 1901, 1, 1, 1, 1),
                (1, 2, 1900, 1, 1, 1, 1),
                (1, 20, 1900, 1, 1, 0, 1),
            ]
        )
    )

    assert list(found.time) == [1900.0]


def test_onsets__read_unknown_months_and_days_as_their_middle_and_keep_unknowns() -> None:
    found = dyadic_onsets(*record([(1, 2, 1900, -9, -9, 1, 1), (1, 20, 1900, 6, 30, 0, 1)]))

    assert found.time[0] == start_time(1900, 7, 15)
    assert (found.hostility[0], found.reciprocated[0], found.fatality[0]) == (4, -1, -9)


def test_onsets__refuse_a_participant_of_no_dispute(tmp_path: Path) -> None:
    copied("mid5_disputes.csv", tmp_path)
    path = copied("mid5_participants.csv", tmp_path)
    set_cells(path, 2, dispnum="4000")

    with pytest.raises(ForecastError) as fault:
        full_record(tmp_path)

    assert str(fault.value).startswith(f"{path}: column dispnum, row 2: dispute 4000 is not in")


def test_onsets__of_the_synthetic_pack_are_in_order_of_time() -> None:
    found = full_record(PACK)

    assert len(found.time) > 50
    assert (np.diff(found.time) >= 0).all()
    assert (found.initiator != found.target).all()


def test_memory__counts_earlier_onsets_of_either_direction_alone() -> None:
    past = onsets((1900.0, 2, 20), (1905.0, 20, 2), (1910.0, 2, 20), (1900.0, 2, 40))

    remembered = memory(past, [20, 2, 2], [2, 40, 70], 1910.0, 5.0)

    assert remembered == pytest.approx([np.exp(-2) + np.exp(-1), np.exp(-2), 0.0])


def test_memory__takes_a_date_for_each_pair() -> None:
    past = onsets((1900.0, 2, 20))

    remembered = memory(past, [2, 2, 2], [20, 20, 20], [1899.0, 1900.0, 1902.0], 2.0)

    assert remembered == pytest.approx([0.0, 0.0, np.exp(-1)])


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from([2, 20]), st.sampled_from([40, 70])),
        min_size=1,
        max_size=12,
    ),
    st.integers(0, 45),
)
def test_memory__is_the_sum_of_decayed_onsets(rows: list[tuple[int, int, int]], when: int) -> None:
    past = onsets(*rows)

    expected = [
        sum(np.exp(-(when - t) / 3.0) for t, a, b in rows if (a, b) == pair and t < when)
        for pair in ((2, 40), (20, 70))
    ]

    assert memory(past, [2, 70], [40, 20], float(when), 3.0) == pytest.approx(expected)


def test_memory__of_an_empty_record_is_zero() -> None:
    nothing = onsets((1900.0, 2, 20)).where(np.array([False]))

    assert list(memory(nothing, [2], [20], 1950.0, 2.0)) == [0.0]
    assert list(last_initiator(nothing, [2], [20], 1950.0)) == [0]


def test_last_initiator__is_that_of_the_newest_earlier_onset() -> None:
    past = onsets((1900.0, 2, 20), (1905.0, 20, 2), (1910.0, 2, 20))

    assert list(last_initiator(past, [2, 20, 2], [20, 2, 40], 1910.0)) == [20, 20, 0]


def test_successors__share_disputes_with_their_predecessor_and_none_is_with_itself() -> None:
    carried = with_successors(onsets((1950.0, 260, 365), (1951.0, 678, 679), (1952.0, 2, 20)))

    pairs = list(zip(carried.initiator, carried.target, strict=True))
    assert pairs == [(255, 365), (260, 365), (678, 679), (2, 20)]
    # The Federal Republic remembers while it lives, and Germany after it.
    assert (memory(carried, [260, 255], [365, 365], 1951.0, 1.0) > 0).all()


@needs_data
def test_onsets__of_the_full_data_agree_with_the_derived_panel_in_every_dyad_year() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    names = ["ccode1", "ccode2", "year", "onset"]
    panel = parquet.read_table(DATA / "panel_dyad_year_prd.parquet", columns=names)
    first, second, year, onset = (panel.column(n).to_numpy().astype(np.int64) for n in names)
    found = full_record(DATA)
    low, high = np.minimum(found.initiator, found.target), np.maximum(found.initiator, found.target)

    ours = np.isin(
        (first * 1000 + second) * 10_000 + year,
        (low * 1000 + high) * 10_000 + np.floor(found.time).astype(np.int64),
    )

    assert len(found.time) == 2344
    assert int(onset.sum()) == 1957
    np.testing.assert_array_equal(ours, onset == 1)


@needs_data
def test_memory__of_the_full_data_never_exceeds_the_published_one_that_knows_later_years() -> None:
    with (DATA / "initial_2026/dyad_memory.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    first, second = ([int(row[name]) for row in rows] for name in ("ccode1", "ccode2"))
    past = with_successors(full_record(DATA))

    for tau, name in ((2.0, "s2_coded"), (15.0, "s15_coded")):
        published = np.array([float(row[name]) for row in rows])
        # The file rounds to four decimals.
        assert (memory(past, first, second, 2026.0, tau) <= published + 1e-4).all()
