"""Named security systems alone in a small world, their effect computed by hand from the page."""

import math
from typing import NamedTuple

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermegauss

from forecast.kernel import events
from forecast.kernel.arrays import Derived, Inputs
from forecast.kernel.derive import derive
from forecast.kernel.results import TRAJECTORY_COUNTS
from forecast.kernel.simulate import simulate_batch, trace
from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Scenario
from forecast.studies.ablation.constants import Constant, with_constant
from forecast.world.pack_inputs import pack_inputs
from forecast.world.snapshot import read_snapshot

# Nothing but disputes, wars and what institutions do in them.
STILL = {
    f"process.{name}": 0.0
    for name in (
        "growth",
        "spending",
        "proliferation",
        "regime_change",
        "rivalry_change",
        "member_exit",
        "pact_death",
        "pact_birth",
        "nuclear_use",
        "conquest",
        "accommodation",
        "coercion",
        "overcommitment",
        "spillover",
    )
} | {"climate.sd": 0.0}
# Disputes soon, most of them answered.
RESTLESS = STILL | {"onset.const": 2.0, "response.const": 3.0}
WARLIKE = RESTLESS | {"escalation.const": 4.0, "joining.salience": 0.0, "joining.buck_passing": 0.0}


class Stage(NamedTuple):
    """One architecture in a world cut to a few states and one pair of them."""

    scenario: Scenario
    inputs: Inputs
    derived: Derived
    iso3: list[str]
    institutions: tuple[str, ...]

    def dyad(self, initiator: str, target: str) -> int:
        i, j = self.iso3.index(initiator), self.iso3.index(target)
        dyads = self.inputs.dyads
        return int(np.flatnonzero((dyads.initiator == i) & (dyads.target == j))[0])

    def record(self, key):
        return self.scenario.architectures["alone"].institutions[key]

    def members(self, field: str, key: str) -> list[int]:
        table = getattr(self.inputs.architectures, field)
        return list(np.flatnonzero(table[0, self.institutions.index(key)]))


def stage(architecture, keys, states, pair, changes=STILL, affinity=None, config="all_futures"):
    """Put some institutions of a shipped architecture into a world of the given states."""
    shipped = load_scenario(shipped_configs() / f"{config}.toml")
    whole = shipped.architectures[architecture]
    kept = {key: record for key, record in whole.institutions.items() if key in keys}
    voided = whole.institutions | whole.voided
    alone = whole.model_copy(
        update={
            "institutions": kept,
            "voided": {key: record for key, record in voided.items() if key not in kept},
        }
    )
    scenario = shipped.model_copy(update={"architectures": {"alone": alone}, "reference": "alone"})
    for name, value in changes.items():
        scenario = with_constant(scenario, Constant(name, value, ""))
    world = cut(read_snapshot(shipped.world), states, pair)
    for (a, b), value in (affinity or {}).items():
        world["affinity"].loc[{"state": code(world, a), "partner": code(world, b)}] = value
    packed = pack_inputs(scenario, world)
    iso3 = [str(name) for name in world["iso3"].to_numpy()]
    return Stage(scenario, packed.inputs, derive(packed.inputs), iso3, packed.institutions)


def code(world, iso3):
    return world["state"].to_numpy()[list(world["iso3"].to_numpy()).index(iso3)]


def cut(world, states, pair):
    """Return the world of some states, in which one pair may fight and no war is under way."""
    chosen = world["state"].to_numpy()[np.isin(world["iso3"].to_numpy().astype(str), states)]
    both = [code(world, name) for name in pair]
    fighting = np.isin(world["initiator"], both) & np.isin(world["target"], both)
    small = world.sel(state=chosen, partner=chosen).isel(
        dyad=np.flatnonzero(fighting), war=slice(0, 0)
    )
    assert small.sizes["dyad"] == 2
    small["capability"] = small["capability"] / small["capability"].sum()
    return small.assign_coords(dyad=np.arange(2))


def logistic(x):
    return 1 / (1 + math.exp(-x))


def logit(p):
    return math.log(p / (1 - p))


def weight(at: Stage, key: str) -> float:
    """Return what a promise weighs beside that of an ordinary pact (§2)."""
    s, record = at.inputs.parameters.support, at.record(key)
    trusted = min(s.weight_cap, record.credibility.value / s.credibility_reference)
    bound = min(s.weight_cap, record.obligation.value / s.obligation_reference)
    return trusted * bound * record.share.value / s.share_reference


def expected(at: Stage, total: float, i: int, j: int) -> float:
    """Return G for support of the given total (§3.1)."""
    s, c = at.inputs.parameters.support, at.inputs.states.capability
    factor = min(1.0, total / (s.adequacy * c[i]))
    return min(s.support_cap, math.log(1 + total * factor / c[j]))


# Pact, the architecture that states it, its members, aggressor, attacked member.
PACTS = [
    ("nato", "status_quo_un", ["USA", "CAN", "GBR", "FRA", "DEU", "POL"], "RUS", "POL"),
    ("trilateral_consultation", "fragmented_coalitions", ["USA", "JPN", "KOR"], "PRK", "KOR"),
    ("western_balkans", "fragmented_coalitions", ["ALB", "HRV", "XKX"], "SRB", "XKX"),
    ("smda", "status_quo_un", ["SAU", "PAK"], "IND", "PAK"),
]


@pytest.mark.parametrize(("pact", "architecture", "members", "aggressor", "victim"), PACTS)
def test_pact__offers_an_attacked_member_what_its_allies_have(
    pact, architecture, members, aggressor, victim
):
    at = stage(architecture, {pact}, [*members, aggressor], (aggressor, victim))
    i, j = at.iso3.index(aggressor), at.iso3.index(victim)
    allies = [at.iso3.index(name) for name in members if name != victim]
    total = weight(at, pact) * sum(at.inputs.states.capability[k] for k in allies)

    found = at.derived.support_reference[at.dyad(aggressor, victim)]
    assert found == pytest.approx(expected(at, total, i, j), rel=1e-9)
    assert found > 0
    # Nobody owes the aggressor anything when the member strikes back.
    assert at.derived.support_reference[at.dyad(victim, aggressor)] == 0.0


@pytest.mark.parametrize(("pact", "architecture", "members", "aggressor", "victim"), PACTS)
def test_pact__binds_an_ally_as_far_as_it_is_trusted(
    pact, architecture, members, aggressor, victim
):
    at = stage(architecture, {pact}, [*members, aggressor], (aggressor, victim), WARLIKE)
    i, j = at.iso3.index(aggressor), at.iso3.index(victim)
    for k, found in stayed_out(at, i, j):
        by_hand = joining_probability(at, pact, k, i, j, len(members) - 1)
        assert found == pytest.approx(by_hand, rel=1e-9)


def stayed_out(at: Stage, i: int, j: int):
    """Return allies that stay out of the first war of a trajectory, with their probability."""
    states = at.inputs.states.code
    for trajectory in range(60):
        _, log = trace(at.inputs, at.derived, 5, trajectory)
        kind, size = log.kind[0], log.size[0, 0]
        wars = np.flatnonzero(kind[:size] == events.WAR)
        if not wars.size or log.initiator[0, wars[0]] != states[i]:
            continue
        first = (kind[:size] == events.RENEGED) & (log.id[0, :size] == log.id[0, wars[0]])
        first &= log.target[0, :size] == states[j]
        if first.any():
            allies = np.searchsorted(states, log.initiator[0, :size][first])
            return list(zip(allies, log.value[0, :size][first], strict=True))
    raise AssertionError("no ally stayed out of a first war")


def order_strength(at: Stage, credibility: float) -> float:
    """Return q, the part of the calm since 1945 that holds (§4.4)."""
    e, norm = at.inputs.parameters.escalation, at.inputs.architectures.conduct[0, -1]
    kept = min(credibility / e.credibility_norm, e.erosion_clip)
    kept += min(norm / e.norm_norm, e.erosion_clip)
    return 1 - e.attribution * (1 - kept / 2)


def joining_probability(at: Stage, pact: str, k: int, i: int, j: int, bound: int) -> float:
    """Return the probability that ally k joins the target of a first war (§5.2)."""
    s, p, record = at.inputs.states, at.inputs.parameters.joining, at.record(pact)
    x = p.const + p.war + p.post1945 + p.log_aggressor * math.log(s.capability[i])
    x += p.log_capability * math.log(s.capability[k]) + p.major * s.great[k]
    x += p.near * bool(s.contiguity[k, i] or s.contiguity[k, j])
    x += p.democracy * s.democratic[k] + p.affinity * (s.affinity[k, j] - s.affinity[k, i])
    x -= p.nuclear_aggressor * (s.nuclear[i] == 2 and s.nuclear[k] != 2)
    x += p.great_powers * order_strength(at, 0.0) * (s.great[k] and s.great[i])
    x += p.obligation * (record.obligation.value - p.obligation_reference)
    x += p.credibility * logit(record.credibility.value)
    return logistic(x - record.free_riding.value * math.log(bound))


def counts(at: Stage, trajectories: int = 20):
    result = simulate_batch(at.inputs, at.derived, 7, 0, trajectories).trajectories.counts
    return dict(zip(TRAJECTORY_COUNTS, result[:, 0].sum(axis=1), strict=True))


@pytest.mark.parametrize(
    ("architecture", "key", "states", "aggressor", "outsider"),
    [
        ("status_quo_un", "nato", ["USA", "GBR", "POL"], "RUS", "UKR"),
        ("status_quo_un", "smda", ["SAU", "PAK"], "IRN", "IRQ"),
        ("middle_power_coalition", "middle_powers", None, "RUS", "KAZ"),
    ],
)
def test_outsider__is_left_alone(architecture, key, states, aggressor, outsider):
    states = [*(states or MIDDLE_POWERS), aggressor, outsider]
    at = stage(architecture, {key}, states, (aggressor, outsider), WARLIKE)
    assert at.derived.support_reference[at.dyad(aggressor, outsider)] == 0.0
    assert at.derived.cost_reference[at.dyad(aggressor, outsider)] == 0.0
    found = counts(at)
    assert found["war_count"] > 0
    assert found["tested_obligation_count"] == 0
    assert found["ally_invocation_count"] == 0


PERMANENT = ["USA", "GBR", "FRA", "RUS", "CHN"]
NEW_SEATS = ["BRA", "DEU", "EGY", "IDN", "IND", "JPN", "MEX", "NGA", "ZAF"]


def passing(at: Stage, key: str, i: int, j: int, level: int, severity: int) -> float:
    """Return the probability that a motion passes, agenda included, at the initial legitimacy."""
    record, agenda = at.record(key), at.inputs.parameters.agenda
    raised = agenda.war if severity == 2 else agenda.fatal
    on = logistic(agenda.const + raised + agenda.great_initiator * at.inputs.states.great[i])
    at_node = logit(record.legitimacy.value)
    low = math.floor(at_node)
    part = at_node - low
    below, above = (
        carried_motion(at, key, i, j, level, severity, float(node)) for node in (low, low + 1)
    )
    return on * ((1 - part) * below + part * above)


def carried_motion(at: Stage, key, i, j, level, severity, legitimacy) -> float:
    """Return the probability that a motion on the agenda passes (§3.1), without accommodation."""
    record, vote = at.record(key), at.inputs.parameters.vote
    deciders, members = at.members("decider", key), at.members("member", key)
    silent = {i, j} if record.exclude_parties else {i}
    seats = len(deciders) - (len({i, j} & set(deciders)) if record.exclude_parties else 0)
    unvetoed = math.prod(
        1 - (1 - record.veto_restraint.value) * veto_probability(at, v, i, j, level)
        for v in at.members("veto", key)
    )
    total = 0.0
    shocks, weights = hermegauss(5)
    for shock, share in zip(shocks, weights / weights.sum(), strict=True):
        common = vote.const + vote.level * level + vote.severity * severity + vote.case_sd * shock
        common += vote.legitimacy * (legitimacy - logit(vote.legitimacy_reference))
        reached = majority(at, set(deciders) - silent, i, j, common, record.quorum.value * seats)
        through = unvetoed
        if level == 2 and record.override_quorum.value > 0:
            needed = record.override_quorum.value * len(members)
            through += (1 - unvetoed) * majority(at, set(members) - {i}, i, j, common, needed)
        total += share * reached * through
    return total


def veto_probability(at: Stage, v, i, j, level) -> float:
    p, affinity = at.inputs.parameters.veto, at.inputs.states.affinity
    x = p.const + p.level * level + p.affinity * (affinity[v, i] - affinity[v, j])
    return logistic(x + p.own_case * (v == i))


def majority(at: Stage, voters, i, j, common, needed) -> float:
    affinity, slope = at.inputs.states.affinity, at.inputs.parameters.vote.affinity
    yes = [logistic(common + slope * (affinity[v, j] - affinity[v, i])) for v in voters]
    needed, mean = math.ceil(needed - 1e-9), sum(yes)
    spread = math.sqrt(sum(p * (1 - p) for p in yes))
    return 0.5 * math.erfc((needed - mean - 0.5) / (spread * math.sqrt(2)))


COUNCILS = [
    ("status_quo_un", "un", [*PERMANENT, "UKR", "DNK", "PAK"], "RUS", "UKR"),
    ("status_quo_un", "un", [*PERMANENT, "IRQ", "KWT", "PAK"], "IRQ", "KWT"),
    ("strengthened_un", "un", [*PERMANENT, *NEW_SEATS, "UKR"], "RUS", "UKR"),
]


@pytest.mark.parametrize(("architecture", "key", "states", "aggressor", "victim"), COUNCILS)
def test_council__passes_motions_as_computed_by_hand(architecture, key, states, aggressor, victim):
    at = stage(architecture, {key}, states, (aggressor, victim))
    i, j, k = at.iso3.index(aggressor), at.iso3.index(victim), at.dyad(aggressor, victim)
    sanctions, enforcement = passing(at, key, i, j, 2, 1), passing(at, key, i, j, 4, 2)
    record = at.record(key)
    cost = sanctions * record.credibility.value * record.legitimacy.value
    assert at.derived.cost_reference[k] == pytest.approx(cost, rel=1e-9)

    pool = sum(at.inputs.states.capability[m] for m in at.members("member", key) if m not in (i, j))
    help_by_decision = enforcement * (weight(at, key) * pool + record.standing.value)
    assert at.derived.support_reference[k] == pytest.approx(
        expected(at, help_by_decision, i, j), rel=1e-9
    )


def tabulated(at: Stage) -> np.ndarray:
    """Return the one deciding body's chances of force and of sanctions, (9, K, 2)."""
    (number,) = at.derived.table[0][at.derived.table[0] > 0]
    return at.derived.tables[number]


def test_veto__shields_its_holder():
    sure = STILL | {"veto.const": 60.0}
    states = [*PERMANENT, "UKR", "DNK", "PAK"]
    at = stage("status_quo_un", {"un"}, states, ("RUS", "UKR"), sure)
    k = at.dyad("RUS", "UKR")
    assert (tabulated(at)[:, k] == 0.0).all()
    assert at.derived.support_reference[k] == 0.0


def test_veto__held_back_four_times_in_five_lets_a_third_pass_and_the_assembly_the_rest():
    sure = STILL | {"veto.const": 60.0}
    states = [*PERMANENT, *NEW_SEATS, "UKR"]
    at = stage("strengthened_un", {"un"}, states, ("RUS", "UKR"), sure)
    i, j, k = at.iso3.index("RUS"), at.iso3.index("UKR"), at.dyad("RUS", "UKR")
    free = stage("strengthened_un", {"un"}, states, ("RUS", "UKR"), STILL | {"veto.const": -60.0})
    through = tabulated(at)[:, k, 0] / tabulated(free)[:, k, 0]
    # Five holders, each of whom lets four in five pass.
    np.testing.assert_allclose(through, 0.8**5, rtol=1e-9)
    over = tabulated(at)[:, k, 1] / tabulated(free)[:, k, 1]
    assert (over > 0.8**5).all()
    assert at.derived.cost_reference[k] == pytest.approx(
        passing(at, "un", i, j, 2, 1) * 0.4 * 0.6, rel=1e-9
    )


LEAGUE = ["GBR", "FRA", "ITA", "JPN", "BEL", "BRA", "ESP", "GRC", "YUG", "ALB", "ROU", "POL"]


@pytest.mark.parametrize(("loyalty", "left"), [(None, 0.85), (60.0, 0.2)])
def test_unanimity__is_broken_by_one_friend_of_the_aggressor(loyalty, left):
    # The Council thinks alike; Italy alone stands by the aggressor, as friends do or for sure.
    council = ["GBR", "FRA", "ITA", "JPN", "BEL", "BRA", "ESP"]
    neutral = {(v, s): 0.5 for v in council for s in ("YUG", "GRC")}
    friend = neutral | {("ITA", "YUG"): 1.0, ("ITA", "GRC"): 0.0}
    changes = STILL | ({} if loyalty is None else {"vote.affinity": loyalty})
    chances = []
    for affinity in (neutral, friend):
        at = stage(
            "league_of_nations", {"league"}, LEAGUE, ("YUG", "GRC"), changes, affinity,
            config="hindcast_league",
        )  # fmt: skip
        i, j, k = at.iso3.index("YUG"), at.iso3.index("GRC"), at.dyad("YUG", "GRC")
        record = at.record("league")
        assert record.quorum.value == 1
        chance = passing(at, "league", i, j, 2, 1)
        cost = chance * record.credibility.value * record.legitimacy.value
        assert at.derived.cost_reference[k] == pytest.approx(cost, rel=1e-9)
        # The Covenant knows no armed help by decision.
        assert (tabulated(at)[:, :, 0] == 0.0).all()
        chances.append(chance)
    assert chances[1] < left * chances[0]


MIDDLE_POWERS = [
    "ARG", "AUS", "BEL", "BRA", "CAN", "CHL", "COL", "DNK", "ESP", "IDN", "ITA", "JPN", "KOR",
    "MEX", "MYS", "NLD", "NOR", "NZL", "PHL", "POL", "SGP", "SWE", "THA", "TUR", "ZAF",
]  # fmt: skip


@pytest.mark.parametrize("victim", ["POL", "EST"])
def test_middle_powers__pool_forces_for_members_and_small_democracies(victim):
    states = [*MIDDLE_POWERS, "RUS", "EST"]
    at = stage("middle_power_coalition", {"middle_powers"}, states, ("RUS", victim))
    i, j, k = at.iso3.index("RUS"), at.iso3.index(victim), at.dyad("RUS", victim)
    record = at.record("middle_powers")
    members = at.members("member", "middle_powers")
    assert len(members) == 25
    pool = sum(at.inputs.states.capability[m] for m in members if m != j)
    enforcement = passing(at, "middle_powers", i, j, 4, 2)
    total = enforcement * (weight(at, "middle_powers") * pool + record.standing.value)
    assert at.derived.support_reference[k] == pytest.approx(expected(at, total, i, j), rel=1e-9)
    # Without a veto nothing is taken from the vote.
    assert not at.members("veto", "middle_powers")


def test_anarchy__leaves_a_former_member_alone_and_the_order_a_shell():
    changes = RESTLESS | {"escalation.mediation": 0.0, "escalation.sanctions_threat": 0.0}
    shipped = load_scenario(shipped_configs() / "all_futures.toml")
    keys = set(shipped.architectures["anarchy"].institutions)
    states = ["USA", "CAN", "GBR", "RUS", "NOR"]
    at = stage("anarchy", keys, states, ("RUS", "NOR"), changes)
    before = stage("status_quo_un", {"un", "nato"}, states, ("RUS", "NOR"), changes)
    i, j, k = at.iso3.index("RUS"), at.iso3.index("NOR"), at.dyad("RUS", "NOR")

    record = at.record("un")
    pool = sum(
        at.inputs.states.capability[m] for m in at.members("member", "un") if m not in (i, j)
    )
    total = passing(at, "un", i, j, 4, 2) * (weight(at, "un") * pool + record.standing.value)
    assert at.derived.support_reference[k] == pytest.approx(expected(at, total, i, j), rel=1e-9)
    assert before.derived.support_reference[k] > 20 * at.derived.support_reference[k]
    assert first_escalation(at, i, j) == pytest.approx(
        escalation_probability(at, i, j, order_strength(at, 0.05)), rel=1e-9
    )


def first_escalation(at: Stage, i: int, j: int) -> float:
    """Return the probability of a first war that no test of an institution preceded."""
    states = at.inputs.states.code
    for trajectory in range(200):
        _, log = trace(at.inputs, at.derived, 5, trajectory)
        kind = log.kind[0, : log.size[0, 0]]
        wars = np.flatnonzero(kind == events.WAR)
        if wars.size and not (kind[: wars[0]] == events.TEST).any():
            if log.initiator[0, wars[0]] == states[i] and log.target[0, wars[0]] == states[j]:
                return float(log.value[0, wars[0]])
    raise AssertionError("no first war without a test before it")


def escalation_probability(at: Stage, i: int, j: int, order: float) -> float:
    """Return the probability of war where nobody owes the target defence (§4.4)."""
    s, e, p = at.inputs.states, at.inputs.parameters.escalation, at.inputs.parameters
    x = e.const + e.land * (s.contiguity[i, j] == 1) + e.order_weight * p.order.order_weight
    x += e.log_ratio * min(math.log(s.capability[i] / s.capability[j]), p.onset.log_ratio_clip)
    x += e.joint_democracy * (s.democratic[i] and s.democratic[j]) + e.rivalry * s.rival[i, j]
    x += (e.post1945 + e.great_powers * (s.great[i] and s.great[j])) * order
    return logistic(x + e.nuclear_dyad * (s.nuclear[i] == 2 and s.nuclear[j] == 2))


def test_trade_body__averts_the_share_of_coercions_that_its_word_is_worth():
    coercing = STILL | {"process.coercion": 1.0, "coercion.rate": 4.0}
    states = ["USA", "CHN", "RUS", "CAN", "MEX", "KOR", "VNM", "KAZ"]
    both = [
        stage("status_quo_un", keys, states, ("RUS", "KAZ"), coercing)
        for keys in ({"bilateral_defence"}, {"bilateral_defence", "trade_disputes"})
    ]
    row = TRAJECTORY_COUNTS.index("coercion_success_count")
    without, ruled = (
        simulate_batch(at.inputs, at.derived, 3, 0, 400).trajectories.counts[row, 0] for at in both
    )
    record = both[1].record("trade_disputes")
    # A failure weighs as much as a success, so its credibility keeps its mean.
    assert record.fail_weight.value == 1.0
    left = 1 - record.credibility.value * record.obligation.value
    surplus = ruled - left * without
    assert without.sum() > 4_000
    assert abs(surplus.mean()) < 4 * surplus.std(ddof=1) / math.sqrt(surplus.size)
    assert (ruled <= without).all()
