"""Random architectures for small worlds, packed as the kernel wants them."""

import random
from dataclasses import dataclass

import numpy as np

from forecast.kernel.arrays import CONDUCT, Architectures, States
from tests.reference.draws import institution_key
from tests.reference.institutions import BLENDED, NUMBERS, SETS
from tests.reference.world_records import Record, random_records, vary

INTEGERS = (
    "ladder_max trigger armed economic pole accedes links intra fixed exclude_parties".split()
)


@dataclass
class Blueprint:
    """One architecture before it is packed."""

    records: list[Record]
    present: list[bool]
    conduct: dict[str, float]
    transition_years: float = 0.0


def random_architectures(
    rng: random.Random, states: States, count: int, reference: int
) -> Architectures:
    """Make architectures that share their institutions and differ in what these are worth."""
    base = random_records(rng, states)
    plans = [blueprint(rng, base, a == reference) for a in range(count)]
    starts = [plan if not plan.transition_years else plans[reference] for plan in plans]
    for plan in plans:
        if plan.transition_years:
            keep_the_old(plan, plans[reference])
    start, promising, giver = pack_promises(plans, len(states.code))
    return Architectures(
        exists=np.array([plan.present for plan in plans], np.int8),
        key=np.array([institution_key(record.name) for record in base], np.int64),
        **{name: numbers(plans, plans, name) for name in (*NUMBERS, *BLENDED, "invest")},
        **{f"start_{name}": numbers(plans, starts, name) for name in (*BLENDED, "credibility")},
        **{name: sets(plans, name, len(states.code)) for name in SETS},
        promise_start=start,
        promise_state=promising,
        promise_institution=giver,
        conduct=conduct_table(plans),
        start_conduct=conduct_table(starts),
        transition_years=np.array([plan.transition_years for plan in plans]),
    )


def blueprint(rng: random.Random, base: list[Record], is_reference: bool) -> Blueprint:
    """Vary the records; without some of them, and in transition, only beside the reference."""
    plan = Blueprint([vary(rng, record) for record in base], [True] * len(base), conduct(rng))
    if not is_reference:
        plan.present = [rng.random() < 0.8 for _ in base]
        plan.transition_years = rng.choice((0.0, 0.0, 2.5, 4.0, 30.0))
    return plan


def keep_the_old(plan: Blueprint, reference: Blueprint) -> None:
    """Let what a transition abolishes fade instead of missing from the start."""
    for p, record in enumerate(plan.records):
        if reference.present[p] and not plan.present[p]:
            plan.present[p] = True
            record.numbers |= dict.fromkeys(BLENDED, 0.0)


def conduct(rng: random.Random) -> dict[str, float]:
    """Draw what an architecture says beyond its records."""
    return {
        "willing_bonus": rng.choice((0.0, 0.5)),
        "willing_weight": rng.choice((0.0, 0.02)),
        "balance_bonus": rng.choice((0.0, 0.8)),
        "births_per_year": rng.choice((0.0, 0.4, 1.2)),
        "birth_size_most": rng.choice((2.0, 3.0, 6.0)),
        "birth_life_years": rng.choice((0.0, 3.0, 8.0)),
        "pact_death_factor": rng.choice((0.0, 1.0, 3.0)),
        "exit_factor": rng.choice((0.0, 1.0, 2.0)),
        "accession_per_year": rng.choice((0.0, 0.6, 1.5)),
        "polarisation": rng.choice((1.0, 4.0)),
        "accommodation": rng.choice((0.0, 0.5, 0.9)),
        "conquest_norm": rng.uniform(0.2, 0.95),
    }


def conduct_table(plans: list[Blueprint]) -> np.ndarray:
    """Pack the conduct of all architectures."""
    return np.array([[plan.conduct[name] for name in CONDUCT] for plan in plans])


def numbers(plans: list[Blueprint], values: list[Blueprint], name: str) -> np.ndarray:
    """Pack one number of all records; those absent from the plan or from the values are zero."""
    dtype = np.int8 if name in INTEGERS else np.float64
    return np.array(
        [
            [
                value.records[p].numbers[name] * (plan.present[p] and value.present[p])
                for p in range(len(plan.records))
            ]
            for plan, value in zip(plans, values, strict=True)
        ],
        dtype,
    )


def sets(plans: list[Blueprint], name: str, count: int) -> np.ndarray:
    """Pack one set of all records; absent records are empty."""
    table = np.zeros((len(plans), len(plans[0].records), count), np.int8)
    for a, plan in enumerate(plans):
        for p, record in enumerate(plan.records):
            if plan.present[p]:
                table[a, p, sorted(getattr(record, name))] = 1
    return table


def pack_promises(plans: list[Blueprint], count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """List promises by target, promising state and institution, one architecture after another."""
    start = np.zeros((len(plans), count + 1), np.int64)
    rows: list[tuple[int, int]] = []
    for a, plan in enumerate(plans):
        start[a, 0] = len(rows)
        for j in range(count):
            rows += sorted(
                (k, p)
                for p, record in enumerate(plan.records)
                if plan.present[p]
                for k, target in record.promises()
                if target == j
            )
            start[a, j + 1] = len(rows)
    table = np.array(rows, np.int32).reshape(-1, 2)
    return start, np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])
