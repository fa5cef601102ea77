"""The annual tick: what happens every 1 January, in order (§6)."""

from forecast.kernel.compiled import jit
from forecast.kernel.credibility import fade
from forecast.kernel.economy import develop
from forecast.kernel.measures import count_shelter, record_year
from forecast.kernel.membership import change_numbers, members_leave
from forecast.kernel.pact_births import found_and_accede
from forecast.kernel.pact_lives import end_pacts
from forecast.kernel.records import WARS
from forecast.kernel.renewal import renew
from forecast.kernel.rivalries import change_rivalries, open_layers
from forecast.kernel.war import review_wars


@jit
def _mark_wars(world, state, t):
    for slot in range(state.number[WARS]):
        if state.war_active[slot]:
            q = state.war_pair[slot]
            if q >= 0:
                state.last_war[q] = t


@jit
def tick(world, law, state, tally, stream, shared, t):
    """Close a year at time t and open the next one."""
    record_year(world, law, state, tally, t - 1)
    fade(world, law, state)
    develop(world, state, tally, shared, t)
    _mark_wars(world, state, float(t))
    change_rivalries(world, law, state, tally, stream, shared, t)
    end_pacts(world, law, state, tally, t)
    members_leave(world, law, state, tally, stream, t)
    change_numbers(world, law, state, t)
    found_and_accede(world, law, state, tally, stream, t)
    renew(world, law, state)
    count_shelter(state, tally)
    review_wars(world, law, state, tally, stream, t)
    open_layers(world, state, stream, t)
