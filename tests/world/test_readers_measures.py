import os
import time
from pathlib import Path

import numpy as np
import pytest

from forecast.errors import ForecastError
from forecast.world import readers
from forecast.world.history.sources import require_known_states
from tests.pack.damage import PACK, copied, drop_column, repeat_row, set_cells, truncate
from tests.pack.make import make

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("FORECAST_DATA", REPOSITORY / "../shared/data")).resolve()
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="source data not found; set FORECAST_DATA to their folder"
)

FILES = {
    "read_system_membership": ("states_cow_v2016.csv", 243),
    "read_major_powers": ("major_powers_cow_v2016.csv", 14),
    "read_state_codes": ("state_years_cow_gw.csv.gz", 17_706),
    "read_country_codes": ("crosswalk_iso3_cow_gw.csv", 274),
    "read_capitals": ("capitals_cow.csv", 242),
    "read_capabilities": ("capabilities_nmc_v7.csv.gz", 17_121),
    "read_economy": ("gdp_pop_fariss.csv.gz", 16_536),
    "read_regimes": ("democracy.csv.gz", 17_706),
    "read_ideal_points": ("un_ideal_points_2025.csv.gz", 11_440),
    "read_nuclear": ("nuclear_status_owid_bleek.csv", 1051),
    "read_contiguity": ("contiguity_cow_v32.csv", 1874),
    "read_rivalries": ("rivalries_tss2021.csv", 264),
    "read_alliances": ("alliances_atop_v51.parquet", 273_296),
    "read_trade": ("trade_dyad_year_cow_v4.parquet", 337_457),
    "read_membership_spells": ("initial_2026/institutions.csv", 591),
}
"""File and number of records in the full data of each reader."""

CSV_FILES = {reader: name for reader, (name, _) in FILES.items() if "csv" in name}
KEYS = {
    "read_system_membership": "ccode+styear",
    "read_major_powers": "ccode+styear+stmonth+stday",
    "read_country_codes": "name",
    "read_capitals": "ccode+stdate",
    "read_contiguity": "ccode1+ccode2+stdate",
    "read_rivalries": "tssr_id",
}


def fault_of(reader: str, folder: Path) -> str:
    with pytest.raises(ForecastError) as fault:
        getattr(readers, reader)(folder)
    return str(fault.value)


@pytest.mark.parametrize("reader", FILES)
def test_measures__are_read_from_the_synthetic_pack(reader: str) -> None:
    assert len(getattr(readers, reader)(PACK)) > 0


@needs_data
def test_measures__are_read_whole_from_the_full_data_in_seconds() -> None:
    started = time.perf_counter()

    counts = {reader: len(getattr(readers, reader)(DATA)) for reader in FILES}

    assert counts == {reader: count for reader, (_, count) in FILES.items()}
    # About one second on one core; a slow machine is forgiven, a parser that crawls is not.
    assert time.perf_counter() - started < 30


@pytest.mark.parametrize("reader", FILES)
def test_measures__name_a_missing_file(reader: str, tmp_path: Path) -> None:
    path = tmp_path / FILES[reader][0]

    assert fault_of(reader, tmp_path).startswith(f"{path}: the file is missing")


@pytest.mark.parametrize("reader", [r for r in CSV_FILES if r != "read_membership_spells"])
def test_measures__name_the_row_of_a_repeated_key(reader: str, tmp_path: Path) -> None:
    path = copied(CSV_FILES[reader], tmp_path)
    repeat = repeat_row(path, 3)

    message = fault_of(reader, tmp_path)

    key = KEYS.get(reader, "ccode+year")
    assert message.startswith(f"{path}: column {key}, row {repeat}: ")
    assert "was given before in row 3" in message


@pytest.mark.parametrize(
    ("reader", "column"),
    [
        ("read_major_powers", "endyear"),
        ("read_capabilities", "cinc"),
        ("read_economy", "pwtrgdp"),
        ("read_regimes", "polity2"),
        ("read_ideal_points", "idealpointall"),
        ("read_nuclear", "status"),
        ("read_country_codes", "iso3c"),
        ("read_state_codes", "gwcode"),
    ],
)
def test_measures__name_a_missing_column(reader: str, column: str, tmp_path: Path) -> None:
    path = copied(CSV_FILES[reader], tmp_path)
    drop_column(path, column)

    assert fault_of(reader, tmp_path).startswith(f"{path}: column {column} is missing")


@pytest.mark.parametrize("reader", [r for r, name in CSV_FILES.items() if name.endswith(".gz")])
def test_measures__name_a_truncated_gzip_file(reader: str, tmp_path: Path) -> None:
    path = copied(CSV_FILES[reader], tmp_path)
    truncate(path)

    assert fault_of(reader, tmp_path).startswith(f"{path}: a damaged or truncated gzip file")


def test_measures__name_a_gzip_file_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "democracy.csv.gz"
    path.write_text("ccode,year\n", encoding="utf-8")

    assert fault_of("read_regimes", tmp_path).startswith(f"{path}: a damaged or truncated gzip")


def test_measures__name_a_truncated_parquet_file(tmp_path: Path) -> None:
    path = copied("trade_dyad_year_cow_v4.parquet", tmp_path)
    truncate(path)

    assert fault_of("read_trade", tmp_path).startswith(f"{path}: not a readable Parquet file")


@pytest.mark.parametrize(
    ("reader", "cells", "message"),
    [
        ("read_capabilities", {"year": "1492"}, "column year, row 4: 1492 lies outside 1815 to"),
        ("read_capabilities", {"ccode": ""}, "column ccode, row 4: the cell is empty"),
        ("read_capabilities", {"cinc": "1.5"}, "column cinc, row 4: 1.5 lies outside 0 to 1"),
        ("read_capabilities", {"tpop": "-9"}, "column tpop, row 4: -9 lies outside 0 to"),
        ("read_economy", {"pwtpop": "few"}, "column pwtpop, row 4: 'few' is not a number"),
        ("read_regimes", {"polity2": "-88"}, "column polity2, row 4: -88 lies outside -10 to 10"),
        ("read_ideal_points", {"year": "1945"}, "column year, row 4: 1945 lies outside 1946 to"),
        ("read_nuclear", {"status": "0"}, "column status, row 4: 0 lies outside 1 to 3"),
        ("read_state_codes", {"ccode": "1000"}, "column ccode, row 4: 1000 lies outside 1 to 999"),
        ("read_country_codes", {"name": ""}, "column name, row 4: the cell is empty"),
        ("read_major_powers", {"stmonth": "13"}, "column stmonth, row 4: 13 lies outside 1 to 12"),
        (
            "read_major_powers",
            {"endday": "31", "endmonth": "2", "endyear": "1917"},
            "column endday, row 4: 1917-02-31 is not a date that exists",
        ),
        (
            "read_system_membership",
            {"endyear": "1820"},
            "column endyear, row 4: the end lies before the start",
        ),
        ("read_capitals", {"stdate": "1831-02-31"}, "column stdate, row 4: '1831-02-31' is not a"),
        ("read_capitals", {"enddate": "20241231"}, "column enddate, row 4: '20241231' is not a"),
        (
            "read_capitals",
            {"enddate": "1816-01-01"},
            "column enddate, row 4: the end lies before the start",
        ),
        ("read_contiguity", {"stdate": "1800-01-01"}, "column stdate, row 4: the year of 1800-01"),
        (
            "read_membership_spells",
            {"member_from": "1920-13"},
            "column member_from, row 4: '1920-13' is not a date that exists, as YYYY-MM-DD, YYYY-",
        ),
        (
            "read_membership_spells",
            {"member_from": "1920-02-31"},
            "column member_from, row 4: '1920-02-31' is not a date that exists",
        ),
        ("read_membership_spells", {"member_to": "1800"}, "column member_to, row 4: the year of"),
        ("read_membership_spells", {"member_to": "1919"}, "column member_to, row 4: the end lies"),
        ("read_membership_spells", {"role": "king"}, "column role, row 4: 'king' is not one of"),
        ("read_rivalries", {"endyear": "1600"}, "column endyear, row 4: the end lies before the"),
        ("read_rivalries", {"styear": "1399"}, "column styear, row 4: 1399 lies outside 1400 to"),
    ],
)
def test_measures__name_file_column_and_row_of_a_fault(
    reader: str, cells: dict[str, str], message: str, tmp_path: Path
) -> None:
    path = copied(CSV_FILES[reader], tmp_path)
    set_cells(path, 4, **cells)

    assert fault_of(reader, tmp_path).startswith(f"{path}: {message}")


@pytest.mark.parametrize(
    ("reader", "ends"),
    [
        ("read_system_membership", ("endyear", "endmonth", "endday")),
        ("read_major_powers", ("endyear", "endmonth", "endday")),
        ("read_rivalries", ("endyear",)),
    ],
)
def test_spells__may_have_an_open_end(reader: str, ends: tuple[str, ...], tmp_path: Path) -> None:
    path = copied(CSV_FILES[reader], tmp_path)
    set_cells(path, 2, **dict.fromkeys(ends, ""))

    spells = getattr(readers, reader)(tmp_path)

    assert all(np.isnan(spells[name][0]) for name in ends)


@pytest.mark.parametrize("reader", ["read_capitals", "read_contiguity"])
def test_dated_spells__may_have_an_open_end(reader: str, tmp_path: Path) -> None:
    path = copied(CSV_FILES[reader], tmp_path)
    set_cells(path, 2, enddate="")

    assert getattr(readers, reader)(tmp_path)["enddate"][0] == ""


def test_membership_spells__may_tell_no_more_than_the_year_or_month(tmp_path: Path) -> None:
    path = copied("initial_2026/institutions.csv", tmp_path)
    set_cells(path, 2, member_from="1920-05", member_to="1920")
    set_cells(path, 3, member_from="1920", member_to="")

    spells = readers.read_membership_spells(tmp_path)

    assert list(spells["member_from"][:2]) == ["1920-05", "1920"]
    assert list(spells["member_to"][:2]) == ["1920", ""]


@needs_data
@pytest.mark.parametrize(
    "reader",
    ["read_capabilities", "read_economy", "read_regimes", "read_ideal_points", "read_nuclear"],
)
def test_measures__of_the_full_data_name_states_of_the_system_alone(reader: str) -> None:
    table = getattr(readers, reader)(DATA)

    known = readers.read_system_membership(DATA)["ccode"]

    assert table.require_states(known, "ccode") is table


def test_measures__refuse_a_country_code_no_state_ever_bore(tmp_path: Path) -> None:
    path = copied("capabilities_nmc_v7.csv.gz", tmp_path)
    set_cells(path, 9, ccode="3")

    with pytest.raises(ForecastError) as fault:
        require_known_states(
            readers.read_capabilities(tmp_path),
            readers.read_system_membership(PACK),
            readers.read_country_codes(PACK),
        )

    assert str(fault.value).startswith(f"{path}: column ccode, row 9: unknown country code 3")


def test_synthetic_pack__is_what_its_script_writes(tmp_path: Path) -> None:
    make(tmp_path)

    written = {p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file()}
    kept = {p.relative_to(PACK) for p in PACK.rglob("*") if p.suffix in (".csv", ".gz", ".parquet")}
    assert written == kept
    for name in FILES:
        ours, theirs = (getattr(readers, name)(folder) for folder in (tmp_path, PACK))
        for column in ours.columns:
            np.testing.assert_array_equal(ours[column], theirs[column])
    assert sum((PACK / name).stat().st_size for name in kept) < 300_000
