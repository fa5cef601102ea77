"""A comparison as records for programs: JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

import xarray as xr

RECORD_FIELDS = ("estimate", "difference", "std_error", "lower", "upper", "variance_gain")

NEEDS = "more_trajectories"


def records(comparison: xr.Dataset) -> list[dict[str, Any]]:
    """Return one record per outcome, or slice of one, and architecture.

    What is not a finite number is None. With `more_trajectories` comes `attainable`: whether any
    number suffices, None where that is unknown.

    Parameters
    ----------
    comparison
        Of all outcomes, or of one by year, region or class.
    """
    dim = str(comparison.attrs.get("by", "outcome"))
    found = []
    for label in comparison[dim].values.tolist():
        for name in map(str, comparison["architecture"].values):
            cell = comparison.sel({dim: label, "architecture": name})
            outcome = label if dim == "outcome" else comparison.attrs["outcome"]
            found.append(
                {
                    "outcome": outcome,
                    **({} if dim == "outcome" else {dim: label}),
                    "architecture": name,
                    "reference": comparison.attrs["reference"],
                    **{field: _finite(float(cell[field])) for field in RECORD_FIELDS},
                    "trajectories": trajectories_of(comparison),
                    **_needs(cell),
                }
            )
    return found


def trajectories_of(comparison: xr.Dataset) -> int:
    """Return the number of trajectories under each architecture."""
    attrs = comparison.attrs
    return int(attrs["trajectories"] if "by" in attrs else comparison["trajectories"])


def as_text(comparison: xr.Dataset, form: str) -> str:
    """Return the records as text, "json" or "csv"; unknown numbers are null or empty."""
    found = records(comparison)
    if form == "json":
        return json.dumps(found, indent=2, allow_nan=False) + "\n"
    text = io.StringIO()
    writer = csv.DictWriter(text, list(found[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue()


def _needs(cell: xr.Dataset) -> dict[str, Any]:
    if NEEDS not in cell:
        return {}
    more = float(cell[NEEDS])
    attainable = None if math.isnan(more) else math.isfinite(more)
    return {NEEDS: int(more) if math.isfinite(more) else None, "attainable": attainable}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
