"""Each benchmark runs, at its smallest size."""

from benchmarks.kernel import measure


def test_kernel_benchmark__measures_a_scenario():
    row = measure("three_futures", trajectories=1, repeats=1)
    assert row["architectures"] == 4
    assert row["microseconds_per_trajectory_and_architecture"] > 0
    assert row["shared_candidates_per_trajectory"] > row["disputes_per_trajectory_and_architecture"]
