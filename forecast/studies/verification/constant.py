"""Onsets at a constant rate: Poisson counts, and dyads that compete as exponentials."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from forecast.kernel.arrays import Inputs
from forecast.studies.verification.check import Check, of_cells, of_law, of_normal
from forecast.studies.verification.goodness import (
    chi_square_p,
    chi_square_tail,
    poisson_p,
    uniform_p,
)
from forecast.studies.verification.law import log_rates, undeterred
from forecast.studies.verification.logs import counted, dyads_of, histories, onsets
from forecast.studies.verification.worlds import quiet_parameters, quiet_world

F8 = NDArray[np.float64]
SEED = 20260203
STATES, YEARS, TRAJECTORIES, TRACED = 5, 20, 6_000, 400
AIMS = ("territory", "policy", "regime", "other")
POISSON, COMPETING = "constant rate", "competing exponentials"


def _rates(inputs: Inputs) -> F8:
    return np.exp(log_rates(inputs, undeterred(inputs).pact))


def poisson_checks() -> list[Check]:
    """Compare counts at a constant rate with the Poisson law."""
    inputs = quiet_world(quiet_parameters(), STATES, YEARS)
    mean = float(_rates(inputs).sum()) * YEARS
    counts = counted(inputs, SEED, TRAJECTORIES, "dispute_count")
    n = counts.size
    spread = ((counts - mean) ** 2).sum() / mean
    return [
        of_normal(POISSON, "mean count", (counts.mean() - mean) / math.sqrt(mean / n), mean,
                  float(counts.mean()), n),
        of_normal(POISSON, "variance of counts", (spread - n) / math.sqrt(n * (2.0 + 1.0 / mean)),
                  mean, float(((counts - mean) ** 2).mean()), n),
        of_cells(POISSON, "distribution of counts", poisson_p(counts, mean), "Poisson", n),
    ]  # fmt: skip


def competing_checks() -> list[Check]:
    """Compare gaps between onsets, and whose they are, with competing exponentials."""
    inputs = quiet_world(quiet_parameters(), STATES, YEARS)
    rates = _rates(inputs)
    gaps, firsts, aims = [], [], []
    for history in histories(inputs, SEED + 1, TRACED)[0]:
        found = onsets(history)
        gaps.append(np.diff(found.time, prepend=0.0))
        firsts.append(dyads_of(inputs, found))
        aims.append(found.value.astype(np.int64))
    gap, dyad, aim = np.concatenate(gaps), np.concatenate(firsts), np.concatenate(aims)
    return [*_races(rates, gap, dyad, gaps), *_aim_checks(inputs, dyad, aim)]


def _races(rates: F8, gap: F8, dyad: NDArray[np.int64], gaps: list[F8]) -> list[Check]:
    total, n = float(rates.sum()), gap.size
    seen = np.bincount(dyad, minlength=rates.size).astype(np.float64)
    # Trajectories are laid end to end, so that the cut at the horizon biases no gap.
    rest = np.array([YEARS - x.sum() for x in gaps])
    first = np.cumsum([0, *(x.size for x in gaps[:-1])])
    gap = gap.copy()
    gap[first[1:]] += rest[:-1]
    waits = np.bincount(dyad, weights=gap, minlength=rates.size) / np.maximum(seen, 1.0)
    excess = float((seen * (waits * total - 1.0) ** 2).sum())
    return [
        of_law(COMPETING, "gap to the next onset", uniform_p(np.exp(-total * gap)),
               f"Exp, mean {1.0 / total:.4f} years", n),
        of_cells(COMPETING, "which dyad comes first",
                 chi_square_p(seen, n * rates / total), "in proportion to its rate", n),
        of_cells(COMPETING, "gaps do not depend on who comes first",
                 (excess, chi_square_tail(excess, rates.size)), "one mean for all", n),
    ]  # fmt: skip


def _aim_checks(inputs: Inputs, dyad: NDArray[np.int64], aim: NDArray[np.int64]) -> list[Check]:
    d, shares, checks = inputs.dyads, inputs.parameters.aim, []
    land = inputs.states.contiguity[d.initiator, d.target][dyad] == 1
    for place, where in (("land", land), ("far", ~land)):
        named = [float(getattr(shares, f"{place}_{name}")) for name in AIMS]
        law = np.array([1.0 - sum(named), *named])
        seen = np.bincount(aim[where], minlength=law.size).astype(np.float64)
        checks.append(
            of_cells(
                "aims",
                f"aims of disputes, {place}",
                chi_square_p(seen, seen.sum() * law),
                "the stated shares",
                int(seen.sum()),
            )
        )
    return checks
