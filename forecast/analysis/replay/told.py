"""A replayed trajectory: its events as labelled records."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from forecast.errors import ForecastError

if TYPE_CHECKING:
    import pandas as pd

NO_PANDAS = "tables need the extra 'study': pip install \"crossroads-forecast[study]\""


class Event(NamedTuple):
    """One event under one architecture; fields are None where there is nothing to tell.

    Parameters
    ----------
    architecture
        Under which it happened.
    event
        Kind of event (`forecast.analysis.replay.kinds`).
    date
        Day, as text: year-month-day.
    time
        Years since the forecast origin.
    id
        Sixteen hexadecimal digits. All events of a dispute and of the war that it became bear its
        id, which is the same under every architecture; those of an annual tick bear its year.
    initiator, target
        ISO 3166-1 alpha-3 codes. The dispute's; of one who joins or stays out: who does, and whom
        it helps or would have.
    institution
        The body, pact or class of pacts concerned.
    value
        What the log holds beside, such as the probability of escalation.
    meaning
        The value in words.
    """

    architecture: str
    event: str
    date: str
    time: float
    id: str
    initiator: str | None
    target: str | None
    institution: str | None
    value: float
    meaning: str


@dataclass(frozen=True)
class Replay:
    """The events of one trajectory under one architecture or two.

    Parameters
    ----------
    store
        What messages call the store it is of.
    trajectory, draw, seed
        Its number, that of its draw of the parameters, and the root of its random draws.
    architectures
        Those asked for.
    endings
        How the history ended under each: completed, or at which limit it is truncated.
    events
        In order of architecture and time; the year-end values of credibility, which the log does
        not hold, come with the ticks.
    names
        Names of states, by ISO code.
    wars
        Names of the wars under way at the origin, by id.
    shared
        Ids of the candidates that every architecture meets, whatever happens before.
    """

    store: str
    trajectory: int
    draw: int
    seed: int
    architectures: tuple[str, ...]
    endings: tuple[str, ...]
    events: tuple[Event, ...]
    names: dict[str, str] = field(repr=False)
    wars: dict[str, str] = field(repr=False)
    shared: frozenset[str] = field(repr=False)

    def of(self, architecture: str) -> list[Event]:
        """Return the events under one architecture."""
        return [e for e in self.events if e.architecture == architecture]

    def records(self) -> dict[str, Any]:
        """Return all for programs; of two architectures also where they first part."""
        told: dict[str, Any] = {
            "store": self.store,
            "trajectory": self.trajectory,
            "draw": self.draw,
            "architectures": list(self.architectures),
            "endings": list(self.endings),
        }
        if len(self.architectures) > 1:
            from forecast.analysis.replay.parting import first_parting

            parting = first_parting(self)
            told["parting"] = None if parting is None else parting.record()
        return {**told, "events": [e._asdict() for e in self.events]}

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row per event, with the fields of `Event` as columns.

        Raises
        ------
        ForecastError
            If pandas is missing.
        """
        try:
            import pandas as pd
        except ModuleNotFoundError:
            raise ForecastError(NO_PANDAS) from None
        return pd.DataFrame(list(self.events), columns=list(Event._fields))

    def write(self, output: Path) -> None:
        """Write the events as a Parquet file, one row each.

        Raises
        ------
        ForecastError
            If the name does not end in .parquet, the file exists or cannot be written, or pyarrow
            is missing.
        """
        check_output(output)
        try:
            import pyarrow as pa  # type: ignore[import-untyped] # it ships no type information
            from pyarrow import parquet
        except ModuleNotFoundError:
            raise ForecastError(f"Parquet needs pyarrow: {NO_PANDAS}") from None
        numbers = {"time", "value"}
        schema = pa.schema(
            [(name, pa.float64() if name in numbers else pa.string()) for name in Event._fields],
            metadata={"forecast": json.dumps({**self.records(), "events": len(self.events)})},
        )
        table = pa.Table.from_pylist([e._asdict() for e in self.events], schema=schema)
        try:
            parquet.write_table(table, output, compression="zstd")
        except OSError as error:
            raise ForecastError(f"{output}: cannot be written ({error.strerror})") from None


def check_output(output: Path) -> None:
    """Refuse a file that events cannot be written to."""
    if output.suffix != ".parquet":
        raise ForecastError(f"{output}: the file's name must end in .parquet")
    if output.exists():
        raise ForecastError(f"{output}: exists already; remove it, or choose another name")
    if not output.absolute().parent.is_dir():
        raise ForecastError(f"{output}: there is no folder {output.parent}")
