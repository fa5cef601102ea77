"""One dispute in the making: who, over what, and what institutions have done so far (§4)."""

from dataclasses import dataclass, field

from forecast.kernel import events as kinds
from tests.reference.draws import Draws
from tests.reference.record import Event, Onset, Result
from tests.reference.state import State
from tests.reference.world import World

SMALL = 0
"""Class of the smallest states."""


@dataclass
class Dispute:
    """A dispute with its values just before it started."""

    id: int
    time: float
    i: int
    j: int
    bite: float = 0.0
    gain: float = 0.0
    onset: Onset | None = None
    aim: int = 0
    resisted: bool = False
    level: int = 0
    mediated: bool = False
    severity: int = 0
    escalation: float = 0.0
    agenda: set[int] = field(default_factory=set)
    passed: dict[int, int] = field(default_factory=dict)
    vetoed: set[tuple[int, int]] = field(default_factory=set)
    war_veto: set[int] = field(default_factory=set)

    @property
    def condemned(self) -> bool:
        """Whether a level-2 motion has passed."""
        return any(level >= 2 for level in self.passed.values())

    def reached(self, p: int) -> int:
        """Level a body has reached: 0, 1 (agenda), 2 or 4."""
        return self.passed.get(p, int(p in self.agenda))


class Context:
    """Everything the steps of a dispute need."""

    def __init__(self, world: World, state: State, draw: Draws) -> None:
        self.world = world
        self.state = state
        self.draw = draw
        self.parameters = world.parameters
        self.architecture = state.architecture
        self.result = Result(world.years, world.count)

    def log(
        self,
        time: float,
        kind: int,
        identity: int,
        initiator: int,
        target: int,
        institution: int = -1,
        value: float = 0.0,
    ) -> None:
        """Add a row; initiator and target are state indices, -1 for none."""
        codes = [self.world.code[k] if k >= 0 else -1 for k in (initiator, target)]
        self.result.events.append(Event(time, kind, identity, *codes, institution, float(value)))

    def note(self, case: Dispute, kind: int, institution: int = -1, value: float = 0.0) -> None:
        """Add a row about a dispute."""
        self.log(case.time, int(kind), case.id, case.i, case.j, institution, value)

    def tick(
        self, kind: int, i: int = -1, j: int = -1, institution: int = -1, value: float = 0.0
    ) -> None:
        """Add a row about the annual tick under way."""
        year = self.state.year
        self.log(float(year), kind, year, i, j, institution, value)

    def succeed(self, onset: Onset, j: int, time: float) -> None:
        """Count an aggression that reached its aim."""
        self.result.count("aggression_success_count", time)
        self.result.count_state("aggression_success_count", j)
        if onset.weak == SMALL:
            self.result.count("small_state_loss_count")
        if self.state.sheltered[j]:
            self.result.count_state("sheltered_aggression_success_count", j)
        self.result.successes[onset.power][onset.strong][onset.weak] += 1


__all__ = ["Context", "Dispute", "kinds"]
