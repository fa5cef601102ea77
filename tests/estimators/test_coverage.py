"""Stated intervals of 95 % hold the truth about as often as they say.

The share of 1,000 repeated runs that hold it has a standard error of .7 %, so a test of a true 95 %
interval leaves the band of 93 to 97 % by luck in 4 of 1,000 seeds. Seeds are pinned. Where an
error is given a factor of .8, a true 95 % interval becomes one of 88 %, which the band refuses.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from forecast.estimators.measure import Measure
from forecast.estimators.rows import Row, assess
from tests.small_world import small_run

REPEATS = 1000
LOWEST, HIGHEST = 0.93, 0.97

RATE = Measure("rate", "", "", "rate", ("dispute_count",))
WARS = Measure("wars", "", "", "total", ("expected_war_count",))
COMMON = Measure("common", "", "", "probability", ("dispute_count",), 9.0)
MEDIAN = Measure("median", "", "persons", "quantile", ("battle_deaths",), 0.5)
P90 = Measure("p90", "", "persons", "quantile", ("battle_deaths",), 0.9)
RATIO = Measure("ratio", "", "", "share", ("fatal_dispute_count", "dispute_count"))
RARE = Measure("rare", "", "", "probability", ("great_power_war_year",))
PLAIN = Measure("plain", "", "", "total", ("x",))
HIGH = Measure("high", "", "", "probability", ("x",), 0.0)
Q75 = Measure("q75", "", "", "quantile", ("x",), 0.75)
OVER = Measure("over", "", "", "share", ("x", "y"))


def settings(size: int) -> tuple[str, ...]:
    return (
        f"run.trajectories={REPEATS * size}",
        f"run.batch_size={50 * size}",
        "horizon.last_year=2029",
        'scenario.architectures=["status_quo_un", "anarchy"]',
    )


def columns_of(tree: xr.DataTree) -> dict[str, np.ndarray]:
    names = {v for m in (RATE, WARS, COMMON, MEDIAN, RATIO, RARE) for v in m.variables}
    group = tree["trajectories"].to_dataset()
    return {name: np.asarray(group[name].values, dtype=np.float64) for name in names}


def rows_of(
    measure: Measure, columns: dict[str, np.ndarray], size: int, draws: int = 1
) -> tuple[list[Row], Row]:
    """Return the rows of the repeats, disjoint ranges of one run, and that of the whole run."""

    def row(first: int, count: int, share: int) -> Row:
        return assess(measure, lambda v: columns[v][:, first : first + count], 1, share).row

    total = next(iter(columns.values())).shape[1]
    return [row(first, size, draws) for first in range(0, total, size)], row(0, total, 1)


def covered(rows: list[Row], truth: float, which: str, factor: float = 1.0) -> float:
    """Return how often the intervals hold the truth if their arms are given a factor."""
    if which == "estimate":
        ends = [(r.estimate[1], r.estimate_lower[1], r.estimate_upper[1]) for r in rows]
    else:
        ends = [(r.difference[1], r.lower[1], r.upper[1]) for r in rows]
    value, low, high = np.array(ends).T
    below, above = value - factor * (value - low), value + factor * (high - value)
    return float(((below <= truth) & (truth <= above)).mean())


def hold(rows: list[Row], truth: float, which: str) -> None:
    """Hold that intervals cover as they say, and would not if errors were a fifth too small."""
    found = covered(rows, truth, which)
    short = covered(rows, truth, which, 0.8)
    assert LOWEST <= found <= HIGHEST, (which, found)
    assert short < LOWEST, (which, short)


@pytest.fixture(scope="module", params=[100, pytest.param(400, marks=pytest.mark.verify)])
def real(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, np.ndarray], int]:
    size = request.param
    place: Path = tmp_path_factory.mktemp("runs") / "many.zarr"
    return columns_of(small_run(place, *settings(size))), size


@pytest.mark.parametrize("measure", [RATE, WARS, COMMON, MEDIAN, P90, RATIO], ids=lambda m: m.name)
def test_value__of_the_real_kernel_lies_in_its_interval(
    real: tuple[dict[str, np.ndarray], int], measure: Measure
) -> None:
    rows, whole = rows_of(measure, *real)
    hold(rows, float(whole.estimate[1]), "estimate")


@pytest.mark.parametrize("measure", [RATE, WARS, RATIO], ids=lambda m: m.name)
def test_difference__of_the_real_kernel_lies_in_its_interval(
    real: tuple[dict[str, np.ndarray], int], measure: Measure
) -> None:
    rows, whole = rows_of(measure, *real)
    hold(rows, float(whole.difference[1]), "difference")


def test_rare_probability__of_the_real_kernel_lies_in_its_interval(
    real: tuple[dict[str, np.ndarray], int],
) -> None:
    rows, whole = rows_of(RARE, *real)
    assert covered(rows, float(whole.estimate[1]), "estimate") >= LOWEST
    assert covered(rows, float(whole.difference[1]), "difference") >= LOWEST


def nested(size: int, draws: int) -> dict[str, np.ndarray]:
    """Return repeats of a nested design; draws move both architectures, and each on its own."""
    rng = np.random.default_rng(11)
    draw = np.arange(size) % draws
    moved = rng.normal(size=(REPEATS, 3, draws))
    both, own = moved[:, 0][:, draw], 0.5 * moved[:, 1:][:, :, draw]
    luck = rng.normal(size=(REPEATS, 1, size)) + 0.3 * rng.normal(size=(REPEATS, 2, size))
    values = both[:, None] + own + luck + np.array([0.0, 0.3])[:, None]
    whole = values.transpose(1, 0, 2).reshape(2, -1)
    tried = 3.0 + rng.poisson(2.0, size=whole.shape)
    return {"x": whole, "y": tried}


@pytest.fixture(scope="module")
def drawn() -> dict[str, np.ndarray]:
    return nested(size=210, draws=20)


@pytest.mark.parametrize("which", ["estimate", "difference"])
@pytest.mark.parametrize("measure", [PLAIN, HIGH, Q75, OVER], ids=lambda m: m.name)
def test_nested_draws__are_in_the_interval(
    drawn: dict[str, np.ndarray], measure: Measure, which: str
) -> None:
    rows, whole = rows_of(measure, drawn, 210, draws=20)
    truth = float(getattr(whole, which)[1])
    hold(rows, truth, which)
    blind, _ = rows_of(measure, drawn, 210)
    assert covered(blind, truth, which) < LOWEST


def test_rare_probability__of_nested_draws_lies_in_its_interval(
    drawn: dict[str, np.ndarray],
) -> None:
    for above in (4.0, 5.0):
        rare = Measure("rare", "", "", "probability", ("x",), above)
        rows, whole = rows_of(rare, drawn, 210, draws=20)
        assert whole.estimate[1] < 0.02
        assert covered(rows, float(whole.estimate[1]), "estimate") >= LOWEST
        assert covered(rows, float(whole.difference[1]), "difference") >= LOWEST


def heavy(size: int) -> dict[str, np.ndarray]:
    """Return repeats of whole numbers with a tail exponent of 1.6, the architectures paired."""
    rng = np.random.default_rng(12)
    luck = rng.uniform(size=(1, REPEATS * size))
    other = np.where(rng.uniform(size=luck.shape) < 0.3, rng.uniform(size=luck.shape), luck)
    return {"x": np.floor(1000.0 * np.vstack([luck, other]) ** (-1 / 0.6))}


@pytest.mark.parametrize(
    ("measure", "truth"),
    [
        (Measure("tail", "", "", "tail", ("x",), 3000.0), 1.6),
        (Measure("p90", "", "persons", "quantile", ("x",), 0.9), 1000.0 * 10 ** (1 / 0.6)),
        (Measure("exceeds", "", "", "probability", ("x",), 7999.0), 8.0**-0.6),
    ],
    ids=lambda m: m.name if isinstance(m, Measure) else "",
)
def test_heavy_tail__is_told_by_exponent_quantile_and_exceedance(
    measure: Measure, truth: float
) -> None:
    rows, _ = rows_of(measure, heavy(400), 400)
    hold(rows, truth, "estimate")
    if measure.kind == "quantile":
        # Each density is estimated apart, which puts this error on the safe side.
        assert covered(rows, 0.0, "difference") >= LOWEST
    else:
        hold(rows, 0.0, "difference")


def test_mean__of_a_heavy_tail_is_not_to_be_relied_on() -> None:
    # Why the table warns of such means: their intervals hold the truth far too rarely.
    rng = np.random.default_rng(13)
    pareto = {"x": rng.uniform(size=(2, REPEATS * 400)) ** (-1 / 1.2)}
    rows, _ = rows_of(PLAIN, pareto, 400)
    assert covered(rows, 6.0, "estimate") < 0.85
