"""What is fixed during a run: states, dyads, and what the reference is at the origin (§1.3, §3)."""

import math
from collections.abc import Callable
from functools import cached_property
from statistics import fmean, median, pstdev
from typing import NamedTuple

from forecast.kernel.arrays import Inputs
from tests.reference.institutions import Architecture
from tests.reference.onset import log_rate
from tests.reference.state import State
from tests.reference.support import Support, expected_support
from tests.reference.threat import guard, hostile_capability, load, stake
from tests.reference.war_state import open_origin_wars


class Dyad(NamedTuple):
    """One directed dyad of the universe."""

    initiator: int
    target: int
    pair: int
    reverse: int
    distance: float
    age: float
    memory_short: float
    memory_long: float
    last_initiator: int


class World:
    """Inputs as plain lists, and what follows from them whatever happens."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.parameters = inputs.parameters
        self.years = inputs.years
        self.reference = inputs.reference
        for name, column in inputs.states._asdict().items():
            setattr(self, name, column.tolist())
        self.count = len(self.code)
        columns = [column.tolist() for column in inputs.dyads]
        self.dyads = [Dyad(*row) for row in zip(*columns, strict=True)]
        self.size_median = self._size_median()
        self.passage: dict[tuple[int, ...], list[float]] = {}
        self._openings: dict[int, State] = {}
        self._support: dict[tuple[int, int], Support] = {}

    def _size_median(self) -> float:
        size = {
            d.pair: math.log(self.capability[d.initiator]) + math.log(self.capability[d.target])
            for d in self.dyads
        }
        relevant = {
            d.pair
            for d in self.dyads
            if self.contiguity[d.initiator][d.target]
            or self.great[d.initiator]
            or self.great[d.target]
        }
        return median(size[pair] for pair in relevant or size)

    def on(self, process: str) -> bool:
        """Whether a process is switched on."""
        return getattr(self.parameters.process, process) > 0.0

    def architecture(self, a: int) -> Architecture:
        """Make an architecture as it stands at the origin, free to change."""
        return Architecture(self.inputs.architectures, a)

    def land(self, i: int, j: int) -> bool:
        """Whether i and j share a land border."""
        return self.contiguity[i][j] == 1

    def codes(self, i: int, j: int) -> tuple[int, int]:
        """Lower and higher code of a pair."""
        return min(self.code[i], self.code[j]), max(self.code[i], self.code[j])

    @cached_property
    def pairs(self) -> list[Dyad]:
        """Undirected pairs in order: of each the dyad with the lower initiator."""
        return sorted((d for d in self.dyads if d.initiator < d.target), key=lambda d: d.pair)

    @cached_property
    def origin(self) -> State:
        """The reference architecture at the origin; nobody changes it."""
        state = State(self, self.reference)
        open_origin_wars(state)
        return state

    def opening(self, a: int) -> State:
        """One architecture at the origin; nobody changes it."""
        if a not in self._openings:
            self._openings[a] = State(self, a)
        return self._openings[a]

    @cached_property
    def log_rate0(self) -> list[float]:
        """Log of mu0."""
        return [log_rate(self.origin, k, 0.0) for k in range(len(self.dyads))]

    @cached_property
    def rate0(self) -> list[float]:
        """Base rate of every dyad under the reference at the origin, per year."""
        return [math.exp(rate) for rate in self.log_rate0]

    def support0(self, i: int, j: int) -> Support:
        """Expected support in the reference architecture at the origin."""
        if (i, j) not in self._support:
            self._support[i, j] = expected_support(self.origin, i, j)
        return self._support[i, j]

    def nominal(self, i: int, j: int) -> float:
        """Evaluate Gnom: the target's defenders at full weight, reference, origin (§4.4)."""
        defenders = [k for k in self.origin.architecture.defenders(j) if k != i]
        target = self.capability[j]
        return math.log(1.0 + sum(self.capability[k] / target for k in defenders))

    def _each(self, measure: Callable[[int], float]) -> list[float]:
        return [measure(k) for k in range(self.count)]

    @cached_property
    def threat0(self) -> list[float]:
        """T at the origin."""
        return self._each(lambda k: hostile_capability(self, k))

    @cached_property
    def threat_scale(self) -> tuple[float, float]:
        """Mean and standard deviation of the log threats at the origin."""
        floor = self.parameters.pacts.threat_floor
        logs = [math.log(floor + t) for t in self.threat0]
        return fmean(logs), pstdev(logs)

    @cached_property
    def guard0(self) -> list[float]:
        """Guard under the reference at the origin."""
        return self._each(lambda k: guard(self.origin, k))

    @cached_property
    def stake(self) -> list[float]:
        """D/S0 of every state."""
        return self._each(lambda j: stake(self, j))

    @cached_property
    def load0(self) -> list[float]:
        """Load of every state under the reference at the origin."""
        return self._each(lambda k: load(self.origin, k))

    def willing(self, i: int, j: int) -> list[int]:
        """States that might help j against i without a promise (§5.2)."""
        p = self.parameters.joining
        affinity = self.affinity
        near = [
            k
            for k in range(self.count)
            if k not in (i, j)
            and affinity[k][j] > p.willing_affinity
            and affinity[k][j] > affinity[k][i]
        ]
        return largest_first(near, self.capability)[: int(p.willing_count)]


def largest_first(states: list[int], capability: list[float]) -> list[int]:
    """Order states by capability; of equals the lower code comes first."""
    return sorted(states, key=lambda k: (-capability[k], k))
