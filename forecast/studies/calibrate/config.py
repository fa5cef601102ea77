"""What a calibration is asked: entries with their ranges, facts, and how much is simulated."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from forecast.errors import ForecastError
from forecast.scenario.documents import read_document, shipped_configs
from forecast.scenario.drawn_parameters import with_values
from forecast.scenario.estimates import EntryName, entry, refuse_unknown_entries
from forecast.scenario.faults import Faults, dotted, nearest
from forecast.scenario.institution import Name
from forecast.scenario.load import load_scenario
from forecast.scenario.models import Scenario
from forecast.scenario.parameters import Parameters
from forecast.scenario.priors import Bounds
from forecast.scenario.quantities import Frozen, Several, Text
from forecast.studies.facts.targets import TARGETS, Target

ERRORS_EITHER_WAY = 2
"""Reach of an entry whose file gives an error and no range."""


class Calibration(Frozen):
    """A calibration as its file asks for it.

    Parameters
    ----------
    parameters
        Parameter file whose entries are matched; it stands for the scenarios' own.
    waves
        Rounds of simulation.
    points
        Sets of values simulated in a wave.
    histories
        Of each set in each world.
    cut_off
        Largest implausibility with which a set of values stays.
    draws
        Sets of values in the result.
    seed
        Of the sets of values; histories take that of their scenario.
    entries
        "group.name" of what is matched.
    ranges
        Lowest and highest value of entries whose file gives none, or in its place.
    facts
        By scenario, the facts that count.
    """

    parameters: Name
    waves: int = Field(ge=1, le=20)
    points: int = Field(ge=8, le=65_536)
    histories: int = Field(ge=2, le=100_000)
    cut_off: float = Field(gt=0)
    draws: int = Field(ge=1, le=4096)
    seed: int = Field(ge=0, le=2**32 - 1)
    entries: Several[EntryName]
    ranges: dict[EntryName, Bounds] = Field(default_factory=dict)
    facts: Annotated[dict[Text, Several[Text]], Field(min_length=1)]

    @model_validator(mode="after")
    def _entries_exist(self) -> Calibration:
        refuse_unknown_entries(self.entries)
        for name, following in pairwise(sorted(self.entries)):
            if name == following:
                raise ValueError(f"entries names {name!r} twice")
        for name, (low, high) in self.ranges.items():
            if name not in self.entries:
                raise ValueError(f"ranges names {name!r}, which is not among entries")
            if not low < high:
                raise ValueError(f"the range of {name} runs from {low:g} to {high:g}")
        return self

    @model_validator(mode="after")
    def _facts_exist(self) -> Calibration:
        for scenario, facts in self.facts.items():
            eras = sorted({target.scenario for target in TARGETS})
            if scenario not in eras:
                raise ValueError(f"no facts of {scenario!r}{nearest(scenario, eras)}")
            known = [target.fact for target in TARGETS if target.scenario == scenario]
            for fact in facts:
                if fact not in known:
                    raise ValueError(f"{scenario} has no fact {fact!r}{nearest(fact, known)}")
        return self

    @property
    def targets(self) -> tuple[Target, ...]:
        """What the record shows of the facts asked for, in their order."""
        known = {(target.scenario, target.fact): target for target in TARGETS}
        return tuple(known[s, fact] for s, facts in self.facts.items() for fact in facts)


class Entry(Frozen):
    """An entry to match: its name, its value in the file, the range it is sought in, its unit."""

    name: str
    value: float
    low: float
    high: float
    unit: str


def load_calibration(path: Path) -> Calibration:
    """Return the calibration that a file asks for.

    Raises
    ------
    ForecastError
        Where anything is wrong: every fault with file, line and key.
    """
    faults = Faults()
    document = read_document(path, faults)
    found = None
    if document is not None:
        found = faults.validated(
            Calibration, document.data, document.place, lambda loc: dotted(*loc)
        )
    faults.raise_if_any()
    assert found is not None  # otherwise a fault was noted and raised
    return found


def scenarios_of(asked: Calibration) -> dict[str, Scenario]:
    """Return the shipped scenarios, each with its reference alone and the parameters asked for."""
    setting = f"scenario.parameters={asked.parameters!r}"
    found = {}
    for name in asked.facts:
        scenario = load_scenario(shipped_configs() / f"{name}.toml", [setting])
        alone = {scenario.reference: scenario.architectures[scenario.reference]}
        found[name] = scenario.model_copy(update={"architectures": alone})
    return found


def entries_of(asked: Calibration, parameters: Parameters) -> tuple[Entry, ...]:
    """Return the entries with their ranges.

    Raises
    ------
    ForecastError
        If an entry has no range, or one that the model does not admit.
    """
    found = tuple(_entry(asked, parameters, name) for name in asked.entries)
    for side in ("low", "high"):
        try:
            with_values(parameters, {one.name: getattr(one, side) for one in found})
        except ValidationError as error:
            detail = error.errors(include_url=False)[0]
            name = ".".join(map(str, detail["loc"][:2]))
            raise ForecastError(
                f"ranges: the {side} end of {name} is not admissible: {detail['msg']}"
            ) from error
    return found


def _entry(asked: Calibration, parameters: Parameters, name: str) -> Entry:
    stated = entry(parameters, name)
    if name in asked.ranges:
        low, high = asked.ranges[name]
    elif stated.range is not None:
        low, high = stated.range
    elif stated.error is not None:
        reach = ERRORS_EITHER_WAY * stated.error
        low, high = stated.value - reach, stated.value + reach
    else:
        raise ForecastError(
            f"{name} has neither range nor error in parameters {asked.parameters!r}: "
            f'name one, [ranges] "{name}" = [low, high]'
        )
    if not low < high:
        raise ForecastError(f"{name}: the range runs from {low:g} to {high:g}; widen it")
    return Entry(name=name, value=stated.value, low=low, high=high, unit=stated.unit)
