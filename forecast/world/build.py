"""Build the world dataset: the state system on 1 January of the forecast origin."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

from forecast.errors import ForecastError
from forecast.world.composed import Composed, compose_past, compose_present
from forecast.world.dyads import dyad_coordinates, dyad_variables, select_dyads
from forecast.world.history.sources import read_sources
from forecast.world.institutions import institution_coordinates, membership_variables
from forecast.world.snapshot import SCHEMA_VERSION
from forecast.world.sources import SOURCES
from forecast.world.states import state_coordinates, state_variables
from forecast.world.universe import universe_rule
from forecast.world.wars import war_variables

BUILDER_VERSION = 2
"""Version of the rules in this folder; it rises when a rebuilt snapshot changes its values."""

FIRST_ORIGIN, LAST_ORIGIN = 1817, 2026

INITIAL_CONDITIONS = 2026
"""The origin that starts from a folder of initial conditions: it knows the years after 2000."""

Variables = dict[str, xr.Variable]


def build_snapshot(origin: int, data: Path) -> xr.Dataset:
    """Return the world dataset at 1 January of the forecast origin.

    Parameters
    ----------
    origin
        Forecast origin, year, 1817 to 2026.
    data
        Folder of the source files. Its initial conditions serve origin 2026 alone; every other
        world rests on the public files as far as they were known at the origin.

    Returns
    -------
    xarray.Dataset
        Dimensions state, partner, dyad, institution, war; every variable carries long_name,
        units, source and year.

    Raises
    ------
    ForecastError
        If the origin cannot be built, or a source file is missing or faulty; the message names
        file, column and row.
    """
    if not FIRST_ORIGIN <= origin <= LAST_ORIGIN:
        raise ForecastError(
            f"forecast origin {origin}: worlds can be built from {FIRST_ORIGIN} to {LAST_ORIGIN}; "
            "no capability is recorded before 1816"
        )
    if not data.is_dir():
        raise ForecastError(f"{data}: no such folder; name the folder of the source files")
    if origin == INITIAL_CONDITIONS:
        return labelled_world(compose_present(data, origin), origin)
    return labelled_world(compose_past(read_sources(data), origin), origin)


def labelled_world(parts: Composed, origin: int) -> xr.Dataset:
    """Return the parts of an origin's world as one labelled dataset."""
    codes, listed = parts.codes, [int(code) for code in parts.codes]
    state = state_variables(codes, parts.measures, parts.membership, parts.capitals, origin)
    dyads = select_dyads(state, parts.pairs, parts.memory)
    war_labels, wars = war_variables(parts.wars, listed, origin, parts.war_source, parts.war_notes)
    coordinates = {
        **state_coordinates(codes, parts.measures),
        **dyad_coordinates(dyads, codes),
        **institution_coordinates(parts.rolls),
        **war_labels,
    }
    variables = {
        **state,
        **parts.pairs,
        **dyad_variables(dyads, codes, state, parts.pairs, parts.memory),
        **membership_variables(parts.rolls, listed),
        **wars,
    }
    world = xr.Dataset(variables, coords=coordinates)
    return world.assign_attrs(_attributes(world, origin, parts.memory.relevance))


def _attributes(world: xr.Dataset, origin: int, relevance: str) -> dict[str, str | int]:
    used = {key for v in world.variables.values() for key in v.attrs["source"].split(", ")}
    return {
        "title": f"The state system on 1 January {origin}",
        "origin": origin,
        "schema_version": SCHEMA_VERSION,
        "builder_version": BUILDER_VERSION,
        "universe_rule": universe_rule(relevance),
        "sources": "\n".join(f"{k}: {s.citation}" for k, s in SOURCES.items() if k in used),
        "license_note": "Derived numbers only; terms differ by source and are listed in "
        "DATA-LICENSES.md. The variable democracy derives from V-Dem under CC BY-SA 4.0.",
    }
