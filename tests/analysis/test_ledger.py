from __future__ import annotations

import numpy as np
import pytest

from forecast.analysis.ledger import displacement, provocation_ledger
from forecast.analysis.order import order_path
from forecast.errors import ForecastError
from tests.analysis.invented import STATES, batch_sums, frame_of, tree_of

FRAME = frame_of(size=1000, batches=5)


def accepted(rng: np.random.Generator, chances: tuple[float, float], each_year: int) -> np.ndarray:
    """Return which provocations are accepted independently, (architecture, trajectory, year, n)."""
    size = (2, 1000, 25, each_year)
    return rng.random(size) < np.array(chances)[:, None, None, None]


def shared(taken: np.ndarray) -> np.ndarray:
    """Return (batch, architecture, other_architecture, year)."""
    parts = np.split(taken.astype(int), 5, axis=1)
    return np.stack([np.einsum("atyn,btyn->aby", part, part) for part in parts])


def test_ledger__of_independent_acceptances_is_that_of_chance() -> None:
    taken = accepted(np.random.default_rng(1), (0.3, 0.5), 4)
    found = provocation_ledger(tree_of(FRAME, annual__shared_onset_count=shared(taken)))
    pair = found.sel(architecture="tomorrow", other_architecture="today").isel(span=0)
    expected = {"both": 100 * 0.15, "only_here": 100 * 0.35, "only_there": 100 * 0.15}
    for name, value in expected.items():
        assert pair[name] == pytest.approx(value, abs=4 * float(pair[f"{name}_error"]))
        assert pair[f"{name}_error"] < 0.5
    whole = sum(float(pair[f"{name}_share"]) for name in expected)
    assert whole == pytest.approx(1.0)
    mirrored = found.sel(architecture="today", other_architecture="tomorrow").isel(span=0)
    assert mirrored["only_there"] == pair["only_here"]


def test_ledger__of_an_architecture_with_itself_shares_all() -> None:
    taken = accepted(np.random.default_rng(2), (0.3, 0.5), 4)
    found = provocation_ledger(tree_of(FRAME, annual__shared_onset_count=shared(taken)))
    same = found.sel(architecture="today", other_architecture="today").isel(span=0)
    assert same["both_share"] == 1
    assert same["only_here"] == same["only_there"] == same["bred_difference"] == 0


def test_ledger__counts_in_the_span_and_what_disputes_breed_apart() -> None:
    taken = np.zeros((2, 1000, 25, 1))
    taken[:, :, :5] = 1
    disputes = np.zeros((5, 2, 25))
    disputes[:, 0, :5], disputes[:, 1, :5] = 200, 200 * 3
    tree = tree_of(FRAME, annual__shared_onset_count=shared(taken), annual__dispute_count=disputes)
    found = provocation_ledger(tree, [(2026, 2030), (2031, 2050)])
    pair = found.sel(architecture="tomorrow", other_architecture="today")
    np.testing.assert_allclose(pair["both"], [5.0, 0.0])
    np.testing.assert_allclose(pair["bred_difference"], [10.0, 0.0])
    np.testing.assert_array_equal(pair["first_year"], [2026, 2031])
    # Shares of nothing are unknown.
    np.testing.assert_array_equal(pair["both_share"], [1.0, np.nan])


def test_ledger__refuses_years_that_were_not_simulated() -> None:
    with pytest.raises(ForecastError, match="choose years from 2026 to 2050"):
        provocation_ledger(tree_of(FRAME), [(2020, 2030)])


def test_displacement__is_that_of_states_never_sheltered_where_others_gain_shelter() -> None:
    sheltered = np.zeros((5, 2, len(STATES)))
    sheltered[:, 1, [0, 1]] = 200 * 25  # tomorrow AAA and BBB are sheltered, CCC never
    attacked = np.full((5, 2, len(STATES)), 500.0)
    attacked[:, 1, 2] = 1000.0
    attacked[:, 1, 0] = 0.0
    tree = tree_of(FRAME, states__sheltered_years=sheltered, states__attacked_count=attacked)
    found = displacement(tree).sel(architecture="tomorrow")
    europe, americas = found.sel(region="europe"), found.sel(region="americas")
    assert europe["states"] == 1
    assert europe["difference"] == pytest.approx(0.1)
    assert europe["attacks_in_reference"] == pytest.approx(0.1)
    assert europe["shelter_change"] == pytest.approx(2 / 3)
    assert americas["difference"] == americas["shelter_change"] == 0


def test_displacement__is_unknown_where_all_are_sheltered() -> None:
    sheltered = np.full((5, 2, len(STATES)), 200 * 25)
    found = displacement(tree_of(FRAME, states__sheltered_years=sheltered))
    assert np.isnan(found["difference"]).all()
    assert (found["states"] == 0).all()


def test_order_path__has_the_paired_error_of_every_year() -> None:
    rng = np.random.default_rng(3)
    luck = rng.poisson(10.0, size=(1, 1000, 25)).astype(float)
    coalitions = np.vstack([luck, luck + rng.poisson(2.0, size=luck.shape)])
    totals, products = batch_sums(FRAME, coalitions)
    tree = tree_of(FRAME, annual__coalition_count=totals, annual__coalition_count_product=products)
    found = order_path(tree).sel(measure="coalition_count", architecture="tomorrow")
    paired = coalitions[1] - coalitions[0]
    np.testing.assert_allclose(found["difference"], paired.mean(axis=0))
    np.testing.assert_allclose(found["std_error"], paired.std(axis=0, ddof=1) / np.sqrt(1000))
    assert found["units"].item() == "coalitions"
