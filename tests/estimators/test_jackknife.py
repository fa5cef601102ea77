from __future__ import annotations

import numpy as np
import pytest

from forecast.estimators.intervals import student_bound
from forecast.estimators.jackknife import jackknife
from forecast.estimators.moments import contrast


def mean(count: float, total: np.ndarray) -> np.ndarray:
    return total / count


def test_jackknife__of_a_mean_is_the_error_between_equal_batches() -> None:
    rng = np.random.default_rng(1)
    sizes, totals = np.full(8, 50), rng.poisson(200, size=(8, 2)).astype(float)
    value, covariance = jackknife(mean, sizes, totals)[:2]
    means = totals / 50
    np.testing.assert_allclose(value, means.mean(axis=0))
    np.testing.assert_allclose(covariance, np.cov(means.T) / 8)


def test_jackknife__of_a_ratio_has_the_spread_of_many_repetitions() -> None:
    rng = np.random.default_rng(2)
    sizes = np.array([100] * 12 + [40])

    def repetition() -> tuple[float, float]:
        luck = [rng.poisson(3.0, size=n) + 1 for n in sizes]
        tried = np.array([[x.sum(), x.sum()] for x in luck])
        won = np.array([[rng.binomial(x, 0.3).sum(), rng.binomial(x, 0.4).sum()] for x in luck])
        found = contrast(jackknife(lambda _, a, b: a / b, sizes, won, tried), 0)
        return float(found.difference[1]), float(found.std_error[1])

    differences, errors = np.array([repetition() for _ in range(300)]).T
    assert differences.mean() == pytest.approx(0.1, abs=0.005)
    assert np.sqrt((errors**2).mean()) == pytest.approx(differences.std(), rel=0.12)


def test_jackknife__knows_no_error_from_a_single_batch() -> None:
    value, covariance = jackknife(mean, [10], [[5.0, 6.0]])[:2]
    np.testing.assert_array_equal(value, [0.5, 0.6])
    assert np.isnan(covariance).all()
    assert np.isnan(student_bound(1))


def test_student_bound__is_wider_than_the_normal_with_few_batches() -> None:
    # Quantile .975 of Student's distribution with 9 degrees of freedom, as in any table.
    assert student_bound(10) == pytest.approx(2.262, abs=5e-4)
