from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from pyarrow import parquet

from forecast.analysis.replay import Event, Replay, replay
from forecast.analysis.replay.courses import courses
from forecast.analysis.replay.parting import BRED, DETERRED, RAISED, SAME, fates, first_parting, key
from forecast.errors import ForecastError
from forecast.kernel.streams import child_id
from forecast.outcomes.store import open_outcomes
from forecast.run import run
from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.world.origin import build_world
from tests.commands import assert_refused, call
from tests.small_world import small_world

REFERENCE, OTHER = "status_quo_un", "consolidated_alliances"

COUNTED = {
    "dispute_count": "dispute",
    "war_count": "war",
    "joiner_count": "joined",
    "veto_count": "vetoed",
    "tested_obligation_count": "promise_tested",
    "peacekeeping_count": "peacekeeping",
    "compliance_count": "complied",
    "conquest_count": "state_death",
    "nuclear_use_count": "nuclear_use",
    "proliferation_count": "armed",
    "rivalry_start_count": "rivalry_started",
    "rivalry_end_count": "rivalry_ended",
    "pact_end_count": "pact_ended",
    "accession_count": "acceded",
    "exit_count": "exited",
    "dissolution_count": "dissolved",
    "coercion_count": "coerced",
}
"""Stored counts that are the number of events of a kind."""


@pytest.fixture(autouse=True, scope="module")
def in_a_small_world() -> Iterator[None]:
    world = small_world()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("forecast.execution.prepare.build_world", lambda scenario: world)
        yield


@pytest.fixture(scope="module")
def pairs(store: Path, in_a_small_world: None) -> list[Replay]:
    """Return some trajectories under both architectures."""
    return [replay(store, number, [REFERENCE, OTHER]) for number in range(5)]


@pytest.fixture(params=["store", "drawn_store"])
def any_store(request: pytest.FixtureRequest) -> Path:
    return Path(request.getfixturevalue(request.param))


def assert_counted(told: Replay, stored: xr.Dataset, architecture: str) -> None:
    table = told.to_dataframe().query("architecture == @architecture")
    number = table["event"].value_counts()
    one = stored.sel(trajectory=told.trajectory, architecture=architecture)
    for name, event in COUNTED.items():
        assert number.get(event, 0) == one[name], name
    assert number.get("fatal", 0) + number.get("war", 0) == one["fatal_dispute_count"]
    deaths = table.loc[table["event"].isin(["fatal", "war_deaths"]), "value"].sum()
    assert deaths == one["battle_deaths"]


def test_replay__tells_what_the_store_counts(any_store: Path) -> None:
    tree = open_outcomes(any_store)
    stored = tree["trajectories"].to_dataset().load()
    happened = 0
    for number in stored["trajectory"].values[:4].tolist():
        told = replay(tree, number, [REFERENCE, OTHER])
        assert told.draw == stored["draw"].sel(trajectory=number)
        for name in (REFERENCE, OTHER):
            assert_counted(told, stored, name)
        happened += len(told.events)
    assert happened > 200


def test_replay__by_default_tells_the_reference_in_order_of_time(store: Path) -> None:
    told = replay(store, 3)
    table = told.to_dataframe()
    assert told.architectures == (REFERENCE,)
    assert table["time"].is_monotonic_increasing
    assert table["date"].is_monotonic_increasing
    assert table["date"].between("2026-01-01", "2031-12-31").all()
    assert set(table["initiator"].dropna()) <= set(told.names)
    years = table["date"].str[:4].astype(int) - 2026
    assert ((table["time"] - years).between(0, 1)).all()


def test_replay__credibility_is_that_of_the_store(store: Path, pairs: list[Replay]) -> None:
    stored = open_outcomes(store)["institutions/credibility"].sel(architecture=OTHER).isel(batch=1)
    total = xr.zeros_like(stored.load())
    for event in (e for told in pairs[2:4] for e in told.of(OTHER) if e.event == "credibility"):
        year = int(event.date[:4])
        assert event.date == f"{year}-12-31"
        total.loc[{"institution": event.institution, "year": year}] += event.value
    assert total.max() > 1
    np.testing.assert_allclose(total, stored, rtol=1e-12)


def test_replay__refuses_a_store_that_is_not_reproduced(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = small_world()
    other = other.assign(capability=other["capability"][::-1].variable)
    with pytest.raises(ForecastError, match="cannot be computed again here"):
        replay(store, 2, world=other)
    tree = open_outcomes(store)
    spoilt = tree["trajectories"].to_dataset().load().copy(deep=True)
    spoilt["veto_count"][1, 2] += 1
    tree["trajectories"] = xr.DataTree(spoilt)
    with pytest.raises(ForecastError, match=r"trajectory 2 .* is not the stored one \(veto_count"):
        replay(tree, 2)


@pytest.mark.parametrize(
    ("number", "architectures", "message"),
    [
        (13, [], "trajectory 13: .* holds 13 trajectories, 0 to 12"),
        (-1, [], "holds 13 trajectories"),
        (2, ["status_quo"], "did you mean 'status_quo_un'"),
        (2, [REFERENCE, REFERENCE], "named twice"),
        (2, [REFERENCE, OTHER, "third"], "did you mean|choose one of"),
    ],
)
def test_replay__refuses_what_is_not_there(
    store: Path, number: int, architectures: list[str], message: str
) -> None:
    with pytest.raises(ForecastError, match=message):
        replay(store, number, architectures)


def test_parting__is_the_first_event_of_a_dispute_that_differs(pairs: list[Replay]) -> None:
    parted = 0
    for told in pairs:
        one, other = (
            sorted(
                ((e.time, key(e)) for c in courses(told, name) for e in c.events),
                key=lambda timed: timed[0],
            )
            for name in (REFERENCE, OTHER)
        )
        parting = first_parting(told)
        if parting is None:
            assert one == other
            continue
        parted += 1
        assert [e for e in one if e[0] < parting.time] == [e for e in other if e[0] < parting.time]
        for event, mine, theirs in ((parting.one, one, other), (parting.other, other, one)):
            now = [e[1] for e in mine if e[0] == parting.time]
            assert event is None or key(event) in now
            assert now != [e[1] for e in theirs if e[0] == parting.time]
    assert parted >= 2


def test_parting__from_itself_never_comes() -> None:
    event = Event("a", "war", "2026-02-01", 0.1, f"{7:016x}", "USA", "CHN", None, 0.2, "")
    told = partial(Replay, "s", 0, 0, 1, ("a", "b"), ("completed",) * 2)
    events = (event, event._replace(architecture="b", value=0.3))
    assert first_parting(told(events, {}, {}, frozenset())) is None
    lone = first_parting(told((event,), {}, {}, frozenset()))
    assert lone is not None
    assert (lone.one, lone.other) == (event, None)
    assert "probability of escalation is 0.2 under a" in lone.why


def test_fates__have_every_dispute_of_either_history(pairs: list[Replay]) -> None:
    for told in pairs:
        found = fates(told)
        for side, name in enumerate((REFERENCE, OTHER)):
            assert {f.first.id: f[side] for f in found if f[side]} == {
                c.id: c for c in courses(told, name)
            }


def test_shared__are_the_provocations_that_the_store_counts(
    store: Path, pairs: list[Replay]
) -> None:
    stored = open_outcomes(store)["annual/shared_onset_count"].isel(batch=1).sum("year")
    accepted = [
        [{c.id for c in courses(told, name)} & told.shared for name in (REFERENCE, OTHER)]
        for told in pairs[2:4]
    ]
    for at, of in ((0, 0), (0, 1), (1, 1)):
        assert sum(len(one[at] & one[of]) for one in accepted) == stored[at, of]
    assert stored.min() > 10


def test_fates__tell_the_deterred_from_what_was_never_bred() -> None:
    def id_of(parent: int, number: int) -> int:
        return int(child_id(np.uint64(parent), np.int64(number)))

    common, lone = id_of(2, 0), id_of(2, 1)
    expected = {lone: DETERRED, id_of(common, 4): DETERRED, id_of(lone, 3): BRED, 99: RAISED}
    there = [("a", id) for id in (common, *expected)] + [("b", common)]
    events = tuple(
        Event(name, "dispute", "2026-02-01", 0.1, f"{id:016x}", "USA", "CHN", None, 0.0, "")
        for name, id in there
    )
    shared = frozenset(f"{id:016x}" for id in (common, lone))
    ends = ("completed",) * 2
    found = fates(Replay("s", 0, 0, 1, ("a", "b"), ends, events, {}, {}, shared))
    assert {int(f.first.id, 16): f.kind for f in found} == {
        common: SAME,
        **{id: kind.format("a") for id, kind in expected.items()},
    }


def test_command__tells_a_history(store: Path, pairs: list[Replay]) -> None:
    told = call("replay", store, "--trajectory", 3)
    assert told.exit_code == 0, told.output
    assert f"trajectory 3, draw 0, under {REFERENCE}" in told.stdout
    assert "every stored value of the trajectory is met" in told.stdout
    wars = [c for c in courses(pairs[3], REFERENCE) if c.is_war]
    for course in wars:
        assert course.first.date in told.stdout
    assert "Not shown: " in told.stdout


def test_command__tells_two_side_by_side(store: Path, pairs: list[Replay]) -> None:
    words = ["--trajectory", 3, "--architecture", REFERENCE, "--architecture", OTHER]
    told = call("replay", store, *words)
    assert told.exit_code == 0, told.output
    parting = first_parting(pairs[3])
    assert parting is not None
    assert f"Their disputes first part on {parting.date}" in told.stdout
    assert "both, with the same course" in told.stdout


def test_command__gives_the_same_events_as_json_parquet_and_from_python(
    store: Path, tmp_path: Path
) -> None:
    output = tmp_path / "events.parquet"
    words = ["--trajectory", 3, "--architecture", OTHER, "--architecture", REFERENCE]
    told = call("replay", store, *words, "--json", "-o", output)
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert (found["trajectory"], found["architectures"]) == (3, [OTHER, REFERENCE])
    assert found["parting"]["why"]
    table = replay(store, 3, [OTHER, REFERENCE]).to_dataframe()
    assert list(found["events"][0]) == list(table.columns)
    pd.testing.assert_frame_equal(pd.DataFrame(found["events"]), table)
    pd.testing.assert_frame_equal(
        pd.read_parquet(output).astype(object), table.astype(object), check_dtype=False
    )
    about = json.loads(parquet.read_schema(output).metadata[b"forecast"])
    assert (about["trajectory"], about["events"]) == (3, len(table))


def test_command__refuses_what_cannot_be(store: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken.parquet"
    taken.touch()
    for words, message in (
        ([], "name a trajectory"),
        (["--trajectory", 1, "--limit", 2], "--limit"),
        (["--trajectory", 1, "--find", "1 > 0"], "--find only finds"),
        (["--trajectory", 99], "holds 13 trajectories, 0 to 12"),
        (["--trajectory", 1, "-o", taken], "exists already"),
        (["--trajectory", 1, "-o", tmp_path / "e.csv"], "must end in .parquet"),
        (["--trajectory", 1, "-o", tmp_path / "none" / "e.parquet"], "there is no folder"),
    ):
        assert_refused(call("replay", store, *words), message)
    assert_refused(call("replay", tmp_path / "none.zarr", "--trajectory", 1), "no such outcome")


def test_unfinished_store__tells_what_is_there(store: Path, tmp_path: Path) -> None:
    part = shutil.copytree(store, tmp_path / "part.zarr")
    (part / "commits/record/c.1.0").unlink()
    assert replay(part, 4).trajectory == 4
    with pytest.raises(ForecastError, match=r"holds 11 .* 0 to 12; its run is not complete"):
        replay(part, 3)
    found = call("replay", part, "--find", f"{REFERENCE}.dispute_count >= 0", "--limit", 13)
    assert "11 of 11 trajectories match" in found.stdout
    assert "not complete" in found.stderr


@pytest.mark.verify
def test_replay__of_200_random_trajectories_gives_the_stored_values(tmp_path: Path) -> None:
    scenario = load_scenario(shipped_configs() / "three_futures.toml")
    world = build_world(scenario)
    tree = run(scenario, world, output=tmp_path / "full.zarr", trajectories=400)
    stored = tree["trajectories"].to_dataset().load()
    names = stored["architecture"].values
    chosen = np.random.default_rng(7).choice(400, 200, replace=False)
    for at, number in enumerate(chosen.tolist()):
        name = str(names[at % len(names)])
        assert_counted(replay(tree, number, name, world=world), stored, name)
