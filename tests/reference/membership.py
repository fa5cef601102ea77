"""Exit, dissolution, hardening and accession (§6.5, §6.7)."""

import math
from itertools import accumulate

from tests.reference import draws as d
from tests.reference.dispute import Context, kinds
from tests.reference.draws import weighted
from tests.reference.institutions import Institution
from tests.reference.onset import PAST_YEARS
from tests.reference.pacts import number_of
from tests.reference.state import State
from tests.reference.threat import threat
from tests.reference.world import largest_first


def leave_and_dissolve(context: Context) -> None:
    """Let members leave institutions, and institutions dissolve."""
    if not context.world.on("member_exit"):
        return
    for record in context.architecture.records:
        if not record.links:
            u, v, w = context.draw(context.state.year, d.EXIT, record.actor())
            leave(context, record, u, v)
            note_weakness(context.state, record)
            if dissolves(context, record, w):
                context.architecture.dissolve(record.index)
                context.tick(kinds.DISSOLVED, institution=record.index)
                context.result.count("dissolution_count")


def leave(context: Context, record: Institution, u: float, v: float) -> None:
    """Let at most one member leave."""
    hazards = [exit_hazard(context, record, k) for k in record.member]
    total = sum(hazards)
    if u >= 1.0 - math.exp(-total):
        return
    leaver = next(
        k
        for k, running in zip(record.member, accumulate(hazards), strict=True)
        if running > v * total
    )
    if leaver == core(context.state, record):
        context.state.coreless[record.index] = True
    record.drop(leaver)
    context.architecture.drop_promises(leaver, record.index)
    context.tick(kinds.EXITED, leaver, institution=record.index)
    context.result.count("exit_count")


def core(state: State, record: Institution) -> int:
    """Member of largest capability; of equals the one of lower code."""
    return largest_first(record.member, state.capability)[0]


def exit_hazard(context: Context, record: Institution, k: int) -> float:
    """Hazard that a member leaves."""
    state, p = context.state, context.parameters.exit
    hazard = record.exit_rate * context.architecture.conduct["exit_factor"]
    hazard *= math.exp(p.exponent * (0.5 - state.personal_credibility(record, k)))
    if record.ladder_max >= 2 and state.year - state.condemned[k] < 1.0:
        hazard *= 1.0 + p.condemned
    shift = abs(math.log(state.capability[k] / state.past(PAST_YEARS)[k]))
    if shift > p.shift_threshold:
        hazard *= p.shift_factor
    if state.democratic[k]:
        hazard *= p.democracy_factor
    return hazard


def note_weakness(state: State, record: Institution) -> None:
    """Count the ticks in a row at which an institution was not believed."""
    low = state.credibility(record.index) < state.world.parameters.exit.collapse_level
    state.low_years[record.index] = state.low_years[record.index] + 1 if low else 0


def dissolves(context: Context, record: Institution, w: float) -> bool:
    """Whether an institution ends: it has no members left, no credibility, or no core."""
    state, p = context.state, context.parameters.exit
    if len({*record.member, *record.covered}) < 2:
        return True
    collapsed = state.low_years[record.index] >= p.collapse_years
    weak = collapsed or state.coreless[record.index]
    return weak and w < 1.0 - math.exp(-p.dissolution)


def harden(context: Context) -> None:
    """Raise obligations and shares towards their ceilings, or blend a transition's numbers."""
    architecture, year = context.architecture, float(context.state.year)
    if architecture.progress(year - 1.0) < 1.0:
        architecture.blend(architecture.progress(year))
        return
    for record in architecture.records:
        if record.links == 0 and record.hardening_rate > 0.0 and context.world.on("hardening"):
            for name, ceiling in (
                ("obligation", record.obligation_ceiling),
                ("share", record.share_ceiling),
            ):
                now = getattr(record, name)
                setattr(record, name, now + record.hardening_rate * (max(now, ceiling) - now))


def accede(context: Context) -> None:
    """Let states without protection join the institutions that are open to them."""
    state = context.state
    if not context.world.on("accession"):
        return
    v = context.draw(state.year, d.BIRTHS)[1]
    for n in range(number_of(context, "accession_per_year", v)):
        slot = state.year * 64 + n
        candidate = weighted(accession_weights(context), context.draw(slot, d.ACCESSION)[0])
        if candidate >= 0:
            record = choose(context, candidate, slot)
            if record:
                enter(context, candidate, record)


def accession_weights(context: Context) -> list[float]:
    """Weight of every state as a candidate."""
    world, state, architecture = context.world, context.state, context.architecture
    inside = {k for record in architecture.records if record.accedes for k in record.member}
    weights = [0.0] * world.count
    for j in state.living():
        if not world.great[j] and j not in inside:
            patron = any(world.great[k] for k in architecture.defenders(j))
            factor = context.parameters.pacts.accession_patron if patron else 1.0
            weights[j] = threat(state, j) * factor
    return weights


def choose(context: Context, j: int, slot: int) -> Institution | None:
    """Choose the institution that suits a candidate best, if any does well enough."""
    world, state, p = context.world, context.state, context.parameters.pacts
    best, liking = None, p.accession_affinity
    for record in context.architecture.records:
        if not (record.accedes and record.member) or state.rival[j][core(state, record)]:
            continue
        u = context.draw(slot, d.ACCESSION_NOISE, record.actor())[0]
        mean = sum(world.affinity[j][m] for m in record.member) / len(record.member)
        score = mean + p.accession_noise * (2.0 * u - 1.0)
        if score > liking:
            best, liking = record, score
    return best


def enter(context: Context, j: int, record: Institution) -> None:
    """Make a state a member."""
    architecture, p = context.architecture, record.index
    if record.is_pact and record.armed:
        for m in record.member:
            for giver, taker in ((m, j), (j, m)):
                if (giver, p) not in architecture.promises[taker]:
                    architecture.promise(giver, taker, p)
    for name in ("member", "covered", "decider"):
        states = getattr(record, name)
        if j not in states and (name != "decider" or states):
            states.append(j)
            states.sort()
    context.state.provocation[j] += 1.0
    context.tick(kinds.ACCEDED, j, institution=p)
    context.result.count("accession_count")
