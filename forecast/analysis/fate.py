"""How long two architectures share the fate of their provocations, in words."""

from __future__ import annotations

import math

import xarray as xr

from forecast.analysis.ledger import provocation_ledger
from forecast.analysis.sums import sums_of

SPAN = 5
"""Years at either end of the horizon that are compared."""


def shared_fate(tree: xr.DataTree, *, keep_abnormal: bool = False) -> xr.Dataset:
    """Return the share of accepted disputes that two architectures both had, first and last years.

    Of the provocations that all architectures meet and either of two accepts, the share that both
    accept. It falls as their histories drift apart, and with it the gain of pairing.

    Returns
    -------
    xarray.Dataset
        both_share and both_share_error, over architecture, other_architecture and span: the first
        and the last five years, or halves of a shorter horizon.
    """
    years = sums_of(tree, keep_abnormal=keep_abnormal).years
    length = max(1, min(SPAN, years.size // 2))
    spans = [(years[0], years[length - 1]), (years[-length], years[-1])]
    found = provocation_ledger(tree, spans, keep_abnormal=keep_abnormal)
    return found[["both_share", "both_share_error"]]


def fate_lines(tree: xr.DataTree, comparison: xr.Dataset) -> list[str]:
    """Return a sentence on the shared fate of provocations; none where nothing is known of it."""
    reference = comparison.attrs["reference"]
    found = shared_fate(tree, keep_abnormal=True).sel(other_architecture=reference)
    told = []
    for name in (str(n) for n in comparison["architecture"].values):
        first, last = (float(share) for share in found["both_share"].sel(architecture=name))
        if name != reference and math.isfinite(first + last):
            told.append(f"{name} {first:.0%} and {last:.0%}")
    if not told:
        return []
    (a, b), (c, d) = zip(found["first_year"].values, found["last_year"].values, strict=True)
    return [
        f"Disputes that {reference} and another both had, among those that either had of the "
        f"provocations all met, in {a}-{b} and {c}-{d}: {'; '.join(told)}."
    ]
