"""The waves of a history match: simulate, emulate, rule out, and look closer at what is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.studies.calibrate.config import Calibration, Entry
from forecast.studies.calibrate.emulator import Emulator, fit_emulator
from forecast.studies.calibrate.implausibility import (
    VALUE,
    Record,
    implausibility,
    monte_carlo,
    record_of,
    scaled,
)
from forecast.studies.calibrate.saved import Folder
from forecast.studies.calibrate.space import BLOCK, candidates, spread, values_at
from forecast.studies.facts.targets import Target

F8 = NDArray[np.float64]
Flags = NDArray[np.bool_]

Simulate = Callable[[F8], F8]
"""Returns the facts, (fact, column), of one set of values, (entry,)."""


class Wave(NamedTuple):
    """One wave.

    Parameters
    ----------
    places, values
        Simulated sets of values, (point, entry), in the unit cube and as they are.
    simulated
        Their facts, (point, fact, column).
    emulator
        Fitted to them and to earlier ones that were not ruled out.
    noise
        Mean Monte Carlo variance of the facts, (fact,).
    worst
        Largest simulated implausibility over the facts that count, (point,).
    left
        Share of the ranges that this and all earlier waves leave.
    """

    places: F8
    values: F8
    simulated: F8
    emulator: Emulator
    noise: F8
    worst: F8
    left: float


class Match(NamedTuple):
    """A history match.

    Parameters
    ----------
    entries, targets, record, cut_off, seed
        What was matched to what.
    counted
        Facts that count, (fact,); the others are out of reach everywhere in the ranges.
    waves
        In their order.
    """

    entries: tuple[Entry, ...]
    targets: tuple[Target, ...]
    record: Record
    cut_off: float
    seed: int
    counted: Flags
    waves: list[Wave]

    def emulated(self, wave: int, places: F8) -> F8:
        """Return the implausibility of places by a wave's emulator, (point, fact)."""
        found = self.waves[wave]
        variance = found.emulator.variance + found.noise
        return implausibility(found.emulator(places), variance, self.record)

    def simulated(self, facts: F8) -> F8:
        """Return the implausibility of simulated facts (..., fact, column): (..., fact)."""
        found = scaled(facts[..., VALUE], self.record.logs)
        return implausibility(found, monte_carlo(facts, self.record), self.record)

    def worst(self, facts: F8) -> F8:
        """Return the largest implausibility of simulated facts that count, (...,)."""
        counting = np.where(self.counted, self.simulated(facts), 0.0)
        return np.asarray(counting.max(axis=-1))

    def leaves(self, places: F8) -> Flags:
        """Return which places no wave so far rules out.

        A place goes where any fact that counts is too implausible: forgiving one would forgive
        whatever fact alone speaks of an entry.
        """
        stays = np.ones(len(places), dtype=bool)
        for wave in range(len(self.waves)):
            found = self.emulated(wave, places[stays])
            stays[stays] = (found < self.cut_off)[:, self.counted].all(axis=1)
        return stays

    def evenly(self) -> F8:
        """Return places spread evenly over the ranges, the same for every wave."""
        return next(candidates(len(self.entries), self.seed, 0))

    def sample(self, count: int) -> F8:
        """Return places spread evenly over what is left."""
        return spread(len(self.entries), count, self.seed, len(self.waves) + 1, self.leaves)


def match(
    asked: Calibration,
    entries: Sequence[Entry],
    targets: Sequence[Target],
    simulate: Simulate,
    folder: Folder,
) -> Match:
    """Return the history match of some entries; what is saved in the folder is not repeated.

    Raises
    ------
    ForecastError
        If nothing in the ranges agrees with the record.
    """
    found: Match | None = None
    for number in range(1, asked.waves + 1):
        places = folder.places(f"wave-{number}", partial(_places, asked, len(entries), found))
        values = values_at(places, entries)
        simulated = folder.simulated(f"wave-{number}", values, simulate)
        if found is None:
            found = _begun(asked, entries, targets, simulated)
        _add(found, places, values, simulated)
    assert found is not None  # there is at least one wave
    return found


def _places(asked: Calibration, entries: int, found: Match | None) -> F8:
    number = len(found.waves) + 1 if found else 1
    judge = found.leaves if found else lambda places: np.ones(len(places), dtype=bool)
    places = spread(entries, asked.points, asked.seed, number, judge)
    if not len(places):
        raise ForecastError(
            f"wave {number - 1} leaves nothing of the ranges (cut_off {asked.cut_off:g}): widen "
            "ranges, raise cut_off, or take out facts that contradict one another"
        )
    return places


def _begun(
    asked: Calibration, entries: Sequence[Entry], targets: Sequence[Target], simulated: F8
) -> Match:
    record = record_of(targets, simulated)
    every = np.ones(len(targets), dtype=bool)
    return Match(tuple(entries), tuple(targets), record, asked.cut_off, asked.seed, every, waves=[])


def _add(found: Match, places: F8, values: F8, simulated: F8) -> None:
    """Add a wave; after the first, facts count that some place in the ranges comes near to."""
    known = [(w.places, w.simulated) for w in found.waves]
    train = [(p[found.leaves(p)], s[found.leaves(p)]) for p, s in known] + [(places, simulated)]
    facts = scaled(np.concatenate([s for _, s in train])[..., VALUE], found.record.logs)
    emulator = fit_emulator(np.concatenate([p for p, _ in train]), facts)
    noise = monte_carlo(simulated, found.record).mean(axis=0)
    worst = np.empty(len(places))
    found.waves.append(Wave(places, values, simulated, emulator, noise, worst, 1.0))
    number = len(found.waves) - 1
    if number == 0:
        nearest = found.emulated(0, found.evenly()).min(axis=0)
        found.counted[:] = nearest < found.cut_off
    worst[:] = found.worst(simulated)
    left = float(found.leaves(found.evenly()).sum()) / BLOCK
    found.waves[number] = found.waves[number]._replace(left=left)
