"""From fits to the blocks of a parameter file, and the values that hold where a period is mute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from forecast.scenario.documents import Library, shipped_configs
from forecast.scenario.estimates import Estimate
from forecast.scenario.faults import Faults
from forecast.scenario.parameter_file import Fitted
from forecast.scenario.parameter_inheritance import resolve_parameters
from forecast.scenario.parameters import Parameters
from forecast.studies.fit.logit import CONST, LogitFit
from forecast.studies.fit.onset import OnsetFit
from forecast.studies.fit.onset_terms import FIRST_POSTWAR_YEAR, FIRST_YEAR_OF_NEW_ORDER
from forecast.studies.fit.shares import Shares

Floats = NDArray[np.float64]


@cache
def shipped_value(group: str, entry: str) -> float:
    """Return the value of a shipped default parameter."""
    faults = Faults()
    resolved = resolve_parameters("default", Library((shipped_configs(),)), "", "", faults)
    faults.raise_if_any()
    assert resolved is not None
    found = getattr(getattr(Parameters.model_validate(resolved[0].data), group), entry)
    return float(found.value)


def estimable(group: str, terms: Mapping[str, Floats]) -> tuple[dict[str, Floats], Floats]:
    """Return the terms a period can tell, and the log odds of those it cannot.

    A term that is zero throughout says nothing. One that is constant otherwise cannot be told
    from the constant: it keeps the shipped value, and the constant is estimated beside it.

    Parameters
    ----------
    group
        Group of the parameters.
    terms
        Regressors by entry, each (row,).
    """
    kept: dict[str, Floats] = {}
    offset = np.zeros(len(terms[CONST]))
    for name, column in terms.items():
        if name == CONST or (len(column) and np.ptp(column) > 0):
            kept[name] = column
        elif len(column) and column[0] != 0:
            offset = offset + shipped_value(group, name) * column
    return kept, offset


def logit_estimate(
    group: str, form: str, fit: LogitFit, period: tuple[int, int], note: str
) -> Estimate:
    """Return the block of a logit whose terms are the entries of a group."""
    names = tuple(f"{group}.{term}" for term in fit.terms)
    return clustered_estimate(group, form, names, fit, period, note)


def clustered_estimate(
    equation: str,
    form: str,
    names: Sequence[str],
    fit: LogitFit | OnsetFit,
    period: tuple[int, int],
    note: str,
) -> Estimate:
    """Return the block of a clustered fit under the names of its parameters."""
    return Estimate(
        equation=equation,
        form=form,
        parameters=tuple(names),
        values=tuple(fit.values.tolist()),
        covariance=tuple(map(tuple, fit.covariance.tolist())),
        n=fit.n,
        events=fit.events,
        clusters=fit.clusters,
        log_likelihood=fit.log_likelihood,
        period=period,
        note=note,
    )


def shares_estimate(
    equation: str,
    form: str,
    names: Sequence[str],
    found: Shares,
    period: tuple[int, int],
    note: str,
) -> Estimate:
    """Return the block of shares or a hazard."""
    return Estimate(
        equation=equation,
        form=form,
        parameters=tuple(names),
        values=tuple(found.values.tolist()),
        covariance=tuple(map(tuple, found.covariance.tolist())),
        n=found.n,
        events=found.events,
        log_likelihood=found.log_likelihood,
        period=period,
        note=note,
    )


def values_before_evidence(last: int) -> dict[str, Fitted]:
    """Return the values that hold because the period ends before there is any evidence.

    Parameters
    ----------
    last
        Last year of the fit.
    """
    values: dict[str, Fitted] = {}
    if last < FIRST_POSTWAR_YEAR:
        source = "assumption: not applicable before 1946, unknown at the origin"
        for name in (
            "escalation.post1945",
            "escalation.great_powers",
            "joining.post1945",
            "joining.great_powers",
        ):
            values[name] = Fitted(0.0, None, source, "assumption")
    if last < FIRST_YEAR_OF_NEW_ORDER:
        source = "assumption: the order after 1989 is unknown at the origin"
        values["order.order_weight"] = Fitted(0.0, None, source, "assumption")
    return values
