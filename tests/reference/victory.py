"""What follows the end of a war: peacekeepers, nuclear use, conquest, norm (§5.7-§5.9)."""

import math

from tests.reference import ballots
from tests.reference import draws as d
from tests.reference.dispute import Context, Dispute, kinds
from tests.reference.draws import normal
from tests.reference.motions import move
from tests.reference.onset import log_ratio
from tests.reference.state import NOTHING
from tests.reference.war_state import TERRITORY, War

REGIME = 3


def keep_peace(context: Context, war: War) -> None:
    """Let bodies send peacekeepers between the principals."""
    state, i, j = context.state, war.initiator, war.target
    if not (context.world.on("peacekeeping") and state.alive[i] and state.alive[j]):
        return
    case = Dispute(war.id, war.end, i, j, severity=ballots.WAR)
    for body in context.architecture.bodies:
        if body.covers(i, j) and body.ladder_max >= 3 and on_agenda(context, case, body.actor()):
            move(context, case, body, 3)
        if case.passed:
            break
    if case.passed:
        state.peace_until[frozenset((i, j))] = war.end + context.parameters.peacekeeping.years
        context.result.count("peacekeeping_count")
        context.note(case, kinds.PEACEKEEPING)


def on_agenda(context: Context, case: Dispute, actor: int) -> bool:
    """Whether a body has the war on its agenda."""
    chance = ballots.agenda_probability(context.state, case.i, ballots.WAR)
    return context.draw(case.id, d.AGENDA, actor)[0] < chance


def use_nuclear_weapons(context: Context, war: War, time: float) -> None:
    """Draw whether nuclear weapons were used in a war, and how many people they killed."""
    p = context.parameters.nuclear
    sides = sum(any(context.state.armed(k) for k in war.parties(side)) for side in (1, 2))
    hazard = (0.0, p.one_armed, p.both_armed)[sides] * (p.survival if war.aim == REGIME else 1.0)
    u, v, _ = context.draw(war.id, d.NUCLEAR)
    if not context.world.on("nuclear_use") or u >= 1.0 - math.exp(-hazard * (time - war.start)):
        return
    deaths = math.floor(math.exp(p.log_deaths + p.log_deaths_sd * normal(v)))
    context.log(time, kinds.NUCLEAR_USE, war.id, war.initiator, war.target, value=deaths)
    context.result.note_first("nuclear_use_year", time)
    context.result.count("nuclear_use_count", time)
    context.result.count("nuclear_deaths", amount=deaths)


def win(context: Context, war: War) -> None:
    """Let the initiator that has won take what it fought for."""
    state, i, j = context.state, war.initiator, war.target
    if not (context.world.on("conquest") and state.alive[i] and state.alive[j]):
        return
    u, v, w = context.draw(war.id, d.CONQUEST)
    before, norm = log_ratio(state.capability, i, j), state.norm
    if war.aim == TERRITORY:
        take_territory(context, war, u)
    if war.aim in (TERRITORY, REGIME) and before > 1.0 and v < mortality(context, j, norm):
        end_state(context, war)
    if war.aim == REGIME and state.alive[j] and state.rival[i][j]:
        if w < context.parameters.conquest.rivalry_ends:
            end_rivalry(context, war, i, j, by_regime=True)
    if (war.aim == TERRITORY or not state.alive[j]) and not war.condemned:
        p = context.parameters.conquest
        state.norm = max(0.0, norm - (p.norm_great if context.world.great[i] else p.norm_other))


def note(context: Context, war: War, kind: int, value: float = 0.0) -> None:
    """Add a row about the end of a war."""
    context.log(war.end, kind, war.id, war.initiator, war.target, value=value)


def take_territory(context: Context, war: War, u: float) -> None:
    """Move a share of the target's economy and people to the initiator."""
    p = context.parameters.conquest
    share = p.transfer_low * (p.transfer_high / p.transfer_low) ** u
    transfer(context, war.initiator, war.target, share)
    note(context, war, kinds.TERRITORY, share)
    context.result.count("territory_loss_count", war.end)
    context.result.count_state("territory_loss_count", war.target)


def transfer(context: Context, i: int, j: int, share: float) -> None:
    """Move a share of what j has to i."""
    state, world = context.state, context.world
    for have, size in ((state.gdp, world.gdp), (state.people, world.population)):
        have[i] += share * have[j] * size[j] / size[i]
        have[j] *= 1.0 - share
    state.renew_capability()


def mortality(context: Context, j: int, norm: float) -> float:
    """Chance that a defeated state ends."""
    p = context.parameters.conquest
    factor = (1.0, p.death_middle, p.death_great)[context.world.state_class[j]]
    return p.death * (1.0 - norm) * factor


def end_state(context: Context, war: War) -> None:
    """End the target: the initiator takes what is left, and all its ties are cut."""
    state, j = context.state, war.target
    transfer(context, war.initiator, j, 1.0)
    state.gdp[j] = state.people[j] = NOTHING
    state.renew_capability()
    state.alive[j] = False
    for record in context.architecture.records:
        record.drop(j)
    context.architecture.drop_promises(j)
    note(context, war, kinds.STATE_DEATH)
    universe = {frozenset((q.initiator, q.target)) for q in context.world.pairs}
    for k in range(context.world.count):
        if state.rival[j][k] and frozenset((j, k)) in universe:
            end_rivalry(context, war, j, k)
        state.set_rivals(j, k, False)
    context.result.count("conquest_count")
    context.result.count_state("conquest_count", j)


def end_rivalry(context: Context, war: War, i: int, j: int, by_regime: bool = False) -> None:
    """End a rivalry by a change of regime or the end of a state."""
    context.state.set_rivals(i, j, False)
    low, high = min(i, j), max(i, j)
    context.log(war.end, kinds.RIVALRY_ENDED, war.id, low, high, value=1.0 if by_regime else 2.0)
    context.result.count("rivalry_end_count")
