"""Proper scores of single cases, by the library `scores`; all are smaller where better."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scores.probability import brier_score, crps_for_ensemble, tail_tw_crps_for_ensemble

Floats = NDArray[np.float64]

CASE, MEMBER = "case", "member"


def brier(observed: Floats, forecast: Floats) -> Floats:
    """Return the squared error of each probability, (case,)."""
    found = brier_score(
        xr.DataArray(forecast, dims=CASE), xr.DataArray(observed, dims=CASE), preserve_dims="all"
    )
    return np.asarray(found)


def ranked_probability(observed: Floats, members: Floats) -> Floats:
    """Return the continuous ranked probability score, (case,), of members, (case, member)."""
    return np.asarray(crps_for_ensemble(*_labelled(observed, members), MEMBER, preserve_dims=CASE))


def tail_ranked_probability(observed: Floats, members: Floats, threshold: float) -> Floats:
    """Return the score that counts errors above a threshold only, (case,).

    Source
    ------
    Gneiting and Ranjan (2011), Comparing density forecasts using threshold- and quantile-weighted
    scoring rules, Journal of Business and Economic Statistics 29(3): 411-422,
    doi:10.1198/jbes.2010.08110.
    """
    found = tail_tw_crps_for_ensemble(
        *_labelled(observed, members), MEMBER, threshold, tail="upper", preserve_dims=CASE
    )
    return np.asarray(found)


def count_log_scores(observed: NDArray[np.int64], distribution: Floats) -> Floats:
    """Return the negative log probability of each count, (case,)."""
    chance = distribution[np.arange(len(observed)), observed]
    return np.asarray(-np.log(np.maximum(chance, np.finfo(float).tiny)))


def _labelled(observed: Floats, members: Floats) -> tuple[xr.DataArray, xr.DataArray]:
    return xr.DataArray(members, dims=(CASE, MEMBER)), xr.DataArray(observed, dims=CASE)
