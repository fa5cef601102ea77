"""The record of all figures, results.json, and the table of them with the targets."""

from __future__ import annotations

import datetime
import json
import operator
import os
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure

RESULTS = Path(__file__).parent / "results.json"
PLAIN_WIDTH = 160
"""Columns where the output is no terminal."""


class Target(NamedTuple):
    """What a figure should reach, and what it would at best."""

    sign: str
    value: float
    moonshot: float | None = None

    def holds(self, value: float) -> bool:
        """Return whether a median reaches the target."""
        return (operator.le if self.sign == "≤" else operator.ge)(value, self.value)


TARGETS = {
    "draw_floor_ratio": Target("≤", 6.0, 3.0),
    "w3_vs_numba": Target("≥", 0.5),
    "w3_vs_best_peer": Target("≥", 5.0),
    "numpy_twin_ratio": Target("≥", 20.0),
    "w4_seconds_ratio": Target("≥", 50.0),
    "million_minutes": Target("≤", 10.0, 3.0),
    "threads_2_vs_1": Target("≥", 1.85),
    "overhead_share": Target("≤", 5.0),
    "store_overhead": Target("≤", 5.0),
    "processes_overhead": Target("≤", 15.0),
    "help_ratio": Target("≤", 20.0),
    "warm_seconds": Target("≤", 3.0),
    "cold_seconds": Target("≤", 45.0),
    "peak_mib_1e5": Target("≤", 1024.0),
    "peak_mib_1e6": Target("≤", 1024.0),
    "growth_events": Target("≤", 1.0),
    "growth_dyads": Target("≤", 1.0),
}

Record = dict[str, Any]


def update(record: Record, figures: Iterable[Figure]) -> Record:
    """Return the record with these figures new, and with the machine they were measured on."""
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    known = dict(record.get("figures", {}))
    for figure in figures:
        shown = {k: _rounded(v) for k, v in figure._asdict().items() if k != "key"}
        known[figure.key] = {**shown, "date": today}
    return {"date": today, "machine": _machine(), "versions": _versions(), "figures": known}


def read() -> Record:
    """Return the record of earlier runs."""
    record: Record = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    return record


def write(record: Record) -> None:
    """Write the record beside this file."""
    RESULTS.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n")


def show(record: Mapping[str, Any], keys: Iterable[str]) -> None:
    """Print the figures of these keys."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    machine = record["machine"]
    console.print(f"{machine['processor']}, {machine['cores']} cores, {machine['system']}")
    console.print(", ".join(f"{name} {number}" for name, number in record["versions"].items()))
    console.print(_table(record["figures"], keys))


def _table(figures: Mapping[str, Record], keys: Iterable[str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("figure", ratio=4)
    for name in ("median", "lowest", "highest"):
        table.add_column(name, justify="right")
    for name in ("unit", "target", "holds"):
        table.add_column(name)
    table.add_column("note", ratio=5)
    for key in keys:
        figure = figures[key]
        values = (shown(figure[name]) for name in ("median", "low", "high"))
        table.add_row(
            figure["name"],
            *values,
            figure["unit"],
            *verdict(key, figure["median"]),
            figure["note"],
        )
    return table


def verdict(key: str, value: float) -> tuple[str, str]:
    """Return the target and whether it holds, in words; blank where nothing was promised."""
    target = TARGETS.get(key)
    if target is None:
        return "", ""
    moonshot = "" if target.moonshot is None else f" ({target.moonshot:g})"
    return f"{target.sign} {target.value:g}{moonshot}", "yes" if target.holds(value) else "NO"


def shown(value: float) -> str:
    """Return a figure with three digits, or with all before the point."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _rounded(value: Any) -> Any:
    return float(f"{value:.5g}") if isinstance(value, float) else value


def _machine() -> Record:
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def _processor() -> str:
    """Return the processor's model; elsewhere than on Linux what Python knows of it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor()


SHOWN_VERSIONS = (
    "crossroads-forecast", "numba", "numpy", "dask", "xarray", "zarr",
    "gillespy2", "rebop", "simpy", "mesa", "starsim",
)  # fmt: skip


def _versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that were timed, where installed."""
    found = {d.metadata["Name"].lower(): d.version for d in distributions()}
    return {
        "python": platform.python_version(),
        **{name: found[name] for name in SHOWN_VERSIONS if name in found},
    }
