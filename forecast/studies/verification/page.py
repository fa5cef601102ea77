"""The page docs/verification.md: every check of the battery with its figures."""

from __future__ import annotations

from pathlib import Path

from forecast.studies.verification.battery import LEVEL, WRONG, Judged, Power

INTRODUCTION = """\
# Does the kernel simulate the law it states?

Written by `make verify`; do not edit. `forecast selftest` runs the same checks on your machine.

Every row compares the compiled kernel with an answer that does not come from it: a closed form, a
numerical integral, the onset law of [model.md](model.md) §1.3 and §3.1 written out once more in
numpy, or another simulator. Each check runs in a world of two to eight states in which all but the
process under test is off; constants are the shipped ones unless the notes below say otherwise.
Seeds are pinned, so a second run gives the same figures. Agreement event by event with a second
implementation is tested apart (`tests/kernel`).

*p*: two-sided, under the claim. *Adjusted*: for false discoveries over all rows (Benjamini and
Hochberg 1995); a row fails if it is below {level}. If all claims hold, any row fails for at most
{percent} of seeds, provided that rows on the same trajectories depend on each other positively.
Normal, χ² and Kolmogorov–Smirnov statistics have their large-sample laws; for counts the last is
conservative. *Finds*: the deviation, of the expected value or as distance D, that a row finds with
probability of about .9 (five standard errors); none is given for tables of cells.

{count} checks, {failed} failed.
"""

HEADER = """
| process | claim | expected | seen | statistic | n | p | adjusted | finds | verdict |
|---|---|---|---|---|---|---|---|---|---|
"""

NOTES = """
## What the rows do

- *Rescaled gaps*: the intensity of every directed dyad is integrated over its own history, climate
  included; in that time onsets are a Poisson process of rate 1. Dyads are laid end to end, so that
  no gap is lost. The reference has no institutions; "under a pact" is a second architecture in
  which three of five states promise one another help, with `onset.deterrence` at .3: support, legal
  cost, the pact covariate and `onset.recurrence_share` are then in the intensity.
- *Branching ratio*: children are known by their ids; their number over the time in which disputes
  could have children, times the memory's lifetime, against strength × lifetime.
- *Direct thinning*: the same law by Ogata's (1981) algorithm, without clusters and with other
  random numbers; three pairs, 20 years.
- *Ceilings*: with a calmer climate (sd .12) no intensity reaches half the shipped ceilings; counts
  under half and double ceilings against the shipped ones, with other seeds.
- *Wars and deaths*: every dispute of two states becomes a war and costs no capability. So there are
  two parties throughout; the law over wars with joiners is a mixture that no row checks. The
  expected tail exponent is 1 + 1/E[ln(BD/7,061) | BD > 7,061] of that law by numerical integration,
  not the record's. For the use of nuclear weapons both states are armed and the hazard is .05.
- *Pacts*: .6 are born a year and live 8 years on average. They are born and end at yearly ticks, so
  the number expected alive at the last tick is b(1 - e^(-d(T-1)))/(1 - e^(-d)), which becomes
  b/d·(1 - e^(-dT)) for short ticks.
- *Hazards* of rivalries (const -4 for starts), exits (.02 a year) and proliferation (.02 a year)
  are higher than shipped where these would give too few events.
"""


def write_page(judged: list[Judged], wrong: Power, right: Power, output: Path) -> None:
    """Write the page of a battery and of its controls."""
    rows = "\n".join(_row(x) for x in judged)
    head = INTRODUCTION.format(
        level=f"{LEVEL:g}", percent=f"{100 * LEVEL:g} %", count=len(judged),
        failed=sum(not x.passed for x in judged),
    )  # fmt: skip
    text = f"{head}{HEADER}{rows}\n{_control(wrong, right)}{NOTES}"
    output.write_text(text, encoding="utf-8")


def _row(judged: Judged) -> str:
    check, verdict = judged.check, "holds" if judged.passed else "**fails**"
    cells = (
        check.process, check.claim, check.expected, check.seen, check.statistic,
        f"{check.size:,}", f"{check.p:.2g}", f"{judged.adjusted:.2g}", check.finds, verdict,
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def _control(wrong: Power, right: Power) -> str:
    caught = "; ".join(f"{claim} ({count})" for claim, count in wrong.by.items())
    return f"""
## Can the battery fail?

A kernel whose `onset.memory_short` is {100 * (1 - WRONG):.0f} % too low, judged against the stated
law, is rejected with {wrong.rejected} of {wrong.replicates} seeds. With the right kernel and as
many other seeds, {right.rejected} of {right.replicates} are rejected. By check (seeds): {caught}.
"""
