"""Births and deaths of pacts, exits, and economic coercion: counts with a closed form."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.kernel import events
from forecast.kernel.arrays import Inputs
from forecast.studies.verification.check import Check, of_cells, of_normal
from forecast.studies.verification.goodness import chi_square_p, poisson_p
from forecast.studies.verification.law import log_rates, undeterred
from forecast.studies.verification.logs import Events, histories
from forecast.studies.verification.worlds import (
    architectures_of,
    pact_of,
    quiet_parameters,
    quiet_world,
)

F8 = NDArray[np.float64]
SEED = 20260205
STATES, YEARS, TRAJECTORIES = 8, 30, 2_000
BIRTHS, LIFE = 0.6, 8.0  # a year; years
NEWBORN, ORIGIN = 2, 1  # Architectures.links
PACTS = "births and deaths of pacts"


def _world(parameters: dict[str, dict[str, float]], record: dict[str, Any]) -> Inputs:
    return quiet_world(
        quiet_parameters({"onset": {"const": -20.0}}, parameters),
        STATES, YEARS, architectures_of(STATES, [record]),
    )  # fmt: skip


def birth_world() -> Inputs:
    """Return a world in which pacts are born and die and nothing else happens.

    Their obligation is no defence obligation, so two states may ally again and again.
    """
    conduct = {"births_per_year": BIRTHS, "birth_size_most": 2.0, "birth_life_years": LIFE}
    record = pact_of((), obligation=0.3, links=NEWBORN) | {"conduct": conduct}
    return _world({"process": {"pact_birth": 1.0, "pact_death": 1.0}}, record)


def birth_checks() -> list[Check]:
    """Compare births, pacts alive and first founders with a birth–death process.

    Pacts are born at the ticks 1 … T-1 and end at the first tick not before the end of their life.
    """
    inputs = birth_world()
    found = histories(inputs, SEED, TRAJECTORIES)[0]
    born = np.array([h.of(events.PACT_BORN).time.size for h in found], np.float64)
    ended = np.array([h.of(events.PACT_ENDED).time.size for h in found], np.float64)
    alive, fade = born - ended, math.exp(-1.0 / LIFE)
    births = BIRTHS * (YEARS - 1)
    living = BIRTHS * (1.0 - fade ** (YEARS - 1)) / (1.0 - fade)
    return [
        *_poisson_pair("births", born, births),
        *_poisson_pair("pacts alive at the end", alive, living),
        _founders(inputs, found),
    ]


def _poisson_pair(name: str, counts: F8, mean: float) -> list[Check]:
    n = counts.size
    z = (float(counts.mean()) - mean) / math.sqrt(mean / n)
    return [
        of_normal(PACTS, f"mean number of {name}", z, mean, float(counts.mean()), n),
        of_cells(PACTS, f"distribution of {name}", poisson_p(counts, mean), "Poisson", n),
    ]


def threats(inputs: Inputs) -> F8:
    """Return the threat to every state at the origin, (N,) (§6.1)."""
    d, onset = inputs.dyads, inputs.parameters.onset
    newness = onset.new_dyad * np.exp(-d.age / onset.new_dyad_years)
    rate = np.exp(log_rates(inputs, undeterred(inputs).pact) + newness)
    log_capability = np.log(inputs.states.capability)
    above = np.maximum(log_capability[d.initiator] - log_capability[d.target], 0.0)
    felt = np.bincount(d.target, weights=rate * above, minlength=inputs.states.code.size)
    return felt.astype(np.float64)


def _founders(inputs: Inputs, found: list[Events]) -> Check:
    """Compare who founds the first pact with the threat to each state (§6.6)."""
    threat = threats(inputs)
    first = [h.of(events.PACT_BORN).initiator for h in found]
    codes = np.array([x[0] for x in first if x.size])
    seen = np.array([(codes == code).sum() for code in inputs.states.code], np.float64)
    order = np.argsort(-threat)
    expected = codes.size * threat[order] / threat.sum()
    return of_cells(
        PACTS,
        "founder of the first pact",
        chi_square_p(seen[order], expected),
        "in proportion to threat",
        codes.size,
    )


def link_checks() -> list[Check]:
    """Compare the survival of pacts of the origin with the exponential law."""
    members = (0, 1, 2, 3)
    record = pact_of(members, obligation=0.3, links=ORIGIN) | {
        "conduct": {"pact_death_factor": 1.0}
    }
    inputs = _world({"process": {"pact_death": 1.0}}, record)
    inputs.architectures.member[:] = 0
    inputs.architectures.covered[:] = 0
    found = histories(inputs, SEED + 1, TRAJECTORIES)[0]
    ends = np.concatenate([h.of(events.PACT_ENDED).time for h in found])
    rate, pairs = inputs.parameters.pacts.death, len(members) * (len(members) - 1) // 2
    n = TRAJECTORIES * pairs
    ticks = np.arange(1, YEARS)
    law = np.exp(-rate * (ticks - 1.0)) - np.exp(-rate * ticks)
    law = np.append(law, 1.0 - law.sum())
    seen = np.array([(ends == t).sum() for t in ticks], np.float64)
    seen = np.append(seen, n - seen.sum())
    return [of_cells(PACTS, "ends of the origin's pacts", chi_square_p(seen, n * law),
                     f"Exp, rate {rate:g} a year", n)]  # fmt: skip


def coercion_checks() -> list[Check]:
    """Compare acts of economic coercion with a Poisson process, and their success."""
    parameters = {"process": {"coercion": 1.0}, "coercion": {"growth_loss": 0.0}}
    inputs = _world(parameters, {})
    trade = inputs.states.trade
    trade[2:, 0] *= 1.5  # the first great power matters more to the others than they to it
    found = histories(inputs, SEED + 2, TRAJECTORIES)[0]
    acts = [h.of(events.COERCED) for h in found]
    counts = np.array([x.time.size for x in acts], np.float64)
    coercion = inputs.parameters.coercion
    mean = coercion.rate * int(inputs.states.great.sum()) * YEARS
    won = float(sum((x.value == 1.0).sum() for x in acts))
    n, p = int(counts.sum()), coercion.success
    name = "economic coercion"
    return [
        of_cells(name, "acts", poisson_p(counts, mean), f"Poisson, mean {mean:g}", TRAJECTORIES),
        of_normal(name, "share that succeeds", (won - n * p) / math.sqrt(n * p * (1.0 - p)), p,
                  won / n, n),
    ]  # fmt: skip


def pact_checks() -> list[Check]:
    """Run all checks of this module."""
    return [*birth_checks(), *link_checks(), *coercion_checks()]
