"""The ablation: every architecture again without each mechanism, and in altered worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, NamedTuple

import numpy as np
import xarray as xr

from forecast.errors import ForecastError
from forecast.estimators.catalogue import Measure, choose_measures
from forecast.kernel.events import COMPLETED
from forecast.kernel.results import EXPECTED_COUNTS, TRAJECTORY_COUNTS, BatchResult
from forecast.kernel.simulate import compile_kernel, simulate_batch
from forecast.progress import Progress, show_progress
from forecast.scenario.models import Architecture, Scenario
from forecast.studies.ablation.constants import ATTRIBUTION_OFF, background, with_constant
from forecast.studies.ablation.mechanisms import LABEL, RULES, ablated_versions, rules_only
from forecast.studies.ablation.shares import Floats, Uncertain, carried, kept, mean
from forecast.world.origin import build_world
from forecast.world.pack import pack
from forecast.world.variants import placed

MEASURES = (
    "war_count",
    "expected_war_count",
    "aggression_success_count",
    "expected_great_power_war_count",
    "great_power_war",
    "dispute_count",
)
BATCH = 50
FEWEST = 2
"""Trajectories that a standard error needs."""

Kind = Literal["contrast", "rules", "mechanism", "constant"]
Columns = dict[str, Floats]
"""By label of an architecture: the measures, (measure, trajectory)."""


class Line(NamedTuple):
    """What is left of an architecture's contrast after one change.

    Parameters
    ----------
    kind, label
        What is changed; nothing where the kind is "contrast".
    difference
        Contrast to the reference after the change, by measure.
    share
        Share of the full contrast that the change takes away; for the kind "rules", the share that
        outlasts it. NaN where the full contrast is zero.
    """

    kind: Kind
    label: str
    difference: tuple[Uncertain, ...]
    share: tuple[Uncertain, ...]


class Ablation(NamedTuple):
    """Lines by architecture; `calm` holds the mechanisms again where attribution is 0."""

    title: str
    years: str
    reference: str
    measures: tuple[Measure, ...]
    trajectories: int
    constant_trajectories: int
    changes: int
    abnormal: int
    seed: int
    lines: dict[str, list[Line]]
    calm: dict[str, list[Line]]


def ablate(
    scenario: Scenario,
    world: xr.Dataset | None = None,
    *,
    trajectories: int,
    constant_trajectories: int,
    progress: Progress | None = None,
) -> Ablation:
    """Return what each mechanism and each background constant carries of every contrast.

    An architecture runs beside the reference and its own versions without a mechanism. A run with
    all versions of all architectures would give the same numbers, since every architecture meets
    the same candidates; its tables of pairs of architectures would not fit in memory.

    Parameters
    ----------
    scenario
        Its reference and at least one other architecture.
    world
        State system at the origin; by default the scenario's.
    trajectories, constant_trajectories
        Futures per architecture, for the mechanisms and for each constant; at least 2.
    progress
        Told how far the study is, in trajectories of one architecture.

    Raises
    ------
    ForecastError
        If there is nothing to compare or there are too few trajectories.
    """
    _check(scenario, trajectories, constant_trajectories)
    world = build_world(scenario) if world is None else world
    scenario = _applied(scenario, world)
    changes = background(scenario)
    versions = {name: _versions(scenario, name) for name in _others(scenario)}
    calm = with_constant(scenario, ATTRIBUTION_OFF)
    per_version = 2 * sum(len(found) + 1 for found in versions.values())
    total = trajectories * per_version
    total += constant_trajectories * len(changes) * len(scenario.architectures)
    with show_progress(progress, total) as report:
        simulate = _Simulation(world, choose_measures(MEASURES), report)
        lines, full = _mechanisms(scenario, versions, simulate, trajectories)
        calm_lines, _ = _mechanisms(calm, versions, simulate, trajectories)
        for change in changes:
            altered = with_constant(scenario, change)
            found = simulate(altered, altered.architectures, constant_trajectories)
            for name, own in lines.items():
                difference = found[name] - found[scenario.reference]
                own.append(_line("constant", change.label, full[name], difference))
    horizon = f"{scenario.horizon.first_year}-{scenario.horizon.last_year}"
    return Ablation(
        scenario.title,
        horizon,
        scenario.reference,
        choose_measures(MEASURES),
        trajectories,
        constant_trajectories,
        len(changes),
        simulate.abnormal,
        scenario.run.seed,
        lines,
        calm_lines,
    )


def _check(scenario: Scenario, *counts: int) -> None:
    if not _others(scenario):
        raise ForecastError(
            f"only {scenario.reference} is named under architectures: name another one to compare"
        )
    for count in counts:
        if count < FEWEST:
            raise ForecastError(f"{count} trajectories give no error: ask for at least {FEWEST}")


def _applied(scenario: Scenario, world: xr.Dataset) -> Scenario:
    """Return the scenario with its comparability variants in force: versions start from them."""
    own = {label.replace("@", " as "): x.own for label, x in placed(scenario, world).items()}
    return scenario.model_copy(update={"architectures": own})


def _others(scenario: Scenario) -> list[str]:
    return [name for name in scenario.architectures if name != scenario.reference]


def _versions(scenario: Scenario, name: str) -> dict[str, Architecture]:
    """Return an architecture as it is, with its rules only, and without each mechanism."""
    own, reference = scenario.architectures[name], scenario.architectures[scenario.reference]
    found = {name: own, f"{name}{LABEL}{RULES}": rules_only(own, reference)}
    for mechanism, version in ablated_versions(own, reference).items():
        found[f"{name}{LABEL}{mechanism}"] = version
    return found


class _Simulation:
    """Runs architectures of one world and keeps what the measures need."""

    def __init__(
        self, world: xr.Dataset, measures: Sequence[Measure], report: Callable[[int], None]
    ) -> None:
        self.world, self.measures, self.report = world, measures, report
        self.abnormal = 0

    def __call__(
        self, scenario: Scenario, architectures: Mapping[str, Architecture], trajectories: int
    ) -> Columns:
        """Return the measures of every architecture, trajectory by trajectory."""
        asked = scenario.model_copy(update={"architectures": dict(architectures)})
        packed = pack(asked, self.world)
        compile_kernel(packed.inputs, packed.derived)

        def batch(first: int) -> list[Floats]:
            count = min(BATCH, trajectories - first)
            result = simulate_batch(packed.inputs, packed.derived, scenario.run.seed, first, count)
            self.abnormal += _abnormal(result)
            self.report(count * len(packed.architectures))
            return [_column(result, m, scenario.horizon.years) for m in self.measures]

        with ThreadPoolExecutor() as pool:
            parts = list(pool.map(batch, range(0, trajectories, BATCH)))
        table = np.stack([np.concatenate(column, axis=1) for column in zip(*parts, strict=True)])
        return {name: table[:, a] for a, name in enumerate(packed.architectures)}


def _column(result: BatchResult, measure: Measure, years: int) -> Floats:
    """Return a measure of every trajectory, (architecture, trajectory)."""
    values = _counts(result, measure.variables[0])
    if measure.kind == "probability":
        return (values > measure.above).astype(np.float64)
    return values / (years if measure.kind == "rate" else 1)


def _counts(result: BatchResult, name: str) -> Floats:
    found = result.trajectories
    if name in EXPECTED_COUNTS:
        return np.asarray(found.expected[EXPECTED_COUNTS.index(name)])
    return np.asarray(found.counts[TRAJECTORY_COUNTS.index(name)], dtype=np.float64)


def _abnormal(result: BatchResult) -> int:
    return int((_counts(result, "exit_reason") != COMPLETED).sum())


def _mechanisms(
    scenario: Scenario,
    versions: Mapping[str, Mapping[str, Architecture]],
    simulate: _Simulation,
    trajectories: int,
) -> tuple[dict[str, list[Line]], Columns]:
    """Return the lines of every architecture, and its differences to the reference."""
    reference = scenario.reference
    lines, full = {}, {}
    for name, found in versions.items():
        beside = {reference: scenario.architectures[reference], **found}
        columns = simulate(scenario, beside, trajectories)
        differences = {label: columns[label] - columns[reference] for label in found}
        full[name] = differences[name]
        lines[name] = list(_lines(name, differences))
    return lines, full


def _lines(name: str, differences: Columns) -> Iterator[Line]:
    full = differences[name]
    for label, difference in differences.items():
        change = label.removeprefix(name).removeprefix(LABEL)
        kind: Kind = "mechanism" if change else "contrast"
        yield _line("rules" if change == RULES else kind, change, full, difference)


def _line(kind: Kind, label: str, full: Floats, difference: Floats) -> Line:
    """Return a line; trajectories are paired by number, so that few pair with the first of many."""
    share = kept if kind == "rules" else carried
    count = min(full.shape[1], difference.shape[1])
    return Line(
        kind,
        label,
        tuple(mean(values) for values in difference),
        tuple(share(a, b) for a, b in zip(full[:, :count], difference[:, :count], strict=True)),
    )
