"""The benchmarks of whole runs work, at their smallest size."""

import pytest

from benchmarks import durability, memory, overhead, reach, scaling, start
from benchmarks.figures import SMALLEST


def test_overhead__is_a_share_of_the_run():
    found = {figure.key: figure.median for figure in overhead.measure(SMALLEST)}
    assert 0 < found["overhead_share"] < 100
    assert found["million_minutes"] > 0


# Stopping worker processes leaves sockets and file handles to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_scaling__compares_threads_and_processes():
    keys = [figure.key for figure in scaling.measure(SMALLEST)]
    assert keys == ["threads_2_vs_1", "threads_cpu_per_wall", "processes_2_vs_1"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_durability__compares_stores_and_processes():
    keys = [figure.key for figure in durability.measure(SMALLEST)]
    assert keys == ["store_overhead", "processes_overhead"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_reach__tells_rates():
    found = {figure.key: figure.median for figure in reach.measure(SMALLEST)}
    assert found["batch_objects"] == 135
    assert all(value > 0 for value in found.values())


def test_memory__is_that_of_the_run_and_not_of_its_launcher():
    (peak,) = memory.measure(SMALLEST)
    assert peak.key == "peak_mib_1e5"
    assert 100 < peak.median < 1000  # MiB: the libraries alone take a third of it


def test_start__tells_every_way_to_start_from_a_bare_interpreter():
    found = {figure.key: figure.median for figure in start.measure(SMALLEST)}
    assert found["help_ratio"] > 1
    assert found["cold_seconds"] > 0
    assert found["warm_seconds"] > 0
