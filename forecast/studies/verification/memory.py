"""Onsets with memory, climate and deterrence: rescaled time, strengths, children."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.kernel.arrays import Inputs
from forecast.studies.verification.check import Check, of_law, of_normal
from forecast.studies.verification.goodness import uniform_p
from forecast.studies.verification.law import (
    Clock,
    Deterrence,
    Exposure,
    climate_of,
    deterred_by_pact,
    exposures,
    undeterred,
)
from forecast.studies.verification.logs import Events, child_ids, dyads_of, histories, onsets
from forecast.studies.verification.worlds import (
    architectures_of,
    pact_of,
    quiet_parameters,
    quiet_world,
    shipped_parameters,
)

F8 = NDArray[np.float64]
SEED = 20260201
STATES, YEARS, TRAJECTORIES = 5, 30, 160
MEMBERS = (1, 2, 3)
MOST_CHILDREN = 40
PROCESS = "onsets with memory"


class Evidence(NamedTuple):
    """Trajectories of the memory world and what the law says they were exposed to."""

    inputs: Inputs  # as the law has them
    histories: list[list[Events]]
    climates: list[F8]


def memory_world(short: float = 1.0, years: int = YEARS) -> Inputs:
    """Return a world with memory, climate and a pact; `short` multiplies the short memory."""
    shipped = shipped_parameters()
    names = ("memory_short", "memory_long", "new_dyad")
    onset = {name: getattr(shipped.onset, name) for name in names}
    onset["memory_short"] *= short
    onset |= {"deterrence": 0.3, "unilateral_cost": 0.4}
    parameters = quiet_parameters({"onset": onset, "climate": {"sd": shipped.climate.sd}})
    return quiet_world(parameters, STATES, years, architectures_of(STATES, [{}, pact_of(MEMBERS)]))


def gather(seed: int = SEED, trajectories: int = TRAJECTORIES, short: float = 1.0) -> Evidence:
    """Simulate the memory world, with its short memory off by a factor if so asked."""
    found = histories(memory_world(short), seed, trajectories)
    law = memory_world()
    return Evidence(law, found, [climate_of(law, seed, n) for n in range(trajectories)])


def deterrence_of(inputs: Inputs, a: int) -> Deterrence:
    """Return what architecture a of the memory world does to the rates."""
    return undeterred(inputs) if a == 0 else deterred_by_pact(inputs, MEMBERS, a)


def all_exposures(evidence: Evidence, a: int) -> list[Exposure]:
    """Return the exposures of all dyads in all trajectories under an architecture."""
    deterrence = deterrence_of(evidence.inputs, a)
    rows = zip(evidence.histories[a], evidence.climates, strict=True)
    return [
        exposure
        for history, climate in rows
        for exposure in exposures(evidence.inputs, history, climate, deterrence)
    ]


def strengths(inputs: Inputs) -> F8:
    """Return the factors of the three parts of the intensity under the law."""
    return np.array(
        [1.0, inputs.parameters.onset.memory_short, inputs.parameters.onset.memory_long]
    )


def residual_checks(evidence: Evidence, a: int, where: str) -> list[Check]:
    """Compare the onsets with the law after rescaling time by their intensity."""
    gaps, total, offset = [], 0.0, 0.0
    factors = strengths(evidence.inputs)
    for exposure in all_exposures(evidence, a):
        clock = exposure.integral @ factors
        # Dyads are laid end to end: the whole is one Poisson process of rate 1.
        gaps.append(np.diff(np.append(-offset, clock[:-1])))
        offset = clock[-1] - (clock[-2] if clock.size > 1 else -offset)
        total += clock[-1]
    waits = np.concatenate(gaps)
    n = waits.size
    z = (n - total) / math.sqrt(total)
    score = math.sqrt(n) * float(np.corrcoef(waits[:-1], waits[1:])[0, 1])
    return [
        of_law(PROCESS, f"rescaled gaps, {where}", uniform_p(np.exp(-waits)), "Exp(1)", n),
        of_normal(PROCESS, f"onsets equal their compensator, {where}", z, total, float(n), n),
        of_normal(PROCESS, f"rescaled gaps are uncorrelated, {where}", score, 0.0,
                  score / math.sqrt(n), n),
    ]  # fmt: skip


def estimate(exposed: list[Exposure], start: F8) -> tuple[F8, F8]:
    """Return maximum-likelihood factors of base, short and long memory, and standard errors."""
    rate = np.concatenate([x.rate for x in exposed])
    total = np.sum([x.integral[-1] for x in exposed], axis=0)
    factors = start.copy()
    for _ in range(25):
        weighted = rate / (rate @ factors)[:, None]
        information = weighted.T @ weighted
        step = np.linalg.solve(information, weighted.sum(axis=0) - total)
        factors = np.maximum(factors + step, 0.2 * factors)
    return factors, np.sqrt(np.diag(np.linalg.inv(information)))


def estimate_checks(evidence: Evidence) -> list[Check]:
    """Compare the strengths of memory, estimated from the logs, with those simulated."""
    truth = strengths(evidence.inputs)
    exposed = all_exposures(evidence, 0)
    found, error = estimate(exposed, truth)
    n = sum(x.rate.shape[0] for x in exposed)
    names = ("base rate recovered", "short memory recovered", "long memory recovered")
    return [
        of_normal(PROCESS, f"{name} by maximum likelihood", (f - t) / e, t, f, n)
        for name, f, t, e in zip(names, found, truth, error, strict=True)
    ]


def _children(history: Events, component: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    order = np.argsort(history.id)
    ranked = history.id[order]
    parents, children = [], []
    for m in range(MOST_CHILDREN):
        ids = child_ids(history.id, 2 * m + component)
        at = np.minimum(np.searchsorted(ranked, ids), ranked.size - 1)
        hit = np.flatnonzero(ranked[at] == ids)
        parents.append(hit)
        children.append(order[at[hit]])
    return np.concatenate(parents), np.concatenate(children)


def children_checks(evidence: Evidence) -> list[Check]:
    """Count the children of disputes, known by their ids, against strength times exposure."""
    onset, checks = evidence.inputs.parameters.onset, []
    same, born = 0, 0
    parts = (("short", onset.memory_short, onset.tau_short),
             ("long", onset.memory_long, onset.tau_long))  # fmt: skip
    for component, (name, strength, tau) in enumerate(parts):
        count, exposed = 0, 0.0
        for history, climate in zip(evidence.histories[0], evidence.climates, strict=True):
            found = onsets(history)
            parents, children = _children(found, component)
            dyad = dyads_of(evidence.inputs, found)
            same += int((dyad[parents] == dyad[children]).sum())
            count += children.size
            exposed += _open_time(evidence.inputs, climate, found.time, tau)
        born += count
        z = (count - strength * exposed) / math.sqrt(strength * exposed)
        ratio = strength * tau
        checks.append(
            of_normal(
                PROCESS,
                f"branching ratio of the {name} memory",
                z,
                ratio,
                count / exposed * tau,
                count,
            )
        )
    p = onset.memory_direction
    z = (same - born * p) / math.sqrt(born * p * (1.0 - p))
    checks.append(
        of_normal(PROCESS, "share of repeats in the same direction", z, p, same / born, born)
    )
    return checks


def _open_time(inputs: Inputs, climate: F8, time: F8, tau: float) -> float:
    starts = time + inputs.parameters.onset.memory_delay
    starts = starts[starts < inputs.years]
    clock, end = Clock(inputs, climate), np.full(starts.size, float(inputs.years))
    grown = clock.fading(tau, end) - clock.fading(tau, starts)
    return float((np.exp(starts / tau) * grown).sum())


def memory_checks(evidence: Evidence) -> list[Check]:
    """Run all checks of onsets with memory on one set of trajectories."""
    return [
        *residual_checks(evidence, 0, "reference"),
        *residual_checks(evidence, 1, "under a pact"),
        *estimate_checks(evidence),
        *children_checks(evidence),
    ]
