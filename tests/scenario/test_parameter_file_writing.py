from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forecast.errors import ForecastError
from forecast.scenario.estimates import Estimate
from forecast.scenario.load import load_scenario
from forecast.scenario.parameter_file import Fitted, write_parameters

UPDATES = {
    "response.const": Fitted(-1 / 3, 0.123456789, "fit of all", "estimated"),
    "onset.land": Fitted(1.87, 2e-9, 'a "quoted" \\ source,\nwith Zürich\x7f', "estimated"),
    "onset.const": Fitted(-3.44, None, "held", "assumption"),
}
ONSET = Estimate(
    equation="onset",
    form="additive",
    parameters=("onset.const", "onset.land", "response.const"),
    values=(-3.44, 1.87, -1 / 3),
    covariance=((0.2, 1 / 30, 0), (1 / 30, 2 / 30, 0), (0, 0, 1e-9)),
    n=52000,
    clusters=170,
    log_likelihood=-12345.67891,
    period=(1921, 2000),
)


def write(path: Path, **changed: object) -> Path:
    stated: dict[str, object] = {
        "base": "default",
        "updates": UPDATES,
        "estimates": [ONSET],
        "header": "Fitted for a test.\n\nTwo lines.",
    }
    write_parameters(path, **(stated | changed))  # type: ignore[arg-type]
    return path


def test_written_file__is_read_back(scenario_file: Path) -> None:
    write(scenario_file.parent / "parameters" / "fitted.toml")
    scenario = load_scenario(scenario_file, ["scenario.parameters=fitted"])
    onset, response = scenario.parameters.onset, scenario.parameters.response
    assert (onset.const.value, onset.const.error) == (-3.44, None)
    assert onset.land.error == 2e-9
    assert onset.land.source == UPDATES["onset.land"].source
    assert (response.const.value, response.const.error) == (-0.333333, 0.123457)
    (estimate,) = scenario.estimates
    assert estimate.values == (-3.44, 1.87, -0.333333)
    assert np.allclose(estimate.covariance, ONSET.covariance, rtol=1e-5)
    assert (estimate.n, estimate.events, estimate.clusters) == (52000, None, 170)
    assert estimate.log_likelihood == -12345.679


def test_written_file__keeps_the_order_of_the_model_and_nothing_else(tmp_path: Path) -> None:
    first = write(tmp_path / "first.toml").read_bytes()
    turned = dict(reversed(UPDATES.items()))
    assert write(tmp_path / "second.toml", updates=turned).read_bytes() == first
    text = first.decode()
    assert text.startswith('# Fitted for a test.\n#\n# Two lines.\n\nbase = "default"\n\n[onset]\n')
    assert text.index("const = ") < text.index("land = ") < text.index("[response]")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["first.toml", "second.toml"]


def test_written_file__replaces_another_only_when_told(tmp_path: Path) -> None:
    kept = tmp_path / "kept.toml"
    kept.write_text("mine")
    with pytest.raises(ForecastError, match=r"kept\.toml: exists"):
        write(kept)
    assert kept.read_text() == "mine"
    write(kept, overwrite=True)
    assert kept.read_text() != "mine"


def test_written_file__names_only_parameters(tmp_path: Path) -> None:
    updates = {"onset.lend": Fitted(1.0, None, "test", "estimated")}
    with pytest.raises(ForecastError, match=r"'onset\.lend'; did you mean 'onset\.land'\?"):
        write(tmp_path / "bad.toml", updates=updates)
    assert list(tmp_path.iterdir()) == []


def test_written_file__needs_a_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ForecastError, match="cannot be written"):
        write(tmp_path / "file" / "fitted.toml")
