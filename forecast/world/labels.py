"""Variables that carry their own meaning: long name, units, source and year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

REQUIRED_ATTRIBUTES = ("long_name", "units", "source", "year")

Dims = str | tuple[str, ...]


def labelled(
    dims: Dims,
    values: ArrayLike,
    *,
    long_name: str,
    units: str,
    source: str,
    year: int | str,
    **more: Any,
) -> xr.Variable:
    """Return a variable with the attributes every world variable must carry.

    Parameters
    ----------
    dims
        Dimension name(s).
    values
        The data.
    long_name
        What it is, in the field's words.
    units
        Physical unit; ``1`` for a pure number, ``none`` for labels and codes.
    source
        Keys of `forecast.world.sources.SOURCES`, joined by commas.
    year
        Year of the newest datum used, or ``spell`` for dated spells.
    **more
        Further attributes, such as `missing_rule`.
    """
    attrs: dict[str, Any] = {
        "long_name": long_name,
        "units": units,
        "source": source,
        "year": year,
        **more,
    }
    return xr.Variable(dims, np.asarray(values), attrs)


def flags(meanings: Sequence[str]) -> dict[str, Any]:
    """Return the attributes that explain codes 0, 1, 2, ... as the words in `meanings`."""
    return {"flag_values": list(range(len(meanings))), "flag_meanings": " ".join(meanings)}


def imputed_flag(name: str, of: xr.Variable, imputed: ArrayLike) -> dict[str, xr.Variable]:
    """Return the companion flag that marks the filled values of a state variable.

    Parameters
    ----------
    name
        Name of the filled variable.
    of
        The filled variable itself; its `missing_rule` says how values were filled.
    imputed
        True where filled, (state,).
    """
    flag = labelled(
        "state",
        np.asarray(imputed, dtype=bool),
        long_name=f"{of.attrs['long_name']}: filled by rule",
        units="none",
        source=of.attrs["source"],
        year=of.attrs["year"],
        comment=of.attrs["missing_rule"],
    )
    return {f"{name}_imputed": flag}


def text_array(values: Iterable[object]) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Return texts as an object array: zarr has no settled form for fixed-width strings."""
    texts = [str(value) for value in values]
    array = np.empty(len(texts), dtype=object)
    array[:] = texts
    return array
