"""What the parameters alone do to a probability: its spread over their draws."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

NORMAL_95 = 1.6448536269514722
"""Quantile .95 of the standard normal distribution: bounds that leave out 5 % at either end."""


def parameter_interval(events: ArrayLike, trajectories: ArrayLike) -> tuple[float, float] | None:
    """Return the range that holds a probability in nine of ten draws of the parameters.

    Mean less and plus 1.645 times the standard deviation of the probability between draws, cut to
    0 ... 1: the 5 to 95 % range if the probabilities of the draws were normal. The deviation is the
    beta-binomial moment estimate, from which the noise of finitely many trajectories within a draw
    is taken off; where that noise explains all of the spread it is nought.

    Parameters
    ----------
    events, trajectories
        Of each draw, trajectories that saw the event, and all, (draw,).

    Returns
    -------
    tuple of float, or None
        Lower and upper end; None from fewer than two draws, or where no draw has two trajectories.

    Source
    ------
    Kleinman (1973), Proportions with extraneous variance, JASA 68: 46-54,
    doi:10.1080/01621459.1973.10481332.
    """
    count, size = np.asarray(events, np.float64), np.asarray(trajectories, np.float64)
    count, size = count[size > 0], size[size > 0]
    draws, total = size.size, size.sum()
    if draws < 2 or total <= draws:
        return None
    share, mean = count / size, count.sum() / total
    between = (size * (share - mean) ** 2).sum() / (draws - 1)
    within = (size * share * (1 - share)).sum() / (total - draws)
    typical = (total - (size**2).sum() / total) / (draws - 1)
    reach = NORMAL_95 * sqrt(max((between - within) / typical, 0.0))
    return float(max(mean - reach, 0.0)), float(min(mean + reach, 1.0))
