"""The battery's own arithmetic: p-values, adjustment, the onset law, thinning, the page."""

import math

import numpy as np
import pytest
from typer.testing import CliRunner

from forecast.cli import app
from forecast.studies.verification import selftest as selftest_module
from forecast.studies.verification.battery import LEVEL, Power, judge
from forecast.studies.verification.check import Check, of_normal
from forecast.studies.verification.goodness import (
    adjusted_p,
    chi_square_p,
    chi_square_tail,
    normal_p,
    poisson_p,
    same_law_p,
    same_mean_z,
    same_variance_z,
    uniform_p,
)
from forecast.studies.verification.law import (
    Clock,
    deterred_by_pact,
    log_rates,
    new_dyad_factor,
    undeterred,
)
from forecast.studies.verification.logs import child_ids
from forecast.studies.verification.memory import MEMBERS, estimate, memory_world
from forecast.studies.verification.page import write_page
from forecast.studies.verification.thinning import PairLaw, thinned, thinning_world
from forecast.studies.verification.wars import DeathLaw
from tests.reference.draws import child_id


def test_tails__equal_those_of_tables():
    # Normal 1.96 and chi-square 3.841, 18.307 and 11.070 (1, 10, 5 degrees) cut off 5 %.
    assert normal_p(1.959964) == pytest.approx(0.05, rel=1e-5)
    for x, freedom in ((3.841459, 1), (18.307038, 10), (11.070498, 5)):
        assert chi_square_tail(x, freedom) == pytest.approx(0.05, rel=1e-5)


def test_p_values__equal_those_of_scipy():
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(1)
    one, other = rng.random(300), rng.random(200) ** 1.1
    assert uniform_p(one)[1] == pytest.approx(stats.kstest(one, "uniform").pvalue, abs=0.01)
    ours, theirs = same_law_p(one, other), stats.ks_2samp(one, other)
    assert ours[0] == pytest.approx(theirs.statistic)
    assert ours[1] == pytest.approx(theirs.pvalue, abs=0.02)
    values = [0.001, 0.2, 0.04, 0.03, 0.9]
    assert adjusted_p(values) == pytest.approx(stats.false_discovery_control(values))


@pytest.mark.parametrize(
    "p_value",
    [
        lambda rng: uniform_p(rng.random(200))[1],
        lambda rng: poisson_p(rng.poisson(7.0, 300).astype(float), 7.0)[1],
        lambda rng: normal_p(same_mean_z(rng.random(200), rng.random(150))),
        lambda rng: normal_p(same_variance_z(rng.random(200), rng.random(150))),
        lambda rng: same_law_p(rng.random(200), rng.random(150))[1],
        lambda rng: chi_square_p(rng.multinomial(400, [0.2] * 5) * 1.0, np.full(5, 80.0))[1],
    ],
)
def test_p_values__are_uniform_where_the_claim_holds(p_value):
    """Of 400, 20 below .05 are expected; 4 to 40 is within 4 standard deviations."""
    rng = np.random.default_rng(1)
    assert 4 <= sum(p_value(rng) < 0.05 for _ in range(400)) <= 40


def test_adjustment__keeps_the_stated_rate():
    """Of 2,000 batteries of true claims about 1 % fail (20 ± 4 standard deviations)."""
    rng = np.random.default_rng(1)
    failed = sum(min(adjusted_p(rng.random(40))) < LEVEL for _ in range(2_000))
    assert 3 <= failed <= 38


def test_child_ids__equal_the_reference():
    parents = np.array([0, 5, 2**63 + 11], np.uint64)
    for n in (0, 7):
        assert child_ids(parents, n).tolist() == [child_id(int(p), n) for p in parents]


def test_clock__integrates_climate_and_fading():
    inputs = memory_world(years=6)
    climate = np.array([0.1, -0.2, 0.3, 0.0, -0.1, 0.2])
    clock, points = Clock(inputs, climate), np.array([0.4, 3.7, 6.0])
    fine = (np.arange(600_000) + 0.5) / 100_000
    level = np.exp(climate[fine.astype(int)])
    for found, rate in (
        (clock.fading(2.0, points), level * np.exp(-fine / 2.0)),
        (clock.base(3.0, points), level * new_dyad_factor(inputs, 3.0, fine)),
    ):
        expected = [rate[fine < t].sum() / 100_000 for t in points]
        assert found == pytest.approx(expected, rel=1e-5)


def test_law__has_the_rates_and_deterrence_of_the_kernel():
    from forecast.kernel.derive import derive

    inputs = memory_world()
    derived = derive(inputs)
    newness = inputs.parameters.onset.new_dyad * np.exp(
        -inputs.dyads.age / inputs.parameters.onset.new_dyad_years
    )
    none = undeterred(inputs).pact
    assert log_rates(inputs, none) + newness == pytest.approx(derived.log_rate, rel=1e-12)
    other = derive(inputs._replace(reference=1))
    onset, found = inputs.parameters.onset, deterred_by_pact(inputs, MEMBERS, 1)
    expected = onset.deterrence * other.support_reference
    expected += onset.unilateral_cost * other.cost_reference
    assert found.rate == pytest.approx(expected, rel=1e-12)
    assert 0 < (found.rate > 0.0).sum() < found.rate.size


def test_thinning__has_the_mean_of_its_law():
    """Without memory counts are Poisson: 3,000 runs lie within 4 standard errors of the mean."""
    inputs = thinning_world(0.0)
    onset = inputs.parameters.onset._replace(memory_short=0.0, memory_long=0.0, new_dyad=0.0)
    inputs = inputs._replace(parameters=inputs.parameters._replace(onset=onset))
    law = PairLaw(inputs, 0)
    draws, still = np.random.default_rng(3), np.zeros(inputs.years)
    counts = np.array([thinned(law, still, draws) for _ in range(3_000)])
    mean = law.base * inputs.years
    assert abs(counts.mean() - mean) < 4 * math.sqrt(mean / counts.size)


def test_estimate__recovers_strengths_from_exact_expectations():
    """Where onsets fall exactly as expected the estimate is the truth."""
    from forecast.studies.verification.law import Exposure

    truth = np.array([1.0, 0.3, 0.05])
    rng = np.random.default_rng(1)
    rate = rng.random((4_000, 3)) + 0.1
    total = (rate / (rate @ truth)[:, None]).sum(axis=0)
    found, error = estimate([Exposure(rate, total[None, :])], truth * 1.3)
    assert found == pytest.approx(truth, rel=1e-6)
    assert (error > 0.0).all()


def test_death_law__agrees_with_its_draws():
    law = DeathLaw(9.0, 2.0, 1_000.0)
    rng = np.random.default_rng(1)
    logs = rng.normal(9.0, 2.0, 400_000)
    deaths = np.exp(logs[logs >= math.log(1_000.0)])
    for p in (0.5, 0.9):
        assert law.quantile(p) == pytest.approx(np.quantile(deaths, p), rel=0.03)
    limited = np.minimum(deaths, 1e6)
    assert law.limited_moment(1) == pytest.approx(limited.mean(), rel=0.02)
    tail = deaths[deaths > 7_061.0]
    expected = 1.0 + 1.0 / np.log(tail / 7_061.0).mean()
    assert law.tail_exponent() == pytest.approx(expected, rel=0.01)


def battery(*p_values: float):
    return judge([Check("p", f"c{n}", "z = 1", "1", "2", 9, p) for n, p in enumerate(p_values)])


def test_page__tells_failures_and_the_control(tmp_path):
    page = tmp_path / "verification.md"
    write_page(battery(0.4, 1e-6), Power(9, 10, {"c0": 9}), Power(0, 10, {}), page)
    text = page.read_text()
    assert "2 checks, 1 failed." in text
    assert text.count("**fails**") == 1
    assert "rejected with 9 of 10 seeds" in text
    assert "c0 (9)" in text


def test_of_normal__says_what_it_finds():
    check = of_normal("p", "claim", 2.0, 100.0, 104.0, 50)
    assert check.finds == "10 %"
    assert check.p == pytest.approx(normal_p(2.0))


@pytest.mark.parametrize(("p_value", "caught", "code"), [(0.4, 1, 0), (1e-6, 1, 1), (0.4, 0, 1)])
def test_selftest__exits_by_its_verdict(monkeypatch, p_value, caught, code):
    monkeypatch.setattr(selftest_module, "run_battery", lambda: battery(p_value))
    monkeypatch.setattr(
        selftest_module, "rejections", lambda *_, **__: Power(caught, 1, {"c0": caught})
    )
    result = CliRunner().invoke(app, ["selftest"])
    assert result.exit_code == code, result.output
    assert "1 checks" in result.output
