"""Decision probabilities of bodies, tabulated by dyad and legitimacy (docs/model.md §3.1)."""

import math
from typing import NamedTuple

import numpy as np

from forecast.kernel.arrays import CONDUCT, Inputs
from forecast.kernel.support import TABLE_END, TABLE_NODES

SHOCK_NODES = 5
FATAL_TRIGGER = 3

SEVERITY = {2: 1, 4: 2}
"""Severity of what a motion of a level answers: a fatal dispute, a war."""

SIDE = {4: 0, 2: 1}
"""Where the probability of a level stands in a table."""


def _logistic(x: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-x))


_erfc = np.frompyfunc(math.erfc, 1, 1)


def _reach(expected: np.ndarray, variance: np.ndarray, needed: np.ndarray) -> np.ndarray:
    """Return P(yes votes >= needed), normal with continuity correction; infinite: 0."""
    sd = np.sqrt(variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (needed - expected - 0.5) / (sd * math.sqrt(2.0))
        spread = 0.5 * _erfc(z).astype(np.float64)
    return np.where(sd > 0.0, spread, (expected >= needed).astype(np.float64))


def _spared(inputs: Inputs, owes: np.ndarray, a: int) -> np.ndarray:
    """Return how likely other great powers look away, before rivalry, (K,) (§4.3)."""
    s, d = inputs.states, inputs.dyads
    if inputs.parameters.process.accommodation == 0.0:
        return np.zeros(d.initiator.size)
    patrons = owes * s.great[:, None] * (1 - np.eye(s.code.size, dtype=np.int8))
    sheltered = patrons.sum(axis=0) > 0
    accommodation = inputs.architectures.start_conduct[a, CONDUCT.index("accommodation")]
    return accommodation * ((s.great[d.initiator] == 1) & ~sheltered[d.target])


class _Voters(NamedTuple):
    """What of a body's votes no shock and no legitimacy changes, (V, K) unless said otherwise."""

    odds: np.ndarray  # of a no, from affinity alone
    weight: np.ndarray  # 0 for who has no vote, else the probability of not looking away
    seats: np.ndarray  # (K,)
    voting: np.ndarray  # (K,)


def _voters(inputs: Inputs, voters: np.ndarray, exclude: bool, spared: np.ndarray) -> _Voters:
    s, d = inputs.states, inputs.dyads
    i, j = d.initiator, d.target
    leaning = s.affinity[np.ix_(voters, np.arange(s.code.size))]
    odds = np.exp(-inputs.parameters.vote.affinity * (leaning[:, j] - leaning[:, i]))
    averse = s.great[voters, None] * (1 - s.rival[np.ix_(voters, np.arange(s.code.size))])[:, i]
    own, other = voters[:, None] == i[None, :], voters[:, None] == j[None, :]
    silent = own | other if exclude else own
    seats = voters.size - (own | other).sum(axis=0) if exclude else np.full(i.size, voters.size)
    weight = np.where(silent, 0.0, 1.0 - spared * averse)
    return _Voters(odds, weight, seats, (~silent).sum(axis=0))


def _yes(voters: _Voters, common: float) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and variance of the yes votes in every dyad, (K,) each."""
    p = math.exp(-common) * voters.odds
    p += 1.0
    np.divide(voters.weight, p, out=p)
    mean = p.sum(axis=0)
    # Not mean less sum of squares, which is not exactly zero where nobody votes.
    return mean, np.einsum("vk,vk->k", p, 1.0 - p)


def _no_veto(inputs: Inputs, owes: np.ndarray, a: int, p: int, level: int) -> np.ndarray:
    """Return the probability that no holder vetoes a motion of the level, (K,)."""
    s, d, veto = inputs.states, inputs.dyads, inputs.parameters.veto
    i, j = d.initiator, d.target
    patron_rival = (s.rival.astype(np.int64) @ owes.astype(np.int64)) > 0
    passes = np.ones(i.size)
    for v in np.flatnonzero(inputs.architectures.veto[a, p]):
        x = veto.const + veto.level * level
        x = x + veto.affinity * (s.affinity[v, i] - s.affinity[v, j]) + veto.own_case * (v == i)
        x = x + veto.allied * (owes[v, i] | owes[i, v])
        x = x + veto.target_patron_rival * patron_rival[v, j]
        passes *= 1.0 - (1.0 - inputs.architectures.veto_restraint[a, p]) * _logistic(x)
    return passes


def _passes(
    inputs: Inputs, owes: np.ndarray, a: int, p: int, level: int, severity: int
) -> np.ndarray:
    """Return P(a motion of the level passes | on the agenda), (K, nodes of legitimacy)."""
    r, vote = inputs.architectures, inputs.parameters.vote
    shocks, weights = np.polynomial.hermite_e.hermegauss(SHOCK_NODES)
    weights = weights / weights.sum()
    deciders = np.flatnonzero(r.decider[a, p])
    members = np.flatnonzero(r.member[a, p])
    exclude, override = bool(r.exclude_parties[a, p]), float(r.override_quorum[a, p])
    unvetoed, spared = _no_veto(inputs, owes, a, p, level), _spared(inputs, owes, a)
    council = _voters(inputs, deciders, exclude, spared)
    overrides = level == 2 and override > 0.0
    assembly = _voters(inputs, members, False, spared) if overrides else council
    start = vote.const + vote.level * level + vote.severity * severity
    start -= vote.legitimacy * math.log(
        vote.legitimacy_reference / (1.0 - vote.legitimacy_reference)
    )
    table = np.zeros((inputs.dyads.initiator.size, TABLE_NODES))
    for n, node in enumerate(np.linspace(-TABLE_END, TABLE_END, TABLE_NODES)):
        for shock, weight in zip(shocks, weights, strict=True):
            common = start + vote.legitimacy * node + vote.case_sd * shock
            needed = np.ceil(r.quorum[a, p] * council.seats - 1e-9)
            needed = np.where(needed > council.voting, np.inf, needed)
            reached = _reach(*_yes(council, common), needed)
            through = unvetoed
            if overrides:
                needed = math.ceil(override * members.size - 1e-9)
                needed = np.where(needed > assembly.voting, np.inf, needed)
                through = unvetoed + (1.0 - unvetoed) * _reach(*_yes(assembly, common), needed)
            table[:, n] += weight * reached * through
    return table


def _agenda(inputs: Inputs, addition: float) -> np.ndarray:
    agenda, great = inputs.parameters.agenda, inputs.states.great[inputs.dyads.initiator]
    return _logistic(agenda.const + addition + agenda.great_initiator * great)


def _signature(inputs: Inputs, owes: np.ndarray, a: int, p: int) -> tuple:
    r = inputs.architectures
    sets = tuple(x[a, p].tobytes() for x in (r.member, r.decider, r.veto))
    numbers = (r.quorum[a, p], r.veto_restraint[a, p], r.override_quorum[a, p])
    accommodation = r.start_conduct[a, CONDUCT.index("accommodation")]
    return sets, numbers, int(r.exclude_parties[a, p]), accommodation, owes[a].tobytes()


def decision_tables(inputs: Inputs, owes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tabulate P(level 4 passes | war) and P(level 2 passes | fatal dispute) of every body.

    Bodies that decide alike, under whatever architecture, share a table.

    Returns
    -------
    tables : (B, 9, K, 2) float64, agenda included; the first, of who never decides, is zero
    table : (A, P) int64, which of them is the institution's
    """
    r = inputs.architectures
    table = np.zeros(r.exists.shape, np.int64)
    tables = [np.zeros((TABLE_NODES, inputs.dyads.initiator.size, 2))]
    numbers: dict[tuple, int] = {}
    known: dict[tuple, np.ndarray] = {}
    for a, p in np.argwhere((r.exists == 1) & (r.ladder_max > 0) & (r.armed == 1)):
        levels = _levels(inputs, a, p)
        signature = (_signature(inputs, owes, a, p), levels)
        if signature not in numbers:
            numbers[signature] = len(tables)
            tables.append(_table(inputs, owes, a, p, levels, known))
        table[a, p] = numbers[signature]
    return np.array(tables), table


def _levels(inputs: Inputs, a: int, p: int) -> tuple[int, ...]:
    """Return the levels that a body can decide on before the fighting that they are about ends."""
    r = inputs.architectures
    sanctions = r.ladder_max[a, p] >= 2 and r.trigger[a, p] <= FATAL_TRIGGER
    return (4,) * int(r.ladder_max[a, p] >= 4) + (2,) * int(sanctions)


def _table(
    inputs: Inputs, owes: np.ndarray, a: int, p: int, levels: tuple[int, ...], known: dict
) -> np.ndarray:
    """Return the table of a body, (9, K, 2): one read brings both probabilities."""
    agenda = inputs.parameters.agenda
    both = np.zeros((TABLE_NODES, inputs.dyads.initiator.size, 2))
    for level in levels:
        key = (_signature(inputs, owes, a, p), level)
        if key not in known:
            passes = _passes(inputs, owes[a], a, p, level, SEVERITY[level])
            heard = _agenda(inputs, agenda.war if level == 4 else agenda.fatal)
            known[key] = (passes * heard[:, None]).T
        both[:, :, SIDE[level]] = known[key]
    return both


def start_table(inputs: Inputs, own: np.ndarray) -> np.ndarray:
    """Return the tables at the start of a transition: the reference's; else an architecture's own.

    Parameters
    ----------
    own : (A, P) int64
    """
    moving = inputs.architectures.transition_years > 0.0
    return np.where(moving[:, None], own[inputs.reference], own)
