"""How kernel functions are compiled: the decorators, and where compiled code is kept.

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
from numba.core.registry import CPUDispatcher

from forecast.kernel.linking import WholeCompiler

_OPTIONS: Any = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
_INNER: Any = {**_OPTIONS, "no_cpython_wrapper": True}
_WHOLE: Any = {**_OPTIONS, "pipeline_class": WholeCompiler}
_KEPT: Any = {**_WHOLE, "cache": True}


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


class _Inner(CPUDispatcher):
    """A function without machine code of its own."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        raise TypeError(f"{self.__name__} can only be called from compiled functions")


def _inner(compiled: Any) -> Any:
    if isinstance(compiled, CPUDispatcher):  # not if the compiler is switched off
        compiled.__class__ = _Inner
    return compiled


def jit(function: Callable[..., Any]) -> Any:
    """Compile a function that only other compiled functions call."""
    return _inner(numba.njit(**_INNER)(function))


def exposed(function: Callable[..., Any]) -> Any:
    """Compile a function that Python calls, and other compiled functions as well."""
    return numba.njit(**_WHOLE)(function)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a function that is copied into its callers, so that their loops can be vectorised."""
    return _inner(numba.njit(**_INNER, forceinline=True)(function))


def entry(function: Callable[..., Any]) -> Any:
    """Compile a function that Python calls, and keep the machine code on disk."""
    folder = cache_folder()
    if folder is None:
        return exposed(function)
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder)
    try:
        return numba.njit(**_KEPT)(function)
    finally:
        numba.config.CACHE_DIR = before
