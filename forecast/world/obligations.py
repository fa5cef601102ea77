"""Who owes whom defence at the forecast origin.

Past worlds take the newest year of ATOP before them. For 2026 the last year of ATOP, 2018, is
carried forward and the later pact events are applied in the order of their file:

- *signed*, *joined*, *renewed*: the obligation is added between the named states, or between
  the named state and every member of the group; a directed pact binds the first state only.
- *rejoined*: added only towards members to whom ATOP ever coded an obligation of that state.
- *ended*: the named states and the group's members are released from each other, unless they
  share another defence institution at the origin, or both owe defence to a common state
  outside the group, the mark of a wider pact that ATOP merged into the same dyad (assumption).
- *reversed*, *frozen*: nothing changes; the treaty still binds.

Only pacts whose obligation is defence and whose status is in force (contested, unilateral and
unpublished ones among them) count. Signed pacts whose entry into force could not be verified
count too and are named in the variable's attributes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any

import numpy as np
import xarray as xr

from forecast.errors import ForecastError
from forecast.world.history.covariates import newest_year, owed_defence
from forecast.world.labels import labelled
from forecast.world.pairs import Pair, pair_matrix
from forecast.world.readers.table import Table, unknown_state
from forecast.world.sources import cite

UNVERIFIED = "signed_entry_into_force_not_verified"
ENDED = "ended"

GROUP_INSTITUTIONS = {"EU": "EU427", "ECOWAS": "ECOWAS_DEF"}
"""Groups of the pact file whose defence clause bears another name in the institution file."""

DEFENCE_KINDS = frozenset(
    {
        "defence_alliance",
        "regional_defence",
        "defence_clause",
        "defence_guarantee",
        "unilateral_assurance",
    }
)

Members = Mapping[str, Set[int]]


def defence_obligation(
    atop: Table, pacts: Table, institutions: Table, codes: list[int], origin: int
) -> xr.Variable:
    """Return which state owes which one defence, (state, partner), 0 or 1.

    Parameters
    ----------
    atop
        Directed dyad-years with a defence obligation.
    pacts
        Pact events after the last year of `atop`.
    institutions
        Memberships active at the origin.
    codes
        COW codes of the states, sorted.
    origin
        Forecast origin, year.

    Raises
    ------
    ForecastError
        If a pact names an unknown state or a group without members at the origin.
    """
    last = int(atop["year"].max())
    carried = atop.where(atop["year"] == last).require_states(codes, "ccode1", "ccode2")
    base = {(int(a), int(b)) for a, b in zip(carried["ccode1"], carried["ccode2"], strict=True)}
    counted = _defence_pacts(pacts, origin)
    owed = apply_pacts(base, counted, institutions, frozenset(_pairs_ever(atop)), set(codes))
    unverified = counted["pact_id"][counted[f"status_{origin}_01_01"] == UNVERIFIED]
    return labelled(
        ("state", "partner"),
        pair_matrix(owed, codes),
        long_name="the state owes the partner defence",
        units="1",
        source=cite("atop", "initial_conditions"),
        year=origin - 1,
        rule=f"ATOP {last} carried forward, then pact events applied to 1 January {origin}",
        pacts_applied=" ".join(counted["pact_id"]),
        pacts_signed_not_verified=" ".join(unverified),
        release_rule="an exit ends obligations towards the group unless both states share another "
        "defence institution or both owe defence to a common state outside it (assumption)",
    )


def carried_obligation(alliances: Table, codes: list[int], origin: int) -> xr.Variable:
    """Return which state owes which one defence in a past world, (state, partner), 0 or 1.

    Parameters
    ----------
    alliances
        Directed dyad-years of alliance.
    codes
        COW codes of the states, sorted.
    origin
        Forecast origin, year.
    """
    last = newest_year(alliances, origin)
    return labelled(
        ("state", "partner"),
        owed_defence(alliances, np.array(codes), origin),
        long_name="the state owes the partner defence",
        units="1",
        source=cite("atop"),
        year=last,
        rule=f"obligations of {last}, the newest year before the origin, between states alive",
    )


def apply_pacts(
    base: Set[Pair], pacts: Table, institutions: Table, ever: Set[Pair], known: Set[int]
) -> set[Pair]:
    """Return the directed obligations after the pact events.

    Parameters
    ----------
    base
        Directed obligations (who owes, to whom) before the events.
    pacts
        Defence pact events in order.
    institutions
        Memberships active at the origin.
    ever
        Directed obligations of any past year.
    known
        COW codes of the states.

    Raises
    ------
    ForecastError
        If a pact names an unknown state or a group without members.
    """
    owed = set(base)
    members = _members(institutions)
    for row, pact in zip(pacts.rows, pacts.records(), strict=True):
        named = _named_states(pacts, int(row), pact, known)
        group = _group_members(pacts, int(row), pact, members)
        pairs = _bound_pairs(named, group, directed=bool(pact["directed"]))
        if pact["event"] == "ended":
            keeps = _keeper(base, group | set(named), members, _institution(pact["group"]))
            owed -= {pair for pair in pairs if not keeps(*pair)}
        elif pact["event"] == "rejoined":
            owed |= pairs & ever
        elif pact["event"] not in ("reversed", "frozen"):
            owed |= pairs
    return owed


def _defence_pacts(pacts: Table, origin: int) -> Table:
    status = pacts[f"status_{origin}_01_01"]
    counts = np.array(
        [
            s.startswith(("in_force", "formally_in_force")) or s in (UNVERIFIED, ENDED)
            for s in status
        ]
    )
    return pacts.where(counts & (pacts["obligation"] == "defence"))


def _pairs_ever(atop: Table) -> set[Pair]:
    return {(int(a), int(b)) for a, b in zip(atop["ccode1"], atop["ccode2"], strict=True)}


def _members(institutions: Table) -> dict[str, set[int]]:
    members: dict[str, set[int]] = {}
    for record in institutions.records():
        if record["kind"] in DEFENCE_KINDS:
            members.setdefault(record["institution_id"], set()).add(int(record["cow_code"]))
    return members


def _institution(group: str) -> str:
    return GROUP_INSTITUTIONS.get(group, group)


def _named_states(pacts: Table, row: int, pact: Mapping[str, Any], known: Set[int]) -> list[int]:
    named = []
    for text in pact["cow_codes"].split(";"):
        if not text.strip().isdigit() or int(text) not in known:
            raise ForecastError(unknown_state(pacts.path, "cow_codes", row, text))
        named.append(int(text))
    return named


def _group_members(pacts: Table, row: int, pact: Mapping[str, Any], members: Members) -> set[int]:
    if not pact["group"]:
        return set()
    institution = _institution(pact["group"])
    if institution not in members:
        raise ForecastError(
            f"{pacts.path}: column group, row {row}: {pact['group']} has no defence institution "
            "with members at the origin; name one of the institution file"
        )
    return set(members[institution])


def _bound_pairs(named: list[int], group: Set[int], *, directed: bool) -> set[Pair]:
    if directed:
        return {(named[0], other) for other in named[1:]}
    others = group or set(named)
    pairs = {(a, b) for a in named for b in others if a != b}
    return pairs | {(b, a) for a, b in pairs}


def _keeper(
    base: Set[Pair], group: Set[int], members: Members, left: str
) -> Callable[[int, int], bool]:
    others = [states for name, states in members.items() if name != left]
    partners: dict[int, set[int]] = {}
    for a, b in base:
        partners.setdefault(a, set()).add(b)

    def keeps(a: int, b: int) -> bool:
        if any(a in states and b in states for states in others):
            return True
        common = partners.get(a, set()) & partners.get(b, set())
        return bool(common - group)

    return keeps
