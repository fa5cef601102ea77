"""How kernel functions are compiled: the two decorators, and where compiled code is kept.

Numba's disk cache does not notice an edited callee, so the cache folder is keyed by a hash of every
source file of the kernel. No fastmath: stored results must not depend on how LLVM reorders sums.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba


def _source_digest() -> str:
    digest = hashlib.sha256(f"{numba.__version__} {sys.version_info[:2]}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def cache_folder() -> Path | None:
    """Return the first writable cache folder for these kernel sources, or None."""
    named = os.environ.get("FORECAST_CACHE_DIR")
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    roots = [named] if named else [home, tempfile.gettempdir()]
    for root in roots:
        folder = Path(root) / "crossroads-forecast" / _source_digest()
        if _writable(folder):
            return folder
    return None


def jit(function: Callable[..., Any]) -> Any:
    """Compile a function that other kernel functions call."""
    return numba.njit(nogil=True, error_model="numpy")(function)


def entry(function: Callable[..., Any]) -> Any:
    """Compile a function that Python calls, and keep the machine code on disk."""
    folder = cache_folder()
    if folder is None:
        return jit(function)
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder)
    try:
        return numba.njit(nogil=True, error_model="numpy", cache=True)(function)
    finally:
        numba.config.CACHE_DIR = before
