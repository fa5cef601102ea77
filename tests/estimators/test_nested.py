"""Values by draw and the split of their spread, against numbers known beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.errors import ForecastError
from forecast.estimators.measure import Measure
from forecast.estimators.nested import ByDraw, between, by_draw, split, steadied

COUNT = Measure("wars", "wars", "in all", "total", ("wars",))
CHANCE = Measure("any", "any war", "probability", "probability", ("wars",))

DRAWS, HISTORIES = 32, 8
EFFECTS = np.array([0.0, 0.6, -0.3])
PARAMETER, NOISE = 0.5, 2.0
"""Variance between draws (of the shared part, and again of each architecture's own), and within."""


def sample(rng: np.random.Generator) -> np.ndarray:
    """Return values, (architecture, trajectory), whose variances are known."""
    shared = rng.normal(0, np.sqrt(PARAMETER), (1, DRAWS))
    own = rng.normal(0, np.sqrt(PARAMETER), (EFFECTS.size, DRAWS))
    means = EFFECTS[:, None] + shared + own
    noise = rng.normal(0, np.sqrt(NOISE), (EFFECTS.size, DRAWS * HISTORIES))
    return np.tile(means, (1, HISTORIES)) + noise


def seen_of(values: np.ndarray) -> ByDraw:
    return by_draw(COUNT, lambda name: values, 25, DRAWS)


def test_by_draw__is_the_mean_of_the_trajectories_of_each_draw() -> None:
    values = np.random.default_rng(1).poisson(3, (2, 4 * 5 + 3)).astype(float)

    found = by_draw(COUNT, lambda name: values, 25, 4)

    for d in range(4):
        np.testing.assert_allclose(found.value[d], values[:, d::4].mean(axis=1))
    np.testing.assert_array_equal(found.size, [6, 6, 6, 5])


def test_noise__of_a_draw_without_events_is_not_nought() -> None:
    values = np.where(np.arange(40) % 8 < 2, 1.0, 0.0)[None].repeat(2, axis=0)

    found = by_draw(CHANCE, lambda name: values, 25, 4)

    assert found.value[2, 0] == found.noise[2, 0, 0] == 0.0
    assert steadied(found).noise[2, 0, 0] > 0.0
    np.testing.assert_allclose(steadied(found).noise.mean(axis=0), found.noise.mean(axis=0))


def test_between__has_the_covariance_of_the_draws_without_the_noise() -> None:
    found = [between(seen_of(sample(np.random.default_rng(n)))) for n in range(200)]
    expected = PARAMETER * (np.eye(3) + 1)
    error = np.std(found, axis=0) / np.sqrt(len(found))
    assert (np.abs(np.mean(found, axis=0) - expected) < 4 * error).all()
    # Values as they are would carry the noise of eight histories a draw.
    assert NOISE / HISTORIES > 4 * error[0, 0]


def test_split__finds_the_variances_it_was_given_and_says_how_well() -> None:
    found = [split(seen_of(sample(np.random.default_rng(n)))) for n in range(150)]
    variance = np.array([one.variance for one in found])
    expected = np.array([NOISE, 2 * PARAMETER, EFFECTS.var()])
    error = variance.std(axis=0, ddof=1)

    assert (np.abs(variance.mean(axis=0) - expected) < 4 * error / np.sqrt(len(found))).all()
    told = np.mean([one.error for one in found], axis=0)
    np.testing.assert_allclose(told, error, rtol=0.2)


def test_split__adds_up_to_the_variance_of_a_random_history() -> None:
    values = sample(np.random.default_rng(5))
    parts = split(seen_of(values)).variance.sum()
    assert parts == pytest.approx(values.var(), rel=0.02)


@pytest.mark.parametrize(("draws", "trajectories"), [(2, 100), (32, 100)])
def test_by_draw__refuses_too_few(draws: int, trajectories: int) -> None:
    with pytest.raises(ForecastError, match=r"at least 4 draws, and 4 histories"):
        by_draw(COUNT, lambda name: np.zeros((2, trajectories)), 25, draws)
