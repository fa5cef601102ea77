"""How wars end: outcome, deaths, losses; wars under way at the origin (§5.5, §5.6)."""

import math

from tests.reference import draws as d
from tests.reference.dispute import Context, kinds
from tests.reference.draws import logistic, normal, normal_cdf
from tests.reference.victory import keep_peace, use_nuclear_weapons, win
from tests.reference.war import duration_scale, strength_ratio
from tests.reference.war_state import TERRITORY, War

INITIATOR_WINS, DRAW, TARGET_WINS, CUT_OFF = 1, 2, 3, -1


def draw_deaths(context: Context, war: War) -> float:
    """Battle deaths of a new war (§5.5)."""
    p = context.parameters.deaths
    sums = war.sums()
    mean = p.const + p.log_least * math.log(min(sums)) + p.log_most * math.log(max(sums))
    mean += p.log_parties * math.log(war.party_count / 2.0)
    z = (math.log(p.threshold) - mean) / p.spread
    rho = p.duration_correlation
    shock = -rho * normal(context.draw(war.id, d.WAR)[0])
    shock += math.sqrt(1.0 - rho**2) * normal(context.draw(war.id, d.DEATHS)[0])
    epsilon = -normal(normal_cdf(-shock) * normal_cdf(-z))
    population = sum(context.world.population[k] for k in war.side)
    return min(math.exp(mean + p.spread * epsilon), p.population_cap * population)


def draw_outcome(context: Context, war: War) -> int:
    """Who wins, by one uniform; an initiator that complied with sanctions does not."""
    p, u = context.parameters.war, context.draw(war.id, d.OUTCOME)[0]
    ratio = math.log(war.ratio)
    draw = logistic(p.draw_const + p.draw_ratio * abs(ratio))
    wins = (1.0 - draw) * logistic(p.win_const + p.win_ratio * ratio)
    if u < wins:
        return INITIATOR_WINS
    return DRAW if u < wins + draw else TARGET_WINS


def end_war(context: Context, war: War) -> None:
    """End a war within the horizon, with all that follows."""
    drawn = draw_outcome(context, war)
    outcome = DRAW if war.complied and drawn == INITIATOR_WINS else drawn
    context.log(war.end, kinds.WAR_END, war.id, war.initiator, war.target, value=outcome)
    use_nuclear_weapons(context, war, war.end)
    count_deaths(context, war, war.end)
    if outcome == INITIATOR_WINS and war.aim and war.onset:
        context.succeed(war.onset, war.target, war.end)
    lose_stock(context, war, outcome)
    context.state.wars.remove(war)
    context.state.last_war[frozenset((war.initiator, war.target))] = war.end
    if outcome == INITIATOR_WINS:
        win(context, war)
    elif drawn == INITIATOR_WINS and war.aim == TERRITORY:
        give_back(context, war)
    keep_peace(context, war)


def give_back(context: Context, war: War) -> None:
    """Strengthen the norm by a conquest undone."""
    state = context.state
    if context.world.on("conquest") and state.alive[war.initiator] and state.alive[war.target]:
        state.norm = min(1.0, state.norm + context.parameters.conquest.norm_reversed)


def cut_off(context: Context, war: War) -> None:
    """Leave a war that outlasts the horizon."""
    horizon = float(context.world.years)
    context.log(horizon, kinds.WAR_END, war.id, war.initiator, war.target, value=CUT_OFF)
    use_nuclear_weapons(context, war, horizon)
    count_deaths(context, war, horizon)


def count_deaths(context: Context, war: War, time: float) -> None:
    """Spread the deaths evenly over the war and count those within the horizon."""
    result = context.result
    if war.onset:
        war.deaths = draw_deaths(context, war)

    def until(year: int) -> int:
        elapsed = min(max((year - war.start) / war.duration, 0.0), 1.0)
        return math.floor(war.deaths * elapsed)

    for year in range(context.world.years):
        result.count("battle_deaths", year, until(year + 1) - until(year))
    within = until(context.world.years)
    totals = result.totals
    totals["largest_war_battle_deaths"] = max(totals["largest_war_battle_deaths"], within)
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
