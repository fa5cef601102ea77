"""Scores of forecasts: the statistics, the baselines, and a store held against a record."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats

pytest.importorskip("scores")

from forecast.errors import ForecastError
from forecast.studies.evidence.engine import past_world
from forecast.studies.observed import observed_record, write_record
from forecast.studies.scores.baselines import (
    BASELINES,
    Events,
    count_baselines,
    event_baselines,
    shrunk,
)
from forecast.studies.scores.calibration import covered, reliability_of, transforms, uniformity
from forecast.studies.scores.cases import Cases, YesNo, pooled
from forecast.studies.scores.distributions import (
    COUNTS,
    deaths_members,
    members_of,
    negative_binomial,
    poisson,
    resampled,
    simulated,
)
from forecast.studies.scores.past import Past, read_past
from forecast.studies.scores.peace_years import peace_years
from forecast.studies.scores.proper import (
    brier,
    count_log_scores,
    ranked_probability,
    tail_ranked_probability,
)
from forecast.studies.scores.resampling import period_of, replicated, resampled_weights
from forecast.studies.scores.statistics import (
    area_under_precision_recall,
    area_under_roc,
    mean_of,
)
from forecast.studies.scores.stored import (
    any_of,
    directed_chances,
    first_events,
    pair_count_distributions,
    pairs_of,
)
from forecast.studies.scores.table import Score, relative, score_table
from forecast.studies.scores.targets import cases_of
from tests.analysis.invented import batch_sums, frame_of, tree_of
from tests.commands import assert_refused, call

PACK = Path(__file__).parents[1] / "pack"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the synthetic source files, with a list of vetoes."""
    folder = tmp_path_factory.mktemp("pack") / "data"
    shutil.copytree(PACK, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "unsc_vetoes.csv").write_text("year,date,draft\n2000,2000-06-01,S/1\n")
    return folder


# Statistics and their bootstrap.


@pytest.mark.parametrize("area", [area_under_roc, area_under_precision_recall])
def test_weights__count_cases_as_often_as_they_say(area) -> None:
    rng = np.random.default_rng(1)
    seen = (rng.random(80) < 0.3).astype(float)
    forecast = np.round(rng.random(80), 1)
    weights = rng.integers(0, 4, 80)

    repeated = area(np.repeat(seen, weights), np.repeat(forecast, weights))

    expected = repeated(np.ones(weights.sum()))
    assert area(seen, forecast)(weights.astype(float)) == pytest.approx(expected)
    assert area(seen, np.full(80, 0.2))(np.ones(80)) == pytest.approx(
        0.5 if area is area_under_roc else seen.mean()
    )


def test_bootstrap__holds_blocks_together_and_is_pinned() -> None:
    rng = np.random.default_rng(2)
    unit, one_year = np.repeat(np.arange(60), 20), np.zeros(1200, np.int64)
    values = np.repeat(rng.normal(1.0, 1.0, 60), 20)

    drawn = replicated({"mean": mean_of(values)}, unit, one_year)["mean"]

    # Sixty independent values, not twelve hundred.
    assert drawn.std() == pytest.approx(1 / np.sqrt(60), rel=0.25)
    np.testing.assert_array_equal(
        drawn, replicated({"mean": mean_of(values)}, unit, one_year)["mean"]
    )


def test_bootstrap__draws_both_kinds_of_blocks() -> None:
    unit, year = np.meshgrid(np.arange(40), np.arange(40), indexing="ij")
    rng = np.random.default_rng(3)
    effect = rng.normal(0, 1, 40)[:, None] + rng.normal(0, 1, 40)[None, :]

    drawn = replicated({"mean": mean_of(effect.ravel())}, unit.ravel(), year.ravel())["mean"]

    assert drawn.std() == pytest.approx(np.sqrt(2 / 40), rel=0.3)


def test_bootstrap__leaves_alone_what_has_too_few_blocks() -> None:
    few = next(resampled_weights(np.array([0, 0, 1, 2])))
    np.testing.assert_array_equal(few, np.ones(4))
    assert period_of(np.array([1949, 1950, 1954, 1955])).tolist() == [389, 390, 390, 391]


# Proper scores.


def test_proper_scores__are_those_of_their_definitions() -> None:
    rng = np.random.default_rng(4)
    members, seen = rng.normal(3.0, 1.5, (5, 40)), rng.normal(3.0, 1.5, 5)

    def by_definition(values: np.ndarray, came: np.ndarray) -> np.ndarray:
        apart = np.abs(values[:, :, None] - values[:, None, :]).mean(axis=(1, 2))
        return np.abs(values - came[:, None]).mean(axis=1) - apart / 2

    np.testing.assert_allclose(ranked_probability(seen, members), by_definition(members, seen))
    np.testing.assert_allclose(
        tail_ranked_probability(seen, members, 4.0),
        by_definition(np.maximum(members, 4.0), np.maximum(seen, 4.0)),
    )
    np.testing.assert_allclose(brier(np.array([1.0, 0.0]), np.array([0.9, 0.3])), [0.01, 0.09])
    assert count_log_scores(np.array([2]), poisson(3.0)[None])[0] == pytest.approx(
        -stats.poisson.logpmf(2, 3.0)
    )


def test_members__have_the_score_of_their_distribution() -> None:
    for distribution in (poisson(0.5), negative_binomial(30.0, 120.0)):
        seen = np.array([0.0, 3.0, 41.0])
        steps = (np.cumsum(distribution) - (COUNTS >= seen[:, None])) ** 2

        found = ranked_probability(seen, np.tile(members_of(distribution[None]), (3, 1)))

        np.testing.assert_allclose(found, steps.sum(axis=1), rtol=0.01, atol=0.002)


# Distributions.


@pytest.mark.parametrize(
    ("distribution", "mean", "variance"),
    [
        (poisson(20.0), 20, 20),
        (negative_binomial(20.0, 60.0), 20, 60),
        (negative_binomial(20.0, 5.0), 20, 20),
        (resampled(np.array([3, 5])), 4, (1 + 1 + 4) / 3),
    ],
)
def test_distributions__have_their_moments(distribution, mean, variance) -> None:
    assert distribution.sum() == pytest.approx(1.0)
    assert distribution @ COUNTS == pytest.approx(mean)
    assert distribution @ (COUNTS - mean) ** 2 == pytest.approx(variance)


@pytest.mark.parametrize("scale", [5.0, 30.0, 60.0])
def test_simulated__is_close_to_what_the_histogram_hides(scale: float) -> None:
    rng = np.random.default_rng(6)
    counts = rng.poisson(scale * rng.lognormal(-0.04, 0.28, 20_000))
    histogram = np.bincount(np.minimum(counts, 31), minlength=32)
    exact = np.bincount(counts, minlength=len(COUNTS)) / len(counts)

    found = simulated(histogram, counts.mean(), counts.var())

    assert found.sum() == pytest.approx(1.0)
    assert found.min() >= 0
    # The largest error of a cumulative probability; chance alone gives about .01.
    assert np.abs(np.cumsum(found - exact)).max() < 0.03
    for seen in (0.5 * scale, scale, 1.5 * scale):
        own, true = (
            ranked_probability(np.array([seen]), members_of(d[None]))[0] for d in (found, exact)
        )
        assert own == pytest.approx(true, rel=0.02)


@pytest.mark.parametrize("others", [[10] * 9999, [7, 11, 13] * 333, []])
def test_simulated__of_one_history_in_the_open_bin_is_a_distribution(others: list[int]) -> None:
    counts = np.array([*others, 31])
    histogram = np.bincount(counts, minlength=32)

    found = simulated(histogram, counts.mean() * (1 - 1e-15), counts.var())

    assert found.sum() == pytest.approx(1.0)
    assert found[31] * (len(counts) + 1) == pytest.approx(1.0, abs=0.1)


def test_deaths_members__spread_evenly_within_bins() -> None:
    edges = np.concatenate([[0.0], 10.0 ** (np.arange(31) / 4)])
    histogram = np.zeros(32, np.int64)
    histogram[0], histogram[13] = 25, 75  # no deaths; 1,000 to 1,778

    found = deaths_members(histogram, edges)

    assert (found == 0).mean() == pytest.approx(0.25, abs=0.002)
    above = found[found > 0]
    assert above.min() == pytest.approx(3.0, abs=0.01)
    assert above.max() == pytest.approx(3.25, abs=0.01)
    assert above.mean() == pytest.approx(3.125, abs=0.01)


# Calibration.


def test_reliability__parts_add_up_to_the_brier_score() -> None:
    rng = np.random.default_rng(7)
    forecast = rng.choice([0.05, 0.1, 0.4, 0.8], 2000)
    seen = (rng.random(2000) < forecast).astype(float)

    parts = reliability_of(seen, forecast)

    total = parts.reliability - parts.resolution + parts.uncertainty
    assert total == pytest.approx(brier(seen, forecast).mean())
    assert parts.reliability < 0.002 < parts.resolution
    assert parts.cases.sum() == 2000


def test_transforms__are_uniform_where_distributions_are_right_only() -> None:
    rng = np.random.default_rng(8)
    means = rng.uniform(1, 30, 400)
    right = np.array([poisson(mean) for mean in means])
    wide = np.array([negative_binomial(mean, 5 * mean) for mean in means])
    seen = rng.poisson(means)

    assert uniformity(transforms(right, seen)) > 0.01
    assert uniformity(transforms(wide, seen)) < 1e-6
    held = covered(members_of(right), seen.astype(float), 0.9).mean()
    # A central interval of counts holds somewhat more than it says.
    assert 0.88 < held < 0.97


# Baselines.


def test_event_baselines__use_nothing_from_the_origin_on() -> None:
    rng = np.random.default_rng(9)
    unit, year = (a.ravel() for a in np.meshgrid(np.arange(30), np.arange(1950, 2000)))
    event = (rng.random(len(unit)) < 0.1).astype(float)
    later = np.where(year >= 1985, 1.0, event)

    before = event_baselines(Events(unit, year, event), np.arange(30), 1985, 5)
    after = event_baselines(Events(unit, year, later), np.arange(30), 1985, 5)

    for name, chance in before.items():
        np.testing.assert_array_equal(chance, after[name], err_msg=name)
        assert ((chance >= 0) & (chance < 1)).all()
    assert set(before) < set(BASELINES)


def test_events__are_counted_year_by_year() -> None:
    unit, year = np.array([1, 2, 1, 2, 3]), np.array([1950, 1950, 1952, 1952, 1952])
    events = Events(unit, year, np.array([1.0, 0, 1, 1, 1]))
    assert events.by_year(np.array([1, 2]), 1953, 4).tolist() == [0, 1, 0, 2]


def test_shrinkage__lies_between_the_own_rate_and_that_of_all() -> None:
    rng = np.random.default_rng(10)
    rates = rng.gamma(0.5, 0.1, 500)
    rows, hits = np.full(500, 30.0), rng.poisson(rates * 30).astype(float)

    found = -np.log1p(-shrunk(rows, hits, 1))

    own, overall = hits / rows, hits.sum() / rows.sum()
    assert ((found - own) * (overall - own) >= -0.01 * overall).all()
    # Closer to the true rates than both.
    errors = [np.mean((guess - rates) ** 2) for guess in (found, own, overall)]
    assert errors[0] < min(errors[1:])
    assert shrunk(np.array([30.0, 0.0]), np.array([3.0, 0.0]), 5)[1] > 0


def test_count_baselines__know_the_last_years() -> None:
    past = np.concatenate([np.full(20, 40), np.arange(1, 11)])

    found = count_baselines(past, 3)

    assert {name: d.shape for name, d in found.items()} == dict.fromkeys(found, (3, len(COUNTS)))
    assert found["poisson"][0] @ COUNTS == pytest.approx(5.55)
    assert found["negative_binomial"][0] @ COUNTS == pytest.approx(5.55)
    assert found["last_window"][0] @ COUNTS == pytest.approx(5.5)
    assert found["climatology"][0] @ COUNTS == pytest.approx(past.mean())


def test_peace_years__count_from_the_last_event_or_the_start() -> None:
    starts = np.sort(np.array([2020 * 10_000 + 1950, 2020 * 10_000 + 1960, 9999 * 10_000 + 1951]))
    pair = np.array([2020, 2020, 2020, 2021])
    year = np.array([1950, 1951, 1970, 1970])

    found = peace_years(pair, year, np.array([7.0, 8, 27, 90]), starts)

    assert found.tolist() == [7, 0, 9, 60]


# What a store says.


@pytest.fixture(scope="module")
def counted() -> tuple[xr.Dataset, np.ndarray]:
    """Return the group `dyads` of an invented store, and the onsets of every history."""
    frame = frame_of(size=400, batches=4)
    rng = np.random.default_rng(11)
    onsets = rng.choice(3, (2, 400, 2, 25), p=[0.7, 0.2, 0.1])
    sums, products = batch_sums(frame, onsets)
    first = (np.cumsum(onsets, axis=3) > 0).astype(int)
    first = np.diff(first, axis=3, prepend=0)
    tree = tree_of(
        frame,
        dyads__onset_count=sums.astype("int32"),
        dyads__onset_count_product=products.astype("int32"),
        dyads__first_onset_count=batch_sums(frame, first)[0].astype("int32"),
    )
    counts = np.array([frame.batch(index)[1] for index in range(frame.batches)])
    dyads = tree["dyads"].to_dataset()
    return dyads.assign_coords(trajectory_count=("batch", counts)), onsets


def test_directed_chances__are_the_share_of_histories_with_an_onset(counted) -> None:
    dyads, onsets = counted

    found = directed_chances(dyads)

    for index, name in enumerate(("today", "tomorrow")):
        np.testing.assert_allclose(found[name].values, (onsets[index] > 0).mean(axis=0))
    pair = any_of(found["today"], pairs_of(dyads), np.array([1002, 5005]))
    np.testing.assert_allclose(pair[0], 1 - np.prod(1 - (onsets[0] > 0).mean(axis=0), axis=0))
    assert (pair[1] == 0).all()


def test_pair_counts__have_the_spread_of_the_histories() -> None:
    first, second = (side + 1 for side in np.triu_indices(6, 1))
    frame = replace(frame_of(("today",), size=4000, batches=4), initiator=first, target=second)
    rng = np.random.default_rng(13)
    climate = rng.lognormal(0.0, 0.5, (1, 4000, 1, 25))
    onsets = rng.poisson(rng.gamma(0.5, 0.6, (15, 1)) * climate, (1, 4000, 15, 25))
    tree = tree_of(
        frame,
        dyads__onset_count=batch_sums(frame, onsets)[0].astype("int32"),
        dyads__onset_count_product=batch_sums(frame, onsets)[1].astype("int32"),
        annual__dispute_count=batch_sums(frame, onsets.sum(axis=2))[0].astype("int32"),
        annual__dispute_count_product=batch_sums(frame, onsets.sum(axis=2))[1].astype(float),
    )
    for name in ("annual", "dyads"):
        group = tree[name].to_dataset().assign_coords(trajectory_count=("batch", [1000] * 4))
        tree[name] = xr.DataTree(group)
    pairs = onsets[0] > 0

    found = pair_count_distributions(tree, {"today": pairs.mean(axis=0)}, 25)["today"]

    counts = pairs.sum(axis=1)
    mean = found @ COUNTS
    np.testing.assert_allclose(mean, counts.mean(axis=0))
    spread = np.sqrt(found @ COUNTS**2 - mean**2)
    assert (spread / counts.std(axis=0)).mean() == pytest.approx(1.0, abs=0.1)
    plain = np.sqrt((pairs.mean(axis=0) * (1 - pairs.mean(axis=0))).sum(axis=0))
    assert (spread > 1.2 * plain).all()


def test_first_events__add_both_directions_and_are_none_for_strangers(counted) -> None:
    dyads, onsets = counted

    found = first_events(dyads, "first_onset_count", np.array([1002, 1003]))["tomorrow"]

    assert found[0].sum() == (onsets[1].sum(axis=2) > 0).sum()
    assert (found[1] == 0).all()


# The table.


def test_skill__is_the_share_of_the_way_to_a_perfect_score() -> None:
    assert relative(0.2, 0.4, 0.0) == pytest.approx(0.5)
    assert relative(0.9, 0.5, 1.0) == pytest.approx(0.8)
    assert np.isnan(relative(0.0, 0.0, 0.0))


def test_skill__is_claimed_only_where_its_interval_excludes_zero() -> None:
    def score(low: float) -> Score:
        return Score("t", 1, "brier", "m", 0.1, {"b": 0.2}, {"b": low}, {"b": 0.4}, 9)

    assert score(0.01).claims("b")
    assert not score(-0.01).claims("b")
    assert not score(np.nan).claims("b")
    assert score(np.nan).record()["lower"] == {"b": None}


def test_table__tells_a_good_forecaster_from_a_blind_one() -> None:
    rng = np.random.default_rng(12)
    unit, year = (a.ravel() for a in np.meshgrid(np.arange(60), np.arange(1950, 1980)))
    truth = rng.uniform(0.01, 0.5, 60)[unit]
    seen = (rng.random(len(unit)) < truth).astype(float)
    blind = np.full(len(unit), truth.mean())
    cases = YesNo("event", 30, seen, unit, year, {"model": truth, "climatology": blind})

    rows = {(row.score, row.model): row for row in score_table([cases])}

    for name in ("brier", "log", "auc", "auprc"):
        assert rows[name, "model"].claims("climatology"), name
        assert not rows[name, "climatology"].skill
    assert rows["observed_over_expected", "model"].value == pytest.approx(1.0, abs=0.1)
    assert rows["reliability", "model"].value < rows["resolution", "model"].value


def test_pooled__joins_origins_by_target_and_horizon() -> None:
    def one(horizon: int, year: int) -> Cases:
        ones = np.ones(2)
        return YesNo("t", horizon, ones, np.arange(2), np.full(2, year), {"m": ones / year})

    found = pooled([one(1, 1950), one(5, 1950), one(1, 1955), one(5, 1955)])

    assert [(c.horizon, c.year.tolist()) for c in found] == [
        (1, [1950, 1950, 1955, 1955]),
        (5, [1950, 1950, 1955, 1955]),
    ]
    np.testing.assert_array_equal(found[0].forecasts["m"], 1 / found[0].year)
    assert isinstance(found[0], YesNo)


# A store against a record.


@pytest.fixture(scope="module")
def past(pack: Path) -> Past:
    return read_past(pack, 1956, 1975)


def world_of(past: Past) -> xr.Dataset:
    return past_world(past.sources, 1956)


def prophet(pack: Path, size: int = 1000) -> xr.DataTree:
    """Return a store whose every history is the record of 1956 to 1975."""
    groups = observed_record(1956, 1975, pack).to_dict()
    for name in ("annual", "dyads"):
        group = groups[f"/{name}"]
        groups[f"/{name}"] = (group * size).assign_coords(trajectory_count=("batch", [size]))
    return xr.DataTree.from_dict(groups)


def test_cases__of_a_prophet_get_nearly_perfect_scores(pack: Path, past: Past) -> None:
    cases = list(cases_of(prophet(pack), past, world_of(past), (1, 5, 20)))

    rows = {(row.target, row.horizon, row.score, row.model): row for row in score_table(cases)}

    assert {c.target for c in cases} == {
        "dispute_count", "fatal_dispute_count", "war_count", "battle_deaths",
        "dyad_onset", "dyad_use_of_force", "dyad_year_onset", "state_year_attacked",
        "onset_pair_count",
    }  # fmt: skip
    assert len(cases) == 9 * 3
    for target in ("dyad_onset", "dyad_use_of_force", "dyad_year_onset", "state_year_attacked"):
        assert rows[target, 20, "brier", "observed"].value < 1e-3, target
        assert rows[target, 20, "brier", "climatology"].value > 1e-2, target
        assert rows[target, 20, "auc", "observed"].value == 1.0
    for target in ("dispute_count", "war_count"):
        assert rows[target, 20, "crps", "observed"].value < 0.02
        assert rows[target, 20, "coverage_90", "observed"].value == 1.0
    assert rows["battle_deaths", 20, "crps", "observed"].value < 0.15  # within its bins
    assert rows["dispute_count", 20, "crps", "observed"].claims("negative_binomial")
    used = {row.model for row in rows.values()}
    assert used == {"observed", *BASELINES}


def test_cases__count_what_the_record_counts(pack: Path, past: Past) -> None:
    record = observed_record(1956, 1975, pack)
    cases = {
        (c.target, c.horizon): c for c in cases_of(prophet(pack), past, world_of(past), (1, 20))
    }

    disputes = cases["dispute_count", 20]
    np.testing.assert_array_equal(disputes.observed, record["annual/dispute_count"].values.ravel())
    pairs, single = cases["onset_pair_count", 20], cases["dyad_year_onset", 20]
    np.testing.assert_array_equal(
        pairs.observed, np.bincount(single.year - 1956, single.observed, minlength=20)
    )
    mean = pairs.forecasts["observed"] @ COUNTS
    np.testing.assert_allclose(mean, pairs.observed, atol=0.1)
    dyads = record["dyads"].to_dataset().isel(architecture=0, batch=0)
    attacked = dyads["onset_count"].groupby("target").sum().transpose("target", "year") > 0
    mine = cases["state_year_attacked", 20]
    assert mine.observed.sum() >= attacked.sum()
    assert mine.unit.size == record["states"].sizes["state"] * 20


def test_forecasts__use_nothing_of_the_record_from_the_origin_on(
    pack: Path, past: Past, tmp_path: Path
) -> None:
    altered = tmp_path / "altered"
    shutil.copytree(pack, altered)
    for name in ("mid5_disputes.csv", "mid5_participants.csv", "wars_interstate_cow_v4.csv"):
        table = pd.read_csv(altered / name)
        start = table["styear" if "styear" in table else "StartYear1"]
        later = start.between(1956, 1999)
        table[~later].to_csv(altered / name, index=False)
    other = read_past(altered, 1956, 1975)

    told, unknown = (
        {(c.target, c.horizon): c for c in cases_of(prophet(pack), p, world_of(p), (1, 5, 20))}
        for p in (past, other)
    )

    assert sum(c.observed.sum() for c in told.values()) > 0
    for key, cases in told.items():
        if key[0] not in ("war_count", "battle_deaths"):
            assert (unknown[key].observed == 0).all()
        for name, forecast in cases.forecasts.items():
            np.testing.assert_array_equal(forecast, unknown[key].forecasts[name], err_msg=name)


# The command.


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a short run from the shipped world of 1946."""
    place = tmp_path_factory.mktemp("score") / "cold_war.zarr"
    settings = [
        word
        for setting in ("horizon.last_year=1957", "run.trajectories=20", "run.batch_size=10")
        for word in ("--set", setting)
    ]
    made = call("run", "configs/hindcast_cold_war.toml", *settings, "--output", place)
    assert made.exit_code == 0, made.output
    return place


def test_command__gives_records_of_every_forecaster(store: Path, pack: Path) -> None:
    shown = call("study", "score", store, "--observed", pack, "--json")

    assert shown.exit_code == 0, shown.output
    found = json.loads(shown.stdout)
    assert set(found[0]) == {
        "target", "horizon", "score", "model", "value", "skill", "lower", "upper", "n",
    }  # fmt: skip
    assert {r["horizon"] for r in found} == {1, 5, 10, 12}
    assert {r["model"] for r in found} == {"united_nations", "inherited_pacts", *BASELINES}
    for record in found:
        for base, low in record["lower"].items():
            if low is not None:
                assert low <= record["upper"][base]
                assert base in BASELINES


def test_command__refuses_what_cannot_be_scored(store: Path, pack: Path, tmp_path: Path) -> None:
    record = tmp_path / "record.zarr"
    write_record(observed_record(1956, 1960, pack), record)

    assert_refused(call("study", "score", record, "--observed", pack), "nothing to compare")
    assert_refused(call("study", "score", store, "--observed", tmp_path / "no"), "no such folder")
    assert_refused(call("study", "score", tmp_path / "no", "--observed", pack), "no such outcome")
    with pytest.raises(ForecastError, match="score a run from 1827 or later"):
        read_past(pack, 1820, 1830)


@pytest.mark.parametrize(
    ("last", "code", "message"),
    [(1950, 0, "1951-1957 are not scored"), (1940, 2, "there is nothing to score")],
)
def test_command__leaves_out_years_after_the_record(
    store: Path, pack: Path, tmp_path: Path, last: int, code: int, message: str
) -> None:
    from tests.world.cut import cut

    data = cut(pack, last + 1, tmp_path / "data")
    (data / "unsc_vetoes.csv").write_text(f"year,date,draft\n{max(last, 1946)},x,S/1\n")

    shown = call("study", "score", store, "--observed", data)

    assert shown.exit_code == code
    assert message in shown.stderr
    if code == 0:
        assert "dyad_onset, horizon 5, n = " in shown.stdout
        assert "skill of united_nations (brier) over climatology" in shown.stdout
