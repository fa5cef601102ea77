from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace

import numpy as np

from forecast.kernel import records, results
from forecast.outcomes import variables
from forecast.outcomes.batches import batch_arrays
from forecast.outcomes.frame import (
    count_bin_edges,
    deaths_bin_edges,
    latency_bin_edges,
    power_bin_centres,
    share_bin_edges,
)
from forecast.outcomes.variables import VARIABLES
from forecast.world.codes import STATE_CLASSES


def names(concepts: Iterable[variables.Concept]) -> tuple[str, ...]:
    return tuple(concept.name for concept in concepts)


def test_registry__follows_the_order_of_the_kernel() -> None:
    assert names(variables.TRAJECTORY_COUNTS) == results.TRAJECTORY_COUNTS
    assert names(variables.TRAJECTORY_EXPECTATIONS) == results.EXPECTED_COUNTS
    assert names(variables.ANNUAL_COUNTS) == results.ANNUAL_COUNTS
    assert names(variables.MEASURES) == results.MEASURE_NAMES
    assert names(variables.STATE_COUNTS) == results.STATE_COUNT_NAMES
    assert variables.COUNT_BINS == results.HISTOGRAM_BINS
    assert variables.SHARE_BINS == results.CREDIBILITY_BINS
    assert variables.POWER_BINS == records.POWER_BINS
    assert variables.LATENCY_BINS == records.LATENCY_BINS
    assert variables.STATE_CLASSES == STATE_CLASSES


def numbered_result() -> results.BatchResult:
    """Return a kernel's result of which every element is another number, from 1 on."""
    sizes = SimpleNamespace(
        architectures=SimpleNamespace(exists=np.zeros((2, 3))),
        states=SimpleNamespace(code=np.zeros(4)),
        dyads=SimpleNamespace(initiator=np.zeros(5)),
        years=6,
    )
    result = results.allocate(sizes, 7)  # type: ignore[arg-type]
    last = 0
    for array in (array for part in result for array in part):
        array[...] = np.arange(last + 1, last + array.size + 1).reshape(array.shape)
        last += array.size
    return results.published(result)


def test_batches__store_every_number_of_the_kernel_once() -> None:
    result = numbered_result()
    # Counted from the year 1, calendar years are the kernel's year numbers.
    stored = batch_arrays(result, first_year=1)
    assert set(stored) == {v.path for v in VARIABLES} - {"institutions/exists"}
    found = np.sort(np.concatenate([values.ravel() for values in stored.values()]).astype(int))
    np.testing.assert_array_equal(found, np.arange(1, found.size + 1))
    assert found.size == sum(array.size for part in result for array in part)


def test_batches__have_the_dimensions_of_the_registry() -> None:
    stored = batch_arrays(numbered_result(), first_year=1)
    sizes = {"architecture": 2, "other_architecture": 2, "institution": 3, "state": 4, "dyad": 5}
    sizes |= {"year": 6, "trajectory": 7, "initiator_class": 3, "target_class": 3}
    sizes |= {"count_bin": 32, "deaths_bin": 32, "share_bin": 20, "power_bin": 12}
    sizes |= {"latency_bin": 20}
    for variable in VARIABLES:
        if variable.path in stored:
            dims = [dim for dim in variable.dims if dim != "batch"]
            assert stored[variable.path].shape == tuple(sizes[dim] for dim in dims)


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
    assert latency_bin_edges()[-1] == 570
    np.testing.assert_array_equal(np.floor(power_bin_centres()) + 6, np.arange(12))
