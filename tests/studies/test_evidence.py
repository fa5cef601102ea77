"""The onset equation from rolling origins, and the engine that samples it."""

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermegauss

pytest.importorskip("scipy")

from forecast.studies.evidence.engine import (
    first_onsets,
    onset_scenario,
    past_world,
    sampled_score,
    smoothed,
)
from forecast.studies.evidence.forms import ADOPTED, FORMS, REFINED, with_more_terms
from forecast.studies.evidence.rolling import adopted_fits, compare_forms
from forecast.studies.evidence.scores import brier_skill, score_difference
from forecast.studies.evidence.windows import window_intensity
from forecast.studies.fit.onset import OnsetFit, intensity
from forecast.studies.panel import DyadYears, dyad_years
from forecast.studies.scores.statistics import (
    area_under_precision_recall,
    area_under_roc,
    log_scores,
)
from forecast.world.disputes import dyadic_onsets
from forecast.world.history.sources import Sources, read_sources

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("FORECAST_DATA", ROOT / "../shared/data")).resolve()
PACK = ROOT / "tests/pack"

needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="source data not found; set FORECAST_DATA to their folder"
)


@pytest.fixture(scope="module")
def record() -> tuple[Sources, DyadYears]:
    sources = read_sources(DATA)
    onsets = dyadic_onsets(sources.disputes, sources.participants)
    return sources, dyad_years(sources, onsets, 1900, 2000, entering=True)


def test_panel__holds_what_was_known_on_1_january() -> None:
    sources = read_sources(PACK)
    onsets = dyadic_onsets(sources.disputes, sources.participants)

    panel = dyad_years(sources, onsets, 1950, 1960)
    longer = dyad_years(sources, onsets, 1950, 1990)

    same = longer.where(longer.year <= 1960)
    for name, values in panel.terms.items():
        np.testing.assert_array_equal(values, same.terms[name], err_msg=name)
    np.testing.assert_array_equal(panel.memory_short, same.memory_short)
    assert (panel.first < panel.second).all()
    assert (panel.age >= 1).all()


def test_panel__with_entering_states_has_their_first_year_too() -> None:
    sources = read_sources(PACK)
    onsets = dyadic_onsets(sources.disputes, sources.participants)

    plain = dyad_years(sources, onsets, 1900, 1990)
    wider = dyad_years(sources, onsets, 1900, 1990, entering=True)

    assert len(wider.year) > len(plain.year)
    assert (wider.age == 0).sum() == len(wider.year) - len(plain.year)


@needs_data
@pytest.mark.verify
def test_adopted_form__is_good_from_rolling_origins(record: tuple[Sources, DyadYears]) -> None:
    adopted, refined = compare_forms(record[1], [ADOPTED, REFINED])

    assert adopted.log_score <= 0.0716
    assert adopted.roc >= 0.900
    assert adopted.precision >= 0.257
    assert adopted.skill[0] >= 0.293
    assert adopted.skill[1] >= 0.364
    assert adopted.against_refined.high < 0 == refined.against_refined.mean


@needs_data
def test_more_terms__exist_for_every_row(record: tuple[Sources, DyadYears]) -> None:
    sources, panel = record

    richer = with_more_terms(sources, panel.where(panel.year >= 1995))

    for form in FORMS:
        for term in form.terms:
            assert np.isfinite(richer.terms[term]).all()
    assert 0 < richer.terms["votes"].max() < 10
    assert (richer.terms["rivalry_seen"] <= richer.terms["rivalry"]).all()


@needs_data
@pytest.mark.verify
def test_engine__starts_disputes_at_the_fitted_intensity(
    record: tuple[Sources, DyadYears],
) -> None:
    # Support and cost are held at the reference: what is tested is the sampling of the equation.
    sources, panel = record
    trajectories = 20_000
    fit = adopted_fits(panel)[1990]
    still = {"deterrence": 0.0, "unilateral_cost": 0.0}
    scenario = onset_scenario(fit, 1990, 1, trajectories, 11, **still)
    rows = panel.where((panel.year == 1990) & (panel.age >= 1))

    counts = first_onsets(scenario, past_world(sources, 1990))

    expected = with_climate(intensity(fit, rows))
    hits = smoothed(counts, rows, 1, trajectories, 0.0) * (trajectories + 1)
    likely = trajectories * expected > 20
    spread = np.sqrt(trajectories * expected * (1 - expected))
    away = ((hits - trajectories * expected) / spread)[likely]
    assert likely.sum() > 900
    # Independent standard normals: each bound fails by luck less than once in 10,000.
    assert abs(away.mean()) * np.sqrt(likely.sum()) < 4
    assert abs((away**2).mean() - 1) < 4 * np.sqrt(2 / likely.sum())


def with_climate(total: np.ndarray) -> np.ndarray:
    """Return the probability of an onset when the year's climate scales the intensity."""
    sd, bound = 0.22, 2.5
    points, weights = hermegauss(81)
    factor = np.exp(sd * np.clip(points, -bound, bound) - sd * sd / 2)
    return 1 - np.exp(-np.outer(total, factor)) @ (weights / weights.sum())


def test_scores__are_those_of_plain_counting() -> None:
    rng = np.random.default_rng(3)
    seen = (rng.random(300) < 0.2).astype(float)
    forecast = np.round(np.clip(0.2 + 0.3 * seen + rng.normal(0, 0.1, 300), 0.01, 0.99), 2)
    hit, miss = forecast[seen > 0], forecast[seen == 0]
    wins = (hit[:, None] > miss).mean() + 0.5 * (hit[:, None] == miss).mean()

    assert area_under_roc(seen, forecast)(np.ones(300)) == pytest.approx(wins)
    assert log_scores(seen, forecast)[seen > 0] == pytest.approx(-np.log(hit))
    assert brier_skill(seen, seen, forecast) == 1.0
    precision = area_under_precision_recall(np.array([1.0, 0, 1]), np.array([0.9, 0.5, 0.1]))
    assert precision(np.ones(3)) == pytest.approx((1 + 2 / 3) / 2)


def test_score_difference__interval_holds_pairs_together() -> None:
    rng = np.random.default_rng(4)
    pair = np.repeat(np.arange(50), 20)
    shift = np.repeat(rng.normal(1.0, 1.0, 50), 20)

    found = score_difference(shift, np.zeros(1000), pair)

    # Fifty independent values, not a thousand: the interval is that of their mean.
    assert found.high - found.low == pytest.approx(2 * 1.645 / np.sqrt(50), rel=0.3)
    assert found.low < found.mean < found.high


def test_window_intensity__adds_the_decaying_memory_to_the_base() -> None:
    one = np.ones(1)
    panel = DyadYears(
        one.astype(int), one.astype(int), one.astype(int) + 1,
        {"const": one, "new_dyad": 0.5 * one}, 2 * one, 3 * one, one, one,
    )  # fmt: skip
    fit = OnsetFit(
        ("const", "new_dyad"), "added", np.array([-3.0, 0.8, 0.2, 0.02]), np.eye(4), 0.0, 1, 1, 1
    )
    grid = (np.arange(200_000) + 0.5) / 200_000 * 5
    base = np.exp(-3.0 + 0.8 * 0.5 * np.exp(-grid / 10))
    short = 0.2 * 2 * np.exp(-(grid - 0.5) / 2)
    long = 0.02 * 3 * np.exp(-(grid - 0.5) / 15)

    expected = 5 * (base + short + long).mean()

    assert window_intensity(fit, panel, 5)[0] == pytest.approx(expected, rel=1e-4)


def test_sampled_score__of_many_trajectories_is_that_of_the_equation() -> None:
    rng = np.random.default_rng(5)
    forecast = rng.uniform(0.01, 0.5, 400)
    seen = (rng.random(400) < forecast).astype(float)

    few, many = (sampled_score(seen, forecast, forecast, n) for n in (200, 2_000_000))

    exact = log_scores(seen, forecast).mean()
    assert many[0] == pytest.approx(exact, abs=1e-4)
    assert few[0] > exact
    assert few[1] > 10 * many[1]
