"""Battle deaths of the twin: of fatal disputes and of wars."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from scipy.special import ndtr, ndtri

from benchmarks.twin.model import F8, I8, Flags, Model
from benchmarks.twin.stepping import Happened

# Fatality levels 1-5 of the MID data: deaths from, to.
LOW = np.log([1.0, 26.0, 101.0, 251.0, 501.0])
HIGH = np.log([25.0, 100.0, 250.0, 500.0, 999.0])


def fatal_disputes(model: Model, happened: Happened, rng: Generator) -> Flags:
    """Return which disputes short of war cost lives."""
    resisted = model.fatality[happened.dyad]
    chance = np.where(happened.resisted, resisted, model.parameters.fatality.unresisted)
    return ~happened.war & (rng.random(chance.size) < chance)


def deaths_of_disputes(model: Model, count: int, rng: Generator) -> I8:
    """Return the deaths of fatal disputes, log-uniform within a bracket."""
    f = model.parameters.fatality
    shares = np.cumsum([f.bracket_1, f.bracket_2, f.bracket_3, f.bracket_4])
    bracket = np.searchsorted(shares, rng.random(count), side="right")
    low = LOW[bracket]
    deaths = np.exp(low + rng.random(count) * (HIGH[bracket] - low))
    return np.floor(deaths).astype(np.int64)


def deaths_of_wars(model: Model, dyad: I8, luck: F8, rng: Generator) -> F8:
    """Return the deaths of wars: above the threshold, and more in long ones."""
    d, mean = model.parameters.deaths, model.log_deaths[dyad]
    own = np.sqrt(1.0 - d.duration_correlation**2) * rng.standard_normal(dyad.size)
    x = own - d.duration_correlation * ndtri(luck)
    beyond = ndtr((mean - np.log(d.threshold)) / d.spread)
    surprise = -ndtri(np.maximum(ndtr(-x) * beyond, 1e-300))
    return np.minimum(np.exp(mean + d.spread * surprise), model.most_deaths[dyad])


def book(annual: I8, trajectory: I8, start: F8, duration: F8, deaths: F8) -> None:
    """Add to (n, Y) the deaths of wars, spread evenly over their duration."""
    year = np.arange(1, annual.shape[1] + 1)
    share = np.clip((year - start[:, None]) / duration[:, None], 0.0, 1.0)
    so_far = np.floor(deaths[:, None] * share).astype(np.int64)
    np.add.at(annual, trajectory, np.diff(so_far, axis=1, prepend=0))
