"""From source data to a parameter file: every equation of the model, estimated up to a year."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from forecast.errors import ForecastError
from forecast.scenario.estimates import Estimate
from forecast.scenario.parameter_file import Fitted, write_parameters
from forecast.scenario.parameters import Parameters
from forecast.studies.fit.blocks import values_before_evidence
from forecast.studies.fit.equations import SHORTEST_PERIOD, fit_equations
from forecast.studies.fit.frailty import Frailty
from forecast.studies.fit.onset_estimate import (
    estimate_onset,
    frailty_of,
    onset_block,
    onset_updates,
)
from forecast.world.history.sources import Sources, read_sources

FIRST_YEARS = (1816, 1946)

LEAST_CASES_PER_PARAMETER = 3
"""An equation with fewer cases of the rarer outcome per parameter is shown, not used
(assumption: a lenient form of the usual rule of ten)."""


def estimate_parameters(
    sources: Sources, first: int, until: int
) -> tuple[dict[str, Fitted], list[Estimate]]:
    """Return every parameter that the record sets, and what was estimated jointly.

    Parameters
    ----------
    sources
        Source tables; rows dated after `until` are not used.
    first, until
        Calendar years, both included.

    Raises
    ------
    ForecastError
        If the period is too short or lies beyond the record.
    """
    _check_period(sources, first, until)
    onset = estimate_onset(sources, first, until)
    extra = _frailty_note(frailty_of(onset))
    found = fit_equations(sources, first, until)
    used = [e for e in found if is_sound(e)]
    shown = [for_show(e) for e in found if not is_sound(e)]
    updates = onset_updates(onset) | values_before_evidence(until)
    for estimate in used:
        updates |= updates_of(estimate)
    return updates, [onset_block(onset, extra), *used, *shown]


def is_sound(estimate: Estimate) -> bool:
    """Return whether there are enough cases for the number of parameters.

    For log odds those of the rarer outcome count, for shares and durations the events.
    """
    if estimate.events is None:
        return True
    cases = estimate.events
    if estimate.form.startswith("logit"):
        cases = min(cases, estimate.n - cases)
    return cases >= LEAST_CASES_PER_PARAMETER * len(estimate.parameters)


def for_show(estimate: Estimate) -> Estimate:
    """Return the estimate under names that are no parameters: it sets none."""
    names = tuple(f"few_{name}" for name in estimate.parameters)
    note = f"{estimate.note}; too few cases to be used: the base's value holds".lstrip("; ")
    return estimate.model_copy(
        update={"equation": f"few_{estimate.equation}", "parameters": names, "note": note}
    )


def updates_of(estimate: Estimate) -> dict[str, Fitted]:
    """Return the parameters that an estimate sets."""
    source = f"own estimate, {estimate.period[0]}-{estimate.period[1]}, {estimate.form}"
    return {
        name: Fitted(value, float(error) or None, source, "estimated")
        for name, value, error in zip(
            estimate.parameters,
            estimate.values,
            np.sqrt(np.diag(np.array(estimate.covariance))),
            strict=True,
        )
        if name.split(".")[0] in Parameters.model_fields
    }


def write_fit(data: Path, first: int, until: int, output: Path, *, overwrite: bool) -> int:
    """Estimate all parameters and write them as a parameter file; return how many there are.

    Raises
    ------
    ForecastError
        If a source file is faulty, the period cannot be fitted, or the file cannot be written.
    """
    if output.exists() and not overwrite:
        raise ForecastError(f"{output} exists; choose another --output or add --overwrite")
    updates, estimates = estimate_parameters(read_sources(data), first, until)
    header = (
        f"Parameters estimated from the record of {first} to {until}; every other value is that\n"
        f"of the base. Written by: forecast study fit --from {first} --until {until}"
    )
    write_parameters(output, "default", updates, estimates, header, overwrite=overwrite)
    return len(updates)


def _frailty_note(found: Frailty) -> str:
    return (
        f"; a gamma frailty per pair would have shape {found.shape:.3g} (60: none) and add "
        f"{found.gain:.2f} to the log likelihood"
    )


def _check_period(sources: Sources, first: int, until: int) -> None:
    if first not in FIRST_YEARS:
        raise ForecastError(f"--from is {first}; it must be 1816 or 1946")
    last = int(sources.disputes["styear"].max())
    if until > last:
        raise ForecastError(
            f"--until is {until}, but the disputes of {sources.disputes.path} end in {last}; "
            "choose an earlier year or a folder whose record reaches further"
        )
    if until - first + 1 < SHORTEST_PERIOD:
        raise ForecastError(
            f"{first} to {until} is {until - first + 1} years; a fit needs at least "
            f"{SHORTEST_PERIOD}"
        )
