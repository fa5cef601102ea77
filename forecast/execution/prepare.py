"""What a run needs before its first batch: checked settings, packed inputs, labels, identity."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.execution.simulator import Simulator
from forecast.kernel.arrays import Architectures
from forecast.outcomes.frame import Draws, Frame, words_of
from forecast.outcomes.identity import run_name, world_digest
from forecast.outcomes.provenance import citation, provenance
from forecast.outcomes.store import NUMBERS_VERSION
from forecast.scenario.draws import design, draw, uncertain
from forecast.scenario.models import RunSettings, Scenario
from forecast.world.origin import build_world
from forecast.world.pack import Packed, pack


class Prepared(NamedTuple):
    """A run that could begin.

    Parameters
    ----------
    simulator
        Simulates a range of trajectories.
    frame
        Labels and sizes of the outcomes.
    attributes
        Root attributes of the store.
    """

    simulator: Simulator
    frame: Frame
    attributes: dict[str, Any]


def prepare(scenario: Scenario, world: xr.Dataset | None = None) -> Prepared:
    """Return what a run of a scenario needs.

    Parameters
    ----------
    scenario
        What is asked.
    world
        State system at the forecast origin; by default the scenario's.

    Raises
    ------
    ForecastError
        If the world cannot be read or does not fit the scenario.
    """
    world = build_world(scenario) if world is None else world
    packed = pack(scenario, world)
    points = design(scenario) if scenario.uncertainty else None
    frame = replace(frame_of(scenario, world, packed), draws=_draws_of(scenario, points))
    simulator = Simulator(scenario, world, packed, points)
    return Prepared(simulator, frame, attributes_of(scenario, world))


def of_length(prepared: Prepared, trajectories: int) -> Prepared:
    """Return the same run with another number of trajectories."""
    simulator = prepared.simulator
    scenario = with_settings(simulator.scenario, trajectories, None)
    return prepared._replace(
        frame=replace(prepared.frame, trajectories=trajectories),
        attributes=attributes_of(scenario, simulator.world),
    )


def _draws_of(scenario: Scenario, points: NDArray[np.float64] | None) -> Draws | None:
    """Return what the draws of a scenario differ in, for its store."""
    if points is None:
        return None
    quantities = uncertain(scenario)
    drawn = [draw(scenario, points, number) for number in range(len(points))]
    return Draws(
        quantity=tuple(q.name for q in quantities),
        kind=tuple(q.kind for q in quantities),
        unit=tuple(q.unit for q in quantities),
        percentile=np.array([one.percentile for one in drawn]),
        value=np.array([one.value for one in drawn]).transpose(1, 0, 2),
    )


def with_settings(scenario: Scenario, trajectories: int | None, seed: int | None) -> Scenario:
    """Return the scenario with its run settings replaced where given, and checked anew."""
    given = {"trajectories": trajectories, "seed": seed}
    bounds = {"trajectories": (1, 100_000_000), "seed": (0, 2**32 - 1)}
    settings = scenario.run.model_dump()
    for name, value in given.items():
        if value is None:
            continue
        low, high = bounds[name]
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ForecastError(f"{name} is {value!r}; it must be a whole number, {low} to {high}")
        settings[name] = value
    return scenario.model_copy(update={"run": RunSettings(**settings)})


def frame_of(scenario: Scenario, world: xr.Dataset, packed: Packed) -> Frame:
    """Return the labels and sizes of a run's outcomes."""
    architectures = packed.inputs.architectures
    return Frame(
        architectures=packed.architectures,
        institutions=packed.institutions,
        first_year=scenario.horizon.first_year,
        years=scenario.horizon.years,
        state=packed.inputs.states.code,
        iso3=tuple(map(str, world["iso3"].values)),
        state_class=words_of(world["state_class"]),
        region=words_of(world["region"]),
        cover=_cover(architectures, packed.institutions),
        exists=architectures.exists,
        initiator=packed.inputs.states.code[packed.inputs.dyads.initiator],
        target=packed.inputs.states.code[packed.inputs.dyads.target],
        trajectories=scenario.run.trajectories,
        batch_size=scenario.run.batch_size,
    )


def _cover(architectures: Architectures, institutions: tuple[str, ...]) -> NDArray[np.object_]:
    """Return the institutions that cover each state in arms, by vote or by promises, as texts."""
    covered = architectures.covered.astype(bool) & (architectures.armed > 0)[:, :, None]
    starts, promised_by = architectures.promise_start, architectures.promise_institution
    for a, bounds in enumerate(starts):
        for j in range(bounds.size - 1):
            covered[a, promised_by[bounds[j] : bounds[j + 1]], j] = True
    cover = np.empty((covered.shape[0], covered.shape[2]), dtype=object)
    names = np.array(institutions, dtype=object)
    for a, j in np.ndindex(cover.shape):
        cover[a, j] = " ".join(names[covered[a, :, j]])
    return cover


def attributes_of(scenario: Scenario, world: xr.Dataset) -> dict[str, Any]:
    """Return the root attributes of a run's store; `run` is the hash that its records bear."""
    config, known = scenario.model_dump_json(by_alias=True), world_digest(world)
    return {
        "title": scenario.title,
        "description": scenario.description,
        "config": config,
        "world_digest": known,
        "numbers_version": NUMBERS_VERSION,
        "run": run_name(config, known, NUMBERS_VERSION),
        "seed": scenario.run.seed,
        "provenance": json.dumps(provenance(str(world.attrs["sources"]))),
        "citation": citation(),
    }
