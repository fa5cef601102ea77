"""The next-event loop, and the entry points that Python calls."""

import math

import numpy as np

from forecast.kernel import events
from forecast.kernel.accumulate import accumulate
from forecast.kernel.arrays import Derived, EventLog, Inputs, Origin, Shared
from forecast.kernel.borrowing import release
from forecast.kernel.build import (
    PROMISE_ROOM,
    make_candidates,
    make_law,
    make_state,
    make_tally,
    make_world,
    reset,
)
from forecast.kernel.candidates import COERCION, fill_climate, fill_shared, fill_slow, stream_hash
from forecast.kernel.coercion import coerce
from forecast.kernel.compiled import entry, jit
from forecast.kernel.dispute import resolve
from forecast.kernel.ending import cut_off_wars, end_war, next_end
from forecast.kernel.measures import count_shelter, record_year
from forecast.kernel.onset import consider
from forecast.kernel.pending import drop_first
from forecast.kernel.records import EXIT, EXIT_REASON, PENDING, STATE_COUNTS
from forecast.kernel.results import BatchResult, allocate, allocate_log, published
from forecast.kernel.support import expected_support
from forecast.kernel.tally import clear
from forecast.kernel.tick import tick
from forecast.kernel.war import resume_origin_wars


@jit
def meet(world, law, state, tally, stream, shared, event_id, k, t, height, memory):
    """Meet a candidate: if it is accepted, run its dispute; return whether it was."""
    climate = shared.climate[int(t)]
    accepted, support, bite = consider(
        world, law, state, tally, stream, k, t, height, memory, climate
    )
    if accepted:
        resolve(world, law, state, tally, stream, event_id, k, support, bite, t)
    return accepted


@jit
def meet_shared(world, law, state, tally, stream, shared, n, t):
    """Meet the n-th candidate that all architectures share."""
    event_id, k, height = shared.id[n], shared.dyad[n], shared.height[n]
    if shared.kind[n] == COERCION:
        i, j = k // world.code.size, k % world.code.size
        coerce(world, law, state, tally, stream, event_id, i, j, height, t)
        return
    memory = shared.kind[n] != 0
    if meet(world, law, state, tally, stream, shared, event_id, k, t, height, memory):
        tally.accepted[n] = 1


@jit
def simulate_trajectory(world, law, state, tally, stream, shared, count):
    """Run one trajectory under one architecture from the origin to the horizon."""
    clear(tally)
    reset(world, law, state, stream)
    resume_origin_wars(world, law, state, stream)
    count_shelter(state, tally)
    at, year = 0, np.int64(1)  # not a literal: each literal compiles the tick anew
    while state.number[EXIT] == events.COMPLETED:
        shared_time = shared.time[shared.order[at]] if at < count else np.inf
        child_time = state.pending_time[0] if state.number[PENDING] > 0 else np.inf
        end_time, slot = next_end(state)
        t = min(shared_time, child_time, end_time)
        if year < world.years and year <= t:
            tick(world, law, state, tally, stream, shared, year)
            year += 1
        elif t >= world.years:
            break
        elif t == end_time:
            end_war(world, law, state, tally, stream, slot, t)
        elif t == shared_time:
            meet_shared(world, law, state, tally, stream, shared, shared.order[at], t)
            at += 1
        else:
            child, k = state.pending_id[0], state.pending_dyad[0]
            height = state.pending_height[0]
            drop_first(state)
            # Only candidates of a layer have heights above 1; they are immigrants.
            meet(world, law, state, tally, stream, shared, child, k, t, height, height < 1.0)
    record_year(world, law, state, tally, world.years - 1)
    cut_off_wars(world, state, tally, stream)
    tally.counts[EXIT_REASON] = state.number[EXIT]


@jit
def run_batch(inputs, derived, seed, first, slot, stride, room_for_candidates, results, log):
    """Fill slots slot, slot + stride, ... of the results under every architecture.

    The trajectory of a slot is first + slot.
    """
    world = make_world(inputs, derived)
    architectures = inputs.architectures
    shared = make_candidates(room_for_candidates)
    n_states, n_dyads = world.code.size, world.initiator.size
    n_institutions, n_pairs = architectures.key.size, world.first_dyad.size
    room = promise_room(architectures)
    state = make_state(n_states, n_institutions, n_dyads, n_pairs, room)
    sizes, n_laws = (n_institutions, world.years), architectures.exists.shape[0]
    laws = [make_law(architectures, derived, 0)]
    # What the architectures did to a state, in a dyad-year or of a candidate is read together.
    side_by_side = (
        np.zeros((STATE_COUNTS, n_states, n_laws), np.int64),
        np.zeros((world.years, n_dyads, n_laws), np.int16),
        np.zeros((shared.time.size, n_laws), np.int8),
    )
    tallies = [make_tally(sizes, side_by_side, log, 0)]
    for a in range(1, n_laws):
        laws.append(make_law(architectures, derived, a))
        tallies.append(make_tally(sizes, side_by_side, log, a))
    for n in range(slot, results.trajectories.stream_hash.size, stride):
        stream = (np.uint64(seed), np.uint64(first + n))
        fill_climate(world, stream, shared.climate)
        fill_slow(world, stream, shared)
        count = fill_shared(world, stream, shared)
        for a in range(len(laws)):
            if count < 0:
                clear(tallies[a])
                tallies[a].counts[EXIT_REASON] = events.CANDIDATES_FULL
                continue
            simulate_trajectory(world, laws[a], state, tallies[a], stream, shared, count)
        results.trajectories.stream_hash[n] = stream_hash(shared, max(count, 0))
        results.trajectories.candidates[n] = count
        accumulate(results, world.pair, shared, max(count, 0), tallies, side_by_side, n)
    for a in range(len(laws)):
        release(laws[a])
        release(tallies[a])
    release(state)
    release(shared)
    release(world)


@jit
def promise_room(architectures):
    """Return the promises to one state for which there is room."""
    start = architectures.promise_start
    return (start[:, 1:] - start[:, :-1]).max() + PROMISE_ROOM


@jit
def support_at_origin(inputs, derived, origin):
    """Write what holds at the origin under the reference: G and U of dyads, guard and load."""
    world = make_world(inputs, derived)
    law = make_law(inputs.architectures, derived, inputs.reference)
    stream = (np.uint64(0), np.uint64(0))
    state = make_state(
        world.code.size, inputs.architectures.key.size, world.initiator.size,
        world.first_dyad.size, promise_room(inputs.architectures),
    )  # fmt: skip
    reset(world, law, state, stream)
    resume_origin_wars(world, law, state, stream)
    origin.guard[:] = state.guard
    origin.load[:] = state.load
    for k in range(world.initiator.size):
        origin.support[k], origin.cost[k], _ = expected_support(world, law, state, k)
    release(state)
    release(law)
    release(world)


@entry
def enter(inputs, derived, origin, seed, first, slot, stride, room_for_candidates, results, log):
    """Simulate a batch, or what holds at the origin if there is room for that.

    One entry point, since most of what the two need is the same and takes long to compile.
    """
    if origin.guard.size > 0:
        support_at_origin(inputs, derived, origin)
    else:
        run_batch(inputs, derived, seed, first, slot, stride, room_for_candidates, results, log)


def _room(mean: float) -> int:
    return int(mean + 12.0 * math.sqrt(mean)) + 128


def _shared_room(inputs: Inputs, derived: Derived) -> Shared:
    onset, sampling = inputs.parameters.onset, inputs.parameters.sampling
    mean = sampling.immigrant_cap * derived.cumulative_rate[-1] * inputs.years
    short = onset.memory_short * onset.tau_short * derived.cumulative_short[-1]
    long = onset.memory_long * onset.tau_long * derived.cumulative_long[-1]
    mean += sampling.child_cap * short * math.exp(onset.memory_delay / onset.tau_short)
    mean += sampling.child_cap * long * math.exp(onset.memory_delay / onset.tau_long)
    mean += inputs.parameters.coercion.rate * inputs.states.great.sum() * inputs.years
    room = _room(mean)
    rivals = _room(inputs.parameters.rivalry.cap * derived.cumulative_rival[-1] * inputs.years)
    slow = (inputs.years, inputs.states.code.size)
    return Shared(
        np.zeros(room, np.int64),
        np.zeros(room),
        np.zeros(room, np.uint64),
        np.zeros(room, np.int64),
        np.zeros(room),
        np.zeros(room, np.int8),
        np.zeros(inputs.years),
        np.zeros(slow),
        np.zeros(slow),
        np.zeros(slow),
        np.zeros(1, np.int64),
        np.zeros(rivals),
        np.zeros(rivals, np.int64),
        np.zeros(rivals),
    )


def _origin(dyads: int, states: int) -> Origin:
    return Origin(np.zeros(dyads), np.zeros(dyads), np.zeros(states), np.zeros(states))


def reference_at_origin(inputs: Inputs, derived: Derived) -> Origin:
    """Return what holds at the origin under the reference architecture."""
    origin = _origin(inputs.dyads.initiator.size, inputs.states.code.size)
    log = allocate_log(inputs.architectures.exists.shape[0], 0)
    room = _shared_room(inputs, derived)
    enter(inputs, derived, origin, 0, 0, 0, 1, room, allocate(inputs, 0), log)
    return origin


def simulate_batch(
    inputs: Inputs, derived: Derived, seed: int, first: int, count: int
) -> BatchResult:
    """Simulate trajectories first ... first + count - 1 under every architecture.

    Parameters
    ----------
    inputs, derived
        The packed run (docs/model.md) and what follows from it.
    seed
        0 to 2^32 - 1.
    first, count
        Range of trajectory numbers, below 2^32. The result of a trajectory depends on its number
        and the seed alone.
    """
    results = allocate(inputs, count)
    simulate_into(results, inputs, derived, seed, first)
    return published(results)


def simulate_into(
    results: BatchResult,
    inputs: Inputs,
    derived: Derived,
    seed: int,
    first: int,
    slot: int = 0,
    stride: int = 1,
) -> None:
    """Simulate every stride-th trajectory of a batch, from the slot-th, into its results.

    Parameters
    ----------
    results
        As `allocate` gives them, with room for the batch; `published` puts their axes in order
        when every slot has been simulated once.
    inputs, derived
        The packed run of these trajectories; its axes are those of the results.
    seed
        0 to 2^32 - 1.
    first
        Trajectory of slot 0.
    slot, stride
        Which slots to fill: slot, slot + stride, and so on.
    """
    log = allocate_log(inputs.architectures.exists.shape[0], 0)
    room = _shared_room(inputs, derived)
    enter(inputs, derived, _origin(0, 0), seed, first, slot, stride, room, results, log)


def compile_kernel(inputs: Inputs, derived: Derived) -> None:
    """Compile the simulation, or read it from the disk cache, so that no later call waits."""
    simulate_batch(inputs, derived, 0, 0, 0)


def trace(
    inputs: Inputs, derived: Derived, seed: int, trajectory: int, capacity: int = 200_000
) -> tuple[BatchResult, EventLog]:
    """Simulate one trajectory under every architecture and return its event logs as well."""
    results = allocate(inputs, 1)
    log = allocate_log(inputs.architectures.exists.shape[0], capacity)
    room = _shared_room(inputs, derived)
    enter(inputs, derived, _origin(0, 0), seed, trajectory, 0, 1, room, results, log)
    return published(results), log
