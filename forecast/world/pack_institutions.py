"""Institution records become the kernel's tables of members, numbers and promises."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from forecast.errors import ForecastError
from forecast.kernel.arrays import Architectures
from forecast.world.select import select_states

if TYPE_CHECKING:
    import xarray as xr

    from forecast.scenario.models import Architecture, Institution

TRIGGERS = {"threat": 1, "display": 2, "use": 3, "war": 4}
INTRA = {"none": 0, "cover": 1, "mediate": 2}
NUMBERS = (
    "obligation",
    "share",
    "standing",
    "credibility",
    "credibility_size",
    "fail_weight",
    "memory_years",
    "legitimacy",
    "quorum",
    "veto_restraint",
    "override_quorum",
    "latency_days",
    "free_riding",
    "resilience_rate",
    "resilience_cap",
)
SETS = {"members": "member", "deciders": "decider", "veto_holders": "veto", "covered": "covered"}


def institution_ids(architectures: Mapping[str, Architecture]) -> tuple[str, ...]:
    """Return the ids of all institutions of a run, sorted: no order of architectures matters."""
    return tuple(sorted({name for a in architectures.values() for name in a.institutions}))


def draw_key(name: str) -> int:
    """Return the 15-bit key under which an institution draws: equal names, equal luck."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:2], "big") >> 1


def _keys(ids: tuple[str, ...]) -> np.ndarray:
    keys = np.array([draw_key(name) for name in ids], np.int64)
    for n, key in enumerate(keys):
        if key in keys[:n]:
            other = ids[int(np.flatnonzero(keys == key)[0])]
            raise ForecastError(
                f"institutions '{other}' and '{ids[n]}' happen to share a draw key; rename one"
            )
    return keys


def pack_architectures(
    architectures: Mapping[str, Architecture], world: xr.Dataset
) -> Architectures:
    """Return the institution records of every architecture as arrays (docs/model.md §2)."""
    ids = institution_ids(architectures)
    shape = (len(architectures), len(ids))
    table: dict[str, Any] = {name: np.zeros(shape) for name in NUMBERS}
    # Absent institutions never act; one keeps logs and ratios of their entries defined.
    table["credibility"][:] = 0.5
    table["legitimacy"][:] = 0.5
    table["credibility_size"][:] = 1.0
    table["memory_years"][:] = 1.0
    codes = ("exists", "ladder_max", "trigger", "intra", "fixed", "exclude_parties")
    small: dict[str, Any] = {name: np.zeros(shape, np.int8) for name in codes}
    sets: dict[str, Any] = {
        x: np.zeros((*shape, world.sizes["state"]), np.int8) for x in SETS.values()
    }
    starts: list[np.ndarray] = []
    promisers: list[np.ndarray] = []
    promised_by: list[np.ndarray] = []
    for a, (name, architecture) in enumerate(architectures.items()):
        for key, record in architecture.institutions.items():
            at = (a, ids.index(key))
            _pack_numbers(record, at, table, small)
            _pack_sets(record, at, sets, world, f"architectures.{name}.{key}")
        offset = sum(x.size for x in promisers)
        start, states, institutions = _promises(architecture, name, ids, world)
        starts.append(start + offset)
        promisers.append(states)
        promised_by.append(institutions)
    conduct: dict[str, Any] = {
        field: np.array([float(getattr(x.conduct, field).value) for x in architectures.values()])
        for field in ("willing_bonus", "willing_weight", "balance_bonus")
    }
    return Architectures(
        key=_keys(ids),
        promise_start=np.array(starts, np.int64),
        promise_state=np.concatenate(promisers).astype(np.int32),
        promise_institution=np.concatenate(promised_by).astype(np.int32),
        **table,
        **small,
        **sets,
        **conduct,
    )


def _pack_numbers(
    record: Institution,
    at: tuple[int, int],
    table: dict[str, np.ndarray],
    small: dict[str, np.ndarray],
) -> None:
    for name in NUMBERS:
        table[name][at] = getattr(record, name).value
    small["exists"][at] = 1
    small["ladder_max"][at] = record.ladder_max.value
    small["trigger"][at] = TRIGGERS[record.trigger]
    small["intra"][at] = INTRA[record.intra]
    small["fixed"][at] = record.fixed_credibility
    small["exclude_parties"][at] = record.exclude_parties


def _pack_sets(
    record: Institution,
    at: tuple[int, int],
    sets: dict[str, np.ndarray],
    world: xr.Dataset,
    place: str,
) -> None:
    for field, name in SETS.items():
        selector = getattr(record, field)
        # A class of pacts has links, not members: being in the class is no bond of its own.
        if selector is not None and record.links is None:
            sets[name][at] = select_states(selector, world, f"{place}.{field}")


def _bonds(record: Institution, world: xr.Dataset, place: str) -> np.ndarray:
    """Return who promises whom through a pact, (promiser, promised)."""
    members = select_states(record.members, world, f"{place}.members")
    covered = select_states(record.covered, world, f"{place}.covered")
    bonds = members[:, None] & covered[None, :]
    np.fill_diagonal(bonds, val=False)
    return np.asarray(bonds)


def _promises(
    architecture: Architecture, name: str, ids: tuple[str, ...], world: xr.Dataset
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (start, promising state, institution) of all promises, by promised state."""
    place = f"architectures.{name}"
    bonds: dict[str, np.ndarray] = {}
    held = np.zeros((world.sizes["state"], world.sizes["state"]), bool)
    for key, record in (architecture.institutions | architecture.voided).items():
        if record.decides or record.links is not None:
            continue
        own = _bonds(record, world, f"{place}.{key}")
        held |= own
        if key in architecture.institutions:
            bonds[key] = own
    for key, record in architecture.institutions.items():
        if record.links is not None:
            bonds[key] = (world["defence_obligation"].to_numpy() > 0) & ~held
    rows = np.array(
        [(j, k, ids.index(key)) for key, own in bonds.items() for k, j in np.argwhere(own)],
        np.int64,
    ).reshape(-1, 3)
    promised, promiser, institution = rows[np.lexsort(rows.T[::-1])].T
    start = np.searchsorted(promised, np.arange(world.sizes["state"] + 1))
    return start, promiser, institution
