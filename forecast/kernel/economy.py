"""Growth, regime, military spending, stocks and nuclear arms at the annual tick (§6.1, §6.2)."""

import math

import numpy as np

from forecast.kernel import events
from forecast.kernel.capability import set_bulks, set_capabilities
from forecast.kernel.compiled import jit
from forecast.kernel.distributions import clip
from forecast.kernel.mathematics import exponential, logarithm
from forecast.kernel.promises import DEFENCE_OBLIGATION, institution, promiser
from forecast.kernel.records import PAST_YEARS, PROLIFERATION_COUNT, WARS
from forecast.kernel.support import credibility
from forecast.kernel.tally import log_event

LATENT, ARMED = 1, 2


# One loop per quantity without a branch: the compiler then works on several states at once.


@jit
def _mark_losses(world, state, t):
    """Write what sanctions and wars take from the growth of every state into the score."""
    loss, sanctioned, drag = state.score, state.sanctioned, world.sanctions.growth_drag
    for k in range(loss.size):
        loss[k] = drag if t < sanctioned[k] else 0.0
    fights = state.obliged_by
    fights[:] = 0
    for slot in range(state.number[WARS]):
        if state.war_active[slot]:
            fights[state.war_initiator[slot]] = 1
            fights[state.war_target[slot]] = 1
    for k in range(loss.size):
        loss[k] += world.growth.war_loss * fights[k]


@jit
def _grow(world, state, innovation, t):
    g = world.growth
    keep, step = g.autocorrelation, g.sd * math.sqrt(1.0 - g.autocorrelation * g.autocorrelation)
    _mark_losses(world, state, t)
    growth, alive, loss, gdp = state.growth, state.alive, state.score, state.gdp
    for k in range(growth.size):
        moved = keep * growth[k] + step * innovation[k]
        growth[k] = moved if alive[k] else growth[k]
        loss[k] = loss[k] - moved if alive[k] else 0.0
    for k in range(gdp.size):
        gdp[k] *= exponential(-loss[k])


@jit
def _drift_regimes(world, state, innovation):
    persistence, sd, threshold = world.regime.persistence, world.regime.sd, world.regime.threshold
    shift, alive, democratic, start = state.shift, state.alive, state.democratic, world.democracy
    for k in range(shift.size):
        moved = persistence * shift[k] + sd * innovation[k]
        shift[k] = moved if alive[k] else shift[k]
        rules = np.int8(1) if start[k] + moved >= threshold else np.int8(0)
        democratic[k] = rules if alive[k] else democratic[k]


@jit
def _spend(world, state):
    b, floor = world.budget, world.pacts.threat_floor
    threat, start, guard = state.threat, world.threat, state.guard
    reference, burden, alive = world.guard_reference, state.burden, state.alive
    for k in range(burden.size):
        target = b.threat * logarithm((floor + start[k] + threat[k]) / (floor + start[k]))
        target -= b.free_riding * (guard[k] - reference[k])
        moved = burden[k] + b.speed * (clip(target, b.low, b.high) - burden[k])
        burden[k] = moved if alive[k] else burden[k]
    effort = state.effort
    for k in range(effort.size):
        effort[k] = exponential(burden[k])


@jit
def _arm(world, state):
    recovery = world.consequence.stock_recovery
    stock, effort, gdp, alive = state.stock, state.effort, state.gdp, state.alive
    for k in range(stock.size):
        moved = stock[k] + recovery * (effort[k] * gdp[k] - stock[k])
        stock[k] = moved if alive[k] else stock[k]


@jit
def _has_armed_patron(state, k):
    for n in range(state.promise_count[k]):
        promise = state.promise[k, n]
        patron, p = promiser(promise), institution(promise)
        if state.nuclear[patron] == ARMED and state.obligation[p] >= DEFENCE_OBLIGATION:
            if credibility(state, p) > 0.5:
                return True
    return False


@jit
def _proliferate(world, state, tally, k, t, w):
    n = world.weapons
    felt = logarithm(world.pacts.threat_floor + world.threat[k] + state.threat[k])
    x = n.threat * (felt - world.threat_mean) / world.threat_sd
    if _has_armed_patron(state, k):
        x += n.patron
    if w < 1.0 - exponential(-n.proliferation * exponential(x)):
        state.nuclear[k] = ARMED
        tally.counts[PROLIFERATION_COUNT] += 1
        log_event(tally, float(t), events.ARMED, np.uint64(t), world.code[k], -1, -1, 0.0)


@jit
def _remember_capabilities(state):
    for n in range(PAST_YEARS):
        state.past[n] = state.past[n + 1]
    state.past[PAST_YEARS] = state.log_capability


@jit
def develop(world, state, tally, shared, t):
    """Let economies, regimes, budgets, stocks and arsenals move by a year."""
    process = world.process
    if process.growth > 0.0:
        _grow(world, state, shared.growth[t], t)
    if process.regime_change > 0.0:
        _drift_regimes(world, state, shared.regime[t])
    if process.spending > 0.0:
        _spend(world, state)
    _arm(world, state)
    set_bulks(world, state)
    set_capabilities(world, state)
    _remember_capabilities(state)
    if process.proliferation > 0.0:
        for k in range(world.code.size):
            if state.alive[k] and state.nuclear[k] == LATENT:
                _proliferate(world, state, tally, k, t, shared.arming[t, k])
