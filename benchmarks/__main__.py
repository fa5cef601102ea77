"""`python -m benchmarks`: measure, print a table, write benchmarks/results.json."""

from __future__ import annotations

import datetime
import json
import platform
from importlib.metadata import version
from pathlib import Path

from benchmarks.kernel import measure

SCENARIOS = ("three_futures", "all_futures")
TRAJECTORIES, REPEATS = 300, 5
RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    """Run every benchmark."""
    rows = [measure(name, TRAJECTORIES, REPEATS) for name in SCENARIOS]
    for row in rows:
        print(row["scenario"])
        for key, value in row.items():
            shown = f"{value:,.1f}" if isinstance(value, float) else value
            print(f"  {key:<48} {shown}")
    record = {
        "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "machine": f"{platform.machine()} {platform.system()}, Python {platform.python_version()}",
        "versions": {name: version(name) for name in ("numba", "numpy", "crossroads-forecast")},
        "trajectories": TRAJECTORIES,
        "repeats": REPEATS,
        "kernel": rows,
    }
    RESULTS.write_text(json.dumps(record, indent=2) + "\n")
    print(f"Written to {RESULTS}")


if __name__ == "__main__":
    main()
