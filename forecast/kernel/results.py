"""What a batch of trajectories returns: arrays that the kernel fills (A architectures, Y years)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.kernel.arrays import EventLog, Inputs
from forecast.kernel.records import (
    ANNUALS,
    CLASSES,
    COUNTS,
    LATENCY_BINS,
    MEASURES,
    POWER_BINS,
    STATE_COUNTS,
)

HISTOGRAM_BINS = 32
CREDIBILITY_BINS = 20

TRAJECTORY_COUNTS = (
    "dispute_count",
    "fatal_dispute_count",
    "war_count",
    "battle_deaths",
    "largest_war_battle_deaths",
    "great_power_war_year",
    "g3_war_year",
    "aggression_count",
    "aggression_success_count",
    "small_state_loss_count",
    "tested_obligation_count",
    "answered_obligation_count",
    "ally_invocation_count",
    "ally_honoured_count",
    "joiner_count",
    "agenda_count",
    "sanctions_count",
    "enforcement_count",
    "peacekeeping_count",
    "veto_count",
    "compliance_count",
    "territory_loss_count",
    "conquest_count",
    "great_power_dispute_count",
    "nuclear_use_count",
    "nuclear_use_year",
    "nuclear_deaths",
    "proliferation_count",
    "rivalry_start_count",
    "rivalry_end_count",
    "pact_birth_count",
    "pact_end_count",
    "accession_count",
    "exit_count",
    "dissolution_count",
    "coercion_count",
    "coercion_success_count",
    "clip_count",
    "exit_reason",
)
EXPECTED_COUNTS = ("expected_war_count", "expected_great_power_war_count")
ANNUAL_COUNTS = (
    "dispute_count",
    "fatal_dispute_count",
    "war_count",
    "battle_deaths",
    "great_power_war_count",
    "aggression_count",
    "aggression_success_count",
    "veto_count",
    "territory_loss_count",
    "nuclear_use_count",
    "coercion_success_count",
)
MEASURE_NAMES = (
    "coalition_count",
    "coalition_size",
    "largest_coalition_share",
    "bipolarity",
    "armed_state_count",
    "rivalry_count",
    "conquest_norm",
    "military_burden",
)
STATE_COUNT_NAMES = (
    "attacked_count",
    "fatally_attacked_count",
    "war_count",
    "aggression_success_count",
    "territory_loss_count",
    "conquest_count",
    "coercion_success_count",
    "sheltered_years",
    "sheltered_attacked_count",
    "sheltered_aggression_success_count",
)


class Trajectories(NamedTuple):
    """One value per architecture and trajectory; fields in the order of TRAJECTORY_COUNTS."""

    counts: NDArray[np.int64]  # (C, A, n)
    expected: NDArray[np.float64]  # (2, A, n)
    stream_hash: NDArray[np.uint64]  # (n,)
    candidates: NDArray[np.int64]  # (n,) shared candidates


class Annual(NamedTuple):
    """Sums over the trajectories of a batch, by year."""

    total: NDArray[np.int64]  # (V, A, Y)
    product: NDArray[np.float64]  # (V, A, A, Y)
    histogram: NDArray[np.int64]  # (V, A, Y, 32)
    expected_total: NDArray[np.float64]  # (A, Y) probabilities of war at escalation decisions
    expected_product: NDArray[np.float64]  # (A, A, Y)
    measure_total: NDArray[np.float64]  # (M, A, Y) at the end of the year, MEASURE_NAMES
    measure_product: NDArray[np.float64]  # (M, A, A, Y)
    shared_onset_product: NDArray[np.int64]  # (A, A, Y) shared candidates accepted under both


class Aggressions(NamedTuple):
    """Aggressions and their successes by ln(C_i/C_j) and classes; delays of help by decision."""

    attempts: NDArray[np.int64]  # (A, 12, 3, 3) power bin, class of initiator, of target
    successes: NDArray[np.int64]  # (A, 12, 3, 3)
    latency: NDArray[np.int64]  # (A, 20) bins of 30 days


class StateSums(NamedTuple):
    """Sums over the trajectories of a batch, by state."""

    total: NDArray[np.int64]  # (V, A, N)
    product: NDArray[np.int64]  # (V, A, A, N)


class InstitutionSums(NamedTuple):
    """Sums and histograms of credibility and legitimacy at the end of each year."""

    credibility_histogram: NDArray[np.int64]  # (A, P, Y, 20)
    legitimacy_histogram: NDArray[np.int64]  # (A, P, Y, 20)
    credibility_total: NDArray[np.float64]  # (A, P, Y)
    legitimacy_total: NDArray[np.float64]  # (A, P, Y)
    credibility_product: NDArray[np.float64]  # (A, A, P, Y)
    legitimacy_product: NDArray[np.float64]  # (A, A, P, Y)
    survival_count: NDArray[np.int64]  # (A, P, Y)


class DyadSums(NamedTuple):
    """Sums over the trajectories of a batch, by directed dyad and year."""

    onset_count: NDArray[np.int32]  # (A, K, Y)
    first_onset_count: NDArray[np.int32]  # (A, K, Y)
    first_use_count: NDArray[np.int32]  # (A, K, Y)
    onset_product: NDArray[np.int32]  # (A, A, K, Y)


class BatchResult(NamedTuple):
    """Everything the kernel reports of one batch."""

    trajectories: Trajectories
    annual: Annual
    aggressions: Aggressions
    states: StateSums
    institutions: InstitutionSums
    dyads: DyadSums


def published(filled: BatchResult) -> BatchResult:
    """Return results as the kernel filled them with the axes in the order promised."""
    states, dyads = filled.states, filled.dyads
    return filled._replace(
        states=StateSums(np.moveaxis(states.total, 1, -1), np.moveaxis(states.product, 1, -1)),
        dyads=DyadSums(
            dyads.onset_count.transpose(2, 1, 0),
            dyads.first_onset_count.transpose(2, 1, 0),
            dyads.first_use_count.transpose(2, 1, 0),
            dyads.onset_product.transpose(2, 3, 1, 0),
        ),
    )


def _allocate_dyads(k: int, y: int, a: int) -> DyadSums:
    """Return views of one array: the sums of a year, and in it those of a dyad, lie together."""
    sums = np.zeros((y, k, 3 + a, a), np.int32)
    return DyadSums(sums[:, :, 0], sums[:, :, 1], sums[:, :, 2], sums[:, :, 3:])


def allocate(inputs: Inputs, count: int) -> BatchResult:
    """Return zeroed results for `count` trajectories, for the kernel to fill.

    Sums by state and by dyad have the architectures last: the kernel fills them side by side, and
    side by side they lie in memory. `published` puts the axes in order.
    """
    a, p = inputs.architectures.exists.shape
    n, k, y = inputs.states.code.size, inputs.dyads.initiator.size, inputs.years
    i8, f8 = np.int64, np.float64
    return BatchResult(
        Trajectories(
            np.zeros((COUNTS, a, count), i8),
            np.zeros((2, a, count), f8),
            np.zeros(count, np.uint64),
            np.zeros(count, i8),
        ),
        Annual(
            np.zeros((ANNUALS, a, y), i8),
            np.zeros((ANNUALS, a, a, y), f8),
            np.zeros((ANNUALS, a, y, HISTOGRAM_BINS), i8),
            np.zeros((a, y), f8),
            np.zeros((a, a, y), f8),
            np.zeros((MEASURES, a, y), f8),
            np.zeros((MEASURES, a, a, y), f8),
            np.zeros((a, a, y), i8),
        ),
        Aggressions(
            np.zeros((a, POWER_BINS, CLASSES, CLASSES), i8),
            np.zeros((a, POWER_BINS, CLASSES, CLASSES), i8),
            np.zeros((a, LATENCY_BINS), i8),
        ),
        StateSums(np.zeros((STATE_COUNTS, n, a), i8), np.zeros((STATE_COUNTS, n, a, a), i8)),
        InstitutionSums(
            np.zeros((a, p, y, CREDIBILITY_BINS), i8),
            np.zeros((a, p, y, CREDIBILITY_BINS), i8),
            np.zeros((a, p, y), f8),
            np.zeros((a, p, y), f8),
            np.zeros((a, a, p, y), f8),
            np.zeros((a, a, p, y), f8),
            np.zeros((a, p, y), i8),
        ),
        _allocate_dyads(k, y, a),
    )


def allocate_log(architectures: int, capacity: int) -> EventLog:
    """Return empty event logs, (A, capacity); capacity 0 switches logging off."""
    shape = (architectures, capacity)
    return EventLog(
        np.zeros((architectures, 1), np.int64),
        np.zeros(shape),
        np.zeros(shape, np.int32),
        np.zeros(shape, np.uint64),
        np.zeros(shape, np.int32),
        np.zeros(shape, np.int32),
        np.zeros(shape, np.int32),
        np.zeros(shape),
    )
