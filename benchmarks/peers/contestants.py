"""Who takes part: ours, numba loops written by hand, and the packaged peers that are installed."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from benchmarks import exact
from benchmarks.exact import Counts, Workload

PEERS = ("gillespy2", "rebop", "simpy", "mesa", "starsim")
OURS, LOOP, CEILING = "ours", "numba_loop", "numba_ceiling"
LAYOUT = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENDMARKER,
}  # fmt: skip


class Contestant(NamedTuple):
    """A simulator and how it is called; `key` names it in results.json."""

    key: str
    name: str
    run: Callable[[Workload, int, int], Counts]
    packaged: bool
    seeded: bool  # whether each trajectory can be given a seed of its own
    lines: int  # of code or configuration that a user writes
    trajectories: int  # of a full round


ROUND = {
    OURS: 2000, LOOP: 6000, CEILING: 8000,
    "gillespy2": 300, "rebop": 300, "simpy": 200, "mesa": 100, "starsim": 15,
}  # fmt: skip


def lines_of_code(path: Path) -> int:
    """Return the lines of a Python file without blank lines, comments and docstrings."""
    text = path.read_text(encoding="utf-8")
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in LAYOUT:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def _lines_of_configuration() -> int:
    files = ("w3.toml", "architectures/alliances.toml", "parameters/constant_hazards.toml")
    texts = [(exact.CONFIGS / file).read_text(encoding="utf-8") for file in files]
    return sum(bool(line) and not line.startswith("#") for x in texts for line in x.splitlines())


def ours() -> Contestant:
    """Return our own entry: a scenario, of which the workload names the file."""

    def run(workload: Workload, trajectories: int, seed: int) -> Counts:
        return exact.counts(exact.simulate(workload.name, trajectories, seed))

    lines = _lines_of_configuration()
    return Contestant(OURS, "crossroads-forecast", run, False, True, lines, ROUND[OURS])


def by_hand() -> list[Contestant]:
    """Return the numba loop with our draws and arrays, and the one with neither."""
    found = []
    for key in (LOOP, CEILING):
        module = import_module(f"benchmarks.peers.{key}")
        lines = lines_of_code(Path(module.__file__ or ""))
        found.append(Contestant(key, module.NAME, module.run, False, True, lines, ROUND[key]))
    return found


def packaged() -> list[Contestant]:
    """Return the packaged peers that are installed."""
    found = []
    for peer in PEERS:
        if find_spec(peer) is None:
            continue
        module = import_module(f"benchmarks.peers.{peer}_peer")
        name, lines = f"{module.NAME} {version(peer)}", lines_of_code(Path(module.__file__ or ""))
        found.append(Contestant(peer, name, module.run, True, module.SEEDED, lines, ROUND[peer]))
    return found


def contestants() -> list[Contestant]:
    """Return everyone."""
    return [ours(), *by_hand(), *packaged()]
