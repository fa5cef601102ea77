"""Facts of simulated histories against counts made by hand, and the validation table's verdicts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forecast.kernel import events
from forecast.kernel.results import TRAJECTORY_COUNTS
from forecast.kernel.simulate import trace
from forecast.studies.facts.history import History, history_of
from forecast.studies.facts.page import MISS, Line, diagnosis, page
from forecast.studies.facts.simulated import (
    LOG_ROOM,
    Simulated,
    pairs_of,
    reference_alone,
    summarised,
    tail_exponent,
)
from forecast.studies.facts.targets import ERAS, TARGETS, TITLES, Target
from tests.small_world import small_scenario, small_world

PAGE = Path(__file__).parents[2] / "docs/validation.md"


def test_history__has_the_counts_of_its_log() -> None:
    packed = reference_alone(small_scenario("horizon.last_year=2050"), small_world())
    pairs = pairs_of(packed.inputs)
    for number in range(5):
        result, log = trace(packed.inputs, packed.derived, 3, number, LOG_ROOM)
        found = history_of(result, log, 0, pairs)
        size = int(log.size[0, 0])
        kinds = log.kind[0, :size]
        total = dict(zip(TRAJECTORY_COUNTS, result.trajectories.counts[:, 0, 0], strict=True))
        disputes = (kinds == events.DISPUTE).sum()
        assert found.onsets.sum() == disputes == total["dispute_count"]
        assert found.parts["disputes"] == (disputes, 25.0)
        assert found.parts["wars"][0] == (kinds == events.WAR).sum() == found.deaths.size
        assert found.parts["parties"][0] >= 2 * found.deaths.size
        assert found.parts["top_10"][1] == disputes
        assert 0 < found.parts["top_1"][0] <= found.parts["top_10"][0]


def test_summary__is_the_ratio_of_sums_with_its_error_and_the_band_of_single_histories() -> None:
    rng = np.random.default_rng(1)
    deaths = [7_061 * (1 - rng.random(3)) ** (-1 / 0.53) for _ in range(400)]
    wars = rng.poisson(3.0, 400)
    histories = [
        History({"wars": (float(w), 10.0)}, rng.poisson(20, 10), d)
        for w, d in zip(wars, deaths, strict=True)
    ]

    found = summarised(histories)

    assert found["wars"].value == pytest.approx(wars.mean() / 10)
    assert found["wars"].error == pytest.approx(wars.std(ddof=1) / 10 / 20)
    assert (found["wars"].low, found["wars"].high) == tuple(np.quantile(wars / 10, (0.05, 0.95)))
    assert found["dispersion"].value == pytest.approx(1.0, abs=0.08)
    assert found["tail"].value == pytest.approx(1.53, abs=4 * 0.53 / np.sqrt(1200))
    assert np.isnan(tail_exponent(np.array([1e4] * 9)))


def test_targets__name_facts_that_are_read_and_eras_that_have_a_world() -> None:
    packed = reference_alone(small_scenario("horizon.last_year=2030"), small_world())
    result, log = trace(packed.inputs, packed.derived, 3, 0, LOG_ROOM)
    known = summarised([history_of(result, log, 0, 10)] * 2)
    assert {target.fact for target in TARGETS} <= set(known) & set(TITLES)
    assert {target.scenario for target in TARGETS} == set(ERAS)


TARGET = Target("wars", ERAS[0], 0.5, 0.2, 0.9, 0.12, "units", "invented")


@pytest.mark.parametrize(
    ("simulated", "verdict"),
    [
        (Simulated(0.6, 0.01, 0.55, 0.65), "within tolerance"),
        (Simulated(0.7, 0.01, 0.45, 0.95), "record in the band"),
        (Simulated(0.7, 0.01, 0.55, 0.95), MISS),
    ],
)
def test_line__passes_by_the_tolerance_or_by_the_band(simulated: Simulated, verdict: str) -> None:
    line = Line(TARGET, simulated, Simulated(0.5, 0.01, 0.4, 0.6))
    assert line.verdict == verdict
    assert verdict in page([line], 100)


def test_tolerances__are_shares_units_or_factors() -> None:
    assert TARGET.bounds == pytest.approx((0.38, 0.62))
    assert TARGET._replace(kind="share").bounds == pytest.approx((0.44, 0.56))
    assert TARGET._replace(kind="factor", within=2.0).bounds == pytest.approx((0.25, 1.0))


def test_page__gives_every_miss_a_diagnosis_and_a_consequence() -> None:
    text = PAGE.read_text(encoding="utf-8")
    misses = [row for row in text.splitlines() if MISS in row and row.startswith("|")]
    assert len(misses) == text.partition("## The misses")[2].count("- **")
    assert "no diagnosis" not in text


def test_diagnosis__tells_the_estimates_of_the_era_from_the_model() -> None:
    missed = Simulated(9.0, 0.1, 8.0, 10.0)
    line = Line(TARGET._replace(fact="multiparty"), missed, Simulated(0.5, 0.01, 0.4, 0.6))
    assert "the era's estimates" in diagnosis(line)
    assert "no diagnosis" in diagnosis(line._replace(hindsight=missed))
