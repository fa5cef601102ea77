"""Worlds of past origins: their rules on small tables, and whole worlds of the synthetic pack."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

from forecast.cli import app
from forecast.errors import ForecastError
from forecast.world.build import build_snapshot
from forecast.world.codes import MEMBERSHIP_ROLES
from forecast.world.disputes import Onsets
from forecast.world.history.affinity import point_affinity, portfolio_affinity
from forecast.world.history.covariates import (
    cinc_share,
    democratic,
    major_powers,
    newest,
    nuclear_level,
    owed_defence,
)
from forecast.world.history.memory import past_memory
from forecast.world.history.names import PAST_NAMES, state_names
from forecast.world.history.rolls import rolls
from forecast.world.history.system import active, alive, entry_years
from forecast.world.history.wars import ongoing_wars
from forecast.world.readers.table import Table
from forecast.world.snapshot import read_snapshot

PACK = Path(__file__).parents[1] / "pack"
CODES = np.array([1, 2, 3, 4])
UNKNOWN = float("nan")


def table(**columns: list[Any]) -> Table:
    arrays = {
        name: np.array(values, dtype=object if isinstance(values[0], str) else None)
        for name, values in columns.items()
    }
    return Table(Path("tiny.csv"), arrays, np.arange(2, len(next(iter(columns.values()))) + 2))


@pytest.fixture(scope="module", params=[1817, 1920, 1950, 1990])
def world(request: pytest.FixtureRequest) -> xr.Dataset:
    pytest.importorskip("pyarrow")
    return build_snapshot(request.param, PACK)


# Spells


def test_spells__run_from_the_day_after_their_start_until_a_known_end() -> None:
    spells = table(
        ccode=[1, 2, 3, 4],
        styear=[1900, 1950, 1949, 1900],
        stmonth=[1, 1, 12, 1],
        stday=[1, 1, 31, 1],
        endyear=[1949, UNKNOWN, 1950, UNKNOWN],
        endmonth=[12, UNKNOWN, 1, UNKNOWN],
        endday=[31, UNKNOWN, 1, UNKNOWN],
    )

    # What begins on 1 January of the origin is dated at the origin, and so not known.
    assert alive(spells, 1950).tolist() == [3, 4]
    assert entry_years(spells, np.array([3, 4]), 1950).tolist() == [1949, 1900]


def test_spells__of_a_list_without_an_open_end_are_carried_beyond_it() -> None:
    closed = table(styear=[1900, 1900], endyear=[2016, 1999])
    open_end = table(styear=[1900, 1900], endyear=[2016, UNKNOWN])

    assert active(closed, 2026).tolist() == [True, False]
    assert active(open_end, 2026).tolist() == [False, True]
    assert active(closed, 1999).tolist() == [True, True]


# Covariates


def test_newest__takes_the_last_measured_year_before_the_origin() -> None:
    years = table(ccode=[1, 1, 1, 2, 9], year=[1948, 1947, 1950, 1949, 1949], x=[5, 6, 7, -9.0, 1])

    found = newest(years, "x", CODES, 1950, low=0.0)

    np.testing.assert_array_equal(found.values, [5, UNKNOWN, UNKNOWN, UNKNOWN])
    np.testing.assert_array_equal(found.years, [1948, 0, 0, 0])


def test_cinc__is_rescaled_and_takes_a_floor_where_it_is_missing_or_nought() -> None:
    years = table(ccode=[1, 2, 3], year=[1949] * 3, cinc=[0.3, 0.1, 0.0])

    share, filled = cinc_share(years, CODES, 1950)

    np.testing.assert_allclose(share, [0.5, 1 / 6, 1 / 6, 1 / 6])
    assert filled.tolist() == [False, False, True, True]


def test_democracy__reads_polity_then_polyarchy_then_scores_of_the_newest_year() -> None:
    regimes = table(
        ccode=[1, 2, 3, 4, 4],
        year=[1949, 1949, 1949, 1940, 1949],
        polity2=[6.0, UNKNOWN, UNKNOWN, 10.0, UNKNOWN],
        v2x_polyarchy=[0.1, 0.5, UNKNOWN, 0.9, 0.2],
        aeuds=[-1.0, -1.0, 0.0, 1.0, 1.0],
    )

    assert democratic(regimes, CODES, 1950).tolist() == [1, 1, 1, 0]
    assert democratic(regimes, np.array([4, 5]), 1945).tolist() == [1, 0]


def test_nuclear__forgets_a_state_that_left_the_list() -> None:
    status = table(ccode=[1, 1, 2, 3], year=[1990, 1991, 1991, 1990], status=[3, 2, 3, 3])

    assert nuclear_level(status, CODES, 1991).tolist() == [2, 0, 2, 0]
    assert nuclear_level(status, CODES, 1992).tolist() == [1, 2, 0, 0]
    assert nuclear_level(status, CODES, 1940).tolist() == [0, 0, 0, 0]


def test_major_powers__follow_their_spells() -> None:
    spells = table(ccode=[1, 1, 2], styear=[1816, 1925, 1922], endyear=[1918, 1945, 2016])

    assert major_powers(spells, CODES, 1920).tolist() == [False] * 4
    assert major_powers(spells, CODES, 1926).tolist() == [True, True, False, False]


def test_defence__is_owed_by_the_row_in_the_newest_year() -> None:
    allied = table(
        ccode1=[1, 2, 3, 1], ccode2=[2, 1, 1, 9], year=[1949, 1949, 1948, 1949],
        atop_defense=[1, 0, 1, 1],
    )  # fmt: skip

    owed = owed_defence(allied, CODES, 1950)

    assert owed[0, 1] == 1
    assert owed.sum() == 1


# Names


def test_names__are_those_of_the_era_and_never_shared() -> None:
    countries = table(
        name=["Vietnam", "Germany"], iso3c=["VNM", "DEU"], ccode=[816.0, 255.0],
        un_subregion=["South-eastern Asia", "Western Europe"],
    )  # fmt: skip

    divided = state_names(countries, np.array([260, 265, 816, 817]), 1960)
    united = state_names(countries, np.array([255, 345, 816]), 1991)

    assert divided.iso3 == ["DEU", "DDR", "VDR", "VNM"]
    assert united.iso3 == ["DEU", "YUG", "VNM"]
    with pytest.raises(ForecastError, match="no ISO code for COW code 2, a state alive"):
        state_names(countries, np.array([2]), 1960)


def test_names__that_this_project_assigns_come_from_the_range_left_to_users() -> None:
    by_code: dict[str, set[int]] = {}
    for past in PAST_NAMES:
        by_code.setdefault(past.iso3, set()).add(past.code)
    assert all(len(states) == 1 for iso3, states in by_code.items() if iso3.startswith("X"))


# Affinity


def test_point_affinity__falls_with_distance() -> None:
    np.testing.assert_allclose(
        point_affinity(np.array([0.0, 1.0, 1.0])),
        [[1, np.exp(-1), np.exp(-1)], [np.exp(-1), 1, 1], [np.exp(-1), 1, 1]],
    )


def test_portfolio_affinity__is_kappa_of_the_two_portfolios() -> None:
    # 1 and 2 defend each other, 3 has a pact of non-aggression with 1, 4 has none.
    pairs = [(1, 2, 1, 0), (2, 1, 1, 0), (1, 3, 0, 1), (3, 1, 0, 1)]
    allied = table(
        ccode1=[p[0] for p in pairs],
        ccode2=[p[1] for p in pairs],
        year=[1913] * 4,
        atop_defense=[p[2] for p in pairs],
        atop_offense=[0] * 4,
        atop_neutral=[0] * 4,
        atop_nonagg=[p[3] for p in pairs],
        atop_consul=[1] * 4,
    )
    portfolios = np.array([[3, 3, 2, 0], [3, 3, 0, 0], [2, 0, 3, 0], [0, 0, 0, 3]], float)

    affinity = portfolio_affinity(allied, CODES, 1914)

    for i in range(4):
        for j in range(i):
            x, y = portfolios[i], portfolios[j]
            expected = np.mean((x[:, None] - y) ** 2)  # every value of one meets every other's
            kappa = 1 - np.mean((x - y) ** 2) / expected
            assert affinity[i, j] == affinity[j, i] == pytest.approx((1 + kappa) / 2)
    assert affinity[0, 1] > affinity[0, 2] > affinity[0, 3]
    np.testing.assert_array_equal(np.diagonal(affinity), 1)


# Memory


def test_memory__splits_by_pair_and_knows_who_started_the_newest() -> None:
    onsets = Onsets(
        *(
            np.array(column)
            for column in (
                [1, 2, 3, 4],
                [1910.0, 1945.0, 1948.0, 1951.0],
                [3, 1, 2, 1],
                [4, 2, 1, 2],
                [4] * 4,
                [1] * 4,
                [0] * 4,
            )
        )
    )

    found = past_memory(onsets, CODES, 1950)

    expected = np.exp(-5 / 15) + np.exp(-2 / 15)
    assert found.values["memory_15y"][0, 1] == pytest.approx(expected)
    assert found.last[0, 1] == found.last[1, 0] == 2
    assert found.relevant[0, 1]
    assert not found.relevant[2, 3]  # more than thirty years ago
    assert found.quality[2, 3] == found.quality[0, 1] == 1
    assert found.quality[0, 2] == 0
    np.testing.assert_array_equal(found.values["memory_2y_expected"], found.values["memory_2y"])


# Institutions


def spells_of_membership(*rows: tuple[str, int, str, str, str, str]) -> Table:
    names = ("institution_id", "cow_code", "member_from", "member_to", "role", "note")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return table(**columns, name=["n"] * len(rows), kind=["universal"] * len(rows))


def members_at(year: int, *rows: tuple[str, int, str, str, str, str]) -> set[tuple[str, int]]:
    found = rolls(spells_of_membership(*rows), CODES, year).members
    return set(zip(found["institution_id"], found["cow_code"].tolist(), strict=True))


def test_rolls__count_a_year_alone_from_the_next_origin() -> None:
    row = ("UN", 1, "1945", "", "member", "")
    assert members_at(1945, row) == set()
    assert members_at(1946, row) == {("UN", 1)}


def test_rolls__count_original_members_of_the_league_from_the_signed_covenant() -> None:
    founder = ("LEAGUE", 1, "1920", "", "member", "")
    later = ("LEAGUE", 2, "1920-12-15", "", "member", "")
    pact = ("PACT", 3, "1920", "", "member", "")
    assert members_at(1919, founder) == set()
    assert members_at(1920, founder, later, pact) == {("LEAGUE", 1)}
    assert members_at(1921, founder, later) == {("LEAGUE", 1), ("LEAGUE", 2)}


def test_rolls__end_with_the_notice_not_two_years_later() -> None:
    row = ("LEAGUE", 1, "1920", "1935-03-27", "member", "notice or event 1933-03-27")
    assert members_at(1933, row) == {("LEAGUE", 1)}
    assert members_at(1934, row) == set()


def test_rolls__keep_an_institution_without_members_and_skip_states_not_alive() -> None:
    ended = ("PACT", 1, "1930", "1940", "member", "")
    absent = ("PACT", 9, "1930", "", "member", "")
    never = ("PACT", 2, "", "", "not_member", "")
    found = rolls(spells_of_membership(ended, absent, never), CODES, 1950)
    assert len(found.members) == 0
    assert set(found.founded["institution_id"]) == {"PACT"}


def test_rolls__give_a_divided_state_the_seat_its_present_code_carries() -> None:
    row = ("UN", 255, "1973-09-18", "", "member", "")
    found = rolls(spells_of_membership(row), np.array([260, 265]), 1990)
    assert found.members["cow_code"].tolist() == [260]


def test_rolls__name_the_row_of_a_date_that_is_none() -> None:
    with pytest.raises(ForecastError, match="column member_to, row 2: 'spring' is no date"):
        members_at(1990, ("UN", 1, "1945", "spring", "member", ""))


# Wars

WAR = ("WarNum", "ccode", "Side", "StartYear1", "EndYear1", "Initiator", "BatDeath")


def wars(*rows: tuple[float, ...]) -> Table:
    columns = {
        name: list(values) for name, values in zip(WAR, zip(*rows, strict=True), strict=True)
    }
    count = len(rows)
    for spell, applies in ((1, True), (2, False)):
        for which in ("Start", "End"):
            for part, value in (("Year", -8), ("Month", 1), ("Day", 1)):
                columns.setdefault(f"{which}{part}{spell}", [value if applies else -8] * count)
    return table(**columns, WarName=["the war"] * count)


def disputes(*rows: tuple[int, int, int, int, int]) -> Table:
    names = ("dispnum", "ccode", "sidea", "styear", "revtype1")
    columns = {n: list(v) for n, v in zip(names, zip(*rows, strict=True), strict=True)}
    count = len(rows)
    return table(**columns, stmon=[1] * count, stday=[1] * count, revtype2=[-9] * count)


NO_DISPUTES = disputes((7, 8, 1, 1800, 1), (7, 9, 0, 1800, 0))
CINC = np.array([0.1, 0.2, 0.3, 0.4])


def test_wars__take_their_principals_from_those_still_fighting() -> None:
    record = wars(
        (1, 1, 1, 1939, 1939, 2, 500),  # fought on the other side, and is out of the war
        (1, 2, 1, 1939, 1945, 2, 500),
        (1, 4, 1, 1941, 1945, 2, 500),
        (1, 3, 2, 1939, 1945, 1, 500),
    )

    found = ongoing_wars(record, NO_DISPUTES, CODES, CINC, 1942)

    assert found["side_a_cow"].tolist() == [3]  # marked as having started it
    assert found["side_b_cow"].tolist() == [2]  # the first still in, though 4 is stronger
    assert found["side_b_joiners_cow"].tolist() == ["4"]
    assert found["start"].tolist() == ["1939-01-01"]
    assert ongoing_wars(record, NO_DISPUTES, CODES, CINC, 1941)["side_b_joiners_cow"][0] == ""
    assert len(ongoing_wars(record, NO_DISPUTES, CODES, CINC, 1946)) == 0


def test_wars__know_no_deaths_of_the_war_under_way() -> None:
    past = [
        row
        for number, deaths in enumerate((1000, 2000, 3000, 4000, 5000), start=10)
        for row in ((number, 1, 1, 1900, 1901, 1, deaths), (number, 2, 2, 1900, 1901, 2, 0))
    ]
    here = [(1, 1, 1, 1940, 1950, 1, 9e6), (1, 2, 2, 1940, 1950, 2, 9e6)]

    first = ongoing_wars(wars(*here), NO_DISPUTES, CODES, CINC, 1942)
    later = ongoing_wars(wars(*past, *here), NO_DISPUTES, CODES, CINC, 1942)

    assert (first["battle_deaths_low"][0], first["battle_deaths_high"][0]) == (2000, 20_000)
    assert later["battle_deaths_low"][0] == pytest.approx(2 * 2000)
    assert later["battle_deaths_high"][0] == pytest.approx(2 * 4000)


def test_wars__have_the_aims_of_the_dispute_that_became_them() -> None:
    record = wars((1, 1, 1, 1940, 1950, 1, 0), (1, 2, 2, 1940, 1950, 2, 0))
    territory = disputes((5, 1, 1, 1940, 1), (5, 2, 0, 1940, 3))
    old = disputes((5, 1, 1, 1930, 1), (5, 2, 0, 1930, 3))
    same_side = disputes((5, 1, 1, 1940, 1), (5, 2, 1, 1940, 1))

    aims = [
        ongoing_wars(record, known, CODES, CINC, 1942)["aim"][0]
        for known in (territory, old, same_side)
    ]
    assert aims == ["territory", "none", "none"]


# Whole worlds


def test_world__of_the_pack_is_complete(world: xr.Dataset) -> None:
    for name, variable in world.variables.items():
        assert variable.notnull().all(), name
    assert float(world["capability"].sum()) == pytest.approx(1)
    assert ("ideal_point" in world) is (world.attrs["origin"] >= 1947)
    assert world["memory_quality"].max() <= 1
    turned = world["last_initiator"].values
    pairs = list(zip(world["initiator"].values, world["target"].values, strict=True))
    mirror = [pairs.index((b, a)) for a, b in pairs]
    np.testing.assert_array_equal(turned, -turned[mirror])
    np.testing.assert_array_equal(turned != 0, world["memory_quality"].values > 0)
    if world.attrs["origin"] <= 1870:
        assert not world["trade_share"].any()
        assert world["trade_share_imputed"].all()
        assert "no trade is recorded" in world["trade_share"].attrs["missing_rule"]


def test_world__of_1920_holds_the_league_and_the_war_under_way() -> None:
    pytest.importorskip("pyarrow")
    world = build_snapshot(1920, PACK)
    member = MEMBERSHIP_ROLES.index("member")
    veto = MEMBERSHIP_ROLES.index("permanent_veto")

    def states(institution: str, role: int) -> list[int]:
        roles = world["membership"].sel(institution=institution)
        return roles["state"].values[roles.values == role].tolist()

    assert states("LEAGUE", member) == [70, 100, 200, 230, 290, 450]
    assert states("LEAGUE_COUNCIL", veto) == [200]
    assert world["war"].values.tolist() == ["COW_2"]
    assert world["war_side"].sel(war="COW_2", state=[365, 640, 290, 200]).values.tolist() == [
        *(1, 1),
        *(2, 2),
    ]
    assert int(world["war_initiator"][0]) == 365
    assert 1000 <= float(world["war_deaths_low"][0]) < float(world["war_deaths_high"][0])


@pytest.mark.parametrize(
    ("origin", "message"),
    [
        (1816, "1816: worlds can be built from 1817 to 2026; no capability is recorded"),
        (2027, "2027: worlds can be built from 1817 to 2026"),
        (2015, r"2015: the dispute record .*mid5_disputes\.csv reaches 2000, .* to 2014"),
    ],
)
def test_build__refuses_origins_the_record_does_not_reach(origin: int, message: str) -> None:
    pytest.importorskip("pyarrow")
    with pytest.raises(ForecastError, match=message):
        build_snapshot(origin, PACK)


def test_build__takes_a_later_origin_once_the_record_reaches_it(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    shutil.copytree(PACK, tmp_path / "pack")
    with (tmp_path / "pack" / "mid5_disputes.csv").open("a", encoding="utf-8") as file:
        file.write("9000,1,5,2005,2,5,2005,5,3,0,0,2,2,7,3,0,1,1,0\n")
    with (tmp_path / "pack" / "mid5_participants.csv").open("a", encoding="utf-8") as file:
        for code, side in ((365, 1), (640, 0)):
            file.write(f"9000,XXX,{code},1,5,2005,2,5,2005,{side},1,1,-9,0,0,7,3,1,0\n")

    world = build_snapshot(2006, tmp_path / "pack")

    pair = (world["initiator"] == 365) & (world["target"] == 640)
    assert int(world["last_initiator"][pair.values][0]) == 1
    assert float(world["memory_2y"][pair.values][0]) > 0.7


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("states_cow_v2016.csv", "ARV,2,", "ARV,,", "column ccode, row 2: the cell is empty"),
        ("contiguity_cow_v32.csv", "2,70,1", "2,71,1", "ccode2, row 2: unknown country code 71"),
        ("capitals_cow.csv", "70,Dorvia", "100,Dorvia", "no capital of COW code 70"),
        ("initial_2026/institutions.csv", "UN,United", "UN,United\nUN", "row 12: 2 cells"),
    ],
)
def test_build__names_what_is_wrong_in_a_source(
    name: str, old: str, new: str, message: str, tmp_path: Path
) -> None:
    pytest.importorskip("pyarrow")
    shutil.copytree(PACK, tmp_path / "pack")
    file = tmp_path / "pack" / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ForecastError, match=message):
        build_snapshot(1990, tmp_path / "pack")


# The command


def test_command__builds_a_folder_that_xarray_opens(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    output = tmp_path / "my.zarr"
    asked = ["world", "build", "--origin", "1950", "--data", str(PACK), "--output", str(output)]

    first = CliRunner().invoke(app, asked)
    again = CliRunner().invoke(app, asked)
    over = CliRunner().invoke(app, [*asked, "--overwrite"])

    assert first.exit_code == over.exit_code == 0
    assert "my.zarr: 1 January 1950, 11 states" in first.stdout
    assert again.exit_code == 2
    assert "it exists already" in again.stderr
    with xr.open_dataset(output, engine="zarr", consolidated=False) as opened:
        assert opened.sizes["state"] == 11
    assert read_snapshot(output).attrs["origin"] == 1950


def test_command__tells_a_missing_source_without_traceback(tmp_path: Path) -> None:
    output = tmp_path / "my.zarr"
    asked = ["world", "build", "--origin", "1950", "--data", str(tmp_path), "--output", str(output)]

    told = CliRunner().invoke(app, asked)

    assert told.exit_code == 2
    assert "states_cow_v2016.csv: the file is missing" in told.stderr
    assert not output.exists()
