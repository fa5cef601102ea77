from __future__ import annotations

import numpy as np
import pytest

from forecast.estimators.between import NORMAL_95, parameter_interval


def test_parameter_interval__finds_a_planted_spread_and_not_the_noise() -> None:
    luck = np.random.default_rng(5)
    spread, size = 0.08, 50
    chance = luck.normal(0.4, spread, 4000).clip(0, 1)
    found = parameter_interval(luck.binomial(size, chance), np.full(4000, size))
    assert found is not None
    low, high = found
    assert (high + low) / 2 == pytest.approx(0.4, abs=0.01)
    assert (high - low) / 2 == pytest.approx(NORMAL_95 * spread, rel=0.05)
    # The raw spread of the shares, noise included, is a third wider.
    assert (high - low) / 2 < 0.85 * NORMAL_95 * np.sqrt(spread**2 + 0.24 / size)


def test_parameter_interval__of_draws_that_do_not_differ_is_a_point() -> None:
    assert parameter_interval([20, 20, 20], [40, 40, 40]) == (0.5, 0.5)


def test_parameter_interval__allows_unequal_draws() -> None:
    luck = np.random.default_rng(6)
    size = luck.integers(20, 200, 3000)
    found = parameter_interval(luck.binomial(size, luck.beta(2, 6, 3000)), size)
    assert found is not None
    spread = np.sqrt(2 * 6 / (8**2 * 9))
    assert found[1] == pytest.approx(0.25 + NORMAL_95 * spread, rel=0.03)
    assert found[0] == pytest.approx(max(0.25 - NORMAL_95 * spread, 0), abs=0.02)


@pytest.mark.parametrize(("events", "size"), [([3], [9]), ([1, 0, 1], [1, 1, 1]), ([1, 0], [5, 0])])
def test_parameter_interval__is_unknown_where_draws_cannot_be_told_from_luck(
    events: list[int], size: list[int]
) -> None:
    assert parameter_interval(events, size) is None
