"""What is measured of the world at the end of every year (§6.9)."""

import math
from typing import NamedTuple

from tests.reference.dispute import Context
from tests.reference.state import State


class Coalition(NamedTuple):
    """States that have promised one another help, and how many they are said to be."""

    members: frozenset[int]
    share: float


def coalitions(state: State) -> list[Coalition]:
    """Pacts with at least two members, and those born during the run."""
    groups = [
        tuple(record.member)
        for record in state.architecture.records
        if record.is_pact and record.armed and not record.links and len(record.member) >= 2
    ]
    groups += [pact.members for pact in state.born]
    return [
        Coalition(frozenset(group), sum(state.capability[k] for k in group)) for group in groups
    ]


def note_year(context: Context) -> None:
    """Record the year that ended; institutions that do not exist are not a number."""
    state, result = context.state, context.result
    alive = context.architecture.institution
    indices = range(context.architecture.institution_count)
    result.credibility.append([state.credibility(p) if p in alive else math.nan for p in indices])
    result.legitimacy.append([state.legitimacy[p] if p in alive else math.nan for p in indices])
    values = {
        **coalition_measures(coalitions(state)),
        "armed_state_count": sum(state.armed(k) for k in state.living()),
        "rivalry_count": sum(state.rival[q.initiator][q.target] for q in context.world.pairs),
        "conquest_norm": state.norm,
        "military_burden": military_burden(state),
    }
    for name, value in values.items():
        result.measures[name].append(float(value))


def coalition_measures(found: list[Coalition]) -> dict[str, float]:
    """Number, mean size, and what the two largest without common member hold."""
    if not found:
        names = ("coalition_count", "coalition_size", "largest_coalition_share", "bipolarity")
        return dict.fromkeys(names, 0.0)
    first = max(found, key=lambda coalition: coalition.share)
    apart = [c.share for c in found if not c.members & first.members]
    return {
        "coalition_count": len(found),
        "coalition_size": sum(len(c.members) for c in found) / len(found),
        "largest_coalition_share": first.share,
        "bipolarity": first.share + max(apart, default=0.0),
    }


def military_burden(state: State) -> float:
    """Military spending relative to output, 1 at the origin."""
    world = state.world
    spent = sum(s * state.burden[k] * state.gdp[k] for k, s in enumerate(world.spending))
    return spent / sum(y * state.gdp[k] for k, y in enumerate(world.gdp))


def sheltered(state: State, j: int) -> bool:
    """Whether a great power or a body is bound to help a state."""
    world, architecture = state.world, state.architecture
    patron = any(world.great[k] and k != j for k in architecture.defenders(j))
    body = any(b.obligation >= 0.5 and j in b.covered for b in architecture.bodies)
    return patron or body
