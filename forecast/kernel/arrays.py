"""The contract of the crossing: named tuples of C-contiguous arrays that enter the kernel.

N states (sorted by COW code), K directed dyads (sorted by initiator, then target code), undirected
pairs, M wars under way, A architectures, P institutions (union over architectures), Y years.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.kernel.parameters import Parameters

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
I4 = NDArray[np.int32]
I1 = NDArray[np.int8]


class States(NamedTuple):
    """States at the forecast origin, (N,) unless said otherwise; flags are 0 or 1."""

    code: I8  # COW code
    capability: F8  # share of world capability on the CINC scale, > 0, sums to 1
    population: F8  # persons
    democracy: F8  # 0-1
    democratic: I1
    great: I1
    g3: I1
    state_class: I1  # 0 small, 1 middle, 2 great
    region: I1  # 0-5
    gdp: F8  # share of the world's, sums to 1
    spending: F8  # share of the world's military spending, sums to 1
    nuclear: I1  # 0 none, 1 latent, 2 armed
    resilience: F8  # 0-1
    affinity: F8  # (N, N) 0-1, 1 on the diagonal
    trade: F8  # (N, N) share of the row state's trade that is with the column state
    contiguity: I1  # (N, N) COW type 1-5, 0 none
    rival: I1  # (N, N)


class Dyads(NamedTuple):
    """Directed dyads of the politically relevant universe, (K,); both directions are present."""

    initiator: I4  # state index
    target: I4  # state index
    pair: I4  # index of the undirected pair
    reverse: I4  # index of the dyad with the roles exchanged
    distance: F8  # km between capitals
    age: F8  # years since both states existed, at the origin
    memory_short: F8  # remembered disputes of the pair, decayed with tau_short
    memory_long: F8  # the same with tau_long
    last_initiator: (
        I1  # 1 this direction had the newest remembered dispute, -1 the reverse, 0 unknown
    )


class OriginWars(NamedTuple):
    """Wars under way at the origin, (M,)."""

    initiator: I4  # state index
    target: I4
    elapsed: F8  # years fought so far
    deaths_low: F8  # battle deaths so far, low estimate
    deaths_high: F8
    side: I1  # (M, N) 1 initiator's side, 2 target's side, 0 none


CONDUCT = (
    "willing_bonus",
    "willing_weight",
    "balance_bonus",
    "births_per_year",
    "birth_size_most",
    "birth_life_years",
    "pact_death_factor",
    "exit_factor",
    "accession_per_year",
    "polarisation",
    "accommodation",
    "conquest_norm",
)


class Architectures(NamedTuple):
    """Institution records of every architecture, (A, P) unless said otherwise (§2)."""

    exists: I1
    key: I8  # (P,) 15-bit draw key of the institution's name
    obligation: F8
    share: F8
    standing: F8  # on the scale of capability shares
    credibility: F8
    credibility_size: F8
    fail_weight: F8
    memory_years: F8
    legitimacy: F8
    quorum: F8
    veto_restraint: F8
    override_quorum: F8  # 0: none
    ladder_max: I1  # 0: pact
    trigger: I1  # 1 threat, 2 display, 3 use, 4 war
    armed: I1  # acts on armed aggression
    economic: I1  # rules on economic coercion
    pole: I1  # 0 none, else the number of the pole
    accedes: I1  # open to new members
    links: I1  # 0 members, 1 class of the pacts in force at the origin, 2 class of newborn pacts
    exit_rate: F8  # per member and year at credibility .5
    hardening_rate: F8  # per year
    obligation_ceiling: F8
    share_ceiling: F8
    invest: F8  # share of members' GDP
    start_obligation: F8  # at the origin; differs from obligation in a transition only
    start_share: F8
    start_standing: F8
    start_veto_restraint: F8
    start_credibility: F8
    latency_days: F8
    free_riding: F8
    intra: I1  # 0 none, 1 cover, 2 mediate
    fixed: I1
    exclude_parties: I1
    resilience_rate: F8  # per year
    resilience_cap: F8
    member: I1  # (A, P, N); zero for classes of bilateral pacts
    decider: I1  # (A, P, N)
    veto: I1  # (A, P, N)
    covered: I1  # (A, P, N)
    promise_start: I8  # (A, N + 1): promises to state j are [start[a, j], start[a, j + 1])
    promise_state: I4  # (L,) state that promises
    promise_institution: I4  # (L,)
    conduct: F8  # (A, C) in the order of CONDUCT
    start_conduct: F8  # (A, C) at the origin; differs from conduct in a transition only
    transition_years: F8  # (A,) 0: everything in force from the origin


class Inputs(NamedTuple):
    """Everything a run is asked and told."""

    states: States
    dyads: Dyads
    wars: OriginWars
    architectures: Architectures
    parameters: Parameters
    reference: int  # index of the reference architecture
    years: int


class Derived(NamedTuple):
    """What follows from the inputs and is computed once per run."""

    democracy: F8  # (N,) 0-1, on the side of the threshold that the flag says
    base: F8  # (K,) log base rate from distance, contiguity and great powers
    log_rate: F8  # (K,) ln mu0
    cumulative_rate: F8  # (K,) running sum of mu0, per year
    cumulative_short: F8  # (K,) running sum of directed short memory
    cumulative_long: F8  # (K,)
    size_median: float
    size_slope: F8  # (K,) log rate per log unit of the two capabilities' product
    owes: I1  # (A, N, N) row state owes column state defence at the origin
    order_body: I4  # (A,) body with most members, -1: none
    tables: F8  # (B, 9, K, 2) P(level 4 passes | war) and P(level 2 passes | fatal dispute)
    table: I8  # (A, P) which table is the institution's, -1: none
    start_table: I8  # (A, P) the same at the start of a transition
    first_dyad: I8  # (Q,) the pair's dyad with the lower initiator
    rival_log_rate: F8  # (K,) ln hazard of a rivalry at the origin
    cumulative_rival: F8  # (K,) running sum of that hazard over pairs that are no rivals
    cumulative_coercion: F8  # (N * N,) running sum of the weights of coercer and coerced
    threat: F8  # (N,) T at the origin
    threat_mean: float  # of ln(floor + T)
    threat_sd: float
    stake: F8  # (N,) hostile capability a year per guarantor's capability, reference, origin
    guard_reference: F8  # (N,) guard under the reference at the origin
    load_reference: F8  # (N,) load under the reference at the origin
    willing: I4  # (K, W) willing states, -1 padded
    support_reference: F8  # (K,) G of the reference architecture at the origin
    cost_reference: F8  # (K,) U of the reference architecture at the origin
    support_nominal: F8  # (K,) G of the target's allies at full weight, reference, origin


class Origin(NamedTuple):
    """What holds at the forecast origin under the reference; empty: not asked for."""

    support: F8  # (K,) G
    cost: F8  # (K,) U
    guard: F8  # (N,)
    load: F8  # (N,)


class Shared(NamedTuple):
    """Candidates common to all architectures of one trajectory."""

    order: I8  # positions in order of time
    time: F8
    id: NDArray[np.uint64]
    dyad: I8
    height: F8
    kind: I1  # 0 immigrant, 1 child of the stock, 2 economic coercion
    climate: F8  # (Y,) Z of every year
    growth: F8  # (Y, N) Student innovations of growth, variance 1
    regime: F8  # (Y, N) normal innovations of democracy
    arming: F8  # (Y, N) uniforms of proliferation
    rivals: I8  # (1,) number of candidate starts of rivalries
    rival_time: F8
    rival_dyad: I8  # the pair's dyad with the lower initiator
    rival_height: F8


class EventLog(NamedTuple):
    """Event log of one trajectory under one architecture; capacity 0 switches it off."""

    size: I8  # (1,)
    time: F8
    kind: I4
    id: NDArray[np.uint64]
    initiator: I4  # COW code, or -1
    target: I4  # COW code, or -1
    institution: I4  # institution index, or -1
    value: F8
