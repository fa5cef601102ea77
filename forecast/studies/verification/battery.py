"""The battery: all checks, false-discovery control, and the control that it can fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from forecast.studies.verification.check import Check
from forecast.studies.verification.constant import competing_checks, poisson_checks
from forecast.studies.verification.goodness import adjusted_p
from forecast.studies.verification.hazards import hazard_checks
from forecast.studies.verification.memory import SEED, gather, memory_checks
from forecast.studies.verification.pacts import pact_checks
from forecast.studies.verification.thinning import ceiling_checks, thinning_checks
from forecast.studies.verification.wars import war_checks

LEVEL = 0.01
"""False-discovery rate: a right kernel fails the whole battery for at most 1 in 100 seeds."""
WRONG = 0.9
"""Factor on ``onset.memory_short`` in the kernel of the control."""
REPLICATES = 10

OTHERS: tuple[Callable[[], list[Check]], ...] = (
    poisson_checks,
    competing_checks,
    thinning_checks,
    ceiling_checks,
    war_checks,
    pact_checks,
    hazard_checks,
)


class Judged(NamedTuple):
    """A check, its p-value adjusted for the whole battery, and the verdict."""

    check: Check
    adjusted: float
    passed: bool


class Power(NamedTuple):
    """How often the battery rejects, and by which checks."""

    rejected: int
    replicates: int
    by: dict[str, int]


def judge(checks: list[Check]) -> list[Judged]:
    """Adjust the p-values of a battery and give the verdicts."""
    adjusted = adjusted_p([check.p for check in checks])
    return [Judged(c, q, q >= LEVEL) for c, q in zip(checks, adjusted, strict=True)]


def run_battery() -> list[Judged]:
    """Run and judge all checks."""
    others = [check for run in OTHERS for check in run()]
    return judge([*memory_checks(gather()), *others])


def rejections(judged: list[Judged], short: float, replicates: int) -> Power:
    """Exchange the memory checks for those of kernels whose short memory is off by a factor.

    Every replicate has another seed; the other checks stay as they were judged.
    """
    others = [x.check for x in judged if x.check.process != "onsets with memory"]
    rejected, by = 0, Counter[str]()
    for n in range(1, replicates + 1):
        memory = memory_checks(gather(seed=SEED + 1000 * n, short=short))
        failed = [x.check.claim for x in judge([*memory, *others]) if not x.passed]
        rejected += bool(failed)
        by.update(failed)
    return Power(rejected, replicates, dict(by.most_common()))
