"""From tallies to sums: one trajectory under all architectures enters the batch, in fixed order."""

import math

import numpy as np

from forecast.kernel.compiled import jit
from forecast.kernel.records import ANNUAL_DEATHS

LAST_BIN = 31


@jit
def bin_of(v, x):
    """Return the histogram bin of a count (0 ... 31 and more), or of deaths (quarter decades)."""
    if v == ANNUAL_DEATHS and x > 0:
        return min(math.floor(4.0 * math.log10(float(x))) + 1, LAST_BIN)
    return min(x, LAST_BIN)


@jit
def _add_trajectory(trajectories, tally, a, n):
    for c in range(tally.counts.size):
        trajectories.counts[c, a, n] = tally.counts[c]
    trajectories.expected[0, a, n] = tally.expected[0]
    trajectories.expected[1, a, n] = tally.expected[1]


# The loop over the other architecture stands outside: taking a tally from the list has a cost.


@jit
def _add_annual(annual, tallies, a):
    own, own_expected = tallies[a].annual, tallies[a].annual_expected
    for v in range(own.shape[0]):
        for y in range(own.shape[1]):
            x = own[v, y]
            annual.total[v, a, y] += x
            annual.histogram[v, a, y, bin_of(v, x)] += 1
    annual.expected_total[a] += own_expected
    for b in range(len(tallies)):
        other, other_expected = tallies[b].annual, tallies[b].annual_expected
        for v in range(own.shape[0]):
            for y in range(own.shape[1]):
                annual.product[v, a, b, y] += float(own[v, y]) * float(other[v, y])
        for y in range(own_expected.size):
            annual.expected_product[a, b, y] += own_expected[y] * other_expected[y]


@jit
def _add_states(sums, states):
    """Add what all architectures did to every state, (V, N, A)."""
    variables, count, architectures = states.shape
    for v in range(variables):
        for k in range(count):
            for a in range(architectures):
                x = states[v, k, a]
                if x > 0:
                    sums.total[v, k, a] += x
                    for b in range(architectures):
                        sums.product[v, k, a, b] += x * states[v, k, b]


@jit
def _add_measures(annual, tallies, a):
    own = tallies[a].measures
    annual.measure_total[:, a] += own
    for b in range(len(tallies)):
        other = tallies[b].measures
        for m in range(own.shape[0]):
            for y in range(own.shape[1]):
                annual.measure_product[m, a, b, y] += own[m, y] * other[m, y]


@jit
def _add_shared(annual, shared, count, accepted):
    """Add, for all pairs of architectures, the candidates accepted under both; (n, A)."""
    architectures = accepted.shape[1]
    for n in range(count):
        for a in range(architectures):
            if accepted[n, a]:
                for b in range(architectures):
                    annual.shared_onset_product[a, b, int(shared.time[n])] += accepted[n, b]


@jit
def _add_aggressions(sums, own, a):
    sums.attempts[a] += own.attempts
    sums.successes[a] += own.successes
    sums.latency[a] += own.latency


@jit
def _add_institutions(sums, own, a):
    bins = sums.credibility_histogram.shape[3]
    for p in range(own.credibility.shape[0]):
        for y in range(own.credibility.shape[1]):
            if own.survives[p, y] == 0:
                break
            kappa, legitimacy = own.credibility[p, y], own.legitimacy[p, y]
            sums.credibility_histogram[a, p, y, min(int(kappa * bins), bins - 1)] += 1
            sums.legitimacy_histogram[a, p, y, min(int(legitimacy * bins), bins - 1)] += 1
            sums.credibility_total[a, p, y] += kappa
            sums.legitimacy_total[a, p, y] += legitimacy
            sums.survival_count[a, p, y] += 1


@jit
def _multiply_institutions(sums, own, other, a, b):
    for p in range(own.credibility.shape[0]):
        for y in range(own.credibility.shape[1]):
            if own.survives[p, y] == 0 or other.survives[p, y] == 0:
                break
            product = own.credibility[p, y] * other.credibility[p, y]
            sums.credibility_product[a, b, p, y] += product
            sums.legitimacy_product[a, b, p, y] += own.legitimacy[p, y] * other.legitimacy[p, y]


@jit
def _add_firsts(dyads, pair, onsets, own, a):
    """Count the onsets of dyad-years, (Y, K, A), and a pair's first, and its first use of force."""
    seen = np.zeros(pair.size, np.int8)  # there are fewer pairs than dyads
    for n in range(own.onsets_size[0]):
        k, y, use = own.onsets[n, 0], own.onsets[n, 1], own.onsets[n, 2]
        onsets[y, k, a] += 1
        if seen[pair[k]] == 0:
            dyads.first_onset_count[y, k, a] += 1
            seen[pair[k]] = 1
        if use and seen[pair[k]] == 1:
            dyads.first_use_count[y, k, a] += 1
            seen[pair[k]] = 2


@jit
def _add_onsets(dyads, onsets, own, a):
    """Add and clear the dyad-years, (Y, K, A), that had onsets under a and are not cleared yet."""
    architectures = onsets.shape[2]
    for n in range(own.onsets_size[0]):
        k, y = own.onsets[n, 0], own.onsets[n, 1]
        if onsets[y, k, a] > 0:
            for b in range(architectures):
                x = onsets[y, k, b]
                dyads.onset_count[y, k, b] += x
                for c in range(architectures):
                    dyads.onset_product[y, k, b, c] += x * onsets[y, k, c]
            onsets[y, k] = 0


@jit
def accumulate(results, pair, shared, count, tallies, side_by_side, n):
    """Add the n-th trajectory of the batch to the results."""
    states, onsets, accepted = side_by_side
    _add_states(results.states, states)
    _add_shared(results.annual, shared, count, accepted)
    for a in range(len(tallies)):
        _add_trajectory(results.trajectories, tallies[a], a, n)
        _add_annual(results.annual, tallies, a)
        _add_measures(results.annual, tallies, a)
        _add_aggressions(results.aggressions, tallies[a], a)
        _add_institutions(results.institutions, tallies[a], a)
        _add_firsts(results.dyads, pair, onsets, tallies[a], a)
        for b in range(len(tallies)):
            _multiply_institutions(results.institutions, tallies[a], tallies[b], a, b)
    for a in range(len(tallies)):
        _add_onsets(results.dyads, onsets, tallies[a], a)
