"""Estimate of whether a defence ally of one side, and not of the other, joins a dispute."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.scenario.estimates import Estimate
from forecast.studies.fit.blocks import estimable, logit_estimate, shipped_value
from forecast.studies.fit.decisions import WAR
from forecast.studies.fit.logit import fit_logit
from forecast.studies.fit.onset_terms import FIRST_POSTWAR_YEAR, OnsetRows
from forecast.studies.fit.system_years import SystemYear, SystemYears
from forecast.world.history.system import locate
from forecast.world.readers.table import Table

Floats = NDArray[np.float64]

TERMS = (
    "const",
    "war",
    "fatal",
    "near",
    "major",
    "log_capability",
    "log_aggressor",
    "democracy",
    "post1945",
    "aggressor_side",
)

HELD = ("free_riding", "affinity", "nuclear_aggressor", "great_powers", "obligation")
"""Terms that keep their shipped weights. Free riding is a number of each institution: a slope
estimated beside the constant would not reach the run that uses the constant."""

TARGET_SIDE, AGGRESSOR_SIDE = 0, 1
"""Sides of a dispute (MID `sidea`)."""


class AllyRows(NamedTuple):
    """Allies of one side of an onset.

    Parameters
    ----------
    terms
        Regressors by entry of `joining`, signed as in the equation, each (row,).
    joined
        Whether the ally took part on that side, (row,).
    onset
        Number of the onset, (row,).
    """

    terms: dict[str, Floats]
    joined: NDArray[np.bool_]
    onset: NDArray[np.int64]


class _Onset(NamedTuple):
    """An onset as seen from one side: `friend` is the principal there, `foe` the other."""

    year: int
    friend: int
    foe: int
    war: bool
    fatal: bool


def ally_rows(rows: OnsetRows, participants: Table, years: SystemYears) -> AllyRows:
    """Return the states with a defence pact with one side of an onset and none with the other.

    Parameters
    ----------
    rows
        Onsets.
    participants
        Who took part in the disputes; originators are no allies that decide.
    years
        The state system by year.
    """
    known = rows.where(rows.onsets.hostility > 0)
    principals, joiners = (_takers(participants, flag) for flag in (1, 0))
    blocks, joined, label = [], [], []
    for side in (TARGET_SIDE, AGGRESSOR_SIDE):
        for k, onset in enumerate(_onsets(known, side)):
            then, key = years[onset.year], (int(known.onsets.dispute[k]), side)
            allies = _allies(then, onset, principals.get(key, set()))
            blocks.append(_terms(then, onset, allies, side))
            joined.append(np.isin(then.codes[allies], list(joiners.get(key, set()))))
            label.append(np.full(len(allies), 2 * k + side))
    values = np.concatenate(blocks)
    terms = dict(zip((*TERMS, *HELD), values.T, strict=True))
    return AllyRows(terms, np.concatenate(joined), np.concatenate(label))


def _takers(participants: Table, originator: int) -> dict[tuple[int, int], set[int]]:
    """Return originators or joiners by dispute and side."""
    found: dict[tuple[int, int], set[int]] = {}
    for at in np.flatnonzero(participants["orig"] == originator):
        key = int(participants["dispnum"][at]), int(participants["sidea"][at])
        found.setdefault(key, set()).add(int(participants["ccode"][at]))
    return found


def _onsets(rows: OnsetRows, side: int) -> list[_Onset]:
    o = rows.onsets
    friend, foe = (o.target, o.initiator) if side == TARGET_SIDE else (o.initiator, o.target)
    war = o.hostility == WAR
    columns = (rows.year, friend, foe, war, (o.fatality >= 1) & ~war)
    return [_Onset(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]


def _allies(then: SystemYear, onset: _Onset, principals: set[int]) -> NDArray[np.intp]:
    (friend, foe), _ = locate(then.codes, np.array([onset.friend, onset.foe]))
    bound = then.owes[:, friend] & ~(then.owes[:, foe] | then.owes[foe])
    bound = bound & ~np.isin(then.codes, [onset.friend, onset.foe, *principals])
    return np.flatnonzero(bound)


def _terms(then: SystemYear, onset: _Onset, k: NDArray[np.intp], side: int) -> Floats:
    """Return the regressors of the allies `k`, (ally, term)."""
    (friend, foe), _ = locate(then.codes, np.array([onset.friend, onset.foe]))
    one = np.ones(len(k))
    postwar = onset.year >= FIRST_POSTWAR_YEAR
    columns = {
        "const": one,
        "war": one * onset.war,
        "fatal": one * onset.fatal,
        "near": (then.contiguity[k, friend] > 0) | (then.contiguity[k, foe] > 0),
        "major": then.major[k],
        "log_capability": np.log(then.share[k]),
        "log_aggressor": one * np.log(then.share[foe]),
        "free_riding": -one * np.log(max(len(k), 1)),
        "democracy": then.democratic[k],
        "post1945": one * postwar,
        "aggressor_side": one * side,
        "affinity": np.nan_to_num(then.affinity[k, friend] - then.affinity[k, foe]),
        "nuclear_aggressor": -one * (then.armed[foe] & ~then.armed[k]),
        "great_powers": one * (then.major[k] & then.major[foe] & postwar),
        "obligation": one * _obligation(side),
    }
    return np.column_stack([columns[name].astype(float) for name in (*TERMS, *HELD)])


def _obligation(side: int) -> float:
    """Return the obligation beyond the reference: that of an ordinary pact for the target."""
    reference = shipped_value("joining", "obligation_reference")
    if side == AGGRESSOR_SIDE:
        return shipped_value("joining", "aggressor_obligation") - reference
    return shipped_value("support", "obligation_reference") - reference


def held_log_odds(terms: dict[str, Floats]) -> Floats:
    """Return the part of the log odds that rests on shipped values, (row,)."""
    held = np.zeros(len(terms["const"]))
    for name in HELD:
        held = held + shipped_value("joining", name) * terms[name]
    return held


def joining(allies: AllyRows, period: tuple[int, int]) -> Estimate:
    """Return the estimate of whether an ally joins.

    The model lets allies decide in wars alone; here disputes short of war tell the slopes too.
    """
    terms, offset = estimable("joining", {name: allies.terms[name] for name in TERMS})
    offset = offset + held_log_odds(allies.terms)
    shock = shipped_value("joining", "salience")
    fit = fit_logit(terms, allies.joined, allies.onset, offset, shared_sd=shock)
    note = (
        "conditional on a salience shared by the allies of a dispute, and on the shipped "
        f"weights of {', '.join(HELD)}"
    )
    form = f"logit with a normal shock of sd {shock:g} per dispute, errors clustered by dispute"
    return logit_estimate("joining", form, fit, period, note)
