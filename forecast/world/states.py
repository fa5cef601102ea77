"""Variables of single states: labels, categories, entry, capitals, and the measures."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.world.codes import (
    NUCLEAR_STATUSES,
    REGIONS,
    STATE_CLASS_LETTERS,
    STATE_CLASSES,
)
from forecast.world.labels import flags, imputed_flag, labelled, text_array
from forecast.world.readers.table import Table
from forecast.world.sources import cite
from forecast.world.state_measures import measured_variables

Variables = dict[str, xr.Variable]

RESILIENCE_WITHOUT_INDEX = 0.4
"""Assumption: resilience of every state while no composite index is at hand."""

COORDINATE_DECIMALS = 2
"""Capitals are placed to 0.01 degree, about one kilometre."""


def state_coordinates(states: Table) -> Variables:
    """Return the labels of the dimensions `state` and `partner`.

    Parameters
    ----------
    states
        State table, sorted by COW code.
    """
    codes = states["cow_code"].astype(np.int16)

    def label(values: NDArray[Any], name: str, *sources: str, dim: str = "state") -> xr.Variable:
        return labelled(
            dim, values, long_name=name, units="none", source=cite(*sources), year="spell"
        )

    return {
        "state": label(codes, "COW code of the state", "cow_states"),
        "partner": label(codes, "COW code of the partner state", "cow_states", dim="partner"),
        "cow_code": label(codes, "COW code", "cow_states"),
        "iso3": label(text_array(states["iso3"]), "ISO 3166-1 alpha-3 code", "initial_conditions"),
        "name": label(text_array(states["name"]), "name of the state", "initial_conditions"),
    }


def state_variables(states: Table, membership: Table, capitals: Table) -> Variables:
    """Return all variables of dimension `state`.

    Parameters
    ----------
    states
        State table at the origin, sorted by COW code.
    membership
        Spells of system membership.
    capitals
        Spells of capital cities.

    Raises
    ------
    ForecastError
        If a state has no membership spell or no capital.
    """
    return {
        **measured_variables(states),
        **_categories(states),
        **_entry_year(states, membership),
        **_capitals(states, capitals),
    }


def _categories(states: Table) -> Variables:
    def coded(values: NDArray[Any], name: str, meanings: tuple[str, ...], *sources: str) -> Any:
        return labelled(
            "state",
            values.astype(np.int8),
            long_name=name,
            units="none",
            source=cite(*sources),
            year="spell",
            **flags(meanings),
        )

    classes = np.array([STATE_CLASS_LETTERS.index(letter) for letter in states["cls"]])
    regions = np.array([REGIONS.index(region) for region in states["region"]])
    resilience = labelled(
        "state",
        np.full(len(states), RESILIENCE_WITHOUT_INDEX),
        long_name="resilience to coercion and disruption",
        units="1",
        source=cite("assumption"),
        year="spell",
        missing_rule=f"{RESILIENCE_WITHOUT_INDEX} for all while no index is at hand (assumption)",
    )
    return {
        "nuclear_status": coded(
            states["nuclear_status"],
            "nuclear weapons status",
            NUCLEAR_STATUSES,
            "nuclear",
            "initial_conditions",
        ),
        "state_class": coded(
            classes, "capability class", STATE_CLASSES, "initial_conditions", "assumption"
        ),
        "is_g3": coded(
            states["g3"], "one of the three foremost powers", ("no", "yes"), "initial_conditions"
        ),
        "region": coded(regions, "world region", REGIONS, "initial_conditions"),
        "resilience": resilience,
        **imputed_flag("resilience", resilience, np.ones(len(states), dtype=bool)),
        "gw_code": labelled(
            "state",
            states["gw_code"].astype(np.int16),
            long_name="Gleditsch-Ward code",
            units="none",
            source=cite("gleditsch_ward"),
            year="spell",
        ),
    }


def _entry_year(states: Table, membership: Table) -> Variables:
    newest: dict[int, int] = {}
    for spell in membership.records():
        newest[spell["ccode"]] = max(spell["styear"], newest.get(spell["ccode"], 0))
    _require_each(states, newest, membership, "membership spell")
    return {
        "entry_year": labelled(
            "state",
            np.array([newest[code] for code in states["cow_code"]], dtype=np.float64),
            long_name="year the state entered the state system (newest spell)",
            units="year",
            source=cite("cow_states"),
            year="spell",
        )
    }


def _capitals(states: Table, capitals: Table) -> Variables:
    current = capitals.where(capitals["enddate"] == capitals["enddate"].max())
    current.require_unique("ccode")
    row = {int(code): position for position, code in enumerate(current["ccode"])}
    _require_each(states, row, capitals, "current capital")
    order = [row[code] for code in states["cow_code"]]

    def degrees(column: str, name: str, units: str) -> xr.Variable:
        return labelled(
            "state",
            np.round(current[column][order], COORDINATE_DECIMALS),
            long_name=name,
            units=units,
            source=cite("capitals"),
            year=int(current["enddate"].max()[:4]),
        )

    return {
        "capital_latitude": degrees("lat", "latitude of the capital", "degrees_north"),
        "capital_longitude": degrees("lng", "longitude of the capital", "degrees_east"),
    }


def _require_each(states: Table, found: dict[int, int], table: Table, what: str) -> None:
    for code, name in zip(states["cow_code"], states["name"], strict=True):
        if int(code) not in found:
            raise ForecastError(
                f"{table.path}: column ccode: no {what} for {name} (COW {code}), which "
                f"{states.path.name} lists"
            )
