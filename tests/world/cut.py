"""A data folder as it stood at an origin: later rows gone, later dates in earlier rows blank."""

from pathlib import Path

import pandas as pd

from forecast.world.history.rolls import NOTICE, SIGNED_BEFORE

MID_END = ("endyear", "endmon", "endday")
MIDA_LATER = (
    *MID_END,
    *("outcome", "settle", "fatality", "fatalpre", "maxdur", "mindur", "hiact", "hostlev"),
    *("recip", "numa", "numb"),
)
MIDB_LATER = (*MID_END, "fatality", "fatalpre", "hiact", "hostlev")
SPELL_END = ("endyear", "endmonth", "endday")
WAR_DATES = ("Year", "Month", "Day")
YEARLY = (
    "capabilities_nmc_v7.csv.gz",
    "gdp_pop_fariss.csv.gz",
    "democracy.csv.gz",
    "un_ideal_points_2025.csv.gz",
    "nuclear_status_owid_bleek.csv",
    "state_years_cow_gw.csv.gz",
)
DYADIC = ("alliances_atop_v51.parquet", "trade_dyad_year_cow_v4.parquet")


def cut(data: Path, origin: int, folder: Path) -> Path:
    """Write to `folder` what of `data` was dated before 1 January of `origin`."""
    (folder / "initial_2026").mkdir(parents=True)
    for name in YEARLY:
        table = _read(data / name)
        _write(table[_year(table["year"]) < origin], folder / name)
    for name in DYADIC:
        rows = pd.read_parquet(data / name)
        rows[rows["year"] < origin].to_parquet(folder / name)
    _write(_read(data / "crosswalk_iso3_cow_gw.csv"), folder / "crosswalk_iso3_cow_gw.csv")
    for name, start, later in (
        ("states_cow_v2016.csv", "styear", SPELL_END),
        ("major_powers_cow_v2016.csv", "styear", SPELL_END),
        ("capitals_cow.csv", "stdate", ("enddate",)),
        ("contiguity_cow_v32.csv", "stdate", ("enddate",)),
        ("rivalries_tss2021.csv", "styear", ("endyear",)),
        ("mid5_disputes.csv", "styear", MIDA_LATER),
        ("mid5_participants.csv", "styear", MIDB_LATER),
    ):
        table = _read(data / name)
        table = table[_year(table[start]) < origin].copy()
        table.loc[~(_year(table[later[0]]) < origin), list(later)] = ""
        _write(table, folder / name)
    _cut_wars(data, origin, folder)
    _cut_memberships(data, origin, folder)
    return folder


def _cut_wars(data: Path, origin: int, folder: Path) -> None:
    name = "wars_interstate_cow_v4.csv"
    wars = _read(data / name)
    wars = wars[_year(wars["StartYear1"]) < origin].copy()
    known = [_year(wars[f"EndYear{spell}"]) < origin for spell in (1, 2)]
    later_start = _year(wars["StartYear2"]) >= origin
    wars.loc[~(known[0] & known[1]), ["Outcome", "TransTo", "BatDeath"]] = ""
    wars.loc[~known[0], [f"End{part}1" for part in WAR_DATES]] = ""
    wars.loc[~known[1], [f"End{part}2" for part in WAR_DATES]] = ""
    wars.loc[later_start, [f"Start{part}2" for part in WAR_DATES]] = ""
    _write(wars, folder / name)


def _cut_memberships(data: Path, origin: int, folder: Path) -> None:
    name = "initial_2026/institutions.csv"
    spells = _read(data / name)
    keys = zip(spells["institution_id"], spells["member_from"], strict=True)
    exempt = pd.Series([SIGNED_BEFORE.get(key, origin) < origin for key in keys], spells.index)
    spells = spells[(_year(spells["member_from"]) < origin) | exempt].copy()
    spells.loc[~(_year(spells["member_to"]) < origin), "member_to"] = ""
    noticed = spells["note"].str.extract(NOTICE.pattern, expand=False)
    spells.loc[_year(noticed) >= origin, "note"] = ""
    later = [c for c in ("member_to_year", "active_2026_01_01") if c in spells]
    spells[later] = ""
    _write(spells, folder / name)


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _write(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False)


def _year(dates: pd.Series) -> pd.Series:
    """Return the year of each date; NaN where it is blank."""
    return pd.to_numeric(dates.str.extract(r"^(-?\d{1,4})", expand=False))
