"""World snapshots on disk: one zarr v3 archive per forecast origin."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xarray as xr
from zarr.storage import LocalStore, ZipStore

from forecast.errors import ForecastError

SCHEMA_VERSION = 1
"""Version of the snapshot's layout; it rises when a variable is renamed or changes meaning."""

SUFFIX = ".zarr.zip"
SHIPPED_FOLDER = Path(__file__).parent / "snapshots"

SINGLE_PRECISION = ("trade_share",)
"""Variables stored as float32 and widened on reading: their sources bear no more digits."""

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
        archive or of an unpacked zarr folder.

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
        if label.dtype.kind not in "iufb"
    }


def _wide(world: xr.Dataset) -> dict[str, xr.DataArray]:
    present = [name for name in SINGLE_PRECISION if name in world]
    return {name: world[name].copy(data=world[name].values.astype(float)) for name in present}


def write_snapshot(world: xr.Dataset, path: Path, *, overwrite: bool = False) -> None:
    """Write a world dataset as one archive; equal datasets give equal bytes.

    The archive appears under its name only when complete.

    Parameters
    ----------
    world
        World dataset with attribute `schema_version`.
    path
        Archive to write, ending in ``.zarr.zip``.
    overwrite
        Whether an existing archive is replaced.

    Raises
    ------
    ForecastError
        If the name ends otherwise, the folder is missing, or the archive exists and
        `overwrite` is false.
    """
    if not path.name.endswith(SUFFIX):
        raise ForecastError(f"{path}: the name of a snapshot must end in {SUFFIX}")
    if not path.parent.is_dir():
        raise ForecastError(f"{path.parent}: no such folder; create it first")
    if path.exists() and not overwrite:
        raise ForecastError(f"{path}: the snapshot exists; choose another name or overwrite it")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".snapshot-") as workshop:
        folder, archive = Path(workshop) / "zarr", Path(workshop) / "archive"
        encoding = {name: {"dtype": "float32"} for name in SINGLE_PRECISION if name in world}
        world.to_zarr(LocalStore(folder), zarr_format=3, consolidated=False, encoding=encoding)
        _pack(folder, archive)
        os.replace(archive, path)


def _pack(folder: Path, archive: Path) -> None:
    """Put a folder into a zip archive in sorted order and with one fixed date."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, file.read_bytes())
