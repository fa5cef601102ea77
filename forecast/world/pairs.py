"""Square tables over pairs of states: contiguity, rivalry, trade, distance."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.world.codes import CONTIGUITIES
from forecast.world.labels import flags, imputed_flag, labelled
from forecast.world.readers.table import Table
from forecast.world.sources import cite

Floats = NDArray[np.float64]
Pair = tuple[int, int]
PAIR_DIMS = ("state", "partner")

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth, km. Source: Moritz (2000), Geodetic Reference System 1980."""


def positions(codes: list[int]) -> dict[int, int]:
    """Return the position of each COW code in the sorted list."""
    return {code: position for position, code in enumerate(codes)}


def pair_matrix(pairs: Iterable[Pair], codes: list[int]) -> NDArray[np.int8]:
    """Return 1 at (row state, column state) of every pair, 0 elsewhere."""
    at = positions(codes)
    matrix = np.zeros((len(codes), len(codes)), dtype=np.int8)
    for first, second in pairs:
        matrix[at[first], at[second]] = 1
    return matrix


def contiguity(spells: Table, codes: list[int]) -> xr.Variable:
    """Return the direct contiguity type of the newest date of the data, (state, partner).

    Where only one order of a pair is listed, or the two differ, the closer type holds for both.

    Raises
    ------
    ForecastError
        If a current spell names an unknown state.
    """
    newest = spells["enddate"].max()
    current = spells.where((spells["enddate"] == newest) & (spells["conttype"] > 0))
    current.require_states(codes, "ccode1", "ccode2")
    at = positions(codes)
    none = len(CONTIGUITIES)
    types = np.full((len(codes), len(codes)), none, dtype=np.int8)
    for spell in current.records():
        i, j = at[spell["ccode1"]], at[spell["ccode2"]]
        types[i, j] = min(types[i, j], spell["conttype"])
    types = np.minimum(types, types.T)
    return labelled(
        PAIR_DIMS,
        np.where(types == none, 0, types).astype(np.int8),
        long_name="direct contiguity type",
        units="none",
        source=cite("cow_contiguity"),
        year=int(newest[:4]),
        rule="spells that reach the newest date of the list, carried forward to the origin",
        **flags(CONTIGUITIES),
    )


def rivalry(spells: Table, codes: list[int]) -> xr.Variable:
    """Return whether a strategic rivalry is ongoing, (state, partner), symmetric 0 or 1.

    Raises
    ------
    ForecastError
        If an ongoing rivalry names an unknown state.
    """
    last = int(spells["endyear"].max())
    ongoing = spells.where(spells["endyear"] == last).require_states(codes, "ccode1", "ccode2")
    pairs = [(int(a), int(b)) for a, b in zip(ongoing["ccode1"], ongoing["ccode2"], strict=True)]
    return labelled(
        PAIR_DIMS,
        pair_matrix([*pairs, *((b, a) for a, b in pairs)], codes),
        long_name="strategic rivalry ongoing",
        units="1",
        source=cite("rivalries"),
        year=last,
        rule=f"rivalries still running in {last}, where the list ends, are carried forward "
        "unchanged; none that arose or ended later is known (assumption)",
    )


def trade_shares(trade: Table, codes: list[int]) -> dict[str, xr.Variable]:
    """Return each state's trade with every partner as a share of all its dyadic trade.

    Trade is imports plus exports; a flow that is unknown counts as 0.

    Parameters
    ----------
    trade
        Flows of the newest year.
    codes
        COW codes of the states, sorted.

    Raises
    ------
    ForecastError
        If a flow names an unknown state.
    """
    trade.require_states(codes, "ccode1", "ccode2")
    at = positions(codes)
    value = np.zeros((len(codes), len(codes)))
    both = np.nan_to_num(trade["smoothflow1"]) + np.nan_to_num(trade["smoothflow2"])
    for first, second, flow in zip(trade["ccode1"], trade["ccode2"], both, strict=True):
        value[at[first], at[second]] = value[at[second], at[first]] = flow
    total = value.sum(axis=1, keepdims=True)
    known = total > 0
    variable = labelled(
        PAIR_DIMS,
        # Single precision is what the snapshot stores; rounding here keeps a rebuild equal to it.
        _single(np.divide(value, total, out=np.zeros_like(value), where=known)),
        long_name="share of the state's trade (imports and exports) with the partner",
        units="1",
        source=cite("cow_trade"),
        year=int(trade["year"].max()),
        missing_rule="0 where trade is unknown; states without any known trade have a row of 0",
    )
    return {
        "trade_share": variable,
        **imputed_flag("trade_share", variable, ~known[:, 0]),
    }


def _single(shares: Floats) -> Floats:
    """Return the shares rounded down to single precision, so that no row can exceed 1."""
    rounded = shares.astype(np.float32)
    above = rounded.astype(np.float64) > shares
    rounded[above] = np.nextafter(rounded[above], np.float32(0.0))
    return rounded.astype(np.float64)


def great_circle_km(
    latitude_a: Floats, longitude_a: Floats, latitude_b: Floats, longitude_b: Floats
) -> Floats:
    """Return great-circle distances between points on a spherical Earth (haversine formula).

    Parameters
    ----------
    latitude_a, longitude_a, latitude_b, longitude_b
        Coordinates of both points, degrees, any one shape.

    Returns
    -------
    NDArray
        Distance, km, 0 to half the circumference.

    Source
    ------
    Sinnott (1984), Virtues of the Haversine, Sky and Telescope 68(2): 159.

    Examples
    --------
    >>> point = np.array([0.0])
    >>> great_circle_km(point, point, point, np.array([180.0])).round().tolist()
    [20015.0]
    """
    phi_a, phi_b = np.radians(latitude_a), np.radians(latitude_b)
    half_phi = (phi_b - phi_a) / 2
    half_lambda = np.radians(longitude_b - longitude_a) / 2
    chord = np.sin(half_phi) ** 2 + np.cos(phi_a) * np.cos(phi_b) * np.sin(half_lambda) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0))))
