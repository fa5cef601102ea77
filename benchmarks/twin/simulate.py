"""Batches of the twin, and what they report."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from benchmarks.twin.deaths import book, deaths_of_disputes, deaths_of_wars, fatal_disputes
from benchmarks.twin.model import F8, I8, Model, OriginWar
from benchmarks.twin.stepping import Happened, Twin


class Counts(NamedTuple):
    """What the trajectories of a batch add up to."""

    disputes: I8  # (n, Y)
    resisted: I8  # (n, Y)
    fatal: I8  # (n, Y), wars included
    wars: I8  # (n, Y)
    deaths: I8  # (n, Y)
    onsets: I8  # (K, Y) over all trajectories


def simulate(model: Model, trajectories: int, batch: int, steps_per_year: int, seed: int) -> Counts:
    """Simulate trajectories, `batch` of them together; the last batch may be smaller."""
    rng, parts = np.random.default_rng(seed), []
    for first in range(0, trajectories, batch):
        parts.append(_simulate_batch(model, min(batch, trajectories - first), steps_per_year, rng))
    rows = [np.concatenate([part[n] for part in parts]) for n in range(len(Counts._fields) - 1)]
    return Counts(*rows, sum(part.onsets for part in parts))


def _simulate_batch(model: Model, n: int, steps_per_year: int, rng: Generator) -> Counts:
    twin = Twin(model, n, rng, steps_per_year)
    deaths = np.zeros((n, model.years), np.int64)
    for war in model.origin_wars:
        _resume(twin, war, deaths, rng)
    steps = [twin.advance(step) for step in range(twin.steps)]
    happened = Happened(*(np.concatenate(field) for field in zip(*steps, strict=True)))
    return _count(model, happened, deaths, rng)


def _resume(twin: Twin, war: OriginWar, deaths: I8, rng: Generator) -> None:
    """Let a war under way at the origin run its remaining course."""
    n, shape = deaths.shape[0], twin.model.parameters.war.shape
    spent = (war.elapsed / war.scale) ** shape
    whole = war.scale * (spent + rng.standard_exponential(n)) ** (1.0 / shape)
    remaining = whole - war.elapsed
    peace_from = twin.peace_from.reshape(n, -1)
    peace_from[:, war.pairs] = np.maximum(peace_from[:, war.pairs], remaining[:, None])
    rate = np.exp(rng.uniform(*war.log_deaths, n)) / war.elapsed
    book(deaths, np.arange(n), np.zeros(n), remaining, rate * remaining)


def _count(model: Model, happened: Happened, deaths: I8, rng: Generator) -> Counts:
    n, years = deaths.shape
    year = np.minimum(happened.time.astype(np.int64), years - 1)
    cell = happened.trajectory * years + year

    def by_year(chosen: np.ndarray, weights: F8 | None = None) -> I8:
        total = np.bincount(cell[chosen], weights, minlength=n * years)
        return total.astype(np.int64).reshape(n, years)

    fatal, war = fatal_disputes(model, happened, rng), happened.war
    deaths += by_year(fatal, deaths_of_disputes(model, int(fatal.sum()), rng))
    total = deaths_of_wars(model, happened.dyad[war], happened.luck[war], rng)
    book(deaths, happened.trajectory[war], happened.time[war], happened.duration[war], total)
    dyads = model.pair.size
    onsets = np.bincount(happened.dyad * years + year, minlength=dyads * years)
    return Counts(
        by_year(np.ones(cell.size, bool)), by_year(happened.resisted), by_year(fatal | war),
        by_year(war), deaths, onsets.reshape(dyads, years),
    )  # fmt: skip
