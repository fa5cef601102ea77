from __future__ import annotations

import numpy as np
import pytest

from forecast.analysis.power import (
    logistic_slope,
    success_by_classes,
    success_by_tercile,
    success_slope,
)
from tests.analysis.invented import frame_of, tree_of

MIDDLES = np.arange(12) - 5.5


def binned(rng: np.random.Generator, slopes: tuple[float, ...], batches: int = 10) -> tuple:
    """Return attempts and successes whose log odds rise by the given slopes."""
    tried = rng.poisson(40.0, size=(batches, len(slopes), 12, 3, 3))
    odds = np.exp(-1.0 + np.array(slopes)[:, None] * MIDDLES)
    chance = (odds / (1 + odds))[None, :, :, None, None]
    return tried, rng.binomial(tried, chance)


def test_logistic_slope__is_exact_where_the_shares_are() -> None:
    trials = np.array([1000.0, 2000.0, 500.0])
    x = np.array([-2.0, 0.5, 3.0])
    chance = 1 / (1 + np.exp(-(0.2 + 0.7 * x)))
    assert logistic_slope(x, trials * chance, trials) == pytest.approx(0.7, abs=1e-9)


@pytest.mark.parametrize("successes", [[0, 0, 0], [5, 5, 5], [0, 2, 5], [5, 3, 0], [0, 0, 5]])
def test_logistic_slope__is_unknown_where_the_likelihood_has_no_maximum(
    successes: list[int],
) -> None:
    trials = np.full(3, 5.0)
    assert np.isnan(logistic_slope(np.arange(3.0), np.array(successes, float), trials))


def test_success_slope__finds_the_planted_slopes_within_their_error() -> None:
    planted = (0.2, 0.35)
    tried, won = binned(np.random.default_rng(1), planted)
    frame = frame_of(batches=10)
    found = success_slope(
        tree_of(
            frame, aggressions__aggression_count=tried, aggressions__aggression_success_count=won
        )
    )
    error = found["estimate_error"].values
    assert (error < 0.02).all()
    assert (np.abs(found["estimate"].values - planted) < 3 * error).all()
    assert found["lower"].sel(architecture="tomorrow") > 0
    assert found.attrs["reference"] == "today"


def test_success_slope__has_the_error_of_many_repetitions() -> None:
    rng = np.random.default_rng(2)
    frame = frame_of(batches=10)

    def repetition() -> tuple[float, float]:
        tried, won = binned(rng, (0.2, 0.2))
        counts = {"aggressions__aggression_count": tried // 8}
        counts["aggressions__aggression_success_count"] = np.minimum(won // 8, tried // 8)
        found = success_slope(tree_of(frame, **counts)).sel(architecture="tomorrow")
        return float(found["estimate"]), float(found["estimate_error"])

    slopes, errors = np.array([repetition() for _ in range(60)]).T
    assert np.sqrt((errors**2).mean()) == pytest.approx(slopes.std(ddof=1), rel=0.3)


def test_success_by_tercile__holds_a_third_of_the_reference_each() -> None:
    tried = np.zeros((5, 2, 12, 3, 3), int)
    tried[:, :, [2, 6, 9], 0, 0] = 10
    won = np.zeros_like(tried)
    won[:, :, 2, 0, 0], won[:, :, 6, 0, 0], won[:, :, 9, 0, 0] = 1, 2, 5
    found = success_by_tercile(
        tree_of(
            frame_of(),
            aggressions__aggression_count=tried,
            aggressions__aggression_success_count=won,
        )
    )
    np.testing.assert_allclose(found["share_of_reference"], 1 / 3)
    np.testing.assert_allclose(found["estimate"].sel(architecture="today"), [0.1, 0.2, 0.5])
    assert (found["difference"] == 0).all()
    # Contiguous from the first bin to the last.
    np.testing.assert_array_equal(found["from_ratio"][1:], found["to_ratio"][:-1])
    assert (found["from_ratio"][0], found["to_ratio"][-1]) == (-6, 6)


def test_success_by_classes__is_unknown_where_nobody_tried() -> None:
    tried = np.zeros((5, 2, 12, 3, 3), int)
    won = np.zeros_like(tried)
    tried[:, :, 8, 2, 0], won[:, 0, 8, 2, 0], won[:, 1, 8, 2, 0] = 4, 1, 3
    found = success_by_classes(
        tree_of(
            frame_of(),
            aggressions__aggression_count=tried,
            aggressions__aggression_success_count=won,
        )
    )
    strong = found.sel(initiator_class="great", target_class="small")
    np.testing.assert_allclose(strong["estimate"], [0.25, 0.75])
    assert strong["difference"].sel(architecture="tomorrow") == pytest.approx(0.5)
    assert np.isnan(found["estimate"].sel(initiator_class="small")).all()
