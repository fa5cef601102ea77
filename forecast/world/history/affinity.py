"""How near two states' foreign policies are: from Assembly votes, before them from alliances."""

from __future__ import annotations

import numpy as np

from forecast.world.history.covariates import newest_year
from forecast.world.history.system import Codes, Floats, locate
from forecast.world.readers.table import Table

FIRST_ORIGIN_WITH_VOTES = 1947
"""The first session of the General Assembly voted in 1946."""

ALLIANCE_VALUES = (
    ("atop_consul", 1),
    ("atop_nonagg", 2),
    ("atop_neutral", 2),
    ("atop_defense", 3),
    ("atop_offense", 3),
)
"""Depth of an obligation, deepest last (assumption, after the usual ordinal scale)."""

OWN_VALUE = 3
"""A state's tie to itself: as deep as the deepest alliance (Signorino and Ritter 1999)."""

UNDEFINED = 0.5


def point_affinity(points: Floats) -> Floats:
    """Return exp(-|difference of ideal points|), (state, state)."""
    return np.asarray(np.exp(-np.abs(points[:, np.newaxis] - points)))


def portfolio_affinity(alliances: Table, codes: Codes, year: int) -> Floats:
    """Return how far two states' alliance portfolios agree beyond chance, 0-1, (state, state).

    Cohen's kappa of the two portfolios over all states alive, with squared differences of the
    values as disagreement, mapped by (1 + kappa)/2; .5 where kappa is undefined.

    Parameters
    ----------
    alliances
        Directed dyad-years of alliance; those of the newest year before `year` count.
    codes
        COW codes of the states alive, sorted.
    year
        Forecast origin.

    Source
    ------
    Häge (2011), Choice or Circumstance? Adjusting Measures of Foreign Policy Similarity for
    Chance Agreement, Political Analysis 19(3): 287-305. The values of the obligations and the
    mapping to 0-1 are assumptions.
    """
    if not len(codes):
        return np.zeros((0, 0))
    portfolios = _portfolios(alliances, codes, year)
    mean = portfolios.mean(axis=1)
    square = (portfolios**2).mean(axis=1)
    product = portfolios @ portfolios.T / len(codes)
    observed = square[:, np.newaxis] + square - 2 * product
    # Expected disagreement of values paired at random: E(x - y)^2 for independent x and y.
    expected = square[:, np.newaxis] + square - 2 * np.outer(mean, mean)
    undefined = expected <= 0
    kappa = 1 - observed / np.where(undefined, 1.0, expected)
    affinity = np.where(undefined, UNDEFINED, np.clip((1 + kappa) / 2, 0.0, 1.0))
    np.fill_diagonal(affinity, 1.0)
    return np.asarray(affinity)


def _portfolios(alliances: Table, codes: Codes, year: int) -> Floats:
    """Return the depth of what the row state owes the column state, (state, state)."""
    current = alliances.where(alliances["year"] == newest_year(alliances, year))
    first, first_alive = locate(codes, current["ccode1"])
    second, second_alive = locate(codes, current["ccode2"])
    depth = np.zeros(len(current))
    for column, value in ALLIANCE_VALUES:
        depth = np.where(current[column] == 1, value, depth)
    kept = first_alive & second_alive
    table = np.zeros((len(codes), len(codes)))
    np.maximum.at(table, (first[kept], second[kept]), depth[kept])
    np.fill_diagonal(table, OWN_VALUE)
    return table
