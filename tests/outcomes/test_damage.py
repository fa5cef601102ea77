"""Every file of a store truncated, flipped or removed: named by verify, never read as values."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from forecast.errors import ForecastError
from forecast.outcomes.fingerprint import fingerprint
from forecast.outcomes.layout import block_paths, chunk_keys
from forecast.outcomes.places.folder import Folder
from forecast.outcomes.store import open_outcomes
from forecast.outcomes.variables import VARIABLES
from forecast.outcomes.verify import examine
from forecast.studies.stores import mend, recomputed, sound
from tests.small_world import small_run, small_world

SAMPLE = 20


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of three trajectories in batches of two."""
    path = tmp_path_factory.mktemp("damage") / "run.zarr"
    small_run(path, trajectories=3)
    return path


@pytest.fixture(scope="module")
def values(intact: Path) -> dict[str, Any]:
    tree = open_outcomes(intact)
    return {variable.path: tree[variable.path].values for variable in VARIABLES}


@pytest.fixture
def store(intact: Path, tmp_path: Path) -> Path:
    """Return a copy to be spoilt."""
    shutil.copytree(intact, tmp_path / "run.zarr")
    return tmp_path / "run.zarr"


def truncated(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data))]


def flipped(data: bytes, dice: random.Random) -> bytes:
    place, bit = dice.randrange(len(data)), 1 << dice.randrange(8)
    return data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]


DAMAGES: dict[str, Callable[[bytes, random.Random], bytes] | None] = {
    "truncated": truncated,
    "flipped": flipped,
    "removed": None,
}


def spoil(file: Path, kind: str, dice: random.Random) -> None:
    damage = DAMAGES[kind]
    data = file.read_bytes()
    if damage is None:
        file.unlink()
    else:
        file.write_bytes(damage(data, dice))


def read_values(store: Path) -> dict[str, Any] | None:
    """Return what is read of a store, or None if reading is refused with a message for people."""
    try:
        tree = open_outcomes(store)
        found = {variable.path: tree[variable.path] for variable in VARIABLES}
        return {path: array.load() for path, array in found.items()}
    except ForecastError:
        return None


def assert_named_and_never_read(
    store: Path, key: str, kind: str, dice: random.Random, values: dict[str, Any]
) -> None:
    """Spoil a file, hold that it is named and not read as a result, and put it back."""
    file = store / key
    data = file.read_bytes()
    spoil(file, kind, dice)
    assert examine(Folder(store)).damaged == [key], (key, kind)
    found = read_values(store)
    # A batch without its record does not count; everything else must be refused.
    assert found is None or key.startswith("commits/record/c."), (key, kind)
    if found is not None:
        for path, array in found.items():
            part = values[path]
            for axis, dim in enumerate(array.dims):
                if dim in ("trajectory", "batch"):
                    part = np.take(part, array[dim].values, axis)
            assert array.values.tobytes() == part.tobytes(), (key, kind, path)
    file.write_bytes(data)


def files_of(store: Path) -> list[str]:
    return sorted(p.relative_to(store).as_posix() for p in store.rglob("*") if p.is_file())


def test_damage__of_some_file_is_named_and_never_read(store: Path, values: dict[str, Any]) -> None:
    dice = random.Random(1)
    files = files_of(store)
    always = [key for key in files if key.startswith("commits/") or key.count("/") < 2]
    for key in [*always, *dice.sample(files, SAMPLE)]:
        kind = dice.choice(sorted(DAMAGES))
        assert_named_and_never_read(store, key, kind, dice, values)


@pytest.mark.verify
@pytest.mark.parametrize("kind", sorted(DAMAGES))
def test_damage__of_every_file_is_named_and_never_read(
    kind: str, store: Path, values: dict[str, Any]
) -> None:
    dice = random.Random(2)
    files = files_of(store)
    assert len(files) > 450
    for key in files:
        assert_named_and_never_read(store, key, kind, dice, values)


def test_damage__is_mended_to_the_same_fingerprint(intact: Path, store: Path) -> None:
    dice = random.Random(3)
    files = files_of(store)
    chunks = [key for key in files if "/c." in key]
    for key in ["zarr.json", "commits/record/c.1.0", "states/iso3/c.0", *dice.sample(chunks, 5)]:
        spoil(store / key, dice.choice(sorted(DAMAGES)), dice)
    mend(store, sound(store), small_world())
    assert not sound(store).damaged
    assert fingerprint(store) == fingerprint(intact)
    assert files_of(store) == files


@pytest.mark.parametrize("key", ["zarr.json", "commits/layout/c", "commits/zarr.json"])
def test_damage__of_either_copy_of_the_root_is_mended(key: str, intact: Path, store: Path) -> None:
    (store / key).write_bytes(b"")
    mend(store, sound(store), small_world())
    assert fingerprint(store) == fingerprint(intact)


def test_damage__of_both_copies_of_the_root_is_past_mending(store: Path) -> None:
    (store / "zarr.json").write_bytes(b"")
    (store / "commits/layout/c").write_bytes(b"")
    with pytest.raises(ForecastError):
        mend(store, sound(store), small_world())


def test_chunk__of_another_batch_is_no_substitute(store: Path) -> None:
    """A whole chunk in the wrong place ends in its checksum; the record tells it apart."""
    position = block_paths().index("annual/dispute_count")
    one, other = (store / chunk_keys(batch)[position] for batch in (0, 1))
    one.write_bytes(other.read_bytes())
    assert examine(Folder(store)).damaged == [chunk_keys(0)[position]]


def test_leftovers__of_no_use_are_no_damage(store: Path) -> None:
    (store / "annual/war_count/c.7.0.0").write_bytes(b"stray")
    assert not examine(Folder(store)).damaged
    assert read_values(store) is not None


def test_recomputing__proves_every_batch(store: Path) -> None:
    batches, unlike = recomputed(store, 10, small_world())
    assert batches == [0, 1]
    assert not unlike


def test_recomputing__refuses_another_world(store: Path) -> None:
    with pytest.raises(ForecastError, match="world_digest"):
        recomputed(store, 1)


def test_recomputing__finds_values_that_this_package_would_not_give(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forecast.outcomes import batches

    honest = batches._annual

    def off(*arguments: Any) -> dict[str, Any]:
        found = honest(*arguments)
        found["annual/war_count"] = found["annual/war_count"] + 1
        return found

    monkeypatch.setattr(batches, "_annual", off)
    assert recomputed(store, 1, small_world())[1].popitem()[1] == ["annual/war_count"]


def test_plain_reader__is_told_of_flipped_bits_too(store: Path) -> None:
    file = store / "annual/dispute_count/c.0.0.0"
    spoil(file, "flipped", random.Random(4))
    plain = xr.open_datatree(store, engine="zarr", consolidated=False)
    with pytest.raises((ValueError, RuntimeError)):
        plain["annual/dispute_count"].load()
