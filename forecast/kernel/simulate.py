"""The next-event loop, and the entry points that Python calls."""

import math

import numpy as np

from forecast.kernel import events
from forecast.kernel.accumulate import accumulate
from forecast.kernel.arrays import Derived, EventLog, Inputs, Shared
from forecast.kernel.borrowing import release
from forecast.kernel.build import make_law, make_state, make_tally, make_world, reset
from forecast.kernel.candidates import fill_climate, fill_shared, stream_hash
from forecast.kernel.compiled import entry, jit
from forecast.kernel.credibility import record_year, tick
from forecast.kernel.dispute import resolve
from forecast.kernel.onset import consider
from forecast.kernel.pending import drop_first
from forecast.kernel.records import EXIT, EXIT_REASON, PENDING
from forecast.kernel.results import BatchResult, allocate, allocate_log
from forecast.kernel.support import expected_support
from forecast.kernel.tally import clear
from forecast.kernel.war import cut_off_wars, end_war, next_end, resume_origin_wars


@jit
def meet(world, law, state, tally, stream, shared, event_id, k, t, height, memory):
    """Meet a candidate: if it is accepted, run its dispute."""
    climate = shared.climate[int(t)]
    accepted, support, _, bite = consider(world, law, state, tally, k, t, height, memory, climate)
    if accepted:
        resolve(world, law, state, tally, stream, event_id, k, support, bite, t)


@jit
def simulate_trajectory(world, law, state, tally, stream, shared, order, count):
    """Run one trajectory under one architecture from the origin to the horizon."""
    clear(tally)
    reset(world, law, state)
    resume_origin_wars(world, law, state, stream)
    at, year = 0, 1
    while state.number[EXIT] == events.COMPLETED:
        shared_time = shared.time[order[at]] if at < count else np.inf
        child_time = state.pending_time[0] if state.number[PENDING] > 0 else np.inf
        end_time, slot = next_end(state)
        t = min(shared_time, child_time, end_time)
        if year < world.years and year <= t:
            tick(world, law, state, tally, year - 1)
            year += 1
        elif t >= world.years:
            break
        elif t == end_time:
            end_war(world, law, state, tally, stream, slot, t)
        elif t == shared_time:
            n = order[at]
            at += 1
            meet(
                world, law, state, tally, stream, shared, shared.id[n], shared.dyad[n], t,
                shared.height[n], shared.memory[n] == 1,
            )  # fmt: skip
        else:
            child, k = state.pending_id[0], state.pending_dyad[0]
            height = state.pending_height[0]
            drop_first(state)
            meet(world, law, state, tally, stream, shared, child, k, t, height, True)
    record_year(law, state, tally, world.years - 1)
    cut_off_wars(world, state, tally, stream)
    tally.counts[EXIT_REASON] = state.number[EXIT]


@entry
def run_batch(inputs, derived, seed, first, shared, results, log):
    """Fill the results with trajectories first, first + 1, ... under every architecture."""
    world = make_world(inputs, derived)
    architectures = inputs.architectures
    n_states, n_dyads = world.code.size, world.initiator.size
    n_institutions = architectures.key.size
    state = make_state(n_states, n_institutions, n_dyads)
    laws = [make_law(architectures, derived, 0)]
    tallies = [make_tally(n_states, n_institutions, n_dyads, world.years, log, 0)]
    for a in range(1, architectures.exists.shape[0]):
        laws.append(make_law(architectures, derived, a))
        tallies.append(make_tally(n_states, n_institutions, n_dyads, world.years, log, a))
    order = np.zeros(shared.time.size, np.int64)
    for n in range(results.trajectories.stream_hash.size):
        stream = (np.uint64(seed), np.uint64(first + n))
        fill_climate(world, stream, shared.climate)
        count = fill_shared(world, stream, shared, order)
        for a in range(len(laws)):
            if count < 0:
                clear(tallies[a])
                tallies[a].counts[EXIT_REASON] = events.CANDIDATES_FULL
                continue
            simulate_trajectory(world, laws[a], state, tallies[a], stream, shared, order, count)
        results.trajectories.stream_hash[n] = stream_hash(shared, order, max(count, 0))
        results.trajectories.candidates[n] = count
        accumulate(results, architectures.exists, tallies, inputs.years, n)
    for a in range(len(laws)):
        release(laws[a])
        release(tallies[a])
    release(state)
    release(world)


@entry
def support_at_origin(inputs, derived, a, support, cost):
    """Write G and U of every directed dyad at the origin under architecture a."""
    world = make_world(inputs, derived)
    law = make_law(inputs.architectures, derived, a)
    state = make_state(world.code.size, inputs.architectures.key.size, world.initiator.size)
    reset(world, law, state)
    resume_origin_wars(world, law, state, (np.uint64(0), np.uint64(0)))
    for k in range(world.initiator.size):
        support[k], cost[k], _ = expected_support(world, law, state, k)
    release(state)
    release(law)
    release(world)


def _shared_room(inputs: Inputs, derived: Derived) -> Shared:
    onset, sampling = inputs.parameters.onset, inputs.parameters.sampling
    mean = sampling.immigrant_cap * derived.cumulative_rate[-1] * inputs.years
    short = onset.memory_short * onset.tau_short * derived.cumulative_short[-1]
    long = onset.memory_long * onset.tau_long * derived.cumulative_long[-1]
    mean += sampling.child_cap * short * math.exp(onset.memory_delay / onset.tau_short)
    mean += sampling.child_cap * long * math.exp(onset.memory_delay / onset.tau_long)
    room = int(mean + 12.0 * math.sqrt(mean)) + 128
    return Shared(
        np.zeros(room),
        np.zeros(room, np.uint64),
        np.zeros(room, np.int32),
        np.zeros(room),
        np.zeros(room, np.int8),
        np.zeros(inputs.years),
    )


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
    log = allocate_log(inputs.architectures.exists.shape[0], 0)
    run_batch(inputs, derived, seed, first, _shared_room(inputs, derived), results, log)
    return results


def compile_kernel(inputs: Inputs, derived: Derived) -> None:
    """Compile the simulation, or read it from the disk cache, so that no later call waits."""
    simulate_batch(inputs, derived, 0, 0, 0)


def trace(
    inputs: Inputs, derived: Derived, seed: int, trajectory: int, capacity: int = 200_000
) -> tuple[BatchResult, EventLog]:
    """Simulate one trajectory under every architecture and return its event logs as well."""
    results = allocate(inputs, 1)
    log = allocate_log(inputs.architectures.exists.shape[0], capacity)
    run_batch(inputs, derived, seed, trajectory, _shared_room(inputs, derived), results, log)
    return results, log
