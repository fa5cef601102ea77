"""Architectures on equal terms: their differences to the reference in every mode of comparison."""

from __future__ import annotations

import xarray as xr

from forecast.analysis.compare import compare
from forecast.analysis.stores import scenario_of

MODES = ("as_is", "budget_matched", "credibility_matched", "transition")
"""As described; with the budget of the reference; as credible as it; growing out of it."""

FIELDS = ("difference", "std_error", "lower", "upper")


def modes_of(tree: xr.DataTree, outcomes: list[str]) -> xr.Dataset | None:
    """Return the paired differences of every architecture that a store holds in several modes.

    The difference is to the reference in the same mode where the store has it so, otherwise to the
    reference as it is.

    Parameters
    ----------
    tree
        Outcomes of a run.
    outcomes
        Names of measures.

    Returns
    -------
    xarray.Dataset
        Dimensions architecture, mode and outcome: difference, std_error, lower, upper; NaN where
        the store lacks a mode. None if it has no architecture in more than one mode.
    """
    names = [str(name) for name in tree["trajectories"].to_dataset()["architecture"].values]
    reference = str(scenario_of(tree)["reference"])
    labels = {(base, mode): label for label in names for base, mode in [_parted(label)]}
    bases = [n for n in dict.fromkeys(b for b, m in labels if m != MODES[0]) if n != reference]
    if not bases:
        return None
    beside = {mode: labels.get((reference, mode), reference) for mode in MODES}
    compared = {
        name: compare(tree, name, outcomes, "keep")[list(FIELDS)]
        for name in dict.fromkeys(beside.values())
    }
    parts = []
    for mode in MODES:
        seen = compared[beside[mode]]
        held = {base: labels[base, mode] for base in bases if (base, mode) in labels}
        own = seen.sel(architecture=list(held.values())).assign_coords(architecture=list(held))
        parts.append(own.reindex(architecture=bases))
    found: xr.Dataset = xr.concat(parts, _axis())
    return found.transpose("architecture", "mode", "outcome")


def _axis() -> xr.DataArray:
    return xr.DataArray(list(MODES), dims="mode", name="mode")


def _parted(label: str) -> tuple[str, str]:
    """Return the name and the mode of an architecture's label."""
    base, _, variant = label.partition("@")
    return (base, variant) if variant in MODES else (label, MODES[0])
