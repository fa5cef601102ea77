"""Interstate wars that are being fought at the forecast origin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from forecast.errors import ForecastError
from forecast.world.codes import WAR_SIDES
from forecast.world.dates import decimal_year
from forecast.world.labels import flags, labelled, text_array
from forecast.world.pairs import positions
from forecast.world.readers.table import Table, unknown_state

Variables = dict[str, xr.Variable]
Sides = tuple[list[int], list[int]]


def war_variables(
    wars: Table, codes: list[int], origin: int, source: str, notes: Mapping[str, str]
) -> tuple[Variables, Variables]:
    """Return the coordinates and the variables of dimension `war`.

    Parameters
    ----------
    wars
        Active interstate wars.
    codes
        COW codes of the states, sorted.
    origin
        Forecast origin, year.
    source, notes
        Source keys and further attributes.

    Raises
    ------
    ForecastError
        If a war names an unknown state, an initiator that is on neither side or a bad date.
    """
    records = sorted(wars.records(), key=lambda war: str(war["war_id"]))
    rows = {
        str(war["war_id"]): int(row) for war, row in zip(wars.records(), wars.rows, strict=True)
    }
    sides = [_sides(wars, rows[war["war_id"]], war, set(codes)) for war in records]
    starts = [_start(wars, rows[war["war_id"]], war) for war in records]

    def about(values: ArrayLike, name: str, units: str, **more: Any) -> xr.Variable:
        return labelled(
            "war",
            values,
            long_name=name,
            units=units,
            source=source,
            year=origin - 1,
            **more,
        )

    coordinates = {
        "war": about(text_array([war["war_id"] for war in records]), "id of the war", "none"),
        "war_name": about(text_array([war["name"] for war in records]), "name of the war", "none"),
    }
    variables = {
        "war_initiator": about(_first(sides, 0), "COW code of the initiator", "none"),
        "war_target": about(_first(sides, 1), "COW code of the target", "none"),
        "war_start": about(np.array(starts, dtype=np.float64), "start of the war", "decimal year"),
        **_deaths(records, about, notes),
        **_aims(records, about, notes),
        "war_side": _side_table(sides, codes, origin, source),
    }
    return coordinates, variables


def _sides(wars: Table, row: int, war: Mapping[str, Any], known: set[int]) -> Sides:
    """Return the initiator's and the target's side, each with its first state in front."""
    side = {}
    for letter in "ab":
        joiners = str(war[f"side_{letter}_joiners_cow"])
        texts = [str(war[f"side_{letter}_cow"]), *(t for t in joiners.split(";") if t)]
        for text in texts:
            if not text.strip().isdigit() or int(text) not in known:
                column = f"side_{letter}_cow, side_{letter}_joiners_cow"
                raise ForecastError(unknown_state(wars.path, column, row, text))
        side[letter] = [int(text) for text in texts]
    if war["initiator"] not in (war["side_a"], war["side_b"]):
        raise ForecastError(
            f"{wars.path}: column initiator, row {row}: {war['initiator']} is neither side_a "
            f"({war['side_a']}) nor side_b ({war['side_b']})"
        )
    first, second = ("a", "b") if war["initiator"] == war["side_a"] else ("b", "a")
    return side[first], side[second]


def _start(wars: Table, row: int, war: Mapping[str, Any]) -> float:
    try:
        return decimal_year(war["start"])
    except ValueError:
        raise ForecastError(
            f"{wars.path}: column start, row {row}: '{war['start']}' is no date; write "
            "YYYY-MM-DD, YYYY-MM or YYYY"
        ) from None


def _first(sides: list[Sides], which: int) -> np.ndarray[Any, np.dtype[np.int16]]:
    return np.array([side[which][0] for side in sides], dtype=np.int16)


def _deaths(records: list[dict[str, Any]], about: Any, notes: Mapping[str, str]) -> Variables:
    return {
        f"war_deaths_{bound}": about(
            np.array([war[f"battle_deaths_{bound}"] for war in records], dtype=np.float64),
            f"battle deaths to the origin, {bound} estimate, all sides",
            "persons",
            **notes,
        )
        for bound in ("low", "high")
    }


def _aims(records: list[dict[str, Any]], about: Any, notes: Mapping[str, str]) -> Variables:
    return {
        f"war_{name}": about(
            np.array([aim in str(war["aim"]).split(";") for war in records], dtype=np.int8),
            f"the initiator has a {name.replace('_', ' ')}",
            "1",
            **notes,
        )
        for name, aim in (("territorial_aim", "territory"), ("regime_aim", "regime"))
    }


def _side_table(sides: list[Sides], codes: list[int], origin: int, source: str) -> xr.Variable:
    column = positions(codes)
    table = np.zeros((len(sides), len(codes)), dtype=np.int8)
    for row, pair in enumerate(sides):
        for number, states in enumerate(pair, start=1):
            table[row, [column[code] for code in states]] = number
    return labelled(
        ("war", "state"),
        table,
        long_name="side of the state in the war, joiners included",
        units="none",
        source=source,
        year=origin - 1,
        **flags(WAR_SIDES),
    )
