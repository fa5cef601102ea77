"""Draws in the manner of ViEWS: what happens to every state in every year of every trajectory.

A store holds sums over trajectories by state, not each. As a trajectory follows from the run's
settings and its own number, those asked for are simulated again, and held against the store.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.analysis.codes import gleditsch_ward
from forecast.analysis.export.recorded import DEATHS, RECORDED, Events, state_year_counts
from forecast.analysis.stores import check_not_record, scenario_of
from forecast.errors import ForecastError, nearest
from forecast.execution.recompute import Again, prepared_again
from forecast.kernel.events import COMPLETED
from forecast.kernel.results import TRAJECTORY_COUNTS
from forecast.outcomes.places import place_of
from forecast.outcomes.store import open_outcomes, open_store

I8 = NDArray[np.int64]

ROWS = 250_000
"""Rows of the table that are held at a time, about; each such part is a row group of the file."""

MOST = 1000
"""Trajectories that are written unless more are asked for."""

TOTALS = ("dispute_count", "fatal_dispute_count", "war_count", "joiner_count", "battle_deaths")
"""Totals of a trajectory that its events have to add up to."""


def write_draws(
    store: str,
    output: Path,
    trajectories: int | None = None,
    architecture: str | None = None,
    *,
    keep_abnormal: bool = False,
    world: xr.Dataset | None = None,
) -> int:
    """Write the first trajectories of a run as a long table, and return its number of rows.

    One row per trajectory, state and year: `unit`, the Gleditsch-Ward code (missing where the list
    has no such state); `ccode`, the COW code; `time`, the calendar year; `draw`, the number of the
    trajectory; and the outcomes `RECORDED`.

    Parameters
    ----------
    store
        Folder or address of the store of a run.
    output
        Parquet file to write.
    trajectories
        How many, from the first on; by default all, at most `MOST`.
    architecture
        Under which architecture; by default the reference.
    keep_abnormal
        Write trajectories that did not complete as well.
    world
        State system of the run, if it is not the one that its configuration names.

    Raises
    ------
    ForecastError
        If there are fewer trajectories, the architecture is unknown, one ended abnormally and
        `keep_abnormal` is false, pyarrow is missing, or the run cannot be simulated again here
        with the numbers of the store.
    """
    tree = open_outcomes(store)
    check_not_record(tree)
    group = tree["trajectories"].to_dataset()
    names = [str(name) for name in group["architecture"].values]
    name = nearest(architecture or scenario_of(tree)["reference"], names, "architecture")
    there = group.sizes["trajectory"]
    count = min(MOST, there) if trajectories is None else trajectories
    if not 1 <= count <= there:
        raise ForecastError(f"--trajectories {count:,}: {store} holds 1 to {there:,}")
    wanted = group.isel(trajectory=slice(count)).load()
    ended = wanted["exit_reason"].sel(architecture=name)
    if (ended != COMPLETED).any() and not keep_abnormal:
        raise ForecastError(
            f"{store}: some of these trajectories ended abnormally (see: forecast info); add "
            "--keep-abnormal to write them as they are"
        )
    opened = open_store(place_of(store))
    prepared = prepared_again(store, opened.attributes, world)
    again = Again(prepared, wanted, store)
    return _Draws(again, names.index(name)).write(output, name)


class _Draws:
    """The trajectories wanted, simulated again in parts.

    Parameters
    ----------
    again
        Simulates them.
    position
        Of the architecture.
    """

    def __init__(self, again: Again, position: int) -> None:
        self.again, self.position = again, position
        self.prepared, self.numbers = again.prepared, again.numbers

    def write(self, output: Path, name: str) -> int:
        """Write all parts, each a row group, and return the number of rows."""
        try:
            import pyarrow as pa  # type: ignore[import-untyped] # it ships no type information
            from pyarrow import parquet
        except ModuleNotFoundError:
            raise ForecastError(
                "Parquet needs the extra 'study': pip install \"crossroads-forecast[study]\""
            ) from None
        frame, about = self.prepared.frame, self.prepared.attributes
        told = {"architecture": name, **{k: str(about[k]) for k in ("title", "run", "citation")}}
        schema = pa.schema(
            [(n, pa.int16()) for n in ("unit", "ccode", "time")]
            + [("draw", pa.int32())]
            + [(n, pa.int64() if n == RECORDED[DEATHS] else pa.int32()) for n in RECORDED],
            metadata={"forecast": json.dumps(told)},
        )
        self.prepared.simulator.compile()
        part = max(ROWS // (frame.state.size * frame.years), 1)
        rows = 0
        with (
            parquet.ParquetWriter(output, schema, compression="zstd") as writer,
            ThreadPoolExecutor() as pool,
        ):
            for first in range(0, self.numbers.size, part):
                slots = range(first, min(first + part, self.numbers.size))
                counts = np.stack(list(pool.map(self._counts, slots)), axis=1)
                columns = self._columns(self.numbers[slots.start : slots.stop], counts)
                arrays = [
                    pa.array(columns[f.name], f.type, mask=columns[f.name] == 0)
                    if f.name == "unit"
                    else pa.array(columns[f.name], f.type)
                    for f in schema
                ]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
                rows += len(arrays[0])
        return rows

    def _counts(self, slot: int) -> I8:
        """Return the outcomes of a trajectory, (outcome, state, year), held against its totals."""
        frame, number = self.prepared.frame, int(self.numbers[slot])
        result, log = self.again(number)
        found = state_year_counts(Events(log, self.position), frame.state, frame.years)
        at = [TRAJECTORY_COUNTS.index(name) for name in TOTALS]
        totals = result.trajectories.counts[at, self.position, 0].tolist()
        disputes, fatal, wars, joiners, deaths = totals
        if found.sum((1, 2)).tolist() != [disputes, disputes, fatal, 2 * wars + joiners, deaths]:
            raise ForecastError(
                f"{self.again.store}: the events of trajectory {number} do not add up to its totals"
            )
        return found

    def _columns(self, numbers: I8, counts: I8) -> dict[str, Any]:
        """Return the table of trajectories whose counts are (outcome, trajectory, state, year)."""
        frame, shape = self.prepared.frame, counts.shape[1:]
        years = np.arange(frame.first_year, frame.first_year + frame.years)
        code = np.broadcast_to(frame.state[:, None], shape)
        keys = {
            "unit": gleditsch_ward(code, years),
            "ccode": code,
            "time": np.broadcast_to(years, shape),
            "draw": np.broadcast_to(numbers[:, None, None], shape),
        }
        outcomes = dict(zip(RECORDED, counts, strict=True))
        return {name: np.ravel(values) for name, values in {**keys, **outcomes}.items()}
