"""What a trajectory's events did to every state in every year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast.kernel import events
from forecast.kernel.arrays import EventLog

I8 = NDArray[np.int64]

RECORDED = (
    "initiated_count",
    "attacked_count",
    "fatally_attacked_count",
    "war_count",
    "battle_deaths",
)
"""Outcomes by state and year: disputes that start with the state as initiator, as target, and as
target with a death or a war; wars that the state enters, as a principal or later; battle deaths of
the disputes and wars in which it is the target, as there is no telling where they fall.
"""

INITIATED, ATTACKED, FATALLY, WARS, DEATHS = range(5)


class Events:
    """The events of one trajectory under one architecture, as columns.

    Parameters
    ----------
    log
        Event logs of all architectures.
    architecture
        Position of the one wanted.
    """

    def __init__(self, log: EventLog, architecture: int) -> None:
        size = int(log.size[architecture, 0])
        self.time = log.time[architecture, :size]
        self.kind = log.kind[architecture, :size]
        self.id = log.id[architecture, :size]
        self.initiator = log.initiator[architecture, :size]
        self.target = log.target[architecture, :size]
        self.institution = log.institution[architecture, :size]
        self.value = log.value[architecture, :size]


def state_year_counts(told: Events, states: I8, years: int) -> I8:
    """Return the outcomes `RECORDED` of a trajectory, (outcome, state, year).

    Parameters
    ----------
    told
        Its events.
    states
        COW codes, sorted, (state,).
    years
        Length of the horizon.
    """
    found = np.zeros((len(RECORDED), states.size, years), np.int64)
    year = np.minimum(told.time.astype(np.int64), years - 1)

    def count(outcome: int, kind: int, actors: NDArray[np.int32]) -> None:
        here = told.kind == kind
        np.add.at(found[outcome], (np.searchsorted(states, actors[here]), year[here]), 1)

    count(INITIATED, events.DISPUTE, told.initiator)
    count(ATTACKED, events.DISPUTE, told.target)
    for kind in (events.FATAL, events.WAR):
        count(FATALLY, kind, told.target)
    for actors in (told.initiator, told.target):
        count(WARS, events.WAR, actors)
    count(WARS, events.JOINED, told.initiator)
    fatal = told.kind == events.FATAL
    where = (np.searchsorted(states, told.target[fatal]), year[fatal])
    np.add.at(found[DEATHS], where, told.value[fatal].astype(np.int64))
    _spread_deaths(told, states, found[DEATHS])
    return found


def _spread_deaths(told: Events, states: I8, deaths: I8) -> None:
    """Add the deaths of wars, evenly over their duration as the kernel books them by year.

    A year can differ by one from the kernel's, which rounds down from deaths that the event gives
    rounded; the total of a war does not. Wars of the origin start with the run.
    """
    began = told.kind == events.WAR
    start_of = dict(zip(told.id[began].tolist(), told.time[began].tolist(), strict=True))
    years = deaths.shape[1]
    for n in np.flatnonzero(told.kind == events.WAR_DEATHS):
        start, end = start_of.get(int(told.id[n]), 0.0), float(told.time[n])
        covered = np.arange(int(start), years)
        elapsed = np.clip((covered + 1 - start) / (end - start), 0.0, 1.0)
        so_far = np.floor(told.value[n] * elapsed).astype(np.int64)
        row = int(np.searchsorted(states, told.target[n]))
        deaths[row, covered] += np.diff(so_far, prepend=0)
