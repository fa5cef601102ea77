"""Background constants: numbers about the world that no architecture owns."""

from __future__ import annotations

from typing import NamedTuple

from forecast.errors import ForecastError
from forecast.scenario.models import Scenario
from forecast.scenario.processes import Process


class Constant(NamedTuple):
    """A parameter and the value it is set to, in the reference and every other architecture.

    Parameters
    ----------
    name
        "group.name" of the parameter.
    value
        In its unit.
    meaning
        What then holds.
    """

    name: str
    value: float
    meaning: str

    @property
    def label(self) -> str:
        """The name with the value it is set to, such as ``onset.deterrence = 0``."""
        return f"{self.name} = {self.value:g}"


ATTRIBUTION_OFF = Constant(
    "escalation.attribution", 0.0, "the calm since 1945 owes nothing to institutions and norms"
)

CONSTANTS: tuple[Constant, ...] = (
    ATTRIBUTION_OFF,
    Constant("escalation.attribution", 1.0, "the calm since 1945 is all due to them"),
    Constant("escalation.support", 0.0, "expected support does not restrain escalation"),
    Constant("escalation.sanctions_threat", 0.0, "the threat of sanctions restrains nobody"),
    Constant("escalation.mediation", 0.0, "mediation restrains nobody"),
    Constant("escalation.intra_mediation", 0.0, "nor does mediation among members"),
    Constant("onset.deterrence", 0.0, "expected support deters no dispute"),
    Constant("onset.unilateral_cost", 0.0, "expected sanctions deter no dispute"),
    Constant("onset.recurrence_share", 0.0, "deterrence does not reach recurrence"),
    Constant("onset.recurrence_share", 1.0, "deterrence acts fully on recurrence"),
    Constant("order.order_weight", 0.0, "the order of 1946-1989"),
    Constant("order.order_weight", 1.0, "the order of 1990-2014"),
    Constant("support.adequacy", 0.0, "small help counts in full against a strong aggressor"),
    Constant("support.adequacy", 1.0, "help short of the aggressor's own weight counts less"),
    Constant("support.breadth", 0.0, "trading partners' sanctions do not count"),
    Constant("response.resilience", 0.0, "resilience changes no answer"),
    Constant("response.resilience", 2.0, "resilience counts two and a half times"),
    Constant("credibility.scale", 0.0, "no test moves credibility"),
    Constant("overcommitment.strength", 2.0, "promises weigh on each other four times as much"),
)
"""Ends of the plausible range, or 0, of what is assumed or most disputed. What a process has of its
own (provocation, spillover, compliance, overcommitment) goes with its switch, see `background`."""


def background(scenario: Scenario) -> tuple[Constant, ...]:
    """Return the changes that change something: constants, then every process switched off."""
    switches = tuple(
        Constant(f"process.{name}", 0.0, "the process is switched off")
        for name in Process.model_fields
    )
    return tuple(c for c in CONSTANTS + switches if _present(scenario, c.name) != c.value)


def with_constant(scenario: Scenario, constant: Constant) -> Scenario:
    """Return the scenario with one constant changed."""
    _present(scenario, constant.name)
    group, name = constant.name.split(".")
    parameters = getattr(scenario.parameters, group)
    entry = getattr(parameters, name)
    changed = entry.model_copy(
        update={"value": constant.value, "error": None, "range": None, "tag": "user"}
    )
    parameters = parameters.model_copy(update={name: changed})
    merged = scenario.parameters.model_copy(update={group: parameters})
    return scenario.model_copy(update={"parameters": merged})


def _present(scenario: Scenario, name: str) -> float:
    group, entry = name.split(".")
    found = getattr(getattr(scenario.parameters, group, None), entry, None)
    if found is None:
        raise ForecastError(f"no parameter is called {name!r}: correct the table of constants")
    return float(found.value)
