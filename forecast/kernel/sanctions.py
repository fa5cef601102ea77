"""Sanctions: whether an initiator complies, and how long it stays sanctioned (§4.6)."""

import math

from forecast.kernel import events
from forecast.kernel.compiled import jit
from forecast.kernel.motions import sanctioned
from forecast.kernel.streams import draw


@jit
def complies(world, state, stream, event_id, bite):
    """Return whether the initiator gives in to sanctions of the breadth that now holds."""
    if world.process.sanctions == 0.0:
        return False
    breadth = 1.0 if sanctioned(state) else bite
    u, _, _ = draw(stream, event_id, events.COMPLY, 0)
    return u < world.sanctions.compliance * math.sqrt(breadth)


@jit
def impose(world, state, stream, event_id, i, t):
    """Mark i as condemned, and as sanctioned for a while."""
    state.condemned[i] = t
    if world.process.sanctions > 0.0:
        _, v, _ = draw(stream, event_id, events.COMPLY, 0)
        until = t - world.sanctions.years * math.log(v)
        state.sanctioned[i] = max(state.sanctioned[i], until)
