"""Shares of draws won, and regret, where both are known beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.estimators.choice import Choice, choose
from forecast.estimators.nested import ByDraw

DRAWS = 128
MEANS = np.array([0.0, 0.1, 0.3])
SPREAD = 0.25 * np.array([[1.0, 0.6, 0.3], [0.6, 1.0, 0.5], [0.3, 0.5, 1.0]])
NOISE = 0.25 * np.array([[1.0, 0.2, 0.4], [0.2, 1.0, 0.4], [0.4, 0.4, 4.0]])
"""As large as what draws differ by, and largest for the architecture that is worst."""

REPEATS = 24
ROOT = np.linalg.cholesky(SPREAD)


def true_of(rng: np.random.Generator, draws: int) -> np.ndarray:
    return MEANS + rng.standard_normal((draws, 3)) @ ROOT.T


@pytest.fixture(scope="module")
def truth() -> dict[str, np.ndarray]:
    true = true_of(np.random.default_rng(0), 400_000)
    regret = true - true.min(axis=1, keepdims=True)
    best = np.bincount(true.argmin(axis=1), minlength=3) / len(true)
    return {"best": best, "regret": regret.mean(axis=0)}


@pytest.fixture(scope="module")
def repeats() -> list[Choice]:
    found = []
    for n in range(REPEATS):
        rng = np.random.default_rng(100 + n)
        noise = rng.standard_normal((DRAWS, 3)) @ np.linalg.cholesky(NOISE).T
        noisy = true_of(rng, DRAWS) + noise
        found.append(choose(ByDraw(noisy, np.tile(NOISE, (DRAWS, 1, 1)), np.full(DRAWS, 64.0))))
    return found


def column(repeats: list[Choice], field: str) -> np.ndarray:
    return np.array([getattr(one, field) for one in repeats])


@pytest.mark.parametrize(("field", "naive"), [("best", "naive"), ("regret", "naive_regret")])
def test_choice__is_free_of_the_bias_of_choosing_among_noisy_values(
    repeats: list[Choice], truth: dict[str, np.ndarray], field: str, naive: str
) -> None:
    values, error = column(repeats, field), column(repeats, f"{field}_error")
    of_mean = values.std(axis=0) / np.sqrt(REPEATS)

    assert (np.abs(values.mean(axis=0) - truth[field]) < 3.5 * of_mean).all()
    biased = np.abs(column(repeats, naive).mean(axis=0) - truth[field])
    assert biased.max() > 5 * of_mean.max()
    # The errors are those of repeated studies, and 95 % intervals hold the truth.
    np.testing.assert_allclose(error.mean(axis=0), values.std(axis=0, ddof=1), rtol=0.45)
    assert (np.abs(values - truth[field]) < 1.96 * error).mean() > 0.85


def test_bounds__enclose_the_share(repeats: list[Choice], truth: dict[str, np.ndarray]) -> None:
    assert (column(repeats, "clearly") <= truth["best"] + 0.05).all()
    assert (column(repeats, "possibly") >= truth["best"] - 0.05).all()


def test_choice__without_noise_counts_draws() -> None:
    value = np.array([[1.0, 2.0], [1.0, 3.0], [2.0, 1.0], [1.0, 2.0]])
    found = choose(ByDraw(value, np.zeros((4, 2, 2)), np.full(4, 9.0)))

    np.testing.assert_allclose(found.best, [0.75, 0.25])
    for field in ("naive", "clearly", "possibly"):
        np.testing.assert_allclose(getattr(found, field), [0.75, 0.25])
    np.testing.assert_allclose(found.regret, [0.25, 1.0], atol=1e-9)
    np.testing.assert_allclose(found.regret_most, [1.0, 2.0], atol=1e-9)


def test_choice__shares_what_is_equal() -> None:
    found = choose(ByDraw(np.zeros((8, 4)), np.zeros((8, 4, 4)), np.full(8, 9.0)))
    np.testing.assert_array_equal(found.best, np.full(4, 0.25))
    np.testing.assert_array_equal(found.clearly, np.zeros(4))
    np.testing.assert_array_equal(found.possibly, np.ones(4))


def test_choice__is_the_same_whenever_asked() -> None:
    rng = np.random.default_rng(3)
    seen = ByDraw(rng.normal(size=(40, 3)), np.tile(np.eye(3) * 0.1, (40, 1, 1)), np.full(40, 9.0))
    for one, other in zip(choose(seen), choose(seen), strict=True):
        np.testing.assert_array_equal(one, other)
