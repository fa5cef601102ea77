"""Probability of any onset within several years, with everything frozen at the origin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast.studies.fit.onset import OnsetFit, design, waited
from forecast.studies.panel import NEW_DYAD_YEARS, TAU_LONG, TAU_SHORT, DyadYears

Floats = NDArray[np.float64]

STEPS_PER_YEAR = 8
"""Midpoints at which the new-dyad term is integrated."""


def window_intensity(fit: OnsetFit, panel: DyadYears, years: int) -> Floats:
    """Return the expected onsets within `years` if none changes the memory, (row,).

    Memory without a new dispute only decays, so one minus the exponential of this is the exact
    probability of any onset.
    """
    base, (short, long) = _base(fit, panel, years), fit.values[len(fit.terms) :]
    remembered = short * decayed(panel.memory_short, TAU_SHORT, years)
    remembered = remembered + long * decayed(panel.memory_long, TAU_LONG, years)
    if fit.carrier == "multiplied":
        remembered = remembered * base / years
    return np.asarray(base + remembered)


def decayed(memory: Floats, tau: float, years: float) -> Floats:
    """Return a memory integrated over a window without a new dispute, (row,)."""
    return np.asarray(memory * waited(tau) * tau * -np.expm1(-years / tau))


def _base(fit: OnsetFit, panel: DyadYears, years: int) -> Floats:
    """Return the base rate integrated over the window, (row,); only the dyad's age moves."""
    log_rate = design(panel, fit.terms) @ fit.values[: len(fit.terms)]
    if "new_dyad" not in fit.terms:
        return np.asarray(np.exp(log_rate) * years)
    strength = fit.values[fit.terms.index("new_dyad")]
    midpoints = (np.arange(years * STEPS_PER_YEAR) + 0.5) / STEPS_PER_YEAR
    faded = np.expm1(-midpoints / NEW_DYAD_YEARS)
    growth = np.exp(strength * np.outer(panel.terms["new_dyad"], faded)).mean(axis=1)
    return np.asarray(np.exp(log_rate) * growth * years)


def any_onset(panel: DyadYears, origins: DyadYears, years: int) -> Floats:
    """Return 1 for the pairs of each origin with an onset within `years`, (row,).

    Parameters
    ----------
    panel
        Dyad-years with their outcomes; a pair that leaves has none.
    origins
        Rows at whose 1 January the windows begin.
    years
        Length of the windows.
    """
    hit = panel.onset > 0
    started = panel.pair[hit] * 10_000 + panel.year[hit]
    keys = origins.pair * 10_000 + origins.year
    found = np.zeros(len(keys), bool)
    for later in range(years):
        found |= np.isin(keys + later, started)
    return found.astype(float)
