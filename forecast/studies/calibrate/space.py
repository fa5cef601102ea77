"""Sets of values spread evenly over the ranges, and over what earlier waves leave of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from forecast.studies.calibrate.config import Entry

F8 = NDArray[np.float64]

BLOCK = 2**14
MOST_BLOCKS = 64
"""Candidates looked at together, and how often, before a wave makes do with fewer points."""

Judge = Callable[[F8], NDArray[np.bool_]]
"""Tells of places in the unit cube, (point, entry), which are not implausible."""


def values_at(places: F8, entries: Sequence[Entry]) -> F8:
    """Return values of the entries, in six digits as in files, at places in the unit cube."""
    low = np.array([entry.low for entry in entries])
    high = np.array([entry.high for entry in entries])
    texts = np.char.mod("%.6g", low + (high - low) * places)
    return np.asarray(texts.astype(np.float64))


def places_of(values: F8, entries: Sequence[Entry]) -> F8:
    """Return where values of the entries lie in the unit cube."""
    low = np.array([entry.low for entry in entries])
    high = np.array([entry.high for entry in entries])
    return np.asarray((values - low) / (high - low))


def candidates(entries: int, seed: int, wave: int) -> Iterator[F8]:
    """Yield blocks of places of a scrambled Sobol sequence, one sequence a wave."""
    rng = np.random.default_rng([seed, wave])
    sequence = qmc.Sobol(entries, scramble=True, rng=rng)
    for _ in range(MOST_BLOCKS):
        yield np.asarray(sequence.random(BLOCK))


def spread(entries: int, count: int, seed: int, wave: int, judge: Judge) -> F8:
    """Return the first places of the sequence that are not implausible.

    A Sobol sequence kept where it may be is spread over that part as evenly as over the whole, so
    that its first points stand for equal shares of what is left.

    Parameters
    ----------
    entries, count
        Dimensions, and points wanted.
    seed, wave
        Address of the sequence.
    judge
        What earlier waves leave.

    Returns
    -------
    NDArray
        (point, entry); fewer points than wanted where too little is left.
    """
    found = np.empty((0, entries))
    for block in candidates(entries, seed, wave):
        found = np.concatenate([found, block[judge(block)]])
        if len(found) >= count:
            break
    return found[:count]
