"""Every estimator against simulated data whose truth is known."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from scipy.stats import binom, norm, weibull_min

from forecast.studies.fit.logit import LogitFit, fit_logit
from forecast.studies.fit.shares import hazard, shares
from forecast.studies.fit.wars_likelihood import (
    correlation,
    deaths_scores,
    duration_scores,
    fit_truncated,
    fit_weibull,
)

FALSE_ALARM = 1e-3
"""Chance that a right estimator fails for one parameter."""


def assert_covered(truth, fits) -> None:
    """Check that 95 % intervals hold the truth as often as they should, for each parameter."""
    values = np.array([value for value, _ in fits])
    errors = np.sqrt([np.diag(covariance) for _, covariance in fits])
    held = (np.abs(values - truth) <= norm.ppf(0.975) * errors).sum(axis=0)
    low, high = binom.ppf([FALSE_ALARM / 2, 1 - FALSE_ALARM / 2], len(fits), 0.95)
    assert (held >= low).all(), f"{held} of {len(fits)} intervals hold, at least {low:g} should"
    assert (held <= high).all(), f"{held} of {len(fits)} intervals hold, at most {high:g} should"


def logit_rows(rng: np.random.Generator, clusters: int, size: int, sd: float = 0.0):
    """Return terms, outcome and cluster of rows with known log odds."""
    cluster = np.repeat(np.arange(clusters), size)
    terms = {
        "const": np.ones(len(cluster)),
        "flag": (rng.uniform(size=len(cluster)) < 0.4).astype(float),
        "ratio": rng.normal(size=len(cluster)),
    }
    odds = (
        np.column_stack(list(terms.values())) @ LOGIT_TRUTH
        + sd * rng.normal(size=clusters)[cluster]
    )
    return terms, rng.uniform(size=len(odds)) < 1 / (1 + np.exp(-odds)), cluster


LOGIT_TRUTH = np.array([-1.5, 0.8, -0.4])


def taken(fit: LogitFit):
    return fit.values, fit.covariance


def test_logit__intervals_cover_the_truth() -> None:
    rng = np.random.default_rng(11)
    samples = (logit_rows(rng, 300, 4) for _ in range(150))
    assert_covered(LOGIT_TRUTH, [taken(fit_logit(*sample)) for sample in samples])


def test_logit_with_a_shared_shock__intervals_cover_the_truth() -> None:
    rng = np.random.default_rng(12)
    samples = (logit_rows(rng, 200, 8, sd=1.5) for _ in range(80))
    fits = [taken(fit_logit(*sample, shared_sd=1.5)) for sample in samples]
    assert_covered(LOGIT_TRUTH, fits)


def test_logit__equals_statsmodels_where_there_is_no_prior() -> None:
    sm = pytest.importorskip("statsmodels.api")
    terms, outcome, cluster = logit_rows(np.random.default_rng(13), 200, 5)
    ours = fit_logit(terms, outcome, cluster, prior_sd=np.inf)
    model = sm.Logit(outcome.astype(float), np.column_stack(list(terms.values())))
    theirs = model.fit(disp=0, cov_type="cluster", cov_kwds={"groups": cluster})
    np.testing.assert_allclose(ours.values, theirs.params, rtol=1e-4)
    np.testing.assert_allclose(np.sqrt(np.diag(ours.covariance)), theirs.bse, rtol=0.005)
    assert ours.log_likelihood == pytest.approx(theirs.llf, rel=1e-8)


def test_logit__copies_within_a_cluster_add_no_certainty() -> None:
    terms, outcome, cluster = logit_rows(np.random.default_rng(14), 150, 3)
    once = fit_logit(terms, outcome, cluster, prior_sd=np.inf)
    doubled = {name: np.tile(values, 2) for name, values in terms.items()}
    twice = fit_logit(doubled, np.tile(outcome, 2), np.tile(cluster, 2), prior_sd=np.inf)
    np.testing.assert_allclose(twice.covariance, once.covariance, rtol=1e-3)


def test_logit__a_term_without_exception_stays_finite_and_uncertain() -> None:
    terms, outcome, cluster = logit_rows(np.random.default_rng(15), 300, 2)
    terms["never"] = np.zeros(len(outcome))
    terms["never"][np.flatnonzero(~outcome)[:40]] = 1.0
    fit = fit_logit(terms, outcome, cluster)
    assert -8 < fit.values[3] < -1
    assert 0.5 < np.sqrt(fit.covariance[3, 3]) < 3


def test_logit__an_offset_moves_the_constant_alone() -> None:
    terms, outcome, cluster = logit_rows(np.random.default_rng(16), 200, 3)
    plain = fit_logit(terms, outcome, cluster)
    moved = fit_logit(terms, outcome, cluster, offset=np.full(len(outcome), 1.2))
    np.testing.assert_allclose(moved.values, plain.values - [1.2, 0, 0], atol=1e-4)


WEIBULL_TRUTH = np.array([0.85, 2.0])


def wars_until(rng: np.random.Generator, size: int, longest: float):
    """Return durations cut at `longest` and whether they had ended."""
    whole = WEIBULL_TRUTH[1] * rng.weibull(WEIBULL_TRUTH[0], size)
    return np.minimum(whole, longest), whole <= longest


def test_weibull__intervals_cover_the_truth_of_censored_wars() -> None:
    rng = np.random.default_rng(21)
    fits = [fit_weibull(*wars_until(rng, 100, 4.0))[:2] for _ in range(120)]
    assert_covered(WEIBULL_TRUTH, fits)


def test_weibull__equals_scipy_where_nothing_is_censored() -> None:
    time, ended = wars_until(np.random.default_rng(22), 200, np.inf)
    shape, _, scale = weibull_min.fit(time, floc=0)
    found = fit_weibull(time, ended)
    np.testing.assert_allclose(found.values, [shape, scale], rtol=1e-3)
    expected = weibull_min.logpdf(time, shape, scale=scale).sum()
    assert found.log_likelihood == pytest.approx(expected, rel=1e-6)


DEATHS_TRUTH = np.array([9.0, 0.6, 1.5])


def seen_wars(rng: np.random.Generator, size: int):
    """Return regressors and log deaths of the wars that pass the threshold."""
    x = np.column_stack([np.ones(4 * size), rng.normal(size=4 * size)])
    y = x @ DEATHS_TRUTH[:2] + DEATHS_TRUTH[2] * rng.normal(size=4 * size)
    kept = np.flatnonzero(y >= LEAST)[:size]
    return x[kept], y[kept]


LEAST = np.log(1000.0) + 1


def test_truncated_regression__intervals_cover_the_truth() -> None:
    rng = np.random.default_rng(23)
    fits = [fit_truncated(*seen_wars(rng, 250), LEAST)[:2] for _ in range(80)]
    assert_covered(DEATHS_TRUTH, fits)


def test_correlation__intervals_cover_the_truth_of_the_copula() -> None:
    rng = np.random.default_rng(24)
    fits = []
    for _ in range(100):
        first = rng.normal(size=200)
        second = 0.6 * first + 0.8 * rng.normal(size=200)
        fits.append(correlation(first, second)[:2])
    assert_covered(np.array([0.6]), fits)


def test_scores__are_standard_normal_under_the_fitted_laws() -> None:
    rng = np.random.default_rng(25)
    time, ended = wars_until(rng, 2000, np.inf)
    x, y = seen_wars(rng, 2000)
    for scores in (
        duration_scores(time, fit_weibull(time, ended)),
        deaths_scores(x, y, LEAST, fit_truncated(x, y, LEAST)),
    ):
        assert scores.mean() == pytest.approx(0, abs=0.05)
        assert scores.std() == pytest.approx(1, abs=0.05)


def test_shares__intervals_cover_the_truth() -> None:
    rng = np.random.default_rng(26)
    truth = np.array([0.5, 0.3, 0.2])
    fits = [shares(rng.multinomial(400, truth), 400)[:2] for _ in range(200)]
    assert_covered(truth, fits)


def test_shares__errors_of_shares_that_fill_one_cancel() -> None:
    found = shares(np.array([150, 40, 20, 9, 0]), 219)
    assert found.covariance.sum() == pytest.approx(0, abs=1e-12)
    assert found.covariance[4, 4] > 0
    assert np.linalg.eigvalsh(found.covariance).min() > -1e-12


def test_hazard__intervals_cover_the_truth() -> None:
    rng = np.random.default_rng(27)
    fits = [hazard(int(rng.poisson(0.03 * 3000)), 3000.0)[:2] for _ in range(200)]
    assert_covered(np.array([0.03]), fits)
