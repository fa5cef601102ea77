"""Build the world dataset: the state system on 1 January of the forecast origin.

Run as ``python -m forecast.world.build --data DIR --output PATH --origin YEAR``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from forecast.errors import ForecastError
from forecast.world import readers
from forecast.world.dyads import (
    dispute_memory,
    dyad_coordinates,
    dyad_variables,
    select_dyads,
)
from forecast.world.institutions import institution_coordinates, membership_variables
from forecast.world.obligations import defence_obligation
from forecast.world.pairs import contiguity, rivalry, trade_shares
from forecast.world.readers.table import Table
from forecast.world.snapshot import SCHEMA_VERSION, write_snapshot
from forecast.world.sources import SOURCES
from forecast.world.states import state_coordinates, state_variables
from forecast.world.universe import UNIVERSE_RULE
from forecast.world.wars import war_variables

BUILDER_VERSION = 1
"""Version of the rules in this folder; it rises when a rebuilt snapshot changes its values."""

SUPPORTED_ORIGINS = (2026,)

Variables = dict[str, xr.Variable]


def build_snapshot(origin: int, data: Path) -> xr.Dataset:
    """Return the world dataset at 1 January of the forecast origin.

    Parameters
    ----------
    origin
        Forecast origin, year; only 2026 is supported.
    data
        Folder of the source files, with the initial conditions in ``initial_<origin>``.

    Returns
    -------
    xarray.Dataset
        Dimensions state, partner, dyad, institution, war; every variable carries long_name,
        units, source and year.

    Raises
    ------
    ForecastError
        If the origin is not supported, or a source file is missing or faulty; the message
        names file, column and row.
    """
    if origin not in SUPPORTED_ORIGINS:
        raise ForecastError(
            f"forecast origin {origin}: only {', '.join(map(str, SUPPORTED_ORIGINS))} is "
            "supported, because initial conditions exist for no other year"
        )
    states = _sorted_states(readers.read_states(data, origin))
    codes = [int(code) for code in states["cow_code"]]
    state = state_variables(
        states, readers.read_system_membership(data), readers.read_capitals(data)
    )
    memberships = readers.read_institutions(data, origin, codes)
    pair = _pair_variables(data, origin, codes, memberships)
    memory = dispute_memory(readers.read_dispute_memory(data, origin, codes), codes)
    dyads = select_dyads(state, pair, memory)
    war_labels, wars = war_variables(readers.read_ongoing_wars(data, origin), codes, origin)
    coordinates = {
        **state_coordinates(states),
        **dyad_coordinates(dyads, codes),
        **institution_coordinates(memberships),
        **war_labels,
    }
    variables = {
        **state,
        **pair,
        **dyad_variables(dyads, state, pair, memory, origin),
        **membership_variables(memberships, codes, origin),
        **wars,
    }
    return xr.Dataset(variables, coords=coordinates, attrs=_attributes(origin))


def _sorted_states(states: Table) -> Table:
    order = np.argsort(states["cow_code"], kind="stable")
    columns = {name: values[order] for name, values in states.columns.items()}
    return Table(states.path, columns, states.rows[order])


def _pair_variables(data: Path, origin: int, codes: list[int], memberships: Table) -> Variables:
    atop, pacts = readers.read_defence_obligations(data), readers.read_pacts(data, origin)
    trade = readers.read_trade(data)
    return {
        "defence_obligation": defence_obligation(atop, pacts, memberships, codes, origin),
        "contiguity": contiguity(readers.read_contiguity(data), codes),
        "rivalry": rivalry(readers.read_rivalries(data), codes),
        **trade_shares(trade.where(trade["year"] == trade["year"].max()), codes),
    }


def _attributes(origin: int) -> dict[str, str | int]:
    return {
        "title": f"The state system on 1 January {origin}",
        "origin": origin,
        "schema_version": SCHEMA_VERSION,
        "builder_version": BUILDER_VERSION,
        "universe_rule": UNIVERSE_RULE,
        "sources": "\n".join(f"{key}: {source.citation}" for key, source in SOURCES.items()),
        "license_note": "Derived numbers only; terms differ by source and are listed in "
        "DATA-LICENSES.md. The variable democracy derives from V-Dem under CC BY-SA 4.0.",
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Build a snapshot from the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m forecast.world.build", description="Build a world snapshot."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the source files")
    parser.add_argument("--output", type=Path, required=True, help="archive to write (.zarr.zip)")
    parser.add_argument("--origin", type=int, required=True, help="forecast origin, year")
    parser.add_argument("--overwrite", action="store_true", help="replace an existing archive")
    chosen = parser.parse_args(arguments)
    try:
        world = build_snapshot(chosen.origin, chosen.data)
        write_snapshot(world, chosen.output, overwrite=chosen.overwrite)
    except ForecastError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    sizes = ", ".join(f"{size} {dim}" for dim, size in world.sizes.items())
    print(f"{chosen.output}: {sizes}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
