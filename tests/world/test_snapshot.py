"""The shipped snapshot, without any source data."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from forecast.errors import ForecastError
from forecast.world.codes import MEMBERSHIP_ROLES, MEMORY_QUALITIES, REGIONS, STATE_CLASSES
from forecast.world.distance import great_circle_km
from forecast.world.labels import REQUIRED_ATTRIBUTES
from forecast.world.snapshot import (
    SHIPPED_FOLDER,
    read_snapshot,
    shipped_snapshots,
    write_snapshot,
)
from forecast.world.sources import SOURCES

USA, TAIWAN, KOSOVO, RUSSIA, UKRAINE, NORTH_KOREA = 2, 713, 347, 365, 369, 731
REPOSITORY = Path(__file__).parents[2]
MEMORIES = ("memory_2y", "memory_15y", "memory_2y_expected", "memory_15y_expected")


@pytest.fixture(scope="module")
def world() -> xr.Dataset:
    return read_snapshot("2026")


def codes_of(world: xr.Dataset, name: str, *roles: str) -> set[int]:
    wanted = [MEMBERSHIP_ROLES.index(role) for role in roles]
    row = world["membership"].sel(institution=name)
    return set(row["state"].values[np.isin(row.values, wanted)].tolist())


def test_shipped__are_listed_by_name_and_small() -> None:
    assert shipped_snapshots() == ["1920", "1946", "1990", "2001", "2026"]
    for name in shipped_snapshots():
        assert (SHIPPED_FOLDER / f"{name}.zarr.zip").stat().st_size <= 300_000, name


@pytest.fixture(scope="module", params=["1920", "1946", "1990", "2001", "2026"])
def any_world(request: pytest.FixtureRequest) -> xr.Dataset:
    return read_snapshot(request.param)


def test_every_variable__says_what_it_is_and_where_it_is_from(any_world: xr.Dataset) -> None:
    origin = any_world.attrs["origin"]
    for name, variable in any_world.variables.items():
        for attribute in REQUIRED_ATTRIBUTES:
            assert variable.attrs.get(attribute), f"{name} lacks {attribute}"
        assert set(variable.attrs["source"].split(", ")) <= set(SOURCES), name
        year = variable.attrs["year"]
        assert year == "spell" or origin - 15 < year < origin, name


def test_every_source__is_cited_in_the_dataset_and_in_the_licence_list(
    any_world: xr.Dataset,
) -> None:
    licences = (REPOSITORY / "DATA-LICENSES.md").read_text(encoding="utf-8")
    used = {k for v in any_world.variables.values() for k in v.attrs["source"].split(", ")}
    for key, source in SOURCES.items():
        assert (source.citation in any_world.attrs["sources"]) is (key in used), key
        assert f"| `{key}` | {source.citation} | {source.terms} |" in licences, key
    for name in any_world.variables:
        assert f"`{name}`" in licences or str(name).endswith("_imputed"), name


def test_no_variable__has_missing_values(any_world: xr.Dataset) -> None:
    for name, variable in any_world.variables.items():
        assert variable.notnull().all(), name


def test_every_world__has_unique_labels_positive_shares_and_both_directions(
    any_world: xr.Dataset,
) -> None:
    world = any_world
    assert len(set(world["iso3"].values)) == world.sizes["state"]
    assert all(len(code) == 3 for code in world["iso3"].values)
    for name in ("capability_share", "cinc_share", "capability"):
        assert float(world[name].sum()) == pytest.approx(1.0, abs=1e-12), name
        assert float(world[name].min()) > 0
    assert float(world["population"].min()) > 5e3
    assert int(world["is_g3"].sum()) == 3
    pairs = set(zip(world["initiator"].values, world["target"].values, strict=True))
    assert pairs == {(b, a) for a, b in pairs}
    assert ("ideal_point" in world) is (world.attrs["origin"] >= 1947)


def test_affinity__is_symmetric_between_nought_and_one(any_world: xr.Dataset) -> None:
    affinity = any_world["affinity"]
    assert affinity.dims == ("state", "partner")
    np.testing.assert_array_equal(affinity.values, affinity.values.T)
    np.testing.assert_array_equal(np.diagonal(affinity.values), 1.0)
    assert 0 <= float(affinity.min()) <= float(affinity.max()) <= 1


def test_filled_variables__state_their_rule_and_carry_a_flag(world: xr.Dataset) -> None:
    flags = {
        str(n).removesuffix("_imputed") for n in world.data_vars if str(n).endswith("_imputed")
    }
    assert flags == {
        "capability_share",
        "democracy",
        "ideal_point",
        "military_spending_share",
        "population",
        "resilience",
        "trade_share",
    }
    for name in flags:
        assert world[name].attrs["missing_rule"]
        assert world[f"{name}_imputed"].dtype == bool
        assert world[f"{name}_imputed"].dims == ("state",)


def test_labels__are_objects_sorted_and_unique(world: xr.Dataset) -> None:
    for name in ("iso3", "name", "institution", "institution_name", "war", "war_name"):
        assert world[name].dtype == object, name
        assert all(isinstance(text, str) and text for text in world[name].values), name
    for name in ("state", "partner", "institution", "war"):
        assert list(world[name].values) == sorted(set(world[name].values)), name
    np.testing.assert_array_equal(world["state"], world["partner"])
    np.testing.assert_array_equal(world["state"], world["cow_code"])
    assert world["state"].dtype == world["cow_code"].dtype == world["gw_code"].dtype == np.int16
    assert len(set(world["iso3"].values)) == world.sizes["state"]


def test_dyads__are_sorted_pairs_of_listed_states_in_both_directions(world: xr.Dataset) -> None:
    pairs = list(
        zip(world["initiator"].values.tolist(), world["target"].values.tolist(), strict=True)
    )

    assert pairs == sorted(set(pairs))
    assert {code for pair in pairs for code in pair} == set(world["state"].values.tolist())
    assert all(a != b and (b, a) in set(pairs) for a, b in pairs[:200])
    assert set(pairs) == {(b, a) for a, b in pairs}
    np.testing.assert_array_equal(world["dyad"], np.arange(len(pairs)))


def test_states__count_as_in_the_initial_table(world: xr.Dataset) -> None:
    assert world.sizes["state"] == 195
    classes = np.bincount(world["state_class"].values, minlength=len(STATE_CLASSES))
    assert dict(zip(STATE_CLASSES, classes.tolist(), strict=True)) == {
        "small": 163,
        "middle": 25,
        "great": 7,
    }
    great = world["iso3"].values[world["state_class"].values == STATE_CLASSES.index("great")]
    assert sorted(great) == ["CHN", "DEU", "FRA", "GBR", "JPN", "RUS", "USA"]
    assert sorted(world["iso3"].values[world["is_g3"].values == 1]) == ["CHN", "RUS", "USA"]
    assert int((world["nuclear_status"] == 2).sum()) == 9
    assert set(world["region"].values.tolist()) == set(range(len(REGIONS)))


def test_shares__sum_to_one_and_are_positive(world: xr.Dataset) -> None:
    for name in ("capability_share", "cinc_share", "capability", "military_spending_share"):
        assert float(world[name].sum()) == pytest.approx(1.0, abs=1e-12), name
    assert float(world["capability"].min()) > 0
    assert float(world["military_spending_share"].min()) >= 0


def test_capability__is_cinc_reordered_by_composite_share(world: xr.Dataset) -> None:
    share, capability = world["capability_share"].values, world["capability"].values
    np.testing.assert_array_equal(np.sort(capability), np.sort(world["cinc_share"].values))
    order = np.argsort(-share, kind="stable")
    assert (np.diff(capability[order]) <= 0).all()
    assert float(world["capability"].sel(state=USA)) == pytest.approx(0.2325, abs=5e-4)
    assert int(world["state"][int(np.argmax(capability))]) == USA


def test_state_variables__stay_in_their_ranges(world: xr.Dataset) -> None:
    bounds = {
        "democracy": (0, 1),
        "democracy_binary": (0, 1),
        "resilience": (0, 1),
        "ideal_point": (-4, 4),
        "gdp": (10, 5e7),
        "population": (5e3, 2e9),
        "entry_year": (1816, 2025),
        "capital_latitude": (-60, 75),
        "capital_longitude": (-180, 180),
        "distance_km": (1, 20016),
        "trade_share": (0, 1),
    }
    for name, (low, high) in bounds.items():
        assert low <= float(world[name].min()), name
        assert float(world[name].max()) <= high, name
    np.testing.assert_array_equal(world["democracy_binary"], world["democracy"] >= 0.5)
    filled = world["state"].values[world["ideal_point_imputed"].values]
    assert set(filled.tolist()) == {TAIWAN, KOSOVO}
    assert float(world["entry_year"].sel(state=KOSOVO)) == 2008


def test_pair_tables__are_symmetric_with_an_empty_diagonal(world: xr.Dataset) -> None:
    for name in ("contiguity", "rivalry"):
        np.testing.assert_array_equal(world[name].values, world[name].values.T)
    for name in ("contiguity", "rivalry", "defence_obligation", "trade_share"):
        assert not np.diagonal(world[name].values).any(), name
    assert set(np.unique(world["contiguity"])) == {0, 1, 2, 3, 4, 5}
    assert int(world["rivalry"].sum()) == 2 * 56


def test_trade__rows_sum_to_one_or_are_flagged(world: xr.Dataset) -> None:
    total = world["trade_share"].sum("partner").values
    flagged = world["trade_share_imputed"].values
    assert total.max() <= 1.0
    np.testing.assert_allclose(total[~flagged], 1.0, atol=1e-5)
    assert (total[flagged] == 0).all()
    assert flagged.sum() == 9


def test_defence_obligations__hold_the_alliances_of_2026(world: xr.Dataset) -> None:
    owed = world["defence_obligation"].values
    assert int(owed.sum()) == 3532
    assert int(np.triu(np.maximum(owed, owed.T)).sum()) == 1770
    nato = sorted(codes_of(world, "NATO", "member", "leader"))
    inside = world["defence_obligation"].sel(state=nato, partner=nato).values
    assert inside.sum() == 32 * 31

    def owes(debtor: int, creditor: int) -> bool:
        return bool(world["defence_obligation"].sel(state=debtor, partner=creditor))

    assert owes(RUSSIA, NORTH_KOREA)
    assert owes(NORTH_KOREA, RUSSIA)
    assert owes(USA, 740)
    assert not owes(740, USA)  # the treaty with Japan binds one way in ATOP
    assert not owes(USA, UKRAINE)  # agreements with Ukraine are consultative
    assert not owes(200, 305)  # the United Kingdom left the EU clause, Austria is in no other


def test_memberships__match_the_published_lists(world: xr.Dataset) -> None:
    size = (world["membership"] > 0).sum("state")
    expected = {"UN": 193, "NATO": 32, "UNSC": 15, "EU427": 27, "CSTO": 6, "GCC": 6}
    assert {name: int(size.sel(institution=name)) for name in expected} == expected
    assert codes_of(world, "UNSC", "permanent_veto") == {2, 200, 220, 365, 710}
    assert len(codes_of(world, "UNSC", "elected")) == 10
    assert codes_of(world, "NATO", "leader") == {USA}
    ended = size.to_series()[lambda s: s == 0].index
    assert {"LEAGUE", "WARSAW", "SEATO"} <= set(ended)
    assert int(size.where(size > 0).min()) > 1


def test_universe__has_about_the_expected_size_and_content(world: xr.Dataset) -> None:
    great = set(world["state"].values[world["state_class"].values == 2].tolist())
    contiguous = (world["land"] + world["sea"]).values == 1
    with_great = np.isin(world["initiator"], list(great)) | np.isin(world["target"], list(great))
    remembered = world["memory_quality"].values > 0
    rivals = world["dyad_rivalry"].values == 1
    assert (contiguous | with_great | remembered | rivals).all()
    assert int((contiguous | with_great).sum()) == 3622
    assert world.sizes["dyad"] == 3948
    assert int(contiguous.sum()) == int((world["contiguity"] > 0).sum()) == 1112
    assert int(rivals.sum()) == int(world["rivalry"].sum())


def test_memory__has_the_published_totals_and_one_value_per_pair(world: xr.Dataset) -> None:
    initiator, target = world["initiator"].values, world["target"].values
    forward = initiator < target
    totals = [float(world[name].values[forward].sum()) for name in MEMORIES]
    assert totals == pytest.approx([42.3, 373.8, 68.9, 496.6], abs=0.05)
    back = {pair: row for row, pair in enumerate(zip(initiator, target, strict=True))}
    mirror = [back[pair] for pair in zip(target, initiator, strict=True)]
    for name in (*MEMORIES, "memory_quality", "distance_km", "defence_pact", "land"):
        np.testing.assert_allclose(world[name].values, world[name].values[mirror], rtol=1e-12)
    assert int((world["memory_quality"].values[forward] > 0).sum()) == 604
    assert world["memory_quality"].attrs["flag_meanings"].split() == list(MEMORY_QUALITIES)


def test_dyad_variables__agree_with_the_state_tables(world: xr.Dataset) -> None:
    one, other = world["initiator"].values, world["target"].values
    pick = {"state": xr.DataArray(one, dims="dyad"), "partner": xr.DataArray(other, dims="dyad")}
    turned = {"state": pick["partner"], "partner": pick["state"]}
    types = world["contiguity"].sel(pick).values
    np.testing.assert_array_equal(world["land"], types == 1)
    np.testing.assert_array_equal(world["sea"], types > 1)
    np.testing.assert_array_equal(world["dyad_rivalry"], world["rivalry"].sel(pick))
    owed = world["defence_obligation"]
    np.testing.assert_array_equal(world["defence_pact"], owed.sel(pick) | owed.sel(turned))
    point = world["ideal_point"]
    gap = np.abs(point.sel(state=one).values - point.sel(state=other).values)
    np.testing.assert_allclose(world["affinity"].sel(pick), np.exp(-gap), atol=6e-5)
    assert not world["last_initiator"].any()  # the stock's initiators are not recorded
    latitude, longitude = world["capital_latitude"], world["capital_longitude"]
    distance = great_circle_km(
        latitude.sel(state=one).values,
        longitude.sel(state=one).values,
        latitude.sel(state=other).values,
        longitude.sel(state=other).values,
    )
    np.testing.assert_allclose(world["distance_km"], distance, rtol=1e-12)


def test_wars__hold_the_one_active_war(world: xr.Dataset) -> None:
    assert list(world["war"].values) == ["RUS_UKR_2022"]
    assert int(world["war_initiator"][0]) == RUSSIA
    assert int(world["war_target"][0]) == UKRAINE
    assert float(world["war_start"][0]) == pytest.approx(2022 + 54 / 365)
    side = world["war_side"].sel(war="RUS_UKR_2022")
    assert {int(c): int(s) for c, s in zip(side["state"], side, strict=True) if s} == {
        RUSSIA: 1,
        NORTH_KOREA: 1,
        UKRAINE: 2,
    }
    assert 0 < float(world["war_deaths_low"][0]) < float(world["war_deaths_high"][0])


def test_snapshot__survives_writing_and_reading_with_equal_bytes(
    world: xr.Dataset, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.zarr.zip", tmp_path / "b.zarr.zip"
    write_snapshot(world, first)
    again = read_snapshot(first)
    write_snapshot(again, second)

    xr.testing.assert_identical(again, world)
    assert first.read_bytes() == second.read_bytes()


def test_snapshot__reads_an_unpacked_folder(world: xr.Dataset, tmp_path: Path) -> None:
    with zipfile.ZipFile(SHIPPED_FOLDER / "2026.zarr.zip") as archive:
        archive.extractall(tmp_path / "unpacked")

    xr.testing.assert_identical(read_snapshot(tmp_path / "unpacked"), world)


def test_read__names_the_shipped_snapshots_when_there_is_no_such_one() -> None:
    with pytest.raises(
        ForecastError,
        match=r"'2031' does not exist: .*shipped snapshots \(1920, 1946, 1990, 2001, 2026\)",
    ):
        read_snapshot("2031")


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + 18 * b"\x00"])
def test_read__refuses_a_damaged_archive(content: bytes, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.zarr.zip"
    damaged.write_bytes(content)
    with pytest.raises(ForecastError, match="not a readable world snapshot"):
        read_snapshot(damaged)


def test_read__refuses_another_layout(world: xr.Dataset, tmp_path: Path) -> None:
    write_snapshot(world.assign_attrs(schema_version=0), tmp_path / "old.zarr.zip")
    with pytest.raises(ForecastError, match="schema_version is 0"):
        read_snapshot(tmp_path / "old.zarr.zip")


def test_write__refuses_bad_names_missing_folders_and_silent_overwriting(
    world: xr.Dataset, tmp_path: Path
) -> None:
    with pytest.raises(ForecastError, match=r"must end in \.zarr, a folder, or in \.zarr\.zip"):
        write_snapshot(world, tmp_path / "world.nc")
    with pytest.raises(ForecastError, match="no such folder"):
        write_snapshot(world, tmp_path / "absent" / "world.zarr.zip")
    kept = tmp_path / "kept.zarr.zip"
    kept.write_bytes(b"mine")
    for overwrite, reason in ((False, "it exists already"), (True, "it is no world")):
        with pytest.raises(ForecastError, match=reason):
            write_snapshot(world, kept, overwrite=overwrite)
    assert kept.read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["world.zarr", "world.zarr.zip"])
def test_write__replaces_a_world_and_leaves_nothing_else(
    world: xr.Dataset, name: str, tmp_path: Path
) -> None:
    place = tmp_path / name
    write_snapshot(read_snapshot("1920"), place)
    with pytest.raises(ForecastError, match="it exists already"):
        write_snapshot(world, place)

    write_snapshot(world, place, overwrite=True)

    xr.testing.assert_identical(read_snapshot(place), world)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_folder__opens_in_xarray_alone(world: xr.Dataset, tmp_path: Path) -> None:
    write_snapshot(world, tmp_path / "world.zarr")

    with xr.open_dataset(tmp_path / "world.zarr", engine="zarr", consolidated=False) as opened:
        assert dict(opened.sizes) == dict(world.sizes)
        np.testing.assert_array_equal(opened["capability"].values, world["capability"].values)


@pytest.mark.parametrize("name", ["2026.zarr", "my.zarr"])
def test_overwriting__spares_a_folder_that_is_no_world(
    world: xr.Dataset, name: str, tmp_path: Path
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(ForecastError, match="it is no world"):
        write_snapshot(world, folder, overwrite=True)

    assert (folder / "thesis.txt").read_text(encoding="utf-8") == "mine"
