"""Runs that go on until an outcome is known: where they end, and whether their errors hold."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from forecast import load_scenario, run
from forecast.errors import ForecastError, Interrupted
from forecast.execution.plan import plan_of
from forecast.execution.prepare import Prepared, prepare
from forecast.outcomes.fingerprint import fingerprint
from forecast.scenario.documents import shipped_configs
from forecast.scenario.models import RunSettings, Scenario, Stop
from forecast.stopping import first_length, look, next_length

SMALL = [
    'scenario.architectures=["status_quo_un", "anarchy"]',
    "horizon.last_year=2027",
    "run.trajectories=8",
    "run.batch_size=4",
]

REPEATS = 1500


def scenario(*settings: str) -> Scenario:
    return load_scenario(shipped_configs() / "all_futures.toml", [*SMALL, *settings])


WITH_STOP = scenario(
    "stop.outcome=dispute_count",
    "stop.architecture=anarchy",
    "stop.absolute=0.2",
    "stop.ceiling=200",
)

assert WITH_STOP.stop is not None
STOP = WITH_STOP.stop


def test_run__stops_at_the_first_look_that_is_enough(tmp_path: Path) -> None:
    tree = run(WITH_STOP, output=tmp_path / "run.zarr")
    length = tree.attrs["trajectories"]
    assert 8 < length < 200
    assert length % 4 == 0
    assert look(tree, WITH_STOP, STOP, length).enough
    at = first_length(WITH_STOP, STOP)
    while at < length:
        seen = look(tree, WITH_STOP, STOP, at)
        assert not seen.enough
        at = next_length(WITH_STOP, STOP, seen)
    assert at == length
    plain = WITH_STOP.model_copy(update={"stop": None})
    run(plain, output=tmp_path / "plain.zarr", trajectories=length)
    assert fingerprint(tmp_path / "plain.zarr") == fingerprint(tmp_path / "run.zarr")


def test_run__interrupted_between_looks_ends_where_it_would_have(tmp_path: Path) -> None:
    run(WITH_STOP, output=tmp_path / "whole.zarr")

    def interrupt(done: int, total: int) -> None:
        if total > 8:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        run(WITH_STOP, output=tmp_path / "run.zarr", progress=interrupt)
    run(WITH_STOP, output=tmp_path / "run.zarr")
    assert fingerprint(tmp_path / "run.zarr") == fingerprint(tmp_path / "whole.zarr")


def test_run__is_prepared_once_however_many_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corridor, made = import_module("forecast.run"), []

    def counted(*arguments: object) -> Prepared:
        made.append(prepare(*arguments))
        return made[-1]

    monkeypatch.setattr(corridor, "prepare", counted)
    tree = run(WITH_STOP, output=tmp_path / "run.zarr")
    assert tree.attrs["trajectories"] > first_length(WITH_STOP, STOP)
    assert len(made) == 1


def test_dry_run__tells_that_there_is_more_to_come(tmp_path: Path) -> None:
    lines = plan_of(WITH_STOP, str(tmp_path / "run.zarr"), None, None, 1, None, None, False)
    assert any("until dispute_count is known, to 200 at most" in line for line in lines)


def test_run__ends_at_the_ceiling(tmp_path: Path) -> None:
    stop = Stop(outcome="war_count", relative=1e-9, ceiling=10)
    never = WITH_STOP.model_copy(update={"stop": stop})
    tree = run(never, output=tmp_path / "run.zarr")
    assert tree.attrs["trajectories"] == 10
    assert not look(tree, never, stop, 10).enough


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (["stop.outcome=war_count", "stop.ceiling=9"], "give one of absolute and relative"),
        (
            [
                "stop.outcome=war_count",
                "stop.ceiling=9",
                "stop.relative=0.1",
                "stop.architecture=x",
            ],
            "stop.architecture 'x' is not among",
        ),
        (
            [
                "stop.outcome=war_count",
                "stop.ceiling=9",
                "stop.relative=0.1",
                "stop.architecture=status_quo_un",
            ],
            "is the reference",
        ),
    ],
)
def test_stop__tells_what_is_wrong(settings: list[str], told: str) -> None:
    with pytest.raises(ForecastError, match=told):
        scenario(*settings)


def test_stop__on_an_unknown_outcome_is_told_before_anything_runs(tmp_path: Path) -> None:
    unknown = WITH_STOP.model_copy(
        update={"stop": Stop(outcome="war_cuont", relative=0.1, ceiling=100)}
    )
    with pytest.raises(ForecastError, match=r"unknown stop\.outcome 'war_cuont'; did you mean"):
        run(unknown, output=tmp_path / "run.zarr")
    assert not list(tmp_path.iterdir())


def stopped(drawn: dict[str, np.ndarray], stop: Stop, first: int) -> tuple[int, float]:
    """Return where a run of given values would stop, and the outcome it would tell."""
    settings = RunSettings(trajectories=first, seed=1, batch_size=first // 2, memory_start="coded")
    asking = WITH_STOP.model_copy(update={"run": settings})
    group = xr.Dataset({name: (("architecture", "trajectory"), v) for name, v in drawn.items()})
    tree = xr.DataTree.from_dict({"/trajectories": group})
    length = first_length(asking, stop)
    seen = look(tree, asking, stop, length)
    while not seen.enough and length < stop.ceiling:
        length = next_length(asking, stop, seen)
        seen = look(tree, asking, stop, length)
    return length, seen.half_width


@pytest.mark.parametrize("kind", ["mean", "difference", "probability"])
def test_intervals__hold_where_a_run_stopped_by_them(kind: str) -> None:
    """Coverage under stopping; .95 lies within .93 and .97 in all but 5e-4 of the seeds."""
    rng = np.random.default_rng(20260101)
    held, lengths = 0, []
    for _ in range(REPEATS):
        if kind == "probability":
            years = np.where(rng.random((2, 6000)) < 0.1, 2026, 0)
            stop = Stop(outcome="great_power_war", absolute=0.02, ceiling=6000)
            length, half = stopped({"great_power_war_year": years}, stop, 200)
            held += abs((years[0, :length] > 0).mean() - 0.1) < half
        else:
            both = rng.gamma(0.5, 2.0, 6000)
            counts = 2 * np.stack(
                [both + rng.gamma(0.5, 2.0, 6000), both + rng.gamma(0.5, 2.2, 6000)]
            )
            name = "anarchy" if kind == "difference" else None
            stop = Stop(outcome="dispute_count", architecture=name, absolute=0.1, ceiling=6000)
            length, half = stopped({"dispute_count": counts}, stop, 200)
            means = counts[:, :length].mean(axis=1) / 2
            value, truth = (means[1] - means[0], 0.1) if name else (means[0], 2.0)
            held += abs(value - truth) < half
        lengths.append(length)
    assert len(set(lengths)) > 3  # looks differ between runs, so that there is something to bias
    assert 0.93 < held / REPEATS < 0.97
