"""The state of one trajectory between events, and the annual tick (§3, §3.2)."""

import math
from dataclasses import dataclass, field

from tests.reference.draws import clip
from tests.reference.institutions import Architecture, Institution
from tests.reference.world import World


@dataclass
class War:
    """A war under way; loads are shares of each joiner's capability, the principals' included."""

    id: int
    initiator: int
    target: int
    start: float
    aim: int
    side: dict[int, int]
    load: dict[int, float]
    forces: list[int] = field(default_factory=list)
    standing: float = 0.0
    duration: float = math.inf
    ratio: float = 1.0
    deaths: float = 0.0

    def joiners(self, side: int) -> list[int]:
        """Parties of a side other than its principal, in order of joining."""
        principals = (self.initiator, self.target)
        return [k for k, s in self.side.items() if s == side and k not in principals]

    def parties(self, side: int) -> list[int]:
        """All parties of a side, its principal first."""
        return [k for k, s in self.side.items() if s == side]


class State:
    """What changes: capability, reliability, resilience, credibility, legitimacy, memory, wars."""

    def __init__(self, world: World, architecture: Architecture) -> None:
        prior = world.parameters.credibility.reputation_prior
        self.world = world
        self.architecture = architecture
        self.stock = [1.0] * world.count
        self.capability = list(world.capability)
        self.resilience = list(world.resilience)
        self.kept = [prior] * world.count
        self.broken = [prior] * world.count
        records = architecture.institution.values()
        self.a = {r.index: r.credibility * r.credibility_size for r in records}
        self.b = {r.index: (1.0 - r.credibility) * r.credibility_size for r in records}
        self.legitimacy = {r.index: r.legitimacy for r in records}
        self.memory = {d.pair: (d.memory_long, 0.0) for d in world.dyads}
        self.wars: list[War] = []
        self.renew_capability()

    def renew_capability(self) -> None:
        """Recompute the capability shares from the military stocks."""
        exponent = self.world.parameters.consequence.stock_exponent
        raw = [c * s**exponent for c, s in zip(self.world.capability, self.stock, strict=True)]
        total = sum(raw)
        self.capability = [c / total for c in raw]

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

    def free(self, p: int) -> bool:
        """Whether the standing force of a body serves no war."""
        return all(p not in war.forces for war in self.wars)

    def fighting(self, i: int, j: int) -> bool:
        """Whether i and j are on opposite sides of a war."""
        return any(
            i in war.side and j in war.side and war.side[i] != war.side[j] for war in self.wars
        )

    def remembered(self, pair: int, time: float) -> float:
        """Long memory of a pair at a time."""
        value, since = self.memory[pair]
        return value * math.exp(-(time - since) / self.world.parameters.onset.tau_long)

    def remember(self, pair: int, time: float) -> None:
        """Add a dispute to the long memory."""
        self.memory[pair] = (self.remembered(pair, time) + 1.0, time)

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
        """Capability k can offer, by its reliability (§2)."""
        reference = self.world.parameters.support.reliability_reference
        free = self.capability[k] * (1.0 - self.tied(k))
        return free * math.sqrt(self.reliability(k) / reference)

    def order_decay(self) -> float:
        """What is left of the post-1945 restraint: q of §4.4."""
        p = self.world.parameters.escalation
        body = self.architecture.order_body
        credibility = self.credibility(body.index) if body else 0.0
        kappa = clip(credibility / p.credibility_norm, 0.0, p.erosion_clip)
        norm = clip(self.world.parameters.order.norm / p.norm_norm, 0.0, p.erosion_clip)
        return 1.0 - p.attribution * (1.0 - 0.5 * (kappa + norm))

    def move_legitimacy(self, p: int, change: float) -> None:
        """Change legitimacy within its bounds."""
        self.legitimacy[p] = clip(self.legitimacy[p] + change, 0.01, 0.99)

    def tick(self) -> None:
        """Let a year pass for the slow quantities."""
        for record in self.architecture.institution.values():
            self._relax_institution(record)
        p = self.world.parameters
        decay = math.exp(-1.0 / p.credibility.reputation_years)
        prior = p.credibility.reputation_prior
        self.kept = [prior + (x - prior) * decay for x in self.kept]
        self.broken = [prior + (x - prior) * decay for x in self.broken]
        self.stock = [s + p.consequence.stock_recovery * (1.0 - s) for s in self.stock]
        self.renew_capability()
        for record in self.architecture.institution.values():
            self._harden(record)

    def _relax_institution(self, record: Institution) -> None:
        p = record.index
        decay = math.exp(-1.0 / record.memory_years)
        a0 = record.credibility * record.credibility_size
        b0 = (1.0 - record.credibility) * record.credibility_size
        self.a[p] = a0 + (self.a[p] - a0) * decay
        self.b[p] = b0 + (self.b[p] - b0) * decay
        pull = 1.0 - math.exp(-self.world.parameters.credibility.legitimacy_rate)
        self.move_legitimacy(p, (self.credibility(p) - self.legitimacy[p]) * pull)

    def _harden(self, record: Institution) -> None:
        if record.resilience_rate <= 0.0:
            return
        for k in record.member:
            r = self.resilience[k]
            self.resilience[k] = min(max(r, record.resilience_cap), r + record.resilience_rate)
