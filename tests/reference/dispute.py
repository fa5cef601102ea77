"""One dispute in the making: who, over what, and what institutions have done so far (§4)."""

from dataclasses import dataclass, field

from forecast.kernel import events as kinds
from tests.reference.draws import Draws
from tests.reference.record import Event, Result
from tests.reference.state import State
from tests.reference.support import Deterrence, Support
from tests.reference.world import World


@dataclass
class Dispute:
    """A dispute with its values just before it started."""

    id: int
    time: float
    i: int
    j: int
    support: Support
    aim: int = 0
    resisted: bool = False
    level: int = 0
    grab_tried: bool = False
    mediated: bool = False
    severity: int = 0
    escalation: float = 0.0
    agenda: set[int] = field(default_factory=set)
    passed: dict[int, int] = field(default_factory=dict)
    vetoed: set[tuple[int, int]] = field(default_factory=set)
    war_veto: set[int] = field(default_factory=set)

    def reached(self, p: int) -> int:
        """Level a body has reached: 0, 1 (agenda), 2 or 4."""
        return self.passed.get(p, int(p in self.agenda))


class Context:
    """Everything the steps of a dispute need."""

    def __init__(self, world: World, state: State, deterrence: Deterrence, draw: Draws) -> None:
        self.world = world
        self.state = state
        self.deterrence = deterrence
        self.draw = draw
        self.parameters = world.parameters
        self.architecture = state.architecture
        self.result = Result(disputes=[0] * world.years, deaths=[0] * world.years)

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
        """Add a row; initiator and target are state indices."""
        codes = self.world.code[initiator], self.world.code[target]
        self.result.events.append(Event(time, kind, identity, *codes, institution, float(value)))

    def note(self, case: Dispute, kind: int, institution: int = -1, value: float = 0.0) -> None:
        """Add a row about a dispute."""
        self.log(case.time, int(kind), case.id, case.i, case.j, institution, value)


__all__ = ["Context", "Dispute", "kinds"]
