"""Agenda, votes and vetoes of deciding bodies (§4.2, §4.3, §4.5)."""

import math

import numpy as np

from forecast.kernel import events
from forecast.kernel.compiled import jit
from forecast.kernel.distributions import logit, normal_quantile
from forecast.kernel.promises import promiser
from forecast.kernel.records import (
    ACCOMMODATION,
    AGENDA_LOTS,
    ANNUAL_VETOES,
    FORCE_LEVEL,
    NONE,
    PEACEKEEPING_LEVEL,
    REACHED,
    SANCTIONS_LEVEL,
    VETO_COUNT,
    WAR_STAGE,
)
from forecast.kernel.renewal import great_patron
from forecast.kernel.streams import draw, draw_many
from forecast.kernel.support import covers
from forecast.kernel.tally import log_event


@jit
def common_vote_odds(world, law, state, stream, event_id, p, level, severity):
    """Return the part of the odds of a yes that all voters of body p share."""
    vote = world.vote
    u, _, _ = draw(stream, event_id, events.CASE, law.key[p] * 65536)
    x = world.vote_start + vote.level * level + vote.severity * severity
    return math.exp(x + vote.legitimacy * state.lean[p] + vote.case_sd * normal_quantile(u))


@jit
def accommodation(world, state, i, j):
    """Return how likely other great powers look away when i attacks j (before rivalry)."""
    if world.great[i] == 0 or world.process.accommodation == 0.0 or great_patron(world, state, j):
        return 0.0
    return state.conduct[ACCOMMODATION]


@jit
def _call_roll(world, law, state, stream, event_id, purpose, p, states, size):
    """Draw for the first `size` states of a list of body p."""
    actor, purposes, code, body = state.actor, state.purpose, world.code, law.key[p] * 65536
    for n in range(size):
        actor[n], purposes[n] = body + code[states[n]], purpose
    u, v, w = state.vote_u, state.vote_v, state.vote_w
    draw_many(stream, event_id, purposes, actor, size, u, v, w)


@jit
def _count_yes(world, law, state, stream, event_id, p, voters, size, i, silent, j, odds, spared):
    """Count the yes votes of the listed states but i and `silent`.

    u < logistic(x) if u < (1 - u) * e^x, and the exponentials stand in tables.
    """
    _call_roll(world, law, state, stream, event_id, events.VOTE, p, voters, size)
    u, w, yes = state.vote_u, state.vote_v, np.int64(0)
    for_i, for_j = world.vote_odds[i], world.vote_odds[j]
    if spared > 0.0:
        for n in range(size):
            v = voters[n]
            if world.great[v] and w[n] < spared * (1.0 - state.rival[v, i]):
                u[n] = 1.0
    for n in range(size):
        v = voters[n]
        in_favour = u[n] * for_i[v] < (1.0 - u[n]) * odds * for_j[v]
        yes += np.int64(in_favour & (v != i) & (v != silent))
    return yes


@jit
def votes_pass(world, law, state, stream, event_id, p, i, j, odds, spared):
    """Return whether the deciders of body p (without the parties' own vote) reach the quorum."""
    seats, silent = state.seat_size[p], NONE
    if law.exclude_parties[p]:
        seats -= np.int64(state.decider[p, i]) + np.int64(state.decider[p, j])
        silent = j
    yes = _count_yes(
        world, law, state, stream, event_id, p, state.seat[p], state.seat_size[p],
        i, silent, j, odds, spared,
    )  # fmt: skip
    return yes >= math.ceil(law.quorum[p] * seats - 1e-9)


@jit
def override_passes(world, law, state, stream, event_id, p, i, j, odds, spared):
    """Return whether all members together override a veto."""
    members = state.roll_size[p]
    yes = _count_yes(
        world, law, state, stream, event_id, p, state.roll[p], members, i, NONE, j, odds, spared
    )
    return yes >= math.ceil(law.override_quorum[p] * members - 1e-9)


@jit
def _rival_of_patron(state, v, j):
    for n in range(state.promise_count[j]):
        k = promiser(state.promise[j, n])
        if state.rival[v, k] and state.owes[k, j]:
            return True
    return False


@jit
def vetoes(world, state, p, v, i, j, level, u):
    """Return whether holder v vetoes a motion against i over j, by its uniform.

    The log odds of the uniform are held against those of a veto. Who protects j is looked up only
    where it decides.
    """
    veto, share = world.veto, u / (1.0 - state.veto_restraint[p])
    if not share < 1.0:
        return False
    x = veto.const + veto.level * level
    x += veto.affinity * (world.affinity[v, i] - world.affinity[v, j])
    if v == i:
        x += veto.own_case
    if state.owes[v, i] or state.owes[i, v]:
        x += veto.allied
    hurdle, other = logit(share), veto.target_patron_rival
    if hurdle < x + min(0.0, other) or hurdle >= x + max(0.0, other):
        return hurdle < x
    return (hurdle < x + other) == _rival_of_patron(state, v, j)


@jit
def is_vetoed(world, law, state, stream, event_id, p, i, j, level):
    """Return whether any holder vetoes."""
    holders, size = law.holder[p], law.holder_size[p]
    _call_roll(world, law, state, stream, event_id, events.VETO, p, holders, size)
    for n in range(size):
        v, u = holders[n], state.vote_u[n]
        if state.veto[p, v] and vetoes(world, state, p, v, i, j, level, u):
            return True
    return False


@jit
def move(world, law, state, tally, stream, event_id, p, i, j, level, severity, t):
    """Put a motion of the level to the vote of body p; record and return whether it passes."""
    odds = common_vote_odds(world, law, state, stream, event_id, p, level, severity)
    spared = accommodation(world, state, i, j)
    if not votes_pass(world, law, state, stream, event_id, p, i, j, odds, spared):
        return False
    if is_vetoed(world, law, state, stream, event_id, p, i, j, level):
        _record_veto(world, state, tally, event_id, p, i, j, level, severity, t)
        if level != 2 or law.override_quorum[p] <= 0.0:
            return False
        if not override_passes(world, law, state, stream, event_id, p, i, j, odds, spared):
            return False
    _reach(state, p, level)
    log_event(
        tally, t, events.MOTION_PASSED, event_id, world.code[i], world.code[j], p, float(level)
    )
    return True


@jit
def _record_veto(world, state, tally, event_id, p, i, j, level, severity, t):
    if severity == 2:
        state.war_vetoed[p] = 1
    seen = 1 << level
    if state.vetoed[p] & seen:
        return
    state.vetoed[p] |= seen
    tally.counts[VETO_COUNT] += 1
    tally.annual[ANNUAL_VETOES, int(t)] += 1
    log_event(tally, t, events.VETOED, event_id, world.code[i], world.code[j], p, float(level))


@jit
def keep_peace(world, law, state, tally, stream, event_id, i, j, t):
    """Let bodies decide on peacekeepers after a war; return whether one sends them."""
    likely = world.takes_up[world.great[i], WAR_STAGE]
    clear_stage(law, state)
    for p in law.bodies:
        if law.ladder_max[p] < 3 or not covers(law, state, p, i, j):
            continue
        u, _, _ = draw(stream, event_id, events.AGENDA_DRAW, law.key[p] * 65536)
        if u < likely and move(
            world, law, state, tally, stream, event_id, p, i, j, PEACEKEEPING_LEVEL, WAR_STAGE, t
        ):
            return True
    return False


@jit
def stage(world, law, state, tally, stream, event_id, i, j, severity, trigger, t):
    """Let every body that covers the dyad act; return whether a mediation is accepted."""
    likely, mediated = world.takes_up[world.great[i], severity], False
    for n in range(law.bodies.size):
        p = law.bodies[n]
        if not covers(law, state, p, i, j) or law.trigger[p] > trigger:
            continue
        if state.on_agenda[p] == 0 and state.lot_u[AGENDA_LOTS + n] < likely:
            state.on_agenda[p] = 1
            _reach(state, p, max(state.level[p], 1))
            log_event(
                tally, t, events.AGENDA, event_id, world.code[i], world.code[j], p, float(severity)
            )
        if state.on_agenda[p] == 0:
            continue
        if state.lot_v[AGENDA_LOTS + n] < world.escalation.mediation_accepted:
            mediated = True
        if law.ladder_max[p] >= 2 and state.level[p] < 2:
            move(world, law, state, tally, stream, event_id, p, i, j, SANCTIONS_LEVEL, severity, t)
        if severity == 2 and law.ladder_max[p] >= 4 and state.level[p] >= 2:
            move(world, law, state, tally, stream, event_id, p, i, j, FORCE_LEVEL, severity, t)
    return mediated


@jit
def clear_stage(law, state):
    """Forget what the bodies did in the last dispute."""
    for p in law.bodies:
        state.on_agenda[p] = 0
        state.level[p] = 0
        state.vetoed[p] = 0
        state.war_vetoed[p] = 0
    state.number[REACHED] = 0


@jit
def _reach(state, p, level):
    state.level[p] = level
    state.number[REACHED] = max(state.number[REACHED], level)


@jit
def level_reached(state):
    """Return the highest level a body has reached: 0 none, 1 agenda, 2 sanctions, 4 force."""
    return state.number[REACHED]


@jit
def sanctioned(state):
    """Return whether any body passed at least a level-2 motion."""
    return state.number[REACHED] >= 2
