from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from forecast.errors import ForecastError
from forecast.scenario.documents import shipped_configs
from forecast.scenario.drawn_parameters import MODEL_ERROR
from forecast.scenario.draws import Drawn, design, draw, uncertain
from forecast.scenario.estimates import Estimate, entry
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Scenario, Uncertainty
from forecast.scenario.priors import Mixture, Prior

SHARE_OF_FALSE_ALARMS = 1e-4

WHOLE = load_scenario(
    shipped_configs() / "all_futures.toml",
    ["scenario.parameters=default_joint", "uncertainty.draws=16"],
)
DEFAULT = WHOLE.parameters


def estimate(
    equation: str, names: list[str], covariance: NDArray[np.float64] | list[list[float]]
) -> Estimate:
    return Estimate(
        equation=equation,
        form="normal",
        parameters=tuple(names),
        values=tuple(entry(DEFAULT, n).value for n in names),
        covariance=tuple(map(tuple, np.asarray(covariance).tolist())),
        n=100,
        period=(1921, 2000),
    )


ONSET = estimate("onset", ["onset.const", "onset.land"], [[0.16, -0.06], [-0.06, 0.09]])
RESPONSE = estimate("response", ["response.const", "response.land"], [[0.04, 0.0], [0.0, 0.01]])
TWO = Mixture(
    name="reading",
    parameters=("onset.deterrence", "escalation.support"),
    points=((0.0, -0.1), (0.1, -0.35)),
    weights=(0.25, 0.75),
    source="assumption",
)


def held(**changed: object) -> Scenario:
    """Return a scenario of which nothing is uncertain but what is given."""
    stated = DEFAULT.model_dump()
    for group in stated.values():
        for name, parameter in group.items():
            group[name] = parameter | {"error": None, "range": None}
    bare = {
        "parameters": type(DEFAULT).model_validate(stated),
        "estimates": (),
        "mixtures": (),
        "priors": (),
        "uncertainty": Uncertainty(draws=1024),
    }
    return WHOLE.model_copy(update=bare | changed)


def drawn(scenario: Scenario, count: int | None = None) -> list[Drawn]:
    points = design(scenario)
    return [draw(scenario, points, number) for number in range(count or len(points))]


def values(scenario: Scenario, count: int | None = None) -> NDArray[np.float64]:
    """Return the values under the first architecture, (draw, quantity)."""
    return np.array([one.value[0] for one in drawn(scenario, count)])


def test_draws__of_a_plain_scenario_there_are_none() -> None:
    assert uncertain(WHOLE.model_copy(update={"uncertainty": None})) == ()


def test_draw__changes_what_is_uncertain_and_nothing_else() -> None:
    scenario = held(estimates=(ONSET,))
    one = draw(scenario, design(scenario), 1).scenario
    central = scenario.parameters.onset
    assert one.parameters.onset.const.value != central.const.value
    kept = {name: getattr(central, name) for name in ("const", "land")}
    onset = one.parameters.onset.model_copy(update=kept)
    assert one.parameters.model_copy(update={"onset": onset}) == scenario.parameters
    assert one.architectures == scenario.architectures


def test_draws__are_a_pure_function_of_the_seed() -> None:
    run = WHOLE.run.model_copy(update={"seed": WHOLE.run.seed + 1})
    other = held(estimates=(ONSET,), run=run)
    np.testing.assert_array_equal(
        values(held(estimates=(ONSET,)), 4), values(held(estimates=(ONSET,)), 4)
    )
    assert (values(other, 4) != values(held(estimates=(ONSET,)), 4)).all()


def test_draws__fill_the_space_evenly() -> None:
    points = design(held(estimates=(ONSET, RESPONSE)))
    # Of 1,024 points of a Sobol sequence every interval of length 2^-10 holds one.
    ranks = np.sort((points * 1024).astype(int), axis=0)
    np.testing.assert_array_equal(ranks, np.arange(1024)[:, None].repeat(4, axis=1))


def test_draws__of_an_estimate_have_its_mean_and_covariance() -> None:
    sample = values(held(estimates=(ONSET,)))
    covariance = MODEL_ERROR * np.array(ONSET.covariance)
    # An even design is nearer the law than chance: errors are a tenth of those of free draws.
    np.testing.assert_allclose(sample.mean(axis=0), ONSET.values, atol=0.005)
    np.testing.assert_allclose(np.cov(sample.T), covariance, atol=0.005)
    white = np.linalg.solve(np.linalg.cholesky(covariance), (sample - ONSET.values).T)
    assert stats.kstest(white.ravel(), "norm").pvalue > SHARE_OF_FALSE_ALARMS


def test_draw__does_not_hang_on_the_order_of_parameters() -> None:
    names, covariance = list(ONSET.parameters), np.array(ONSET.covariance)
    turned = estimate("onset", names[::-1], covariance[::-1, ::-1])
    # Quantities stand in the order of the parameters, whatever the order of the estimate.
    one, other = held(estimates=(ONSET,)), held(estimates=(turned,))
    np.testing.assert_allclose(values(other, 8), values(one, 8), rtol=1e-10)


def test_draw__keeps_a_singular_covariance_singular() -> None:
    names = [f"fatality.bracket_{k}" for k in range(1, 6)]
    central = np.array([entry(DEFAULT, name).value for name in names])
    shares = central / central.sum()
    brackets = estimate("brackets", names, (np.diag(shares) - np.outer(shares, shares)) / 500)
    for total in values(held(estimates=(brackets,)), 20).sum(axis=1):
        assert total == pytest.approx(central.sum(), abs=1e-6)


def test_draw__stays_within_what_the_model_admits() -> None:
    edge = estimate("edge", ["onset.memory_short", "onset.memory_long"], [[0.04, 0], [0, 0.0004]])
    alone, both = held(estimates=(RESPONSE,)), held(estimates=(edge, RESPONSE))
    redrawn = 0
    points = design(both)
    for number in range(200):
        got = draw(both, points, number)
        onset = got.scenario.parameters.onset
        branching = (
            onset.memory_short.value * onset.tau_short.value
            + onset.memory_long.value * onset.tau_long.value
        )
        assert min(onset.memory_short.value, onset.memory_long.value) >= 0
        assert branching < 1
        # The percentile told is that of the value; another group keeps its own.
        redrawn += int(got.percentile[0] != points[number, 0])
        np.testing.assert_array_equal(got.percentile[2:], points[number, 2:])
        same = draw(alone, points[:, 2:], number).scenario.parameters.response
        assert got.scenario.parameters.response == same
    assert redrawn > 20


def test_draw__gives_up_where_nothing_is_admissible() -> None:
    hopeless = held(estimates=(estimate("share", ["response.concession"], [[1e12]]),))
    with pytest.raises(ForecastError, match="uncertain of response gives no admissible"):
        drawn(hopeless)


def test_draw__leaves_what_the_user_has_set() -> None:
    scenario = load_scenario(
        shipped_configs() / "all_futures.toml",
        [
            "scenario.parameters=default_joint",
            "uncertainty.draws=2",
            "parameters.onset.land=1.0",
            "parameters.onset.deterrence=0.05",
        ],
    )
    names = {quantity.name for quantity in uncertain(scenario)}
    assert not names & {"onset.land", "onset.deterrence", "deterrence", "escalation.support"}
    for one in drawn(scenario):
        assert one.scenario.parameters.onset.land.value == 1.0
        assert one.scenario.parameters.onset.deterrence.value == 0.05


@pytest.mark.parametrize(
    ("vary", "kinds"),
    [
        ("all", {"estimate", "assumption", "mixture"}),
        ("estimates", {"estimate"}),
        ("assumptions", {"assumption", "mixture"}),
    ],
)
def test_vary__chooses_the_kinds(vary: str, kinds: set[str]) -> None:
    scenario = WHOLE.model_copy(update={"uncertainty": Uncertainty(draws=2, vary=vary)})
    assert {quantity.kind for quantity in uncertain(scenario)} == kinds
    assert np.isfinite(draw(scenario, design(scenario), 0).percentile).all()


def test_mixture__takes_each_reading_as_often_as_it_weighs() -> None:
    seen = drawn(held(mixtures=(TWO,)))
    deterrence = [one.scenario.parameters.onset.deterrence.value for one in seen]
    support = [one.scenario.parameters.escalation.support.value for one in seen]
    assert set(zip(deterrence, support, strict=True)) == {(0.0, -0.1), (0.1, -0.35)}
    assert deterrence.count(0.0) == 256  # a quarter of an even design


def prior(**given: object) -> Prior:
    return Prior.model_validate({"name": "prior", "source": "assumption", **given})


def test_prior__of_a_range_speaks_only_where_an_architecture_stands_apart() -> None:
    restraint = prior(field="institution.veto_restraint", apart=True, range=[0.2, 0.6])
    scenario = held(priors=(restraint,))
    names = list(scenario.architectures)
    found = np.array([one.value[:, 0] for one in drawn(scenario)])
    strong = names.index("strengthened_un")
    assert np.isnan(found[:, names.index("status_quo_un")]).all()
    assert 0.2 < found[:, strong].min() < 0.201
    assert 0.599 < found[:, strong].max() < 0.6
    assert found[:, strong].mean() == pytest.approx(0.4, abs=1e-3)
    last = drawn(scenario, 1)[0]
    un = last.scenario.architectures["strengthened_un"].institutions["un"]
    assert un.veto_restraint.value == pytest.approx(last.value[strong, 0])


def test_prior__of_a_factor_is_even_on_a_log_scale_and_shared() -> None:
    scenario = held(
        priors=(prior(field="institution.share", factor=[0.5, 2], institutions=["un"]),)
    )
    for one in drawn(scenario, 8):
        for name, architecture in one.scenario.architectures.items():
            central = scenario.architectures[name].institutions["un"].share.value
            now = architecture.institutions["un"].share.value
            assert now / central == pytest.approx(one.value[0, 0])
    found = np.log(values(scenario)[:, 0])
    assert found.mean() == pytest.approx(0.0, abs=2e-3)
    assert found.std() == pytest.approx(np.log(4) / np.sqrt(12), rel=1e-2)


def test_prior__of_an_error_is_a_beta_around_each_value() -> None:
    scenario = held(
        priors=(prior(field="institution.credibility", error=0.15, institutions=["un"]),)
    )
    found = np.array([one.value[:, 0] for one in drawn(scenario)])
    stated = [a.institutions["un"].credibility.value for a in scenario.architectures.values()]
    np.testing.assert_allclose(found.mean(axis=0), stated, atol=2e-3)
    # Its error is at most half the way to 0.
    np.testing.assert_allclose(found.std(axis=0), np.minimum(0.15, np.array(stated) / 2), rtol=0.02)
    assert ((found > 0) & (found < 1)).all()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"field": "institution.credibilty", "error": 0.1}, "did you mean 'institution.credibil"),
        ({"field": "conduct.willing_bonus", "institutions": ["un"], "range": [0, 1]}, "of states"),
        ({"field": "institution.share"}, "give one of range, factor and error"),
        ({"field": "institution.share", "factor": [0, 1]}, "a factor is above 0"),
        ({"field": "institution.share", "range": [1, 0]}, "range runs from 1 to 0"),
    ],
)
def test_prior__tells_what_is_wrong(given: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        prior(**given)


def test_draws__are_a_power_of_two() -> None:
    with pytest.raises(ForecastError, match=r"uncertainty\.draws: 100 is no power of two"):
        load_scenario(shipped_configs() / "all_futures.toml", ["uncertainty.draws=100"])


def test_draws__of_estimates_without_a_joint_one_are_refused() -> None:
    config, draws = shipped_configs() / "all_futures.toml", "uncertainty.draws=2"
    with pytest.raises(ForecastError, match=r"carry no joint estimate.*default_joint"):
        load_scenario(config, [draws])
    assert load_scenario(config, [draws, "uncertainty.vary=assumptions"]).uncertainty
