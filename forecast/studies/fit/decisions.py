"""Estimates of what follows an onset: the target's answer, death, and war."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast.scenario.estimates import Estimate
from forecast.studies.fit.blocks import (
    estimable,
    logit_estimate,
    shares_estimate,
    shipped_value,
)
from forecast.studies.fit.logit import fit_logit
from forecast.studies.fit.onset_terms import OnsetRows
from forecast.studies.fit.shares import shares
from forecast.world.readers.table import Table

Floats = NDArray[np.float64]
Period = tuple[int, int]

WAR = 5
"""Hostility level of war (MID)."""

USE_OF_FORCE = 4

BRACKETS = 5
"""Fatality codes 1 to 5 are the brackets of deaths short of war."""

RESPONSE_TERMS = (
    "const",
    "land",
    "parity",
    "major_target",
    "major_initiator",
    "rivalry",
    "memory_long",
    "outside_ally",
    "nuclear_target_only",
    "order_weight",
)
FATALITY_TERMS = ("const", "land", "joint_democracy", "rivalry")
ESCALATION_TERMS = (
    "const",
    "land",
    "log_ratio",
    "support",
    "joint_democracy",
    "rivalry",
    "post1945",
    "order_weight",
)
HELD = ("great_powers", "nuclear_dyad")
"""Terms of escalation that keep their shipped values: the record holds no war that tells them."""


def response(rows: OnsetRows, period: Period) -> Estimate:
    """Return the estimate of whether the target answers with force of its own."""
    known = rows.where(rows.onsets.reciprocated >= 0)
    return _logit("response", RESPONSE_TERMS, known, known.onsets.reciprocated == 1, period, "")


def fatality(rows: OnsetRows, period: Period) -> Estimate:
    """Return the estimate of deaths in answered disputes that are no war."""
    known = short_of_war(rows)
    answered = known.where(known.onsets.reciprocated == 1)
    note = "a prototype lowered the shipped constant to match the fatal share of all disputes"
    fatal = answered.onsets.fatality >= 1
    return _logit("fatality", FATALITY_TERMS, answered, fatal, period, note)


def escalation(rows: OnsetRows, participants: Table, period: Period) -> Estimate:
    """Return the estimate of whether an answered dispute becomes war between the two."""
    known = rows.where((rows.onsets.reciprocated == 1) & (rows.onsets.hostility > 0))
    held = sum(shipped_value("escalation", name) * known.terms[name] for name in HELD)
    war = both_at_war(known, participants)
    note = (
        "war: both originators fight it; great_powers and nuclear_dyad held at their shipped "
        "values; a prototype lowered the shipped constant to match wars per year"
    )
    return _logit("escalation", ESCALATION_TERMS, known, war, period, note, np.asarray(held))


def both_at_war(rows: OnsetRows, participants: Table) -> NDArray[np.bool_]:
    """Return whether both originators of each onset reach war in the dispute, (row,).

    A dispute at war may hold pairs that never fought: they are no wars of the dyad.
    """
    fighting = participants["hostlev"] == WAR
    numbers, states = participants["dispnum"][fighting], participants["ccode"][fighting]
    at_war = set(zip(numbers.tolist(), states.tolist(), strict=True))
    o = rows.onsets
    sides = zip(o.dispute.tolist(), o.initiator.tolist(), o.target.tolist(), strict=True)
    return np.array([(d, i) in at_war and (d, j) in at_war for d, i, j in sides], dtype=bool)


def _logit(
    group: str,
    names: tuple[str, ...],
    rows: OnsetRows,
    outcome: NDArray[np.bool_],
    period: Period,
    note: str,
    held: Floats | float = 0.0,
) -> Estimate:
    terms, offset = estimable(group, {name: rows.terms[name] for name in names})
    fit = fit_logit(terms, outcome, rows.pair, offset + held)
    left_out = [name for name in names if name not in terms]
    remarks = [note] if note else []
    remarks += [f"the period cannot tell {', '.join(left_out)}"] if left_out else []
    form = "logit, dyadic onsets of originators, errors clustered by dyad"
    return logit_estimate(group, form, fit, period, "; ".join(remarks) or "MID 5.0, ATOP 5.1")


def short_of_war(rows: OnsetRows) -> OnsetRows:
    """Return the onsets of known answer, known deaths and a hostility below war."""
    onsets = rows.onsets
    below_war = (onsets.hostility > 0) & (onsets.hostility < WAR)
    return rows.where(below_war & (onsets.fatality >= 0) & (onsets.reciprocated >= 0))


def fatality_unresisted(rows: OnsetRows, period: Period) -> Estimate:
    """Return the share of unanswered disputes with deaths."""
    known = short_of_war(rows)
    unanswered = known.onsets.fatality[known.onsets.reciprocated == 0]
    found = shares(np.array([int((unanswered >= 1).sum())]), len(unanswered))
    names = ("fatality.unresisted",)
    return shares_estimate("fatality_unresisted", "share", names, found, period, "MID 5.0")


def fatality_brackets(rows: OnsetRows, period: Period) -> Estimate:
    """Return the shares of the death brackets in fatal disputes short of war."""
    known = short_of_war(rows)
    code = known.onsets.fatality
    fatal = code[(code >= 1) & (code <= BRACKETS)]
    counts = np.array([int((fatal == k).sum()) for k in range(1, BRACKETS + 1)])
    names = tuple(f"fatality.bracket_{k}" for k in range(1, BRACKETS + 1))
    found = shares(counts, len(fatal))
    return shares_estimate("fatality_brackets", "shares", names, found, period, "MID 5.0")


def use_of_force(rows: OnsetRows, answered: bool, period: Period) -> Estimate:
    """Return the share of disputes, answered or not, that reach the use of force."""
    onsets = rows.onsets
    known = onsets.hostility[(onsets.reciprocated == int(answered)) & (onsets.hostility > 0)]
    name = "use_resisted" if answered else "use_unresisted"
    found = shares(np.array([int((known >= USE_OF_FORCE).sum())]), len(known))
    return shares_estimate(
        name, "share", (f"aim.{name}",), found, period, "MID 5.0, hostility 4, 5"
    )
