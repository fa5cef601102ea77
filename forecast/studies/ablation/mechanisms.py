"""What an architecture does otherwise than the reference, one mechanism at a time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any, NamedTuple, TypeVar

from forecast.scenario.conduct import Conduct
from forecast.scenario.institution import Institution
from forecast.scenario.models import Architecture
from forecast.scenario.quantities import Quantity

Record = TypeVar("Record", Institution, Conduct)


class Mechanism(NamedTuple):
    """Fields of an architecture that make up one way of working.

    Parameters
    ----------
    record, conduct
        Fields of every institution, and of the conduct.
    belief
        Whether the fields say how much is believed or held right at the start, rather than what
        is agreed, kept ready or done. Their values are assumptions that no treaty settles.
    """

    record: tuple[str, ...] = ()
    conduct: tuple[str, ...] = ()
    belief: bool = False


NEW, VOID, BIRTHS, TRADE, COVER = "new records", "void records", "births", "trade body", "cover"

MECHANISMS: dict[str, Mechanism] = {
    "votes": Mechanism(
        record=(
            "rule",
            "deciders",
            "veto_holders",
            "veto_restraint",
            "quorum",
            "override_quorum",
            "exclude_parties",
            "ladder_max",
            "trigger",
        )
    ),
    "force": Mechanism(
        record=("obligation", "share", "standing", "latency_days", "free_riding"),
    ),
    "credibility": Mechanism(
        record=(
            "credibility",
            "credibility_size",
            "fail_weight",
            "memory_years",
            "fixed_credibility",
            "legitimacy",
        ),
        belief=True,
    ),
    COVER: Mechanism(record=("members", "covered")),
    "intra": Mechanism(record=("intra",)),
    "resilience": Mechanism(record=("resilience_rate", "resilience_cap")),
    "hardening": Mechanism(record=("hardening_rate", "obligation_ceiling", "share_ceiling")),
    "accession": Mechanism(record=("accedes",), conduct=("accession_per_year",)),
    "polarisation": Mechanism(record=("pole",), conduct=("polarisation",)),
    "exits": Mechanism(record=("exit_rate",), conduct=("exit_factor",)),
    "pact deaths": Mechanism(conduct=("pact_death_factor",)),
    BIRTHS: Mechanism(conduct=("births_per_year", "birth_size_most", "birth_life_years")),
    "willing": Mechanism(conduct=("willing_bonus", "willing_weight")),
    "balancing": Mechanism(conduct=("balance_bonus",)),
    TRADE: Mechanism(record=("domain",)),
    "accommodation": Mechanism(conduct=("accommodation",), belief=True),
    "conquest norm": Mechanism(conduct=("conquest_norm",), belief=True),
    NEW: Mechanism(),
    VOID: Mechanism(),
}
"""Every field that the simulation reads belongs to one of these; `invest` only matches budgets.
Two kinds of record belong to one as a whole: the class of newborn pacts to the births, a body that
rules on trade alone to the trade body. New and void records are those that only one of the two
architectures has."""

LABEL = " - "
RULES = "only its rules"


def ablated_versions(own: Architecture, reference: Architecture) -> dict[str, Architecture]:
    """Return the architecture with each mechanism it has set to the reference's, by mechanism.

    A mechanism that equals the reference's is left out. A new record has no value in the reference:
    its credibility, resilience, hardening, accession, pole, exits and intra become those of the
    reference's class of defence pacts, an ordinary pact; its cover shrinks to its members; its
    votes and force have no counterpart and fall with the record alone.
    """
    versions = {name: ablated(own, reference, name) for name in MECHANISMS}
    return {name: version for name, version in versions.items() if version is not own}


def rules_only(own: Architecture, reference: Architecture) -> Architecture:
    """Return the architecture with every belief set to the reference's: what it does still acts."""
    beliefs = [name for name, mechanism in MECHANISMS.items() if mechanism.belief]
    return reduce(lambda version, name: ablated(version, reference, name), beliefs, own)


def ablated(own: Architecture, reference: Architecture, name: str) -> Architecture:
    """Return the architecture with one mechanism set to the reference's; itself if none differs."""
    mechanism = MECHANISMS[name]
    institutions = {}
    for key in {**own.institutions, **reference.institutions}:
        record = _record(key, own, reference, name)
        if record is not None:
            institutions[key] = record
    base = {field: getattr(reference.conduct, field) for field in mechanism.conduct}
    conduct = _with(own.conduct, base)
    same = conduct is own.conduct and institutions.keys() == own.institutions.keys()
    if same and all(institutions[key] is own.institutions[key] for key in institutions):
        return own
    voided = {key: record for key, record in own.voided.items() if key not in institutions}
    changed = {"conduct": conduct, "institutions": institutions, "voided": voided}
    return own.model_copy(update=changed)


def _record(key: str, own: Architecture, reference: Architecture, name: str) -> Institution | None:
    """Return what becomes of a record, None if it goes."""
    mine, base = own.institutions.get(key), reference.institutions.get(key)
    if (whole := _belongs_to(mine, base)) is not None:
        return _whole(mine, base) if whole == name else mine
    if mine is None:
        return base if name == VOID else None
    if base is None:
        return None if name == NEW else _with(mine, _ordinary(mine, reference, name))
    return _with(mine, {field: getattr(base, field) for field in MECHANISMS[name].record})


def _belongs_to(mine: Institution | None, base: Institution | None) -> str | None:
    """Return the mechanism that a record is part of as a whole, None for most."""
    present = [record for record in (mine, base) if record is not None]
    if any(record.links == "births" for record in present):
        return BIRTHS
    return TRADE if all(record.domain == "economic" for record in present) else None


def _whole(mine: Institution | None, base: Institution | None) -> Institution | None:
    """Return the reference's record, or the record itself where every value is equal."""
    if mine is None or base is None:
        return base
    fields = set(Institution.model_fields) - {"id", "title"}
    return _with(mine, {field: getattr(base, field) for field in fields})


def _ordinary(mine: Institution, reference: Architecture, name: str) -> dict[str, Any]:
    """Return what a record without counterpart gets in place of the fields of a mechanism."""
    if name == COVER:
        return {"covered": mine.members}
    pacts = [r for r in reference.institutions.values() if r.links == "defence_obligation"]
    if name in ("votes", "force") or not pacts:
        return {}
    # Whether credibility moves at all is what makes a class of pacts, not a belief about one.
    fields = set(MECHANISMS[name].record) - {"fixed_credibility"}
    return {field: getattr(pacts[0], field) for field in fields}


def _with(record: Record, base: Mapping[str, Any]) -> Record:
    """Return the record with the values that differ replaced; the record itself if none does."""
    changed = {f: new for f, new in base.items() if _value(getattr(record, f)) != _value(new)}
    return record.model_copy(update=changed) if changed else record


def _value(entry: Any) -> Any:
    """Return what counts of an entry: the number of a quantity, whatever its source."""
    return entry.value if isinstance(entry, Quantity) else entry
