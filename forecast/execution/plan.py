"""What a run will take, told before it begins: from a short probe, and without writing anything."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from dask.system import CPU_COUNT
from dask.utils import format_bytes

from forecast.execution.memory import fitting, peak_bytes
from forecast.execution.prepare import Prepared, prepare, with_settings
from forecast.outcomes.blocks import arrays_of, encoded, sheet_of
from forecast.outcomes.draft import existing, layout_of
from forecast.outcomes.frame import Frame
from forecast.outcomes.layout import Objects
from forecast.outcomes.places import Place, place_of
from forecast.scenario.models import Scenario

PROBE = 64
"""Trajectories simulated to learn how long they take (well under a second per architecture)."""

DENSITY = 0.45
"""Power of the batch size with which compressed sums grow: measured on three_futures, 32 to 500."""

DISK_BLOCK = 4096
"""File systems give room to files in blocks of so many bytes."""


class Plan(NamedTuple):
    """What a run will take.

    Parameters
    ----------
    trajectories, done
        Per architecture, in all and committed already.
    batches, pending
        In all, and still to be simulated.
    workers
        Threads or processes that simulate at the same time.
    seconds
        Estimated time.
    memory, disk
        Bytes: the most in use at a time, and those of the complete store.
    place
        Where the store grows.
    """

    trajectories: int
    done: int
    batches: int
    pending: int
    workers: int
    seconds: float
    memory: int
    disk: int
    place: str


def plan_of(
    scenario: Scenario,
    output: str,
    trajectories: int | None,
    seed: int | None,
    workers: int | None,
    processes: int | None,
    memory: str | None,
    overwrite: bool,
) -> list[str]:
    """Return, in lines, what a run asked for in these words would take."""
    prepared = prepare(with_settings(scenario, trajectories, seed))
    prepared.simulator.compile()
    workers, processes = fitting(
        memory, prepared.frame, prepared.simulator.held, workers, processes
    )
    found = plan(place_of(output), prepared, workers, processes, overwrite=overwrite)
    stop = scenario.stop if trajectories is None else None
    kind = "processes" if processes is not None else "threads"
    further = []
    if stop is not None:
        further = [f"  and then      on until {stop.outcome} is known, to {stop.ceiling:,} at most"]
    return [
        f"{scenario.title}",
        f"  trajectories  {found.trajectories:,} per architecture, {found.done:,} of them done",
        *further,
        f"  batches       {found.batches:,}, {found.pending:,} of them to be simulated",
        f"  workers       {found.workers} {kind}",
        f"  time          about {timedelta(seconds=round(found.seconds))}",
        f"  memory        about {format_bytes(found.memory)}",
        f"  disk          about {format_bytes(found.disk)} at {found.place}",
    ]


def plan(
    place: Place,
    prepared: Prepared,
    workers: int | None,
    processes: int | None,
    *,
    overwrite: bool,
) -> Plan:
    """Return what a run will take.

    Parameters
    ----------
    place
        Where the store is to stand.
    prepared
        The run.
    workers, processes
        As for a run.
    overwrite
        Whether what stands there is to be replaced.

    Raises
    ------
    ForecastError
        If the run would be refused.
    """
    frame = prepared.frame
    grows, pending = existing(place, frame, prepared.attributes, overwrite=overwrite)
    left = sum(frame.batch(index)[1] for index in pending)
    count = processes or workers or CPU_COUNT
    parallel = min(count, max(1, len(pending)), CPU_COUNT)
    packing, per_trajectory, objects = _probe(place, prepared)
    return Plan(
        trajectories=frame.trajectories,
        done=frame.trajectories - left,
        batches=frame.batches,
        pending=len(pending),
        workers=count,
        seconds=(packing + left * per_trajectory) / parallel,
        memory=peak_bytes(frame, prepared.simulator.held, count, processes),
        disk=_disk(objects, prepared),
        place=grows.name,
    )


def _probe(place: Place, prepared: Prepared) -> tuple[float, float, Objects]:
    """Return the seconds to pack all draws, those per trajectory of a small batch, its objects."""
    frame = _small(prepared.frame)
    layout = layout_of(frame, prepared.attributes, None)
    sheet = sheet_of(place, layout, frame)
    packed = time.perf_counter()
    ready = len(prepared.simulator.make_ready(0, frame.trajectories))
    start = time.perf_counter()
    result = prepared.simulator(0, frame.trajectories)
    simulated = time.perf_counter()
    objects = encoded(sheet, 0, arrays_of(sheet, 0, result))
    writing = time.perf_counter() - simulated
    size = min(prepared.frame.batch_size, prepared.frame.trajectories)
    packing = (start - packed) / ready * prepared.simulator.draws
    return packing, (simulated - start) / frame.trajectories + writing / size, objects


def _small(frame: Frame) -> Frame:
    return replace(frame, trajectories=min(PROBE, frame.batch_size, frame.trajectories))


def _disk(objects: Objects, prepared: Prepared) -> int:
    """Return the bytes of the complete store, from those of the probe's batch."""
    frame, probed = prepared.frame, _small(prepared.frame).trajectories
    more = min(frame.batch_size, frame.trajectories) / probed
    batch = 0
    for key, data in objects.items():
        growth = more if key.startswith("trajectories/") else more**DENSITY
        batch += -(-round(len(data) * growth) // DISK_BLOCK) * DISK_BLOCK
    layout = layout_of(frame, prepared.attributes, None)
    return frame.batches * batch + sum(map(len, layout.objects.values()))
