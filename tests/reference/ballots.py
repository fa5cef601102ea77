"""Votes and vetoes: probabilities (§4.3) and the chance that a motion passes (§3.1)."""

import math

from numpy.polynomial.hermite_e import hermegauss

from tests.reference.draws import logistic, logit, normal_cdf
from tests.reference.institutions import Architecture, Institution
from tests.reference.world import World

LEGITIMACY_NODES = [float(x) for x in range(-4, 5)]
FATAL, WAR = 1, 2
SHOCKS = list(zip(*(column.tolist() for column in hermegauss(5)), strict=True))


def yes_probability(
    world: World, v: int, i: int, j: int, level: int, severity: int, legitimacy: float, case: float
) -> float:
    """Chance that v says yes; legitimacy in log odds, case the common shock."""
    p = world.parameters.vote
    return logistic(
        p.const
        + p.level * level
        + p.affinity * (world.affinity[v][j] - world.affinity[v][i])
        + p.legitimacy * (legitimacy - logit(p.legitimacy_reference))
        + p.severity * severity
        + p.case_sd * case
    )


def veto_probability(
    world: World, architecture: Architecture, body: Institution, v: int, i: int, j: int, level: int
) -> float:
    """Chance that a veto holder v uses its veto."""
    p = world.parameters.veto
    patron_rival = any(world.rival[v][k] for k in architecture.defenders[j])
    return (1.0 - body.veto_restraint) * logistic(
        p.const
        + p.level * level
        + p.affinity * (world.affinity[v][i] - world.affinity[v][j])
        + p.own_case * (v == i)
        + p.allied * architecture.allied(v, i)
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
    mean = sum(probabilities)
    sd = math.sqrt(sum(p * (1.0 - p) for p in probabilities))
    if sd == 0.0:
        return 1.0 if mean >= least else 0.0
    return normal_cdf((mean - least + 0.5) / sd)


def agenda_probability(world: World, i: int, severity: int) -> float:
    """Chance that a body takes a case up."""
    p = world.parameters.agenda
    stage = (0.0, p.fatal, p.war)[severity]
    return logistic(p.const + p.great_initiator * world.great[i] + stage)


def passage(
    world: World, architecture: Architecture, body: Institution, i: int, j: int, level: int
) -> list[float]:
    """Chance that a motion passes, at each legitimacy node, agenda included."""
    severity = FATAL if level == 2 else WAR
    if body.ladder_max < level or body.trigger > severity + 2:
        return [0.0] * len(LEGITIMACY_NODES)
    unvetoed = math.prod(
        1.0 - veto_probability(world, architecture, body, v, i, j, level) for v in body.veto
    )
    agenda = agenda_probability(world, i, severity)
    return [
        agenda * passed_on_agenda(world, body, i, j, level, severity, node, unvetoed)
        for node in LEGITIMACY_NODES
    ]


def passed_on_agenda(
    world: World,
    body: Institution,
    i: int,
    j: int,
    level: int,
    severity: int,
    legitimacy: float,
    unvetoed: float,
) -> float:
    """Average the chance of passage over the common shock of the voters."""
    total = 0.0
    for shock, weight in SHOCKS:

        def chance(states: list[int], least: int, shock: float = shock) -> float:
            return enough(
                [
                    yes_probability(world, v, i, j, level, severity, legitimacy, shock)
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


def passage_at(
    world: World,
    architecture: Architecture,
    body: Institution,
    i: int,
    j: int,
    level: int,
    legitimacy: float,
) -> float:
    """Interpolate the chance of passage at a legitimacy between 0 and 1."""
    key = (world.architectures.index(architecture), body.index, i, j, level)
    if key not in world.ballots:
        world.ballots[key] = passage(world, architecture, body, i, j, level)
    table = world.ballots[key]
    x = min(max(logit(legitimacy), LEGITIMACY_NODES[0]), LEGITIMACY_NODES[-1])
    low = min(int(x - LEGITIMACY_NODES[0]), len(table) - 2)
    share = x - LEGITIMACY_NODES[low]
    return table[low] * (1.0 - share) + table[low + 1] * share
