"""What follows from the inputs: rates at the origin, who owes whom, decision tables (numpy)."""

import numpy as np

from forecast.kernel.arrays import Architectures, Derived, Inputs
from forecast.kernel.decisions import decision_tables, start_table
from forecast.kernel.simulate import reference_at_origin

DEFENCE_OBLIGATION = 0.5


def base_rate(inputs: Inputs) -> np.ndarray:
    """Return the part of the log base rate that never changes, (K,) (docs/model.md §1.3)."""
    s, d, onset = inputs.states, inputs.dyads, inputs.parameters.onset
    i, j = d.initiator, d.target
    contiguity = s.contiguity[i, j]
    majors = s.great[i].astype(np.int64) + s.great[j]
    x = onset.const + onset.log_distance * np.log1p(d.distance)
    x = x + onset.land * (contiguity == 1) + onset.sea * (contiguity > 1)
    return x + onset.one_major * (majors == 1) + onset.two_majors * (majors == 2)


def regimes_and_arms(inputs: Inputs) -> np.ndarray:
    """Return what regimes, rivalry and nuclear arms of the origin add to it, (K,)."""
    s, d, onset = inputs.states, inputs.dyads, inputs.parameters.onset
    i, j = d.initiator, d.target
    armed = (s.nuclear[i] == 2).astype(np.int64) + (s.nuclear[j] == 2)
    x = onset.joint_democracy * (s.democratic[i] & s.democratic[j]) + onset.rivalry * s.rival[i, j]
    return x + onset.nuclear_one * (armed == 1) + onset.nuclear_both * (armed == 2)


def democracy(inputs: Inputs) -> np.ndarray:
    """Return polyarchy, moved to the side of the threshold that the flag says, (N,) (§6.1)."""
    s, r = inputs.states, inputs.parameters.regime
    above = np.maximum(s.democracy, r.threshold + r.margin)
    return np.where(s.democratic == 1, above, np.minimum(s.democracy, r.threshold - r.margin))


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
    x = base + regimes_and_arms(inputs) + onset.abs_log_ratio * np.abs(_log_ratio(inputs))
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
        binding = architectures.start_obligation[a, p] >= DEFENCE_OBLIGATION
        owes[a, architectures.promise_state[rows][binding], target[binding]] = 1
    return owes


def _bodies(architectures: Architectures) -> np.ndarray:
    r = architectures
    return (r.ladder_max > 0) & (r.armed == 1) & (r.exists == 1)


def order_bodies(architectures: Architectures) -> np.ndarray:
    """Return the body with most members of each architecture, -1 if it has none, (A,)."""
    members = architectures.member.sum(axis=2, dtype=np.int64)
    members = np.where(_bodies(architectures), members, -1)
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


def first_dyads(inputs: Inputs) -> np.ndarray:
    """Return the dyad with the lower initiator of every pair, (Q,)."""
    d = inputs.dyads
    first = np.zeros(int(d.pair.max()) + 1, np.int64)
    lower = d.initiator < d.target
    first[d.pair[lower]] = np.flatnonzero(lower)
    return first


def rivalry_rate(inputs: Inputs) -> tuple[np.ndarray, np.ndarray]:
    """Return the log hazard of a rivalry and its running sum over free pairs, (K,) (§6.3)."""
    s, d, r = inputs.states, inputs.dyads, inputs.parameters.rivalry
    i, j = d.initiator, d.target
    contiguity = s.contiguity[i, j]
    x = r.const + r.land * (contiguity == 1) + r.sea * (contiguity > 1)
    x = x - r.parity * np.abs(_log_ratio(inputs))
    x = x + r.joint_democracy * (s.democratic[i] & s.democratic[j])
    open_pair = (i < j) & (s.rival[i, j] == 0)
    return x, np.cumsum(np.where(open_pair, np.exp(x), 0.0))


def coercion_weights(inputs: Inputs) -> np.ndarray:
    """Return the running sum of the weights of coercer i and coerced j, at i * N + j (§4.7)."""
    s = inputs.states
    weight = np.maximum(0.0, s.trade.T - s.trade) * (s.great[:, None] == 1)
    np.fill_diagonal(weight, 0.0)
    return np.cumsum(weight.ravel())


def threat_at_origin(inputs: Inputs, log_rate: np.ndarray) -> np.ndarray:
    """Return T of every state at the origin, (N,) (§6.1)."""
    threat = np.zeros(inputs.states.code.size)
    stronger = np.exp(log_rate) * np.maximum(0.0, _log_ratio(inputs))
    np.add.at(threat, inputs.dyads.target, stronger)
    return threat


def stakes(inputs: Inputs, log_rate: np.ndarray) -> np.ndarray:
    """Return D/S0 of every state: what a promise to it loads its guarantors with, (N,) (§3.4)."""
    s, d, r, a = inputs.states, inputs.dyads, inputs.architectures, inputs.reference
    hostile = np.zeros(s.code.size)
    np.add.at(hostile, d.target, np.exp(log_rate) * s.capability[d.initiator])
    guard = np.zeros(s.code.size)
    start = r.promise_start[a]
    rows = np.arange(start[0], start[-1])
    p = r.promise_institution[rows]
    promised = r.start_obligation[a, p] * r.start_share[a, p]
    target = np.repeat(np.arange(s.code.size), np.diff(start))
    np.add.at(guard, target, promised * s.capability[r.promise_state[rows]])
    for body in np.flatnonzero(_bodies(r)[a]):
        others = (r.member[a, body] * s.capability).sum() - r.member[a, body] * s.capability
        own = r.start_obligation[a, body] * r.start_share[a, body] * others
        guard += r.covered[a, body] * (own + r.start_standing[a, body])
    return hostile / np.maximum(inputs.parameters.overcommitment.floor, guard)


def _with_reference(inputs: Inputs, derived: Derived) -> Derived:
    """Add what the reference gives at the origin, loads first: they enter all offers."""
    for _ in range(2):
        origin = reference_at_origin(inputs, derived)
        derived = derived._replace(
            support_reference=origin.support, cost_reference=origin.cost,
            guard_reference=origin.guard, load_reference=origin.load,
        )  # fmt: skip
    return derived


def derive(inputs: Inputs) -> Derived:
    """Compute everything that follows from the inputs, once per run."""
    d, reference = inputs.dyads, inputs.reference
    owes = who_owes(inputs.architectures, inputs.states.code.size)
    base, median = base_rate(inputs), size_median(inputs)
    log_rate = rate_at_origin(inputs, base, owes[reference], median)
    direction = memory_share(inputs)
    tables, table = decision_tables(inputs, owes)
    rival_log_rate, cumulative_rival = rivalry_rate(inputs)
    threat = threat_at_origin(inputs, log_rate)
    felt = np.log(inputs.parameters.pacts.threat_floor + threat)
    zeros, none = np.zeros(d.initiator.size), np.zeros(inputs.states.code.size)
    return _with_reference(
        inputs,
        Derived(
            democracy=democracy(inputs),
            base=base,
            log_rate=log_rate,
            cumulative_rate=np.cumsum(np.exp(log_rate)),
            cumulative_short=np.cumsum(d.memory_short * direction),
            cumulative_long=np.cumsum(d.memory_long * direction),
            size_median=median,
            size_slope=size_slope(inputs),
            owes=owes,
            order_body=order_bodies(inputs.architectures),
            tables=tables,
            table=table,
            start_table=start_table(inputs, table),
            first_dyad=first_dyads(inputs),
            rival_log_rate=rival_log_rate,
            cumulative_rival=cumulative_rival,
            cumulative_coercion=coercion_weights(inputs),
            threat=threat,
            threat_mean=float(felt.mean()),
            threat_sd=float(felt.std()) or 1.0,
            stake=stakes(inputs, log_rate),
            guard_reference=none,
            load_reference=none,
            willing=willing_states(inputs),
            support_reference=zeros,
            cost_reference=zeros,
            support_nominal=nominal_support(inputs, owes[reference]),
        ),
    )
