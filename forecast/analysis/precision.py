"""How many more trajectories a difference needs to be known to a given precision."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import xarray as xr

from forecast.errors import ForecastError


class Precision(NamedTuple):
    """Half the width of a 95 % interval to reach, in units or as a share of the reference."""

    size: float
    relative: bool


def parse_precision(text: str) -> Precision:
    """Return the precision of a text such as ``0.01`` or ``5%``.

    Raises
    ------
    ForecastError
        If it is no positive number.

    Examples
    --------
    >>> parse_precision("5%")
    Precision(size=0.05, relative=True)
    """
    relative = text.strip().endswith("%")
    try:
        size = float(text.strip().removesuffix("%")) / (100 if relative else 1)
    except ValueError:
        size = math.nan
    if not (math.isfinite(size) and size > 0):
        raise ForecastError(
            f"--precision {text}: not a positive number; give half the width of the 95 % interval, "
            "such as 0.01 in the outcome's units or 5% of the reference's value"
        )
    return Precision(size, relative)


def with_needs(comparison: xr.Dataset, precision: Precision) -> xr.Dataset:
    """Return a comparison with `more_trajectories`: how many every difference still needs.

    The half width h of an interval falls as h²(s·N/N' + 1 - s), s the share of the variance that
    more trajectories under the same draws take away; without draws s is one. Infinite where the
    parameters' part alone is wider than asked; NaN where an error is unknown.

    Parameters
    ----------
    comparison
        Of all outcomes.
    precision
        Half width to reach.
    """
    reference = comparison.sel(architecture=comparison.attrs["reference"])["estimate"]
    target = precision.size * (abs(reference) if precision.relative else 1.0)
    half = (comparison["upper"] - comparison["lower"]) / 2
    error = comparison["std_error"]
    share = (comparison["simulation_error"] / error.where(error > 0)) ** 2
    share = share.clip(max=1.0).where(error != 0, 1.0)
    room = target**2 - half**2 * (1 - share)
    needed = comparison["trajectories"] * half**2 * share / room.where(room > 0)
    more = -((comparison["trajectories"] - needed).clip(max=0.0) // 1)
    more = more.where(room > 0, np.inf).where(half > target, 0.0)
    more = more.where(np.isfinite(half) & np.isfinite(share) & (target > 0))
    meaning = "trajectories to add for the precision asked for; infinite where none suffice"
    return comparison.assign(more_trajectories=more.assign_attrs(long_name=meaning))
