"""The kernel as plain Python, to count what the compiled kernel should not spend time counting.

Run as a process of its own with numba's compiler switched off, it simulates some trajectories and
prints how many blocks of random numbers each purpose drew.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any, NamedTuple

SEED = 1


class Counts(NamedTuple):
    """What was counted in some trajectories, over all architectures."""

    blocks: dict[str, int]  # Philox blocks by purpose of the draw (forecast.kernel.events)
    layers: int  # layers of candidates opened for new rivals
    disputes: list[list[int]]  # (A, n)

    @property
    def drawn(self) -> int:
        """Blocks of all purposes."""
        return sum(self.blocks.values())

    @property
    def children(self) -> int:
        """Candidates born of disputes and of layers, which each architecture has to itself."""
        return self.blocks.get("CHILD", 0) + self.blocks.get("RIVAL_LAYER", 0) - self.layers


def count(scenario: str, *settings: str, trajectories: int) -> Counts:
    """Count in the first trajectories of a shipped scenario with some settings changed."""
    asked = [sys.executable, "-m", __name__, scenario, str(trajectories), *settings]
    plain = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(asked, env=plain, capture_output=True, text=True, check=True)
    return Counts(**json.loads(done.stdout))


def _record(fields: tuple[str, ...]) -> type:
    """Return a plain class with the constructor of a numba record."""

    def fill(self: Any, *values: Any) -> None:
        for field, value in zip(fields, values, strict=True):
            setattr(self, field, value)

    return type("Record", (), {"__slots__": tuple(fields), "__init__": fill})


def _make_plain() -> None:
    """Replace what only compiled code can use; the kernel must not have been imported yet."""
    from numba.experimental import structref

    from forecast.kernel import borrowing

    made: dict[str, type] = {}

    def define(record: type, _: type, fields: tuple[str, ...]) -> None:
        made[record.__name__] = _record(fields)

    structref.define_constructor = define
    borrowing.release = lambda record: None
    from forecast.kernel import records

    for name, plain in made.items():
        setattr(records, name, plain)


def _counting(module: Any, name: str, key: Any) -> Counter[Any]:
    """Return a count, by key of the arguments, of the calls of a module's function from now on."""
    calls: Counter[Any] = Counter()
    function = getattr(module, name)

    def counted(*arguments: Any) -> Any:
        calls[key(arguments)] += 1
        return function(*arguments)

    setattr(module, name, counted)
    return calls


def main(scenario: str, trajectories: int, settings: list[str]) -> None:
    """Simulate and print the counts."""
    import numpy as np

    np.seterr(all="ignore")  # compiled code wraps integers and divides by zero in silence
    _make_plain()
    from benchmarks.worlds import packed
    from forecast.kernel import events, rivalries, streams
    from forecast.kernel.results import TRAJECTORY_COUNTS
    from forecast.kernel.simulate import simulate_batch

    run = packed(scenario, *settings)
    purposes = {int(v): name for name, v in vars(events).items() if isinstance(v, np.uint32)}
    blocks = _counting(streams, "philox", lambda address: purposes[int(address[4])])
    layers = _counting(rivalries, "_open_layer", len)
    seen = simulate_batch(run.inputs, run.derived, SEED, 0, trajectories).trajectories
    disputes = seen.counts[TRAJECTORY_COUNTS.index("dispute_count")].tolist()
    print(json.dumps(Counts(dict(blocks), layers.total(), disputes)._asdict()))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
