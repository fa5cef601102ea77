"""Agenda, votes and vetoes of deciding bodies (§4.2, §4.3, §4.5)."""

import math

from forecast.kernel import events
from forecast.kernel.compiled import jit
from forecast.kernel.distributions import logistic, logit, normal_quantile
from forecast.kernel.promises import promiser
from forecast.kernel.records import (
    ACCOMMODATION,
    ANNUAL_VETOES,
    FORCE_LEVEL,
    PEACEKEEPING_LEVEL,
    SANCTIONS_LEVEL,
    VETO_COUNT,
    WAR_STAGE,
)
from forecast.kernel.renewal import great_patron
from forecast.kernel.streams import draw
from forecast.kernel.support import covers
from forecast.kernel.tally import log_event


@jit
def _actor(world, law, p, v):
    return law.key[p] * 65536 + world.code[v]


@jit
def common_vote_term(world, law, state, stream, event_id, p, level, severity):
    """Return the part of the log odds of a yes that all voters of body p share."""
    vote = world.vote
    u, _, _ = draw(stream, event_id, events.CASE, law.key[p] * 65536)
    x = vote.const + vote.level * level + vote.severity * severity
    x += vote.legitimacy * (state.lean[p] - logit(vote.legitimacy_reference))
    return x + vote.case_sd * normal_quantile(u)


@jit
def accommodation(world, state, i, j):
    """Return how likely other great powers look away when i attacks j (before rivalry)."""
    if world.great[i] == 0 or world.process.accommodation == 0.0 or great_patron(world, state, j):
        return 0.0
    return state.conduct[ACCOMMODATION]


@jit
def _says_yes(world, law, state, stream, event_id, p, v, i, j, common, spared):
    u, w, _ = draw(stream, event_id, events.VOTE, _actor(world, law, p, v))
    if world.great[v] and w < spared * (1.0 - state.rival[v, i]):
        return False
    gap = world.affinity[v, j] - world.affinity[v, i]
    return u < logistic(common + world.vote.affinity * gap)


@jit
def votes_pass(world, law, state, stream, event_id, p, i, j, common, spared):
    """Return whether the deciders of body p (without the parties' own vote) reach the quorum."""
    yes, seats = 0, 0
    without_target = law.exclude_parties[p] == 1
    for v in range(world.code.size):
        if state.decider[p, v] == 0 or (without_target and (v == i or v == j)):
            continue
        seats += 1
        if v != i and _says_yes(world, law, state, stream, event_id, p, v, i, j, common, spared):
            yes += 1
    return yes >= math.ceil(law.quorum[p] * seats - 1e-9)


@jit
def override_passes(world, law, state, stream, event_id, p, i, j, common, spared):
    """Return whether all members together override a veto."""
    yes, members = 0, 0
    for v in range(world.code.size):
        if state.member[p, v]:
            members += 1
            if v != i and _says_yes(
                world, law, state, stream, event_id, p, v, i, j, common, spared
            ):
                yes += 1
    return yes >= math.ceil(law.override_quorum[p] * members - 1e-9)


@jit
def _rival_of_patron(state, v, j):
    for n in range(state.promise_count[j]):
        k = promiser(state.promise[j, n])
        if state.rival[v, k] and state.owes[k, j]:
            return True
    return False


@jit
def veto_probability(world, state, p, v, i, j, level):
    """Return the probability that holder v vetoes a motion against i over j."""
    veto = world.veto
    x = veto.const + veto.level * level
    x += veto.affinity * (world.affinity[v, i] - world.affinity[v, j])
    if v == i:
        x += veto.own_case
    if state.owes[v, i] or state.owes[i, v]:
        x += veto.allied
    if _rival_of_patron(state, v, j):
        x += veto.target_patron_rival
    return (1.0 - state.veto_restraint[p]) * logistic(x)


@jit
def is_vetoed(world, law, state, stream, event_id, p, i, j, level):
    """Return whether any holder vetoes."""
    for v in range(world.code.size):
        if state.veto[p, v]:
            u, _, _ = draw(stream, event_id, events.VETO, _actor(world, law, p, v))
            if u < veto_probability(world, state, p, v, i, j, level):
                return True
    return False


@jit
def move(world, law, state, tally, stream, event_id, p, i, j, level, severity, t):
    """Put a motion of the level to the vote of body p; record and return whether it passes."""
    common = common_vote_term(world, law, state, stream, event_id, p, level, severity)
    spared = accommodation(world, state, i, j)
    if not votes_pass(world, law, state, stream, event_id, p, i, j, common, spared):
        return False
    if is_vetoed(world, law, state, stream, event_id, p, i, j, level):
        _record_veto(world, state, tally, event_id, p, i, j, level, severity, t)
        if level != 2 or law.override_quorum[p] <= 0.0:
            return False
        if not override_passes(world, law, state, stream, event_id, p, i, j, common, spared):
            return False
    state.level[p] = level
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
def agenda_probability(world, i, severity):
    """Return the probability that a body takes up what i has done."""
    agenda = world.agenda
    x = agenda.const + agenda.great_initiator * world.great[i]
    return logistic(x + (agenda.fatal if severity == 1 else (agenda.war if severity == 2 else 0.0)))


@jit
def keep_peace(world, law, state, tally, stream, event_id, i, j, t):
    """Let bodies decide on peacekeepers after a war; return whether one sends them."""
    likely = agenda_probability(world, i, WAR_STAGE)
    clear_stage(state)
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
    likely, mediated = agenda_probability(world, i, severity), False
    for p in law.bodies:
        if not covers(law, state, p, i, j) or law.trigger[p] > trigger:
            continue
        u, v, _ = draw(stream, event_id, events.AGENDA_DRAW, law.key[p] * 65536)
        if state.on_agenda[p] == 0 and u < likely:
            state.on_agenda[p] = 1
            state.level[p] = max(state.level[p], 1)
            log_event(
                tally, t, events.AGENDA, event_id, world.code[i], world.code[j], p, float(severity)
            )
        if state.on_agenda[p] == 0:
            continue
        if v < world.escalation.mediation_accepted:
            mediated = True
        if law.ladder_max[p] >= 2 and state.level[p] < 2:
            move(world, law, state, tally, stream, event_id, p, i, j, SANCTIONS_LEVEL, severity, t)
        if severity == 2 and law.ladder_max[p] >= 4 and state.level[p] >= 2:
            move(world, law, state, tally, stream, event_id, p, i, j, FORCE_LEVEL, severity, t)
    return mediated


@jit
def clear_stage(state):
    """Forget what the bodies did in the last dispute."""
    state.on_agenda[:] = 0
    state.level[:] = 0
    state.vetoed[:] = 0
    state.war_vetoed[:] = 0


@jit
def level_reached(law, state):
    """Return the highest level a body has reached: 0 none, 1 agenda, 2 sanctions, 4 force."""
    highest = 0
    for p in law.bodies:
        highest = max(highest, state.level[p])
    return highest


@jit
def sanctioned(law, state):
    """Return whether any body passed at least a level-2 motion."""
    return level_reached(law, state) >= 2
