"""Variables of the directed dyads of the universe."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.world.codes import LAND_CONTIGUITY, MEMORY_QUALITIES
from forecast.world.labels import flags, labelled
from forecast.world.pairs import great_circle_km, positions
from forecast.world.readers.table import Table
from forecast.world.sources import cite
from forecast.world.universe import universe

Variables = dict[str, xr.Variable]

MEMORIES = {
    "memory_2y": ("s2", "with an e-folding time of 2 years"),
    "memory_15y": ("s15", "with an e-folding time of 15 years"),
    "memory_2y_expected": ("s2_expected", "expected from data to 2014, e-folding time 2 years"),
    "memory_15y_expected": ("s15_expected", "expected from data to 2014, e-folding time 15 years"),
}
"""Memory variables: column of the memory file, and how each is described."""


DISPUTES_CODED_TO = 2014
"""Last year of the dispute data behind the expected memory (MID 5.0)."""


class Dyads(NamedTuple):
    """Positions of the states of each directed dyad.

    Parameters
    ----------
    initiator, target
        Position in the sorted state list, (dyad,).
    """

    initiator: NDArray[np.intp]
    target: NDArray[np.intp]


class Memory(NamedTuple):
    """Dispute memory as square tables.

    Parameters
    ----------
    values
        Memory variables by name, each (state, partner), symmetric, >= 0.
    quality
        Code of `MEMORY_QUALITIES`, (state, partner), symmetric.
    """

    values: dict[str, NDArray[np.float64]]
    quality: NDArray[np.int8]


def dispute_memory(table: Table, codes: list[int]) -> Memory:
    """Return the memory of undirected dyads as symmetric tables; 0 where no row is given."""
    at = positions(codes)
    first = np.array([at[int(code)] for code in table["ccode1"]])
    second = np.array([at[int(code)] for code in table["ccode2"]])
    quality = np.array([MEMORY_QUALITIES.index(text) for text in table["quality"]], dtype=np.int8)

    def spread(values: NDArray[Any]) -> NDArray[Any]:
        square = np.zeros((len(codes), len(codes)), dtype=values.dtype)
        square[first, second] = square[second, first] = values
        return square

    values = {name: spread(table[column]) for name, (column, _) in MEMORIES.items()}
    return Memory(values, spread(quality))


def select_dyads(state: Variables, pair: Variables, memory: Memory) -> Dyads:
    """Return the directed dyads of the politically relevant universe.

    Parameters
    ----------
    state, pair
        State variables and square tables of the world.
    memory
        Dispute memory.
    """
    initiator, target = universe(
        pair["contiguity"].values,
        state["state_class"].values,
        memory.quality > 0,
        pair["rivalry"].values,
    )
    return Dyads(initiator, target)


def dyad_coordinates(dyads: Dyads, codes: list[int]) -> Variables:
    """Return the labels of the dimension `dyad`."""
    by_position = np.array(codes, dtype=np.int16)

    def label(values: NDArray[Any], name: str) -> xr.Variable:
        return labelled(
            "dyad", values, long_name=name, units="none", source=cite("cow_states"), year="spell"
        )

    return {
        "dyad": label(np.arange(len(dyads.initiator), dtype=np.int32), "number of the dyad"),
        "initiator": label(by_position[dyads.initiator], "COW code of the potential initiator"),
        "target": label(by_position[dyads.target], "COW code of the potential target"),
    }


def dyad_variables(
    dyads: Dyads, state: Variables, pair: Variables, memory: Memory, origin: int
) -> Variables:
    """Return all variables of dimension `dyad`."""
    return {
        **_geography(dyads, state, pair),
        **_politics(dyads, state, pair),
        **_memory(dyads, memory, origin),
    }


def _geography(dyads: Dyads, state: Variables, pair: Variables) -> Variables:
    contiguity = pair["contiguity"]
    types = contiguity.values[dyads]
    latitude, longitude = state["capital_latitude"], state["capital_longitude"]

    def indicator(values: NDArray[np.bool_], name: str) -> xr.Variable:
        attrs = {key: contiguity.attrs[key] for key in ("source", "year")}
        return labelled("dyad", values.astype(np.int8), long_name=name, units="1", **attrs)

    distance = great_circle_km(
        latitude.values[dyads.initiator],
        longitude.values[dyads.initiator],
        latitude.values[dyads.target],
        longitude.values[dyads.target],
    )
    return {
        "land": indicator(types == LAND_CONTIGUITY, "contiguous by land or river"),
        "sea": indicator(types > LAND_CONTIGUITY, "contiguous by at most 400 miles of water"),
        "distance_km": labelled(
            "dyad",
            distance,
            long_name="great-circle distance between the capitals",
            units="km",
            source=latitude.attrs["source"],
            year=latitude.attrs["year"],
        ),
    }


def _politics(dyads: Dyads, state: Variables, pair: Variables) -> Variables:
    owed, rivalry, point = pair["defence_obligation"], pair["rivalry"], state["ideal_point"]
    either = np.maximum(owed.values, owed.values.T)
    gap = np.abs(point.values[dyads.initiator] - point.values[dyads.target])
    return {
        "defence_pact": labelled(
            "dyad",
            either[dyads],
            long_name="one of the two owes the other defence",
            units="1",
            source=owed.attrs["source"],
            year=owed.attrs["year"],
        ),
        "dyad_rivalry": labelled(
            "dyad",
            rivalry.values[dyads],
            long_name="strategic rivalry ongoing",
            units="1",
            source=rivalry.attrs["source"],
            year=rivalry.attrs["year"],
        ),
        "affinity": labelled(
            "dyad",
            np.exp(-gap),
            long_name="affinity of the two ideal points",
            units="1",
            source=point.attrs["source"],
            year=point.attrs["year"],
            formula="exp(-|difference of ideal_point|)",
            missing_rule=point.attrs["missing_rule"],
        ),
    }


def _memory(dyads: Dyads, memory: Memory, origin: int) -> Variables:
    variables = {}
    for name, (_, how) in MEMORIES.items():
        expected = name.endswith("expected")
        variables[name] = labelled(
            "dyad",
            memory.values[name][dyads],
            long_name=f"dispute memory, {how}",
            units="1",
            source=cite("mid") if expected else cite("mid", "ucdp_prio", "initial_conditions"),
            year=DISPUTES_CODED_TO if expected else origin - 1,
            formula="sum over dispute onsets of exp(-age/e-folding time)",
            comment="one value per undirected pair, repeated on both directed dyads",
            missing_rule="0 where no dispute of the pair is on record",
        )
    variables["memory_quality"] = labelled(
        "dyad",
        memory.quality[dyads],
        long_name="what the dispute memory rests on",
        units="none",
        source=cite("mid", "ucdp_prio", "initial_conditions"),
        year=origin - 1,
        **flags(MEMORY_QUALITIES),
    )
    return variables
