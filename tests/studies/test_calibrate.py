"""A history match finds planted values, keeps what it cannot tell, and goes on where it broke."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from math import exp, log, nan, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forecast.errors import ForecastError
from forecast.scenario.documents import shipped_configs
from forecast.scenario.draws import design, draw, uncertain
from forecast.scenario.estimates import entry
from forecast.scenario.load import load_scenario
from forecast.studies.facts.targets import Target
from tests.commands import assert_refused, call

pytest.importorskip("sklearn")

from forecast.studies.calibrate.chosen import choose, write_calibrated
from forecast.studies.calibrate.config import Calibration, Entry, entries_of, load_calibration
from forecast.studies.calibrate.constraints import narrowed
from forecast.studies.calibrate.emulator import fit_emulator
from forecast.studies.calibrate.implausibility import implausibility, monte_carlo, record_of
from forecast.studies.calibrate.page import page
from forecast.studies.calibrate.saved import Folder
from forecast.studies.calibrate.waves import Match, match

NAMES = ("climate.sd", "climate.reversion", "spillover.strength")
ENTRIES = tuple(Entry(name=name, value=0.5, low=0.0, high=1.0, unit="1") for name in NAMES)
TRUE = np.array([0.3, 0.7, 0.5])

TARGETS = (
    Target("wars", "hindcast_1990", 0.3, 0.26, 0.34, 0.06, "units", "planted"),
    Target("disputes", "hindcast_1990", exp(1.4), nan, nan, 1.15, "factor", "planted"),
    Target("tail", "hindcast_1990", 9.0, 8.9, 9.1, 0.1, "units", "planted, never reached"),
)
ERROR = 0.004


def toy(values: np.ndarray) -> np.ndarray:
    """Return the first entry, the exponential of the second, and one, with their errors."""
    luck = ERROR * np.sin(1e4 * values)
    first = float(values[0] + luck[0])
    second = float(exp(2 * values[1]) * (1 + luck[1]))
    own = 0.02
    rows = [(first, ERROR, nan, nan), (second, ERROR * second, second - own, second + own)]
    return np.array([*rows, (1.0, ERROR, nan, nan)])


def asked(**changes: Any) -> Calibration:
    stated = {
        "parameters": "default",
        "waves": 3,
        "points": 40,
        "histories": 2,
        "cut_off": 3.0,
        "draws": 16,
        "seed": 7,
        "entries": list(NAMES),
        "facts": {"hindcast_1990": ["wars", "disputes", "tail"]},
    }
    return Calibration.model_validate(stated | changes)


def matched(folder: Path, simulate: Callable[[np.ndarray], np.ndarray] = toy) -> Match:
    return match(asked(), ENTRIES, TARGETS, simulate, Folder(folder, {"toy": 1}))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Match:
    return matched(tmp_path_factory.mktemp("toy"))


def test_implausibility__is_the_distance_over_all_that_is_uncertain() -> None:
    simulated = np.array([toy(TRUE), toy(TRUE)])
    record = record_of(TARGETS, simulated)
    noise = monte_carlo(simulated, record)

    got = implausibility(np.array([0.5, log(5.0), nan]), noise[0] + 0.01, record)

    interval = 0.08 / 3.919928
    assert got[0] == pytest.approx(0.2 / sqrt(0.01 + ERROR**2 + interval**2 + 0.03**2))
    value = simulated[0, 1, 0]
    own = log((value + 0.02) / (value - 0.02)) / 3.2897073
    model = log(1.15) / 2
    total = sqrt(0.01 + ERROR**2 + own**2 + model**2)
    assert got[1] == pytest.approx((log(5.0) - 1.4) / total)
    assert got[2] == np.inf


def test_emulator__recovers_a_quadratic_and_knows_its_noise() -> None:
    rng = np.random.default_rng(3)
    places = rng.random((200, 4))
    exact = 1 + places[:, 0] - 2 * places[:, 1] * places[:, 2]
    noisy = exact + rng.normal(0, 0.1, 200)
    some = np.where(np.arange(200) % 10 == 0, nan, noisy)

    emulator = fit_emulator(places, np.stack([exact, noisy, some, np.full(200, nan)], axis=1))

    shown = emulator(places)
    assert np.abs(shown[:, 0] - exact).max() < 1e-3
    assert 0.08**2 < emulator.variance[1] < 0.13**2
    assert np.abs(shown[:, 2] - exact).std() < 0.05
    assert np.isnan(shown[:, 3]).all()


def test_match__keeps_the_planted_values_and_rules_out_what_is_far(found: Match) -> None:
    far = np.array([[0.9, 0.7, 0.5], [0.3, 0.1, 0.5], [0.9, 0.1, 0.5]])

    assert found.leaves(TRUE[None]).all()
    assert not found.leaves(far).any()
    lefts = [wave.left for wave in found.waves]
    assert lefts == sorted(lefts, reverse=True)
    assert all(found.leaves(found.waves[-1].places))
    # Exactly what the errors of record and model leave, of two entries; the third is free.
    width = [3 * sqrt((0.08 / 3.919928) ** 2 + 0.03**2), 3 * sqrt(0.07**2) / 2]
    assert lefts[-1] == pytest.approx(4 * width[0] * width[1], rel=0.1)


def test_match__does_not_count_what_nothing_reaches(found: Match) -> None:
    assert found.counted.tolist() == [True, True, False]


def test_narrowed__tells_which_facts_speak_of_which_entries(found: Match) -> None:
    first, second, free = narrowed(found)

    assert first.spread < 0.3
    assert second.spread < 0.4
    assert first.low < 0.3 < first.high
    assert [fact for fact, _ in first.facts] == [0]
    assert [fact for fact, _ in second.facts] == [1]
    assert free.spread == pytest.approx(1, abs=0.05)
    assert free.facts == ()


def test_match__broken_off_goes_on_as_if_it_had_not_been(found: Match, tmp_path: Path) -> None:
    calls = []

    def breaking(values: np.ndarray) -> np.ndarray:
        calls.append(values)
        if len(calls) == 57:
            raise KeyboardInterrupt
        return toy(values)

    with pytest.raises(KeyboardInterrupt):
        matched(tmp_path, breaking)
    (tmp_path / ".wave-2-00010.partial.npy").write_bytes(b"cut short")
    assert Folder(tmp_path, {"toy": 1}).saved_points() == 50
    again = matched(tmp_path, breaking)

    # Six points of the chunk that broke are made twice.
    assert len(calls) == 120 + 7
    assert again.waves[-1].left == found.waves[-1].left
    for one, other in zip(again.waves, found.waves, strict=True):
        assert np.array_equal(one.simulated, other.simulated, equal_nan=True)


def test_folder__of_another_calibration_is_refused(tmp_path: Path) -> None:
    Folder(tmp_path, {"toy": 1})

    with pytest.raises(ForecastError, match="another calibration"):
        Folder(tmp_path, {"toy": 2})


def test_match__says_when_nothing_is_left(tmp_path: Path) -> None:
    rivals = (TARGETS[0], TARGETS[0]._replace(value=0.9, low=0.86, high=0.94))

    def twice(values: np.ndarray) -> np.ndarray:
        return toy(values)[[0, 0]]

    with pytest.raises(ForecastError, match="leaves nothing"):
        match(asked(), ENTRIES, rivals, twice, Folder(tmp_path, {}))


def test_choose__hands_on_simulated_values_that_a_scenario_draws(
    found: Match, tmp_path: Path, scenario_file: Path
) -> None:
    chosen = choose(asked(), found, toy, Folder(tmp_path, {}))
    file = scenario_file.parent / "parameters" / "matched.toml"
    write_calibrated(asked(), chosen, file, "calibration.md", overwrite=False)
    settings = ["scenario.parameters='matched'", "uncertainty.draws=32"]

    scenario = load_scenario(scenario_file, [*settings, "uncertainty.vary='assumptions'"])

    assert chosen.weighed
    assert chosen.centre[2] == pytest.approx(0.5, abs=0.01)
    assert (found.worst(chosen.facts) < 3).all()
    assert found.worst(chosen.after) < 3
    assert scenario.parameters.climate.sd.value == pytest.approx(0.3, abs=0.02)
    assert scenario.parameters.climate.sd.tag == "calibrated"
    assert "calibration" in [quantity.name for quantity in uncertain(scenario)]
    drawn = [draw(scenario, design(scenario), n).scenario.parameters for n in range(32)]
    sets = {tuple(entry(parameters, name).value for name in NAMES) for parameters in drawn}
    assert sets == {tuple(map(float, point)) for point in chosen.draws}
    assert len(sets) == 16
    told = page(asked(), found, chosen)
    assert "tail 1990 (out of reach)" in told
    assert "Unconstrained (more than 0.9 of the range's spread left): `spillover.strength`." in told


def test_shipped_calibration__is_drawn_and_knows_nothing_of_the_worlds_kept_for_scores() -> None:
    shipped = load_calibration(shipped_configs() / "studies" / "calibrate.toml")
    settings = ["scenario.parameters='calibrated'", "uncertainty.draws=128"]
    futures = shipped_configs() / "three_futures.toml"

    scenario = load_scenario(futures, [*settings, "uncertainty.vary='assumptions'"])

    assert set(shipped.facts) == {"hindcast_1990", "hindcast_cold_war"}
    for era in shipped.facts:
        with pytest.raises(ForecastError, match="calibrated on facts to 2000"):
            load_scenario(shipped_configs() / f"{era}.toml", settings[:1])
    (mixture,) = [m for m in scenario.mixtures if m.name == "calibration"]
    assert mixture.parameters == shipped.entries
    ranges = entries_of(shipped, load_scenario(futures).parameters)
    for point in mixture.points:
        assert all(e.low <= x <= e.high for e, x in zip(ranges, point, strict=True))
    points = design(scenario)
    drawn = {draw(scenario, points, n).scenario.parameters.climate.sd.value for n in range(128)}
    assert drawn == {point[0] for point in mixture.points}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"entries": ["climate.sdd"]}, "no parameter 'sdd'"),
        ({"entries": ["climate.sd", "climate.sd"]}, "twice"),
        ({"facts": {"hindcast_1990": ["war"]}}, "did you mean 'wars'"),
        ({"facts": {"hindcast_1991": ["wars"]}}, "did you mean 'hindcast_1990'"),
        ({"ranges": {"climate.sd": [0.3, 0.2]}}, "runs from 0.3 to 0.2"),
        ({"ranges": {"joining.const": [-5, -4]}}, "not among entries"),
        ({"points": 3}, "points"),
    ],
)
def test_calibration_file__is_refused_where_it_is_wrong(
    changes: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ForecastError, match=message):
        load_calibration(_written(asked().model_dump() | changes, tmp_path))


def test_entries__take_the_range_of_the_file_two_errors_or_their_own(scenario_file: Path) -> None:
    parameters = load_scenario(scenario_file).parameters
    names = ["climate.sd", "escalation.const", "joining.const"]
    own = {"joining.const": [-4.5, -4.0]}

    found = entries_of(asked(entries=names, ranges=own), parameters)

    assert [(e.low, e.high) for e in found] == [
        (0.15, 0.35),
        (pytest.approx(-2.1), pytest.approx(-1.3)),
        (-4.5, -4.0),
    ]
    with pytest.raises(ForecastError, match=r"joining.const has neither range nor error"):
        entries_of(asked(entries=names), parameters)
    with pytest.raises(ForecastError, match=r"low end of climate.sd is not admissible"):
        entries_of(asked(ranges={"climate.sd": [-1, 0.3]}), parameters)


def test_study_calibrate__writes_parameters_and_page(tmp_path: Path, scenario_file: Path) -> None:
    tiny = asked(waves=2, points=8, cut_off=9.0, draws=4).model_dump()
    config = _written(tiny, tmp_path)
    parameters = tmp_path / "parameters" / "tiny.toml"
    words = ["study", "calibrate", config, "--work", tmp_path / "work"]
    words += ["--parameters", parameters, "--output", tmp_path / "page.md"]

    result = call(*words)

    assert result.exit_code == 0, result.output
    assert "Wave 2: " in result.output
    stated = tomllib.loads(parameters.read_text())
    assert stated["mixture"][0]["parameters"] == list(NAMES)
    assert len(stated["mixture"][0]["points"]) == 4
    assert "# Calibration" in (tmp_path / "page.md").read_text()
    assert load_scenario(scenario_file, ["scenario.parameters='tiny'"]).mixtures
    assert_refused(call(*words), "--overwrite")
    before = parameters.read_text()
    assert call(*words, "--overwrite").exit_code == 0
    assert parameters.read_text() == before


def _written(stated: dict[str, Any], folder: Path) -> Path:
    """Write a calibration as TOML."""

    def shown(value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f'"{k}" = {shown(v)}' for k, v in value.items()) + "}"
        if isinstance(value, list | tuple):
            return "[" + ", ".join(map(shown, value)) + "]"
        return repr(value)

    file = folder / "calibrate.toml"
    file.write_text("\n".join(f"{key} = {shown(value)}" for key, value in stated.items()) + "\n")
    return file
