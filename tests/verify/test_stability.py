"""Runs stay stable: no drift under the reference, no explosion under the priors (minutes)."""

import numpy as np
import pytest

from forecast.kernel import events
from forecast.kernel.results import TRAJECTORY_COUNTS
from forecast.kernel.simulate import simulate_batch
from forecast.scenario.documents import shipped_configs
from forecast.scenario.draws import design, draw
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Uncertainty
from forecast.world.origin import build_world
from forecast.world.pack import pack

pytestmark = pytest.mark.verify

DRAWS = 64  # docs/model.md §7 tells what 1,000 gave
YEARS = 25


@pytest.fixture(scope="module")
def scenario():
    """Return the shipped scenario with its reference alone."""
    whole = load_scenario(
        shipped_configs() / "three_futures.toml", ["scenario.parameters=fit_2000_all_eras"]
    )
    reference = {whole.reference: whole.architectures[whole.reference]}
    return whole.model_copy(update={"architectures": reference})


def simulated(scenario, world, seed, trajectories):
    run = pack(scenario, world)
    return simulate_batch(run.inputs, run.derived, seed, 0, trajectories)


def test_reference_world__keeps_its_rate_of_disputes(scenario):
    """The last five years lie within 20 % of the first five (error of the ratio about .7 %)."""
    annual = simulated(scenario, build_world(scenario), 5, 1_000).annual.total[0, 0]
    assert 0.8 < annual[-5:].sum() / annual[:5].sum() < 1.2


def test_prior_draws__none_explodes(scenario):
    """Every history ends at the horizon, or says by its exit reason that it met a limit."""
    world = build_world(scenario)
    rates = []
    uncertain = scenario.model_copy(update={"uncertainty": Uncertainty(draws=DRAWS)})
    points = design(uncertain)
    for number in range(DRAWS):
        altered = draw(uncertain, points, number).scenario
        counts = simulated(altered, world, number, 2).trajectories.counts[:, 0]
        exits = counts[TRAJECTORY_COUNTS.index("exit_reason")]
        complete = exits == events.COMPLETED
        rates += (counts[0, complete] / YEARS).tolist()
    assert len(rates) > 1.95 * DRAWS
    # 1,000 draws reached 154 disputes a year (docs/model.md §7).
    assert np.max(rates) < 200
