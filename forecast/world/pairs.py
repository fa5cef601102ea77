"""Square tables over pairs of states, labelled: contiguity, rivalry, trade, affinity."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.world.codes import CONTIGUITIES
from forecast.world.history import covariates
from forecast.world.history.system import locate
from forecast.world.labels import flags, imputed_flag, labelled
from forecast.world.readers.table import Table
from forecast.world.sources import cite

Floats = NDArray[np.float64]
Pair = tuple[int, int]
PAIR_DIMS = ("state", "partner")


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


def spell_rule(what: str) -> str:
    """Return how dated spells of a list are read, for a variable's attributes."""
    return (
        f"{what} that began before 1 January of the origin and had not ended by then; where the "
        "list stops earlier, those that reach its newest date are carried forward (assumption)"
    )


def contiguity(spells: Table, codes: list[int], origin: int) -> xr.Variable:
    """Return the direct contiguity type at the origin, (state, partner).

    Where only one order of a pair is listed, or the two differ, the closer type holds for both.
    """
    return labelled(
        PAIR_DIMS,
        covariates.contiguity_types(spells, np.array(codes), origin),
        long_name="direct contiguity type",
        units="none",
        source=cite("cow_contiguity"),
        year="spell",
        rule=spell_rule("spells"),
        **flags(CONTIGUITIES),
    )


def rivalry(spells: Table, codes: list[int], origin: int) -> xr.Variable:
    """Return whether a strategic rivalry runs at the origin, (state, partner), symmetric 0 or 1."""
    return labelled(
        PAIR_DIMS,
        covariates.rivals(spells, np.array(codes), origin),
        long_name="strategic rivalry ongoing",
        units="1",
        source=cite("rivalries"),
        year="spell",
        rule=spell_rule("rivalries"),
        comment="dated by historians in hindsight: later events may have shaped the list itself",
    )


def trade_shares(trade: Table, codes: list[int], origin: int) -> dict[str, xr.Variable]:
    """Return each state's trade with every partner as a share of all its dyadic trade.

    Trade is imports plus exports in the newest year before the origin, among the states alive;
    a flow that is unknown counts as 0.

    Parameters
    ----------
    trade
        Dyad-years of trade flows.
    codes
        COW codes of the states, sorted.
    origin
        Forecast origin, year.
    """
    year = covariates.newest_year(trade, origin)
    value = _flows(trade.where(trade["year"] == year), codes)
    total = value.sum(axis=1, keepdims=True)
    known = total > 0
    variable = labelled(
        PAIR_DIMS,
        # Single precision is what the snapshot stores; rounding here keeps a rebuild equal to it.
        _single_down(np.divide(value, total, out=np.zeros_like(value), where=known)),
        long_name="share of the state's trade (imports and exports) with the partner",
        units="1",
        source=cite("cow_trade"),
        year=year or origin - 1,
        missing_rule="0 where trade is unknown; states without any known trade have a row of 0"
        + ("" if year else "; no trade is recorded before 1870, so all rows are 0"),
    )
    return {
        "trade_share": variable,
        **imputed_flag("trade_share", variable, ~known[:, 0]),
    }


def _flows(trade: Table, codes: list[int]) -> Floats:
    known_codes = np.array(codes)
    first, first_alive = locate(known_codes, trade["ccode1"])
    second, second_alive = locate(known_codes, trade["ccode2"])
    both = np.nan_to_num(trade["smoothflow1"]) + np.nan_to_num(trade["smoothflow2"])
    kept = first_alive & second_alive
    value = np.zeros((len(codes), len(codes)))
    value[first[kept], second[kept]] = both[kept]
    value[second[kept], first[kept]] = both[kept]
    return value


def _single_down(shares: Floats) -> Floats:
    """Return the shares rounded down to single precision, so that no row can exceed 1."""
    rounded = shares.astype(np.float32)
    above = rounded.astype(np.float64) > shares
    rounded[above] = np.nextafter(rounded[above], np.float32(0.0))
    return rounded.astype(np.float64)


AFFINITY_DECIMALS = 4
"""Ideal points are published to four decimals."""


def affinity(values: Floats, **attributes: Any) -> xr.Variable:
    """Return the affinity of every pair of states, 0-1, (state, partner).

    Parameters
    ----------
    values
        Affinity, symmetric with 1 on the diagonal, (state, state).
    **attributes
        Source, year, formula and the like.
    """
    stored = np.round(values, AFFINITY_DECIMALS).astype(np.float32)
    return labelled(
        PAIR_DIMS,
        stored.astype(np.float64),
        long_name="affinity of the two states' foreign policies",
        units="1",
        **attributes,
    )
