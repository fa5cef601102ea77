"""Institution records of one architecture and what follows from their promises (§2)."""

from bisect import insort
from dataclasses import dataclass
from itertools import pairwise

from forecast.kernel.arrays import CONDUCT, Architectures

COVER, MEDIATE = 1, 2
CLASS_IN_FORCE, CLASS_BORN = 1, 2

# Numbers that a transition blends; the record holds their value of the moment and their own.
BLENDED = ("obligation", "share", "standing", "veto_restraint")
NUMBERS = (
    "credibility credibility_size fail_weight memory_years legitimacy quorum override_quorum "
    "ladder_max trigger armed economic pole accedes links exit_rate hardening_rate "
    "obligation_ceiling share_ceiling latency_days free_riding intra fixed exclude_parties "
    "resilience_rate resilience_cap"
).split()
SETS = ("member", "decider", "veto", "covered")


@dataclass
class Institution:
    """One record; sets are lists of state indices in order, and change."""

    index: int
    key: int
    start: dict[str, float]
    own: dict[str, float]
    start_credibility: float
    obligation: float
    share: float
    standing: float
    veto_restraint: float
    credibility: float
    credibility_size: float
    fail_weight: float
    memory_years: float
    legitimacy: float
    quorum: float
    override_quorum: float
    ladder_max: int
    trigger: int
    armed: int
    economic: int
    pole: int
    accedes: int
    links: int
    exit_rate: float
    hardening_rate: float
    obligation_ceiling: float
    share_ceiling: float
    latency_days: float
    free_riding: float
    intra: int
    fixed: int
    exclude_parties: int
    resilience_rate: float
    resilience_cap: float
    member: list[int]
    decider: list[int]
    veto: list[int]
    covered: list[int]

    @property
    def is_body(self) -> bool:
        """Whether it decides by vote."""
        return self.ladder_max > 0 and bool(self.armed)

    @property
    def is_pact(self) -> bool:
        """Whether its members decide one by one."""
        return self.ladder_max == 0

    def acts_against(self, i: int) -> bool:
        """Whether an aggressor i is not shielded by membership."""
        return i not in self.member or self.intra == COVER

    def covers(self, i: int, j: int) -> bool:
        """Whether it covers the target j against the initiator i."""
        return j in self.covered and self.acts_against(i)

    def actor(self, code: int = 0) -> int:
        """Address of the draws of the body, or of one of its states."""
        return self.key * 2**16 + code

    def drop(self, k: int) -> None:
        """Take a state out of all sets."""
        for name in SETS:
            if k in getattr(self, name):
                getattr(self, name).remove(k)


def read_institution(architectures: Architectures, a: int, p: int) -> Institution:
    """Copy one record out of the arrays, as it stands at the origin."""
    start = {name: getattr(architectures, f"start_{name}")[a, p].item() for name in BLENDED}
    return Institution(
        index=p,
        key=int(architectures.key[p]),
        start=start,
        own={name: getattr(architectures, name)[a, p].item() for name in BLENDED},
        start_credibility=float(architectures.start_credibility[a, p]),
        **start,
        **{name: getattr(architectures, name)[a, p].item() for name in NUMBERS},
        **{
            name: [n for n, flag in enumerate(getattr(architectures, name)[a, p]) if flag]
            for name in SETS
        },
    )


class Architecture:
    """The institutions that exist, conduct, and promises: (state, institution) per target."""

    def __init__(self, architectures: Architectures, a: int) -> None:
        self.index = a
        self.institution_count = len(architectures.key)
        self.institution = {
            p: read_institution(architectures, a, p)
            for p in range(self.institution_count)
            if architectures.exists[a, p]
        }
        start = architectures.promise_start[a].tolist()
        state = architectures.promise_state.tolist()
        giver = architectures.promise_institution.tolist()
        self.promises = [
            list(zip(state[low:high], giver[low:high], strict=True))
            for low, high in pairwise(start)
        ]
        self.own_conduct = dict(zip(CONDUCT, architectures.conduct[a].tolist(), strict=True))
        self.start_conduct = dict(
            zip(CONDUCT, architectures.start_conduct[a].tolist(), strict=True)
        )
        self.conduct = dict(self.start_conduct)
        self.transition_years = float(architectures.transition_years[a])
        # max keeps the first of equals.
        body = max(self.bodies, key=lambda record: len(record.member), default=None)
        self.order_body = body.index if body else -1

    @property
    def records(self) -> list[Institution]:
        """Institutions that exist, in order."""
        return list(self.institution.values())

    @property
    def bodies(self) -> list[Institution]:
        """Institutions that exist and decide by vote."""
        return [record for record in self.records if record.is_body]

    def progress(self, time: float) -> float:
        """How far a transition has come, 1 without one."""
        return min(1.0, time / self.transition_years) if self.transition_years > 0.0 else 1.0

    def blend(self, x: float) -> None:
        """Give every number in transition its value at progress x."""
        for record in self.records:
            for name in BLENDED:
                start = record.start[name]
                setattr(record, name, start + x * (record.own[name] - start))
        for name, start in self.start_conduct.items():
            self.conduct[name] = start + x * (self.own_conduct[name] - start)

    def obliging(self, k: int, j: int) -> list[Institution]:
        """Institutions through which k owes j defence."""
        given = [self.institution[p] for m, p in self.promises[j] if m == k]
        return [record for record in given if record.obligation >= 0.5]

    def owes(self, k: int, j: int) -> bool:
        """Whether k owes j defence."""
        return bool(self.obliging(k, j))

    def defenders(self, j: int) -> list[int]:
        """States that owe j defence."""
        strong = {k for k, p in self.promises[j] if self.institution[p].obligation >= 0.5}
        return sorted(strong)

    def allied(self, x: int, y: int) -> bool:
        """Whether one of the two owes the other defence."""
        return self.owes(x, y) or self.owes(y, x)

    def mediates(self, i: int, j: int) -> bool:
        """Whether i and j sit in one institution that mediates among its members."""
        return any(
            record.intra == MEDIATE and i in record.member and j in record.member
            for record in self.records
        )

    def promise(self, k: int, j: int, p: int) -> None:
        """Enter a promise from k to j; those to j stay in order of state and institution."""
        insort(self.promises[j], (k, p))

    def release(self, k: int, j: int, p: int) -> None:
        """Take one promise from k to j away, if there is one."""
        if (k, p) in self.promises[j]:
            self.promises[j].remove((k, p))

    def drop_promises(self, k: int, p: int | None = None) -> None:
        """End the promises from and to k, of one institution or of all."""
        for j, given in enumerate(self.promises):
            self.promises[j] = [
                (m, q) for m, q in given if k not in (j, m) or (p is not None and q != p)
            ]

    def dissolve(self, p: int) -> None:
        """End an institution and its promises."""
        del self.institution[p]
        self.promises = [[(k, q) for k, q in given if q != p] for given in self.promises]
