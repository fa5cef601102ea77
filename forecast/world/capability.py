"""Capability of states: composite shares mapped onto the scale of CINC."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def shares(values: Floats) -> Floats:
    """Return values divided by their sum."""
    return np.asarray(values / values.sum())


def map_onto_cinc(capability_share: Floats, cinc_share: Floats, codes: NDArray[np.int64]) -> Floats:
    """Return each state's capability on the scale of CINC, keeping the order of its shares.

    The state with the r-th largest composite share receives the r-th largest CINC. Published
    regressions of conflict were fitted on CINC, so their coefficients meet the distribution
    they know, while the ranking stays that of accumulated spending, output and population.

    Parameters
    ----------
    capability_share
        Composite capability share, (state,), >= 0.
    cinc_share
        CINC, (state,), > 0.
    codes
        COW code, (state,); the lower code ranks first among equal shares.

    Returns
    -------
    NDArray
        Capability, (state,), a permutation of `cinc_share`.

    Source
    ------
    Assumption: quantile (monotone) mapping between the two indices.

    Examples
    --------
    >>> map_onto_cinc(np.array([0.2, 0.8]), np.array([0.7, 0.3]), np.array([2, 20])).tolist()
    [0.3, 0.7]
    """
    order = np.lexsort((codes, -capability_share))
    capability = np.empty_like(cinc_share)
    capability[order] = np.sort(cinc_share)[::-1]
    return capability
