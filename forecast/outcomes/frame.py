"""The labels and sizes of an outcome store, and the coordinates they become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.outcomes.variables import (
    COUNT_BINS,
    LATENCY_BINS,
    POWER_BINS,
    SHARE_BINS,
    STATE_CLASSES,
)

if TYPE_CHECKING:
    import xarray as xr

DEATHS_BINS_PER_DECADE = 4

LATENCY_BIN_DAYS = 30

COUNT_LABEL = "trajectory_count"
"""Label of batches that is written with them: 0 until a batch has been run."""


@dataclass(frozen=True)
class Draws:
    """What the draws of the parameters differ in.

    Parameters
    ----------
    quantity, kind, unit
        Names; "estimate", "assumption" or "mixture"; units of the values.
    percentile
        Where in its prior each quantity lies, (draw, quantity).
    value
        (architecture, draw, quantity); NaN where an architecture has no such quantity.
    """

    quantity: tuple[str, ...]
    kind: tuple[str, ...]
    unit: tuple[str, ...]
    percentile: NDArray[np.float64]
    value: NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """What the axes of a store mean.

    Parameters
    ----------
    architectures, institutions
        Names, in the order of the kernel's arrays.
    first_year, years
        First calendar year and number of years.
    state, iso3, state_class, region
        COW codes (state,), ISO 3166 codes, class words and region words.
    cover
        Institutions that cover each state, joined by blanks, (architecture, state).
    exists
        1 where an architecture has an institution, (architecture, institution).
    initiator, target
        COW codes of the directed dyads, (dyad,).
    trajectories, batch_size
        Trajectories per architecture, and per batch.
    draws
        Draws of the parameters; None if all trajectories have the central values.
    """

    architectures: tuple[str, ...]
    institutions: tuple[str, ...]
    first_year: int
    years: int
    state: NDArray[np.int64]
    iso3: tuple[str, ...]
    state_class: tuple[str, ...]
    region: tuple[str, ...]
    cover: NDArray[np.object_]
    exists: NDArray[np.int8]
    initiator: NDArray[np.int64]
    target: NDArray[np.int64]
    trajectories: int
    batch_size: int
    draws: Draws | None = None

    @property
    def batches(self) -> int:
        """Number of batches; the last may be shorter."""
        return -(-self.trajectories // self.batch_size)

    def batch(self, index: int) -> tuple[int, int]:
        """Return the first trajectory of a batch and the number in it."""
        first = index * self.batch_size
        return first, min(self.batch_size, self.trajectories - first)

    def sizes(self) -> dict[str, int]:
        """Return the length of every dimension."""
        return {
            "architecture": len(self.architectures),
            "other_architecture": len(self.architectures),
            "institution": len(self.institutions),
            "trajectory": self.trajectories,
            "batch": self.batches,
            "year": self.years,
            "state": self.state.size,
            "dyad": self.initiator.size,
            "count_bin": COUNT_BINS,
            "deaths_bin": COUNT_BINS,
            "share_bin": SHARE_BINS,
            "power_bin": POWER_BINS,
            "latency_bin": LATENCY_BINS,
            "initiator_class": len(STATE_CLASSES),
            "target_class": len(STATE_CLASSES),
        }


class Coordinate(NamedTuple):
    """Labels along one or more dimensions."""

    name: str
    dims: tuple[str, ...]
    values: NDArray[Any]
    units: str
    long_name: str


def words_of(coded: xr.DataArray) -> tuple[str, ...]:
    """Return the words that the codes of a world's variable stand for."""
    words = str(coded.attrs["flag_meanings"]).split()
    return tuple(words[code] for code in coded.values)


def count_bin_edges() -> NDArray[np.int64]:
    """Return the least count of every bin of annual counts; the last bin is open."""
    return np.arange(COUNT_BINS)


def deaths_bin_edges() -> NDArray[np.float64]:
    """Return the lower edge of every bin of annual battle deaths; the last bin is open.

    Bin 0 holds years without battle deaths; the others are a quarter of a decade wide.
    """
    quarter_decades = np.arange(COUNT_BINS - 1) / DEATHS_BINS_PER_DECADE
    return np.concatenate([[0.0], 10.0**quarter_decades])


def share_bin_edges() -> NDArray[np.float64]:
    """Return the lower edge of every bin of credibility and legitimacy."""
    return np.arange(SHARE_BINS) / SHARE_BINS


def power_bin_centres() -> NDArray[np.float64]:
    """Return the middle of every bin of ln(initiator's over target's capability), each 1 wide.

    The first and the last bin also hold all beyond.
    """
    return np.arange(POWER_BINS, dtype=np.float64) - (POWER_BINS - 1) / 2


def latency_bin_edges() -> NDArray[np.int64]:
    """Return the lower edge of every bin of the delay of help, in days; the last bin is open."""
    return np.arange(LATENCY_BINS) * LATENCY_BIN_DAYS


def coordinates(frame: Frame) -> tuple[Coordinate, ...]:
    """Return every coordinate; a group stores those whose dimensions it has."""
    architectures = np.array(frame.architectures, dtype=object)
    batches = [frame.batch(b) for b in range(frame.batches)]
    first, size = np.array(batches, dtype=np.int64).T
    years = np.arange(frame.first_year, frame.first_year + frame.years, dtype=np.int16)
    state = ("state",)
    return (
        Coordinate("architecture", ("architecture",), architectures, "none", "architecture"),
        Coordinate(
            "other_architecture",
            ("other_architecture",),
            architectures,
            "none",
            "architecture that a cross-product is taken with",
        ),
        *_trajectory_coordinates(frame),
        Coordinate("batch", ("batch",), np.arange(frame.batches, dtype=np.int32), "none", "batch"),
        Coordinate("first_trajectory", ("batch",), first, "none", "first trajectory of the batch"),
        Coordinate(COUNT_LABEL, ("batch",), size, "trajectories", "trajectories in the batch"),
        Coordinate("year", ("year",), years, "calendar year", "year"),
        Coordinate("state", state, frame.state.astype(np.int16), "none", "COW state code"),
        Coordinate("iso3", state, _texts(frame.iso3), "none", "ISO 3166-1 alpha-3 code"),
        Coordinate("state_class", state, _texts(frame.state_class), "none", "capability class"),
        Coordinate("region", state, _texts(frame.region), "none", "world region"),
        Coordinate(
            "cover",
            ("architecture", "state"),
            frame.cover,
            "none",
            "institutions that cover the state at the origin, parted by blanks",
        ),
        Coordinate(
            "institution", ("institution",), _texts(frame.institutions), "none", "institution"
        ),
        *_dyad_coordinates(frame),
        *_bin_coordinates(),
        Coordinate(
            "initiator_class",
            ("initiator_class",),
            _texts(STATE_CLASSES),
            "none",
            "capability class of the initiator",
        ),
        Coordinate(
            "target_class",
            ("target_class",),
            _texts(STATE_CLASSES),
            "none",
            "capability class of the target",
        ),
    )


def _bin_coordinates() -> tuple[Coordinate, ...]:
    ratio = "middle of the bin of ln(initiator's over target's capability)"
    edge = "lower edge of the bin"
    return (
        Coordinate("count_bin", ("count_bin",), count_bin_edges(), "1", "least count of the bin"),
        Coordinate("deaths_bin", ("deaths_bin",), deaths_bin_edges(), "persons", edge),
        Coordinate("share_bin", ("share_bin",), share_bin_edges(), "1", edge),
        Coordinate("power_bin", ("power_bin",), power_bin_centres(), "1", ratio),
        Coordinate("latency_bin", ("latency_bin",), latency_bin_edges(), "days", edge),
    )


def _trajectory_coordinates(frame: Frame) -> tuple[Coordinate, Coordinate]:
    number, where = np.arange(frame.trajectories, dtype=np.int32), ("trajectory",)
    draw = number % (1 if frame.draws is None else len(frame.draws.percentile))
    meaning = "draw of the parameters" if frame.draws else "0: the parameters' central values"
    return (
        Coordinate("trajectory", where, number, "none", "trajectory"),
        Coordinate("draw", where, draw, "none", meaning),
    )


def draw_labels(frame: Frame, draws: Draws) -> tuple[Coordinate, ...]:
    """Return the labels of the group of draws."""
    names, number = _texts(frame.architectures), np.arange(len(draws.percentile), dtype=np.int32)
    each = ("quantity",)
    return (
        Coordinate("architecture", ("architecture",), names, "none", "architecture"),
        Coordinate("draw", ("draw",), number, "none", "draw of the parameters"),
        Coordinate("quantity", each, _texts(draws.quantity), "none", "uncertain quantity"),
        Coordinate("kind", each, _texts(draws.kind), "none", "estimate, assumption or mixture"),
        Coordinate("unit", each, _texts(draws.unit), "none", "unit of the value"),
    )


def draw_values(draws: Draws) -> tuple[Coordinate, ...]:
    """Return the variables of the group of draws."""
    where = ("architecture", "draw", "quantity")
    meaning = "value; NaN where the architecture has no such quantity"
    return (
        Coordinate("percentile", where[1:], draws.percentile, "1", "percentile in its prior"),
        Coordinate("value", where, draws.value, "see unit", meaning),
    )


def _dyad_coordinates(frame: Frame) -> tuple[Coordinate, ...]:
    index = np.arange(frame.initiator.size, dtype=np.int32)
    where = ("dyad",)
    return (
        Coordinate("dyad", where, index, "none", "directed dyad"),
        Coordinate(
            "initiator", where, frame.initiator.astype(np.int16), "none", "COW code, initiator"
        ),
        Coordinate("target", where, frame.target.astype(np.int16), "none", "COW code, target"),
    )


def _texts(values: tuple[str, ...]) -> NDArray[np.object_]:
    return np.array(values, dtype=object)
