from pathlib import Path

import numpy as np
import pytest

from forecast.errors import ForecastError
from forecast.world.dates import decimal_year
from forecast.world.readers import (
    read_capitals,
    read_defence_obligations,
    read_dispute_memory,
    read_institutions,
    read_pacts,
    read_rivalries,
    read_states,
    read_system_membership,
    read_trade,
)
from forecast.world.readers.table import Column, Table, read_csv_table, read_parquet_table

RIVALRIES = "tssr_id,ccode1,ccode2,styear,endyear\n"
MEMORY = "ccode1,ccode2,s2,s15,s2_expected,s15_expected,quality\n"
COLUMNS = (
    Column("code", "integer", low=1, high=9),
    Column("share", "number", blank_allowed=True, low=0, high=1),
    Column("word", choices=("yes", "no")),
)


def csv_file(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def memory_folder(folder: Path, text: str) -> Path:
    csv_file(folder, MEMORY + text, "initial_2026/dyad_memory.csv")
    return folder


def parquet_file(folder: Path, name: str, **columns: list[float]) -> Path:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.table(columns), folder / name)
    return folder


def test_csv_table__keeps_declared_columns_with_their_kinds_and_row_numbers(tmp_path: Path) -> None:
    path = csv_file(tmp_path, 'word,code,share,extra\nyes,1,0.5,"a\nb"\nno,2,,c\n')

    table = read_csv_table(path, COLUMNS, key=("code",))

    assert table["code"].dtype == np.int64
    np.testing.assert_array_equal(table["share"], [0.5, np.nan])
    assert list(table["word"]) == ["yes", "no"]
    assert list(table.rows) == [3, 4]
    assert "extra" not in table.columns


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("code,word\n1,yes\n", "column share is missing"),
        ("code,share,word\n", "no data rows"),
        ("", "column code is missing"),
        ("code,share,word\n1,0.5\n", "row 2: 2 cells where the header has 3"),
        ("code,share,word\n1,.5,yes\none,.5,no\n", "column code, row 3: 'one' is not a whole"),
        ("code,share,word\n,.5,yes\n", "column code, row 2: the cell is empty"),
        ("code,share,word\n10,.5,yes\n", "column code, row 2: 10 lies outside 1 to 9"),
        ("code,share,word\n1,half,yes\n", "column share, row 2: 'half' is not a number"),
        ("code,share,word\n1,nan,yes\n", "column share, row 2: nan lies outside 0 to 1"),
        ("code,share,word\n1,.5,maybe\n", "column word, row 2: 'maybe' is not one of yes, no"),
        ("code,share,word\n1,.5,yes\n2,.1,no\n1,.2,no\n", "column code, row 4: code 1 was given"),
    ],
)
def test_csv_table__names_file_column_and_row_of_a_fault(
    tmp_path: Path, text: str, message: str
) -> None:
    path = csv_file(tmp_path, text)

    with pytest.raises(ForecastError) as fault:
        read_csv_table(path, COLUMNS, key=("code",))

    assert str(fault.value).startswith(f"{path}: ")
    assert message in str(fault.value)


def test_csv_table__refuses_a_missing_file_and_one_that_is_not_text(tmp_path: Path) -> None:
    with pytest.raises(ForecastError, match=r"absent\.csv: the file is missing"):
        read_csv_table(tmp_path / "absent.csv", COLUMNS)
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"code,share,word\n\xff\xfe,1,yes\n")
    with pytest.raises(ForecastError, match=r"binary\.csv: not a UTF-8 text file"):
        read_csv_table(binary, COLUMNS)


def test_table__where_keeps_the_row_numbers_of_the_file() -> None:
    table = Table(Path("t.csv"), {"a": np.array([1, 2, 3])}, np.array([2, 3, 4]))

    kept = table.where(table["a"] > 1)

    assert list(kept["a"]) == [2, 3]
    assert list(kept.rows) == [3, 4]


def test_dispute_memory__refuses_an_unknown_country_code(tmp_path: Path) -> None:
    folder = memory_folder(tmp_path, "2,20,0,0,0,0,coded_only\n2,999,0,0,0,0,coded_only\n")

    with pytest.raises(ForecastError, match="column ccode2, row 3: unknown country code 999"):
        read_dispute_memory(folder, 2026, states=[2, 20])


def test_dispute_memory__refuses_a_dyad_given_twice(tmp_path: Path) -> None:
    folder = memory_folder(tmp_path, "2,20,0,0,0,0,coded_only\n2,20,1,1,0,0,hand_high\n")

    with pytest.raises(ForecastError, match=r"column ccode1\+ccode2, row 3: .*given before in"):
        read_dispute_memory(folder, 2026, states=[2, 20])


def test_dispute_memory__refuses_a_negative_memory(tmp_path: Path) -> None:
    folder = memory_folder(tmp_path, "2,20,-1,0,0,0,coded_only\n")

    with pytest.raises(ForecastError, match="column s2, row 2: -1 lies outside 0"):
        read_dispute_memory(folder, 2026, states=[2, 20])


def test_institutions__keep_active_memberships_only_and_check_their_states(tmp_path: Path) -> None:
    header = "institution_id,name,kind,cow_code,role,active_2026_01_01\n"
    name = "initial_2026/institutions.csv"
    csv_file(
        tmp_path, header + "UN,United Nations,universal,2,member,1\nA,A,x,315,member,0\n", name
    )
    assert list(read_institutions(tmp_path, 2026, states=[2])["institution_id"]) == ["UN"]

    csv_file(tmp_path, header + "UN,United Nations,universal,315,member,1\n", name)
    with pytest.raises(ForecastError, match="column cow_code, row 2: unknown country code 315"):
        read_institutions(tmp_path, 2026, states=[2])


def test_rivalries__name_the_file_when_a_column_is_missing(tmp_path: Path) -> None:
    csv_file(tmp_path, "tssr_id,ccode1,ccode2,styear\n1,2,20,1900\n", "rivalries_tss2021.csv")

    with pytest.raises(ForecastError, match=r"rivalries_tss2021\.csv: column endyear is missing"):
        read_rivalries(tmp_path)


@pytest.mark.parametrize(
    "read", [read_capitals, read_defence_obligations, read_trade, read_system_membership]
)
def test_readers__name_the_file_that_is_missing(read, tmp_path: Path) -> None:
    with pytest.raises(ForecastError, match=r"(csv|parquet): the file is missing"):
        read(tmp_path)


@pytest.mark.parametrize("read", [read_states, read_pacts])
def test_initial_readers__name_the_file_that_is_missing(read, tmp_path: Path) -> None:
    with pytest.raises(ForecastError, match=r"initial_2026.*csv: the file is missing"):
        read(tmp_path, 2026)


def test_trade__keeps_all_years_and_unknown_flows(tmp_path: Path) -> None:
    folder = parquet_file(
        tmp_path,
        "trade_dyad_year_cow_v4.parquet",
        ccode1=[2, 2],
        ccode2=[20, 20],
        year=[2013, 2014],
        smoothflow1=[1.0, float("nan")],
        smoothflow2=[1.0, 2.0],
    )

    trade = read_trade(folder)

    assert list(trade["year"]) == [2013, 2014]
    assert np.isnan(trade["smoothflow1"][1])


def test_parquet_table__names_column_and_row_of_a_value_out_of_range(tmp_path: Path) -> None:
    folder = parquet_file(
        tmp_path,
        "alliances_atop_v51.parquet",
        ccode1=[2, 2],
        ccode2=[20, 20],
        year=[2017, 2018],
        atop_defense=[1, 7],
        **{f"atop_{kind}": [0, 0] for kind in ("offense", "neutral", "nonagg", "consul")},
    )

    with pytest.raises(ForecastError, match="column atop_defense, row 2: 7 is not a value from 0"):
        read_defence_obligations(folder)


def test_parquet_table__refuses_a_damaged_file_and_a_missing_column(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    damaged = csv_file(tmp_path, "no parquet", "damaged.parquet")
    with pytest.raises(ForecastError, match=r"damaged\.parquet: not a readable Parquet file"):
        read_parquet_table(damaged, COLUMNS)
    folder = parquet_file(tmp_path, "short.parquet", code=[1])
    with pytest.raises(ForecastError, match=r"short\.parquet: column share is missing"):
        read_parquet_table(folder / "short.parquet", COLUMNS)


@pytest.mark.parametrize(
    ("text", "year"),
    [("2022-01-01", 2022.0), ("2022-02-24", 2022 + 54 / 365), ("2024-12-31", 2024 + 365 / 366)],
)
def test_decimal_year__counts_days_of_the_calendar_year(text: str, year: float) -> None:
    assert decimal_year(text) == pytest.approx(year)


@pytest.mark.parametrize("text", ["", "spring 2022", "2022-13-01", "2022-02-30"])
def test_decimal_year__refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decimal_year(text)
