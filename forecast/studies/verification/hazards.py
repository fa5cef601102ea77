"""Yearly hazards: rivalries, exits, proliferation; and the use of nuclear weapons in war."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from forecast.kernel import events
from forecast.kernel.arrays import Inputs
from forecast.studies.verification.check import Check, of_cells, of_normal
from forecast.studies.verification.goodness import chi_square_p
from forecast.studies.verification.logs import Events, histories
from forecast.studies.verification.pacts import threats
from forecast.studies.verification.wars import war_world
from forecast.studies.verification.worlds import (
    architectures_of,
    changed,
    no_institutions,
    pact_of,
    quiet_parameters,
    quiet_world,
)

F8 = NDArray[np.float64]
SEED = 20260206
STATES, YEARS, TRAJECTORIES = 8, 25, 1_500
TICKS = np.arange(1, YEARS)
MEMBERS = (1, 2, 3, 4)
EXIT_RATE = 0.02


def _forgotten(inputs: Inputs) -> Inputs:
    none = np.zeros(inputs.dyads.initiator.size)
    return inputs._replace(dyads=inputs.dyads._replace(memory_short=none, memory_long=none))


def _peaceful(*changes: dict[str, dict[str, float]]) -> Inputs:
    """Return a world in which no dispute ever starts, with some processes on."""
    parameters = quiet_parameters({"onset": {"const": -30.0}}, *changes)
    return _forgotten(quiet_world(parameters, STATES, YEARS, no_institutions(STATES)))


def _by_tick(found: list[Events], kind: int) -> F8:
    times = np.concatenate([h.of(kind).time for h in found])
    return np.array([(times == t).sum() for t in TICKS], np.float64)


def _ending(hazard: F8) -> F8:
    """Return the chance of a first event at each tick and of none, (n, ticks + 1)."""
    rates = hazard[:, None]
    law = np.exp(-rates * (TICKS - 1.0)) - np.exp(-rates * TICKS)
    return np.concatenate([law, np.exp(-rates * (YEARS - 1.0))], axis=1)


def _first_events(process: str, claim: str, seen: F8, hazard: F8, law: str) -> Check:
    """Compare the times of first events of independent units with their hazards."""
    expected = TRAJECTORIES * _ending(hazard).sum(axis=0)
    n = TRAJECTORIES * hazard.size
    all_seen = np.append(seen, n - seen.sum())
    return of_cells(process, claim, chi_square_p(all_seen, expected), law, n)


def rivalry_hazards(inputs: Inputs) -> tuple[F8, NDArray[np.bool_]]:
    """Return the hazard of a rivalry per pair, and which pairs are rivals at the origin (§6.3)."""
    s, r = inputs.states, inputs.parameters.rivalry
    i, j = np.triu_indices(STATES, 1)
    touch = s.contiguity[i, j]
    x = r.const - r.parity * np.abs(np.log(s.capability[i] / s.capability[j]))
    x = x + np.where(touch == 1, r.land, 0.0) + np.where(touch >= 2, r.sea, 0.0)
    x = x + r.joint_democracy * s.democratic[i] * s.democratic[j]
    return np.exp(x), s.rival[i, j] == 1


def rivalry_checks() -> list[Check]:
    """Compare ends of the origin's rivalries and starts of new ones with their hazards."""
    switched = {"process": {"rivalry_change": 1.0}}
    ending = _peaceful(switched, {"rivalry": {"const": -40.0}})
    ends = _by_tick(histories(ending, SEED, TRAJECTORIES)[0], events.RIVALRY_ENDED)
    rate = ending.parameters.rivalry.end
    starting = _peaceful(switched, {"rivalry": {"const": -4.0, "end": 0.0}})
    hazards, rivals = rivalry_hazards(starting)
    starts = _by_tick(histories(starting, SEED + 1, TRAJECTORIES)[0], events.RIVALRY_STARTED)
    return [
        _first_events("rivalries", "ends", ends, np.full(int(rivals.sum()), rate),
                      f"Exp, rate {rate:g} a year"),
        _first_events("rivalries", "starts", starts, hazards[~rivals], "each pair's own hazard"),
    ]  # fmt: skip


def exit_checks() -> list[Check]:
    """Compare the first exit from a pact, and whose it is, with the members' hazards (§6.5)."""
    record = pact_of(MEMBERS) | {"exit_rate": EXIT_RATE, "conduct": {"exit_factor": 1.0}}
    parameters = quiet_parameters({"onset": {"const": -30.0}}, {"process": {"member_exit": 1.0}})
    inputs = quiet_world(parameters, STATES, YEARS, architectures_of(STATES, [record]))
    out, join, s = parameters.exit, parameters.joining, inputs.states
    reliability = math.sqrt(0.5 / parameters.support.reliability_reference)
    kappa = min(
        max(record["credibility"] * reliability, join.credibility_low), join.credibility_high
    )
    members = np.array(MEMBERS)
    hazard = np.full(members.size, EXIT_RATE * math.exp(out.exponent * (0.5 - kappa)))
    hazard = hazard * np.where(s.democratic[members] == 1, out.democracy_factor, 1.0)
    found = [h.of(events.EXITED) for h in histories(_forgotten(inputs), SEED + 2, TRAJECTORIES)[0]]
    first = [(x.time[0], x.initiator[0]) for x in found if x.time.size]
    when, who = np.array([t for t, _ in first]), np.array([c for _, c in first])
    seen = np.array([(when == t).sum() for t in TICKS], np.float64)
    left = np.array([(who == s.code[k]).sum() for k in MEMBERS], np.float64)
    law = who.size * hazard / hazard.sum()
    return [
        _first_events("exits", "first exit from a pact", seen, np.array([hazard.sum()]),
                      "Exp, the members' summed hazard"),
        of_cells("exits", "who leaves first", chi_square_p(left, law), "in proportion to hazard",
                 who.size),
    ]  # fmt: skip


def proliferation_check() -> Check:
    """Compare when latent states become armed with their hazards (§6.2)."""
    inputs = _peaceful({"process": {"proliferation": 1.0}, "nuclear": {"proliferation": 0.02}})
    latent = np.array([2, 0, 1, 1, 1, 1, 1, 1], np.int8)
    inputs = inputs._replace(states=inputs.states._replace(nuclear=latent))
    log_threat = np.log(inputs.parameters.pacts.threat_floor + threats(inputs))
    z = (log_threat - log_threat.mean()) / log_threat.std()
    nuclear = inputs.parameters.nuclear
    hazard = nuclear.proliferation * np.exp(nuclear.threat * z)[latent == 1]
    seen = _by_tick(histories(inputs, SEED + 3, TRAJECTORIES)[0], events.ARMED)
    return _first_events("proliferation", "latent states arm", seen, hazard, "each state's hazard")


def nuclear_use_check() -> Check:
    """Compare uses of nuclear weapons with the hazard over the years fought (§5.8)."""
    inputs = war_world()
    hazards = {"both_armed": 0.05, "one_armed": 0.05, "survival": 1.0}
    changes = {"process": {"nuclear_use": 1.0}, "nuclear": hazards}
    inputs = inputs._replace(
        parameters=changed(inputs.parameters, changes),
        states=inputs.states._replace(nuclear=np.array([2, 2], np.int8)),
    )
    used, expected, spread, n = 0, 0.0, 0.0, 0
    for history in histories(inputs, SEED + 4, 20)[0]:
        start = {int(e): t for e, t in zip(*_ids(history, events.WAR), strict=True)}
        ids, ends = _ids(history, events.WAR_END)
        years = np.array([end - start[int(e)] for e, end in zip(ids, ends, strict=True)])
        p = 1.0 - np.exp(-hazards["both_armed"] * years)
        used += history.of(events.NUCLEAR_USE).time.size
        expected, spread, n = expected + p.sum(), spread + (p * (1.0 - p)).sum(), n + p.size
    z = (used - expected) / math.sqrt(spread)
    return of_normal("wars", "nuclear use", z, expected, float(used), n)


def _ids(history: Events, kind: int) -> tuple[NDArray[np.uint64], F8]:
    found = history.of(kind)
    return found.id, found.time


def hazard_checks() -> list[Check]:
    """Run all checks of this module."""
    return [*rivalry_checks(), *exit_checks(), proliferation_check(), nuclear_use_check()]
