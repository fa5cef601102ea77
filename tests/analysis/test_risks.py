from __future__ import annotations

import numpy as np
import pytest

from forecast.analysis.risks import menu_index, seat_index, state_risks
from forecast.errors import ForecastError
from tests.analysis.invented import STATES, batch_sums, frame_of, tree_of

FRAME = frame_of(size=1000, batches=5)
YEARS = 1000 * 25 / 5
"""Years of a state in a batch."""


def shares(*, sheltered: float) -> np.ndarray:
    """Return sheltered years, (batch, architecture, state): the same share for all states."""
    return np.full((5, 2, len(STATES)), sheltered * YEARS)


def losses(inside: float, outside: float, sheltered: float) -> dict[str, np.ndarray]:
    """Return counts with the given hazards per state-year."""
    within = np.full((5, 2, len(STATES)), inside * sheltered * YEARS)
    without = np.full((5, 2, len(STATES)), outside * (1 - sheltered) * YEARS)
    return {
        "states__sheltered_years": shares(sheltered=sheltered),
        "states__sheltered_aggression_success_count": within,
        "states__aggression_success_count": within + without,
    }


def test_menu_index__is_the_planted_ratio_of_hazards() -> None:
    found = menu_index(tree_of(FRAME, **losses(0.002, 0.006, 0.4)))
    np.testing.assert_allclose(found["estimate"], 3.0)
    np.testing.assert_allclose(found["sheltered_hazard"], 0.002)
    np.testing.assert_allclose(found["unsheltered_hazard"], 0.006)
    np.testing.assert_allclose(found["coverage"], 1.0)
    np.testing.assert_allclose(found["std_error"], 0.0, atol=1e-12)


def test_menu_index__is_not_fooled_by_where_the_sheltered_live() -> None:
    # Twice as dangerous without shelter everywhere, but Europe, ten times as dangerous, has more.
    danger = np.array([10 if region == "europe" else 1 for _, _, region in STATES]) * 1e-3
    within = np.array([0.9 if region == "europe" else 0.1 for _, _, region in STATES])
    years = within * YEARS * np.ones((5, 2, 1))
    inside = danger * years
    counts = {
        "states__sheltered_years": years,
        "states__sheltered_aggression_success_count": inside,
        "states__aggression_success_count": inside + 2 * danger * (YEARS - years),
    }
    found = menu_index(tree_of(FRAME, **counts))
    np.testing.assert_allclose(found["estimate"], 2.0)


def test_menu_index__leaves_great_powers_out() -> None:
    counts = losses(0.002, 0.006, 0.4)
    counts["states__aggression_success_count"][:, :, 5] += 1000
    np.testing.assert_allclose(menu_index(tree_of(FRAME, **counts))["estimate"], 3.0)


@pytest.mark.parametrize("sheltered", [0.0, 1.0])
def test_menu_index__is_unknown_without_exposure_on_both_sides(sheltered: float) -> None:
    found = menu_index(tree_of(FRAME, **losses(0.002, 0.006, sheltered)))
    assert np.isnan(found["estimate"]).all()
    assert (found["coverage"] == 0).all()


def test_menu_index__is_unknown_where_the_sheltered_never_lose() -> None:
    found = menu_index(tree_of(FRAME, **losses(0.0, 0.006, 0.5)))
    assert np.isnan(found["estimate"]).all()
    np.testing.assert_allclose(found["unsheltered_hazard"], 0.006)


def test_menu_index__does_not_take_the_years_of_the_conquered_for_safety() -> None:
    counts = losses(0.002, 0.006, 1.0)
    counts["states__sheltered_years"][:] -= 0.005 * YEARS
    found = menu_index(tree_of(FRAME, **counts))
    assert np.isnan(found["estimate"]).all()


def test_menu_index__leaves_out_strata_of_one_kind_and_says_so() -> None:
    counts = losses(0.002, 0.006, 0.4)
    alone = [3, 4]  # all small and middle states of the Americas, always sheltered
    counts["states__sheltered_years"][:, :, alone] = YEARS
    counts["states__sheltered_aggression_success_count"][:, :, alone] = 900
    counts["states__aggression_success_count"][:, :, alone] = 900
    found = menu_index(tree_of(FRAME, **counts))
    np.testing.assert_allclose(found["estimate"], 3.0)
    np.testing.assert_allclose(found["coverage"], 3 / 5)


def test_state_risks__are_per_state_year_in_every_stratum() -> None:
    counts = losses(0.002, 0.006, 0.25)
    found = state_risks(tree_of(FRAME, **counts), "aggression_success_count")
    small = found["estimate"].sel(state_class="small", region="europe", architecture="today")
    np.testing.assert_allclose(small.sel(shelter="sheltered"), 0.002)
    np.testing.assert_allclose(small.sel(shelter="unsheltered"), 0.006)
    np.testing.assert_allclose(small.sel(shelter="all"), 0.005)
    assert np.isnan(found["estimate"].sel(state_class="great", region="europe")).all()


def test_state_risks__of_other_events_are_not_split_by_shelter() -> None:
    lost = np.zeros((5, 2, len(STATES)))
    lost[:, 1, 2] = 5
    found = state_risks(tree_of(FRAME, states__conquest_count=lost), "conquest_count")
    assert list(found["shelter"]) == ["all"]
    middle = found.sel(
        state_class="middle", region="europe", architecture="tomorrow", shelter="all"
    )
    assert middle["difference"] == pytest.approx(5 / YEARS)


def test_state_risks__offer_the_nearest_event() -> None:
    with pytest.raises(ForecastError, match="did you mean 'conquest_count'"):
        state_risks(tree_of(FRAME), "conquest")


def test_seat_index__compares_a_state_with_itself_on_the_same_trajectories() -> None:
    frame = frame_of(("today", "club", "club@without_DDD", "gone@without_AAA"))
    rng = np.random.default_rng(1)
    lost = np.zeros((4, 1000, len(STATES)))
    lost[1, :, 3] = rng.poisson(0.5, 1000)
    lost[2, :, 3] = lost[1, :, 3] + rng.poisson(0.25, 1000)
    totals, products = batch_sums(frame, lost)
    counts = {
        "states__aggression_success_count": totals,
        "states__aggression_success_count_product": products,
    }
    found = seat_index(tree_of(frame, **counts))
    assert list(found["seat"]) == ["club@without_DDD"]
    inside, outside = lost[1, :, 3], lost[2, :, 3]
    ratio = outside.mean() / inside.mean()
    assert found["estimate"].item() == pytest.approx(ratio)
    assert found["hazard_with"].item() == pytest.approx(inside.mean() / 25)
    residual = (outside - ratio * inside).std(ddof=1) / np.sqrt(1000) / inside.mean()
    assert found["std_error"].item() == pytest.approx(residual)


def test_seat_index__is_empty_without_such_a_pair() -> None:
    assert seat_index(tree_of(FRAME)).sizes["seat"] == 0
