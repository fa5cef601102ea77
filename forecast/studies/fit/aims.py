"""Estimates of what disputes are about, and of what the challenger gains without resistance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast.scenario.estimates import Estimate
from forecast.studies.fit.blocks import shares_estimate
from forecast.studies.fit.onset_terms import OnsetRows
from forecast.studies.fit.shares import shares
from forecast.world.disputes import Onsets
from forecast.world.history.sources import Sources
from forecast.world.readers.table import Table

Period = tuple[int, int]

AIMS = ("territory", "policy", "regime", "other")
"""Revision types 1 to 4 (MID)."""

GAINED = (1, 4)
"""Outcomes of a dispute in which side A won or side B yielded (MID)."""


def revision_types(onsets: Onsets, participants: Table) -> NDArray[np.int64]:
    """Return the initiator's first revision type of each onset, 0 where it sought none, (row,)."""
    types: dict[tuple[int, int], int] = {}
    for at in np.flatnonzero((participants["orig"] == 1) & (participants["sidea"] == 1)):
        key = int(participants["dispnum"][at]), int(participants["ccode"][at])
        types.setdefault(key, max(int(participants["revtype1"][at]), 0))
    pairs = zip(onsets.dispute.tolist(), onsets.initiator.tolist(), strict=True)
    return np.array([types[key] for key in pairs], dtype=np.int64)


def aims(rows: OnsetRows, sources: Sources, land: bool, period: Period) -> Estimate:
    """Return the shares of aims among land neighbours, or among others."""
    chosen = rows.where((rows.terms["land"] > 0) == land)
    sought = revision_types(chosen.onsets, sources.participants)
    counts = np.array([int((sought == k).sum()) for k in range(1, len(AIMS) + 1)])
    where = "land" if land else "far"
    names = tuple(f"aim.{where}_{aim}" for aim in AIMS)
    found = shares(counts, len(sought))
    return shares_estimate(f"aim_{where}", "shares", names, found, period, "MID 5.0, side A")


def concession(rows: OnsetRows, sources: Sources, period: Period) -> Estimate:
    """Return the share of unanswered disputes in which side A won or side B yielded."""
    outcome = dict(zip(sources.disputes["dispnum"], sources.disputes["outcome"], strict=True))
    chosen = rows.onsets.where(rows.onsets.reciprocated == 0)
    ended = np.array([outcome[number] for number in chosen.dispute.tolist()])
    known = ended[ended > 0]
    found = shares(np.array([int(np.isin(known, GAINED).sum())]), len(known))
    names = ("response.concession",)
    note = "unanswered disputes alone, as the model uses it"
    return shares_estimate("concession", "share", names, found, period, note)
