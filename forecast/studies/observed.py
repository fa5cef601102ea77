"""The historical record as an outcome store of one history, to be held against simulated ones."""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from forecast.outcomes.frame import Frame, words_of
from forecast.outcomes.places.folder import Folder
from forecast.outcomes.provenance import citation, provenance
from forecast.outcomes.publish import new_store, seal
from forecast.outcomes.store import FORMAT, RECORD, SCHEMA_VERSION, open_outcomes
from forecast.studies.record.arrays import arrays, missing, record_tree
from forecast.studies.record.files import Files, read_files
from forecast.studies.record.institutions import institutions_between
from forecast.studies.record.tally import Record, tally
from forecast.world.build import build_snapshot
from forecast.world.sources import SOURCES

ARCHITECTURE = "observed"
"""Label of the one architecture of a record."""

USED = ("mid", "cow_wars", "atop", "cow_states", "cow_majors", "memberships")

VETOES = (
    "vetoes: United Nations, Dag Hammarskjold Library. List of vetoed draft resolutions of the "
    "Security Council, compiled by C. L. Yordan, World Politics Data Lab."
)


def observed_record(
    first: int, last: int, data: str | PathLike[str], world: xr.Dataset | None = None
) -> xr.DataTree:
    """Return what happened from `first` to `last` with the variables of a simulated store.

    One architecture, "observed", and one batch of one trajectory. States, dyads and years bear the
    labels of a simulated store that starts from the same world, so that with

        years = simulated["annual"].to_dataset()
        mean = years["war_count"].sum("batch") / years["trajectory_count"].sum("batch")
        seen = observed["annual/war_count"].isel(architecture=0, batch=0, drop=True)

    `mean - seen` is the error of the forecast by year. Where two worlds differ, dyads align by
    ``set_index(dyad=["initiator", "target"])``. What the record cannot know is left out and listed
    in the attribute `not_observed`; how many events have no label is told by other attributes.

    Parameters
    ----------
    first, last
        First and last calendar year, 1817 <= first <= last.
    data
        Folder of the source files.
    world
        State system whose states and dyads label the counts; by default that of 1 January of
        `first`, built from `data`.

    Returns
    -------
    xarray.DataTree
        Groups trajectories, annual, aggressions, states, institutions, dyads.

    Raises
    ------
    ForecastError
        If the years are out of order or beyond what the files tell, or a file is missing or
        faulty.
    """
    folder = Path(data)
    files = read_files(folder, first, last)
    world = build_snapshot(first, folder) if world is None else world
    frame = _frame(files, world, first, last)
    g3 = frozenset(int(code) for code in world["state"].values[world["is_g3"].values == 1])
    record = tally(files, frame, g3)
    found = arrays(record)
    return record_tree(found, frame, _attributes(frame, record, missing(found)))


def write_record(tree: xr.DataTree, output: Path, *, overwrite: bool = False) -> xr.DataTree:
    """Write a record as an outcome store and return it, opened.

    Raises
    ------
    ForecastError
        If the output exists and may not be replaced, or cannot be written.
    """
    with new_store(output, overwrite=overwrite) as growing:
        tree.to_zarr(growing, consolidated=False, zarr_format=3)
        seal(Folder(growing))
    return open_outcomes(output)


def summary(tree: xr.DataTree) -> str:
    """Return what a record holds, and how much of it has no dyad, in one sentence."""
    totals = tree["trajectories"].to_dataset().isel(architecture=0, trajectory=0)
    years = tree["annual"].to_dataset()["year"].values
    disputes, wars = int(totals["dispute_count"]), int(totals["war_count"])
    deaths, outside = int(totals["battle_deaths"]), tree.attrs["onsets_outside_universe"]
    return (
        f"{years[0]}-{years[-1]}, {disputes:,} disputes, {wars} wars, {deaths:,} battle deaths; "
        f"{outside:,} disputes are of dyads outside the world of 1 January {years[0]} and count "
        "in totals and years only"
    )


def _frame(files: Files, world: xr.Dataset, first: int, last: int) -> Frame:
    names = institutions_between(files, first, last)
    size = world.sizes["state"]
    return Frame(
        architectures=(ARCHITECTURE,),
        institutions=names,
        first_year=first,
        years=last - first + 1,
        state=world["state"].values.astype(np.int64),
        iso3=tuple(map(str, world["iso3"].values)),
        state_class=words_of(world["state_class"]),
        region=words_of(world["region"]),
        cover=np.full((1, size), "", dtype=object),
        exists=np.ones((1, len(names)), dtype=np.int8),
        initiator=world["initiator"].values.astype(np.int64),
        target=world["target"].values.astype(np.int64),
        trajectories=1,
        batch_size=1,
    )


def _attributes(frame: Frame, record: Record, left_out: list[str]) -> dict[str, Any]:
    first, last = frame.first_year, frame.first_year + frame.years - 1
    sources = [f"{key}: {SOURCES[key].citation}" for key in USED]
    config = {
        "architectures": {ARCHITECTURE: {}},
        "reference": ARCHITECTURE,
        "horizon": {"first_year": first, "last_year": last},
        "run": {"trajectories": 1, "batch_size": 1},
    }
    return {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "kind": RECORD,
        "title": f"The historical record, {first}-{last}",
        "description": "Disputes, wars, deaths, attacked states, alliance tests and vetoes as "
        "they happened, counted as a simulated history counts them.",
        "config": json.dumps(config),
        "seed": "none",
        "not_observed": left_out,
        **record.notes,
        "provenance": json.dumps(provenance("\n".join([*sources, VETOES]))),
        "citation": citation(),
    }
