"""Wars under way, those of the origin included (§5.1, §5.6)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.reference import draws as d
from tests.reference.draws import child_id
from tests.reference.record import Onset

if TYPE_CHECKING:
    from tests.reference.state import State

TERRITORY = 1


@dataclass
class War:
    """A war under way; loads are shares of each joiner's capability, the principals' included."""

    id: int
    initiator: int
    target: int
    start: float
    aim: int
    side: dict[int, int]
    load: dict[int, float]
    slot: int
    capability: dict[int, float]  # full, when each party came in
    onset: Onset | None = None  # none for a war of the origin
    forces: list[int] = field(default_factory=list)
    standing: float = 0.0
    duration: float = math.inf
    ratio: float = 1.0
    party_count: int = 0
    deaths: float = 0.0
    complied: bool = False
    condemned: bool = False
    great_powers: bool = False

    @property
    def end(self) -> float:
        """When it ends."""
        return self.start + self.duration

    def joiners(self, side: int) -> list[int]:
        """Parties of a side other than its principal, in order of joining."""
        principals = (self.initiator, self.target)
        return [k for k, s in self.side.items() if s == side and k not in principals]

    def parties(self, side: int) -> list[int]:
        """All parties of a side, its principal first."""
        return [k for k, s in self.side.items() if s == side]

    def sums(self) -> tuple[float, float]:
        """Full capability of each side."""
        first, second = (sum(self.capability[k] for k in self.parties(side)) for side in (1, 2))
        return first, second


def free_slot(wars: list[War]) -> int:
    """Lowest slot that no war under way holds."""
    taken = {war.slot for war in wars}
    return next(n for n in range(len(wars) + 1) if n not in taken)


def open_origin_wars(state: State) -> None:
    """Put the wars under way at the origin into the state; deaths and duration come later."""
    p, wars = state.world.parameters.joining, state.world.inputs.wars
    for m, (i, j) in enumerate(zip(wars.initiator.tolist(), wars.target.tolist(), strict=True)):
        side = {i: 1, j: 2}
        load = {i: p.originator_load, j: p.originator_load}
        for k, s in enumerate(wars.side[m].tolist()):
            if s and k not in side:
                side[k], load[k] = s, min(p.unobliged_share, p.load_cap)
        full = {k: state.capability[k] for k in side}
        state.wars.append(War(child_id(d.ROOT_WAR, m), i, j, 0.0, TERRITORY, side, load, m, full))
