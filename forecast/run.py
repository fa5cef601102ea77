"""The corridor: scenario, world, pack, blocks of trajectories, kernel, store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from dask import threaded
from dask.base import compute
from dask.callbacks import Callback
from dask.delayed import delayed
from dask.local import get_sync
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.kernel.arrays import Architectures
from forecast.kernel.cache import cache_folder
from forecast.kernel.simulate import compile_kernel, simulate_batch
from forecast.outcomes.frame import Frame, words_of
from forecast.outcomes.provenance import citation, provenance
from forecast.outcomes.publish import new_store, refuse_taken
from forecast.outcomes.store import create, open_outcomes, write_batch
from forecast.progress import Progress, show_progress
from forecast.scenario.models import RunSettings, Scenario
from forecast.world.origin import build_world
from forecast.world.pack import Packed, pack

# By name, dask would look for a cluster first, and import all of dask.distributed for that.
LOCAL = {"threads": threaded.get, "synchronous": get_sync}


class Block(NamedTuple):
    """Batches that one task simulates and writes, one after another."""

    first: int
    stop: int


class Finished(NamedTuple):
    """What a task reports: trajectories done."""

    trajectories: int


def run(
    scenario: Scenario,
    world: xr.Dataset | None = None,
    *,
    output: str | PathLike[str],
    trajectories: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    scheduler: Any = None,
    block_size: int = 1,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> xr.DataTree:
    """Simulate a scenario and return its outcomes, opened from the store they were written to.

    The outcomes depend on scenario, world, trajectories and seed alone: whatever the workers, the
    scheduler and the block size, every array is equal bit for bit.

    Parameters
    ----------
    scenario
        What is asked (see `load_scenario`).
    world
        State system at the forecast origin; by default the scenario's (see `build_world`).
    output
        Folder of the store. It appears when the run is complete.
    trajectories, seed
        In place of those of the scenario.
    workers
        Threads; by default one per processor.
    scheduler
        "threads" (default), "synchronous" (one after another in this thread), or a client of
        dask.distributed, whose workers must see `output` under the same path.
    block_size
        Batches per task.
    overwrite
        Whether an existing outcome store of that name is replaced, once the new one is complete.
    progress
        Told how far the run is; by default a bar on a terminal and plain lines elsewhere.

    Returns
    -------
    xarray.DataTree
        Groups trajectories, annual, aggressions, states, institutions, dyads.

    Raises
    ------
    ForecastError
        If an argument is out of range, the world does not fit the scenario, or the output exists
        or cannot be written.
    """
    scenario = _with_settings(scenario, trajectories, seed)
    _check_how(workers, scheduler, block_size)
    place = Path(output)
    refuse_taken(place, overwrite=overwrite)
    world = build_world(scenario) if world is None else world
    packed = pack(scenario, world)
    frame = frame_of(scenario, world, packed)
    with new_store(place, overwrite=overwrite) as growing:
        create(growing, frame, _attributes(scenario, world))
        work = partial(_simulate_block, packed, scenario.run.seed, growing, frame)
        if scheduler is None or isinstance(scheduler, str):
            compile_kernel(packed.inputs, packed.derived)
        with show_progress(progress, frame.trajectories) as report:
            _compute(work, _blocks(frame.batches, block_size), scheduler, workers, report)
    return open_outcomes(place)


def compiled_before() -> bool:
    """Return whether machine code of this version of the model waits on disk."""
    folder = cache_folder()
    return folder is not None and any(folder.rglob("*.nbi"))


def _with_settings(scenario: Scenario, trajectories: int | None, seed: int | None) -> Scenario:
    """Return the scenario with its run settings replaced where given, and checked anew."""
    given = {"trajectories": trajectories, "seed": seed}
    bounds = {"trajectories": (1, 100_000_000), "seed": (0, 2**32 - 1)}
    settings = scenario.run.model_dump()
    for name, value in given.items():
        if value is None:
            continue
        low, high = bounds[name]
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ForecastError(f"{name} is {value!r}; it must be a whole number, {low} to {high}")
        settings[name] = value
    return scenario.model_copy(update={"run": RunSettings(**settings)})


def _check_how(workers: int | None, scheduler: Any, block_size: int) -> None:
    for name, value in {"workers": workers, "block_size": block_size}.items():
        if value is not None and value < 1:
            raise ForecastError(f"{name} is {value}; it must be at least 1")
    if isinstance(scheduler, str) and scheduler not in LOCAL:
        raise ForecastError(
            f"unknown scheduler {scheduler!r}; choose one of: {', '.join(LOCAL)}, or give a "
            "client of dask.distributed"
        )


def frame_of(scenario: Scenario, world: xr.Dataset, packed: Packed) -> Frame:
    """Return the labels and sizes of a run's outcomes."""
    architectures = packed.inputs.architectures
    return Frame(
        architectures=packed.architectures,
        institutions=packed.institutions,
        first_year=scenario.horizon.first_year,
        years=scenario.horizon.years,
        state=packed.inputs.states.code,
        iso3=tuple(map(str, world["iso3"].values)),
        state_class=words_of(world["state_class"]),
        region=words_of(world["region"]),
        cover=_cover(architectures, packed.institutions),
        exists=architectures.exists,
        initiator=packed.inputs.states.code[packed.inputs.dyads.initiator],
        target=packed.inputs.states.code[packed.inputs.dyads.target],
        trajectories=scenario.run.trajectories,
        batch_size=min(scenario.run.batch_size, scenario.run.trajectories),
    )


def _cover(architectures: Architectures, institutions: tuple[str, ...]) -> NDArray[np.object_]:
    """Return the institutions that cover each state in arms, by vote or by promises, as texts."""
    covered = architectures.covered.astype(bool) & (architectures.armed > 0)[:, :, None]
    starts, promised_by = architectures.promise_start, architectures.promise_institution
    for a, bounds in enumerate(starts):
        for j in range(bounds.size - 1):
            covered[a, promised_by[bounds[j] : bounds[j + 1]], j] = True
    cover = np.empty((covered.shape[0], covered.shape[2]), dtype=object)
    names = np.array(institutions, dtype=object)
    for a, j in np.ndindex(cover.shape):
        cover[a, j] = " ".join(names[covered[a, :, j]])
    return cover


def _attributes(scenario: Scenario, world: xr.Dataset) -> dict[str, Any]:
    return {
        "title": scenario.title,
        "description": scenario.description,
        "config": scenario.model_dump_json(by_alias=True),
        "seed": scenario.run.seed,
        "provenance": json.dumps(provenance(str(world.attrs["sources"]))),
        "citation": citation(),
    }


def _blocks(batches: int, size: int) -> list[Block]:
    return [Block(first, min(first + size, batches)) for first in range(0, batches, size)]


def _simulate_block(packed: Packed, seed: int, store: Path, frame: Frame, block: Block) -> Finished:
    """Simulate a block and write each batch as it is done, so that memory holds only one."""
    done = 0
    for index in range(block.first, block.stop):
        first, count = frame.batch(index)
        result = simulate_batch(packed.inputs, packed.derived, seed, first, count)
        write_batch(store, frame, index, result)
        done += count
    return Finished(done)


Work = Callable[[Block], Finished]


def _compute(
    work: Work,
    blocks: list[Block],
    scheduler: Any,
    workers: int | None,
    report: Callable[[int], None],
) -> None:
    if scheduler is None or isinstance(scheduler, str):
        # One opaque callable: dask would otherwise walk through the arrays it carries.
        tasks = [delayed(work, pure=False, traverse=False)(block) for block in blocks]
        with _reporting(report):
            compute(*tasks, scheduler=LOCAL[scheduler or "threads"], num_workers=workers)  # type: ignore[no-untyped-call]
        return
    from distributed import as_completed

    shared = scheduler.scatter(work, broadcast=True)
    futures = scheduler.map(_call, [shared] * len(blocks), blocks, pure=False)
    try:
        # Without its loop, a client waits in that of the newest client, possibly for ever.
        done = as_completed(futures, loop=scheduler.loop, with_results=True)  # type: ignore[no-untyped-call]
        for _, finished in done:
            report(finished.trajectories)
    finally:
        scheduler.cancel(futures)


def _call(work: Work, block: Block) -> Finished:
    return work(block)


@contextmanager
def _reporting(report: Callable[[int], None]) -> Iterator[None]:
    """Report every finished task of dask's local schedulers."""

    def after(key: Any, result: Any, *scheduler_state: Any) -> None:
        if isinstance(result, Finished):
            report(result.trajectories)

    with Callback(posttask=after):  # type: ignore[no-untyped-call]
        yield
