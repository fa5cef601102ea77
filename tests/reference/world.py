"""What is fixed during a trajectory: states, dyads, base rates (§1.3)."""

import math
from statistics import median
from typing import NamedTuple

from forecast.kernel.arrays import Inputs
from tests.reference.draws import clip, logistic
from tests.reference.institutions import Architecture

ARMED = 2


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
        self._read_states()
        columns = [column.tolist() for column in inputs.dyads]
        self.dyads = [Dyad(*row) for row in zip(*columns, strict=True)]
        self.architectures = [
            Architecture(inputs.architectures, a)
            for a in range(len(inputs.architectures.willing_bonus))
        ]
        self.reference = inputs.reference
        self.size_median = self._size_median()
        self.log_rate0 = [
            log_rate(self, k, self.capability, 0.0, self.architectures[self.reference])
            for k in range(len(self.dyads))
        ]
        self.ballots: dict[tuple[int, int, int, int, int], list[float]] = {}

    def _read_states(self) -> None:
        states = self.inputs.states
        self.code = states.code.tolist()
        self.count = len(self.code)
        self.capability = states.capability.tolist()
        self.population = states.population.tolist()
        self.democratic = states.democratic.tolist()
        self.great = states.great.tolist()
        self.g3 = states.g3.tolist()
        self.armed = [int(status == ARMED) for status in states.nuclear.tolist()]
        self.resilience = states.resilience.tolist()
        self.affinity = states.affinity.tolist()
        self.trade = states.trade.tolist()
        self.contiguity = states.contiguity.tolist()
        self.rival = states.rival.tolist()

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

    def land(self, i: int, j: int) -> bool:
        """Whether i and j share a land border."""
        return self.contiguity[i][j] == 1

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


def log_ratio(capability: list[float], i: int, j: int) -> float:
    """Log of the capability of i relative to j."""
    return math.log(capability[i] / capability[j])


def direction(world: World, capability: list[float], i: int, j: int) -> float:
    """Share of the pair's provocations that come from i."""
    p = world.parameters.onset
    ratio = clip(log_ratio(capability, i, j), -p.log_ratio_clip, p.log_ratio_clip)
    majors = world.great[i] - world.great[j]
    return logistic(p.direction_ratio * ratio + p.direction_major * majors)


def log_rate(
    world: World, k: int, capability: list[float], time: float, architecture: Architecture
) -> float:
    """Log of mu_k(t), per year."""
    p = world.parameters.onset
    dyad = world.dyads[k]
    i, j = dyad.initiator, dyad.target
    b = p.const + pair_terms(world, i, j)
    b += p.log_distance * math.log(1.0 + dyad.distance)
    b += p.abs_log_ratio * min(abs(log_ratio(capability, i, j)), p.log_ratio_clip)
    b += p.defence_pact * architecture.allied(i, j)
    size = math.log(capability[i]) + math.log(capability[j])
    b += (p.size + p.size_land * world.land(i, j)) * (size - world.size_median)
    b += p.new_dyad * math.exp(-(dyad.age + time) / p.new_dyad_years)
    return b + math.log(direction(world, capability, i, j))


def pair_terms(world: World, i: int, j: int) -> float:
    """Terms of the base rate that never change."""
    p = world.parameters.onset
    majors = world.great[i] + world.great[j]
    armed = world.armed[i] + world.armed[j]
    b = p.land * world.land(i, j) + p.sea * (world.contiguity[i][j] >= 2)
    b += p.one_major * (majors == 1) + p.two_majors * (majors == 2)
    b += p.joint_democracy * (world.democratic[i] and world.democratic[j])
    b += p.rivalry * world.rival[i][j]
    b += p.nuclear_one * (armed == 1) + p.nuclear_both * (armed == 2)
    return b
