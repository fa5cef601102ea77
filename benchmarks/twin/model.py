"""The core model's numbers per directed dyad, as an analyst reads them off docs/model.md."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from forecast.kernel.arrays import CONDUCT, Derived, Inputs
from forecast.kernel.derive import memory_share
from forecast.kernel.parameters import Parameters

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
Flags = NDArray[np.bool_]
NORM = CONDUCT.index("conquest_norm")


class OriginWar(NamedTuple):
    """A war under way at the origin."""

    pairs: I8  # whose states fight on opposite sides
    elapsed: float  # years
    scale: float  # of its duration, years
    log_deaths: tuple[float, float]  # so far, low and high


class Model(NamedTuple):
    """Numbers of the core model; (K,) directed dyads unless said otherwise."""

    years: int
    pair: I8
    reverse: I8
    rate: F8  # per year at the origin
    newness: F8  # log rate at the origin that a young dyad loses
    memory_short: F8  # disputes remembered at the origin
    memory_long: F8
    remembered: F8  # (Q,) long memory of pairs, of which the response takes account
    resistance: F8  # log odds, without memory
    war: F8  # probability of a resisted dispute
    fatality: F8  # probability of deaths short of war, resisted
    war_scale: F8  # of durations, years
    log_deaths: F8  # mean of a war's log deaths
    most_deaths: F8
    origin_wars: tuple[OriginWar, ...]
    parameters: Parameters


def model_of(inputs: Inputs, derived: Derived) -> Model:
    """Return the model of a run without promises and bodies, which nothing deters or supports."""
    d, onset = inputs.dyads, inputs.parameters.onset
    share = memory_share(inputs)
    remembered = np.zeros(int(d.pair.max()) + 1)
    remembered[d.pair] = d.memory_long
    i, j = d.initiator, d.target
    people = inputs.states.population
    return Model(
        years=inputs.years,
        pair=d.pair.astype(np.int64),
        reverse=d.reverse.astype(np.int64),
        rate=np.exp(derived.log_rate),
        newness=onset.new_dyad * np.exp(-d.age / onset.new_dyad_years),
        memory_short=d.memory_short * share,
        memory_long=d.memory_long * share,
        remembered=remembered,
        resistance=_resistance(inputs),
        war=_war(inputs),
        fatality=_fatality(inputs),
        war_scale=_war_scale(inputs, i, j),
        log_deaths=_log_deaths(inputs),
        most_deaths=inputs.parameters.deaths.population_cap * (people[i] + people[j]),
        origin_wars=tuple(_origin_war(inputs, m) for m in range(inputs.wars.initiator.size)),
        parameters=inputs.parameters,
    )


def _log_ratio(inputs: Inputs) -> F8:
    size, bound = np.log(inputs.states.capability), inputs.parameters.onset.log_ratio_clip
    return np.clip(size[inputs.dyads.initiator] - size[inputs.dyads.target], -bound, bound)


def _resistance(inputs: Inputs) -> F8:
    s, d, r = inputs.states, inputs.dyads, inputs.parameters.response
    i, j = d.initiator, d.target
    x = r.const - r.parity * np.abs(_log_ratio(inputs)) + r.land * (s.contiguity[i, j] == 1)
    x += r.major_target * s.great[j] + r.major_initiator * s.great[i] + r.rivalry * s.rival[i, j]
    x += r.nuclear_target_only * ((s.nuclear[j] == 2) & (s.nuclear[i] != 2))
    x += r.order_weight * inputs.parameters.order.order_weight
    return x + r.resilience * (s.resilience[j] - r.resilience_reference)


def _order(inputs: Inputs) -> float:
    """Return the share of the order after 1945 that holds without a body to uphold it."""
    e, norm = inputs.parameters.escalation, inputs.architectures.conduct[0, NORM]
    return 1.0 - e.attribution * (1.0 - 0.5 * min(norm / e.norm_norm, e.erosion_clip))


def _war(inputs: Inputs) -> F8:
    s, d, e = inputs.states, inputs.dyads, inputs.parameters.escalation
    i, j = d.initiator, d.target
    x = e.const + e.log_ratio * _log_ratio(inputs) + e.land * (s.contiguity[i, j] == 1)
    x += e.joint_democracy * (s.democratic[i] & s.democratic[j]) + e.rivalry * s.rival[i, j]
    x += e.order_weight * inputs.parameters.order.order_weight
    x += (e.post1945 + e.great_powers * (s.great[i] & s.great[j])) * _order(inputs)
    x += e.nuclear_dyad * ((s.nuclear[i] == 2) & (s.nuclear[j] == 2))
    return expit(x)


def _fatality(inputs: Inputs) -> F8:
    s, d, f = inputs.states, inputs.dyads, inputs.parameters.fatality
    i, j = d.initiator, d.target
    x = f.const + f.land * (s.contiguity[i, j] == 1) + f.rivalry * s.rival[i, j]
    return expit(x + f.joint_democracy * (s.democratic[i] & s.democratic[j]))


def _war_scale(inputs: Inputs, i: I8, j: I8) -> F8:
    s, w = inputs.states, inputs.parameters.war
    against = s.capability[j] * (1.0 + w.resilience * s.resilience[j])
    return w.scale * np.exp(w.ratio * np.abs(np.log(s.capability[i] / against)))


def _log_deaths(inputs: Inputs) -> F8:
    size, p = np.log(inputs.states.capability), inputs.parameters.deaths
    own, other = size[inputs.dyads.initiator], size[inputs.dyads.target]
    return p.const + p.log_least * np.minimum(own, other) + p.log_most * np.maximum(own, other)


def _origin_war(inputs: Inputs, m: int) -> OriginWar:
    w, d = inputs.wars, inputs.dyads
    opposed = w.side[m][d.initiator] * w.side[m][d.target] == 2
    return OriginWar(
        np.unique(d.pair[opposed]).astype(np.int64),
        float(w.elapsed[m]),
        float(_war_scale(inputs, w.initiator[m], w.target[m])),
        (float(np.log(w.deaths_low[m])), float(np.log(w.deaths_high[m]))),
    )
