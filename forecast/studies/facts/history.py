"""What one history shows of every fact: counts of events, from its totals and its event log."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.estimators.catalogue import TAIL
from forecast.kernel import events
from forecast.kernel.arrays import EventLog
from forecast.kernel.results import ANNUAL_COUNTS, TRAJECTORY_COUNTS, BatchResult

F8 = NDArray[np.float64]

INITIATOR_WINS, DRAW = 1, 2
"""Values of the end of a war; -1 is cut off by the horizon."""

ENFORCEMENT = 4
"""Level of a motion that sends force."""

TOPS = (1, 5, 10)
"""Percentages of pairs in which the share of onsets is told."""


class History(NamedTuple):
    """One history under one architecture.

    Parameters
    ----------
    parts
        By fact, how often something happened and among how many: the fact is their ratio.
    onsets
        Disputes that start, (year,).
    deaths
        Battle deaths of the wars that start, (war,).
    """

    parts: dict[str, tuple[float, float]]
    onsets: NDArray[np.int64]
    deaths: F8


def history_of(result: BatchResult, log: EventLog, architecture: int, pairs: int) -> History:
    """Return what a traced trajectory shows under one architecture.

    Parameters
    ----------
    result, log
        Of one trajectory.
    architecture
        Position of the architecture.
    pairs
        Undirected pairs of states between which disputes may start.
    """
    size = int(log.size[architecture, 0])
    kind, ids, value = (column[architecture, :size] for column in (log.kind, log.id, log.value))
    onsets = result.annual.total[ANNUAL_COUNTS.index("dispute_count"), architecture]
    years = float(onsets.size)
    total = {
        name: float(result.trajectories.counts[n, architecture, 0])
        for n, name in enumerate(TRAJECTORY_COUNTS)
    }
    wars, disputes = ids[kind == events.WAR], total["dispute_count"]
    joined = ids[kind == events.JOINED]
    parties = np.array([2 + int((joined == war).sum()) for war in wars], dtype=np.float64)
    ends = value[(kind == events.WAR_END) & np.isin(ids, wars)]
    ends = ends[ends > 0]
    deaths = value[(kind == events.WAR_DEATHS) & np.isin(ids, wars)]
    great = result.annual.total[ANNUAL_COUNTS.index("great_power_war_count"), architecture].sum()
    resisted = value[kind == events.RESISTED]
    force = ((kind == events.MOTION_PASSED) & (value == ENFORCEMENT)).sum()
    return History(
        {
            "disputes": (disputes, years),
            "resisted": (float(resisted.sum()), float(resisted.size)),
            "fatal": (total["fatal_dispute_count"], disputes),
            "escalated": (total["war_count"], disputes),
            "wars": (total["war_count"], years),
            "multiparty": (float((parties > 2).sum()), float(parties.size)),
            "parties": (float(parties.sum()), float(parties.size)),
            "honoured": (total["ally_honoured_count"], total["ally_invocation_count"]),
            "initiator_wins": (float((ends == INITIATOR_WINS).sum()), float(ends.size)),
            "draws": (float((ends == DRAW).sum()), float(ends.size)),
            "beyond": (float((deaths >= TAIL).sum()), float(deaths.size)),
            "great_power_wars": (float(great), 1.0),
            "great_power_disputes": (total["great_power_dispute_count"], years),
            "conquests": (total["conquest_count"], 1.0),
            "grabs": (float((kind == events.GRAB_HELD).sum()), years),
            "vetoes": (total["veto_count"], years),
            "enforced": (float(force), float(wars.size)),
            **_concentration(log, architecture, pairs),
        },
        onsets,
        deaths,
    )


def _concentration(log: EventLog, architecture: int, pairs: int) -> dict[str, tuple[float, float]]:
    """Return how many onsets fall into the pairs with the most of them."""
    size = int(log.size[architecture, 0])
    here = log.kind[architecture, :size] == events.DISPUTE
    sides = np.stack([x[architecture, :size][here] for x in (log.initiator, log.target)])
    sides = np.sort(sides, axis=0)
    _, counts = np.unique(sides, axis=1, return_counts=True)
    ranked = np.sort(counts)[::-1]
    return {
        f"top_{top}": (float(ranked[: round(pairs * top / 100)].sum()), float(ranked.sum()))
        for top in TOPS
    }
