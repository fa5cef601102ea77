"""The rates that say how far a run can grow: tasks, commits, objects, records, opening."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from benchmarks.figures import Figure, Size, exactly, figure
from benchmarks.scaling import _processes
from benchmarks.timing import Spread, spread
from benchmarks.worlds import SMALL, scenario_of
from forecast.execution import cluster
from forecast.execution.prepare import Prepared, prepare
from forecast.execution.work import Block, Work, Written
from forecast.outcomes.blocks import arrays_of, encoded, put_batch
from forecast.outcomes.commits import read_records, record_key, record_object
from forecast.outcomes.draft import drafted
from forecast.outcomes.layout import block_paths
from forecast.outcomes.places import place_of
from forecast.outcomes.store import open_outcomes

TASKS, RECORDS, BATCHES = 2000, 20_000, 10
IN_FLIGHT = 500
"""Tasks in flight per worker process, as many as a thousand cores would have in all."""


@dataclass(frozen=True)
class Idle(Work):
    """Work that does nothing, so that only the scheduler works."""

    def batch(self, index: int) -> Written:
        """Do nothing."""
        return Written(index, [0] * len(block_paths()), 1)


def measure(size: Size) -> list[Figure]:
    settings = SMALL if size.factor == 0 else ()
    prepared = prepare(scenario_of("three_futures", *settings))
    with TemporaryDirectory() as folder:
        batches = _batches(prepared, Path(folder) / "batches.zarr", size)
        records = _records(prepared, Path(folder) / "records.zarr", size)
    return [*batches, *records, _tasks(prepared, size)]


def _batches(prepared: Prepared, path: Path, size: Size) -> list[Figure]:
    """Measure one batch: its objects, their bytes, the time to encode and to put them."""
    frame = replace(prepared.frame, trajectories=prepared.frame.batch_size * BATCHES)
    if size.factor == 0:
        frame = replace(frame, trajectories=2, batch_size=1)
    prepared.simulator.compile()
    result = prepared.simulator(0, frame.batch_size)
    encoding, putting = [], []
    with drafted(place_of(path), frame, prepared.attributes, overwrite=True) as draft:
        for index in draft.pending:
            start = time.perf_counter()
            objects = encoded(draft.sheet, index, arrays_of(draft.sheet, index, result))
            encoding.append(time.perf_counter() - start)
            put_batch(draft.sheet, objects)
            putting.append(time.perf_counter() - start - encoding[-1])
    return [
        exactly("batch_objects", "objects of a batch, its record included", "", len(objects) + 1),
        exactly("batch_mb", "bytes of a batch", "MB", sum(map(len, objects.values())) / 1e6,
                f"{frame.batch_size} trajectories × {len(frame.architectures)} architectures"),
        figure("batch_encode_ms", "a batch, encoded", "ms", _milli(encoding)),
        figure("batch_put_ms", "a batch, put in place and flushed", "ms", _milli(putting)),
    ]  # fmt: skip


def _records(prepared: Prepared, path: Path, size: Size) -> list[Figure]:
    """Measure commits, and opening a store of many batches."""
    count = max(4, round(RECORDS * size.factor))
    frame = replace(prepared.frame, batch_size=1, trajectories=count)
    place, run = place_of(path), prepared.attributes["run"]
    row, seconds = [0] * len(block_paths()), []
    with drafted(place, frame, prepared.attributes, overwrite=True) as draft:
        for index in draft.pending[: max(4, round(500 * size.factor))]:
            start = time.perf_counter()
            draft.commit(index, row)
            seconds.append(time.perf_counter() - start)
        for index in draft.pending:  # the rest as fast as files can be written
            (Path(draft.place.name) / record_key(index)).write_bytes(record_object(index, run, row))
        draft.publish()
    start = time.perf_counter()
    assert len(read_records(place, run).checksums) == count
    reading = time.perf_counter() - start
    start = time.perf_counter()
    open_outcomes(path)
    opening = time.perf_counter() - start
    return [
        figure("commit_ms", "commit of a batch", "ms", _milli(seconds)),
        exactly("records_per_second", "records read", "1/s", count / reading, f"{count:,} records"),
        exactly("open_seconds", "opening a store", "s", opening, f"{count:,} batches"),
    ]


def _tasks(prepared: Prepared, size: Size) -> Figure:
    """Measure how many tasks a second pass through a scheduler, with two worker processes."""
    count = max(4, round(TASKS * size.factor))
    frame = prepared.frame
    with TemporaryDirectory() as folder, _processes(2) as client:
        place = place_of(Path(folder) / "run.zarr")
        with drafted(place, frame, prepared.attributes, overwrite=True) as draft:
            work = Idle(prepared.simulator, draft.sheet)
            with patch.object(cluster, "TASKS_PER_THREAD", IN_FLIGHT):
                rates = [_rate(client, work, count) for _ in range(min(3, size.rounds) + 1)][1:]
    name = "empty tasks through a dask scheduler"
    note = f"{2 * IN_FLIGHT} in flight, client and scheduler in one process"
    return figure("tasks_per_second", name, "1/s", spread(rates), note)


def _rate(client: Any, work: Work, count: int) -> float:
    blocks: Iterator[Block] = ((index,) for index in range(count))
    start = time.perf_counter()
    cluster.run_on(client, work, blocks, lambda written: None)
    return count / (time.perf_counter() - start)


def _milli(seconds: list[float]) -> Spread:
    return spread([1000 * x for x in seconds])
