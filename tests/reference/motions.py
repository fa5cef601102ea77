"""Bodies at work: agenda, votes, vetoes, override (§4.2, §4.3, §4.5)."""

from tests.reference import ballots
from tests.reference import draws as d
from tests.reference.dispute import Context, Dispute, kinds
from tests.reference.draws import logit, normal
from tests.reference.institutions import Institution


def crisis_stage(context: Context, case: Dispute) -> None:
    """Let every body react whose trigger the first act reaches."""
    for body in context.architecture.bodies:
        if body.covers(case.i, case.j) and body.trigger <= case.level:
            take_up(context, case, body)
            if body.index in case.agenda:
                move(context, case, body, 2)


def late_stage(context: Context, case: Dispute) -> None:
    """Let every body react to deaths (severity 1) or war (severity 2)."""
    for body in context.architecture.bodies:
        if body.covers(case.i, case.j) and body.trigger <= case.severity + 2:
            take_up(context, case, body)
            if body.index in case.agenda:
                move(context, case, body, 2)
                if case.severity == ballots.WAR and case.reached(body.index) == 2:
                    move(context, case, body, 4)


def take_up(context: Context, case: Dispute, body: Institution) -> None:
    """Put the case on the agenda of a body if its draw says so."""
    if body.index in case.agenda:
        return
    u, v, _ = context.draw(case.id, d.AGENDA, body.actor())
    if u >= ballots.agenda_probability(context.state, case.i, case.severity):
        return
    if not case.agenda:
        context.result.count("agenda_count")
    case.agenda.add(body.index)
    context.note(case, kinds.AGENDA, body.index, case.severity)
    if case.severity == 0 and v < context.parameters.escalation.mediation_accepted:
        case.mediated = True


def move(context: Context, case: Dispute, body: Institution, level: int) -> None:
    """Vote on a motion unless the body cannot or has already passed it."""
    if body.ladder_max < level or case.reached(body.index) >= level:
        return
    if count_yes(context, case, body, ballots.voters(body, case.i, case.j), level) < ballots.needed(
        body, case.i, case.j
    ):
        return
    if vetoes(context, case, body, level):
        note_veto(context, case, body, level)
        if not overridden(context, case, body, level):
            return
    if level == 2 and not case.condemned:
        context.result.count("sanctions_count")
    if level == 4 and 4 not in case.passed.values():
        context.result.count("enforcement_count")
    case.passed[body.index] = level
    context.note(case, kinds.MOTION_PASSED, body.index, level)


def note_veto(context: Context, case: Dispute, body: Institution, level: int) -> None:
    """Count a vetoed draft once per dispute, body and level."""
    if case.severity == ballots.WAR:
        case.war_veto.add(body.index)
    if (body.index, level) not in case.vetoed:
        case.vetoed.add((body.index, level))
        context.result.count("veto_count", case.time)
        context.note(case, kinds.VETOED, body.index, level)


def count_yes(
    context: Context, case: Dispute, body: Institution, states: list[int], level: int
) -> int:
    """Count the yes votes of some states."""
    legitimacy = logit(context.state.legitimacy[body.index])
    shock = normal(context.draw(case.id, d.CASE, body.actor())[0])
    yes = 0
    for v in states:
        u, abstains, _ = context.draw(case.id, d.VOTE, body.actor(context.world.code[v]))
        chance = ballots.yes_probability(
            context.state, v, case.i, case.j, level, case.severity, legitimacy, shock
        )
        yes += u < chance and abstains >= ballots.abstention(context.state, v, case.i, case.j)
    return yes


def vetoes(context: Context, case: Dispute, body: Institution, level: int) -> bool:
    """Whether some holder of a veto uses it."""
    return any(
        context.draw(case.id, d.VETO, body.actor(context.world.code[v]))[0]
        < ballots.veto_probability(context.state, body, v, case.i, case.j, level)
        for v in body.veto
    )


def overridden(context: Context, case: Dispute, body: Institution, level: int) -> bool:
    """Whether the members carry a vetoed level-2 motion all the same."""
    if level != 2 or body.override_quorum <= 0.0:
        return False
    states = ballots.override_voters(body, case.i)
    return count_yes(context, case, body, states, level) >= ballots.override_needed(body)
