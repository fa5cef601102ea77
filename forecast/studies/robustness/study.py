"""The study: choice, flips, drivers, the split of variance and the modes of one store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.analysis.stores import check_not_record, draws_of, scenario_of
from forecast.analysis.uncertainty import OF_A_MEAN, split_of, values_by_draw
from forecast.errors import ForecastError, nearest
from forecast.estimators.catalogue import MEASURES, Measure
from forecast.estimators.choice import Choice, choose
from forecast.estimators.nested import ByDraw
from forecast.studies.robustness.drivers import drivers
from forecast.studies.robustness.flips import Lines, check_draws, flips, lines, value_at
from forecast.studies.robustness.modes import modes_of

F8 = NDArray[np.float64]

OUTCOMES = (
    "expected_war_count",
    "largest_war_above_100000",
    "battle_deaths_above_100000",
    "small_state_loss_count",
    "great_power_war",
    "expected_great_power_war_count",
)
"""Harms that are judged unless others are named."""

HARMS = frozenset(
    {
        *OUTCOMES,
        "dispute_count",
        "fatal_dispute_count",
        "war_count",
        "battle_deaths_above_1000000",
        "battle_deaths_above_10000000",
        "largest_war_above_1000000",
        "largest_war_above_10000000",
        "g3_war",
        "great_power_dispute_count",
        "aggression_success_count",
        "territory_loss_count",
        "conquest_count",
        "nuclear_use",
        "proliferation_count",
        "coercion_success_count",
    }
)
"""Outcomes of which less is better, whoever is asked."""

NOISY = 0.5
"""Above this share of noise in what draws differ by, a choice by draw is mostly guesswork."""


class Turn(NamedTuple):
    """An assumption along which the best architecture on average and a rival change places.

    Parameters
    ----------
    outcome, leader, rival, quantity, unit
        What, whose, and along which uncertain quantity.
    low, high
        Leader less rival at the lowest and the highest value, all else at its median.
    percentile, percentile_lower, percentile_upper
        Where in its prior they are equal, with its 95 % interval.
    value, value_lower, value_upper
        The same as values of the quantity; NaN where neither architecture has it.
    """

    outcome: str
    leader: str
    rival: str
    quantity: str
    unit: str
    low: float
    high: float
    percentile: float
    percentile_lower: float
    percentile_upper: float
    value: float
    value_lower: float
    value_upper: float


class Influence(NamedTuple):
    """An assumption that the difference between leader and reference depends on (`Driver`)."""

    outcome: str
    leader: str
    rival: str
    quantity: str
    share: float
    lower: float
    upper: float
    tier: int


class ByDraws(NamedTuple):
    """What the draws of a store say on the choice of an architecture.

    Parameters
    ----------
    choices
        Dimensions architecture and outcome: the fields of `Choice`, and the mean; over outcome:
        leader (lowest mean) and noise_share, that of noise in what its lead varies by.
    split
        Variance of one history's value by outcome and part.
    turns, influences
        What flips the leader's advantage over a rival, and what it depends on.
    """

    choices: xr.Dataset
    split: xr.Dataset
    turns: tuple[Turn, ...]
    influences: tuple[Influence, ...]


class Robustness(NamedTuple):
    """What a store says on the choice of an architecture.

    Parameters
    ----------
    outcomes
        The harms judged.
    draws
        What its draws say; None if it has none.
    modes
        Differences by mode of comparison; None if it has none.
    """

    outcomes: tuple[Measure, ...]
    draws: ByDraws | None
    modes: xr.Dataset | None


def robustness(tree: xr.DataTree, outcomes: Sequence[str] | None = None) -> Robustness:
    """Return which architecture is best for which share of the draws, and what changes that.

    Parameters
    ----------
    tree
        Outcomes of a run with draws, or with architectures in several modes of comparison, or
        both; histories that ended abnormally are used as they are.
    outcomes
        Names of harms; by default `OUTCOMES`.

    Raises
    ------
    ForecastError
        If an outcome is unknown or no harm, there are neither draws nor modes, too few draws, or
        one architecture.
    """
    check_not_record(tree)
    measures = _harms(outcomes or OUTCOMES)
    modes = modes_of(tree, [m.name for m in measures])
    drawn = draws_of(tree) > 1 or modes is None
    return Robustness(measures, by_draws(tree, measures) if drawn else None, modes)


def by_draws(tree: xr.DataTree, measures: tuple[Measure, ...]) -> ByDraws:
    """Return what the draws say; variants (``name@mode``) do not stand for choice."""
    scenario = scenario_of(tree)
    every = [str(name) for name in tree["trajectories"].to_dataset()["architecture"].values]
    names = [name for name in every if "@" not in name]
    if len(names) < 2:
        raise ForecastError(f"only {', '.join(names)} is there as it is: nothing to choose from")
    seen = [values_by_draw(tree, measure, names) for measure in measures]
    group = tree["draws"].to_dataset()
    check_draws(*group["percentile"].shape)
    choices = _labelled([choose(one) for one in seen], seen, measures, names)
    turns: list[Turn] = []
    influences: list[Influence] = []
    for measure, one in zip(measures, seen, strict=True):
        pair = _Pairs(measure.name, one, names, str(scenario["reference"]), group)
        turns += pair.turns()
        influences += pair.influences()
    return ByDraws(
        choices.assign_attrs(draws=draws_of(tree), reference=scenario["reference"]),
        split_of(tree, [m.name for m in measures], names),
        tuple(turns),
        tuple(influences),
    )


def _harms(names: Sequence[str]) -> tuple[Measure, ...]:
    known = {m.name: m for m in MEASURES if m.name in HARMS}
    assert all(m.kind in OF_A_MEAN for m in known.values())
    return tuple(known[nearest(name, list(known), "harm")] for name in names)


def _labelled(
    found: list[Choice], seen: list[ByDraw], measures: Sequence[Measure], names: list[str]
) -> xr.Dataset:
    dims = ("architecture", "outcome")
    fields = {
        field: (dims, np.stack([getattr(one, field) for one in found], axis=1))
        for field in Choice._fields
    }
    mean = np.stack([one.value.mean(axis=0) for one in seen], axis=1)
    leader = np.array([names[one.value.mean(axis=0).argmin()] for one in seen], dtype=object)
    return xr.Dataset(
        {
            **fields,
            "mean": (dims, mean),
            "leader": ("outcome", leader),
            "noise_share": ("outcome", np.array([_noise_share(one) for one in seen])),
        },
        coords={
            "architecture": np.array(names, dtype=object),
            "outcome": np.array([m.name for m in measures], dtype=object),
        },
    )


def _noise_share(seen: ByDraw) -> float:
    """Return the highest share of noise in how the leader's lead over a rival varies."""
    leader = int(seen.value.mean(axis=0).argmin())
    rivals = [a for a in range(seen.value.shape[1]) if a != leader]
    shares = []
    for rival in rivals:
        whole = _difference(seen, leader, rival).var(ddof=1)
        shares.append(_noise(seen, leader, rival) / whole if whole > 0 else 1.0)
    return float(min(max(shares), 1.0))


def _difference(seen: ByDraw, one: int, other: int) -> F8:
    return np.asarray(seen.value[:, one] - seen.value[:, other])


def _noise(seen: ByDraw, one: int, other: int) -> float:
    """Return the mean variance of the noise of a difference."""
    covariance = seen.noise.mean(axis=0)
    own = covariance[one, one] + covariance[other, other] - 2 * covariance[one, other]
    return float(max(own, 0.0))


class _Pairs:
    """The leader of an outcome beside its rivals."""

    def __init__(
        self, outcome: str, seen: ByDraw, names: list[str], reference: str, group: xr.Dataset
    ) -> None:
        self.outcome, self.seen, self.names, self.group = outcome, seen, names, group
        self.percentile = np.asarray(group["percentile"].values, dtype=np.float64)
        self.quantities = [str(name) for name in group["quantity"].values]
        order = seen.value.mean(axis=0).argsort(kind="stable")
        self.leader = int(order[0])
        at = names.index(reference)
        self.beside = int(order[1]) if at == self.leader else at
        self.rivals = [int(a) for a in order[1:]]

    def turns(self) -> list[Turn]:
        """Return where the leader and a rival change places."""
        found = []
        for rival in self.rivals:
            fitted: Lines = lines(_difference(self.seen, self.leader, rival), self.percentile)
            for flip in flips(fitted, len(self.rivals)):
                q = flip.quantity
                where = (flip.at, flip.at_low, flip.at_high)
                values = (self._value(q, rival, x) for x in where)
                about = (self.outcome, self.names[self.leader], self.names[rival])
                unit = str(self.group["unit"].values[q])
                ends = (flip.low, flip.high)
                found.append(Turn(*about, self.quantities[q], unit, *ends, *where, *values))
        return found

    def influences(self) -> list[Influence]:
        """Return what the leader's difference to the reference depends on."""
        difference = _difference(self.seen, self.leader, self.beside)
        noise = _noise(self.seen, self.leader, self.beside)
        about = (self.outcome, self.names[self.leader], self.names[self.beside])
        return [
            Influence(*about, self.quantities[d.quantity], d.share, d.low, d.high, d.tier)
            for d in drivers(difference, noise, self.percentile)
        ]

    def _value(self, quantity: int, rival: int, percentile: float) -> float:
        """Return the value at a percentile, of the leader or else of the rival."""
        values = self.group["value"].transpose("architecture", "draw", "quantity")
        for name in (self.names[self.leader], self.names[rival]):
            own = values.sel(architecture=name).values[:, quantity]
            found = value_at(percentile, self.percentile[:, quantity], own)
            if not np.isnan(found):
                return found
        return float("nan")
