"""How kernel functions are compiled: the decorators.

No fastmath: stored results must not depend on how LLVM reorders sums.
"""

import logging
from collections.abc import Callable
from typing import Any

import numba
from numba import types
from numba.core.registry import CPUDispatcher

from forecast.kernel.cache import cache_folder
from forecast.kernel.linking import WholeCompiler

_OPTIONS: Any = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
_INNER: Any = {**_OPTIONS, "no_cpython_wrapper": True}
_WHOLE: Any = {**_OPTIONS, "pipeline_class": WholeCompiler}
_KEPT: Any = {**_WHOLE, "cache": True}


class _Inner(CPUDispatcher):
    """A function without machine code of its own."""

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Compile for an integer of any value: numba would compile anew for each literal."""
        return super().get_call_template([types.unliteral(kind) for kind in args], kws)

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
        logging.getLogger(__name__).warning(
            "No cache folder can be written: the model is compiled anew at every start. "
            "FORECAST_CACHE_DIR names a folder to use."
        )
        return exposed(function)
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder)
    try:
        return numba.njit(**_KEPT)(function)
    finally:
        numba.config.CACHE_DIR = before
