"""Draws: known answers, uniformity, and transforms against the standard library."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.kernel import distributions, streams
from forecast.kernel.compiled import exposed
from forecast.kernel.distributions import normal_quantile, poisson_quantile
from forecast.kernel.streams import LEAST_LANES, child_id, draw, philox
from tests.reference import draws as reference

U64 = st.integers(0, 2**64 - 1)
U32 = st.integers(0, 2**32 - 1)

# Random123's own known-answer vectors for philox4x32-10: counter, key, words.
KNOWN = (
    ((0,) * 4, (0,) * 2, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((2**32 - 1,) * 4, (2**32 - 1,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
)


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_philox__gives_the_known_answers(counter, key, words):
    arguments = [np.uint64(x) for x in (*key, *counter)]
    assert tuple(int(x) for x in philox(*arguments)) == words


@given(seed=U32, trajectory=U32, event=U64, purpose=st.integers(1, 20), actor=U32)
def test_draw__equals_the_reference(seed, trajectory, event, purpose, actor):
    stream = (np.uint64(seed), np.uint64(trajectory))
    ours = draw(stream, np.uint64(event), purpose, actor)
    assert ours == reference.Draws(seed, trajectory)(event, purpose, actor)
    assert all(0.0 < x < 1.0 for x in ours)


@exposed
def draws(stream, event, purpose, numbers, count, u, v, w):
    """Fill three rows each: by purposes and actors, by actors, and by events and actors."""
    streams.draw_many(stream, event, numbers, numbers, count, u[0], v[0], w[0])
    streams.draw_all(stream, event, purpose, numbers, u[1], v[1], w[1])
    streams.draw_events(stream, numbers, purpose, numbers, count, u[2])


@pytest.mark.parametrize("count", [1, 7, 38])
def test_draws_of_several__equal_single_draws(count):
    stream, event = (np.uint64(5), np.uint64(2**31)), np.uint64(2**63 + 11)
    numbers = np.arange(3, 3 + count + LEAST_LANES)
    u, v, w = np.zeros((3, 3, numbers.size))
    draws(stream, event, 24, numbers, count, u, v, w)
    for n, number in enumerate(numbers[:count]):
        assert (u[0, n], v[0, n], w[0, n]) == draw(stream, event, number, number)
        assert (u[1, n], v[1, n], w[1, n]) == draw(stream, event, 24, number)
        assert u[2, n] == draw(stream, np.uint64(number), 24, number)[0]


@exposed
def picked(cumulative, shares):
    start = distributions.guide(cumulative)
    return np.array([distributions.first_above(cumulative, start, x) for x in shares])


@given(st.lists(st.floats(0, 5), min_size=1, max_size=40).filter(lambda x: sum(x) > 1e-6))
def test_first_above__is_what_a_search_finds(weights):
    cumulative = np.cumsum(weights)
    shares = np.concatenate([np.linspace(0, 1 - 2**-33, 57), cumulative[:-1] / cumulative[-1]])
    found = np.searchsorted(cumulative, shares * cumulative[-1], side="right")
    assert list(picked(cumulative, shares)) == list(np.minimum(found, cumulative.size - 1))


@exposed
def quantiles(p):
    x = np.empty_like(p)
    distributions.normal_quantiles(p, x)
    return x


def test_normal_quantiles__equal_single_quantiles():
    p = np.concatenate([np.linspace(0.001, 0.999, 333), [1e-300, 1e-9, 0.075, 0.925]])
    assert list(quantiles(p)) == [normal_quantile(x) for x in p]


@given(parent=U64, number=st.integers(0, 2**20))
def test_child_id__equals_the_reference(parent, number):
    assert int(child_id(np.uint64(parent), number)) == reference.child_id(parent, number)


@given(st.floats(1e-300, 1 - 1e-16))
def test_normal_quantile__equals_the_standard_library(p):
    assert normal_quantile(p) == pytest.approx(NormalDist().inv_cdf(p), rel=1e-13, abs=1e-15)


@given(u=st.floats(0, 1 - 1e-12), mean=st.floats(0, 5))
def test_poisson_quantile__inverts_the_distribution_function(u, mean):
    n = poisson_quantile(u, mean)
    terms = [np.exp(-mean)]
    for k in range(1, n + 1):
        terms.append(terms[-1] * mean / k)
    assert sum(terms) > u - 1e-12
    assert sum(terms[:-1]) <= u + 1e-12
