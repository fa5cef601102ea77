"""Growth, regime, military spending, stocks and nuclear arms at the annual tick (§6.1, §6.2)."""

import math

import numpy as np

from forecast.kernel import events
from forecast.kernel.capability import set_bulk, set_capabilities
from forecast.kernel.compiled import jit
from forecast.kernel.distributions import clip
from forecast.kernel.mathematics import exponential, logarithm
from forecast.kernel.promises import DEFENCE_OBLIGATION, institution, promiser
from forecast.kernel.records import PAST_YEARS, PROLIFERATION_COUNT, STAMP, WARS
from forecast.kernel.support import credibility
from forecast.kernel.tally import log_event

LATENT, ARMED = 1, 2


# One loop per quantity without a branch: the compiler then works on several states at once.


@jit
def _mark_losses(world, state, t):
    """Write what sanctions and wars take from the growth of every state."""
    for k in range(world.code.size):
        state.score[k] = world.sanctions.growth_drag * (t < state.sanctioned[k])
    state.mark[:] = 0
    for slot in range(state.number[WARS]):
        if state.war_active[slot]:
            state.mark[state.war_initiator[slot]] = 1
            state.mark[state.war_target[slot]] = 1
    for k in range(world.code.size):
        state.score[k] += world.growth.war_loss * state.mark[k]
    state.number[STAMP] = 1


@jit
def _grow(world, state, innovation, t):
    g = world.growth
    keep, step = g.autocorrelation, g.sd * math.sqrt(1.0 - g.autocorrelation * g.autocorrelation)
    _mark_losses(world, state, t)
    for k in range(world.code.size):
        moved = keep * state.growth[k] + step * innovation[k]
        state.growth[k] = moved if state.alive[k] else state.growth[k]
        state.score[k] = moved - state.score[k] if state.alive[k] else 0.0
    for k in range(world.code.size):
        state.gdp[k] *= exponential(state.score[k])


@jit
def _drift_regimes(world, state, innovation):
    r = world.regime
    for k in range(world.code.size):
        moved = r.persistence * state.shift[k] + r.sd * innovation[k]
        state.shift[k] = moved if state.alive[k] else state.shift[k]
        rules = np.int8(world.democracy[k] + moved >= r.threshold)
        state.democratic[k] = rules if state.alive[k] else state.democratic[k]


@jit
def _spend(world, state):
    b, floor = world.budget, world.pacts.threat_floor
    for k in range(world.code.size):
        felt = (floor + world.threat[k] + state.threat[k]) / (floor + world.threat[k])
        target = b.threat * logarithm(felt)
        target -= b.free_riding * (state.guard[k] - world.guard_reference[k])
        moved = state.burden[k] + b.speed * (clip(target, b.low, b.high) - state.burden[k])
        state.burden[k] = moved if state.alive[k] else state.burden[k]
    for k in range(world.code.size):
        state.effort[k] = exponential(state.burden[k])


@jit
def _arm(world, state):
    recovery = world.consequence.stock_recovery
    for k in range(world.code.size):
        moved = state.stock[k] + recovery * (state.effort[k] * state.gdp[k] - state.stock[k])
        state.stock[k] = moved if state.alive[k] else state.stock[k]
    for k in range(world.code.size):
        set_bulk(world, state, k)


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
    set_capabilities(world, state)
    _remember_capabilities(state)
    if process.proliferation > 0.0:
        for k in range(world.code.size):
            if state.alive[k] and state.nuclear[k] == LATENT:
                _proliferate(world, state, tally, k, t, shared.arming[t, k])
