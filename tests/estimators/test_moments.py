from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from forecast.estimators.intervals import discordant, wilson_interval
from forecast.estimators.moments import (
    chunk,
    combine,
    contrast,
    finalize_mean,
    finalize_ratio,
    from_sums,
)
from forecast.estimators.quantiles import finalize_quantile, histogram_quantile, quantile_density

COUNTS = hnp.arrays(
    np.int64, st.tuples(st.just(3), st.integers(2, 40)), elements=st.integers(0, 1000)
)


@given(COUNTS, st.lists(st.integers(0, 40), max_size=5))
def test_combine__does_not_depend_on_how_trajectories_are_cut(
    values: np.ndarray, cuts: list[int]
) -> None:
    parts = np.split(values, sorted(c for c in cuts if c <= values.shape[1]), axis=1)
    whole, merged = chunk(values), combine(chunk(part) for part in parts)
    assert merged.size == whole.size
    np.testing.assert_allclose(merged.mean, whole.mean)
    np.testing.assert_allclose(merged.comoment, whole.comoment, atol=1e-6)


@given(COUNTS, st.integers(1, 6), st.data())
def test_combine__gives_equal_bits_in_whatever_order_parts_arrive(
    values: np.ndarray, draws: int, data: st.DataObject
) -> None:
    values = np.sqrt(values)
    cuts = range(0, values.shape[1], 3)
    parts = [chunk(values[:, first : first + 3], first, draws) for first in cuts]
    shuffled = data.draw(st.permutations(parts))
    one, other = (finalize_mean(combine(some)) for some in (parts, shuffled))
    np.testing.assert_array_equal(one.value, other.value)
    np.testing.assert_array_equal(one.covariance, other.covariance)


def test_covariance__of_nested_draws_is_that_of_the_means_of_draws() -> None:
    values = np.random.default_rng(5).normal(size=(2, 60))
    means = values.reshape(2, 15, 4).mean(axis=1)
    found = finalize_mean(chunk(values, 0, 4))
    np.testing.assert_allclose(found.covariance, np.cov(means) / 4)
    within = values.reshape(2, 15, 4).var(axis=1, ddof=1).mean(axis=1) / 60
    np.testing.assert_allclose(np.diagonal(found.simulation), within)
    assert found.clusters == 4


@given(COUNTS)
def test_from_sums__equals_moments_of_the_trajectories(values: np.ndarray) -> None:
    size = values.shape[1]
    stored = from_sums(size, values.sum(axis=1), values @ values.T)
    seen = chunk(values)
    np.testing.assert_allclose(stored.mean, seen.mean)
    np.testing.assert_allclose(stored.comoment, seen.comoment, atol=1e-5)


def test_contrast__is_the_error_of_differences_pair_by_pair() -> None:
    rng = np.random.default_rng(1)
    luck = rng.normal(size=500)
    values = np.stack([luck, luck + 0.1 * rng.normal(size=500) + 1])
    found = contrast(finalize_mean(chunk(values)), 0)
    paired = values[1] - values[0]
    assert found.difference[1] == pytest.approx(paired.mean())
    assert found.std_error[1] == pytest.approx(paired.std(ddof=1) / np.sqrt(500))
    apart = values.var(axis=1, ddof=1).sum()
    assert found.variance_gain[1] == pytest.approx(apart / paired.var(ddof=1))
    assert found.difference[0] == found.std_error[0] == 0
    assert np.isnan(found.variance_gain[0])


def test_contrast__of_equal_architectures_has_no_error_and_boundless_gain() -> None:
    values = np.random.default_rng(2).poisson(3.0, size=1000).astype(float)
    found = contrast(finalize_mean(chunk([values, values])), 0)
    assert found.std_error[1] == 0
    assert np.isinf(found.variance_gain[1])


def test_finalize_ratio__has_the_spread_of_many_repetitions() -> None:
    rng = np.random.default_rng(3)

    def repetition() -> tuple[float, float]:
        calls = rng.poisson(4.0, size=(2, 400)) + 1
        answered = rng.binomial(calls, [[0.3], [0.4]])
        found = contrast(finalize_ratio(chunk(np.vstack([answered, calls]))), 0)
        return float(found.difference[1]), float(found.std_error[1])

    differences, errors = np.array([repetition() for _ in range(400)]).T
    assert differences.mean() == pytest.approx(0.1, abs=0.005)
    assert errors.mean() == pytest.approx(differences.std(), rel=0.12)


def test_finalize_ratio__is_unknown_only_where_nothing_was_tried() -> None:
    tried, successes = np.array([[2, 2, 4], [0, 0, 0]]), np.array([[1, 0, 2], [0, 0, 0]])
    found = finalize_ratio(chunk(np.vstack([successes, tried])))
    np.testing.assert_allclose(found.value, [3 / 8, np.nan])
    assert np.isfinite(found.covariance[0, 0])
    assert np.isnan(found.covariance[1]).all()


def test_finalize_quantile__has_the_spread_of_many_repetitions() -> None:
    rng = np.random.default_rng(4)

    def repetition() -> tuple[float, float]:
        luck = rng.lognormal(size=800)
        values = np.stack([luck, 1.2 * luck * rng.lognormal(sigma=0.3, size=800)])
        median, density = np.array([quantile_density(row) for row in values]).T
        below = chunk(values <= median[:, None])
        found = contrast(finalize_quantile(median, density, below), 0)
        return float(found.difference[1]), float(found.std_error[1])

    differences, errors = np.array([repetition() for _ in range(300)]).T
    assert differences.mean() == pytest.approx(0.2, abs=0.01)
    assert errors.mean() == pytest.approx(differences.std(), rel=0.15)


def test_quantile_density__is_infinite_where_most_values_are_equal() -> None:
    assert quantile_density(np.zeros(50)) == (0.0, np.inf)


def test_mean__of_one_trajectory_has_unknown_error() -> None:
    assert np.isnan(finalize_mean(chunk([[1.0], [2.0]])).covariance).all()


def test_wilson_interval__matches_a_published_example() -> None:
    # Newcombe (1998), Statistics in Medicine 17: 857, table I, 81 of 263.
    low, high = wilson_interval(np.array([81.0]), 263)
    assert (low[0], high[0]) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_wilson_interval__bounds_what_was_never_seen() -> None:
    low, high = wilson_interval(np.array([0.0]), 10_000)
    assert low[0] == 0
    assert high[0] == pytest.approx(3.84e-4, rel=0.01)


def test_discordant__counts_pairs_that_differ() -> None:
    here = np.array([1, 1, 1, 0, 0, 0, 0])
    there = np.array([1, 0, 0, 1, 0, 0, 0])
    only_here, only_there = discordant(chunk([here, there]), 1)
    assert (only_here[0], only_there[0]) == (2, 1)


def test_histogram_quantile__names_the_bin_that_holds_it() -> None:
    histogram = np.array([[5, 3, 2], [0, 0, 10]])
    np.testing.assert_array_equal(histogram_quantile(histogram, [0.0, 1.0, 2.0], 0.6), [1.0, 2.0])
