"""Peers, where they are installed, keep to the closed forms at a small size."""

from __future__ import annotations

import shutil
from importlib import import_module

import numpy as np
import pytest

from benchmarks import exact
from benchmarks.figures import SMALLEST
from benchmarks.peers import race
from benchmarks.peers.contestants import PEERS

SEED = 20260602
TRAJECTORIES = {"gillespy2": 40, "rebop": 20, "simpy": 20, "mesa": 10, "starsim": 2}
# What the peers' own code warns of is not ours to mend.
pytestmark = pytest.mark.filterwarnings("default")


def peer_module(name: str):
    pytest.importorskip(name)
    if name == "gillespy2" and shutil.which("g++") is None:
        pytest.skip("GillesPy2 compiles its models with g++")
    return import_module(f"benchmarks.peers.{name}_peer")


@pytest.mark.parametrize("workload", ["w1", "w3"])
@pytest.mark.parametrize("name", PEERS)
def test_peer__keeps_to_the_closed_form(name: str, workload: str):
    work = exact.workload(workload)
    found = peer_module(name).run(work, TRAJECTORIES[name], SEED)
    assert exact.verdict(found, work).passes
    assert found.totals.sum() == found.yearly.sum()
    assert found.last is not None
    assert found.last.sum() == found.yearly[-1]


@pytest.mark.parametrize("name", PEERS)
def test_peer__one_seed_gives_the_same_trajectories(name: str):
    module, work = peer_module(name), exact.workload("w1")
    one, again = (module.run(work, 3, SEED).totals for _ in range(2))
    assert (one == again).all()
    assert np.unique(one).size > 1


def test_race__ranks_whoever_is_installed():
    figures = {row.key: row for row in race.measure(SMALLEST)}
    assert figures["w3_vs_numba"].median > 0
    assert figures["w3_per_second_ours"].median > 0
    assert figures["w3_per_second_ours"].note.endswith("lines")


def test_race__does_not_rank_who_misses_the_closed_form():
    work = exact.workload("w1")

    def wrong(work: exact.Workload, trajectories: int, seed: int) -> exact.Counts:
        return exact.Counts(np.zeros(trajectories, np.int64), np.zeros(work.years, np.int64))

    cheat = race.contestants()[1]._replace(key="cheat", run=wrong)
    assert not race.checked(work, [cheat], SMALLEST)["cheat"].passes
