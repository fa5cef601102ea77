"""The architectures of one outcome in the order of their means, and what changes that order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.estimators.nested import ByDraw
from forecast.studies.robustness.drivers import drivers
from forecast.studies.robustness.flips import flips, lines, losing_fifths, value_at

F8 = NDArray[np.float64]


class Turn(NamedTuple):
    """An assumption along which two architectures change places.

    Parameters
    ----------
    outcome, first, second, quantity, unit
        What, whose (the first is lower on average), and along which uncertain quantity.
    low, high
        First less second at the lowest and the highest value, all else at its median.
    percentile, percentile_lower, percentile_upper
        Where in its prior they are equal, with its 95 % interval.
    value, value_lower, value_upper
        The same as values of the quantity; NaN where neither architecture has it.
    """

    outcome: str
    first: str
    second: str
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


class Loss(NamedTuple):
    """An outer fifth of an assumption in which the leader is lost more often than elsewhere.

    Parameters
    ----------
    outcome, leader, quantity, unit, side
        What, whose, and where: the "lowest" or the "highest" fifth.
    value
        Of the quantity, where the fifth ends; NaN where no architecture has it.
    lost, lost_overall
        Share of its draws, and of all, in which another architecture is lower as they are.
    """

    outcome: str
    leader: str
    quantity: str
    unit: str
    side: str
    value: float
    lost: float
    lost_overall: float


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


class Ranked:
    """An outcome's values by draw, with the draws' quantities.

    Parameters
    ----------
    outcome
        Name of the measure.
    seen
        Its values, of the architectures `names`.
    reference
        One of them.
    group
        Group ``draws`` of the store.
    """

    def __init__(
        self, outcome: str, seen: ByDraw, names: list[str], reference: str, group: xr.Dataset
    ) -> None:
        self.outcome, self.seen, self.names = outcome, seen, names
        self.percentile = np.asarray(group["percentile"].values, dtype=np.float64)
        self.value = group["value"].transpose("architecture", "draw", "quantity")
        self.quantities = [str(name) for name in group["quantity"].values]
        self.units = [str(unit) for unit in group["unit"].values]
        self.order = [int(a) for a in seen.value.mean(axis=0).argsort(kind="stable")]
        at = names.index(reference)
        self.beside = self.order[1] if at == self.order[0] else at

    @property
    def leader(self) -> int:
        """Position of the architecture with the lowest mean."""
        return self.order[0]

    @property
    def noise_share(self) -> float:
        """The highest share of noise in how the leader's difference to a rival varies, 0 to 1."""
        shares = []
        for rival in self.order[1:]:
            whole = self._difference(self.leader, rival).var(ddof=1)
            shares.append(self._noise(self.leader, rival) / whole if whole > 0 else 1.0)
        return float(min(max(shares), 1.0))

    def turns(self) -> list[Turn]:
        """Return where two architectures change places along one quantity."""
        pairs = list(combinations(self.order, 2))
        found = []
        for first, second in pairs:
            fitted = lines(self._difference(first, second), self.percentile)
            for flip in flips(fitted, len(pairs)):
                q = flip.quantity
                where = (flip.at, flip.at_low, flip.at_high)
                values = [self._value(q, (first, second), x) for x in where]
                about = (self.outcome, self.names[first], self.names[second])
                ends = (flip.low, flip.high)
                found.append(
                    Turn(*about, self.quantities[q], self.units[q], *ends, *where, *values)
                )
        return found

    def losses(self) -> list[Loss]:
        """Return the outer fifths of quantities in which the leader is lost."""
        lost = self.seen.value.min(axis=1) < self.seen.value[:, self.leader]
        found = []
        for fifth in losing_fifths(lost, self.percentile):
            q, end = fifth.quantity, 0.8 if fifth.highest else 0.2
            found.append(
                Loss(
                    self.outcome,
                    self.names[self.leader],
                    self.quantities[q],
                    self.units[q],
                    "highest" if fifth.highest else "lowest",
                    self._value(q, self.order, end),
                    fifth.lost,
                    float(lost.mean()),
                )
            )
        return found

    def influences(self) -> list[Influence]:
        """Return what the leader's difference to the reference depends on."""
        difference = self._difference(self.leader, self.beside)
        noise = self._noise(self.leader, self.beside)
        about = (self.outcome, self.names[self.leader], self.names[self.beside])
        return [
            Influence(*about, self.quantities[d.quantity], d.share, d.low, d.high, d.tier)
            for d in drivers(difference, noise, self.percentile)
        ]

    def _difference(self, one: int, other: int) -> F8:
        return np.asarray(self.seen.value[:, one] - self.seen.value[:, other])

    def _noise(self, one: int, other: int) -> float:
        """Return the mean variance of the noise of a difference."""
        covariance = self.seen.noise.mean(axis=0)
        own = covariance[one, one] + covariance[other, other] - 2 * covariance[one, other]
        return float(max(own, 0.0))

    def _value(self, quantity: int, among: Sequence[int], percentile: float) -> float:
        """Return the value at a percentile, of the first architecture that has the quantity."""
        for at in among:
            own = self.value.sel(architecture=self.names[at]).values[:, quantity]
            found = value_at(percentile, self.percentile[:, quantity], own)
            if not np.isnan(found):
                return found
        return float("nan")
