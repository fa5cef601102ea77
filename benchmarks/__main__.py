"""`python -m benchmarks [NAME ...]`: measure all or some, print a table and keep it.

The figures go to results.json and into the table of docs/performance.md.
"""

from __future__ import annotations

import sys
import time
import traceback
from importlib import import_module

from benchmarks.figures import FULL
from benchmarks.page import write_page
from benchmarks.report import read, show, update, write

BENCHMARKS = {
    "kernel": "benchmarks.kernel",
    "draws": "benchmarks.draws",
    "twin": "benchmarks.twin",
    "growth": "benchmarks.growth",
    "scaling": "benchmarks.scaling",
    "overhead": "benchmarks.overhead",
    "durability": "benchmarks.durability",
    "reach": "benchmarks.reach",
    "memory": "benchmarks.memory",
    "start": "benchmarks.start",
    # Peers last: importing them changes how this process logs.
    "race": "benchmarks.peers.race",
    "precision": "benchmarks.precision",
}


def main(asked: list[str]) -> int:
    """Run the benchmarks asked for; return 1 if one could not be run, 2 if there is none such."""
    unknown = sorted(set(asked) - set(BENCHMARKS))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; choose from: {', '.join(BENCHMARKS)}")
        return 2
    record, keys, failed = read(), [], []
    for name in asked or BENCHMARKS:
        start = time.perf_counter()
        try:
            figures = import_module(BENCHMARKS[name]).measure(FULL)
        except Exception:
            # What took minutes to measure is kept, whatever becomes of the rest.
            traceback.print_exc()
            failed.append(name)
            continue
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
        keys += [figure.key for figure in figures]
        record = update(record, figures)
        write(record)
        write_page(record)
    if keys:
        show(record, keys)
    if failed:
        print(f"could not be run: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
