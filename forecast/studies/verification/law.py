"""The onset law written out once more, in numpy, from docs/model.md §1.3 and §3.1."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.kernel import events
from forecast.kernel.arrays import Inputs
from forecast.kernel.streams import draw
from forecast.studies.verification.logs import Events, dyads_of, onsets

F8 = NDArray[np.float64]
NODES, WEIGHTS = np.polynomial.legendre.leggauss(6)


class Deterrence(NamedTuple):
    """What an architecture does to the rates of directed dyads, (K,)."""

    rate: F8  # D
    pact: NDArray[np.int8]


class Exposure(NamedTuple):
    """Parts of one dyad's intensity: base, short and long memory per unit of strength."""

    rate: F8  # (n, 3) at the dyad's onsets
    integral: F8  # (n + 1, 3) from the origin to each onset, and to the horizon


def log_rates(inputs: Inputs, pact: NDArray[np.int8]) -> F8:
    """Return ln mu without the term of new dyads, (K,)."""
    s, d, onset = inputs.states, inputs.dyads, inputs.parameters.onset
    i, j = d.initiator, d.target
    size = np.log(s.capability[i]) + np.log(s.capability[j])
    ratio = np.log(s.capability[i] / s.capability[j])
    ratio = np.clip(ratio, -onset.log_ratio_clip, onset.log_ratio_clip)
    touch, great, armed = s.contiguity[i, j], s.great == 1, s.nuclear == 2
    fitted = (touch > 0) | great[i] | great[j]
    x = onset.const + onset.log_distance * np.log(1.0 + d.distance)
    x += np.where(touch == 1, onset.land, 0.0) + np.where(touch >= 2, onset.sea, 0.0)
    x += onset.abs_log_ratio * np.abs(ratio) + onset.rivalry * s.rival[i, j]
    x += np.where(great[i] ^ great[j], onset.one_major, 0.0)
    x += np.where(great[i] & great[j], onset.two_majors, 0.0)
    x += onset.joint_democracy * (s.democratic[i] * s.democratic[j])
    x += np.where(armed[i] ^ armed[j], onset.nuclear_one, 0.0)
    x += np.where(armed[i] & armed[j], onset.nuclear_both, 0.0)
    slope = onset.size + np.where(touch == 1, onset.size_land, 0.0)
    x += slope * (size - np.median(size[fitted])) + onset.defence_pact * pact
    lean = onset.direction_ratio * ratio
    lean += onset.direction_major * (great[i].astype(float) - great[j])
    return x - np.log1p(np.exp(-lean))


def undeterred(inputs: Inputs) -> Deterrence:
    """Return what the reference does: nothing."""
    count = inputs.dyads.initiator.size
    return Deterrence(np.zeros(count), np.zeros(count, np.int8))


def deterred_by_pact(inputs: Inputs, members: tuple[int, ...], a: int) -> Deterrence:
    """Return what one pact of fixed credibility does against a reference without institutions."""
    p, r, s = inputs.parameters, inputs.architectures, inputs.states
    kappa, obligation, share = (float(x[a, 0]) for x in (r.credibility, r.obligation, r.share))
    weight = min(p.support.weight_cap, kappa / p.support.credibility_reference)
    weight *= min(p.support.weight_cap, obligation / p.support.obligation_reference)
    weight *= share / p.support.share_reference
    offer = s.capability * math.sqrt(0.5 / p.support.reliability_reference)
    rate = np.zeros(inputs.dyads.initiator.size)
    pact = np.zeros(rate.size, np.int8)
    for k, (i, j) in enumerate(zip(inputs.dyads.initiator, inputs.dyads.target, strict=True)):
        pact[k] = i in members and j in members
        if j not in members or i in members:
            continue
        allies = [m for m in members if m != j]
        support = weight * offer[allies].sum()
        need = p.support.adequacy * s.capability[i]
        adequate = min(1.0, support / need) if need > 0.0 else 1.0
        gain = min(math.log(1.0 + support * adequate / s.capability[j]), p.support.support_cap)
        bite = min(1.0, kappa * s.trade[i, allies].sum())
        rate[k] = p.onset.deterrence * min(gain, p.onset.support_clip)
        rate[k] += p.onset.unilateral_cost * p.support.breadth * math.sqrt(bite)
    return Deterrence(rate, pact)


def climate_of(inputs: Inputs, seed: int, trajectory: int) -> F8:
    """Return Z of every year of a trajectory (§1.2)."""
    stream = (np.uint64(seed), np.uint64(trajectory))
    uniforms = [draw(stream, np.uint64(y), events.CLIMATE, 0)[0] for y in range(inputs.years)]
    return climate_from(inputs, np.array([NormalDist().inv_cdf(u) for u in uniforms]))


def climate_from(inputs: Inputs, normals: F8) -> F8:
    """Return Z of every year from its innovations."""
    c, x, path = inputs.parameters.climate, 0.0, []
    keep = math.exp(-c.reversion)
    for y, normal in enumerate(normals):
        x = c.sd * normal if y == 0 else keep * x + c.sd * math.sqrt(1.0 - keep**2) * normal
        path.append(x)
    bound = c.truncation * c.sd
    climate: F8 = np.clip(path, -bound, bound) - 0.5 * c.sd**2
    return climate


def new_dyad_factor(inputs: Inputs, age: float, t: F8) -> F8:
    """Return what the newness of a dyad does to its rate at times t."""
    onset = inputs.parameters.onset
    factor: F8 = np.exp(onset.new_dyad * np.exp(-(age + t) / onset.new_dyad_years))
    return factor


class Clock:
    """Integrals over the climate of one trajectory."""

    def __init__(self, inputs: Inputs, climate: F8) -> None:
        self.inputs = inputs
        self.level = np.append(np.exp(climate), 0.0)
        self.starts = np.arange(inputs.years, dtype=np.float64)

    def base(self, age: float, t: F8) -> F8:
        """Integrate climate times the factor of newness from 0 to t."""
        year = np.minimum(t.astype(np.int64), self.starts.size)
        whole = self.level[:-1] * self._newness(age, self.starts, self.starts + 1.0)
        before = np.append(0.0, np.cumsum(whole))
        since: F8 = before[year] + self.level[year] * self._newness(age, year.astype(float), t)
        return since

    def _newness(self, age: float, low: F8, high: F8) -> F8:
        half = (high - low) / 2.0
        points = low[:, None] + half[:, None] * (1.0 + NODES)
        integral: F8 = half * (new_dyad_factor(self.inputs, age, points) * WEIGHTS).sum(axis=1)
        return integral

    def fading(self, tau: float, t: F8) -> F8:
        """Integrate climate times exp(-u/tau) from 0 to t."""
        year = np.minimum(t.astype(np.int64), self.starts.size)
        edges = np.exp(-np.append(self.starts, self.starts.size) / tau)
        before = np.append(0.0, np.cumsum(self.level[:-1] * tau * (edges[:-1] - edges[1:])))
        since: F8 = before[year] + self.level[year] * tau * (edges[year] - np.exp(-t / tau))
        return since

    def at(self, t: F8) -> F8:
        """Return the climate's factor at times t."""
        return self.level[t.astype(np.int64)]


def exposures(inputs: Inputs, found: Events, climate: F8, deterrence: Deterrence) -> list[Exposure]:
    """Return what every directed dyad was exposed to in one trajectory, from its onsets alone."""
    found = onsets(found)
    clock, dyad = Clock(inputs, climate), dyads_of(inputs, found)
    rate = np.exp(log_rates(inputs, deterrence.pact))
    result = []
    for k in range(inputs.dyads.initiator.size):
        own = dyad == k
        pair = own | (dyad == inputs.dyads.reverse[k])
        past, same = found.time[pair], own[pair]
        result.append(
            _exposure(inputs, clock, k, rate[k], deterrence.rate[k], found.time[own], past, same)
        )
    return result


def _exposure(
    inputs: Inputs, clock: Clock, k: int, mu: float, deterred: float,
    own: F8, past: F8, same: NDArray[np.bool_],
) -> Exposure:  # fmt: skip
    onset, d = inputs.parameters.onset, inputs.dyads
    times = np.append(own, float(inputs.years))
    age, newness = float(d.age[k]), new_dyad_factor(inputs, float(d.age[k]), own)
    rate, integral = np.zeros((own.size, 3)), np.zeros((times.size, 3))
    rate[:, 0] = mu * math.exp(-deterred) * newness * clock.at(own)
    integral[:, 0] = mu * math.exp(-deterred) * clock.base(age, times)
    share = np.where(same, onset.memory_direction, 1.0 - onset.memory_direction)
    stock_share = 0.5 + (onset.memory_direction - 0.5) * d.last_initiator[k]
    damped = math.exp(-onset.recurrence_share * deterred)
    for c, (tau, stock) in enumerate(
        ((onset.tau_short, d.memory_short[k]), (onset.tau_long, d.memory_long[k])), start=1
    ):
        starts = np.append(past + onset.memory_delay, 0.0)
        scale = np.exp(starts / tau) * np.append(share, 1.0) * damped
        scale[-1] *= stock_share * stock * math.exp(onset.memory_delay / tau)
        open_from = clock.fading(tau, np.minimum(starts, float(inputs.years)))
        grown = np.maximum(clock.fading(tau, times)[:, None] - open_from, 0.0)
        begun = times[:, None] >= starts
        integral[:, c] = (grown * scale * begun).sum(axis=1)
        decayed = np.exp(-own / tau)[:, None] * scale * begun[:-1]
        rate[:, c] = decayed.sum(axis=1) * clock.at(own)
    return Exposure(rate, integral)
