"""How far a simulated fact is from the record, in standard deviations of all that is uncertain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.estimators.moments import NORMAL_QUANTILE
from forecast.studies.facts.targets import Target

F8 = NDArray[np.float64]

BAND_SDS = 2 * 1.6448536269514722
"""Standard deviations of a normal between its 5th and 95th percentile."""

VALUE, ERROR, LOW, HIGH = range(4)
"""Columns of simulated facts, as in `forecast.studies.facts.simulated.Simulated`."""


class Record(NamedTuple):
    """Facts of the record on the scale they are compared on.

    Logarithms where the tolerance is a share or a factor, else as they are.

    Parameters
    ----------
    logs
        Whether a fact is compared by its logarithm, (fact,).
    value
        What the record shows, (fact,).
    sampling
        Variance of that, since the record is one history, (fact,).
    discrepancy
        Variance of the model's own error, (fact,): the tolerance taken as two standard deviations.
    """

    logs: NDArray[np.bool_]
    value: F8
    sampling: F8
    discrepancy: F8


def record_of(targets: Sequence[Target], simulated: F8) -> Record:
    """Return the record; a fact without an interval varies as single simulated histories do.

    Parameters
    ----------
    targets
        Facts.
    simulated
        The facts in simulated histories, (point, fact, column).
    """
    logs = np.array([target.kind != "units" for target in targets])
    bounds = np.array([target.bounds for target in targets])
    interval = np.array([(target.low, target.high) for target in targets])
    own = _width(interval, logs) / (2 * NORMAL_QUANTILE)
    bands = _width(simulated[..., [LOW, HIGH]], logs) / BAND_SDS
    single = np.array([_median(band) for band in bands.T])
    sampling = np.where(np.isnan(own), single, own) ** 2
    value = scaled(np.array([target.value for target in targets]), logs)
    return Record(logs, value, sampling, (_width(bounds, logs) / 4) ** 2)


def scaled(values: F8, logs: NDArray[np.bool_]) -> F8:
    """Return values (..., fact) on the scale of comparison; NaN for a logarithm of nothing."""
    positive = np.where(logs & ~(values > 0), np.nan, values)
    return np.where(logs, np.log(np.where(logs, positive, 1.0)), values)


def monte_carlo(simulated: F8, record: Record) -> F8:
    """Return the Monte Carlo variance of simulated facts, (point, fact); 0 where none is known."""
    value = np.where(simulated[..., VALUE] > 0, simulated[..., VALUE], np.nan)
    error = np.where(record.logs, simulated[..., ERROR] / value, simulated[..., ERROR])
    return np.asarray(np.nan_to_num(error, nan=0.0) ** 2)


def implausibility(found: F8, variance: F8, record: Record) -> F8:
    """Return |found - record| over the root of the sum of variances.

    Parameters
    ----------
    found
        Facts on the scale of comparison, (..., fact).
    variance
        Of `found`: emulator and Monte Carlo error, (..., fact).
    record
        What they are compared with.

    Returns
    -------
    NDArray
        (..., fact); infinite where a fact cannot be told, as the size of wars where there are none.

    Source
    ------
    Craig, Goldstein, Seheult and Smith (1997), doi:10.1007/978-1-4612-2290-3_2; Vernon, Goldstein
    and Bower (2010), doi:10.1214/10-BA524.
    """
    spread = np.sqrt(variance + record.sampling + record.discrepancy)
    return np.asarray(np.nan_to_num(np.abs(found - record.value) / spread, nan=np.inf))


def _width(ends: F8, logs: NDArray[np.bool_]) -> F8:
    """Return the distance of two ends (..., fact, 2) on the scale of comparison."""
    return scaled(ends[..., 1], logs) - scaled(ends[..., 0], logs)


def _median(values: F8) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else 0.0
