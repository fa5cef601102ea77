"""Who is turned away from a war unasked would have stayed out if asked."""

import math

import numpy as np

from forecast.kernel.joining import exceeds

turned_away = exceeds.py_func


def test_exceeds__turns_nobody_away_who_would_join() -> None:
    for x in np.linspace(-12.0, 3.0, 301):
        probability = 1.0 / (1.0 + math.exp(-x))
        for u in (0.5 * probability, probability * (1.0 - 1e-12)):
            assert not turned_away(u, x)


def test_exceeds__turns_most_away_who_would_not_join() -> None:
    uniforms = (np.arange(1000) + 0.5) / 1000
    away = sum(turned_away(u, -3.0) for u in uniforms) / 1000
    stay = 1.0 - 1.0 / (1.0 + math.exp(3.0))
    assert 0.97 * stay < away <= stay


def test_exceeds__never_turns_away_at_even_odds_or_better() -> None:
    assert not any(turned_away(0.999, x) for x in (0.0, 1.0, 30.0))
