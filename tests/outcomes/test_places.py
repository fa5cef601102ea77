"""What a place promises, whether it is a folder or an object store."""

from __future__ import annotations

import os
import pickle
import socket
import stat
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from forecast.errors import ForecastError
from forecast.outcomes.places import Place, get_many, place_of
from forecast.outcomes.places import bucket as buckets
from forecast.outcomes.places import lease as leases
from forecast.outcomes.places.bucket import LOCK, Bucket
from forecast.outcomes.places.folder import Folder
from forecast.outcomes.places.lease import Lease
from forecast.outcomes.reading import DamagedError
from forecast.outcomes.store import open_outcomes
from tests.cloud import served_bucket

OBJECTS = {"zarr.json": b"{}", "a/zarr.json": b"", "a/x/c.0": b"\x00\xff", "ab/c.0": b"other"}
ANYTHING = "commits/layout/c"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with served_bucket() as address:
        yield address


@pytest.fixture
def bucket(server: str) -> Bucket:
    return Bucket(f"{server}/{uuid.uuid4().hex}/run.zarr")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "deep" / "run.zarr")


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(request.param)
    return found


def filled(place: Place) -> Place:
    place.make_room(OBJECTS)
    place.put(OBJECTS)
    return place


def contents(place: Place) -> dict[str, bytes | None]:
    return dict(get_many(place, place.list("")))


def test_place__gives_back_what_was_put(place: Place) -> None:
    assert contents(filled(place)) == OBJECTS
    assert {key: place.get(key) for key in OBJECTS} == OBJECTS


def test_place__puts_over_an_old_object(place: Place) -> None:
    filled(place).put({"a/x/c.0": b"new", "zarr.json": b"{1}"})
    assert contents(place) == {**OBJECTS, "a/x/c.0": b"new", "zarr.json": b"{1}"}


@pytest.mark.parametrize("key", ["b", "a/y", "a/x/c.1", "a", "a/x/c.0/d"])
def test_place__gives_none_for_what_is_missing(place: Place, key: str) -> None:
    assert place.get(key) is None
    assert filled(place).get(key) is None


def test_place__gives_many_in_the_order_asked_for(place: Place) -> None:
    keys = ["zarr.json", "missing", "a/x/c.0"]
    assert list(get_many(filled(place), keys)) == [(key, OBJECTS.get(key)) for key in keys]


def test_place__lists_a_folder_and_not_what_its_name_begins(place: Place) -> None:
    assert place.list("") == place.list("a") == []
    assert filled(place).list("a") == ["a/x/c.0", "a/zarr.json"]
    assert place.list("a/x/c") == []
    assert place.list("") == sorted(OBJECTS)


def test_place__deletes_what_is_named_and_does_not_mind_what_is_missing(place: Place) -> None:
    place.delete(["a/x/c.0"])
    filled(place).delete(key for key in ("missing", "a/x/c.0", "nowhere/c.0"))
    place.delete([])
    assert place.list("") == ["a/zarr.json", "ab/c.0", "zarr.json"]


def test_place__is_taken_by_any_object_and_cleared_of_all(place: Place) -> None:
    place.clear()
    assert not place.taken()
    place.make_room(["ab/c.0"])
    assert not place.taken()
    place.put({"ab/c.0": b""})
    assert place.taken()
    filled(place).clear()
    assert not place.taken()
    assert place.list("") == []


def test_place__leaves_its_neighbours_alone(place: Place) -> None:
    neighbour = place_of(f"{place.name}2")
    filled(neighbour)
    filled(place).delete(OBJECTS)
    place.clear()
    assert contents(neighbour) == OBJECTS


def test_place__of_any_name_is_found_again(place: Place) -> None:
    other = filled(place_of(f"{place.name} 50% é"))
    assert contents(place_of(other.name)) == OBJECTS
    assert not place.taken()


def test_place__survives_a_journey_to_another_process(place: Place) -> None:
    filled(place)
    assert contents(pickle.loads(pickle.dumps(place))) == OBJECTS


def test_place__is_read_by_zarr_without_being_written_to(place: Place) -> None:
    assert filled(place).plain.read_only
    assert contents(place) == OBJECTS


def test_lock__refuses_a_second_holder_and_is_free_again(place: Place) -> None:
    for _ in range(2):
        with place.held():
            with pytest.raises(ForecastError, match="another run is writing") as refusal:
                place.held().__enter__()
            assert "\n" not in str(refusal.value)
            assert not place.taken()


def test_lock__is_free_after_a_fault_and_outlives_clearing(place: Place) -> None:
    with pytest.raises(OSError, match="fault"), place.held():
        raise OSError("fault")
    with place.held():
        filled(place).clear()
        with pytest.raises(ForecastError, match="another run is writing"):
            place.held().__enter__()


def test_lock__of_one_place_does_not_hold_another_up(place: Place) -> None:
    with place.held(), place_of(f"{place.name}2").held():
        pass


@pytest.mark.parametrize("text", ["s3:/bucket/run.zarr", Path("gs://bucket/run.zarr")])
def test_place_of__refuses_an_address_that_was_made_a_path(text: Any) -> None:
    with pytest.raises(ForecastError, match="give it as a text"):
        place_of(text)


def test_place_of__takes_the_address_of_a_folder(tmp_path: Path) -> None:
    assert place_of(f"file://{tmp_path}/a.zarr") == Folder(tmp_path / "a.zarr")


def test_damage__is_told_across_processes(place: Place) -> None:
    told = pickle.loads(pickle.dumps(DamagedError(place, "a/x/c.0")))
    assert (told.place, told.key) == (place, "a/x/c.0")
    assert str(told) == str(DamagedError(place, "a/x/c.0"))


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows with every flush of a file or folder, and every new name."""
    seen: list[str] = []
    flush, replace = os.fsync, Path.replace

    def watched_flush(descriptor: int) -> None:
        flush(descriptor)
        seen.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")

    def watched_replace(self: Path, target: Path) -> Path:
        seen.append(f"{target.parent.name}/{target.name}")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", watched_flush)
    monkeypatch.setattr(Path, "replace", watched_replace)
    return seen


def test_folder__flushes_files_before_they_get_their_name_and_folders_after(
    folder: Folder, steps: list[str]
) -> None:
    keys = ["a/x/c.0", "a/x/c.1", "a/zarr.json"]
    folder.make_room(keys)
    assert steps == ["folder"] * 5  # the root, a, a/x, commits, commits/layout
    steps.clear()
    folder.put(dict.fromkeys(keys, b"1"))
    assert steps == [*["file"] * 3, "x/c.0", "x/c.1", "a/zarr.json", *["folder"] * 2]


def test_folder__flushes_what_a_deletion_and_a_new_store_leave(
    folder: Folder, steps: list[str]
) -> None:
    filled(folder.draft)
    steps.clear()
    folder.draft.delete(["a/x/c.0", "ab/c.0"])
    assert steps == ["folder", "folder"]
    folder.take_draft()
    assert steps == ["folder"] * 3
    assert folder.list("") == ["a/zarr.json", "zarr.json"]


def full_disk(calls: int) -> Callable[[int], None]:
    """Return a flush that fails from some call on."""
    lock, left = threading.Lock(), [calls]

    def flush(descriptor: int) -> None:
        with lock:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(28, "No space left on device")

    return flush


@pytest.mark.parametrize("calls", [0, 1, 2])
def test_folder__whose_put_fails_holds_what_it_held(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    filled(folder)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full_disk(calls))
        with pytest.raises(OSError, match="No space left"):
            folder.put({"zarr.json": b"new", "a/x/c.0": b"new", "a/x/c.7": b"new"})
    assert contents(folder) == OBJECTS


def test_folder__that_is_gone_is_not_made_anew_by_a_put(folder: Folder) -> None:
    with pytest.raises(FileNotFoundError):
        folder.put({"a/x/c.0": b"late"})
    assert not folder.path.exists()


def test_folder__lock_of_a_killed_process_holds_nobody_up(folder: Folder) -> None:
    code = (
        "import sys, time\n"
        "from forecast.outcomes.places import place_of\n"
        "with place_of(sys.argv[1]).held():\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, folder.name], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(ForecastError, match="another run is writing"):
            folder.held().__enter__()
        process.kill()
    with folder.held():
        pass


@pytest.fixture
def stale(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Return a switch that makes every lease stale, or none."""

    def switch(on: bool) -> None:
        monkeypatch.setattr(leases, "STALE_AFTER", timedelta(0) if on else timedelta(seconds=120))

    return switch


def lease_of(bucket: Bucket) -> Lease:
    return Lease(bucket.store, LOCK, bucket.name)


def test_lease__of_a_process_of_this_machine_that_died_is_taken_over_at_once(
    bucket: Bucket,
) -> None:
    dead, alive, heir = (lease_of(bucket) for _ in range(3))
    alive.take()
    with pytest.raises(ForecastError, match="another run is writing"):
        heir.take()
    alive.release()
    gone = subprocess.Popen([sys.executable, "-c", "pass"])
    gone.wait()
    dead.holder = dead.holder.replace(f":{os.getpid()} ", f":{gone.pid} ")
    dead.take()
    heir.take()
    assert heir._is_ours()


def test_place__is_never_a_whole_bucket() -> None:
    for address in ("s3://bucket", "s3://bucket/", "gs://bucket"):
        with pytest.raises(ForecastError, match="a run's alone"):
            place_of(address)


def test_lease__that_is_stale_is_taken_over_and_not_let_go_by_who_lost_it(
    bucket: Bucket, stale: Callable[[bool], None]
) -> None:
    first, second = lease_of(bucket), lease_of(bucket)
    first.take()
    stale(True)
    second.take()
    stale(False)
    first.release()
    with pytest.raises(ForecastError, match="its lease ends 120 s after"):
        lease_of(bucket).take()
    second.release()
    assert bucket.list("") == []


def meanwhile(patch: pytest.MonkeyPatch, action: Callable[[], object]) -> None:
    """Let something happen between the look at a lease and its taking."""
    honest = leases._server_time

    def late(store: Any, key: str) -> datetime:
        action()
        return honest(store, key)

    patch.setattr(leases, "_server_time", late)


def test_lease__goes_to_one_of_two_contenders(
    bucket: Bucket, stale: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    dead, quicker, slower = (lease_of(bucket) for _ in range(3))
    dead.take()
    stale(True)
    old = dead.seen()
    assert old is not None
    meanwhile(monkeypatch, lambda: quicker._put(old.version))
    with pytest.raises(ForecastError, match="another run is writing"):
        slower.take()
    assert quicker._is_ours()


def test_lease__renewed_just_in_time_is_kept(
    bucket: Bucket, stale: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    holder, other = lease_of(bucket), lease_of(bucket)
    holder.take()
    stale(True)
    meanwhile(monkeypatch, lambda: holder._put(holder.version))
    with pytest.raises(ForecastError, match="another run is writing"):
        other.take()
    assert holder._is_ours()


def test_lease__let_go_just_as_it_is_looked_at_is_taken(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder, other = lease_of(bucket), lease_of(bucket)
    holder.take()
    honest = Lease.seen

    def too_late(self: Lease) -> Any:
        if self is other:
            holder.release()
        return honest(self)

    monkeypatch.setattr(Lease, "seen", too_late)
    other.take()
    assert other._is_ours()


def test_lease__whose_last_renewal_was_not_acknowledged_is_still_held(bucket: Bucket) -> None:
    holder = lease_of(bucket)
    holder.take()
    forgotten = holder.version
    assert holder._put(holder.version)
    assert holder._put(forgotten)
    assert holder._put(holder.version)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


def test_lease__is_renewed_until_another_has_it(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEWED_EVERY", timedelta(milliseconds=10))
    thief = lease_of(bucket)
    with bucket.held():
        first = thief.seen()
        assert first is not None
        until(lambda: thief.seen() != first)
        while not thief._put((thief.seen() or first).version):
            pass
        time.sleep(0.1)
        assert thief._is_ours()
    assert thief._is_ours()


def test_lease__that_somebody_removed_ends_quietly(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEWED_EVERY", timedelta(milliseconds=10))
    with bucket.held():
        bucket.delete([LOCK])
        time.sleep(0.1)
        assert bucket.list("") == []


def test_bucket__is_not_taken_by_who_asked_for_its_lease_and_died(bucket: Bucket) -> None:
    bucket.put({f"{LOCK}-0123": b""})
    assert not bucket.taken()


VERBS: dict[str, Callable[[Place], object]] = {
    "list": lambda place: place.list(""),
    "put": lambda place: place.put({"a": b"1"}),
    "taken": lambda place: place.taken(),
    "held": lambda place: place.held().__enter__(),
    "open": lambda place: open_outcomes(place.name),
}


def refusal_of(verb: str, address: str) -> str:
    """Return the message of a refusal, which has but one line."""
    with pytest.raises(ForecastError) as refused:
        VERBS[verb](place_of(address))
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("verb", VERBS)
def test_bucket__that_does_not_exist_is_told_in_a_line(server: str, verb: str) -> None:
    assert (
        refusal_of(verb, "s3://no-such-bucket/run.zarr")
        == "s3://no-such-bucket/run.zarr: the object store does not answer as it should "
        "(NoSuchBucket: The specified bucket does not exist); check the address, the network and "
        "the credentials"
    )


@pytest.mark.parametrize("verb", VERBS)
def test_bucket__whose_server_is_not_there_is_told_in_a_line(
    server: str, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setattr(buckets, "RETRIES", 0)
    buckets._opened.cache_clear()
    told = refusal_of(verb, "s3://elsewhere/run.zarr")
    buckets._opened.cache_clear()
    assert "s3://elsewhere/run.zarr: the object store does not answer" in told


@pytest.mark.parametrize("address", ["s3://", "s3:///run.zarr", "foo://bucket/run.zarr"])
def test_bucket__of_a_wrong_address_is_told_in_a_line(address: str) -> None:
    told = refusal_of("open", address)
    assert "not the address of an object store" in told
    assert "it looks like s3://bucket/run.zarr" in told


@pytest.mark.parametrize("verb", VERBS)
def test_bucket__without_obstore_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    for module in ("obstore", "obstore.store", "obstore.exceptions"):
        monkeypatch.setitem(sys.modules, module, None)
    buckets._opened.cache_clear()
    assert 'pip install "crossroads-forecast[cloud]"' in refusal_of(verb, "s3://bucket/run.zarr")


@pytest.fixture
def profile(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield a file of AWS credentials with one profile; the environment holds no others."""
    credentials = tmp_path / "credentials"
    credentials.write_text("[work]\naws_access_key_id = mine\naws_secret_access_key = hush\n")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-such-file"))
    monkeypatch.setenv("AWS_PROFILE", "work")
    buckets._opened.cache_clear()
    yield credentials
    buckets._opened.cache_clear()


def test_profile__opens_a_bucket(bucket: Bucket, profile: Path) -> None:
    provider = buckets._profile(bucket.name)["credential_provider"]
    assert provider()["access_key_id"] == "mine"
    assert contents(filled(bucket)) == OBJECTS


@pytest.mark.parametrize("address", ["gs://bucket/run.zarr", "az://bucket/run.zarr"])
def test_profile__is_asked_for_s3_alone(profile: Path, address: str) -> None:
    assert buckets._profile(address) == {}


def test_profile__gives_way_to_the_environment(
    profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    assert buckets._profile("s3://bucket/run.zarr") == {}


def test_profile__is_not_asked_for_where_there_is_none_or_no_boto3(
    profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "boto3", None)
        assert buckets._profile("s3://bucket/run.zarr") == {}
    profile.unlink()
    monkeypatch.delenv("AWS_PROFILE")
    assert buckets._profile("s3://bucket/run.zarr") == {}


def test_profile__of_an_unknown_name_is_told_in_a_line(
    profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "play")
    assert "profile (play) could not be found" in refusal_of("open", "s3://bucket/run.zarr")
