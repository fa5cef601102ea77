from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr

from forecast.analysis.export.questions import questions
from forecast.errors import ForecastError
from forecast.estimators.between import parameter_interval
from tests.analysis.invented import frame_of, tree_of

FIRST_WARS = np.zeros((2, 1000), "int16")
FIRST_WARS[0, :200], FIRST_WARS[0, 200:300] = 2030, 2045


def asked(draws: int = 1, years: np.ndarray = FIRST_WARS) -> xr.DataTree:
    tree = tree_of(frame_of(), trajectories__great_power_war_year=years)
    config = {"reference": "today", "uncertainty": {"draws": draws} if draws > 1 else None}
    tree.attrs["config"] = json.dumps(config)
    return tree


def test_questions__count_events_before_the_year() -> None:
    found = {(r["question"], r["architecture"]): r for r in questions(asked(), 2045)}
    assert len(found) == 5 * 2
    war = found["a war with great powers on opposite sides before 2045", "today"]
    assert war["probability"] == 0.2
    assert war["lower"] == pytest.approx(0.1764, abs=1e-3)
    assert war["upper"] == pytest.approx(0.2259, abs=1e-3)
    assert war["simulation_error"] == pytest.approx(np.sqrt(0.2 * 0.8 / 999))
    assert war["parameter_lower"] is None
    assert war["sentence"] == (
        "P(a war with great powers on opposite sides before 2045) = 0.20 under today, "
        "simulation ± 0.02 (95 %)"
    )
    whole = questions(asked())[0]
    assert whole["question"].endswith("before 2051")
    assert whole["probability"] == 0.3


def test_questions__never_seen_have_a_bound_in_words() -> None:
    found = [r for r in questions(asked(), 2045) if r["architecture"] == "tomorrow"]
    assert found[0]["probability"] == 0
    assert found[0]["upper"] == pytest.approx(0.0038, abs=1e-4)
    assert "none of 1,000 trajectories; at most 0.0038 (95 %)" in found[0]["sentence"]
    assert found[-1]["question"] == "more than 1,000,000 battle deaths in all, 2026-2050"


def test_questions__tell_parameters_and_simulation_apart() -> None:
    war = questions(asked(draws=10))[0]
    events = np.bincount(np.arange(300) % 10, minlength=10)
    assert (war["parameter_lower"], war["parameter_upper"]) == parameter_interval(
        events, np.full(10, 100)
    )
    assert "parameter interval 0.30 to 0.30 (nine of ten draws)" in war["sentence"]
    # All of draw 0 and no other: the parameters decide, and within a draw nothing varies.
    seen = np.where(np.arange(1000) % 4 == 0, 2030, 0).astype("int16")
    decided = questions(asked(4, np.stack([seen, seen])))[0]
    assert decided["simulation_error"] == 0
    assert "= 0.25 under today, simulation ± 0 (95 %)" in decided["sentence"]
    assert decided["parameter_upper"] > 0.9
    assert decided["upper"] - decided["lower"] > 0.3


def test_questions__refuse_a_year_outside_the_horizon() -> None:
    for year in (2026, 2052):
        with pytest.raises(ForecastError, match="choose 2027 to 2051"):
            questions(asked(), year)


def test_questions__refuse_abnormal_histories_unless_told() -> None:
    ended = np.zeros((2, 1000), "int8")
    ended[0, 1] = 3
    broken = tree_of(frame_of(), trajectories__exit_reason=ended)
    with pytest.raises(ForecastError, match="keep_abnormal"):
        questions(broken)
    assert questions(broken, keep_abnormal=True)
