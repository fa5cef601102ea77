"""Who promises armed help to whom, through which institution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from forecast.world.select import select_states

if TYPE_CHECKING:
    import xarray as xr

    from forecast.scenario.institution import Institution
    from forecast.scenario.models import Architecture

Bonds = NDArray[np.bool_]


def promised(architecture: Architecture, name: str, world: xr.Dataset) -> dict[str, Bonds]:
    """Return who promises whom at the origin, by institution: (promising, promised) state.

    A class of pacts holds the defence obligations of the world that no institution holds, those
    that are void here included; the class of pacts born later holds none yet.

    Raises
    ------
    ForecastError
        A selector names what the world does not hold.
    """
    place = f"architectures.{name}"
    bonds: dict[str, Bonds] = {}
    held = np.zeros((world.sizes["state"], world.sizes["state"]), bool)
    for key, record in (architecture.institutions | architecture.voided).items():
        if record.promises and record.links is None:
            own = _bonds(record, world, f"{place}.{key}")
            held |= own
            if key in architecture.institutions:
                bonds[key] = own
    for key, record in architecture.institutions.items():
        if record.links == "defence_obligation":
            bonds[key] = (world["defence_obligation"].to_numpy() > 0) & ~held
    return bonds


def promise_rows(
    bonds: dict[str, Bonds], ids: tuple[str, ...], states: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return (start, promising state, institution) of all promises, by promised state."""
    rows = np.array(
        [(j, k, ids.index(key)) for key, own in bonds.items() for k, j in np.argwhere(own)],
        np.int64,
    ).reshape(-1, 3)
    target, promiser, institution = rows[np.lexsort(rows.T[::-1])].T
    return np.searchsorted(target, np.arange(states + 1)), promiser, institution


def _bonds(record: Institution, world: xr.Dataset, place: str) -> Bonds:
    """Return who promises whom through a pact, (promiser, promised)."""
    members = select_states(record.members, world, f"{place}.members")
    covered = select_states(record.covered, world, f"{place}.covered")
    bonds = members[:, None] & covered[None, :]
    np.fill_diagonal(bonds, val=False)
    return np.asarray(bonds)
