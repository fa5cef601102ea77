"""Comparability variants that need the world, and the start of a transition."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from forecast.errors import ForecastError
from forecast.scenario.institution import Institution
from forecast.scenario.models import Architecture
from forecast.scenario.quantities import Probability
from forecast.scenario.variants import differing, split_label
from forecast.world.pack_promises import promised
from forecast.world.pack_states import shares
from forecast.world.select import Chosen, select_states

if TYPE_CHECKING:
    import xarray as xr

    from forecast.scenario.models import Scenario

SEAT = "without_"
SETS = ("members", "deciders", "veto_holders", "covered")
MATCHED = ("share", "standing", "invest")
NOTHING = Probability(value=0, source="not in force")
FORCES = ("obligation", "share", "standing", "veto_restraint")

# Budgets this close are equal; capability shares have no more digits in the world.
PRECISION = 1e-9


class Placed(NamedTuple):
    """An architecture as it acts in a world, and what it starts from."""

    own: Architecture
    start: Architecture


def placed(scenario: Scenario, world: xr.Dataset) -> dict[str, Placed]:
    """Return every architecture of a scenario with its variant applied.

    Raises
    ------
    ForecastError
        A budget that cannot be matched, or a state without a seat to lose.
    """
    reference = scenario.architectures[scenario.reference]
    found = {}
    for label, architecture in scenario.architectures.items():
        variant = split_label(label)[1]
        own = architecture
        if variant == "budget_matched":
            own = with_budget(architecture, reference, world, label)
        elif variant.startswith(SEAT):
            iso3 = variant.removeprefix(SEAT)
            own = without_seat(architecture, reference, iso3, world, label)
        found[label] = in_transition(own, reference)
    return found


def in_transition(own: Architecture, reference: Architecture) -> Placed:
    """Return the architecture and its start; both hold the records of the reference as well.

    What the reference lacks starts without obligation, forces and restraint, and what it alone
    has ends without them.
    """
    if own.transition_years.value == 0:
        return Placed(own, own)
    ending = {k: _idle(r) for k, r in reference.institutions.items() if k not in own.institutions}
    institutions = own.institutions | ending
    start = {k: reference.institutions.get(k, _idle(r)) for k, r in institutions.items()}
    voided = {k: r for k, r in own.voided.items() if k not in institutions}
    merged = own.model_copy(update={"institutions": institutions, "voided": voided})
    return Placed(merged, reference.model_copy(update={"institutions": start}))


def _idle(record: Institution) -> Institution:
    return record.model_copy(update=dict.fromkeys(FORCES, NOTHING))


def without_seat(
    architecture: Architecture, reference: Architecture, iso3: str, world: xr.Dataset, label: str
) -> Architecture:
    """Return the architecture without one state in the institutions that set it apart.

    What the state owed and was owed there is void: it does not come back in a class of pacts.

    Raises
    ------
    ForecastError
        The world has no such state, or the state has no seat in any of these institutions.
    """
    institutions = dict(architecture.institutions)
    voided = dict(architecture.voided)
    for key in differing(architecture, reference):
        record = institutions[key]
        if record.links is None and _seated(record, iso3, world, f"architectures.{label}.{key}"):
            institutions[key] = _excluding(record, iso3)
            voided[f"{key}@{SEAT}{iso3}"] = record
    if institutions == architecture.institutions:
        raise ForecastError(
            f"scenario.architectures: {label}: {iso3} has no seat in an institution by which "
            f"{split_label(label)[0]} differs from the reference; name another state"
        )
    return architecture.model_copy(update={"institutions": institutions, "voided": voided})


def _seated(record: Institution, iso3: str, world: xr.Dataset, place: str) -> bool:
    codes = world["iso3"].to_numpy().astype(str)
    if iso3 not in codes:
        raise ForecastError(f"{place}: the world has no state '{iso3}'")
    chosen = [
        select_states(selector, world, f"{place}.{name}")
        for name in SETS
        if (selector := getattr(record, name)) is not None
    ]
    return bool(np.any(chosen, axis=0)[codes == iso3].any())


def _excluding(record: Institution, iso3: str) -> Institution:
    changed = {}
    for name in SETS:
        if (selector := getattr(record, name)) is not None:
            excluded = (*(selector.exclude_iso3 or ()), iso3)
            changed[name] = selector.model_copy(update={"exclude_iso3": excluded})
    return record.model_copy(update=changed)


def with_budget(
    architecture: Architecture, reference: Architecture, world: xr.Dataset, label: str
) -> Architecture:
    """Return the architecture with as much capability made available as in the reference.

    The budget is the sum over states of capability times the largest share that an institution
    with an armed domain has of it, the standing forces of all, and what members spend, as shares
    of the world's. One factor on share, standing and invest of the institutions that set the
    architecture apart brings it to the reference's; shares do not harden beyond that.

    Raises
    ------
    ForecastError
        No factor does it: the rest of the architecture takes the whole budget, or full shares
        fall short of it.
    """
    target = budget(reference, world, label)
    members = _members(architecture, world, label)
    changed = [
        key
        for key in differing(architecture, reference)
        if any(getattr(architecture.institutions[key], name).value > 0 for name in MATCHED)
    ]

    def excess(factor: float) -> float:
        return _budget(_scaled(architecture, changed, factor), members, world) - target

    highest = _highest_factor(architecture, changed)
    if abs(excess(1.0)) <= PRECISION:
        return _scaled(architecture, changed, 1.0)
    if excess(0.0) >= -PRECISION or excess(highest) < 0:
        raise ForecastError(
            f"scenario.architectures: {label}: its budget cannot be brought to the reference's, "
            f"{target:.4g} of the world's capability: what sets it apart, scaled from nothing to "
            f"full shares, makes {target + excess(0.0):.4g} to {target + excess(highest):.4g} of "
            "it; leave this variant out"
        )
    return _scaled(architecture, changed, _root(excess, highest))


def budget(architecture: Architecture, world: xr.Dataset, label: str) -> float:
    """Return what an architecture makes available, as a share of the world's capability."""
    return _budget(architecture, _members(architecture, world, label), world)


def _members(architecture: Architecture, world: xr.Dataset, label: str) -> dict[str, Chosen]:
    """Return the members of each institution; of a class of pacts, the states that promise."""
    found: dict[str, Chosen] = {}
    bonds = promised(architecture, label, world)
    nobody = np.zeros(world.sizes["state"], bool)
    for key, record in architecture.institutions.items():
        if record.links is None:
            place = f"architectures.{label}.{key}.members"
            found[key] = select_states(record.members, world, place)
        else:
            found[key] = np.asarray(bonds[key].any(axis=1), bool) if key in bonds else nobody
    return found


def _budget(architecture: Architecture, members: dict[str, Chosen], world: xr.Dataset) -> float:
    capability, gdp = shares(world, "capability"), shares(world, "gdp")
    largest = np.zeros(capability.size)
    rest = 0.0
    for key, record in architecture.institutions.items():
        if record.domain != "economic":
            largest[members[key]] = np.maximum(largest[members[key]], record.share.value)
        rest += record.standing.value + record.invest.value * float(gdp[members[key]].sum())
    return float(capability @ largest) + rest


def _highest_factor(architecture: Architecture, keys: list[str]) -> float:
    """Return the factor at which the first number reaches one; 1 where all are zero."""
    numbers = [getattr(architecture.institutions[key], n).value for key in keys for n in MATCHED]
    return 1 / max(numbers, default=1.0)


def _scaled(architecture: Architecture, keys: list[str], factor: float) -> Architecture:
    institutions: dict[str, Any] = dict(architecture.institutions)
    for key in keys:
        record = institutions[key]
        matched = {
            name: Probability(
                value=min(1.0, factor * getattr(record, name).value),
                source="comparability: the reference's budget",
            )
            for name in MATCHED
        }
        # A share that hardened would leave the budget.
        matched["share_ceiling"] = matched["share"]
        institutions[key] = record.model_copy(update=matched)
    return architecture.model_copy(update={"institutions": institutions})


def _root(difference: Callable[[float], float], high: float) -> float:
    """Return where a rising function crosses zero between 0 and `high`, by bisection."""
    low = 0.0
    while high - low > PRECISION * max(high, 1.0):
        middle = (low + high) / 2
        low, high = (middle, high) if difference(middle) < 0 else (low, middle)
    return high
