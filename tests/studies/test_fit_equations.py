"""The equations estimated from the record: what they rest on, and what they find."""

import os
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("scipy")
pytest.importorskip("pyarrow")

from forecast.errors import ForecastError
from forecast.scenario.estimates import Estimate
from forecast.studies.fit.blocks import estimable, shipped_value, values_before_evidence
from forecast.studies.fit.decisions import both_at_war
from forecast.studies.fit.equations import fit_equations
from forecast.studies.fit.joining import AGGRESSOR_SIDE, TARGET_SIDE, ally_rows
from forecast.studies.fit.onset_terms import TERMS, OnsetRows, _terms
from forecast.studies.fit.record import as_known
from forecast.studies.fit.system_years import SystemYear
from forecast.studies.fit.war_rows import war_rows
from forecast.world.disputes import Onsets
from forecast.world.history.sources import Sources, read_sources
from forecast.world.readers.table import Table

REPOSITORY = Path(__file__).parents[2]
DATA = Path(os.environ.get("FORECAST_DATA", REPOSITORY / "../shared/data")).resolve()
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="source data not found; set FORECAST_DATA to their folder"
)

CODES = np.array([2, 20, 200, 365, 710])
SHARE = np.array([0.4, 0.1, 0.2, 0.2, 0.1])


def system() -> SystemYear:
    """Return five states: 2, 20 and 200 owe 710 defence; 20 is bound to 365 too."""
    none = np.zeros((5, 5), bool)
    owes, contiguity = none.copy(), np.zeros((5, 5), np.int8)
    owes[:3, 4] = True
    owes[1, 3] = True
    contiguity[3, 4] = contiguity[4, 3] = 1
    contiguity[2, 4] = contiguity[4, 2] = 4
    major = np.array([True, False, False, True, False])
    armed = np.array([True, False, False, False, True])
    flags = np.array([True, True, False, False, True])
    return SystemYear(CODES, SHARE, major, flags, armed, contiguity, none, owes, np.eye(5))


def table(**columns: object) -> Table:
    arrays = {name: np.array(values) for name, values in columns.items()}
    rows = np.arange(2, 2 + len(next(iter(arrays.values()))))
    return Table(Path("a.csv"), arrays, rows)


def one_onset(hostility: int = 5) -> OnsetRows:
    whole = (np.array([v]) for v in (365, 710, hostility, 1, 6))
    onsets = Onsets(np.array([1]), np.array([1950.5]), *whole)
    return OnsetRows(onsets, np.array([1950]), {"const": np.ones(1)})


def test_terms__follow_the_kernel() -> None:
    names = ("land", "log_ratio", "support", "outside_ally", "nuclear_target_only", "post1945")
    row = _terms(system(), 1950, 365, 710)
    assert row is not None
    found = dict(zip(TERMS, row, strict=True))
    expected = (1, np.log(2), np.log1p((0.4 + 0.1 + 0.2) / 0.1), 1, 1, 1)
    assert [found[name] for name in names] == pytest.approx(expected)


def test_terms__the_initiator_is_no_ally_of_its_target() -> None:
    row = _terms(system(), 1900, 2, 710)
    assert row is not None
    found = dict(zip(TERMS, row, strict=True))
    assert found["support"] == pytest.approx(np.log1p(0.3 / 0.1))
    assert (found["post1945"], found["nuclear_target_only"]) == (0, 0)


def test_terms__need_both_states_alive() -> None:
    assert _terms(system(), 1950, 365, 999) is None


def test_allies__of_one_side_alone_decide_and_originators_do_not() -> None:
    took_part = table(
        dispnum=[1, 1, 1, 1], ccode=[365, 710, 200, 2], sidea=[1, 0, 0, 0], orig=[1, 1, 1, 0]
    )
    years = {1950: system()}
    rows = ally_rows(one_onset(), took_part, years)  # type: ignore[arg-type] # a stand-in
    # 200 started it too, and 20 is bound to both sides: 2 alone is left.
    assert rows.joined.tolist() == [True]
    terms = {name: values[0] for name, values in rows.terms.items()}
    assert terms["log_aggressor"] == pytest.approx(np.log(0.2))
    assert (terms["war"], terms["fatal"], terms["near"], terms["major"]) == (1, 0, 0, 1)
    assert terms["aggressor_side"] == TARGET_SIDE


def test_allies__of_the_initiator_are_on_the_aggressors_side() -> None:
    onset = one_onset()
    turned = onset.onsets._replace(initiator=np.array([710]), target=np.array([365]))
    took_part = table(dispnum=[1, 1], ccode=[710, 365], sidea=[1, 0], orig=[1, 1])
    years = {1950: system()}
    rows = ally_rows(onset._replace(onsets=turned), took_part, years)  # type: ignore[arg-type]
    assert rows.joined.tolist() == [False, False]
    assert set(rows.terms["aggressor_side"]) == {AGGRESSOR_SIDE}


def test_war__needs_both_originators_to_fight_it() -> None:
    both = table(dispnum=[1, 1], ccode=[365, 710], hostlev=[5.0, 5.0])
    one = table(dispnum=[1, 1], ccode=[365, 710], hostlev=[5.0, 4.0])
    assert both_at_war(one_onset(), both).tolist() == [True]
    assert both_at_war(one_onset(), one).tolist() == [False]


def test_estimable__a_term_that_never_varies_keeps_its_value_or_is_left_out() -> None:
    terms = {
        "const": np.ones(3),
        "land": np.array([0.0, 1, 0]),
        "post1945": np.ones(3),
        "order_weight": np.zeros(3),
    }
    kept, offset = estimable("escalation", terms)
    assert list(kept) == ["const", "land"]
    np.testing.assert_allclose(offset, shipped_value("escalation", "post1945"))


def test_values_before_evidence__hold_nothing_that_had_not_happened() -> None:
    early = values_before_evidence(1945)
    assert early["escalation.post1945"].value == 0
    assert early["escalation.post1945"].tag == "assumption"
    assert "not applicable before 1946" in early["escalation.post1945"].source
    assert list(values_before_evidence(1989)) == ["order.order_weight"]
    assert values_before_evidence(2000) == {}


@pytest.fixture(scope="module")
def sources() -> Sources:
    return read_sources(DATA)


@pytest.fixture(scope="module")
def found(sources: Sources) -> dict[str, tuple[float, float]]:
    return values(fit_equations(sources, 1816, 2000))


def values(estimates: list[Estimate]) -> dict[str, tuple[float, float]]:
    """Return value and standard error of each parameter."""
    return {
        name: (estimate.values[k], estimate.covariance[k][k] ** 0.5)
        for estimate in estimates
        for k, name in enumerate(estimate.parameters)
    }


@needs_data
def test_record__knows_no_end_after_its_last_year(sources: Sources) -> None:
    known = as_known(sources, 1950)
    korea = known.wars.where(known.wars["WarName"] == "Korean")
    assert len(korea) > 2
    assert np.isnan(korea["BatDeath"]).all()
    assert np.isnan(korea["Outcome"]).all()
    assert known.disputes["styear"].max() <= 1950
    assert np.nanmax(known.disputes["endyear"]) <= 1950
    open_ones = np.isnan(known.disputes["endyear"])
    assert open_ones.any()
    assert np.isnan(known.disputes["hostlev"][open_ones]).all()


@needs_data
def test_wars__going_on_at_the_end_are_censored(sources: Sources) -> None:
    wars = war_rows(as_known(sources, 1950), 1816, 1950)
    going_on = ~wars.ended
    assert going_on.sum() == 1
    assert wars.year[going_on].tolist() == [1950]
    assert wars.years[going_on] == pytest.approx(0.52, abs=0.03)
    assert np.isnan(wars.deaths[going_on]).all()


@needs_data
@pytest.mark.parametrize("last", [1919, 1945])
def test_fit__uses_nothing_later(sources: Sources, last: int, tmp_path: Path) -> None:
    from tests.world.cut import cut

    earlier = read_sources(cut(DATA, last + 1, tmp_path / "earlier"))
    assert fit_equations(earlier, 1816, last) == fit_equations(sources, 1816, last)


@needs_data
@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("onset.memory_direction", 0.63),
        ("response.const", -0.34),
        ("response.land", 0.47),
        ("response.rivalry", 0.83),
        ("response.memory_long", 0.15),
        ("fatality.land", 0.69),
        ("fatality.joint_democracy", -0.81),
        ("fatality.rivalry", 0.29),
        ("fatality.unresisted", 0.01),
        ("escalation.log_ratio", 0.12),
        ("escalation.support", -0.29),
        ("escalation.joint_democracy", -1.84),
        ("escalation.rivalry", 0.74),
        ("joining.war", 2.77),
        ("joining.fatal", 0.67),
        ("joining.near", 0.86),
        ("joining.major", 0.60),
        ("joining.democracy", -0.71),
        ("war.draw_const", 0.23),
        ("war.win_const", 0.42),
        ("war.win_ratio", 0.30),
        ("deaths.const", 10.81),
        ("deaths.log_least", 1.04),
        ("deaths.log_most", -0.24),
        ("deaths.log_parties", 2.29),
        ("deaths.spread", 2.69),
        ("deaths.duration_correlation", 0.6),
    ],
)
def test_fit__to_2000_lies_within_two_errors_of_the_design(
    found: dict[str, tuple[float, float]], name: str, published: float
) -> None:
    value, error = found[name]
    assert abs(value - published) <= 2 * error


@needs_data
def test_fit__has_an_admissible_covariance_everywhere(sources: Sources) -> None:
    for estimate in fit_equations(sources, 1946, 2000):
        assert np.isfinite(estimate.covariance).all()
        assert (np.diag(np.array(estimate.covariance)) > 0).all()


@needs_data
def test_fit__of_a_short_period_is_refused(sources: Sources) -> None:
    with pytest.raises(ForecastError, match="30 years or more"):
        fit_equations(sources, 1816, 1830)
