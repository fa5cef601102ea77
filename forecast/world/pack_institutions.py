"""Institution records become the kernel's tables of members, numbers and promises."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from forecast.errors import ForecastError
from forecast.kernel.arrays import CONDUCT, Architectures
from forecast.world.pack_promises import promise_rows, promised
from forecast.world.select import select_states

if TYPE_CHECKING:
    import xarray as xr

    from forecast.scenario.conduct import Conduct
    from forecast.scenario.institution import Institution
    from forecast.world.variants import Placed

TRIGGERS = {"threat": 1, "display": 2, "use": 3, "war": 4}
INTRA = {"none": 0, "cover": 1, "mediate": 2}
LINKS = {None: 0, "defence_obligation": 1, "births": 2}
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
    "exit_rate",
    "hardening_rate",
    "obligation_ceiling",
    "share_ceiling",
    "invest",
    "latency_days",
    "free_riding",
    "resilience_rate",
    "resilience_cap",
)
START_NUMBERS = ("obligation", "share", "standing", "veto_restraint", "credibility")
CODES = (
    "exists",
    "ladder_max",
    "trigger",
    "armed",
    "economic",
    "pole",
    "accedes",
    "links",
    "intra",
    "fixed",
    "exclude_parties",
)
SETS = {"members": "member", "deciders": "decider", "veto_holders": "veto", "covered": "covered"}


def institution_ids(architectures: Mapping[str, Placed]) -> tuple[str, ...]:
    """Return the ids of all institutions of a run, sorted: no order of architectures matters."""
    return tuple(sorted({name for a in architectures.values() for name in a.own.institutions}))


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


def pack_architectures(architectures: Mapping[str, Placed], world: xr.Dataset) -> Architectures:
    """Return the institution records of every architecture as arrays (docs/model.md §2)."""
    ids = institution_ids(architectures)
    shape = (len(architectures), len(ids))
    small: dict[str, Any] = {name: np.zeros(shape, np.int8) for name in CODES}
    sets: dict[str, Any] = {
        x: np.zeros((*shape, world.sizes["state"]), np.int8) for x in SETS.values()
    }
    poles = _poles(architectures)
    for a, (name, (own, _)) in enumerate(architectures.items()):
        for key, record in own.institutions.items():
            at = (a, ids.index(key))
            for field, code in _codes(record, poles).items():
                small[field][at] = code
            _pack_sets(record, at, sets, world, f"architectures.{name}.{key}")
    return Architectures(
        key=_keys(ids),
        **pack_numbers(architectures, ids),
        **small,
        **sets,
        **_pack_promises(architectures, ids, world),
    )


def pack_numbers(architectures: Mapping[str, Placed], ids: tuple[str, ...]) -> dict[str, Any]:
    """Return the entries of `Architectures` that are numbers with a source, by name."""
    shape = (len(architectures), len(ids))
    table: dict[str, Any] = {name: np.zeros(shape) for name in NUMBERS}
    # Absent institutions never act; one keeps logs and ratios of their entries defined.
    table["credibility"][:] = 0.5
    table["legitimacy"][:] = 0.5
    table["credibility_size"][:] = 1.0
    table["memory_years"][:] = 1.0
    table |= {f"start_{name}": table[name].copy() for name in START_NUMBERS}
    for a, (own, origin) in enumerate(architectures.values()):
        for key, record in own.institutions.items():
            at = (a, ids.index(key))
            for field in NUMBERS:
                table[field][at] = getattr(record, field).value
            for field in START_NUMBERS:
                table[f"start_{field}"][at] = getattr(origin.institutions[key], field).value
    years = [float(x.own.transition_years.value) for x in architectures.values()]
    return {
        **table,
        "conduct": np.array([_conduct(x.own.conduct) for x in architectures.values()]),
        "start_conduct": np.array([_conduct(x.start.conduct) for x in architectures.values()]),
        "transition_years": np.array(years),
    }


def _poles(architectures: Mapping[str, Placed]) -> dict[str | None, int]:
    """Return the numbers of the poles of a run, 0 for none."""
    names = {
        record.pole
        for architecture in architectures.values()
        for record in architecture.own.institutions.values()
        if record.pole is not None
    }
    return {None: 0} | {name: n for n, name in enumerate(sorted(names), start=1)}


def _codes(record: Institution, poles: dict[str | None, int]) -> dict[str, int]:
    return {
        "exists": 1,
        "ladder_max": int(record.ladder_max.value),
        "trigger": TRIGGERS[record.trigger],
        "armed": int(record.domain != "economic"),
        "economic": int(record.domain != "armed"),
        "pole": poles[record.pole],
        "accedes": int(record.accedes),
        "links": LINKS[record.links],
        "intra": INTRA[record.intra],
        "fixed": int(record.fixed_credibility),
        "exclude_parties": int(record.exclude_parties),
    }


def _conduct(conduct: Conduct) -> list[float]:
    return [float(getattr(conduct, field).value) for field in CONDUCT]


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


def _pack_promises(
    architectures: Mapping[str, Placed], ids: tuple[str, ...], world: xr.Dataset
) -> dict[str, Any]:
    """Return the promises of all architectures in one table, with where each state's begin."""
    count = world.sizes["state"]
    rows = [
        promise_rows(promised(x.own, name, world), ids, count) for name, x in architectures.items()
    ]
    offsets = np.cumsum([0, *(states.size for _, states, _ in rows[:-1])])
    return {
        "promise_start": np.array(
            [start + offset for (start, _, _), offset in zip(rows, offsets, strict=True)], np.int64
        ),
        "promise_state": np.concatenate([states for _, states, _ in rows]).astype(np.int32),
        "promise_institution": np.concatenate([p for _, _, p in rows]).astype(np.int32),
    }
