"""The benchmarks of the kernel run, at their smallest size, and count what they say they count."""

import math

from benchmarks import draws, growth, kernel
from benchmarks.figures import SMALLEST
from benchmarks.plain import SEED, count
from benchmarks.worlds import SMALL, packed, strongest
from forecast.kernel.simulate import simulate_batch
from forecast.world.snapshot import read_snapshot


def test_kernel_benchmark__sets_times_and_counts_side_by_side():
    found = {figure.key: figure.median for figure in kernel.measure(SMALLEST)}
    prefix = "kernel_three_futures_"
    per_candidate = found[f"{prefix}us"] * 1000 / found[f"{prefix}candidates"]
    assert math.isclose(found[f"{prefix}candidate_ns"], per_candidate)
    assert found[f"{prefix}blocks"] > found[f"{prefix}candidates"] > found[f"{prefix}disputes"] > 0


def test_plain_kernel__has_the_histories_of_the_compiled_kernel():
    counts = count("three_futures", *SMALL, trajectories=2)
    run = packed("three_futures", *SMALL)
    seen = simulate_batch(run.inputs, run.derived, SEED, 0, 2).trajectories
    assert counts.disputes == seen.counts[0].tolist()
    assert counts.blocks["CHILD_COUNT"] == seen.counts[0].sum()
    immigrants, stock = counts.blocks["IMMIGRANT"], counts.blocks["STOCK_SHORT"]
    assert 0 < immigrants + stock <= counts.drawn


def test_draw_floor__is_below_the_kernel():
    found = {figure.key: figure for figure in draws.measure(SMALLEST)}
    assert found["draw_floor_blocks"].median > 0
    assert "1 of 1 histories" in found["draw_floor_ratio"].note


def test_growth__has_an_exponent_for_everything_that_grows():
    keys = {figure.key for figure in growth.measure(SMALLEST)}
    grown = ("events", "states", "dyads", "years", "architectures", "institutions")
    assert keys == {f"growth_{name}" for name in grown}


def test_strongest_states__keep_their_dyads_alone():
    world = read_snapshot("2026")
    cut = strongest(world, 20)
    assert cut.sizes["state"] == 20
    assert math.isclose(float(cut["capability"].sum()), 1.0)
    assert set(cut["initiator"].values) <= set(cut["state"].values)
    weakest = float(world["capability"].sel(state=cut["state"]).min())
    assert int((world["capability"] >= weakest).sum()) == 20
