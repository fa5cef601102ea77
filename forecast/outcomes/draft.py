"""A store that a run is writing: begun, carried on or extended, and published when complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from forecast.errors import ForecastError
from forecast.outcomes.blocks import Sheet, refuse_another, sheet_of
from forecast.outcomes.commits import Records, read_records, record_key, record_object
from forecast.outcomes.digest import object_digest
from forecast.outcomes.frame import Frame
from forecast.outcomes.identity import differences, listed, other_environments
from forecast.outcomes.layout import (
    COMMITS_ROOT,
    ROOT,
    Layout,
    batch_of_chunk,
    chunk_keys,
    lay_out,
    root_object,
    signed,
)
from forecast.outcomes.places import Place
from forecast.outcomes.places.folder import TEMPORARY
from forecast.outcomes.reading import DamagedError, root_attributes, sealed_digests
from forecast.outcomes.store import FORMAT, RECORD, SCHEMA_VERSION, is_outcome_store

OTHER = "choose another --output, or replace it with --overwrite"


@dataclass(frozen=True)
class Draft:
    """A store on its way to completion.

    Parameters
    ----------
    target
        Where it stands when it is complete.
    sheet
        What workers need to write batches into it, where it is now.
    layout
        Its layout.
    pending
        Numbers of the batches that are not committed yet.
    """

    target: Place
    sheet: Sheet
    layout: Layout
    pending: tuple[int, ...]

    @property
    def place(self) -> Place:
        """Where the store is now."""
        return self.sheet.place

    @property
    def done(self) -> int:
        """Trajectories that were committed when the draft was opened."""
        return self.sheet.trajectories - sum(self.sheet.batch(index)[1] for index in self.pending)

    def commit(self, index: int, checksums: Sequence[int]) -> None:
        """Let a batch that has been written count."""
        run = self.layout.attributes["run"]
        self.place.put({record_key(index): record_object(index, run, checksums)})

    def publish(self) -> None:
        """Mark the store complete and let it take its name.

        Raises
        ------
        ForecastError
            If another store, or a longer one, has taken its place meanwhile.
        """
        refuse_another(self.sheet)
        attributes = signed({**self.layout.attributes, "complete": True})
        self.place.put({ROOT: root_object(attributes)})
        if self.place != self.target:
            self.target.take_draft()


@contextmanager
def drafted(
    target: Place, frame: Frame, attributes: Mapping[str, Any], *, overwrite: bool
) -> Iterator[Draft]:
    """Yield the draft of a store that nobody else writes to meanwhile.

    A store of the same run is carried on, and extended if more trajectories are asked for.

    Parameters
    ----------
    target
        Where the store is to stand.
    frame
        Labels and sizes of its axes.
    attributes
        Root attributes beside format, version and completeness.
    overwrite
        Whether whatever stands there is replaced, once the new store is complete.

    Raises
    ------
    ForecastError
        If another run, or something else, stands there, or somebody else is writing it.
    """
    refuse_foreign(target, overwrite=overwrite)
    with target.held():
        place, found = _ground(target, attributes, overwrite=overwrite)
        layout = layout_of(frame, attributes, found)
        if found is None:
            _begin(place, layout)
        else:
            _carry_on(place, found, layout)
        committed = read_records(place, str(attributes["run"])).checksums
        if found is not None:
            _sweep(place, frozenset(committed))
        pending = tuple(index for index in range(frame.batches) if index not in committed)
        yield Draft(target, sheet_of(place, layout, frame), layout, pending)


def existing(
    target: Place, frame: Frame, attributes: Mapping[str, Any], *, overwrite: bool
) -> tuple[Place, tuple[int, ...]]:
    """Return where a run's store would grow and the batches it would lack; nothing is written.

    Raises
    ------
    ForecastError
        If the run would be refused.
    """
    refuse_foreign(target, overwrite=overwrite)
    place, found = _ground(target, attributes, overwrite=overwrite)
    if found is None:
        return place, tuple(range(frame.batches))
    _refuse_fewer(place, found, frame.trajectories)
    committed = set(read_records(place, str(attributes["run"])).checksums)
    held, size = int(found["trajectories"]), frame.batch_size
    if held % size and held != frame.trajectories:
        committed.discard(held // size)
    return place, tuple(index for index in range(frame.batches) if index not in committed)


def layout_of(
    frame: Frame, attributes: Mapping[str, Any], found: Mapping[str, Any] | None
) -> Layout:
    """Return the layout of a run's store, with the provenance of what is found of it already."""
    lasting: dict[str, Any] = {}
    if found is not None:
        lasting["provenance"] = found["provenance"]
        if others := other_environments(found, attributes):
            lasting["carried_on_with"] = others
    marks = {"format": FORMAT, "schema_version": SCHEMA_VERSION, **attributes, **lasting}
    return lay_out(frame, {**marks, "complete": False})


def refuse_foreign(target: Place, *, overwrite: bool) -> None:
    """Raise if something stands there, or where the store would grow, that no run may touch."""
    for place in {target.name: target, target.draft.name: target.draft}.values():
        if place.taken() and not is_outcome_store(place):
            kept = "overwritten" if overwrite else "written to"
            raise ForecastError(
                f"{place.name}: exists and is not an outcome store of this package, so it is not "
                f"{kept}; choose another --output"
            )


def _ground(
    target: Place, marks: Mapping[str, Any], *, overwrite: bool
) -> tuple[Place, dict[str, Any] | None]:
    """Return where the store is to grow, and the root attributes of what is there of it already."""
    draft = target.draft
    if not overwrite:
        place = target if target.taken() else draft
        return place, _same_run(place, marks)
    found = _begun(draft)
    same = found is not None and found.get("run") == marks["run"]
    if same and found is not None and not (draft == target and found["complete"]):
        return draft, found
    return draft, None


def _begun(place: Place) -> dict[str, Any] | None:
    """Return the root attributes of a store of this version; None if there is none."""
    try:
        found = root_attributes(place)
    except ForecastError:
        return None
    return found if found is not None and found["schema_version"] == SCHEMA_VERSION else None


def _same_run(place: Place, marks: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the root attributes of a store of the same run; None if none has been begun.

    Raises
    ------
    ForecastError
        If there is another.
    """
    found = root_attributes(place)
    if found is None:
        if read_records(place, str(marks["run"])) != Records({}, ()):
            raise DamagedError(place, ROOT)
        return None
    if found.get("kind") == RECORD or found["schema_version"] != SCHEMA_VERSION:
        what = found.get("kind", f"a run of schema_version {found['schema_version']}")
        raise ForecastError(f"{place.name}: exists, holds {what} and cannot be carried on; {OTHER}")
    if found["run"] != marks["run"]:
        raise ForecastError(
            f"{place.name}: exists and is of another run:\n{listed(differences(found, marks))}\n"
            f"Carry it on with what it was begun with (forecast info {place.name}), {OTHER}"
        )
    return found


def _begin(place: Place, layout: Layout) -> None:
    """Lay a store out; its root comes last, so that it is a store only when all is there."""
    place.clear()
    place.make_room(layout.objects)
    place.put({COMMITS_ROOT: layout.objects[COMMITS_ROOT]})
    place.put({key: data for key, data in layout.objects.items() if key != ROOT})
    place.put({ROOT: layout.objects[ROOT]})


def _carry_on(place: Place, found: dict[str, Any], layout: Layout) -> None:
    """Bring the layout of a store of the same run to the trajectories asked for."""
    _refuse_fewer(place, found, int(layout.attributes["trajectories"]))
    if found["layout_checksum"] != layout.attributes["layout_checksum"]:
        _extend(place, found, layout)


def length_of(place: Place) -> int:
    """Return how many trajectories a store, complete or not, is laid out for; 0 if none is here."""
    found = root_attributes(place.draft) or root_attributes(place) or {}
    return int(found.get("trajectories", 0))


def _refuse_fewer(place: Place, found: Mapping[str, Any], asked: int) -> None:
    held = int(found["trajectories"])
    if asked < held:
        state = "holds" if found["complete"] else "is laid out for"
        raise ForecastError(
            f"{place.name}: {state} {held:,} trajectories, more than the {asked:,} asked for; ask "
            f"for at least {held:,}, or choose another --output"
        )


def relay(place: Place, layout: Layout) -> None:
    """Put every object of a layout in place that is not there as it should be; the root last."""
    changed = {key: data for key, data in layout.objects.items() if place.get(key) != data}
    place.make_room(layout.objects)
    place.put({key: data for key, data in changed.items() if key != ROOT})
    place.put({ROOT: layout.objects[ROOT]})


def _extend(place: Place, found: Mapping[str, Any], layout: Layout) -> None:
    """Lay a store out anew for more trajectories; cut short at any point, it can be done again.

    A last batch that was shorter than the others is retracted first: with more trajectories it
    holds other sums.
    """
    size, held = int(found["batch_size"]), int(found["trajectories"])
    place.put({ROOT: root_object(signed({**found, "complete": False, "layout_checksum": ""}))})
    if held % size and held != layout.attributes["trajectories"]:
        short = held // size
        place.delete([record_key(short), *chunk_keys(short)])
    sealed = sealed_digests(place, found) or {}
    changed = {k: v for k, v in layout.objects.items() if sealed.get(k) != object_digest(v)}
    place.make_room(changed)
    place.put({key: data for key, data in changed.items() if key != ROOT})
    place.put({ROOT: layout.objects[ROOT]})


def _sweep(place: Place, committed: frozenset[int]) -> None:
    """Remove what an interrupted run left: half-written files, chunks of uncommitted batches."""
    place.delete([key for key in place.list("") if _is_left_over(key, committed)])


def _is_left_over(key: str, committed: frozenset[int]) -> bool:
    if TEMPORARY in key:
        return True
    batch = batch_of_chunk(key)
    return batch is not None and batch not in committed
