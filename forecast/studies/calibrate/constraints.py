"""What a calibration has learnt: how far each entry narrowed, and which facts speak of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.studies.calibrate.waves import Match

F8 = NDArray[np.float64]

SAMPLE = 2000
"""Places that stand for what is left."""

SPEAKS = 0.3
"""Least correlation of an entry with a fact that speaks of it."""

TOLD = 0.1
"""Least share of a fact's simulated variance that its emulator tells, for it to speak at all."""

UNIFORM_SD = 12**-0.5


class Narrowed(NamedTuple):
    """An entry in what is left.

    Parameters
    ----------
    low, high
        Ends of the middle nine tenths of what is left, as shares of the range.
    spread
        Its standard deviation over that of the whole range: 1 where nothing was learnt.
    facts
        Positions of the facts that move with it, and their correlation over the whole range, the
        strongest first.
    """

    low: float
    high: float
    spread: float
    facts: tuple[tuple[int, float], ...]


def narrowed(found: Match) -> list[Narrowed]:
    """Return what was learnt of every entry."""
    left = found.sample(SAMPLE)
    moves = correlations(found)
    lows, highs = np.quantile(left, (0.05, 0.95), axis=0)
    spreads = left.std(axis=0) / UNIFORM_SD
    return [
        Narrowed(float(low), float(high), float(width), _speaking(speaks))
        for low, high, width, speaks in zip(lows, highs, spreads, moves, strict=True)
    ]


def correlations(found: Match) -> F8:
    """Return by entry and fact the correlation over the whole range, (entry, fact).

    By the emulator of the first wave; 0 for facts it does not tell.
    """
    places = found.evenly()
    emulator = found.waves[0].emulator
    facts = emulator(places)
    told = (emulator.share > TOLD) & (facts.std(axis=0) > 0)
    scale = np.where(told, facts.std(axis=0), 1.0)
    centred = places - places.mean(axis=0)
    shared = centred.T @ (facts - facts.mean(axis=0)) / len(places)
    return np.asarray(np.where(told, shared / scale / centred.std(axis=0)[:, None], 0.0))


def ruled_out(found: Match) -> F8:
    """Return the share of the ranges that each fact alone rules out in the first wave, (fact,)."""
    return np.asarray((found.emulated(0, found.evenly()) >= found.cut_off).mean(axis=0))


def reaches(found: Match) -> F8:
    """Return between what each fact lies in 98 % of the ranges, (fact, end), by the first wave."""
    facts = found.waves[0].emulator(found.evenly())
    ends = np.quantile(facts, (0.01, 0.99), axis=0).T
    return np.where(found.record.logs[:, None], np.exp(ends), ends)


def _speaking(moves: F8) -> tuple[tuple[int, float], ...]:
    order = np.argsort(-np.abs(moves), kind="stable")
    return tuple((int(f), float(moves[f])) for f in order if abs(moves[f]) >= SPEAKS)
