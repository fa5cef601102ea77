from __future__ import annotations

import numpy as np

from forecast.kernel import results
from forecast.outcomes import variables
from forecast.outcomes.frame import count_bin_edges, deaths_bin_edges, share_bin_edges
from forecast.outcomes.variables import VARIABLES


def test_registry__follows_the_order_of_the_kernel() -> None:
    counts = tuple(concept.name for concept, _ in variables.TRAJECTORY_INTEGERS)
    assert counts == results.TRAJECTORY_COUNTS
    expected = tuple(concept.name for concept in variables.TRAJECTORY_EXPECTATIONS)
    assert expected == results.EXPECTED_COUNTS
    assert tuple(c.name for c in variables.ANNUAL_COUNTS) == results.ANNUAL_COUNTS
    assert tuple(c.name for c in variables.STATE_COUNTS) == results.STATE_COUNT_NAMES
    assert variables.COUNT_BINS == results.HISTOGRAM_BINS
    assert variables.SHARE_BINS == results.CREDIBILITY_BINS


def test_registry__names_every_variable_once_and_explains_it() -> None:
    paths = [v.path for v in VARIABLES]
    assert len(paths) == len(set(paths))
    assert all(v.units and v.long_name and v.description.endswith(".") for v in VARIABLES)


def test_bins__start_where_the_kernel_puts_their_least_value() -> None:
    deaths = deaths_bin_edges()
    assert deaths[0] == 0
    inside = deaths[1:] * 1.0001
    np.testing.assert_array_equal(np.floor(4 * np.log10(inside)) + 1, np.arange(1, 32))
    assert count_bin_edges()[-1] == 31
    assert share_bin_edges()[-1] == 0.95
