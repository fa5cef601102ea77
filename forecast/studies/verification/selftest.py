"""The battery for users: run it, show it, say whether the kernel holds."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table

from forecast.studies.verification.battery import LEVEL, WRONG, Judged, rejections, run_battery

PLAIN_WIDTH = 130
"""Columns where the output is no terminal."""


def selftest() -> bool:
    """Run the battery and its control, print a table, and return whether all is as stated."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    judged = run_battery()
    console.print(result_table(judged))
    failed = sum(not x.passed for x in judged)
    caught = rejections(judged, WRONG, replicates=1).rejected == 1
    verdict = "caught" if caught else "NOT caught"
    console.print(
        f"{len(judged)} checks, {failed} failed (false-discovery rate {LEVEL:g}). A kernel whose "
        f"short memory is {100 * (1 - WRONG):.0f} % too low is {verdict}."
    )
    good = failed == 0 and caught
    console.print("The kernel simulates the law it states." if good else "The kernel FAILS.")
    return good


def result_table(judged: list[Judged]) -> Table:
    """Return one row per check, process by process."""
    table = Table(box=box.SIMPLE_HEAD)
    for name in ("check", "expected", "seen", "statistic", "p", "verdict"):
        table.add_column(name, justify="left" if name in {"check", "verdict"} else "right")
    for process in dict.fromkeys(x.check.process for x in judged):
        table.add_row(process.upper())
        for check, _, passed in (x for x in judged if x.check.process == process):
            verdict = "holds" if passed else "FAILS"
            figures = (check.expected, check.seen, check.statistic, f"{check.p:.2g}")
            table.add_row(f"  {check.claim}", *figures, verdict)
    return table
