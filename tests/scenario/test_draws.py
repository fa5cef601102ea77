from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from forecast.errors import ForecastError
from forecast.scenario.documents import shipped_configs
from forecast.scenario.draws import MODEL_ERROR, draw_parameters
from forecast.scenario.estimates import Estimate, entry
from forecast.scenario.load import load_scenario
from forecast.scenario.parameters import Parameters

SEED = 20260101
SHARE_OF_FALSE_ALARMS = 1e-4

# Values of the shipped parameters, so that estimates and entries agree.
DEFAULT = load_scenario(shipped_configs() / "three_futures.toml").parameters


def estimate(
    equation: str, names: list[str], covariance: NDArray[np.float64] | list[list[float]]
) -> Estimate:
    return Estimate(
        equation=equation,
        form="normal",
        parameters=tuple(names),
        values=tuple(entry(DEFAULT, n).value for n in names if n.split(".")[0] != "reported"),
        covariance=tuple(map(tuple, np.asarray(covariance).tolist())),
        n=100,
        period=(1921, 2000),
    )


ONSET = estimate("onset", ["onset.const", "onset.land"], [[0.16, -0.06], [-0.06, 0.09]])
RESPONSE = estimate("response", ["response.const", "response.land"], [[0.04, 0.0], [0.0, 0.01]])


def drawn(draw: int, *estimates: Estimate, parameters: Parameters = DEFAULT) -> dict[str, float]:
    got = draw_parameters(parameters, estimates, SEED, draw)
    return {name: entry(got, name).value for e in estimates for name in e.in_parameters}


def test_draw__zero_is_the_central_values() -> None:
    assert draw_parameters(DEFAULT, [ONSET, RESPONSE], SEED, 0) == DEFAULT


def test_draw__changes_what_is_estimated_and_nothing_else() -> None:
    got = draw_parameters(DEFAULT, [ONSET], SEED, 1)
    assert got.onset.const.value != DEFAULT.onset.const.value
    kept = got.onset.model_copy(update={n: getattr(DEFAULT.onset, n) for n in ("const", "land")})
    assert got.model_copy(update={"onset": kept}) == DEFAULT


def test_draw__is_a_pure_function_of_seed_and_number() -> None:
    assert drawn(3, ONSET) == drawn(3, ONSET)
    assert drawn(3, ONSET) != drawn(4, ONSET)
    other = draw_parameters(DEFAULT, [ONSET], SEED + 1, 3)
    assert other.onset.const.value != drawn(3, ONSET)["onset.const"]


def test_draw__of_an_equation_does_not_hang_on_the_others() -> None:
    both = drawn(2, ONSET, RESPONSE)
    assert both == drawn(2, RESPONSE, ONSET) == drawn(2, ONSET) | drawn(2, RESPONSE)


def test_draw__does_not_hang_on_the_order_of_parameters() -> None:
    names, covariance = list(ONSET.parameters), np.array(ONSET.covariance)
    turned = estimate("onset", names[::-1], covariance[::-1, ::-1])
    assert drawn(2, turned) == pytest.approx(drawn(2, ONSET), rel=1e-10)


def test_draws__have_the_mean_and_covariance_stated() -> None:
    count = 2000
    sample = np.array([list(drawn(d, ONSET).values()) for d in range(1, count + 1)])
    covariance = MODEL_ERROR * np.array(ONSET.covariance)
    white = np.linalg.solve(np.linalg.cholesky(covariance), (sample - ONSET.values).T)
    # Hotelling and Wilks: exact for normal draws; each misses once in ten thousand seeds.
    of_mean = count * np.sum(white.mean(axis=1) ** 2)
    assert of_mean < stats.chi2.isf(SHARE_OF_FALSE_ALARMS, df=2)
    scatter = np.atleast_2d(white @ white.T / count)
    ratio = count * (np.trace(scatter) - np.log(np.linalg.det(scatter)) - 2)
    assert ratio < stats.chi2.isf(SHARE_OF_FALSE_ALARMS, df=3)
    assert stats.kstest(white.ravel(), "norm").pvalue > SHARE_OF_FALSE_ALARMS


def test_draw__keeps_a_singular_covariance_singular() -> None:
    names = [f"fatality.bracket_{k}" for k in range(1, 6)]
    central = np.array([entry(DEFAULT, name).value for name in names])
    shares = central / central.sum()
    brackets = estimate("brackets", names, (np.diag(shares) - np.outer(shares, shares)) / 500)
    for draw in range(1, 20):
        assert sum(drawn(draw, brackets).values()) == pytest.approx(central.sum(), abs=1e-6)


def test_draw__stays_within_what_the_model_admits() -> None:
    edge = estimate("edge", ["onset.memory_short", "onset.memory_long"], [[0.04, 0], [0, 0.0004]])
    for draw in range(1, 200):
        got = draw_parameters(DEFAULT, [edge, RESPONSE], SEED, draw)
        onset = got.onset
        branching = (
            onset.memory_short.value * onset.tau_short.value
            + onset.memory_long.value * onset.tau_long.value
        )
        assert min(onset.memory_short.value, onset.memory_long.value) >= 0
        assert branching < 1
        # Another equation keeps its draw, however often this one was drawn again.
        assert got.response == draw_parameters(DEFAULT, [RESPONSE], SEED, draw).response


def test_draw__gives_up_where_nothing_is_admissible() -> None:
    hopeless = estimate("share", ["response.concession"], [[1e12]])
    with pytest.raises(ForecastError, match="estimate of share gives no admissible parameters"):
        draw_parameters(DEFAULT, [hopeless], SEED, 1)


def test_draw__leaves_what_the_user_has_set_and_draws_the_rest_alike() -> None:
    own = DEFAULT.onset.land.model_copy(update={"value": 1.0, "tag": "user"})
    onset = DEFAULT.onset.model_copy(update={"land": own})
    got = drawn(5, ONSET, parameters=DEFAULT.model_copy(update={"onset": onset}))
    assert got["onset.land"] == 1.0
    assert got["onset.const"] == drawn(5, ONSET)["onset.const"]


def test_draw__of_reported_labels_changes_nothing() -> None:
    reported = Estimate(
        equation="rivalry_end",
        form="logit",
        parameters=("rivalry_end.const",),
        values=(-3.0,),
        covariance=((0.1,),),
        n=10,
        period=(1921, 2000),
    )
    assert draw_parameters(DEFAULT, [reported], SEED, 1) == DEFAULT


def test_draw__numbers_count_from_zero() -> None:
    with pytest.raises(ForecastError, match="draw is -1"):
        draw_parameters(DEFAULT, [ONSET], SEED, -1)


def test_draw__is_what_it_was() -> None:
    # A published draw can be made again: the address, the hash and the root are part of the law.
    shift = {name: value - entry(DEFAULT, name).value for name, value in drawn(1, ONSET).items()}
    assert shift == pytest.approx(PINNED)


PINNED = {"onset.const": 0.186466765, "onset.land": 0.460167787}
