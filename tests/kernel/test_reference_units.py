"""The reference simulator against known answers and closed forms: it is to judge the kernel."""

import math
from dataclasses import replace
from itertools import pairwise
from statistics import fmean, stdev

import numpy as np
import pytest

from forecast.kernel import events as kinds
from forecast.kernel.arrays import CONDUCT, Inputs, OriginWars
from forecast.kernel.parameters import Process
from tests.reference import ballots
from tests.reference.draws import (
    Draws,
    child_id,
    institution_key,
    logistic,
    logit,
    philox,
    poisson,
    student4,
)
from tests.reference.measures import military_burden
from tests.reference.onset import crossing, log_rate
from tests.reference.record import Result
from tests.reference.simulate import Trajectory, origin_state, simulate
from tests.reference.support import expected_support
from tests.reference.threat import threat
from tests.reference.world import World
from tests.reference.worlds import (
    adjusted,
    default_parameters,
    livelier,
    small_world,
    without,
)

# Random123, kat_vectors: philox4x32 with 10 rounds.
ALL = 0xFFFFFFFF
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ALL, ALL, ALL, ALL), (ALL, ALL), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
# Nothing but immigrants: no climate, memory, deterrence, war.
QUIET = {
    "climate": {"sd": 0.0},
    "onset": {
        "deterrence": 0.0,
        "unilateral_cost": 0.0,
        "memory_short": 0.0,
        "memory_long": 0.0,
        "memory_delay": 0.0,
        "new_dyad": 0.0,
    },
    "escalation": {"const": -60.0},
}
NO_WARS = OriginWars(
    *(np.zeros(0, np.int32) for _ in range(2)),
    *(np.zeros(0) for _ in range(3)),
    np.zeros((0, 7), np.int8),
)


@pytest.fixture(scope="module")
def lively() -> list[tuple[Inputs, Result]]:
    return [(inputs, simulate(inputs, 1, 0, 0)) for inputs in map(small_world, range(10))]


def quiet_world(**onset: float) -> Inputs:
    changes = QUIET | {"onset": QUIET["onset"] | onset}
    parameters = without(adjusted(livelier(default_parameters()), changes), Process._fields)
    inputs = small_world(3, states=7, years=10, parameters=parameters)
    return inputs._replace(wars=NO_WARS)


def rows(result: Result, kind: int) -> list[float]:
    return [event.value for event in result.events if event.kind == kind]


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_philox__gives_the_published_vectors(counter, key, expected):
    assert philox(counter, key) == expected


def test_child_id__is_splitmix64():
    # First two outputs of SplitMix64 seeded with 0.
    assert child_id(0, 0) == 0xE220A8397B1DCDAF
    assert child_id(0, 1) == 0x6E789E6AA1B965F4


def test_draws__are_uniform_and_differ_by_address():
    draw = Draws(7, 11)
    sample = [x for n in range(4000) for x in draw(child_id(n, 0), 8)]
    assert all(0.0 < x < 1.0 for x in sample)
    assert fmean(sample) == pytest.approx(0.5, abs=4 / math.sqrt(12 * len(sample)))
    assert len({draw(5, 8), draw(6, 8), draw(5, 9), draw(5, 8, 1), Draws(7, 12)(5, 8)}) == 5


def test_draws__use_the_words_as_stated():
    x = philox((5, 1, 8, 3), (7, 11))
    u, v, w = Draws(7, 11)(2**32 + 5, 8, 3)
    assert u * 2**52 - 0.5 == (x[0] * 2**32 + x[1]) // 2**12
    assert (v * 2**32 - 0.5, w * 2**32 - 0.5) == (x[2], x[3])


def test_institution_key__has_fifteen_bits():
    # SHA-256 of the empty string begins e3b0.
    assert institution_key("") == 0xE3B0 >> 1


def test_poisson__inverts_the_distribution_function():
    zero, one = math.exp(-1.5), 2.5 * math.exp(-1.5)
    edges = [zero - 1e-9, zero + 1e-9, one - 1e-9, one + 1e-9]
    assert [poisson(1.5, u) for u in edges] == [0, 1, 1, 2]


def test_passage__of_a_single_voter_is_its_chance():
    parameters = adjusted(default_parameters(), {"vote": {"case_sd": 0.0}})
    inputs = small_world(0, parameters=without(parameters, ["accommodation"]))
    world = World(inputs)
    state = world.opening(0)
    body = next(b for b in state.architecture.bodies if len(b.member) == world.count)
    i, j, v = 0, 1, 2
    alone = replace(body, decider=[v], veto=[], override_quorum=0.0)
    p, a = world.parameters.vote, world.affinity
    yes = logistic(
        p.const + 2 * p.level + p.affinity * (a[v][j] - a[v][i]) + p.severity
        - p.legitimacy * logit(p.legitimacy_reference)
    )  # fmt: skip
    agenda = ballots.agenda_probability(state, i, 1)
    normal = 0.5 * math.erfc((0.5 - yes) / math.sqrt(2 * yes * (1 - yes)))
    at_even_odds = ballots.passage(state, alone, i, j, 2)[4]
    assert at_even_odds == pytest.approx(agenda * normal, rel=1e-12)


def test_expected_support__of_one_ally_is_its_weighted_offer():
    inputs = quiet_world()
    arrays = inputs.architectures
    p = int(np.flatnonzero(arrays.fixed[0])[0])
    exists = np.zeros_like(arrays.exists)
    exists[:, p] = 1
    conduct = arrays.conduct.copy()
    conduct[:, CONDUCT.index("willing_weight")] = 0.0
    start = np.zeros_like(arrays.promise_start)
    start[:, 2:] = 1  # the only promise is that of state 4 to state 1
    world = World(
        inputs._replace(
            architectures=arrays._replace(
                exists=exists,
                promise_start=start,
                promise_state=np.array([4], np.int32),
                promise_institution=np.array([p], np.int32),
                conduct=conduct,
                start_conduct=conduct,
                transition_years=np.zeros(2),
            )
        )
    )
    record, q, c = world.architecture(0).institution[p], world.parameters.support, world.capability
    weight = min(2, record.start_credibility / q.credibility_reference)
    weight *= min(2, record.obligation / q.obligation_reference) * record.share / q.share_reference
    help_expected = weight * c[4]
    adequate = min(1.0, help_expected / (q.adequacy * c[0]))
    bite = record.start_credibility * world.trade[0][4]
    found = expected_support(origin_state(world, 0), 0, 1)
    assert found.gain == pytest.approx(math.log(1 + help_expected * adequate / c[1]), rel=1e-12)
    assert found.cost == pytest.approx(q.breadth * math.sqrt(bite), rel=1e-12)
    assert expected_support(origin_state(world, 0), 4, 1).gain == 0.0


def mean_disputes(inputs: Inputs, trajectories: int) -> tuple[float, float]:
    world = World(inputs)
    a = world.reference
    counts = [simulate(inputs, 5, n, a, world).totals["dispute_count"] for n in range(trajectories)]
    return fmean(counts), stdev(counts) / math.sqrt(trajectories)


def total_rate(inputs: Inputs) -> float:
    return sum(math.exp(rate) for rate in World(inputs).log_rate0)


# Each of the next three would fail by chance for one seed in 15,000; the seed is fixed.
def test_disputes__without_memory_come_at_the_base_rate():
    inputs = quiet_world()
    mean, error = mean_disputes(inputs, 70)
    assert mean == pytest.approx(total_rate(inputs) * inputs.years, abs=4 * error)


def test_disputes__with_memory_follow_the_branching_process():
    inputs = quiet_world(memory_short=0.25, tau_short=2.0)
    dyads = inputs.dyads
    inputs = inputs._replace(dyads=dyads._replace(memory_short=np.zeros_like(dyads.memory_short)))
    mean, error = mean_disputes(inputs, 70)
    ratio, tau, years = 0.5, 2.0, inputs.years
    rest = 1 - ratio
    spent = ratio * tau / rest * (1 - math.exp(-rest * years / tau))
    assert mean == pytest.approx(total_rate(inputs) / rest * (years - spent), abs=4 * error)


def test_disputes__wait_before_they_breed():
    inputs = quiet_world(memory_short=0.25, tau_short=2.0, memory_delay=0.5)
    dyads = inputs.dyads
    inputs = inputs._replace(dyads=dyads._replace(memory_short=np.zeros_like(dyads.memory_short)))
    # The expected rate r(t) = R + sum over s < t - .5 of .25·exp(-(t - s - .5)/2)·r(s)·ds.
    step = 0.01
    kernel = 0.25 * np.exp(-(np.arange(0.0, inputs.years, step) + step / 2) / 2.0) * step
    rate = np.full(kernel.size, total_rate(inputs))
    for n in range(50, rate.size):
        rate[n] += kernel[: n - 50] @ rate[: n - 50][::-1]
    mean, error = mean_disputes(inputs, 70)
    assert mean == pytest.approx(rate.sum() * step, abs=4 * error)


def test_disputes__of_the_stock_sum_to_what_is_remembered():
    inputs = quiet_world(const=-1000.0, memory_long=0.04, tau_long=15.0)
    p = inputs.parameters.onset
    pairs = {int(q): s for q, s in zip(inputs.dyads.pair, inputs.dyads.memory_long, strict=True)}
    first = sum(pairs.values()) * p.memory_long
    growth = (p.memory_long - 1 / p.tau_long) * inputs.years
    expected = first * (math.exp(growth) - 1) / growth * inputs.years
    mean, error = mean_disputes(inputs, 300)
    assert mean == pytest.approx(expected, abs=4 * error)


def test_log_rate__matches_a_dyad_worked_by_hand():
    inputs = quiet_world()
    world, p = World(inputs), inputs.parameters.onset
    dyad = world.dyads[0]
    i, j = dyad.initiator, dyad.target
    there, back = (log_rate(world.opening(0), k, 0.0) for k in (0, dyad.reverse))
    ratio = math.log(world.capability[i] / world.capability[j])
    odds = p.direction_ratio * ratio + p.direction_major * (world.great[i] - world.great[j])
    assert there - back == pytest.approx(odds, rel=1e-9)


def test_origin_war__lasts_on_from_what_it_has_lasted():
    inputs = next(w for w in map(small_world, range(20)) if len(w.wars.elapsed) == 1)
    trajectory = Trajectory(World(inputs), 1, 0, 0)
    war, p = trajectory.state.wars[0], inputs.parameters.war
    scale = p.scale * math.exp(p.ratio * abs(math.log(war.ratio)))
    elapsed = inputs.wars.elapsed[0]
    u = Draws(1, 0)(child_id(5, 0), 17)[0]
    survival = [math.exp(-((t / scale) ** p.shape)) for t in (elapsed, elapsed + war.duration)]
    assert survival[1] == pytest.approx(survival[0] * u, rel=1e-9)


def test_simulate__repeats_itself_and_pairs_architectures():
    inputs = small_world(2)
    first, again, other = (simulate(inputs, 3, 4, a) for a in (0, 0, 1))
    assert first == again
    disputes = [
        {e.id: e[:1] + e[2:5] for e in r.events if e.kind == kinds.DISPUTE} for r in (first, other)
    ]
    common = disputes[0].keys() & disputes[1].keys()
    assert len(common) > len(disputes[0]) / 2
    assert all(disputes[0][key] == disputes[1][key] for key in common)
    assert first.events != other.events


def test_simulate__totals_agree_with_the_log(lively):
    counted = {
        "dispute_count": kinds.DISPUTE,
        "war_count": kinds.WAR,
        "joiner_count": kinds.JOINED,
        "veto_count": kinds.VETOED,
        "tested_obligation_count": kinds.TEST,
        "compliance_count": kinds.COMPLIED,
        "conquest_count": kinds.STATE_DEATH,
        "pact_end_count": kinds.PACT_ENDED,
        "coercion_count": kinds.COERCED,
    }
    for inputs, result in lively:
        for name, kind in counted.items():
            assert result.totals[name] == len(rows(result, kind)), name
        assert sum(result.annual["dispute_count"]) == result.totals["dispute_count"]
        deaths = sum(rows(result, kinds.FATAL)) + sum(rows(result, kinds.WAR_DEATHS))
        assert sum(result.annual["battle_deaths"]) == result.totals["battle_deaths"] == deaths
        assert len(result.credibility) == len(result.legitimacy) == inputs.years
        assert {len(series) for series in result.measures.values()} == {inputs.years}
        times = [event.time for event in result.events]
        assert times == sorted(times)


def test_small_world__shows_every_kind_of_event(lively):
    seen = {event.kind for _, result in lively for event in result.events}
    assert seen == set(range(1, 30))


def test_student4__has_the_published_quantiles():
    # Tables of Student's t with four degrees of freedom.
    table = {0.5: 0.0, 0.75: 0.7407, 0.95: 2.1318, 0.025: -2.7764}
    assert {p: round(student4(p), 4) for p in table} == table


def test_small_world__lists_promises_in_order(lively):
    for inputs, _ in lively:
        a = inputs.architectures
        for start in a.promise_start:
            for low, high in pairwise(start):
                given = list(
                    zip(a.promise_state[low:high], a.promise_institution[low:high], strict=True)
                )
                assert given == sorted(set(given))
        assert a.promise_start[-1, -1] == len(a.promise_state)


def test_default_parameters__change_only_where_asked():
    parameters = default_parameters()
    changed = adjusted(parameters, {"war": {"scale": 3.0}})
    assert changed.war == parameters.war._replace(scale=3.0)
    assert changed._replace(war=parameters.war) == parameters


def test_origin__is_the_measure_of_strain_threat_and_burden():
    world = World(small_world(1))
    state = origin_state(world, world.reference)
    assert state.strain == pytest.approx([1.0] * world.count, rel=1e-12)
    assert state.guard == pytest.approx(world.guard0, rel=1e-12)
    assert [threat(state, k) for k in range(world.count)] == world.threat0
    assert military_burden(state) == pytest.approx(1.0, rel=1e-12)


def test_crossing__needs_a_target_that_rises_past_or_soon_will():
    state = World(small_world(0)).opening(0)
    past, now = list(state.capability), list(state.capability)
    state.capability, state.history[0] = now, past

    def rising(before: float, after: float) -> bool:
        past[0], now[0] = past[1] * math.exp(before), now[1] * math.exp(after)
        return crossing(state, 0, 1)

    found = [rising(0.2, -0.1), rising(0.3, 0.1), rising(0.9, 0.6), rising(-0.1, 0.2)]
    assert found == [True, True, False, False]
