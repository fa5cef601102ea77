"""Votes and vetoes: probabilities (§4.3) and the chance that a motion passes (§3.1)."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from numpy.polynomial.hermite_e import hermegauss

from tests.reference.draws import logistic, logit, normal_cdf
from tests.reference.institutions import Institution

if TYPE_CHECKING:
    from tests.reference.state import State

LEGITIMACY_NODES = [float(x) for x in range(-4, 5)]
FATAL, WAR = 1, 2
SHOCKS = list(zip(*(column.tolist() for column in hermegauss(5)), strict=True))


def yes_probability(
    state: State, v: int, i: int, j: int, level: int, severity: int, legitimacy: float, case: float
) -> float:
    """Chance that v says yes if it does not abstain; legitimacy in log odds, case the shock."""
    p, affinity = state.world.parameters.vote, state.world.affinity
    return logistic(
        p.const
        + p.level * level
        + p.affinity * (affinity[v][j] - affinity[v][i])
        + p.legitimacy * (legitimacy - logit(p.legitimacy_reference))
        + p.severity * severity
        + p.case_sd * case
    )


def abstention(state: State, v: int, i: int, j: int) -> float:
    """Chance that v abstains to accommodate a fellow great power."""
    world, great = state.world, state.world.great
    if not (world.on("accommodation") and great[i] and great[v]):
        return 0.0
    if any(great[k] for k in state.architecture.defenders(j)):
        return 0.0
    return state.architecture.conduct["accommodation"] * (1.0 - state.rival[i][v])


def veto_probability(state: State, body: Institution, v: int, i: int, j: int, level: int) -> float:
    """Chance that a veto holder v uses its veto."""
    p, affinity = state.world.parameters.veto, state.world.affinity
    patron_rival = any(state.rival[v][k] for k in state.architecture.defenders(j))
    return (1.0 - body.veto_restraint) * logistic(
        p.const
        + p.level * level
        + p.affinity * (affinity[v][i] - affinity[v][j])
        + p.own_case * (v == i)
        + p.allied * state.architecture.allied(v, i)
        + p.target_patron_rival * patron_rival
    )


def voters(body: Institution, i: int, j: int) -> list[int]:
    """Deciders that vote on a case."""
    out = (i, j) if body.exclude_parties else (i,)
    return [v for v in body.decider if v not in out]


def needed(body: Institution, i: int, j: int) -> int:
    """Yes votes a motion needs."""
    seats = len(body.decider)
    if body.exclude_parties:
        seats -= (i in body.decider) + (j in body.decider)
    return math.ceil(body.quorum * seats - 1e-9)


def override_voters(body: Institution, i: int) -> list[int]:
    """Members whose yes votes can override a veto."""
    return [v for v in body.member if v != i]


def override_needed(body: Institution) -> int:
    """Yes votes of members that override a veto."""
    return math.ceil(body.override_quorum * len(body.member) - 1e-9)


def enough(probabilities: list[float], least: int) -> float:
    """Chance of at least so many yes votes, in normal approximation."""
    if least > len(probabilities):
        return 0.0
    mean = sum(probabilities)
    sd = math.sqrt(sum(p * (1.0 - p) for p in probabilities))
    if sd == 0.0:
        return 1.0 if mean >= least else 0.0
    return normal_cdf((mean - least + 0.5) / sd)


def agenda_probability(state: State, i: int, severity: int) -> float:
    """Chance that a body takes a case up."""
    p = state.world.parameters.agenda
    stage = (0.0, p.fatal, p.war)[severity]
    return logistic(p.const + p.great_initiator * state.world.great[i] + stage)


def passage(state: State, body: Institution, i: int, j: int, level: int) -> list[float]:
    """Chance that a motion passes, at each legitimacy node, agenda included."""
    severity = FATAL if level == 2 else WAR
    if body.ladder_max < level or body.trigger > severity + 2:
        return [0.0] * len(LEGITIMACY_NODES)
    unvetoed = math.prod(1.0 - veto_probability(state, body, v, i, j, level) for v in body.veto)
    agenda = agenda_probability(state, i, severity)
    return [
        agenda * passed_on_agenda(state, body, i, j, level, node, unvetoed)
        for node in LEGITIMACY_NODES
    ]


def passed_on_agenda(
    state: State, body: Institution, i: int, j: int, level: int, legitimacy: float, unvetoed: float
) -> float:
    """Average the chance of passage over the common shock of the voters."""
    total, severity = 0.0, FATAL if level == 2 else WAR
    for shock, weight in SHOCKS:

        def chance(states: list[int], least: int, shock: float = shock) -> float:
            return enough(
                [
                    yes_probability(state, v, i, j, level, severity, legitimacy, shock)
                    * (1.0 - abstention(state, v, i, j))
                    for v in states
                ],
                least,
            )

        yes = chance(voters(body, i, j), needed(body, i, j))
        override = 0.0
        if level == 2 and body.override_quorum > 0:
            override = chance(override_voters(body, i), override_needed(body))
        total += weight / math.sqrt(2.0 * math.pi) * yes * (unvetoed + (1.0 - unvetoed) * override)
    return total


def passage_at(state: State, body: Institution, i: int, j: int, level: int) -> float:
    """Chance of passage at the legitimacy of now, as tabulated at the origin."""
    architecture = state.architecture
    x = architecture.progress(float(state.year))
    own = interpolate(table(state, body.index, i, j, level, own=True), state.legitimacy[body.index])
    if x == 1.0:
        return own
    start = table(state, body.index, i, j, level, own=False)
    first = interpolate(start, state.legitimacy[body.index])
    return first + x * (own - first)


def table(state: State, p: int, i: int, j: int, level: int, own: bool) -> list[float]:
    """Tabulate the chance of passage at the origin, with the own or the start's veto restraint."""
    world, a = state.world, state.architecture.index
    key = (a, p, i, j, level, own)
    if key not in world.passage:
        origin = world.opening(a)
        body = origin.architecture.institution[p]
        restraint = (body.own if own else body.start)["veto_restraint"]
        body = replace(body, veto_restraint=restraint)
        world.passage[key] = passage(origin, body, i, j, level)
    return world.passage[key]


def interpolate(values: list[float], legitimacy: float) -> float:
    """Read a table of legitimacy in log odds; beyond its ends it stays level."""
    x = min(max(logit(legitimacy), LEGITIMACY_NODES[0]), LEGITIMACY_NODES[-1])
    low = min(int(x - LEGITIMACY_NODES[0]), len(values) - 2)
    share = x - LEGITIMACY_NODES[low]
    return values[low] * (1.0 - share) + values[low + 1] * share
