"""What a comparison says and what it does not, in sentences."""

from __future__ import annotations

import xarray as xr

from forecast.estimators.catalogue import COMPENSATORS

HEADLINES = ("expected_war_count", "great_power_war", "battle_deaths_median")
"""Outcomes told in words."""

FEW_DRAWS = 20
"""Below this many draws of the parameters an error is itself known to a sixth at best."""

SIMULATION_ONLY = (
    "Of {} only sums of batches are stored, and all batches share draws of the parameters: such "
    "an interval holds the error of simulation alone."
)


def reading(comparison: xr.Dataset, horizon: str) -> list[str]:
    """Return three sentences on what a comparison says and what it does not.

    Parameters
    ----------
    comparison
        Result of a comparison.
    horizon
        The years, such as ``2026-2050``.
    """
    reference = comparison.attrs["reference"]
    rivals = [n for n in map(str, comparison["architecture"].values) if n != reference]
    if not rivals:
        return [f"Only {reference} was simulated, so there is nothing to compare it with."]
    outcomes = [str(name) for name in comparison["outcome"].values]
    headlines = [name for name in HEADLINES if name in outcomes] or outcomes[: len(HEADLINES)]
    told = [f"{name}: {_headline(comparison, name, headlines)}" for name in rivals]
    against = comparison.sel(architecture=rivals)
    clear = int(((against["lower"] > 0) | (against["upper"] < 0)).sum())
    by_luck = against["lower"].size * (1 - comparison.attrs["confidence"])
    return [
        f"Against {reference} in {horizon}, the same luck gave {'; '.join(told)}.",
        f"{clear} of {against['lower'].size} differences lie outside {error_of(comparison)}, where "
        f"about {by_luck:.1f} would by luck alone if there were none.",
        _not_held(comparison) + " What carries a difference, and on which constants it rests, is "
        "told by: forecast study ablate.",
    ]


def _not_held(comparison: xr.Dataset) -> str:
    """Return what the intervals hold and what they do not."""
    if (draws := comparison.attrs["draws"]) == 1:
        return (
            "The intervals hold the error of simulating a finite number of histories under one set "
            "of parameters; errors of the parameters, of the model and of the description of each "
            "architecture are not in them and may be larger."
        )
    return (
        f"The intervals hold the uncertainty of the drawn parameters ({draws} draws) and the error "
        "of simulating a finite number of histories together; errors of the model and of the "
        "description of each architecture are not in them and may be larger."
    )


def error_of(comparison: xr.Dataset) -> str:
    """Return what the error of a comparison is called."""
    return "Monte Carlo error" if comparison.attrs["draws"] == 1 else "these errors"


def cautions(comparison: xr.Dataset) -> list[str]:
    """Return what to bear in mind of the outcomes shown: twins, few draws, heavy tails."""
    shown_here = {str(name) for name in comparison["outcome"].values}
    attrs = comparison.attrs
    told = [
        f"{better} and {plain} estimate the same mean; trust {better}, which has less noise."
        for better, plain in COMPENSATORS.items()
        if {better, plain} <= shown_here
    ]
    if 1 < attrs["draws"] < FEW_DRAWS:
        told.append(
            f"Only {attrs['draws']} draws of the parameters: the errors are themselves known "
            "poorly, and the intervals are wide for it (Student's t)."
        )
    if alone := [name for name in attrs["simulation_only"] if name in shown_here]:
        told.append(SIMULATION_ONLY.format(", ".join(alone)))
    if attrs["concentrated"]:
        told.append(
            f"{', '.join(attrs['concentrated'])}: one trajectory in a thousand carries more than "
            "half of the sum, so neither the mean nor its error can be relied on; read the "
            "quantiles and the probabilities of exceedance."
        )
    return told


def _headline(comparison: xr.Dataset, name: str, outcomes: list[str]) -> str:
    """Return the changes of the headline outcomes, in per cent of the reference."""
    parts = []
    for outcome in outcomes:
        lower, upper = (_cell(comparison, f, name, outcome) for f in ("lower", "upper"))
        base = _cell(comparison, "estimate", comparison.attrs["reference"], outcome)
        change = _cell(comparison, "difference", name, outcome)
        if not (lower > 0 or upper < 0):
            parts.append(f"{outcome} not clearly different")
        elif base == 0:
            parts.append(f"{outcome} {change:+.2g}, from none")
        else:
            parts.append(f"{outcome} {100 * change / base:+.2g}%")
    return ", ".join(parts)


def _cell(comparison: xr.Dataset, field: str, architecture: str, outcome: str) -> float:
    return float(comparison[field].sel(architecture=architecture, outcome=outcome))
