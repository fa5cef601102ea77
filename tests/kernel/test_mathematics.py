"""Exponential and logarithm against exact decimal arithmetic."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from scipy import stats

from forecast.kernel.distributions import student_quantile
from forecast.kernel.mathematics import exponential, least_logarithm, logarithm

DIGITS = 40
# In units in the last place: what the module promises.
MOST_ERROR = 2.0


def worst_error(ours, exact, points):
    """Return the largest error in units in the last place."""
    worst = 0.0
    with localcontext() as context:
        context.prec = DIGITS
        for x in map(float, points):
            got = ours(x)
            error = abs(Decimal(got) - exact(Decimal(x))) / Decimal(math.ulp(got))
            worst = max(worst, float(error))
    return worst


def test_exponential__is_within_two_units_in_the_last_place():
    rng = np.random.default_rng(1)
    points = np.concatenate(
        [rng.uniform(-707.0, 708.9, 2000), rng.normal(size=2000), rng.normal(scale=1e-3, size=500)]
    )
    assert worst_error(exponential, Decimal.exp, points) < MOST_ERROR


def test_logarithm__is_within_two_units_in_the_last_place():
    rng = np.random.default_rng(2)
    points = np.concatenate(
        [np.exp(rng.uniform(-700.0, 700.0, 2000)), rng.lognormal(size=2000)]
        + [1.0 + rng.normal(scale=scale, size=300) for scale in (1e-2, 1e-6, 1e-12)]
    )
    assert worst_error(logarithm, Decimal.ln, points) < MOST_ERROR


@pytest.mark.parametrize("x", [-math.inf, -1e9, -708.5])
def test_exponential__is_negligible_below_its_range(x):
    assert 0.0 < exponential(x) < 1e-300


@pytest.mark.parametrize("x", [math.inf, 1e9, 709.5])
def test_exponential__is_huge_and_finite_above_its_range(x):
    assert 1e300 < exponential(x) < math.inf


def test_least_logarithm__is_a_close_lower_bound():
    rng = np.random.default_rng(3)
    points = np.concatenate([rng.random(2000), rng.lognormal(sigma=9.0, size=2000), [1e-300, 1.0]])
    for x in map(float, points):
        assert math.log(x) - 0.06 < least_logarithm(x) <= math.log(x) + 1e-12


def test_exponential_and_logarithm__are_exact_where_the_result_is_whole():
    assert exponential(0.0) == 1.0
    assert logarithm(1.0) == 0.0
    assert logarithm(2.0) == math.log(2.0)


@pytest.mark.parametrize("p", [1e-9, 1e-4, 0.01, 0.2, 0.4, 0.6, 0.9, 0.999999])
def test_student_quantile__is_that_of_four_degrees_of_freedom(p):
    assert student_quantile(p) == pytest.approx(stats.t.ppf(p, 4), rel=1e-12)


def test_student_quantile__loses_no_digits_near_the_median():
    # Slope of the quantile function at 1/2 is 8/3.
    for step in (1e-4, 1e-7, 1e-10):
        p = 0.5 + step
        assert student_quantile(p) == pytest.approx(8.0 / 3.0 * (p - 0.5), rel=1e-6)
    assert student_quantile(0.5) == 0.0
