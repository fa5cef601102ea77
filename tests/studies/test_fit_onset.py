"""The onset estimator against simulated histories whose truth is known."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from forecast.studies.fit.frailty import fit_frailty
from forecast.studies.fit.onset import (
    OnsetFit,
    fit_onset,
    intensity,
    onset_probability,
    recency,
    waited,
    yearly_memory,
)
from forecast.studies.panel import MEMORY_DELAY, TAU_LONG, TAU_SHORT, DyadYears
from forecast.world.disputes import Onsets, memory

TERMS = ("const", "land", "rivalry")
TRUTH = np.array([-4.0, 1.2, 1.5, 0.2, 0.02])
PAIRS, YEARS = 500, 40


def simulated_times(rng: np.random.Generator, rate: np.ndarray) -> tuple:
    """Return pair and time of every dispute: immigrants, and the children each one has."""
    pair = np.repeat(np.arange(len(rate)), rng.poisson(rate * YEARS))
    time = rng.uniform(0.0, YEARS, len(pair))
    found = [(pair, time)]
    while len(pair):
        born = []
        for strength, tau in zip(TRUTH[-2:], (TAU_SHORT, TAU_LONG), strict=True):
            # What the yearly likelihood takes a memory to be: at work from the start, and larger.
            count = rng.poisson(strength * waited(tau) * tau, len(pair))
            lag = rng.exponential(tau, count.sum())
            born.append((np.repeat(pair, count), np.repeat(time, count) + lag))
        pair, time = (np.concatenate(column) for column in zip(*born, strict=True))
        pair, time = pair[time < YEARS], time[time < YEARS]
        found.append((pair, time))
    pairs, times = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(times)
    return pairs[order], times[order]


def simulated_panel(seed: int, frail: float | None = None) -> DyadYears:
    """Return the dyad-years of a simulated history, as the record would tell them."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(PAIRS), rng.random(PAIRS) < 0.4, rng.random(PAIRS) < 0.2])
    rate = np.exp(x @ TRUTH[:3])
    if frail is not None:
        rate = rate * rng.gamma(frail, 1 / frail, PAIRS)
    pair, time = simulated_times(rng, rate)
    ones = np.ones(len(pair), int)
    record = Onsets(np.arange(len(pair)), time, pair + 1, 900 * ones, ones, ones, ones)
    rows, year = np.tile(np.arange(PAIRS), YEARS), np.repeat(np.arange(YEARS), PAIRS)
    hit = np.isin(rows * YEARS + year, pair * YEARS + np.floor(time).astype(int)).astype(float)
    terms = {name: x[rows, column].astype(float) for column, name in enumerate(TERMS)}
    other = np.full(len(rows), 900)
    short, long = (
        memory(record, rows + 1, other, year.astype(float), tau) for tau in (TAU_SHORT, TAU_LONG)
    )
    return DyadYears(year, rows + 1, other, terms, short, long, hit, year.astype(float))


def fitted(panel: DyadYears) -> OnsetFit:
    return fit_onset(panel, np.ones(len(panel.onset)), TERMS)


@pytest.mark.verify
def test_onset_fit__intervals_cover_the_truth() -> None:
    # 60 histories: fewer than 50 covered of an exact 95 % interval happens once in 2,000 a
    # parameter. A dispute's year holds its children's too, so the yearly likelihood is the exact
    # one and no bias is allowed for.
    runs = [fitted(simulated_panel(seed)) for seed in range(60)]
    errors = np.array([np.sqrt(np.diag(run.covariance)) for run in runs])
    away = np.array([run.values for run in runs]) - TRUTH

    assert ((np.abs(away) < 1.96 * errors).sum(axis=0) >= 50).all()
    assert (np.abs(away.mean(axis=0)) < 4 * errors.mean(axis=0) / np.sqrt(60)).all()


def test_onset_fit__expects_as_many_onsets_as_it_saw() -> None:
    panel = simulated_panel(100)

    fit = fitted(panel)

    assert onset_probability(fit, panel).sum() == pytest.approx(panel.onset.sum(), rel=0.01)
    assert fit.n == PAIRS * YEARS
    assert fit.clusters == PAIRS


def test_onset_fit__multiplied_memory_needs_a_base_to_multiply() -> None:
    panel = simulated_panel(101)

    added = fitted(panel)
    multiplied = fit_onset(panel, np.ones(len(panel.onset)), TERMS, "multiplied")

    assert multiplied.log_likelihood < added.log_likelihood
    assert (intensity(multiplied, panel) > 0).all()


def test_recency__halves_weights_over_the_half_life() -> None:
    panel = simulated_panel(1).where(np.arange(PAIRS * YEARS) % PAIRS == 0)

    weights = recency(panel, YEARS - 1, 10.0)

    assert weights[-1] == pytest.approx(0.5**0.1)
    assert weights[-1] / weights[-11] == pytest.approx(2.0)


def test_yearly_memory__is_the_integral_of_the_decay() -> None:
    grid = (np.arange(100_000) + 0.5) / 100_000

    decay = 3 * np.exp(-(grid - MEMORY_DELAY) / 2)
    assert yearly_memory(np.array([3.0]), 2.0)[0] == pytest.approx(decay.mean())


def test_frailty__is_found_where_it_is_and_not_where_it_is_not() -> None:
    # Without a memory to explain it, what sets pairs apart is left to the frailty.
    blank = np.zeros(PAIRS * YEARS)
    with_it = simulated_panel(7, frail=0.5)._replace(memory_short=blank, memory_long=blank)
    without = simulated_panel(7)
    ones = np.ones(PAIRS * YEARS)

    found = fit_frailty(fitted(with_it), with_it, ones)
    none = fit_frailty(fitted(without), without, ones)

    assert found.shape < 3
    assert found.gain > 2
    assert none.shape > 5
    assert none.gain < 2
