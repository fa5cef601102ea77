"""What a stored array is, and the parts that descriptions of arrays are made of."""

from __future__ import annotations

from typing import Any, NamedTuple

from forecast.kernel.events import EXIT_REASONS

COUNT_BINS = 32
"""Bins of annual counts 0, 1, ..., 30 and one for 31 or more; of annual battle deaths also 32."""

SHARE_BINS = 20
"""Bins of credibility and legitimacy, each .05 wide."""

POWER_BINS = 12
"""Bins of ln(capability of the initiator over that of the target), each 1 wide, from -6 to 6."""

LATENCY_BINS = 20
"""Bins of the delay of help, each 30 days wide; the last holds all above."""

NOT_RUN = -1
"""Exit reason of a trajectory that has not been run yet."""

STATE_CLASSES = ("small", "middle", "great")
"""Capability classes of states, in the order of their codes."""

BY_ARCHITECTURE = ("batch", "architecture")
BY_PAIR = ("batch", "architecture", "other_architecture")
PRODUCT = (
    "Sum over the batch's trajectories of the product of {what} under the two architectures; "
    "with the sums it gives the error of a paired difference."
)


class Variable(NamedTuple):
    """One stored array.

    Parameters
    ----------
    group
        Group of the store it stands in.
    name
        Name inside the group.
    dims
        Dimension names, in storage order.
    dtype
        Smallest integer type that surely holds it, or float64.
    units
        Unit of the values; ``1`` for pure numbers.
    long_name
        What it is, in a few words.
    description
        What it means and how it is counted.
    since
        First version of the numbers that it is stored in.
    """

    group: str
    name: str
    dims: tuple[str, ...]
    dtype: str
    units: str
    long_name: str
    description: str
    since: int = 0

    @property
    def path(self) -> str:
        """Group and name, as a path inside the store."""
        return f"{self.group}/{self.name}"

    def attributes(self) -> dict[str, Any]:
        """Return the attributes stored with the array."""
        flags: dict[str, Any] = {}
        if self.name == "exit_reason":
            flags = {
                "flag_values": [NOT_RUN, *range(len(EXIT_REASONS))],
                "flag_meanings": " ".join(["not_run", *EXIT_REASONS]),
            }
        return {
            "long_name": self.long_name,
            "units": self.units,
            "description": self.description,
            **flags,
        }


class Concept(NamedTuple):
    """A quantity counted along some axis, before it is spread over that axis's arrays."""

    name: str
    units: str
    long_name: str
    description: str


def sum_and_product(
    group: str, concept: Concept, axes: tuple[str, ...], where: str, types: tuple[str, str]
) -> list[Variable]:
    """Return a concept's batch sum and its cross-product between architectures."""
    name, units, long_name, meaning = concept
    squared = "1" if units == "1" else f"{units}^2"
    return [
        Variable(
            group,
            name,
            (*BY_ARCHITECTURE, *axes),
            types[0],
            units,
            f"{long_name}, sum over the batch",
            f"{meaning} {where}, summed over the batch's trajectories.",
        ),
        Variable(
            group,
            f"{name}_product",
            (*BY_PAIR, *axes),
            types[1],
            squared,
            f"{long_name}, sum of cross-products",
            PRODUCT.format(what=name),
        ),
    ]
