"""Growth, regimes, military spending, proliferation (§6.1, §6.2)."""

import math

from tests.reference import draws as d
from tests.reference.dispute import Context, kinds
from tests.reference.draws import clip, normal, student4
from tests.reference.state import ARMED, LATENT, State
from tests.reference.threat import log_threat
from tests.reference.world import World


def renew_economies(context: Context) -> None:
    """Let economies, regimes and arms of all living states move on for a year."""
    state, world = context.state, context.world
    for k in state.living():
        u, v, _ = context.draw(state.year, d.SLOW, world.code[k])
        if world.on("growth"):
            grow(state, k, u)
        if world.on("regime_change"):
            change_regime(state, k, v)
        if world.on("spending"):
            spend(state, k)
        recovery = world.parameters.consequence.stock_recovery
        state.stock[k] += recovery * (state.burden[k] * state.gdp[k] - state.stock[k])
    state.renew_capability()
    state.history.append(state.capability)


def grow(state: State, k: int, uniform: float) -> None:
    """Let an economy grow relative to the world's."""
    p = state.world.parameters
    a = p.growth.autocorrelation
    shock = p.growth.sd * math.sqrt(1.0 - a * a) * student4(uniform) / math.sqrt(2.0)
    state.growth[k] = a * state.growth[k] + shock
    change = state.growth[k]
    change -= p.sanctions.growth_drag * (state.year < state.sanctioned_until[k])
    change -= p.growth.war_loss * state.principal(k)
    state.gdp[k] *= math.exp(change)


def opening_democracy(world: World, k: int) -> float:
    """Polyarchy at the origin, on the side of the threshold that the state's flag says."""
    p = world.parameters.regime
    if world.democratic[k]:
        return max(world.democracy[k], p.threshold + p.margin)
    return min(world.democracy[k], p.threshold - p.margin)


def change_regime(state: State, k: int, uniform: float) -> None:
    """Let democracy drift."""
    p = state.world.parameters.regime
    state.drift[k] = p.persistence * state.drift[k] + p.sd * normal(uniform)
    level = opening_democracy(state.world, k) + state.drift[k]
    state.democratic[k] = int(level >= p.threshold)


def spend(state: State, k: int) -> None:
    """Let the military burden follow threat and guard."""
    world, p = state.world, state.world.parameters.spending
    fear = log_threat(state, k) - math.log(world.parameters.pacts.threat_floor + world.threat0[k])
    relief = state.guard[k] - world.guard0[k]
    target = clip(p.threat * fear - p.free_riding * relief, p.low, p.high)
    log_burden = math.log(state.burden[k])
    state.burden[k] = math.exp(log_burden + p.speed * (target - log_burden))


def proliferate(context: Context) -> None:
    """Let latent states arm."""
    state, world = context.state, context.world
    if not world.on("proliferation"):
        return
    p = world.parameters.nuclear
    mean, sd = world.threat_scale
    for k in state.living():
        if state.nuclear[k] != LATENT:
            continue
        z = (log_threat(state, k) - mean) / sd
        hazard = p.proliferation * math.exp(p.threat * z + p.patron * has_patron(state, k))
        if context.draw(state.year, d.SLOW, world.code[k])[2] < 1.0 - math.exp(-hazard):
            state.nuclear[k] = ARMED
            context.tick(kinds.ARMED, k)
            context.result.count("proliferation_count")


def has_patron(state: State, k: int) -> bool:
    """Whether an armed state owes it defence through an institution that is believed."""
    architecture = state.architecture
    return any(
        state.credibility(record.index) > 0.5
        for m in architecture.defenders(k)
        if state.armed(m)
        for record in architecture.obliging(m, k)
    )
