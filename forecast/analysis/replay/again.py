"""Running one trajectory of a store again, with its events."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike, fspath

import numpy as np
import xarray as xr

from forecast.analysis.export.recorded import Events
from forecast.analysis.replay.kinds import CREDIBILITY, KINDS
from forecast.analysis.replay.told import Event, Replay
from forecast.analysis.stores import check_not_record, scenario_of
from forecast.errors import ForecastError, nearest
from forecast.execution.prepare import Prepared
from forecast.execution.recompute import Again, prepared_again
from forecast.kernel.candidates import ROOT_WAR
from forecast.kernel.events import EXIT_REASONS, IMMIGRANT, STOCK_LONG, STOCK_SHORT
from forecast.kernel.results import BatchResult
from forecast.kernel.streams import child_id
from forecast.outcomes.places import place_of
from forecast.outcomes.store import open_outcomes, open_store
from forecast.world.dates import date_of

MOST = 2
"""Architectures that are told side by side."""

ROOTS = (IMMIGRANT, STOCK_SHORT, STOCK_LONG)


def replay(
    store: str | PathLike[str] | xr.DataTree,
    trajectory: int,
    architectures: Sequence[str] | str | None = None,
    *,
    world: xr.Dataset | None = None,
) -> Replay:
    """Simulate one trajectory of a run again, hold it against the store, and return its events.

    Parameters
    ----------
    store
        Folder or address of the store of a run, or its outcomes.
    trajectory
        Its number, from 0.
    architectures
        Under which to tell it, one or two; by default the reference.
    world
        State system of the run, if it is not the one that its configuration names.

    Raises
    ------
    ForecastError
        If the store does not hold the trajectory or an architecture, or the numbers of the store
        cannot be computed again here.
    """
    name, tree = _opened(store)
    check_not_record(tree)
    group = tree["trajectories"].to_dataset()
    chosen = _chosen(tree, group, architectures)
    stored = _one(group, trajectory, name, complete=bool(tree.attrs.get("complete", True)))
    prepared = prepared_again(name, tree.attrs, world)
    result, log = Again(prepared, stored, name)(trajectory)
    labels = _Labels(prepared)
    names = [str(one) for one in group["architecture"].values]
    positions = [names.index(one) for one in chosen]
    found = [
        event
        for a, one in zip(positions, chosen, strict=True)
        for event in labels.events(one, Events(log, a), result, a)
    ]
    count = int(result.trajectories.candidates[0])
    return Replay(
        store=name,
        trajectory=trajectory,
        draw=int(stored["draw"].item()),
        seed=prepared.simulator.seed,
        architectures=chosen,
        endings=tuple(
            EXIT_REASONS[int(ended)] for ended in stored["exit_reason"].values[positions, 0]
        ),
        events=tuple(found),
        names=labels.names,
        wars=labels.wars,
        shared=frozenset(labels.child(root, n) for root in map(int, ROOTS) for n in range(count)),
    )


def _opened(store: str | PathLike[str] | xr.DataTree) -> tuple[str, xr.DataTree]:
    """Return what messages call a store, and its outcomes."""
    if isinstance(store, xr.DataTree):
        return str(store.attrs["title"]), store
    open_store(place_of(store))  # refuses one that has no checksums yet
    return fspath(store), open_outcomes(store)


def _chosen(
    tree: xr.DataTree, group: xr.Dataset, architectures: Sequence[str] | str | None
) -> tuple[str, ...]:
    asked = [architectures] if isinstance(architectures, str) else list(architectures or ())
    names = [str(name) for name in group["architecture"].values]
    chosen = [nearest(name, names, "architecture") for name in asked]
    if len(set(chosen)) < len(chosen):
        raise ForecastError(f"architecture {chosen[0]!r} is named twice; name two that differ")
    if len(chosen) > MOST:
        raise ForecastError(f"a trajectory is told under at most {MOST} architectures at a time")
    return tuple(chosen) or (str(scenario_of(tree)["reference"]),)


def _one(group: xr.Dataset, trajectory: int, store: str, *, complete: bool) -> xr.Dataset:
    """Return what a store holds of one trajectory."""
    there = group["trajectory"].values
    at = np.flatnonzero(there == trajectory)
    if not at.size:
        left = "" if complete else "; its run is not complete, the same forecast run carries it on"
        raise ForecastError(
            f"trajectory {trajectory:,}: {store} holds {there.size:,} trajectories, "
            f"{there[0]:,} to {there[-1]:,}{left}"
        )
    return group.isel(trajectory=at).load()


class _Labels:
    """Names for the codes of a run.

    Parameters
    ----------
    prepared
        The run.
    """

    def __init__(self, prepared: Prepared) -> None:
        self.frame, world = prepared.frame, prepared.simulator.world
        iso3 = [str(code) for code in world["iso3"].values]
        self.code = dict(zip(self.frame.state.tolist(), self.frame.iso3, strict=True))
        self.names = dict(zip(iso3, map(str, world["name"].values), strict=True))
        wars = world["war_name"].values if "war_name" in world else ()
        self.wars = {self.child(ROOT_WAR, m): str(name) for m, name in enumerate(wars)}

    @staticmethod
    def child(root: int, number: int) -> str:
        """Return the id of a root event."""
        return f"{int(child_id(np.uint64(root), np.int64(number))):016x}"

    def events(
        self, architecture: str, told: Events, result: BatchResult, position: int
    ) -> list[Event]:
        """Return the events under an architecture, in order of time."""
        logged = [self._event(architecture, told, n) for n in range(told.time.size)]
        closing = self._credibility(architecture, result, position)
        return sorted([*closing, *logged], key=lambda event: event.time)  # stable: order of the log

    def _event(self, architecture: str, told: Events, n: int) -> Event:
        kind, value = KINDS[int(told.kind[n])], float(told.value[n])
        p = int(told.institution[n])
        return Event(
            architecture=architecture,
            event=kind.name,
            date=self._day(float(told.time[n])),
            time=float(told.time[n]),
            id=f"{int(told.id[n]):016x}",
            initiator=self.code.get(int(told.initiator[n])),
            target=self.code.get(int(told.target[n])),
            institution=self.frame.institutions[p] if p >= 0 else None,
            value=value,
            meaning=kind.meaning(value),
        )

    def _credibility(self, architecture: str, result: BatchResult, position: int) -> list[Event]:
        """Return the credibility of every institution at the end of each year."""
        seen = result.institutions
        survives = seen.survival_count[position] > 0
        values = seen.credibility_total[position]
        return [
            Event(
                architecture=architecture,
                event=CREDIBILITY,
                date=self._day(float(year + 1), closing=True),
                time=float(year + 1),
                id=f"{int(year + 1):016x}",
                initiator=None,
                target=None,
                institution=self.frame.institutions[p],
                value=float(values[p, year]),
                meaning="at the end of the year",
            )
            for year, p in np.argwhere(survives.T)
        ]

    def _day(self, time: float, *, closing: bool = False) -> str:
        """Return the day of a time, or the one that it closes, as the end of the horizon does."""
        moment = self.frame.first_year + time
        if closing or time >= self.frame.years:
            moment = float(np.nextafter(moment, 0))
        return date_of(moment).isoformat()
