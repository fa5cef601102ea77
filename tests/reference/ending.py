"""How wars end: outcome, deaths, losses; wars under way at the origin (§5.5, §5.6)."""

import math

from forecast.kernel.arrays import OriginWars
from tests.reference import draws as d
from tests.reference.dispute import Context, kinds
from tests.reference.draws import child_id, logistic, normal, normal_cdf
from tests.reference.state import State, War
from tests.reference.war import duration_scale, strength_ratio

INITIATOR_WINS, DRAW, TARGET_WINS, CUT_OFF = 1, 2, 3, -1
TERRITORY = 1


def draw_deaths(context: Context, war: War) -> float:
    """Battle deaths of a new war (§5.5)."""
    p, world = context.parameters.deaths, context.world
    c = context.state.capability
    sums = [sum(c[k] for k in war.parties(side)) for side in (1, 2)]
    parties = sum(
        k in (war.initiator, war.target) or war.load[k] * c[k] >= p.party_share * sums[side - 1]
        for k, side in war.side.items()
    )
    mean = p.const + p.log_least * math.log(min(sums)) + p.log_most * math.log(max(sums))
    mean += p.log_parties * math.log(parties / 2.0)
    z = (math.log(p.threshold) - mean) / p.spread
    rho = p.duration_correlation
    shock = -rho * normal(context.draw(war.id, d.WAR)[0])
    shock += math.sqrt(1.0 - rho**2) * normal(context.draw(war.id, d.DEATHS)[0])
    epsilon = -normal(normal_cdf(-shock) * normal_cdf(-z))
    population = sum(world.population[k] for k in war.side)
    return min(math.exp(mean + p.spread * epsilon), p.population_cap * population)


def draw_outcome(context: Context, war: War) -> int:
    """Who wins, by one uniform."""
    p, u = context.parameters.war, context.draw(war.id, d.OUTCOME)[0]
    ratio = math.log(war.ratio)
    draw = logistic(p.draw_const + p.draw_ratio * abs(ratio))
    wins = (1.0 - draw) * logistic(p.win_const + p.win_ratio * ratio)
    if u < wins:
        return INITIATOR_WINS
    return DRAW if u < wins + draw else TARGET_WINS


def end_war(context: Context, war: War) -> None:
    """End a war within the horizon."""
    outcome = draw_outcome(context, war)
    end = war.start + war.duration
    context.log(end, kinds.WAR_END, war.id, war.initiator, war.target, value=outcome)
    count_deaths(context, war, end)
    won = outcome == INITIATOR_WINS and war.aim != 0
    context.result.aggression_success_count += won and war.start > 0.0
    lose_stock(context, war, outcome)
    context.state.wars.remove(war)


def cut_off(context: Context, war: War) -> None:
    """Leave a war that outlasts the horizon."""
    horizon = float(context.world.years)
    context.log(horizon, kinds.WAR_END, war.id, war.initiator, war.target, value=CUT_OFF)
    count_deaths(context, war, horizon)


def count_deaths(context: Context, war: War, time: float) -> None:
    """Spread the deaths evenly over the war and count those within the horizon."""
    result = context.result

    def until(year: int) -> int:
        elapsed = min(max((year - war.start) / war.duration, 0.0), 1.0)
        return math.floor(war.deaths * elapsed)

    for year in range(context.world.years):
        result.add_deaths(year, until(year + 1) - until(year))
    within = until(context.world.years)
    result.largest_war_battle_deaths = max(result.largest_war_battle_deaths, within)
    context.log(time, kinds.WAR_DEATHS, war.id, war.initiator, war.target, value=within)


def lose_stock(context: Context, war: War, outcome: int) -> None:
    """Take the losses of a war from the military stocks."""
    p, stock = context.parameters.consequence, context.state.stock
    loss = 0.0
    if war.deaths > 0.0:
        loss = p.loss_const + p.loss_log_deaths * math.log(war.deaths / 1000.0)
    loss = min(p.loss_cap, max(0.0, loss))
    for k, side in war.side.items():
        winner = (outcome == INITIATOR_WINS and side == 1) or (outcome == TARGET_WINS and side == 2)
        part = loss * (p.winner_share if winner else 1.0)
        if k not in (war.initiator, war.target):
            part *= war.load[k]
        stock[k] *= 1.0 - part
    context.state.renew_capability()


def open_origin_wars(state: State, wars: OriginWars) -> list[War]:
    """Put the wars under way at the origin into the state; deaths and duration come later."""
    p = state.world.parameters.joining
    opened = []
    for m, (i, j) in enumerate(zip(wars.initiator.tolist(), wars.target.tolist(), strict=True)):
        side = {i: 1, j: 2}
        load = {i: p.originator_load, j: p.originator_load}
        for k, s in enumerate(wars.side[m].tolist()):
            if s and k not in side:
                side[k], load[k] = s, min(p.unobliged_share, p.load_cap)
        opened.append(War(child_id(d.ROOT_WAR, m), i, j, 0.0, TERRITORY, side, load))
    state.wars.extend(opened)
    return opened


def continue_origin_war(context: Context, war: War, m: int) -> None:
    """Fix the remaining duration and deaths of a war under way at the origin (§5.6)."""
    wars, shape = context.world.inputs.wars, context.parameters.war.shape
    elapsed = float(wars.elapsed[m])
    low, high = float(wars.deaths_low[m]), float(wars.deaths_high[m])
    war.ratio = strength_ratio(context.state, war)
    scale = duration_scale(context, war.ratio)
    fought = (elapsed / scale) ** shape
    total = (fought - math.log(context.draw(war.id, d.WAR)[0])) ** (1.0 / shape) * scale
    war.duration = total - elapsed
    u = context.draw(war.id, d.DEATHS)[0]
    war.deaths = low * (high / low) ** u / elapsed * war.duration
