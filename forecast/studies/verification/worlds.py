"""Worlds of a few states in which all but the process under test is off."""

from __future__ import annotations

from typing import Any

import numpy as np

from forecast.kernel.arrays import CONDUCT, Architectures, Dyads, Inputs, OriginWars, States
from forecast.kernel.parameters import Parameters, Process
from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario
from forecast.world.pack_inputs import pack_parameters

CODES = (2, 20, 200, 220, 255, 365, 710, 740)
CAPABILITY = (0.30, 0.20, 0.16, 0.12, 0.09, 0.06, 0.04, 0.03)
AGES = (40.0, 3.0, 12.0)  # years since both states of a pair existed
DISTANCES = (300.0, 1000.0, 1700.0, 2400.0, 3100.0)  # km
PEOPLE = 1e12

# Nothing but dispute onsets at a constant rate.
QUIET: dict[str, dict[str, float]] = {
    "climate": {"sd": 0.0},
    "onset": {
        "const": -1.2,
        "deterrence": 0.0,
        "unilateral_cost": 0.0,
        "memory_short": 0.0,
        "memory_long": 0.0,
        "new_dyad": 0.0,
    },
    "escalation": {"const": -60.0},
    "consequence": {"loss_const": 0.0, "loss_log_deaths": 0.0},
}


def changed(parameters: Parameters, changes: dict[str, dict[str, float]]) -> Parameters:
    """Replace some parameters, group by group."""
    groups = {name: getattr(parameters, name)._replace(**new) for name, new in changes.items()}
    new: Parameters = parameters._replace(**groups)
    return new


def shipped_parameters() -> Parameters:
    """Return the shipped parameter values."""
    return pack_parameters(load_scenario(shipped_configs() / "three_futures.toml"))


def quiet_parameters(*changes: dict[str, dict[str, float]]) -> Parameters:
    """Return the shipped parameters with all processes off, changed in order."""
    parameters = changed(shipped_parameters(), QUIET)
    parameters = parameters._replace(process=Process(*(0.0,) * len(Process._fields)))
    for change in changes:
        parameters = changed(parameters, change)
    return parameters


def quiet_world(
    parameters: Parameters, states: int, years: int, architectures: Architectures | None = None
) -> Inputs:
    """Return a world of the first states; covariates of the onset equation differ by pair."""
    dyads = _dyads(states)
    none = np.zeros(0, np.int32)
    return Inputs(
        states=_states(states),
        dyads=dyads,
        wars=OriginWars(
            none, none, np.zeros(0), np.zeros(0), np.zeros(0), np.zeros((0, states), np.int8)
        ),
        architectures=no_institutions(states) if architectures is None else architectures,
        parameters=parameters,
        reference=0,
        years=years,
    )


def _states(count: int) -> States:
    capability = np.array(CAPABILITY[:count])
    n = np.arange(count)
    index = n[:, None] + n[None, :]
    off_diagonal = (n[:, None] != n[None, :]).astype(np.int8)
    return States(
        code=np.array(CODES[:count], np.int64),
        capability=capability / capability.sum(),
        population=np.full(count, PEOPLE),
        democracy=np.where(n % 2 == 0, 0.8, 0.2),
        democratic=(n % 2 == 0).astype(np.int8),
        great=(n < 2).astype(np.int8),
        g3=(n < 2).astype(np.int8),
        state_class=np.where(n < 2, 2, 1).astype(np.int8),
        region=(n % 2).astype(np.int8),
        gdp=capability / capability.sum(),
        spending=capability / capability.sum(),
        nuclear=np.where(n < 1, 2, 0).astype(np.int8),
        resilience=np.zeros(count),
        affinity=np.where(off_diagonal == 1, 0.5, 1.0),
        trade=off_diagonal * (0.9 / max(count - 1, 1)),
        contiguity=(np.array([1, 0, 2], np.int8)[index % 3] * off_diagonal).astype(np.int8),
        rival=((index % 4 == 1) * off_diagonal).astype(np.int8),
    )


def _dyads(count: int) -> Dyads:
    directed = [(i, j) for i in range(count) for j in range(count) if i != j]
    pairs = [(i, j) for i, j in directed if i < j]
    place = {pair: n for n, pair in enumerate(pairs)}
    pair = np.array([place[min(d), max(d)] for d in directed], np.int32)
    forward = np.array([1 if i < j else -1 for i, j in directed])
    last = np.array([1, 0, -1])[pair % 3] * forward
    return Dyads(
        initiator=np.array([i for i, _ in directed], np.int32),
        target=np.array([j for _, j in directed], np.int32),
        pair=pair,
        reverse=np.array([directed.index((j, i)) for i, j in directed], np.int32),
        distance=np.array(DISTANCES)[pair % 5],
        age=np.array(AGES)[pair % 3],
        memory_short=np.array([0.0, 0.5])[pair % 2],
        memory_long=np.array([0.2, 1.0])[pair % 2],
        last_initiator=last.astype(np.int8),
    )


def architectures_of(count: int, records: list[dict[str, Any]]) -> Architectures:
    """Return architectures with one institution each: numbers, and sets of state indices.

    A record's ``members`` promise one another help; an empty record is an absent institution.
    """
    sets = {"member", "decider", "veto", "covered"}
    fields: dict[str, Any] = {
        name: np.zeros((len(records), 1), _dtype(name)) for name in Architectures._fields
    }
    fields |= {name: np.zeros((len(records), 1, count), np.int8) for name in sets}
    start = np.zeros((len(records), count + 1), np.int64)
    promising: list[int] = []
    for a, record in enumerate(records):
        members = record.get("members", ())
        fields["exists"][a, 0] = bool(record)
        for name in record.keys() & fields.keys() - {"conduct"}:
            fields[name][a, 0] = record[name]
        fields["member"][a, 0, list(members)] = fields["covered"][a, 0, list(members)] = 1
        start[a, 0] = len(promising)
        for j in range(count):
            promising += [k for k in members if j in members and k != j]
            start[a, j + 1] = len(promising)
    fields |= {
        "key": np.array([4711], np.int64),
        "promise_start": start,
        "promise_state": np.array(promising, np.int32),
        "promise_institution": np.zeros(len(promising), np.int32),
    }
    return Architectures(**fields | _conduct(records))


def _dtype(name: str) -> type:
    whole = {
        "exists", "ladder_max", "trigger", "intra", "fixed", "exclude_parties",
        "armed", "economic", "pole", "accedes", "links",
    }  # fmt: skip
    return np.int8 if name in whole else np.float64


def _conduct(records: list[dict[str, Any]]) -> dict[str, Any]:
    table = np.array(
        [
            [float(record.get("conduct", {}).get(name, 0.0)) for name in CONDUCT]
            for record in records
        ]
    )
    return {
        "conduct": table,
        "start_conduct": table.copy(),
        "transition_years": np.zeros(len(records)),
    }


def no_institutions(count: int) -> Architectures:
    """Return one architecture whose only institution does not exist."""
    return architectures_of(count, [{}])


def pact_of(members: tuple[int, ...], **numbers: float) -> dict[str, Any]:
    """Return the record of a pact whose credibility stays."""
    record: dict[str, Any] = {
        "members": members, "obligation": 0.8, "share": 0.3, "credibility": 0.6,
        "credibility_size": 20.0, "fail_weight": 1.0, "memory_years": 10.0, "legitimacy": 0.5,
        "fixed": 1, "trigger": 1, "armed": 1,
    }  # fmt: skip
    record |= numbers
    start = ("obligation", "share", "credibility")
    return record | {f"start_{name}": record[name] for name in start}
