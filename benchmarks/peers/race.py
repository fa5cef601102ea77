"""Trajectories per second on W1 and W3, one core each, of those who reproduce the closed form."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from benchmarks.exact import Verdict, Workload, verdict, workload
from benchmarks.figures import Figure, Size, figure
from benchmarks.peers.contestants import LOOP, OURS, Contestant, contestants
from benchmarks.timing import ratio, side_by_side, spread

SEED = 20260510
FEWEST = 2  # trajectories

Seconds = dict[str, list[float]]  # per trajectory and round


def trajectories(contestant: Contestant, size: Size) -> int:
    """Return the trajectories of a round."""
    return max(FEWEST, int(size.factor * contestant.trajectories))


def checked(work: Workload, runners: Sequence[Contestant], size: Size) -> dict[str, Verdict]:
    """Hold everyone against the closed form; the first run compiles as well."""
    return {x.key: verdict(x.run(work, trajectories(x, size), SEED), work) for x in runners}


def race(work: Workload, runners: Sequence[Contestant], size: Size) -> Seconds:
    """Return seconds per trajectory of contestants that take turns."""
    laps = {x.key: partial(x.run, work, trajectories(x, size), SEED + 1) for x in runners}
    seconds = side_by_side(laps, size.rounds)
    return {x.key: [s / trajectories(x, size) for s in seconds[x.key]] for x in runners}


def _row(work: Workload, runner: Contestant, seconds: Seconds, found: Verdict) -> Figure:
    note = f"z of mean {found.mean:+.1f}, of variance {found.variance:+.1f}; {runner.lines} lines"
    rates = spread([1.0 / s for s in seconds[runner.key]])
    key = f"{work.name}_per_second_{runner.key}"
    return figure(key, f"{work.name.upper()}, {runner.name}", "trajectories/s", rates, note)


def _failed(work: Workload, runner: Contestant, found: Verdict) -> Figure:
    nothing = float("nan")
    note = f"not ranked, misses its closed form: {found}"
    key = f"{work.name}_per_second_{runner.key}"
    return Figure(key, f"{work.name.upper()}, {runner.name}", "-", nothing, nothing, nothing, note)


def fastest(runners: Sequence[Contestant], seconds: Seconds) -> Contestant | None:
    """Return the packaged peer with the least median time, if there is one."""
    peers = [x for x in runners if x.packaged]
    return min(peers, key=lambda x: spread(seconds[x.key]).median, default=None)


def _ratios(runners: Sequence[Contestant], seconds: Seconds) -> list[Figure]:
    us, keys = seconds.get(OURS), {x.key for x in runners}
    if us is None:
        return []
    found = []
    if LOOP in keys:
        versus = ratio(seconds[LOOP], us)
        found.append(figure("w3_vs_numba", "W3, against a plain numba loop", "times", versus))
    best = fastest(runners, seconds)
    if best is not None:
        name = f"W3, against the best packaged peer ({best.name})"
        found.append(figure("w3_vs_best_peer", name, "times", ratio(seconds[best.key], us)))
    return found


def measure(size: Size) -> list[Figure]:
    everyone, figures = contestants(), []
    for name in ("w1", "w3"):
        work = workload(name)
        found = checked(work, everyone, size)
        ranked = [x for x in everyone if found[x.key].passes]
        seconds = race(work, ranked, size)
        figures += [_row(work, x, seconds, found[x.key]) for x in ranked]
        figures += [_failed(work, x, found[x.key]) for x in everyone if x not in ranked]
        if name == "w3":
            figures += _ratios(ranked, seconds)
    return figures
