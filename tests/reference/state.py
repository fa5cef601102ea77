"""The state of one trajectory between events (§3)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tests.reference.draws import clip
from tests.reference.institutions import Institution
from tests.reference.war_state import War

if TYPE_CHECKING:
    from tests.reference.world import World

LATENT, ARMED = 1, 2
NOTHING = 1e-30  # what is left of a state that has ended


@dataclass
class Fading:
    """A quantity that decays between events."""

    years: float
    value: float = 0.0
    since: float = 0.0

    def at(self, time: float) -> float:
        """Value at a time."""
        return self.value * math.exp(-(time - self.since) / self.years)

    def add(self, amount: float, time: float) -> None:
        """Raise it at a time."""
        self.value, self.since = self.at(time) + amount, time


class Link(NamedTuple):
    """Promises between two states under a class of pacts that were in force at the origin."""

    low: int
    high: int
    institution: int
    end: float


class Pact(NamedTuple):
    """A pact born during the run; its founder comes first."""

    members: tuple[int, ...]
    institution: int
    end: float


class State:
    """What changes in one trajectory under one architecture."""

    def __init__(self, world: World, architecture: int) -> None:
        self.world = world
        self.architecture = world.architecture(architecture)
        self.year = 0
        self._open_states()
        self._open_institutions()
        self._open_pairs()
        self.wars: list[War] = []
        self.history: list[list[float]] = []
        self.renew_capability()
        self.history.append(self.capability)

    def _open_states(self) -> None:
        world, count = self.world, self.world.count
        prior = world.parameters.credibility.reputation_prior
        self.alive = [True] * count
        self.stock = [1.0] * count  # K
        self.gdp = [1.0] * count  # g
        self.people = [1.0] * count  # p
        self.burden = [1.0] * count  # M
        self.growth = [0.0] * count  # x of §6.1
        self.drift = [0.0] * count  # delta of §6.1
        self.democratic = list(world.democratic)
        self.nuclear = list(world.nuclear)
        self.resilience = list(world.resilience)
        self.kept = [prior] * count
        self.broken = [prior] * count
        self.threat_memory = [0.0] * count  # m
        self.provocation = [0.0] * count  # N
        self.condemned = [-math.inf] * count
        self.sanctioned_until = [-math.inf] * count
        self.strain = [1.0] * count  # v
        self.guard = [0.0] * count
        self.sheltered = [False] * count
        spillover = world.parameters.spillover
        self.heat = [Fading(spillover.years) for _ in range(max(world.region) + 1)]
        for region in self.heat:
            region.add(spillover.reference_mean, 0.0)

    def _open_institutions(self) -> None:
        records = self.architecture.records
        self.a = {r.index: r.start_credibility * r.credibility_size for r in records}
        self.b = {r.index: (1.0 - r.start_credibility) * r.credibility_size for r in records}
        self.legitimacy = {r.index: r.legitimacy for r in records}
        self.low_years = {r.index: 0 for r in records}
        self.coreless = {r.index: False for r in records}
        self.norm = self.architecture.conduct["conquest_norm"]
        self.shock_until = -math.inf
        self.links: list[Link] = []
        self.born: list[Pact] = []

    def _open_pairs(self) -> None:
        p = self.world.parameters.onset
        self.rival = [list(row) for row in self.world.rival]
        self.memory_short = {d.pair: Fading(p.tau_short, d.memory_short) for d in self.world.dyads}
        self.memory_long = {d.pair: Fading(p.tau_long, d.memory_long) for d in self.world.dyads}
        self.frailty = dict.fromkeys(self.memory_long, 0.0)
        self.lift = dict.fromkeys(self.memory_long, 0.0)  # raise of §1.3
        self.peace_until: dict[frozenset[int], float] = {}
        self.last_war: dict[frozenset[int], float] = {}

    def renew_capability(self) -> None:
        """Recompute the capability shares from stocks, economies and peoples."""
        p = self.world.parameters
        raw = [
            c
            * self.stock[k] ** p.consequence.stock_exponent
            * self.gdp[k] ** p.growth.exponent
            * self.people[k] ** p.growth.population_exponent
            for k, c in enumerate(self.world.capability)
        ]
        total = sum(raw)
        self.capability = [c / total for c in raw]

    def past(self, years: int) -> list[float]:
        """Capabilities some ticks ago, or at the origin."""
        return self.history[max(0, self.year - years)]

    def armed(self, k: int) -> bool:
        """Whether a state has nuclear weapons."""
        return self.nuclear[k] == ARMED

    def living(self) -> list[int]:
        """States alive, in order of code."""
        return [k for k, alive in enumerate(self.alive) if alive]

    def tied(self, k: int) -> float:
        """Share of k's capability tied down in wars."""
        load = sum(war.load.get(k, 0.0) for war in self.wars)
        return min(self.world.parameters.joining.tied_cap, load)

    def reliability(self, k: int) -> float:
        """Reliability of k's promises as others see it."""
        return self.kept[k] / (self.kept[k] + self.broken[k])

    def credibility(self, p: int) -> float:
        """Credibility of an institution."""
        return self.a[p] / (self.a[p] + self.b[p])

    def personal_credibility(self, record: Institution, k: int) -> float:
        """Credibility of an institution in the hands of one member: kappa_k of §5.2."""
        p = self.world.parameters
        reliability = self.reliability(k) / p.support.reliability_reference
        kappa = self.credibility(record.index) * math.sqrt(reliability) * self.strain[k]
        return clip(kappa, p.joining.credibility_low, p.joining.credibility_high)

    def free(self, p: int) -> bool:
        """Whether the standing force of a body serves no war."""
        return all(p not in war.forces for war in self.wars)

    def fighting(self, i: int, j: int) -> bool:
        """Whether i and j are on opposite sides of a war."""
        return any(
            i in war.side and j in war.side and war.side[i] != war.side[j] for war in self.wars
        )

    def principal(self, k: int) -> bool:
        """Whether k is a principal of a war under way."""
        return any(k in (war.initiator, war.target) for war in self.wars)

    def keeps_peace(self, i: int, j: int, time: float) -> bool:
        """Whether peacekeepers stand between i and j."""
        return time < self.peace_until.get(frozenset((i, j)), -math.inf)

    def weight(self, record: Institution) -> float:
        """Weight of a promise relative to that of an ordinary defence pact (§2)."""
        p = self.world.parameters.support
        credibility = self.credibility(record.index) / p.credibility_reference
        obligation = record.obligation / p.obligation_reference
        return (
            min(p.weight_cap, credibility)
            * min(p.weight_cap, obligation)
            * record.share
            / p.share_reference
        )

    def offer(self, k: int) -> float:
        """Capability k can offer, by its reliability and its other promises (§2)."""
        reference = self.world.parameters.support.reliability_reference
        free = self.capability[k] * (1.0 - self.tied(k))
        return free * math.sqrt(self.reliability(k) / reference) * self.strain[k]

    def order_decay(self) -> float:
        """What is left of the post-1945 restraint: q of §4.4."""
        p, body = self.world.parameters.escalation, self.architecture.order_body
        credibility = self.credibility(body) if body in self.architecture.institution else 0.0
        kappa = clip(credibility / p.credibility_norm, 0.0, p.erosion_clip)
        norm = clip(self.norm / p.norm_norm, 0.0, p.erosion_clip)
        return 1.0 - p.attribution * (1.0 - 0.5 * (kappa + norm))

    def move_legitimacy(self, p: int, change: float) -> None:
        """Change legitimacy within its bounds."""
        self.legitimacy[p] = clip(self.legitimacy[p] + change, 0.01, 0.99)

    def set_rivals(self, i: int, j: int, rivals: bool) -> None:
        """Begin or end a rivalry."""
        self.rival[i][j] = self.rival[j][i] = int(rivals)
