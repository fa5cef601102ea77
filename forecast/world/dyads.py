"""Variables of the directed dyads of the universe."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.world.codes import LAND_CONTIGUITY, MEMORY_QUALITIES
from forecast.world.distance import great_circle_km
from forecast.world.history.system import Codes
from forecast.world.labels import flags, labelled
from forecast.world.memory import Memory
from forecast.world.sources import cite
from forecast.world.universe import universe

Variables = dict[str, xr.Variable]


class Dyads(NamedTuple):
    """Positions of the states of each directed dyad.

    Parameters
    ----------
    initiator, target
        Position in the sorted state list, (dyad,).
    """

    initiator: NDArray[np.intp]
    target: NDArray[np.intp]


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
        memory.relevant,
        pair["rivalry"].values,
    )
    return Dyads(initiator, target)


def dyad_coordinates(dyads: Dyads, codes: Codes) -> Variables:
    """Return the labels of the dimension `dyad`."""
    by_position = codes.astype(np.int16)

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
    dyads: Dyads, codes: Codes, state: Variables, pair: Variables, memory: Memory
) -> Variables:
    """Return all variables of dimension `dyad`."""
    return {
        **_geography(dyads, state, pair),
        **_politics(dyads, pair),
        **_memory(dyads, codes, memory),
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


def _politics(dyads: Dyads, pair: Variables) -> Variables:
    owed, rivalry = pair["defence_obligation"], pair["rivalry"]
    either = np.maximum(owed.values, owed.values.T)
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
    }


def _memory(dyads: Dyads, codes: Codes, memory: Memory) -> Variables:
    variables = {}
    for name, values in memory.values.items():
        expected = name.endswith("expected")
        years = "2" if name.startswith("memory_2y") else "15"
        variables[name] = labelled(
            "dyad",
            values[dyads],
            long_name=f"{'expected ' if expected else ''}dispute memory, e-folding time {years} "
            "years",
            units="1",
            source=cite("mid") if expected else memory.source,
            year=memory.expected_year if expected else memory.year,
            formula="sum over dispute onsets of exp(-age/e-folding time)",
            comment="one value per undirected pair, repeated on both directed dyads",
            rule=memory.expected_rule if expected else memory.rule,
            missing_rule="0 where no dispute of the pair is on record",
        )
    return {**variables, **_about_memory(dyads, codes, memory)}


def _about_memory(dyads: Dyads, codes: Codes, memory: Memory) -> Variables:
    last = memory.last[dyads]
    by_initiator, by_target = last == codes[dyads.initiator], last == codes[dyads.target]
    return {
        "memory_quality": labelled(
            "dyad",
            memory.quality[dyads],
            long_name="what the dispute memory rests on",
            units="none",
            source=memory.source,
            year=memory.year,
            **flags(MEMORY_QUALITIES),
        ),
        "last_initiator": labelled(
            "dyad",
            by_initiator.astype(np.int8) - by_target.astype(np.int8),
            long_name="who started the newest remembered dispute",
            units="none",
            source=memory.source,
            year=memory.year,
            flag_values=[-1, 0, 1],
            flag_meanings="target unknown_or_none initiator",
        ),
    }
