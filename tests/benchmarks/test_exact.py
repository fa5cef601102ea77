"""Work with exact answers: our scenarios and the numba loops keep to the closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks import exact
from benchmarks.peers import numba_ceiling, numba_loop
from benchmarks.peers.contestants import by_hand, lines_of_code
from forecast.run import run

SEED = 20260601


def test_w3__has_435_pairs_of_unequal_hazards_and_thirty_onsets_a_year():
    work = exact.workload("w3")
    assert work.rates.size == 435
    assert work.rates.max() > 100 * work.rates.min()
    assert work.mean == pytest.approx(750, rel=1e-3)


def test_rates__of_the_onset_equation_are_those_the_kernel_draws_from():
    packed = exact.packed("w3")
    assert np.log(exact.dyad_rates("w3")) == pytest.approx(packed.derived.log_rate, abs=1e-12)


@pytest.mark.parametrize("name", ["w1", "w3"])
def test_ours__keeps_to_the_closed_form(name: str):
    found = exact.counts(exact.simulate(name, 400, SEED))
    assert exact.verdict(found, exact.workload(name)).passes


def test_ours__onsets_fall_on_dyads_in_proportion_to_their_hazards():
    batches = exact.simulate("w3", 400, SEED)
    seen = sum(batch.dyads.onset_count[0].sum(axis=1) for batch in batches)
    expected = exact.dyad_rates("w3") * exact.YEARS * 400
    excess = ((seen - expected) ** 2 / expected).sum() - expected.size
    assert abs(excess) < 4.0 * math.sqrt(2.0 * expected.size + (1.0 / expected).sum())


def test_w4__second_architecture_keeps_nine_tenths():
    found = exact.counts(exact.simulate("w4", 400, SEED), architecture=1)
    assert exact.verdict(found, exact.second(exact.workload("w4"))).passes


def test_w4__paired_variance_is_that_of_the_disputes_deterred():
    work = exact.workload("w4")
    batches = exact.simulate("w4", 400, SEED)
    pairs = exact.counts(batches, 0).totals - exact.counts(batches, 1).totals
    deterred = exact.Workload("deterred", (1.0 - exact.KEPT) * work.rates, work.years)
    assert exact.paired_variance(work) == pytest.approx(deterred.mean)
    yearly = exact.counts(batches, 0).yearly - exact.counts(batches, 1).yearly
    assert exact.verdict(exact.Counts(pairs, yearly), deterred).passes


def test_w4__runs_as_an_ordinary_scenario(tmp_path):
    outcomes = run(
        exact.scenario("w4"),
        exact.world(exact.STATES["w4"]),
        output=tmp_path / "w4.zarr",
        trajectories=2,
        seed=SEED,
        progress=lambda done, total: None,
    )
    counts = outcomes["trajectories"]["dispute_count"]
    batch = exact.simulate("w4", 2, SEED)[0].trajectories.counts[exact.DISPUTES]
    assert (counts.transpose("architecture", ...).to_numpy().reshape(2, 2) == batch).all()


def test_verdict__refuses_a_wrong_mean_and_a_wrong_variance():
    work = exact.Workload("invented", np.array([4.0]), 25)
    draws = np.random.default_rng(SEED)
    yearly = np.full(25, 400 * 4)
    assert exact.verdict(exact.Counts(draws.poisson(100, 400), yearly), work).passes
    assert not exact.verdict(exact.Counts(draws.poisson(104, 400), yearly), work).passes
    assert not exact.verdict(exact.Counts(np.full(400, 100), yearly), work).passes


@pytest.mark.parametrize("runner", by_hand(), ids=lambda runner: runner.key)
@pytest.mark.parametrize("name", ["w1", "w3"])
def test_numba__keeps_to_the_closed_form(name: str, runner):
    work = exact.workload(name)
    assert exact.verdict(runner.run(work, 400, SEED), work).passes


def test_numba_loop__fills_the_arrays_with_what_it_counts():
    cumulative, target, states = numba_loop.directed(exact.workload("w3"))
    filled = numba_loop.allocate(20, states, target.size, exact.YEARS)
    numba_loop.fill(filled, cumulative, target, exact.YEARS, SEED, 0)
    disputes = filled.counts[0].sum()
    assert disputes > 0
    assert filled.onsets.sum() == filled.states[0].sum() == filled.annual[0].sum() == disputes
    assert filled.last.sum() == filled.annual[0, -1]
    assert (filled.histogram.sum(axis=2) == 20).all()


def test_lines_of_code__leave_out_blanks_comments_and_docstrings(tmp_path):
    file = tmp_path / "script.py"
    file.write_text('"""Text\n\nof a module."""\n\n# a comment\nx = (\n    1\n)\n')
    assert lines_of_code(file) == 3


def test_numba_ceiling__one_seed_gives_the_same_trajectories():
    work = exact.workload("w1")
    one, again = (numba_ceiling.run(work, 5, SEED).totals for _ in range(2))
    assert (one == again).all()
