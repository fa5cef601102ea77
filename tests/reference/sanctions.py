"""Compliance with sanctions and condemnation (§4.6)."""

import math

from tests.reference import draws as d
from tests.reference.dispute import Context, Dispute


def complies(context: Context, case: Dispute, serious: bool) -> bool:
    """Whether the initiator gives in to sanctions; short of a motion only if it is serious."""
    if not context.world.on("sanctions"):
        return False
    breadth = case.bite if serious else 0.0
    if case.condemned:
        breadth = 1.0
    chance = context.parameters.sanctions.compliance * math.sqrt(breadth)
    return context.draw(case.id, d.COMPLY)[0] < chance


def condemn(context: Context, case: Dispute) -> None:
    """Remember that a motion condemned the initiator, and for how long it is sanctioned."""
    state, i = context.state, case.i
    state.condemned[i] = case.time
    if context.world.on("sanctions"):
        life = -context.parameters.sanctions.years * math.log(context.draw(case.id, d.COMPLY)[1])
        state.sanctioned_until[i] = max(state.sanctioned_until[i], case.time + life)
