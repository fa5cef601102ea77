"""Institution records of one architecture and what follows from their promises (§2)."""

from dataclasses import dataclass
from itertools import pairwise

from forecast.kernel.arrays import Architectures

COVER, MEDIATE = 1, 2

NUMBERS = (
    "obligation share standing credibility credibility_size fail_weight memory_years legitimacy "
    "quorum veto_restraint override_quorum ladder_max trigger latency_days free_riding intra "
    "fixed exclude_parties resilience_rate resilience_cap"
).split()
SETS = ("member", "decider", "veto", "covered")


@dataclass(frozen=True)
class Institution:
    """One record; sets are tuples of state indices in order."""

    index: int
    key: int
    obligation: float
    share: float
    standing: float
    credibility: float
    credibility_size: float
    fail_weight: float
    memory_years: float
    legitimacy: float
    quorum: float
    veto_restraint: float
    override_quorum: float
    ladder_max: int
    trigger: int
    latency_days: float
    free_riding: float
    intra: int
    fixed: int
    exclude_parties: int
    resilience_rate: float
    resilience_cap: float
    member: tuple[int, ...]
    decider: tuple[int, ...]
    veto: tuple[int, ...]
    covered: tuple[int, ...]

    @property
    def is_body(self) -> bool:
        """Whether it decides by vote."""
        return self.ladder_max > 0

    def acts_against(self, i: int) -> bool:
        """Whether an aggressor i is not shielded by membership."""
        return i not in self.member or self.intra == COVER

    def covers(self, i: int, j: int) -> bool:
        """Whether it covers the target j against the initiator i."""
        return j in self.covered and self.acts_against(i)

    def actor(self, code: int = 0) -> int:
        """Address of the draws of the body, or of one of its states."""
        return self.key * 2**16 + code


def read_institution(architectures: Architectures, a: int, p: int) -> Institution:
    """Copy one record out of the arrays."""
    numbers = {name: getattr(architectures, name)[a, p].item() for name in NUMBERS}
    sets = {
        name: tuple(n for n, flag in enumerate(getattr(architectures, name)[a, p]) if flag)
        for name in SETS
    }
    return Institution(index=p, key=int(architectures.key[p]), **numbers, **sets)


class Architecture:
    """The institutions that exist and their promises, (state, institution index) per target."""

    def __init__(self, architectures: Architectures, a: int) -> None:
        count = len(architectures.key)
        self.institution = {
            p: read_institution(architectures, a, p)
            for p in range(count)
            if architectures.exists[a, p]
        }
        self.institution_count = count
        self.bodies = [record for record in self.institution.values() if record.is_body]
        start = architectures.promise_start[a].tolist()
        state = architectures.promise_state.tolist()
        giver = architectures.promise_institution.tolist()
        self.promises = [
            list(zip(state[low:high], giver[low:high], strict=True))
            for low, high in pairwise(start)
        ]
        self.willing_bonus = float(architectures.willing_bonus[a])
        self.willing_weight = float(architectures.willing_weight[a])
        self.balance_bonus = float(architectures.balance_bonus[a])
        self.defenders = [self._defenders(j) for j in range(len(self.promises))]
        self.order_body = self._order_body()

    def _defenders(self, j: int) -> list[int]:
        strong = {k for k, p in self.promises[j] if self.institution[p].obligation >= 0.5}
        return sorted(strong)

    def _order_body(self) -> Institution | None:
        # max keeps the first of equals.
        return max(self.bodies, key=lambda body: len(body.member), default=None)

    def owes(self, k: int, j: int) -> bool:
        """Whether k owes j defence."""
        return k in self.defenders[j]

    def allied(self, x: int, y: int) -> bool:
        """Whether one of the two owes the other defence."""
        return self.owes(x, y) or self.owes(y, x)

    def mediates(self, i: int, j: int) -> bool:
        """Whether i and j sit in one institution that mediates among its members."""
        return any(
            record.intra == MEDIATE and i in record.member and j in record.member
            for record in self.institution.values()
        )
