"""Proving and mending stores: what `forecast store verify` does."""

from __future__ import annotations

import random
from os import PathLike

import xarray as xr

from forecast.errors import ForecastError
from forecast.execution.recompute import prepared_again, recompute, retract_damage
from forecast.outcomes.places import place_of
from forecast.outcomes.store import open_store
from forecast.outcomes.verify import Findings, examine
from forecast.run import run
from forecast.scenario.models import Scenario


def sound(store: str | PathLike[str]) -> Findings:
    """Return what is wrong with a store, if anything.

    Raises
    ------
    ForecastError
        If there is no store, or it has no checksums.
    """
    return examine(place_of(store))


def recomputed(
    store: str | PathLike[str], count: int, world: xr.Dataset | None = None
) -> tuple[list[int], dict[int, list[str]]]:
    """Simulate batches drawn at random again, and compare them with their records.

    Parameters
    ----------
    store
        A sound store.
    count
        Batches to draw, at most all there are.
    world
        State system of the run, if it is not the one that its configuration names.

    Returns
    -------
    tuple
        Numbers of the batches drawn, and the paths of arrays that differ, by batch.
    """
    opened = open_store(place_of(store))
    prepared = prepared_again(opened.place.name, opened.attributes, world)
    there = sorted(opened.committed)
    drawn = sorted(random.sample(there, min(count, len(there))))
    unlike = recompute(opened, prepared, drawn)
    return drawn, {found.batch: found.paths for found in unlike}


def mend(store: str | PathLike[str], findings: Findings, world: xr.Dataset | None = None) -> None:
    """Put a damaged layout back and simulate damaged batches again.

    Parameters
    ----------
    store
        The store that `findings` are of.
    findings
        What is wrong with it.
    world
        State system of the run, if it is not the one that its configuration names.

    Raises
    ------
    ForecastError
        If what is left does not tell what run it was, or its numbers cannot be computed here.
    """
    place, attributes = place_of(store), findings.attributes
    if not attributes.get("config") or "run" not in attributes:
        raise ForecastError(
            f"{place.name}: what is left of it does not tell by what run it was made; run the "
            "scenario anew with --overwrite"
        )
    prepared = prepared_again(place.name, attributes, world)
    with place.held():
        retract_damage(place, findings, prepared)
    run(Scenario.model_validate_json(attributes["config"]), world, output=place.name)
    if left := examine(place).damaged:
        raise ForecastError(f"{place.name}: could not be mended: {', '.join(left[:5])}")
