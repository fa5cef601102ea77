"""World snapshots on disk: a zarr v3 folder or archive per forecast origin."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from zarr.storage import LocalStore, ZipStore

from forecast.errors import ForecastError

SCHEMA_VERSION = 2
"""Version of the snapshot's layout; it rises when a variable is renamed or changes meaning."""

FOLDER_SUFFIX = ".zarr"
SUFFIX = ".zarr.zip"
SHIPPED_FOLDER = Path(__file__).parent / "snapshots"

SINGLE_PRECISION = ("affinity", "trade_share")
"""Variables stored as float32 and widened on reading: their sources bear no more digits."""

TEXTS = (
    "institution",
    "institution_kind",
    "institution_name",
    "iso3",
    "name",
    "war",
    "war_name",
)
"""Variables that hold text, even where they are empty."""

MARK = "universe_rule"
"""Attribute that every world has and no other store."""

_EPOCH = (1980, 1, 1, 0, 0, 0)


def shipped_snapshots() -> list[str]:
    """Return the names of the snapshots that come with the package, such as ``2026``."""
    return sorted(path.name.removesuffix(SUFFIX) for path in SHIPPED_FOLDER.glob(f"*{SUFFIX}"))


def read_snapshot(name_or_path: str | Path) -> xr.Dataset:
    """Return a world snapshot, loaded into memory.

    Parameters
    ----------
    name_or_path
        Name of a shipped snapshot (see `shipped_snapshots`), or the path of a ``.zarr.zip``
        archive or of a zarr folder.

    Returns
    -------
    xarray.Dataset
        Dimensions state, partner, dyad, institution, war.

    Raises
    ------
    ForecastError
        If there is no such snapshot, it cannot be read, or its layout is of another version.

    Examples
    --------
    >>> int(read_snapshot("2026").sizes["state"])
    195
    """
    path = _locate(name_or_path)
    try:
        world = _load(path)
    # A damaged archive fails in zip, zarr, the codec or xarray, each with errors of its own.
    except Exception as error:
        raise ForecastError(
            f"{path}: not a readable world snapshot ({type(error).__name__}: {error}); "
            "build it anew or name a shipped one"
        ) from error
    found = world.attrs.get("schema_version")
    if found != SCHEMA_VERSION:
        raise ForecastError(
            f"{path}: attribute schema_version is {found}, this version of the package reads "
            f"{SCHEMA_VERSION}; build the snapshot anew"
        )
    return world


def _locate(name_or_path: str | Path) -> Path:
    shipped = SHIPPED_FOLDER / f"{name_or_path}{SUFFIX}"
    if str(name_or_path) in shipped_snapshots():
        return shipped
    path = Path(name_or_path)
    if not path.exists():
        raise ForecastError(
            f"world snapshot '{name_or_path}' does not exist: it is neither a file nor one of the "
            f"shipped snapshots ({', '.join(shipped_snapshots()) or 'none'})"
        )
    return path


def _load(path: Path) -> xr.Dataset:
    store = LocalStore(path, read_only=True) if path.is_dir() else ZipStore(path, mode="r")
    try:
        world: xr.Dataset = xr.open_zarr(store, consolidated=False, chunks=None).load()
    finally:
        store.close()
    # zarr lists an archive's arrays in no fixed order.
    world = world[sorted(map(str, world.data_vars))]
    return world.assign_coords(_text(world.coords)).assign(_wide(world))


def _text(coordinates: Mapping[Any, xr.DataArray]) -> dict[Any, xr.DataArray]:
    """Return the text coordinates as object arrays, whatever string type zarr chose."""
    return {
        name: label.copy(data=label.values.astype(object))
        for name, label in coordinates.items()
        if name in TEXTS
    }


def _wide(world: xr.Dataset) -> dict[str, xr.DataArray]:
    present = [name for name in SINGLE_PRECISION if name in world]
    return {name: world[name].copy(data=world[name].values.astype(float)) for name in present}


def write_snapshot(world: xr.Dataset, path: Path, *, overwrite: bool = False) -> None:
    """Write a world dataset as a zarr folder or one archive; equal datasets give equal bytes.

    It appears under its name only when complete.

    Parameters
    ----------
    world
        World dataset with attribute `schema_version`.
    path
        What to write: a folder ending in ``.zarr`` or an archive ending in ``.zarr.zip``.
    overwrite
        Whether an existing world is replaced; anything else is never replaced.

    Raises
    ------
    ForecastError
        If the name ends otherwise, the folder around it is missing, or something exists under
        the name that `overwrite` does not allow to replace.
    """
    check_output(path, overwrite=overwrite)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".world-") as workshop:
        folder, archive = Path(workshop) / "new", Path(workshop) / "archive"
        _write_folder(world, folder)
        if path.name.endswith(SUFFIX):
            _pack(folder, archive)
            folder = archive
        if path.is_dir():
            os.replace(path, Path(workshop) / "old")
        os.replace(folder, path)


def check_output(path: Path, *, overwrite: bool) -> None:
    """Raise a ForecastError unless a world may be written under this name."""
    if not path.name.endswith((SUFFIX, FOLDER_SUFFIX)):
        raise ForecastError(
            f"{path}: the name of a world must end in {FOLDER_SUFFIX}, a folder, or in {SUFFIX}, "
            "one archive"
        )
    if not path.parent.is_dir():
        raise ForecastError(f"{path.parent}: no such folder; create it first")
    if not path.exists():
        return
    if not overwrite:
        raise ForecastError(f"{path}: it exists already; choose another name or overwrite it")
    if not _is_world(path):
        raise ForecastError(
            f"{path}: it is no world, so it is not overwritten; choose another name"
        )


def _is_world(path: Path) -> bool:
    """Return whether a folder or archive carries the mark of a world."""
    try:
        if path.is_dir():
            root = json.loads((path / "zarr.json").read_bytes())
        else:
            with zipfile.ZipFile(path) as archive:
                root = json.loads(archive.read("zarr.json"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return False
    return isinstance(root, dict) and MARK in root.get("attributes", {})


def _write_folder(world: xr.Dataset, folder: Path) -> None:
    encoding: dict[str, Any] = {
        name: {"dtype": "float32"} for name in SINGLE_PRECISION if name in world
    }
    # xarray takes an empty object array for numbers.
    empty = {n: world[n].astype(np.dtypes.StringDType()) for n in TEXTS if not world[n].size}
    stored = world.assign_coords(empty)
    stored.to_zarr(LocalStore(folder), zarr_format=3, consolidated=False, encoding=encoding)


def _pack(folder: Path, archive: Path) -> None:
    """Put a folder into a zip archive in sorted order and with one fixed date."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, file.read_bytes())
