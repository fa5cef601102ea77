"""One trajectory under one architecture, event by event."""

import heapq
import math
from itertools import chain, count

from forecast.kernel.arrays import Inputs
from tests.reference.cascade import run_dispute
from tests.reference.dispute import Context, Dispute
from tests.reference.draws import Draws
from tests.reference.ending import (
    continue_origin_war,
    cut_off,
    draw_deaths,
    end_war,
    open_origin_wars,
)
from tests.reference.record import Result
from tests.reference.state import State, War
from tests.reference.streams import Candidate, children, climate, immigrants, stock
from tests.reference.support import Deterrence, expected_support
from tests.reference.world import World, log_rate


def simulate(
    inputs: Inputs, seed: int, trajectory: int, architecture: int, world: World | None = None
) -> Result:
    """Simulate one trajectory; a world made from the inputs saves its making."""
    world = world or World(inputs)
    return Trajectory(world, seed, trajectory, architecture).run()


def origin_state(world: World, architecture: int) -> State:
    """State at the origin, wars under way included."""
    state = State(world, world.architectures[architecture])
    open_origin_wars(state, world.inputs.wars)
    return state


class Trajectory:
    """The loop over time: candidates, ends of wars, annual ticks."""

    def __init__(self, world: World, seed: int, trajectory: int, architecture: int) -> None:
        draw = Draws(seed, trajectory)
        self.world = world
        self.draw = draw
        self.state = origin_state(world, architecture)
        deterrence = Deterrence(origin_state(world, world.reference))
        self.context = Context(world, self.state, deterrence, draw)
        self.climate = climate(world, draw)
        self.year = 0
        self.serial = count()
        self.heap: list[tuple[float, int, Candidate | War]] = []
        for candidate in chain(
            immigrants(world, draw), stock(world, draw, False), stock(world, draw, True)
        ):
            self.push(candidate.time, candidate)
        for m, war in enumerate(self.state.wars):
            continue_origin_war(self.context, war, m)
            self.push(war.start + war.duration, war)

    def push(self, time: float, event: Candidate | War) -> None:
        """Schedule an event if it falls within the horizon."""
        if time < self.world.years:
            heapq.heappush(self.heap, (time, next(self.serial), event))

    def run(self) -> Result:
        """Handle all events in order of time."""
        while self.heap:
            time, _, event = heapq.heappop(self.heap)
            self.pass_years(math.floor(time))
            if isinstance(event, War):
                end_war(self.context, event)
            else:
                self.provoke(event)
        self.pass_years(self.world.years - 1)
        self.context.result.note_year(self.state)
        for war in self.state.wars:
            cut_off(self.context, war)
        return self.context.result

    def pass_years(self, year: int) -> None:
        """Tick until a year has begun."""
        while self.year < year:
            self.context.result.note_year(self.state)
            self.state.tick()
            self.year += 1

    def provoke(self, candidate: Candidate) -> None:
        """Accept a candidate as a dispute, or not (§1.3)."""
        dyad = self.world.dyads[candidate.dyad]
        i, j = dyad.initiator, dyad.target
        if self.state.fighting(i, j):
            return
        support = expected_support(self.state, i, j)
        intensity = self.intensity(candidate, self.context.deterrence(support, i, j))
        sampling = self.world.parameters.sampling
        cap = sampling.child_cap if candidate.memory else sampling.immigrant_cap
        self.context.result.clip_count += intensity > cap
        if candidate.height * cap > intensity:
            return
        case = Dispute(candidate.id, candidate.time, i, j, support)
        for child in children(self.world, self.draw, candidate):
            self.push(child.time, child)
        war = run_dispute(self.context, case, dyad.pair)
        if war:
            war.deaths = draw_deaths(self.context, war)
            self.push(war.start + war.duration, war)

    def intensity(self, candidate: Candidate, deterrence: float) -> float:
        """Intensity relative to the candidate's own base."""
        z = self.climate[self.year]
        if candidate.memory:
            share = self.world.parameters.onset.recurrence_share
            return math.exp(z - share * deterrence)
        k, state = candidate.dyad, self.state
        rate = log_rate(self.world, k, state.capability, candidate.time, state.architecture)
        return math.exp(rate - self.world.log_rate0[k] + z - deterrence)
