"""One trajectory under one architecture, event by event."""

import heapq
import math
from itertools import chain, count

from forecast.kernel.arrays import Inputs
from tests.reference import draws as d
from tests.reference.cascade import run_dispute
from tests.reference.coercion import coerce
from tests.reference.dispute import Context, Dispute
from tests.reference.draws import Draws, normal
from tests.reference.ending import continue_origin_war, cut_off, end_war
from tests.reference.measures import note_year
from tests.reference.onset import frailty, log_rate
from tests.reference.pacts import open_links
from tests.reference.record import Result
from tests.reference.rivalries import rivalry_starts
from tests.reference.state import State
from tests.reference.streams import (
    Candidate,
    Coercion,
    children,
    climate,
    coercions,
    immigrants,
    layers,
    stock,
)
from tests.reference.support import deterrence, expected_support, heat
from tests.reference.tick import count_sheltered, renew, tick
from tests.reference.war_state import War, open_origin_wars
from tests.reference.world import World


def simulate(
    inputs: Inputs, seed: int, trajectory: int, architecture: int, world: World | None = None
) -> Result:
    """Simulate one trajectory; a world made from the inputs saves its making."""
    world = world or World(inputs)
    return Trajectory(world, seed, trajectory, architecture).run()


def origin_state(world: World, architecture: int) -> State:
    """State at the origin, wars under way included."""
    state = State(world, architecture)
    open_origin_wars(state)
    renew(state)
    return state


class Trajectory:
    """The loop over time: candidates, ends of wars, coercions, annual ticks."""

    def __init__(self, world: World, seed: int, trajectory: int, architecture: int) -> None:
        draw = Draws(seed, trajectory)
        self.world = world
        self.draw = draw
        self.state = origin_state(world, architecture)
        self.context = Context(world, self.state, draw)
        self.climate = climate(world, draw)
        self.rivalry_starts = rivalry_starts(world, draw)
        self.serial = count()
        self.heap: list[tuple[float, int, Candidate | Coercion | War]] = []
        self.open()

    def open(self) -> None:
        """Draw what is fixed at the origin and schedule the first events."""
        world, draw, state = self.world, self.draw, self.state
        open_links(state, draw)
        count_sheltered(self.context)
        for pair in world.pairs:
            low, high = world.codes(pair.initiator, pair.target)
            n = normal(draw((low << 16) + high, d.FRAILTY)[0])
            state.frailty[pair.pair] = frailty(world.parameters.onset.frailty_sd, n)
        memory = chain(stock(world, draw, False), stock(world, draw, True))
        for event in chain(immigrants(world, draw), memory, coercions(world, draw)):
            self.push(event.time, event)
        for m, war in enumerate(state.wars):
            continue_origin_war(self.context, war, m)
            self.push(war.end, war)

    def push(self, time: float, event: Candidate | Coercion | War) -> None:
        """Schedule an event if it falls within the horizon."""
        if time < self.world.years:
            heapq.heappush(self.heap, (time, next(self.serial), event))

    def run(self) -> Result:
        """Handle all events in order of time."""
        for year in range(1, self.world.years + 1):
            self.run_until(float(year))
            if year < self.world.years:
                tick(self.context, self.rivalry_starts)
                for candidate in layers(self.state, self.draw):
                    self.push(candidate.time, candidate)
        note_year(self.context)
        for war in self.state.wars:
            cut_off(self.context, war)
        return self.context.result

    def run_until(self, end: float) -> None:
        """Handle the events before a time."""
        while self.heap and self.heap[0][0] < end:
            _, _, event = heapq.heappop(self.heap)
            if isinstance(event, War):
                end_war(self.context, event)
            elif isinstance(event, Coercion):
                coerce(self.context, event)
            else:
                self.provoke(event)

    def provoke(self, candidate: Candidate) -> None:
        """Accept a candidate as a dispute, or not (§1.3)."""
        state, dyad = self.state, self.world.dyads[candidate.dyad]
        i, j, time = dyad.initiator, dyad.target, candidate.time
        if not (state.alive[i] and state.alive[j]) or state.fighting(i, j):
            return
        support = expected_support(state, i, j)
        intensity = self.intensity(candidate, deterrence(state, support, i, j, time))
        sampling = self.world.parameters.sampling
        cap = sampling.child_cap if candidate.memory else sampling.immigrant_cap
        bound = cap if candidate.memory else cap * math.exp(state.lift[dyad.pair])
        self.context.result.count("clip_count", amount=int(intensity > bound))
        if candidate.height * cap > intensity:
            return
        case = Dispute(candidate.id, time, i, j, support.bite, support.gain)
        for child in children(self.world, self.draw, candidate):
            self.push(child.time, child)
        war = run_dispute(self.context, case, dyad.pair)
        if war:
            self.push(war.end, war)

    def intensity(self, candidate: Candidate, deterred: float) -> float:
        """Intensity relative to the candidate's own base."""
        world, state, k = self.world, self.state, candidate.dyad
        dyad = world.dyads[k]
        warmth = self.climate[state.year] + heat(state, dyad.target, candidate.time)
        if candidate.memory:
            quiet = 1.0
            if state.keeps_peace(dyad.initiator, dyad.target, candidate.time):
                quiet = world.parameters.peacekeeping.memory
            return quiet * math.exp(warmth - world.parameters.onset.recurrence_share * deterred)
        rate = log_rate(state, k, candidate.time)
        return math.exp(rate - world.log_rate0[k] + warmth - deterred)
