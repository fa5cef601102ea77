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
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

SEED = 1


class Counts(NamedTuple):
    """What was counted in some trajectories, over all architectures."""

    blocks: dict[str, int]  # blocks asked for, by purpose of the draw (forecast.kernel.events)
    children: int  # candidates that an architecture has to itself
    layers: int  # layers of candidates opened for new rivals
    disputes: list[list[int]]  # (A, n)

    @property
    def drawn(self) -> int:
        """Blocks of all purposes."""
        return sum(self.blocks.values())


# Purposes of the blocks that a call asks for, by function of forecast.kernel.streams. Purpose 0 and
# what stands beyond `count` fill the lanes of vector instructions and are not asked for.
ASKED: dict[str, Callable[..., Iterable[int]]] = {
    "draw": lambda stream, event, purpose, actor: [purpose],
    "draw_many": lambda stream, event, purposes, actors, count, *uniforms: purposes[:count],
    "draw_all": lambda stream, event, purpose, actors, *uniforms: [purpose] * len(actors),
    "draw_events": lambda stream, events, purpose, actors, count, *uniforms: [purpose] * count,
}


def count(scenario: str, *settings: str, trajectories: int) -> Counts:
    """Count in the first trajectories of a shipped scenario with some settings changed."""
    asked = [sys.executable, "-m", __name__, scenario, str(trajectories), *settings]
    plain = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(asked, env=plain, stdout=subprocess.PIPE, text=True, check=True)
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


def _counting(module: Any, name: str, counts: Counter[Any], keys: Callable[..., Any]) -> None:
    """Count, by keys of the arguments, what is asked of a module's function from now on."""
    function = getattr(module, name)

    def counted(*arguments: Any) -> Any:
        counts.update(keys(*arguments))
        return function(*arguments)

    setattr(module, name, counted)


def _count_all() -> tuple[Counter[int], Counter[str]]:
    """Return counts of blocks by purpose and of calls; before other modules import by name."""
    from forecast.kernel import pending, streams

    blocks: Counter[int] = Counter()
    calls: Counter[str] = Counter()
    for name, purposes in ASKED.items():
        _counting(streams, name, blocks, lambda *x, of=purposes: [int(n) for n in of(*x)])
    _counting(pending, "push", calls, lambda *_: ["children"])
    from forecast.kernel import rivalries

    _counting(rivalries, "_fill_layer", calls, lambda *_: ["layers"])
    return blocks, calls


def main(scenario: str, trajectories: int, settings: list[str]) -> None:
    """Simulate and print the counts."""
    import numpy as np

    np.seterr(all="ignore")  # compiled code wraps integers and divides by zero in silence
    _make_plain()
    blocks, calls = _count_all()
    from benchmarks.worlds import packed
    from forecast.kernel import events
    from forecast.kernel.results import TRAJECTORY_COUNTS
    from forecast.kernel.simulate import simulate_batch

    run = packed(scenario, *settings)
    blocks.clear()  # what packing asked for
    calls.clear()
    seen = simulate_batch(run.inputs, run.derived, SEED, 0, trajectories).trajectories
    names = {int(v): name for name, v in vars(events).items() if isinstance(v, np.uint32)}
    disputes = seen.counts[TRAJECTORY_COUNTS.index("dispute_count")].tolist()
    by_purpose = {names[purpose]: n for purpose, n in blocks.items() if purpose != 0}
    counts = Counts(by_purpose, calls["children"], calls["layers"], disputes)
    print(json.dumps(counts._asdict()))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
