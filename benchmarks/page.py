"""The table of all figures in docs/performance.md, between two marks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.report import shown, verdict

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- table: written by make bench -->\n", "<!-- end of table -->"


def table(record: dict[str, Any]) -> str:
    """Return the machine, the versions and every figure of the record as Markdown."""
    machine = record["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in record["versions"].items())
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}; {versions}.",
        "",
        "| figure | median | lowest | highest | unit | target | holds | note |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for key, figure in record["figures"].items():
        values = [shown(figure[name]) for name in ("median", "low", "high")]
        cells = [figure["name"], *values, figure["unit"], *verdict(key, figure["median"])]
        lines.append(f"| {' | '.join([*cells, figure['note']])} |")
    return "\n".join(lines) + "\n"


def write_page(record: dict[str, Any]) -> None:
    """Put the record's table into the page."""
    before, rest = PAGE.read_text().split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(before + BEGIN + table(record) + END + after)
