"""Wars between two states: durations, outcomes, deaths and the tail of deaths."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.kernel import events
from forecast.kernel.arrays import Inputs
from forecast.studies.verification.check import Check, of_cells, of_law, of_normal
from forecast.studies.verification.goodness import chi_square_p, uniform_p
from forecast.studies.verification.logs import Events, histories
from forecast.studies.verification.worlds import quiet_parameters, quiet_world

F8 = NDArray[np.float64]
SEED = 20260204
YEARS, LAST_START, TRAJECTORIES = 400, 340.0, 60
QUANTILES = (0.5, 0.9, 0.99)
LIMIT = 1e6  # deaths above it count as it, so that the mean has a standard error
TAIL = 7_061.0  # where the record's power law begins (docs/model.md §7)
GRID = np.linspace(0.0, 40.0, 40_001)
NORMAL = NormalDist()

# Every dispute of the two states is resisted and becomes a war that costs no capability.
WARLIKE = {
    "onset": {"const": 1.5},
    "response": {"const": 60.0},
    "escalation": {"const": 60.0},
    "war": {"resilience": 0.0},
}


class Wars(NamedTuple):
    """Wars that ended, in the world of two states."""

    duration: F8  # years
    outcome: NDArray[np.int64]  # 1 initiator wins, 2 draw, 3 target wins
    deaths: F8
    strong: NDArray[np.bool_]  # the stronger state began it


def war_world() -> Inputs:
    """Return two states whose every dispute becomes a war."""
    return quiet_world(quiet_parameters(WARLIKE), 2, YEARS)


def fought(inputs: Inputs) -> Wars:
    """Simulate and read the wars that began early enough to end for certain."""
    parts = [_of_history(inputs, history) for history in histories(inputs, SEED, TRAJECTORIES)[0]]
    return Wars(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _of_history(inputs: Inputs, history: Events) -> Wars:
    began, ended = history.of(events.WAR), history.of(events.WAR_END)
    dead = history.of(events.WAR_DEATHS)
    end = {int(x): n for n, x in enumerate(ended.id)}
    early = np.flatnonzero(began.time < LAST_START)
    at = np.array([end[int(x)] for x in began.id[early]])
    return Wars(
        ended.time[at] - began.time[early],
        ended.value[at].astype(np.int64),
        dead.value[at],
        began.initiator[early] == inputs.states.code[0],
    )


def _log_ratio(inputs: Inputs) -> float:
    return float(np.log(inputs.states.capability[0] / inputs.states.capability[1]))


def duration_check(inputs: Inputs, wars: Wars) -> Check:
    """Compare durations with the Weibull law."""
    war = inputs.parameters.war
    scale = war.scale * math.exp(war.ratio * abs(_log_ratio(inputs)))
    survival = np.exp(-((wars.duration / scale) ** war.shape))
    return of_law("wars", "durations", uniform_p(survival),
                  f"Weibull, shape {war.shape:.3g}, scale {scale:.3g} years",
                  wars.duration.size)  # fmt: skip


def outcome_checks(inputs: Inputs, wars: Wars) -> list[Check]:
    """Compare outcomes with their shares, by who began."""
    war, ratio = inputs.parameters.war, _log_ratio(inputs)
    drawn = 1.0 / (1.0 + math.exp(-war.draw_const - war.draw_ratio * abs(ratio)))
    checks = []
    for who, began, sign in (("stronger", wars.strong, 1.0), ("weaker", ~wars.strong, -1.0)):
        wins = 1.0 / (1.0 + math.exp(-war.win_const - war.win_ratio * sign * ratio))
        law = np.array([(1.0 - drawn) * wins, drawn, (1.0 - drawn) * (1.0 - wins)])
        seen = np.bincount(wars.outcome[began], minlength=4)[1:].astype(np.float64)
        checks.append(
            of_cells(
                "wars",
                f"outcomes where the {who} state begins",
                chi_square_p(seen, seen.sum() * law),
                "the stated shares",
                int(seen.sum()),
            )
        )
    return checks


class DeathLaw(NamedTuple):
    """Log-normal deaths cut off below a threshold."""

    mean: float
    spread: float
    threshold: float

    def survival(self, deaths: F8) -> F8:
        """Return P(BD > deaths)."""
        z = (np.log(deaths) - self.mean) / self.spread
        cut = NORMAL.cdf((self.mean - math.log(self.threshold)) / self.spread)
        return np.array([NORMAL.cdf(-x) for x in z]) / cut

    def quantile(self, p: float) -> float:
        """Return the p-quantile."""
        cut = NORMAL.cdf((self.mean - math.log(self.threshold)) / self.spread)
        return math.exp(self.mean - self.spread * NORMAL.inv_cdf((1.0 - p) * cut))

    def limited_moment(self, power: int) -> float:
        """Return E[min(BD, LIMIT)^power], integrated over ln BD."""
        low, high = math.log(self.threshold), math.log(LIMIT)
        x = np.linspace(low, high, 20_001)
        slope = power * np.exp(power * x) * self.survival(np.exp(x))
        return self.threshold**power + float(np.trapezoid(slope, x))

    def tail_exponent(self) -> float:
        """Return the exponent that maximum likelihood above TAIL tends to, 1 + 1/E ln(BD/TAIL)."""
        beyond = self.survival(TAIL * np.exp(GRID)) / float(self.survival(np.array([TAIL]))[0])
        return 1.0 + 1.0 / float(np.trapezoid(beyond, GRID))


def death_law(inputs: Inputs) -> DeathLaw:
    """Return the law of battle deaths in a war of the two states."""
    d, (high, low) = inputs.parameters.deaths, inputs.states.capability
    mean = d.const + d.log_least * math.log(low) + d.log_most * math.log(high)
    return DeathLaw(mean, d.spread, d.threshold)


def death_checks(inputs: Inputs, wars: Wars) -> list[Check]:
    """Compare deaths with the truncated log-normal law: distribution, quantiles, mean."""
    law, n = death_law(inputs), wars.deaths.size
    survival = law.survival(wars.deaths + 0.5)  # deaths are rounded down
    checks = [of_law("deaths", "distribution", uniform_p(survival), "truncated log-normal", n)]
    for p in QUANTILES:
        level = law.quantile(p)
        z = ((wars.deaths < level).sum() - n * p) / math.sqrt(n * p * (1.0 - p))
        seen = float(np.quantile(wars.deaths, p))
        checks.append(of_normal("deaths", f"quantile {p:g}", z, level, seen, n))
    limited, mean = np.minimum(wars.deaths, LIMIT), law.limited_moment(1)
    error = math.sqrt((law.limited_moment(2) - mean**2) / n)
    z = (float(limited.mean()) - mean) / error
    checks.append(
        of_normal("deaths", "mean, limited to a million", z, mean, float(limited.mean()), n)
    )
    return [*checks, tail_check(law, wars.deaths), _dependence(inputs, wars, survival)]


def tail_check(law: DeathLaw, deaths: F8) -> Check:
    """Compare the tail exponent by maximum likelihood with that of the law."""
    logs = np.log((deaths[deaths >= TAIL] + 0.5) / TAIL)
    found, expected = 1.0 + 1.0 / float(logs.mean()), law.tail_exponent()
    error = float(logs.std(ddof=1)) / math.sqrt(logs.size) / float(logs.mean()) ** 2
    z = (found - expected) / error
    check = of_normal("deaths", "tail exponent above 7,061", z, expected, found, logs.size)
    return check._replace(statistic=f"{check.statistic} (error {error:.2g})")


def _dependence(inputs: Inputs, wars: Wars, survival: F8) -> Check:
    war, rho = inputs.parameters.war, inputs.parameters.deaths.duration_correlation
    scale = war.scale * math.exp(war.ratio * abs(_log_ratio(inputs)))
    long = np.exp(-((wars.duration / scale) ** war.shape))
    scores = [np.array([NORMAL.inv_cdf(float(u)) for u in side]) for side in (survival, long)]
    seen = float(np.corrcoef(scores[0], scores[1])[0, 1])
    z = (math.atanh(seen) - math.atanh(rho)) * math.sqrt(wars.deaths.size - 3)
    return of_normal("deaths", "correlation with duration (normal scores)", z, rho, seen,
                     wars.deaths.size)  # fmt: skip


def war_checks() -> list[Check]:
    """Run all checks of wars."""
    inputs = war_world()
    wars = fought(inputs)
    return [
        duration_check(inputs, wars), *outcome_checks(inputs, wars), *death_checks(inputs, wars)
    ]  # fmt: skip
