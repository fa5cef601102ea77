"""The annual tick, step by step (§6)."""

import math

from tests.reference.dispute import Context
from tests.reference.economy import proliferate, renew_economies
from tests.reference.institutions import Institution
from tests.reference.joining import INITIATOR_SIDE, TARGET_SIDE, calls, decide
from tests.reference.measures import note_year, sheltered
from tests.reference.membership import accede, harden, leave_and_dissolve
from tests.reference.pacts import bear_pacts, end_pacts
from tests.reference.rivalries import Start, change_rivalries
from tests.reference.state import State
from tests.reference.threat import guard, strain
from tests.reference.war import measure, note_great_power_war


def tick(context: Context, starts: list[Start]) -> None:
    """Let a year end and the next one begin."""
    note_year(context)
    context.state.year += 1
    fade(context.state)
    renew_economies(context)
    proliferate(context)
    change_rivalries(context, starts)
    end_pacts(context)
    leave_and_dissolve(context)
    harden(context)
    bear_pacts(context)
    accede(context)
    renew(context.state)
    count_sheltered(context)
    if context.world.on("late_joining"):
        join_late(context)


def fade(state: State) -> None:
    """Let credibility, legitimacy, reputation, norm and fears fade for a year."""
    p = state.world.parameters
    for record in state.architecture.records:
        relax(state, record)
    prior, decay = p.credibility.reputation_prior, math.exp(-1.0 / p.credibility.reputation_years)
    state.kept = [prior + (x - prior) * decay for x in state.kept]
    state.broken = [prior + (x - prior) * decay for x in state.broken]
    usual = state.architecture.conduct["conquest_norm"]
    state.norm = usual + (state.norm - usual) * math.exp(-1.0 / p.conquest.norm_years)
    fear, anger = math.exp(-1.0 / p.onset.tau_long), math.exp(-1.0 / p.onset.provocation_years)
    state.threat_memory = [x * fear for x in state.threat_memory]
    state.provocation = [x * anger for x in state.provocation]
    for record in state.architecture.records:
        build_resilience(state, record)


def relax(state: State, record: Institution) -> None:
    """Let an institution return to what it is believed by itself."""
    p = record.index
    decay = math.exp(-1.0 / record.memory_years)
    a0 = record.credibility * record.credibility_size
    b0 = (1.0 - record.credibility) * record.credibility_size
    state.a[p] = a0 + (state.a[p] - a0) * decay
    state.b[p] = b0 + (state.b[p] - b0) * decay
    pull = 1.0 - math.exp(-state.world.parameters.credibility.legitimacy_rate)
    state.move_legitimacy(p, (state.credibility(p) - state.legitimacy[p]) * pull)


def build_resilience(state: State, record: Institution) -> None:
    """Let members of an institution that invests in it grow more resilient."""
    if record.resilience_rate > 0.0:
        for k in record.member:
            r = state.resilience[k]
            state.resilience[k] = min(max(r, record.resilience_cap), r + record.resilience_rate)


def renew(state: State) -> None:
    """Renew what is held fixed between ticks: strain, guard, shelter, raised rates."""
    world = state.world
    states = range(world.count)
    state.strain = [strain(state, k) for k in states]
    state.guard = [guard(state, k) for k in states]
    state.sheltered = [state.alive[j] and sheltered(state, j) for j in states]
    p = world.parameters.onset
    for pair in world.pairs:
        i, j = pair.initiator, pair.target
        rivalry = state.rival[i][j] - world.rival[i][j]
        now, before = (flag[i] and flag[j] for flag in (state.democratic, world.democratic))
        raised = p.rivalry * rivalry + p.joint_democracy * (now - before)
        state.lift[pair.pair] = max(0.0, raised) if state.year else 0.0


def count_sheltered(context: Context) -> None:
    """Count the years at whose beginning a state is sheltered."""
    for k, is_sheltered in enumerate(context.state.sheltered):
        if is_sheltered:
            context.result.count_state("sheltered_years", k)


def join_late(context: Context) -> None:
    """Ask once more who joins the wars that began in the run."""
    state, time = context.state, float(context.state.year)
    for war in sorted(state.wars, key=lambda war: war.slot):
        parties = len(war.side)
        if war.onset:
            for side in (TARGET_SIDE, INITIATOR_SIDE):
                for call in calls(context, war, side):
                    decide(context, war, call, time)
        if len(war.side) > parties:
            measure(context, war)
            note_great_power_war(context, war, time)
