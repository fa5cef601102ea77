"""Variables of single states, labelled: what each is called, its unit and its codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.world.codes import NUCLEAR_STATUSES, REGIONS, STATE_CLASSES
from forecast.world.history.covariates import capital_places
from forecast.world.history.system import Codes, entry_years
from forecast.world.labels import flags, imputed_flag, labelled, text_array
from forecast.world.measure import Measure
from forecast.world.readers.table import Table
from forecast.world.sources import cite

Variables = dict[str, xr.Variable]

RESILIENCE_WITHOUT_INDEX = 0.4
"""Assumption: resilience of every state while no composite index is at hand."""

COORDINATE_DECIMALS = 2
"""Capitals are placed to 0.01 degree, about one kilometre."""


class Described(NamedTuple):
    """What a state variable is: long name, unit, type, and the words its codes stand for."""

    long_name: str
    units: str
    kind: type = np.float64
    meanings: tuple[str, ...] = ()


DESCRIBED = {
    "capability_share": Described("capability share of the world", "1"),
    "cinc_share": Described("Composite Index of National Capability, rescaled to sum 1", "1"),
    "capability": Described("capability on the scale of CINC", "1"),
    "gdp": Described(
        "gross domestic product at purchasing power parity", "million 2017 international dollars"
    ),
    "population": Described("population", "persons"),
    "military_spending_share": Described("share of the world's military spending", "1"),
    "democracy": Described("electoral democracy (polyarchy)", "1"),
    "democracy_binary": Described(
        "democratic regime", "none", np.int8, ("not_democratic", "democratic")
    ),
    "ideal_point": Described("ideal point in the UN General Assembly, all votes", "1"),
    "nuclear_status": Described("nuclear weapons status", "none", np.int8, NUCLEAR_STATUSES),
    "state_class": Described("capability class", "none", np.int8, STATE_CLASSES),
    "is_g3": Described("one of the three foremost powers", "none", np.int8, ("no", "yes")),
    "region": Described("world region", "none", np.int8, REGIONS),
    "gw_code": Described("Gleditsch-Ward code; 0 for none", "none", np.int16),
    "iso3": Described("three-letter country code, ISO 3166 where there is one", "none", object),
    "name": Described("name of the state", "none", object),
}
"""Every measured variable of a state; a world without Assembly votes has no ideal point."""

LABELS = ("iso3", "name")


def state_coordinates(codes: Codes, measures: Mapping[str, Measure]) -> Variables:
    """Return the labels of the dimensions `state` and `partner`."""
    numbers = codes.astype(np.int16)

    def label(dim: str, name: str) -> xr.Variable:
        return labelled(
            dim, numbers, long_name=name, units="none", source=cite("cow_states"), year="spell"
        )

    return {
        "state": label("state", "COW code of the state"),
        "partner": label("partner", "COW code of the partner state"),
        "cow_code": label("state", "COW code"),
        **{name: _described(name, measures[name]) for name in LABELS},
    }


def state_variables(
    codes: Codes,
    measures: Mapping[str, Measure],
    membership: Table,
    capitals: Table,
    origin: int,
) -> Variables:
    """Return all variables of dimension `state`.

    Parameters
    ----------
    codes
        COW codes of the states alive, sorted.
    measures
        Variables by name, of those in `DESCRIBED`.
    membership
        Spells of system membership.
    capitals
        Spells of capital cities.
    origin
        Forecast origin, year.

    Raises
    ------
    ForecastError
        If a state has no membership spell or no capital at the origin.
    """
    found: Variables = {}
    for name, measure in measures.items():
        if name not in LABELS:
            found[name] = _described(name, measure)
            if measure.imputed is not None:
                found |= imputed_flag(name, found[name], measure.imputed)
    return {
        **found,
        **_resilience(len(codes)),
        **_entry_year(codes, membership, origin),
        **_capitals(codes, capitals, origin),
    }


def _described(name: str, measure: Measure) -> xr.Variable:
    what = DESCRIBED[name]
    values = text_array(measure.values) if what.kind is object else measure.values.astype(what.kind)
    return labelled(
        "state",
        values,
        long_name=what.long_name,
        units=what.units,
        source=measure.source,
        year=measure.year,
        **(flags(what.meanings) if what.meanings else {}),
        **measure.notes,
    )


def _resilience(count: int) -> Variables:
    resilience = labelled(
        "state",
        np.full(count, RESILIENCE_WITHOUT_INDEX),
        long_name="resilience to coercion and disruption",
        units="1",
        source=cite("assumption"),
        year="spell",
        missing_rule=f"{RESILIENCE_WITHOUT_INDEX} for all while no index is at hand (assumption)",
    )
    return {
        "resilience": resilience,
        **imputed_flag("resilience", resilience, np.ones(count, dtype=bool)),
    }


def _entry_year(codes: Codes, membership: Table, origin: int) -> Variables:
    entry = entry_years(membership, codes, origin)
    _require_each(codes, ~np.isnan(entry), membership, "membership spell", origin)
    return {
        "entry_year": labelled(
            "state",
            entry,
            long_name="year the state entered the state system (newest spell)",
            units="year",
            source=cite("cow_states"),
            year="spell",
        )
    }


def _capitals(codes: Codes, capitals: Table, origin: int) -> Variables:
    latitude, longitude = capital_places(capitals, codes, origin)
    _require_each(codes, ~np.isnan(latitude), capitals, "capital", origin)

    def degrees(values: NDArray[Any], name: str, units: str) -> xr.Variable:
        return labelled(
            "state",
            np.round(values, COORDINATE_DECIMALS),
            long_name=name,
            units=units,
            source=cite("capitals"),
            year="spell",
        )

    return {
        "capital_latitude": degrees(latitude, "latitude of the capital", "degrees_north"),
        "capital_longitude": degrees(longitude, "longitude of the capital", "degrees_east"),
    }


def _require_each(
    codes: Codes, found: NDArray[np.bool_], table: Table, what: str, origin: int
) -> None:
    if not found.all():
        code = int(codes[int(np.argmin(found))])
        raise ForecastError(
            f"{table.path}: column ccode: no {what} of COW code {code} runs on 1 January "
            f"{origin}, when the state is alive; add one"
        )
