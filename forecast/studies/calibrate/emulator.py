"""Polynomials that stand for the simulation between the simulated sets of values."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import RidgeCV
from sklearn.preprocessing import PolynomialFeatures

F8 = NDArray[np.float64]

DEGREE = 2
PENALTIES = np.logspace(-3, 5, 17)
"""Ridge penalties tried."""

FEWEST = 4
"""Simulated sets of values below which a fact is not emulated."""


class Emulator(NamedTuple):
    """Every fact as a polynomial of the entries.

    Parameters
    ----------
    coefficients, constant
        (fact, term) and (fact,).
    variance
        Mean square of the error where the point was left out, (fact,): of the polynomial and of
        the simulation.
    share
        Share of the simulated variance that the polynomial tells, by the same errors, (fact,).
    """

    coefficients: F8
    constant: F8
    variance: F8
    share: F8

    def __call__(self, places: F8) -> F8:
        """Return the facts, (point, fact), at places in the unit cube, (point, entry)."""
        if not len(places):
            return np.empty((0, len(self.constant)))
        return np.asarray(_terms(places) @ self.coefficients.T + self.constant)


def fit_emulator(places: F8, facts: F8) -> Emulator:
    """Return the emulator of simulated facts.

    Of degrees one and two and of the penalties, those with the least leave-one-out error.

    Parameters
    ----------
    places
        In the unit cube, (point, entry).
    facts
        (point, fact); NaN where one cannot be told.
    """
    terms = _terms(places)
    linear = places.shape[1]
    fitted = [_fit(terms, column, (linear, terms.shape[1])) for column in facts.T]
    return Emulator(*(np.array(part) for part in zip(*fitted, strict=True)))


def _fit(terms: F8, values: F8, sizes: tuple[int, int]) -> tuple[F8, float, float, float]:
    """Return coefficients, constant, leave-one-out variance, and the share of variance told."""
    known = np.isfinite(values)
    coefficients = np.zeros(terms.shape[1])
    if known.sum() < FEWEST or np.ptp(values[known]) == 0:
        level = float(values[known].mean()) if known.any() else float("nan")
        return coefficients, level, 0.0, 0.0
    models = [RidgeCV(PENALTIES).fit(terms[known, :size], values[known]) for size in sizes]
    best = max(models, key=lambda model: float(model.best_score_))
    coefficients[: best.coef_.size] = best.coef_
    error = -float(best.best_score_)
    return coefficients, float(best.intercept_), error, 1 - error / float(values[known].var())


def _terms(places: F8) -> F8:
    """Return all terms, the linear ones first, of places centred and scaled to -1 ... 1."""
    features = PolynomialFeatures(DEGREE, include_bias=False)
    return np.asarray(features.fit_transform(2 * places - 1))
