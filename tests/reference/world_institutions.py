"""Random institutions for small worlds: bodies, pacts, a class of bilateral pacts."""

import random
from dataclasses import dataclass, field

import numpy as np

from forecast.kernel.arrays import Architectures, States
from tests.reference.draws import institution_key
from tests.reference.institutions import NUMBERS, SETS

INTEGERS = ("ladder_max", "trigger", "intra", "fixed", "exclude_parties")
COVER = 1


@dataclass
class Record:
    """One institution before it is packed; links are those of a class (promising, target)."""

    name: str
    numbers: dict[str, float]
    member: set[int] = field(default_factory=set)
    decider: set[int] = field(default_factory=set)
    veto: set[int] = field(default_factory=set)
    covered: set[int] = field(default_factory=set)
    links: set[tuple[int, int]] = field(default_factory=set)

    def promises(self) -> set[tuple[int, int]]:
        """List (promising state, target) of a pact or class."""
        if self.numbers["ladder_max"]:
            return set()
        return self.links | {(k, j) for j in self.covered for k in self.member if k != j}


def random_architectures(rng: random.Random, states: States, count: int) -> Architectures:
    """Make architectures that share their institutions and differ in what these are worth."""
    base = random_records(rng, states)
    variants = [base] + [[vary(rng, record) for record in base] for _ in range(count - 1)]
    present = [[True] * len(base)] + [[rng.random() < 0.8 for _ in base] for _ in range(count - 1)]
    start, promising, giver = pack_promises(variants, present, len(states.code))
    return Architectures(
        exists=np.array(present, np.int8),
        key=np.array([institution_key(record.name) for record in base], np.int64),
        **{name: numbers(variants, present, name) for name in NUMBERS},
        **{name: sets(variants, present, name, len(states.code)) for name in SETS},
        promise_start=start,
        promise_state=promising,
        promise_institution=giver,
        willing_bonus=np.array([rng.choice((0.0, 0.5)) for _ in range(count)]),
        willing_weight=np.array([rng.choice((0.0, 0.02)) for _ in range(count)]),
        balance_bonus=np.array([rng.choice((0.0, 0.8)) for _ in range(count)]),
    )


def random_records(rng: random.Random, states: States) -> list[Record]:
    """One or two bodies, two or three pacts and a class, in mixed order."""
    everyone = list(range(len(states.code)))
    greats = [k for k in everyone if states.great[k]]
    records = [universal_body(rng, everyone, greats)]
    if rng.random() < 0.7:
        records.append(regional_body(rng, everyone))
    records += [pact(rng, everyone, n) for n in range(rng.randint(2, 3))]
    records.append(bilateral_class(rng, everyone))
    rng.shuffle(records)
    return records


def common_numbers(rng: random.Random) -> dict[str, float]:
    """Numbers every record has."""
    return {
        "obligation": rng.choice((0.2, 0.5, 0.8, 0.95)),
        "share": rng.uniform(0.05, 0.5),
        "standing": 0.0,
        "credibility": rng.uniform(0.1, 0.8),
        "credibility_size": rng.uniform(4.0, 40.0),
        "fail_weight": rng.uniform(1.0, 2.0),
        "memory_years": rng.uniform(5.0, 25.0),
        "legitimacy": rng.uniform(0.1, 0.9),
        "quorum": 0.6,
        "veto_restraint": 0.0,
        "override_quorum": 0.0,
        "ladder_max": 0,
        "trigger": 1,
        "latency_days": rng.uniform(5.0, 120.0),
        "free_riding": rng.uniform(0.0, 0.5),
        "intra": rng.choice((0, 1, 2)),
        "fixed": 0,
        "exclude_parties": 0,
        "resilience_rate": rng.choice((0.0, 0.0, 0.02)),
        "resilience_cap": 0.8,
    }


def universal_body(rng: random.Random, everyone: list[int], greats: list[int]) -> Record:
    """Make a body of all states with a council, vetoes and sometimes an override."""
    body = Record("universal", common_numbers(rng))
    body.numbers |= {
        "standing": rng.choice((0.0, 0.01, 0.05)),
        "veto_restraint": rng.choice((0.0, 0.5, 0.8)),
        "override_quorum": rng.choice((0.0, 0.67)),
        "ladder_max": 4,
        "trigger": rng.choice((1, 2, 3)),
        "intra": COVER,
    }
    council = rng.sample(everyone, min(len(everyone), rng.randint(4, 7)))
    body.member, body.covered = set(everyone), set(everyone)
    body.decider, body.veto = set(greats) | set(council), set(greats)
    return body


def regional_body(rng: random.Random, everyone: list[int]) -> Record:
    """Make a body of some states that decide by majority and cover some more."""
    body = Record("regional", common_numbers(rng))
    body.numbers |= {
        "standing": rng.choice((0.0, 0.02)),
        "quorum": rng.choice((0.5, 0.6, 1.0)),
        "override_quorum": rng.choice((0.0, 0.5)),
        "ladder_max": rng.choice((2, 4)),
        "trigger": rng.choice((2, 3, 4)),
        "exclude_parties": rng.choice((0, 1)),
    }
    members = rng.sample(everyone, rng.randint(3, len(everyone) - 1))
    body.member, body.decider = set(members), set(members)
    body.covered = set(members) | set(rng.sample(everyone, 2))
    return body


def pact(rng: random.Random, everyone: list[int], n: int) -> Record:
    """Make a pact whose members promise to help one another, and sometimes an outsider."""
    record = Record(f"pact {n}", common_numbers(rng))
    members = rng.sample(everyone, rng.randint(2, 4))
    record.member, record.covered = set(members), set(members)
    if rng.random() < 0.4:
        record.covered.add(rng.choice(everyone))
    return record


def bilateral_class(rng: random.Random, everyone: list[int]) -> Record:
    """Make a class of bilateral pacts: no members of its own, credibility that stays."""
    record = Record("bilateral pacts", common_numbers(rng))
    record.numbers |= {"fixed": 1, "intra": 0, "resilience_rate": 0.0}
    for _ in range(rng.randint(2, len(everyone))):
        a, b = rng.sample(everyone, 2)
        record.links |= {(a, b), (b, a)} if rng.random() < 0.8 else {(a, b)}
    return record


def vary(rng: random.Random, record: Record) -> Record:
    """Change what a record is worth, keeping who belongs to it."""
    numbers = dict(record.numbers)
    fresh = common_numbers(rng)
    for name in ("obligation", "share", "credibility", "legitimacy"):
        if rng.random() < 0.5:
            numbers[name] = fresh[name]
    if record.veto:
        numbers["veto_restraint"] = rng.choice((0.0, 0.8))
    return Record(
        record.name, numbers, record.member, record.decider, record.veto, record.covered,
        record.links,
    )  # fmt: skip


def numbers(variants: list[list[Record]], present: list[list[bool]], name: str) -> np.ndarray:
    """Pack one number of all records; absent records are zero."""
    dtype = np.int8 if name in INTEGERS else np.float64
    return np.array(
        [
            [record.numbers[name] * here for record, here in zip(records, row, strict=True)]
            for records, row in zip(variants, present, strict=True)
        ],
        dtype,
    )


def sets(
    variants: list[list[Record]], present: list[list[bool]], name: str, count: int
) -> np.ndarray:
    """Pack one set of all records; absent records are empty."""
    table = np.zeros((len(variants), len(variants[0]), count), np.int8)
    for a, records in enumerate(variants):
        for p, record in enumerate(records):
            if present[a][p]:
                table[a, p, sorted(getattr(record, name))] = 1
    return table


def pack_promises(
    variants: list[list[Record]], present: list[list[bool]], count: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """List promises by target, promising state and institution, one architecture after another."""
    start = np.zeros((len(variants), count + 1), np.int64)
    rows: list[tuple[int, int]] = []
    for a, records in enumerate(variants):
        start[a, 0] = len(rows)
        for j in range(count):
            rows += sorted(
                (k, p)
                for p, record in enumerate(records)
                if present[a][p]
                for k, target in record.promises()
                if target == j
            )
            start[a, j + 1] = len(rows)
    table = np.array(rows, np.int32).reshape(-1, 2)
    return start, np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])
