"""Which states of a world a selector means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.scenario.faults import nearest
from forecast.world.codes import MEMBERSHIP_ROLES, REGIONS, STATE_CLASS_LETTERS

if TYPE_CHECKING:
    import xarray as xr

    from forecast.scenario.selectors import Selector

Chosen = NDArray[np.bool_]


def select_states(selector: Selector, world: xr.Dataset, place: str) -> Chosen:
    """Return which states a selector means, (state,).

    Parameters
    ----------
    selector
        Table of conditions of a scenario.
    world
        State system at the forecast origin.
    place
        Where the selector stands, for messages: "architectures.NAME.ID.members".

    Raises
    ------
    ForecastError
        A state or institution the world does not hold.
    """
    chosen = np.ones(world.sizes["state"], bool)
    for condition in _conditions(selector, world, place):
        chosen &= condition
    if selector.include_iso3 is not None and not _has_condition(selector):
        chosen[:] = False
    chosen |= _listed(selector.include_iso3, world, place)
    return chosen & ~_listed(selector.exclude_iso3, world, place)


def _has_condition(selector: Selector) -> bool:
    stated = selector.model_dump(exclude_none=True, by_alias=False)
    return bool(set(stated) - {"include_iso3", "exclude_iso3"})


def _conditions(selector: Selector, world: xr.Dataset, place: str) -> list[Chosen]:
    share = world["capability_share"].to_numpy()
    found: list[Chosen] = []
    if selector.iso3 is not None:
        found.append(_listed(selector.iso3, world, place))
    if selector.roll is not None:
        found.append(_on_roll(selector, world, place))
    if selector.state_class is not None:
        codes = [STATE_CLASS_LETTERS.index(letter) for letter in selector.state_class]
        found.append(_coded(world, "state_class", codes))
    if selector.region is not None:
        found.append(_coded(world, "region", [REGIONS.index(name) for name in selector.region]))
    if selector.min_capability is not None:
        found.append(share >= selector.min_capability)
    if selector.max_capability is not None:
        found.append(share <= selector.max_capability)
    if selector.democracy is not None:
        found.append(_coded(world, "democracy_binary", [int(selector.democracy)]))
    return found


def _coded(world: xr.Dataset, name: str, codes: list[int]) -> Chosen:
    return np.asarray(np.isin(world[name].to_numpy(), codes), bool)


def _listed(codes: Sequence[str] | None, world: xr.Dataset, place: str) -> Chosen:
    iso3 = world["iso3"].to_numpy()
    for code in codes or ():
        if code not in iso3:
            hint = nearest(code, [str(x) for x in iso3])
            raise ForecastError(f"{place}: the world has no state '{code}'{hint}")
    return np.asarray(np.isin(iso3.astype(str), list(codes or ())), bool)


def _on_roll(selector: Selector, world: xr.Dataset, place: str) -> Chosen:
    rolls: list[Any] = [str(x) for x in world["institution"].to_numpy()]
    if selector.roll not in rolls:
        hint = nearest(str(selector.roll), rolls)
        raise ForecastError(
            f"{place}: the world's membership table has no institution '{selector.roll}'{hint}"
        )
    roles = world["membership"].to_numpy()[rolls.index(selector.roll)]
    if selector.roles is None:
        return np.asarray(roles > 0, bool)
    return np.asarray(np.isin(roles, [MEMBERSHIP_ROLES.index(r) for r in selector.roles]), bool)
