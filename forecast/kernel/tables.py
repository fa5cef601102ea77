"""What the cascade asks often and no trajectory changes, computed once per run (§4, §5.2)."""

import numpy as np

from forecast.kernel import events
from forecast.kernel.compiled import jit
from forecast.kernel.distributions import logistic, logit
from forecast.kernel.records import (
    AGENDA_LOTS,
    CHILDREN_LOT,
    ESCALATION_LOT,
    FATALITY_LOT,
    NONE,
    PROVOCATION_LOT,
)
from forecast.kernel.streams import LEAST_LANES


@jit
def vote_odds(states, vote):
    """Return, (N, N), the factor by which closeness to row state raises the odds of a vote for it.

    Row by row, since one motion is about two states and many voters.
    """
    return np.exp(vote.affinity * states.affinity.T).copy()


@jit
def agenda_table(agenda):
    """Return the probability of being taken up by [great initiator, severity] (§4.2, §4.5)."""
    table = np.zeros((2, 3))
    for great in range(2):
        x = agenda.const + agenda.great_initiator * great
        table[great, 0] = logistic(x)
        table[great, 1] = logistic(x + agenda.fatal)
        table[great, 2] = logistic(x + agenda.war)
    return table


@jit
def fatality_table(fatality):
    """Return the probability of deaths by [rivals, contiguous by land, joint democracy] (§4.4)."""
    f, table = fatality, np.zeros((2, 2, 2))
    for rival in range(2):
        for land in range(2):
            for democracy in range(2):
                x = f.const + f.rivalry * rival + f.land * land + f.joint_democracy * democracy
                table[rival, land, democracy] = logistic(x)
    return table


@jit
def bystanders(states):
    """Return who is asked first without a promise: land neighbours and great powers, (N, W)."""
    asked = (states.contiguity.T == 1) | (states.great == 1)
    n = states.code.size
    table = np.full((n, asked.sum(axis=1).max() + 1), NONE)
    for k in range(n):
        found = np.flatnonzero(asked[k])
        table[k, : found.size] = found
    return table


@jit
def pairs_of_wars(wars, dyads):
    """Return the pair of the principals of every war at the origin, -1 outside the universe."""
    pair = np.full(wars.initiator.size, NONE)
    for m in range(pair.size):
        for k in range(dyads.initiator.size):
            if dyads.initiator[k] == wars.initiator[m] and dyads.target[k] == wars.target[m]:
                pair[m] = dyads.pair[k]
    return pair


@jit
def count_logs(most):
    """Return the logarithms of the whole numbers up to `most`; that of 0 is never asked for."""
    return np.log(np.maximum(np.arange(most + 1), 1))


@jit
def most_conviction(joining):
    """Return the most that the credibility of a promise adds to the log odds of joining (§5.2)."""
    low, high = logit(joining.credibility_low), logit(joining.credibility_high)
    return max(joining.credibility * low, joining.credibility * high)


@jit
def most_eagerness(joining):
    """Return the most that the terms of a third state add, size, promise and situation apart."""
    j = joining
    most = max(0.0, j.major) + max(0.0, j.near) + max(0.0, j.democracy) + abs(j.affinity)
    return most + max(0.0, -j.tied_down) + max(0.0, -j.nuclear_aggressor)


@jit
def vote_start(vote):
    """Return what every log odds of a yes has in common (§4.3)."""
    return vote.const - vote.legitimacy * logit(vote.legitimacy_reference)


@jit
def lots(bodies, key):
    """Return purposes and actors of the draws that every dispute takes at once (AGENDA_LOTS)."""
    room = max((AGENDA_LOTS + bodies.size + 3) // 4 * 4, LEAST_LANES)
    purpose, actor = np.zeros(room, np.int64), np.zeros(room, np.int64)
    purpose[PROVOCATION_LOT] = events.PROVOCATION
    purpose[ESCALATION_LOT] = events.ESCALATION
    purpose[FATALITY_LOT] = events.FATALITY
    purpose[CHILDREN_LOT] = events.CHILD_COUNT
    for n in range(bodies.size):
        purpose[AGENDA_LOTS + n] = events.AGENDA_DRAW
        actor[AGENDA_LOTS + n] = key[bodies[n]] * 65536
    return purpose, actor
