"""What follows from the inputs: rates at the origin, who owes whom, decision tables (numpy)."""

import numpy as np

from forecast.kernel.arrays import Architectures, Derived, Inputs
from forecast.kernel.decisions import decision_tables
from forecast.kernel.simulate import support_at_origin

DEFENCE_OBLIGATION = 0.5


def base_rate(inputs: Inputs) -> np.ndarray:
    """Return the part of the log base rate that never changes, (K,) (docs/model.md §1.3)."""
    s, d, onset = inputs.states, inputs.dyads, inputs.parameters.onset
    i, j = d.initiator, d.target
    contiguity = s.contiguity[i, j]
    majors = s.great[i].astype(np.int64) + s.great[j]
    armed = (s.nuclear[i] == 2).astype(np.int64) + (s.nuclear[j] == 2)
    x = onset.const + onset.log_distance * np.log1p(d.distance)
    x = x + onset.land * (contiguity == 1) + onset.sea * (contiguity > 1)
    x = x + onset.one_major * (majors == 1) + onset.two_majors * (majors == 2)
    x = x + onset.joint_democracy * (s.democratic[i] & s.democratic[j])
    x = x + onset.rivalry * s.rival[i, j]
    return x + onset.nuclear_one * (armed == 1) + onset.nuclear_both * (armed == 2)


def _log_ratio(inputs: Inputs) -> np.ndarray:
    log_capability = np.log(inputs.states.capability)
    ratio = log_capability[inputs.dyads.initiator] - log_capability[inputs.dyads.target]
    bound = inputs.parameters.onset.log_ratio_clip
    return np.clip(ratio, -bound, bound)


def direction_share(inputs: Inputs) -> np.ndarray:
    """Return d: the share of a pair's base rate that is each direction's, (K,)."""
    onset, great = inputs.parameters.onset, inputs.states.great.astype(np.float64)
    gap = great[inputs.dyads.initiator] - great[inputs.dyads.target]
    z = onset.direction_ratio * _log_ratio(inputs) + onset.direction_major * gap
    return 1.0 / (1.0 + np.exp(-z))


def memory_share(inputs: Inputs) -> np.ndarray:
    """Return the share of a pair's remembered disputes that each direction repeats, (K,)."""
    onset, last = inputs.parameters.onset, inputs.dyads.last_initiator
    return 0.5 + (onset.memory_direction - 0.5) * last


def size_slope(inputs: Inputs) -> np.ndarray:
    """Return the log rate per log unit of the two capabilities' product, (K,)."""
    onset, d = inputs.parameters.onset, inputs.dyads
    land = inputs.states.contiguity[d.initiator, d.target] == 1
    return onset.size + onset.size_land * land


def _sizes(inputs: Inputs) -> np.ndarray:
    log_capability = np.log(inputs.states.capability)
    return log_capability[inputs.dyads.initiator] + log_capability[inputs.dyads.target]


def size_median(inputs: Inputs) -> float:
    """Return the median size of pairs that are contiguous or have a great power (all, if none)."""
    s, d = inputs.states, inputs.dyads
    relevant = s.contiguity[d.initiator, d.target] > 0
    relevant |= (s.great[d.initiator] | s.great[d.target]) == 1
    sizes = _sizes(inputs)
    return float(np.median(sizes[relevant] if relevant.any() else sizes))


def rate_at_origin(inputs: Inputs, base: np.ndarray, owes: np.ndarray, median: float) -> np.ndarray:
    """Return ln mu of every directed dyad at the origin under the reference, (K,)."""
    onset, d = inputs.parameters.onset, inputs.dyads
    pact = owes[d.initiator, d.target] | owes[d.target, d.initiator]
    x = base + onset.abs_log_ratio * np.abs(_log_ratio(inputs))
    x = x + size_slope(inputs) * (_sizes(inputs) - median)
    x = x + onset.new_dyad * np.exp(-d.age / onset.new_dyad_years)
    return x + onset.defence_pact * pact + np.log(direction_share(inputs))


def who_owes(architectures: Architectures, states: int) -> np.ndarray:
    """Return owes[a, k, j]: k owes j defence under architecture a, (A, N, N)."""
    count = architectures.exists.shape[0]
    owes = np.zeros((count, states, states), np.int8)
    for a in range(count):
        start = architectures.promise_start[a]
        rows = np.arange(start[0], start[-1])
        target = np.repeat(np.arange(states), np.diff(start))
        p = architectures.promise_institution[rows]
        binding = architectures.obligation[a, p] >= DEFENCE_OBLIGATION
        owes[a, architectures.promise_state[rows][binding], target[binding]] = 1
    return owes


def order_bodies(architectures: Architectures) -> np.ndarray:
    """Return the body with most members of each architecture, -1 if it has none, (A,)."""
    members = architectures.member.sum(axis=2, dtype=np.int64)
    members = np.where((architectures.ladder_max > 0) & (architectures.exists == 1), members, -1)
    widest = members.argmax(axis=1)
    found = members[np.arange(widest.size), widest] > 0
    return np.where(found, widest, -1).astype(np.int32)


def willing_states(inputs: Inputs) -> np.ndarray:
    """Return the states that might help each target of their own will, (K, W), -1 padded."""
    s, join = inputs.states, inputs.parameters.joining
    room = int(join.willing_count)
    by_size = np.argsort(-s.capability, kind="stable")
    willing = np.full((inputs.dyads.initiator.size, room), -1, np.int32)
    for k, (i, j) in enumerate(zip(inputs.dyads.initiator, inputs.dyads.target, strict=True)):
        near = (s.affinity[:, j] > join.willing_affinity) & (s.affinity[:, j] > s.affinity[:, i])
        near[[i, j]] = False
        found = by_size[near[by_size]][:room]
        willing[k, : found.size] = found
    return willing


def nominal_support(inputs: Inputs, owes: np.ndarray) -> np.ndarray:
    """Return ln(1 + allies' capability over the target's), all allies at full weight, (K,)."""
    c, d = inputs.states.capability, inputs.dyads
    allies = owes.T.astype(np.float64) @ c
    own = np.where(owes[d.initiator, d.target] == 1, c[d.initiator], 0.0)
    return np.log1p(np.maximum(allies[d.target] - own, 0.0) / c[d.target])


def derive(inputs: Inputs) -> Derived:
    """Compute everything that follows from the inputs, once per run."""
    d, reference = inputs.dyads, inputs.reference
    owes = who_owes(inputs.architectures, inputs.states.code.size)
    base, median = base_rate(inputs), size_median(inputs)
    log_rate = rate_at_origin(inputs, base, owes[reference], median)
    direction = memory_share(inputs)
    body, sanctions, enforcement = decision_tables(inputs, owes)
    zeros = np.zeros(d.initiator.size)
    derived = Derived(
        base,
        log_rate,
        np.cumsum(np.exp(log_rate)),
        np.cumsum(d.memory_short * direction),
        np.cumsum(d.memory_long * direction),
        median,
        size_slope(inputs),
        owes,
        owes.sum(axis=1, dtype=np.int32),
        order_bodies(inputs.architectures),
        body,
        sanctions,
        enforcement,
        willing_states(inputs),
        zeros,
        zeros,
        nominal_support(inputs, owes[reference]),
    )
    support, cost = np.zeros_like(zeros), np.zeros_like(zeros)
    support_at_origin(inputs, derived, reference, support, cost)
    return derived._replace(support_reference=support, cost_reference=cost)
