"""What a check of the battery reports."""

from __future__ import annotations

import math
from typing import NamedTuple

from forecast.studies.verification.goodness import normal_p

FOUND_ERRORS = 5.0
"""Standard errors that a deviation must have to be found with probability .9 in the battery."""
FOUND_DISTANCE = 3.0
"""The same for a Kolmogorov–Smirnov distance, times the root of the sample's size."""


class Check(NamedTuple):
    """One comparison of the kernel with an independent answer."""

    process: str
    claim: str
    statistic: str  # name and value
    expected: str
    seen: str
    size: int  # observations
    p: float  # two-sided p-value under the claim
    finds: str = "–"  # smallest deviation found with probability about .9


def of_normal(process: str, claim: str, z: float, expected: float, seen: float, size: int) -> Check:
    """Report a comparison whose statistic is standard normal under the claim."""
    error = abs((seen - expected) / z) if z else math.nan
    relative = 100.0 * FOUND_ERRORS * error / abs(expected) if expected else math.nan
    finds = f"{relative:.2g} %" if expected else f"{FOUND_ERRORS * error:.2g}"
    return Check(
        process, claim, f"z = {z:.2f}", number(expected), number(seen), size, normal_p(z), finds
    )  # fmt: skip


def of_law(
    process: str, claim: str, found: tuple[float, float], law: str, size: int, other: int = 0
) -> Check:
    """Report a Kolmogorov–Smirnov distance (statistic, p) from a law or another sample."""
    effective = size * other / (size + other) if other else size
    finds = f"D = {FOUND_DISTANCE / math.sqrt(effective):.2g}"
    return Check(process, claim, f"D = {found[0]:.4f}", law, "", size + other, found[1], finds)


def of_cells(process: str, claim: str, found: tuple[float, float], law: str, size: int) -> Check:
    """Report Pearson's chi-square (statistic, p) against a law."""
    return Check(process, claim, f"χ² = {found[0]:.1f}", law, "", size, found[1])


def number(x: float) -> str:
    """Return a figure as the tables show it."""
    return f"{x:,.0f}" if abs(x) >= 1000.0 else f"{x:.4g}"
