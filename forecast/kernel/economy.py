"""Growth, regime, military spending, stocks and nuclear arms at the annual tick (§6.1, §6.2)."""

import math

import numpy as np

from forecast.kernel import events
from forecast.kernel.capability import set_bulk, set_capabilities
from forecast.kernel.compiled import jit
from forecast.kernel.distributions import clip
from forecast.kernel.promises import DEFENCE_OBLIGATION, institution, promiser
from forecast.kernel.records import PAST_YEARS, PROLIFERATION_COUNT, WARS
from forecast.kernel.support import credibility
from forecast.kernel.tally import log_event

LATENT, ARMED = 1, 2


@jit
def _fights(state, k):
    for slot in range(state.number[WARS]):
        if state.war_active[slot] and (
            state.war_initiator[slot] == k or state.war_target[slot] == k
        ):
            return True
    return False


@jit
def _grow(world, state, k, t, innovation):
    g = world.growth
    keep = g.autocorrelation
    state.growth[k] = keep * state.growth[k] + g.sd * math.sqrt(1.0 - keep * keep) * innovation
    change = state.growth[k]
    if t < state.sanctioned[k]:
        change -= world.sanctions.growth_drag
    if _fights(state, k):
        change -= g.war_loss
    state.gdp[k] *= math.exp(change)


@jit
def _drift_regime(world, state, k, innovation):
    r = world.regime
    state.shift[k] = r.persistence * state.shift[k] + r.sd * innovation
    state.democratic[k] = 1 if world.democracy[k] + state.shift[k] >= r.threshold else 0


@jit
def _spend(world, state, k):
    b, floor = world.budget, world.pacts.threat_floor
    felt = (floor + world.threat[k] + state.threat[k]) / (floor + world.threat[k])
    target = b.threat * math.log(felt)
    target -= b.free_riding * (state.guard[k] - world.guard_reference[k])
    state.burden[k] += b.speed * (clip(target, b.low, b.high) - state.burden[k])


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
    felt = math.log(world.pacts.threat_floor + world.threat[k] + state.threat[k])
    x = n.threat * (felt - world.threat_mean) / world.threat_sd
    if _has_armed_patron(state, k):
        x += n.patron
    if w < 1.0 - math.exp(-n.proliferation * math.exp(x)):
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
    for k in range(world.code.size):
        if state.alive[k] == 0:
            continue
        if process.growth > 0.0:
            _grow(world, state, k, t, shared.growth[t, k])
        if process.regime_change > 0.0:
            _drift_regime(world, state, k, shared.regime[t, k])
        if process.spending > 0.0:
            _spend(world, state, k)
        wanted = math.exp(state.burden[k]) * state.gdp[k]
        state.stock[k] += world.consequence.stock_recovery * (wanted - state.stock[k])
        set_bulk(world, state, k)
    set_capabilities(world, state)
    _remember_capabilities(state)
    if process.proliferation > 0.0:
        for k in range(world.code.size):
            if state.alive[k] and state.nuclear[k] == LATENT:
                _proliferate(world, state, tally, k, t, shared.arming[t, k])
