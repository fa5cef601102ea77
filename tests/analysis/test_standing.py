from __future__ import annotations

import numpy as np
import pytest

from forecast.analysis.standing import (
    binned_quantile,
    help_latency,
    standing_path,
    survival_curve,
    time_to_collapse,
)
from tests.analysis.invented import frame_of, tree_of

FRAME = frame_of(size=1000, batches=5)
SHAPE = (5, 2, 2, 25)


def survival(yearly: float) -> np.ndarray:
    """Return counts of an institution that ends at a constant rate tomorrow, never today."""
    alive = np.full(SHAPE, 200.0)
    alive[:, 1] = 200 * np.exp(-yearly * np.arange(1, 26))
    return alive


def test_time_to_collapse__is_the_half_life_of_a_constant_rate() -> None:
    found = time_to_collapse(tree_of(FRAME, institutions__survival_count=survival(0.1)))
    half_life = found["estimate"].sel(architecture="tomorrow", institution="league")
    # Linear within a year, so a little late.
    assert half_life == pytest.approx(np.log(2) / 0.1, abs=0.01)
    assert np.isnan(found["estimate"].sel(architecture="today")).all()


def test_time_to_collapse__has_an_error_from_batches() -> None:
    alive = np.random.default_rng(1).binomial(200, survival(0.1) / 200)
    found = time_to_collapse(tree_of(FRAME, institutions__survival_count=alive))
    error = found["estimate_error"].sel(architecture="tomorrow")
    # sqrt(p (1 - p) / n) over the slope of the curve at its median.
    assert (error < 3 * np.sqrt(0.25 / 1000) / 0.05).all()
    assert (error > 0).all()


def test_time_to_collapse__of_what_never_was_is_unknown() -> None:
    found = time_to_collapse(tree_of(FRAME, institutions__survival_count=np.zeros(SHAPE)))
    assert np.isnan(found["estimate"]).all()


def test_survival_curve__is_a_share_with_a_paired_difference() -> None:
    found = survival_curve(tree_of(FRAME, institutions__survival_count=survival(0.1)))
    last = found.sel(institution="pact", year=2050)
    np.testing.assert_allclose(last["estimate"], [1.0, np.exp(-2.5)])
    assert last["difference"].sel(architecture="tomorrow") == pytest.approx(np.exp(-2.5) - 1)


def test_standing_path__does_not_count_the_dead_as_worthless() -> None:
    alive = survival(0.1)
    histogram = np.zeros((*SHAPE, 20))
    histogram[..., 12] = alive
    found = standing_path(
        tree_of(
            FRAME,
            institutions__survival_count=alive,
            institutions__credibility=0.62 * alive,
            institutions__credibility_histogram=histogram,
        )
    )
    np.testing.assert_allclose(found["estimate"], 0.62)
    np.testing.assert_allclose(found["estimate_error"], 0, atol=1e-9)
    np.testing.assert_allclose(found["quantile"].sel(probability=0.5), 0.625)


def test_help_latency__is_the_median_within_its_bin() -> None:
    arrivals = np.zeros((5, 2, 20))
    arrivals[:, 0, [0, 1, 2]] = 10
    arrivals[:, 1, 19] = 10
    found = help_latency(tree_of(FRAME, institutions__latency_histogram=arrivals))
    assert found["estimate"].sel(architecture="today") == pytest.approx(45)
    assert np.isnan(found["estimate"].sel(architecture="tomorrow"))
    np.testing.assert_array_equal(found["arrivals"], [150, 50])


def test_binned_quantile__of_nothing_is_unknown() -> None:
    found = binned_quantile(np.array([[0.0, 0.0], [0.0, 4.0]]), np.array([0.0, 1.0, 3.0]), 0.25)
    np.testing.assert_array_equal(found, [np.nan, 1.5])
