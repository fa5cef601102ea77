"""From tallies to sums: one trajectory under all architectures enters the batch, in fixed order."""

import math

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


@jit
def _add_annual(annual, tallies, a):
    own = tallies[a]
    for v in range(own.annual.shape[0]):
        for y in range(own.annual.shape[1]):
            x = own.annual[v, y]
            annual.total[v, a, y] += x
            annual.histogram[v, a, y, bin_of(v, x)] += 1
            for b in range(len(tallies)):
                annual.product[v, a, b, y] += float(x) * float(tallies[b].annual[v, y])
    for y in range(own.annual_expected.size):
        annual.expected_total[a, y] += own.annual_expected[y]
        for b in range(len(tallies)):
            product = own.annual_expected[y] * tallies[b].annual_expected[y]
            annual.expected_product[a, b, y] += product


@jit
def _add_states(states, tallies, a):
    own = tallies[a]
    for v in range(own.states.shape[0]):
        for k in range(own.states.shape[1]):
            x = own.states[v, k]
            if x > 0:
                states.total[v, a, k] += x
                for b in range(len(tallies)):
                    states.product[v, a, b, k] += x * tallies[b].states[v, k]


@jit
def _add_measures(annual, tallies, a):
    own = tallies[a]
    for m in range(own.measures.shape[0]):
        for y in range(own.measures.shape[1]):
            x = own.measures[m, y]
            annual.measure_total[m, a, y] += x
            for b in range(len(tallies)):
                annual.measure_product[m, a, b, y] += x * tallies[b].measures[m, y]


@jit
def _add_shared(annual, shared, count, tallies, a):
    own = tallies[a]
    for n in range(count):
        if own.accepted[n]:
            y = int(shared.time[n])
            for b in range(len(tallies)):
                annual.shared_onset_product[a, b, y] += tallies[b].accepted[n]


@jit
def _add_aggressions(sums, own, a):
    sums.attempts[a] += own.attempts
    sums.successes[a] += own.successes
    sums.latency[a] += own.latency


@jit
def _add_institutions(sums, tallies, a):
    own = tallies[a]
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
            for b in range(len(tallies)):
                if tallies[b].survives[p, y]:
                    sums.credibility_product[a, b, p, y] += kappa * tallies[b].credibility[p, y]
                    sums.legitimacy_product[a, b, p, y] += legitimacy * tallies[b].legitimacy[p, y]


@jit
def _add_dyads(dyads, tallies, a, years):
    own = tallies[a]
    for n in range(own.touched_size[0]):
        k, y = own.touched[n] // years, own.touched[n] % years
        x = own.onsets[k, y]
        dyads.onset_count[a, k, y] += x
        if own.first[k] == y:
            dyads.first_onset_count[a, k, y] += 1
        if own.first_use[k] == y:
            dyads.first_use_count[a, k, y] += 1
        for b in range(len(tallies)):
            dyads.onset_product[a, b, k, y] += x * tallies[b].onsets[k, y]


@jit
def accumulate(results, shared, count, tallies, years, n):
    """Add the n-th trajectory of the batch to the results."""
    for a in range(len(tallies)):
        _add_trajectory(results.trajectories, tallies[a], a, n)
        _add_annual(results.annual, tallies, a)
        _add_measures(results.annual, tallies, a)
        _add_shared(results.annual, shared, count, tallies, a)
        _add_aggressions(results.aggressions, tallies[a], a)
        _add_states(results.states, tallies, a)
        _add_institutions(results.institutions, tallies, a)
        _add_dyads(results.dyads, tallies, a, years)
