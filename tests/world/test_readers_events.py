import os
from pathlib import Path

import numpy as np
import pytest

from forecast.errors import ForecastError
from forecast.world import readers
from forecast.world.history.sources import require_known_states
from tests.pack.damage import PACK, copied, drop_column, repeat_row, set_cells

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("FORECAST_DATA", REPOSITORY / "../shared/data")).resolve()
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="source data not found; set FORECAST_DATA to their folder"
)

FILES = {
    "read_disputes": ("mid5_disputes.csv", 2031),
    "read_dispute_participants": ("mid5_participants.csv", 4953),
    "read_gml_dyads": ("mid_gml_v221_directed.csv.gz", 9478),
    "read_interstate_wars": ("wars_interstate_cow_v4.csv", 327),
    "read_armed_conflicts": ("ucdp_prio_acd_v251.csv", 1695),
    "read_conflict_deaths": ("ucdp_brd_dyad_v241.csv", 679),
}
"""File and number of records in the full data of each reader."""

KEYS = {
    "read_disputes": "dispnum",
    "read_dispute_participants": "dispnum+ccode+sidea+styear+stmon+stday",
    "read_gml_dyads": "dispnum+ccode1+ccode2+year",
    "read_interstate_wars": "WarNum+ccode+Side",
    "read_armed_conflicts": "conflict_id+year",
    "read_conflict_deaths": "dyad_id+year",
}


def fault_of(reader: str, folder: Path) -> str:
    with pytest.raises(ForecastError) as fault:
        getattr(readers, reader)(folder)
    return str(fault.value)


@pytest.mark.parametrize("reader", FILES)
def test_events__are_read_from_the_synthetic_pack(reader: str) -> None:
    assert len(getattr(readers, reader)(PACK)) > 0


@needs_data
@pytest.mark.parametrize("reader", FILES)
def test_events__are_read_whole_from_the_full_data(reader: str) -> None:
    assert len(getattr(readers, reader)(DATA)) == FILES[reader][1]


@pytest.mark.parametrize("reader", FILES)
def test_events__name_a_missing_file(reader: str, tmp_path: Path) -> None:
    path = tmp_path / FILES[reader][0]

    assert fault_of(reader, tmp_path).startswith(f"{path}: the file is missing")


@pytest.mark.parametrize("reader", FILES)
def test_events__name_the_row_of_a_repeated_key(reader: str, tmp_path: Path) -> None:
    path = copied(FILES[reader][0], tmp_path)
    repeat = repeat_row(path, 3)

    message = fault_of(reader, tmp_path)

    assert message.startswith(f"{path}: column {KEYS[reader]}, row {repeat}: ")
    assert "was given before in row 3" in message


@pytest.mark.parametrize(
    ("reader", "column"),
    [
        ("read_disputes", "hostlev"),
        ("read_dispute_participants", "orig"),
        ("read_gml_dyads", "midonset"),
        ("read_interstate_wars", "BatDeath"),
        ("read_armed_conflicts", "intensity_level"),
        ("read_conflict_deaths", "bd_best"),
    ],
)
def test_events__name_a_missing_column(reader: str, column: str, tmp_path: Path) -> None:
    path = copied(FILES[reader][0], tmp_path)
    drop_column(path, column)

    assert fault_of(reader, tmp_path).startswith(f"{path}: column {column} is missing")


@pytest.mark.parametrize(
    ("reader", "cells", "message"),
    [
        ("read_disputes", {"stmon": "13"}, "column stmon, row 4: 13 lies outside 1 to 12 or -9"),
        (
            "read_disputes",
            {"stday": "31", "stmon": "2", "styear": "1900"},
            "column stday, row 4: 1900-02-31 is not a date that exists",
        ),
        (
            "read_disputes",
            {"stday": "29", "stmon": "2", "styear": "1900"},
            "column stday, row 4: 1900-02-29 is not a date that exists",
        ),
        ("read_disputes", {"styear": "1700"}, "column styear, row 4: 1700 lies outside 1815 to"),
        ("read_disputes", {"styear": ""}, "column styear, row 4: the cell is empty"),
        ("read_disputes", {"endyear": "1815"}, "column endyear, row 4: the end lies before the"),
        ("read_disputes", {"endyear": "1899.5"}, "column endyear, row 4: 1899.5 is not a whole"),
        ("read_disputes", {"hostlev": "6"}, "column hostlev, row 4: 6 lies outside 1 to 5 or -9"),
        ("read_dispute_participants", {"ccode": "1200"}, "column ccode, row 4: 1200 lies outside"),
        ("read_dispute_participants", {"sidea": ""}, "column sidea, row 4: the cell is empty"),
        ("read_gml_dyads", {"year": "20000"}, "column year, row 4: 20000 lies outside 1815 to"),
        ("read_interstate_wars", {"EndMonth1": "0"}, "column EndMonth1, row 4: 0 lies outside"),
        ("read_interstate_wars", {"StartDay1": "32"}, "column StartDay1, row 4: 32 lies outside"),
        (
            "read_armed_conflicts",
            {"start_date": "1950-02-30"},
            "column start_date, row 4: '1950-02-30' is not a date that exists",
        ),
        (
            "read_armed_conflicts",
            {"ep_end_date": "1900-01-01"},
            "column ep_end_date, row 4: the year of 1900-01-01 lies outside 1946 to 2100",
        ),
        ("read_conflict_deaths", {"bd_best": "many"}, "column bd_best, row 4: 'many' is not a"),
    ],
)
def test_events__name_file_column_and_row_of_a_fault(
    reader: str, cells: dict[str, str], message: str, tmp_path: Path
) -> None:
    path = copied(FILES[reader][0], tmp_path)
    set_cells(path, 4, **cells)

    assert fault_of(reader, tmp_path).startswith(f"{path}: {message}")


def test_disputes__leave_blank_what_later_years_told_and_keep_missing_codes(
    tmp_path: Path,
) -> None:
    path = copied("mid5_disputes.csv", tmp_path)
    set_cells(path, 2, stday="-9", fatalpre="-9", endday="", endmon="", endyear="", hostlev="")

    disputes = readers.read_disputes(tmp_path)

    assert disputes["stday"][0] == -9
    assert disputes["fatalpre"][0] == -9
    assert np.isnan(disputes["endyear"][0])
    assert np.isnan(disputes["hostlev"][0])


def test_disputes__accept_the_leap_day_of_a_leap_year(tmp_path: Path) -> None:
    path = copied("mid5_disputes.csv", tmp_path)
    set_cells(path, 2, stday="29", stmon="2", styear="1816", endyear="1900")

    assert readers.read_disputes(tmp_path)["stday"][0] == 29


def test_participants__refuse_a_country_code_no_state_ever_bore(tmp_path: Path) -> None:
    path = copied("mid5_participants.csv", tmp_path)
    set_cells(path, 5, ccode="699")
    membership = readers.read_system_membership(PACK)

    with pytest.raises(ForecastError) as fault:
        require_known_states(
            readers.read_dispute_participants(tmp_path),
            membership,
            readers.read_country_codes(PACK),
        )

    assert str(fault.value).startswith(f"{path}: column ccode, row 5: unknown country code 699")


@pytest.mark.parametrize("reader", ["read_dispute_participants", "read_interstate_wars"])
def test_events__of_both_packs_name_states_of_the_system_alone(reader: str) -> None:
    folders = [PACK, DATA] if DATA.is_dir() else [PACK]
    for folder in folders:
        table = getattr(readers, reader)(folder)
        membership = readers.read_system_membership(folder)
        assert table.require_states(membership["ccode"], "ccode") is table
