"""The core model in NumPy: steps of equal length, all dyads and trajectories of a batch at once.

The memory of a dispute sets in half a year after it. With steps that divide that delay, what a step
holds is known when it begins, whatever happens in it: every step draws a Poisson number of disputes
per dyad with the exact integral of its intensity. Left to the length of a step are the place of a
dispute within it (uniform), and the odds of resistance, which know the disputes of earlier steps.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from scipy.special import expit

from benchmarks.twin.model import F8, I8, Flags, Model


class Memory(NamedTuple):
    """One exponential component of memory, (n, K): its integral over the step to come."""

    expected: F8
    tau: float
    full: float  # integral over a step of what one dispute adds, if it is in force throughout
    keep: float  # what is left after a step

    def part(self, share: F8, step: float) -> F8:
        """Return the integral over the last `share` of a step, relative to the whole one."""
        return np.expm1(-share * step / self.tau) / np.expm1(-step / self.tau)


class Happened(NamedTuple):
    """Disputes in order of step; one entry each."""

    trajectory: I8
    dyad: I8
    time: F8
    resisted: Flags
    war: Flags
    luck: F8  # uniform of the war's duration; 1 if it is no war
    duration: F8  # 0 if it is no war


def climate_factor(model: Model, trajectories: int, rng: Generator) -> F8:
    """Return e^Z of every trajectory and year, (n, Y)."""
    c = model.parameters.climate
    normal = c.sd * rng.standard_normal((trajectories, model.years))
    keep = np.exp(-c.reversion)
    for year in range(1, model.years):
        normal[:, year] = keep * normal[:, year - 1] + np.sqrt(1.0 - keep**2) * normal[:, year]
    bound = c.truncation * c.sd
    return np.exp(np.clip(normal, -bound, bound) - 0.5 * c.sd**2)


def start_memory(model: Model, trajectories: int, step: float) -> tuple[Memory, Memory]:
    """Return the short and the long component at the origin."""
    onset, components = model.parameters.onset, []
    for strength, tau, stock in (
        (onset.memory_short, onset.tau_short, model.memory_short),
        (onset.memory_long, onset.tau_long, model.memory_long),
    ):
        full = -strength * tau * np.expm1(-step / tau)
        waited = np.exp(onset.memory_delay / tau)
        expected = np.tile(full * waited * stock, (trajectories, 1))
        components.append(Memory(expected, tau, full, float(np.exp(-step / tau))))
    return components[0], components[1]


def onsets(u: F8, bound: F8, expected: F8, warmth: F8, rng: Generator) -> tuple[I8, F8]:
    """Return (cell, place in the step) of a Poisson number of disputes per cell of a step.

    The arrival of the first one is -ln(1 - u), in units of expected disputes. As that exceeds u, a
    cell with u above its bound has none.
    """
    cell = np.flatnonzero(np.less(u, bound))
    mean = expected.ravel()[cell] * warmth[cell // expected.shape[1]]
    first = -np.log1p(-u.ravel()[cell])
    found = first < mean
    cell, mean, first = cell[found], mean[found], first[found]
    place = first / mean
    more = rng.poisson(mean - first)
    again = np.repeat(np.arange(cell.size), more)
    later = place[again] + (1.0 - place[again]) * rng.random(again.size)
    return np.concatenate((cell, cell[again])), np.concatenate((place, later))


class Twin:
    """A batch of trajectories under way."""

    def __init__(self, model: Model, trajectories: int, rng: Generator, steps_per_year: int):
        self.model, self.rng = model, rng
        self.step, self.steps = 1.0 / steps_per_year, model.years * steps_per_year
        self.delay = round(model.parameters.onset.memory_delay * steps_per_year)
        if (
            self.delay < 1
            or abs(self.delay * self.step - model.parameters.onset.memory_delay) > 1e-9
        ):
            raise ValueError("the steps do not divide the delay of memory")
        self.steps_per_year = steps_per_year
        self.climate = climate_factor(model, trajectories, rng)
        self.memories = start_memory(model, trajectories, self.step)
        self.remembered = np.tile(model.remembered, (trajectories, 1)).ravel()
        self.peace_from = np.zeros(self.remembered.size)
        self.outbreak = np.full(self.remembered.size, np.inf)  # of wars of this step
        self.uniform = np.empty((trajectories, model.pair.size))
        self.expected, self.bound = np.empty_like(self.uniform), np.empty_like(self.uniform)
        nobody = np.zeros(0, np.int64), np.zeros(0)
        self.waiting = [nobody] * self.delay  # disputes whose memory is yet to set in

    def base(self, step: int) -> F8:
        """Return the expected disputes of a step without memory and climate, (K,)."""
        age = (step + 0.5) * self.step
        fading = np.expm1(-age / self.model.parameters.onset.new_dyad_years)
        return self.step * self.model.rate * np.exp(self.model.newness * fading)

    def set_in(self, step: int) -> tuple[I8, F8]:
        """Add to the expectation what the disputes of half a year ago contribute to this step."""
        cell, place = self.waiting[step % self.delay]
        for memory in self.memories:
            self._remember(self.expected, cell, memory.full * memory.part(1.0 - place, self.step))
        return cell, place

    def _remember(self, into: F8, cell: I8, amount: F8) -> None:
        share, dyads = self.model.parameters.onset.memory_direction, self.model.reverse.size
        back = cell + self.model.reverse[cell % dyads] - cell % dyads
        np.add.at(into.reshape(-1), cell, share * amount)
        np.add.at(into.reshape(-1), back, (1.0 - share) * amount)

    def fade(self, cell: I8, place: F8) -> None:
        """Let memory fade by a step and take up what has set in."""
        for memory in self.memories:
            np.multiply(memory.expected, memory.keep, out=memory.expected)
            left = np.exp(-(1.0 - place) * self.step / memory.tau)
            self._remember(memory.expected, cell, memory.full * left)

    def draw(self, step: int) -> tuple[I8, F8, I8]:
        """Return (cell, place, pair) of the disputes of a step, save those of pairs at war.

        `pair` is the position in arrays of (n * Q,).
        """
        warmth = self.climate[:, step // self.steps_per_year]
        self.rng.random(out=self.uniform)
        np.multiply(self.expected, warmth.max(), out=self.bound)
        cell, place = onsets(self.uniform, self.bound, self.expected, warmth, self.rng)
        pairs, dyads = self.model.remembered.size, self.model.pair.size
        pair = cell // dyads * pairs + self.model.pair[cell % dyads]
        at_peace = self.peace_from[pair] <= (step + place) * self.step
        return cell[at_peace], place[at_peace], pair[at_peace]

    def respond(self, cell: I8, pair: I8, time: F8) -> tuple[Flags, Flags]:
        """Return which disputes are resisted, and which become wars."""
        m, response = self.model, self.model.parameters.response
        # Kept as of the origin, so that it need not fade step by step.
        memory = self.remembered[pair] * np.exp(-time / self.memories[1].tau)
        dyad = cell % m.pair.size
        x = m.resistance[dyad] + response.memory_long * np.log1p(memory)
        resisted = self.rng.random(cell.size) < expit(x)
        return resisted, resisted & (self.rng.random(cell.size) < m.war[dyad])

    def wage(self, cell: I8, pair: I8, time: F8, war: Flags) -> tuple[F8, F8, Flags]:
        """Draw the wars' durations; return the disputes as well that they forestall in the step."""
        luck, duration = np.ones(cell.size), np.zeros(cell.size)
        luck[war] = 1.0 - self.rng.random(int(war.sum()))
        scale = self.model.war_scale[cell[war] % self.model.pair.size]
        duration[war] = scale * (-np.log(luck[war])) ** (1.0 / self.model.parameters.war.shape)
        np.maximum.at(self.peace_from, pair[war], time[war] + duration[war])
        np.minimum.at(self.outbreak, pair[war], time[war])
        forestalled = (time > self.outbreak[pair]) & (time < self.peace_from[pair])
        self.outbreak[pair[war]] = np.inf
        return luck, duration, forestalled

    def advance(self, step: int) -> Happened:
        """Run one step."""
        np.add(self.memories[0].expected, self.memories[1].expected, out=self.expected)
        self.expected += self.base(step)
        due = self.set_in(step)
        cell, place, pair = self.draw(step)
        time = (step + place) * self.step
        resisted, war = self.respond(cell, pair, time)
        luck, duration, forestalled = self.wage(cell, pair, time, war)
        dyads, kept = self.model.pair.size, ~forestalled
        np.add.at(self.remembered, pair[kept], np.exp(time[kept] / self.memories[1].tau))
        self.waiting[step % self.delay] = (cell[kept], place[kept])
        self.fade(*due)
        happened = (cell // dyads, cell % dyads, time, resisted, war, luck, duration)
        return Happened(*(field[kept] for field in happened))
