"""The corridor: scenario, world, pack, blocks of trajectories, kernel, store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import PathLike
from typing import Any, NamedTuple

import xarray as xr

from forecast.errors import ForecastError, Interrupted
from forecast.execution.cluster import connected, elsewhere, run_on
from forecast.execution.local import LOCAL, run_here
from forecast.execution.memory import fitting
from forecast.execution.prepare import Prepared, of_length, prepare, with_settings
from forecast.execution.work import Work, Written, blocks_of
from forecast.execution.workers import check_workers
from forecast.kernel.cache import cache_folder
from forecast.outcomes.draft import Draft, drafted, length_of, refuse_foreign
from forecast.outcomes.places import Place, place_of
from forecast.outcomes.store import open_outcomes
from forecast.progress import Progress, show_progress
from forecast.scenario.models import Scenario, Stop
from forecast.stopping import first_length, look, next_length, sought

NOT_ELSEWHERE = (
    "memory bounds runs on this machine; give the workers of a cluster theirs with dask worker "
    "--memory-limit"
)


def run(
    scenario: Scenario,
    world: xr.Dataset | None = None,
    *,
    output: str | PathLike[str],
    trajectories: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    scheduler: Any = None,
    scheduler_file: str | PathLike[str] | None = None,
    processes: int | None = None,
    memory: str | int | None = None,
    block_size: int = 1,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> xr.DataTree:
    """Simulate a scenario and return its outcomes, opened from the store they were written to.

    A store of the same run is carried on: what is missing is simulated, and if more trajectories
    are asked for than it holds, only those that are new. The outcomes depend on scenario, world,
    trajectories and seed alone: whatever the workers, the scheduler, the block size and the
    interruptions, every array is equal bit for bit, within one locked environment and CPU family.

    A scenario with `stop` is run to its `trajectories`, and then on from look to look until the
    outcome it stops on is known well enough.

    Parameters
    ----------
    scenario
        What is asked (see `load_scenario`).
    world
        State system at the forecast origin; by default the scenario's (see `build_world`).
    output
        Folder of the store, or the address of one in an object store (``s3://bucket/run.zarr``).
        A new folder appears under its name when the run is complete, and grows beside it as
        ``NAME.partial`` until then; in an object store it grows in place.
    trajectories, seed
        In place of those of the scenario; with `trajectories`, its `stop` is left aside.
    workers
        Threads; by default one per processor.
    scheduler
        "threads" (default), "synchronous" (one after another in this thread), the address of a
        dask scheduler, or a client of dask.distributed. All its workers must see `output` under
        the same name; they write there themselves. By default dask's own configuration
        (``DASK_SCHEDULER_ADDRESS``) is respected.
    scheduler_file
        File in which a dask scheduler has left its address, instead.
    processes
        Worker processes to start on this machine, instead.
    memory
        Most memory to use on this machine, such as "4 GB"; fewer workers run if need be.
    block_size
        Batches per task.
    overwrite
        Whether an existing outcome store of that name is replaced, once the new one is complete
        (in an object store: at once).
    progress
        Told how far the run is; by default a bar on a terminal and plain lines elsewhere.

    Returns
    -------
    xarray.DataTree
        Groups trajectories, annual, aggressions, states, institutions, dyads.

    Raises
    ------
    ForecastError
        If an argument is out of range, the world does not fit the scenario, the output holds
        something else or cannot be written, or workers cannot do their part. What was committed
        before stays, and the same call carries on from there.
    Interrupted
        On Ctrl-C, with a sentence that says what is kept.
    """
    _check_how(workers, scheduler, block_size, processes)
    until = None if trajectories is not None else scenario.stop
    if until is not None:
        sought(until)  # an unknown outcome is told before hours of simulation
    if memory is not None and elsewhere(scheduler, scheduler_file, processes):
        raise ForecastError(NOT_ELSEWHERE)
    place = place_of(output)
    refuse_foreign(place, overwrite=overwrite)
    prepared = prepare(with_settings(scenario, trajectories, seed), world)
    if memory is not None:
        prepared.simulator.compile()  # so that it counts
    workers, processes = fitting(
        memory, prepared.frame, prepared.simulator.held, workers, processes
    )
    how = How(scheduler, scheduler_file, processes, workers, block_size)
    with _faults_told(place):
        if until is None:
            _finish(place, prepared, how, overwrite, progress)
        else:
            _until_enough(place, prepared, until, how, overwrite, progress)
    return open_outcomes(output)


class How(NamedTuple):
    """By whom the batches are simulated, and how many at a time."""

    scheduler: Any
    scheduler_file: str | PathLike[str] | None
    processes: int | None
    workers: int | None
    block_size: int


def _finish(
    place: Place, prepared: Prepared, how: How, overwrite: bool, progress: Progress | None
) -> None:
    """Simulate what a store lacks, and publish it."""
    with drafted(place, prepared.frame, prepared.attributes, overwrite=overwrite) as draft:
        if draft.pending:
            with show_progress(progress, draft.sheet.trajectories, draft.done) as report:
                _simulate(draft, prepared, how, report)
        draft.publish()


def _until_enough(
    place: Place,
    prepared: Prepared,
    stop: Stop,
    how: How,
    overwrite: bool,
    progress: Progress | None,
) -> None:
    """Run on from look to look; looks lie where they would have without interruptions."""
    scenario = prepared.simulator.scenario
    held = 0 if overwrite else length_of(place)
    length = first_length(scenario, stop)
    _finish(place, of_length(prepared, max(held, length)), how, overwrite, progress)
    last = look(open_outcomes(place.name), scenario, stop, length)
    while not last.enough and length < stop.ceiling:
        length = next_length(scenario, stop, last)
        if length > held:
            _finish(place, of_length(prepared, length), how, False, progress)
        last = look(open_outcomes(place.name), scenario, stop, length)


def _simulate(draft: Draft, prepared: Prepared, how: How, report: Callable[[int], None]) -> None:
    """Simulate the pending batches; each counts as soon as it is committed."""
    left = len(draft.pending)
    work = Work(prepared.simulator, draft.sheet)
    blocks = blocks_of(draft.pending, how.block_size)

    def commit(written: Written) -> None:
        nonlocal left
        draft.commit(written.batch, written.checksums)
        left -= 1
        report(written.trajectories)

    try:
        if how.processes is not None:  # once, rather than in every one of them
            prepared.simulator.compile()
        with connected(how.scheduler, how.scheduler_file, how.processes) as client:
            if client is not None:
                check_workers(client, draft.place)
                run_on(client, work, blocks, commit)
            else:
                prepared.simulator.compile()
                run_here(work, blocks, commit, how.scheduler or "threads", how.workers)
    except KeyboardInterrupt:
        total = prepared.frame.batches
        raise Interrupted(
            f"{draft.target.name}: interrupted; {total - left:,} of {total:,} batches are kept in "
            f"{draft.place.name}; carry on with the same run"
        ) from None


@contextmanager
def _faults_told(place: Place) -> Iterator[None]:
    """Turn what the system refuses into a message for people."""
    kept = "What was committed is kept; mend the cause, and the same run carries on from there"
    try:
        yield
    except FileNotFoundError as error:
        raise ForecastError(
            f"{place.name}: a folder of the store is gone ({error.filename}), so nothing more can "
            "be written there; start the run anew"
        ) from error
    except OSError as error:
        raise ForecastError(
            f"{place.name}: cannot be written ({error.strerror or error}). {kept}"
        ) from error
    except MemoryError as error:
        raise ForecastError(
            f"{place.name}: memory is exhausted; use fewer --workers or a --memory limit. {kept}"
        ) from error


def compiled_before() -> bool:
    """Return whether machine code of this version of the model waits on disk."""
    folder = cache_folder()
    return folder is not None and any(folder.rglob("*.nbi"))


def _check_how(workers: int | None, scheduler: Any, block_size: int, processes: int | None) -> None:
    given = {"workers": workers, "block_size": block_size, "processes": processes}
    for name, value in given.items():
        if value is not None and value < 1:
            raise ForecastError(f"{name} is {value}; it must be at least 1")
    known = not isinstance(scheduler, str) or scheduler in LOCAL or "://" in scheduler
    if not known:
        raise ForecastError(
            f"unknown scheduler {scheduler!r}; choose one of: {', '.join(LOCAL)}, or give the "
            "address of a dask scheduler, such as tcp://host:8786, or a client of dask.distributed"
        )
