"""A store in a folder: objects are files, put in place by renaming and flushed to the disk."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from forecast.errors import ForecastError

if TYPE_CHECKING:
    from zarr.abc.store import Store

DRAFT, FORMER, LOCK = ".partial", ".former", ".lock"

TEMPORARY = ".writing-"
"""What the names of files that are being written hold."""

SCRATCH = "commits/layout"
"""Folder for such files of a group, whose own folder zarr lists."""

AT_ONCE = 8
"""Files flushed at the same time: disks take many flushes together for the price of one."""


@dataclass(frozen=True)
class Folder:
    """A store in a folder, on this machine or shared between machines."""

    path: Path

    @property
    def name(self) -> str:
        """The path, as it was given."""
        return str(self.path)

    @property
    def plain(self) -> Store:
        """The folder as zarr reads it."""
        from zarr.storage import LocalStore

        return LocalStore(self.path, read_only=True)

    @property
    def draft(self) -> Folder:
        """The folder beside this one in which a first run grows."""
        return self._beside(DRAFT)

    @property
    def former(self) -> Folder:
        """Where a store stands aside while another takes its place."""
        return self._beside(FORMER)

    def __reduce__(self) -> tuple[type[Folder], tuple[Path]]:
        """Travel under an absolute path: the process that unpacks it may work in another folder."""
        return Folder, (self.path.absolute(),)

    def _beside(self, suffix: str) -> Folder:
        return Folder(self.path.with_name(f"{self.path.name}{suffix}"))

    def get(self, key: str) -> bytes | None:
        """Return a file's bytes, or None where there is none."""
        try:
            return (self.path / key).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    def list(self, prefix: str) -> list[str]:
        """Return the files below a folder, in order."""
        found = []
        for folder, _, files in os.walk(self.path / prefix):
            inside = Path(folder).relative_to(self.path).as_posix()
            found += [name if inside == "." else f"{inside}/{name}" for name in files]
        return sorted(found)

    def make_room(self, keys: Iterable[str]) -> None:
        """Make the folders that files of these keys need."""
        needed = {self.path / SCRATCH, *((self.path / key).parent for key in keys)}
        for folder in sorted(needed):
            folder.mkdir(parents=True, exist_ok=True)
        inside = {parent for folder in needed for parent in (folder, *folder.parents)}
        for folder in sorted(inside):
            if folder == self.path or self.path in folder.parents:
                _flush_folder(folder)

    def put(self, objects: Mapping[str, bytes]) -> None:
        """Write files: all are flushed under other names before the first takes its own.

        Raises
        ------
        OSError
            If one cannot be written, or its folder is gone; then none has taken its place.
        """
        mark = f"{TEMPORARY}{uuid.uuid4().hex}"
        temporary = {key: self._temporary(key, mark) for key in objects}
        try:
            writing = [_pool().submit(_write, temporary[key], objects[key]) for key in objects]
            faults = [fault for fault in (done.exception() for done in writing) if fault]
            if faults:
                raise faults[0]
            for key, written in temporary.items():
                written.replace(self.path / key)
        except BaseException:
            for written in temporary.values():
                written.unlink(missing_ok=True)
            raise
        for folder in sorted({(self.path / key).parent for key in objects}):
            _flush_folder(folder)

    def _temporary(self, key: str, mark: str) -> Path:
        target = self.path / key
        if target.name == "zarr.json":
            return self.path / SCRATCH / f"{key.replace('/', '.')}{mark}"
        return target.with_name(f"{target.name}{mark}")

    def delete(self, keys: Iterable[str]) -> None:
        """Remove files; those that are missing already are no fault."""
        gone = [self.path / key for key in keys]
        for path in gone:
            path.unlink(missing_ok=True)
        for folder in sorted({path.parent for path in gone if path.parent.exists()}):
            _flush_folder(folder)

    def taken(self) -> bool:
        """Return whether anything has this name but empty folders and half-written files."""
        if not self.path.is_dir():
            return os.path.lexists(self.path)
        files = (name for _, _, names in os.walk(self.path) for name in names)
        return any(TEMPORARY not in name for name in files)

    def clear(self) -> None:
        """Remove the folder and all in it, the root object first."""
        (self.path / "zarr.json").unlink(missing_ok=True)
        shutil.rmtree(self.path, ignore_errors=True)

    def take_draft(self) -> None:
        """Let the finished draft take this name, and what had it before go."""
        self.former.clear()
        if os.path.lexists(self.path):
            self.path.rename(self.former.path)
        self.draft.path.rename(self.path)
        _flush_folder(self.path.parent)
        self.former.clear()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other run from writing here; a lock whose process died holds nobody up.

        Raises
        ------
        ForecastError
            If another run holds the store.
        """
        from filelock import FileLock, Timeout

        lock = self.path.with_name(f".{self.path.name}{LOCK}")
        lock.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(lock, timeout=0):
                yield
        except Timeout:
            raise ForecastError(
                f"{self.name}: another run is writing this store; wait for it, or choose another "
                "--output"
            ) from None


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(path: Path) -> None:
    """Make the names in a folder survive a loss of power, where the system can be asked to."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="files")
