"""Who belongs to which security institution at the forecast origin, and in which role."""

from __future__ import annotations

import numpy as np
import xarray as xr

from forecast.world.codes import MEMBERSHIP_ROLES
from forecast.world.history.rolls import Rolls
from forecast.world.labels import flags, labelled, text_array
from forecast.world.pairs import positions
from forecast.world.sources import cite

Variables = dict[str, xr.Variable]

ROLE_OF_SOURCE = {
    "member": "member",
    "leader": "leader",
    "permanent_member_veto": "permanent_veto",
    "elected_member": "elected",
    "covered_partner": "covered_partner",
    "guarantor": "guarantor",
}


def institution_ids(rolls: Rolls) -> list[str]:
    """Return the institutions founded before the origin, sorted by id."""
    return sorted({*rolls.founded["institution_id"], *rolls.members["institution_id"]})


def institution_coordinates(rolls: Rolls) -> Variables:
    """Return the labels of the dimension `institution`."""
    records = [*rolls.members.records(), *rolls.founded.records()]
    first = {r["institution_id"]: r for r in reversed(records)}
    ids = institution_ids(rolls)

    def label(values: list[str], name: str) -> xr.Variable:
        return labelled(
            "institution",
            text_array(values),
            long_name=name,
            units="none",
            source=cite("memberships"),
            year="spell",
        )

    return {
        "institution": label(ids, "id of the institution or pact"),
        "institution_name": label([first[i]["name"] for i in ids], "name of the institution"),
        "institution_kind": label([first[i]["kind"] for i in ids], "kind of commitment"),
    }


def membership_variables(rolls: Rolls, codes: list[int]) -> Variables:
    """Return the role of every state in every institution, (institution, state).

    Parameters
    ----------
    rolls
        Institutions and their members at the origin.
    codes
        COW codes of the states, sorted.
    """
    ids = institution_ids(rolls)
    row, column = {name: at for at, name in enumerate(ids)}, positions(codes)
    roles = np.zeros((len(row), len(column)), dtype=np.int8)
    for record in rolls.members.records():
        code = MEMBERSHIP_ROLES.index(ROLE_OF_SOURCE[record["role"]])
        roles[row[record["institution_id"]], column[int(record["cow_code"])]] = code
    variable = labelled(
        ("institution", "state"),
        roles,
        long_name="role of the state in the institution",
        units="none",
        source=cite("memberships"),
        year="spell",
        rule=rolls.rule,
        comment="institutions founded before the origin stay listed when no member is left",
        **flags(MEMBERSHIP_ROLES),
    )
    return {"membership": variable}
