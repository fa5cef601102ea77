"""Where the machine code of the kernel is kept between processes.

Numba's disk cache does not notice an edited callee, so the folder is named by a hash of every
source file of the kernel and of what compiles it; the processor stands in numba's own index.
"""

import hashlib
import os
import shutil
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

PROJECT = "crossroads-forecast"
KEPT_DAYS = 90


def cache_folder() -> Path | None:
    """Return the folder of machine code for these kernel sources, None if none can be written.

    It lies below FORECAST_CACHE_DIR if that is set, else in the user's cache or, failing that, in
    the temporary folder. Machine code in a user's cache that cannot be written, as in a container,
    is copied from there.
    """
    name = _source_digest()
    found = None
    for root in _roots():
        folder = root / name
        if _usable(folder):
            if found is not None:
                shutil.copytree(found, folder, dirs_exist_ok=True)
            return folder
        if found is None and _readable(folder):
            found = folder
    return None


def _source_digest() -> str:
    versions = (version("numba"), version("llvmlite"), sys.implementation.cache_tag)
    digest = hashlib.sha256(repr(versions).encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _roots() -> list[Path]:
    named = os.environ.get("FORECAST_CACHE_DIR")
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    roots = [Path(named).absolute()] if named else [Path(home)]
    # A home that nobody knows stays "~".
    roots = [root / PROJECT for root in roots if root.is_absolute()]
    own = _own_temporary()
    return roots if own is None else [*roots, own]


def _own_temporary() -> Path | None:
    """Return this user's part of the temporary folder: machine code runs as whoever reads it."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    try:
        folder = Path(tempfile.gettempdir()) / f"{PROJECT}-{user}"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder if folder.stat().st_uid == user else None
    except OSError:
        return None


def _usable(folder: Path) -> bool:
    new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            os.utime(folder)
    except OSError:
        return False
    if new:
        _sweep(folder.parent)
    return True


def _readable(folder: Path) -> bool:
    try:
        return any(folder.rglob("*.nbi"))
    except OSError:
        return False


def _sweep(root: Path) -> None:
    """Remove the machine code of versions of the kernel that nobody has used for a while."""
    for folder in root.iterdir():
        try:
            unused = time.time() - folder.stat().st_mtime
        except OSError:  # another process sweeps as well
            continue
        if unused > KEPT_DAYS * 86400:
            shutil.rmtree(folder, ignore_errors=True)
