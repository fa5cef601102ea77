"""Random institutions for small worlds: bodies, pacts, classes of pacts, a court of trade."""

import random
from dataclasses import dataclass, field

from forecast.kernel.arrays import States
from tests.reference.institutions import CLASS_BORN, CLASS_IN_FORCE, COVER


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
        if self.numbers["ladder_max"] or not self.numbers["armed"]:
            return set()
        return self.links | {(k, j) for j in self.covered for k in self.member if k != j}


def random_records(rng: random.Random, states: States) -> list[Record]:
    """One or two bodies, pacts, a court of trade, and both classes of pacts, in mixed order."""
    everyone = list(range(len(states.code)))
    greats = [k for k in everyone if states.great[k]]
    records = [universal_body(rng, everyone, greats)]
    if rng.random() < 0.7:
        records.append(regional_body(rng, everyone))
    records += [pact(rng, everyone, n) for n in range(rng.randint(2, 3))]
    records += [bilateral_class(rng, everyone), newborn_class(rng)]
    if rng.random() < 0.7:
        records.append(trade_body(rng, everyone))
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
        "armed": 1,
        "economic": 0,
        "pole": 0,
        "accedes": 0,
        "links": 0,
        "exit_rate": rng.choice((0.0, 0.03, 0.2)),
        "hardening_rate": rng.choice((0.0, 0.0, 0.3)),
        "obligation_ceiling": rng.uniform(0.3, 1.0),
        "share_ceiling": rng.uniform(0.1, 0.6),
        "invest": rng.choice((0.0, 0.002)),
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
        "economic": rng.choice((0, 0, 1)),
        "exit_rate": rng.choice((0.0, 0.0, 0.03)),
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
        "accedes": rng.choice((0, 1)),
    }
    members = rng.sample(everyone, rng.randint(3, len(everyone) - 1))
    body.member, body.decider = set(members), set(members)
    body.covered = set(members) | set(rng.sample(everyone, 2))
    return body


def pact(rng: random.Random, everyone: list[int], n: int) -> Record:
    """Make a pact whose members promise to help one another, and sometimes an outsider."""
    record = Record(f"pact {n}", common_numbers(rng))
    record.numbers |= {"pole": rng.choice((0, 1, 2)), "accedes": rng.choice((0, 1, 1))}
    members = rng.sample(everyone, rng.randint(2, 4))
    record.member, record.covered = set(members), set(members)
    if rng.random() < 0.4:
        record.covered.add(rng.choice(everyone))
    return record


def bilateral_class(rng: random.Random, everyone: list[int]) -> Record:
    """Make a class of bilateral pacts: no members of its own, credibility that stays."""
    record = Record("bilateral pacts", common_numbers(rng))
    record.numbers |= {"fixed": 1, "intra": 0, "resilience_rate": 0.0, "links": CLASS_IN_FORCE}
    for _ in range(rng.randint(2, len(everyone))):
        a, b = rng.sample(everyone, 2)
        record.links |= {(a, b), (b, a)} if rng.random() < 0.8 else {(a, b)}
    return record


def newborn_class(rng: random.Random) -> Record:
    """Make the class of pacts that are born during the run."""
    record = Record("newborn pacts", common_numbers(rng))
    record.numbers |= {"intra": 0, "resilience_rate": 0.0, "links": CLASS_BORN}
    return record


def trade_body(rng: random.Random, everyone: list[int]) -> Record:
    """Make an institution that rules on economic coercion and on nothing else."""
    record = Record("trade court", common_numbers(rng))
    record.numbers |= {
        "armed": 0,
        "economic": 1,
        "ladder_max": rng.choice((0, 2)),
        "accedes": rng.choice((0, 1)),
    }
    members = rng.sample(everyone, rng.randint(2, len(everyone)))
    record.member, record.covered = set(members), set(members)
    return record


def vary(rng: random.Random, record: Record) -> Record:
    """Change what a record is worth, keeping who belongs to it."""
    numbers = dict(record.numbers)
    fresh = common_numbers(rng)
    for name in ("obligation", "share", "credibility", "legitimacy", "exit_rate"):
        if rng.random() < 0.5:
            numbers[name] = fresh[name]
    if record.veto:
        numbers["veto_restraint"] = rng.choice((0.0, 0.8))
    return Record(
        record.name, numbers, record.member, record.decider, record.veto, record.covered,
        record.links,
    )  # fmt: skip
