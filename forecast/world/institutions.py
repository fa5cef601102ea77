"""Who belongs to which security institution at the forecast origin, and in which role."""

from __future__ import annotations

import numpy as np
import xarray as xr

from forecast.world.codes import MEMBERSHIP_ROLES
from forecast.world.labels import flags, labelled, text_array
from forecast.world.pairs import positions
from forecast.world.readers.table import Table
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


def institution_ids(memberships: Table) -> list[str]:
    """Return the institutions that have a member at the origin, sorted by id."""
    return sorted(set(memberships["institution_id"]))


def institution_coordinates(memberships: Table) -> Variables:
    """Return the labels of the dimension `institution`."""
    first = {r["institution_id"]: r for r in reversed(list(memberships.records()))}
    ids = institution_ids(memberships)

    def label(values: list[str], name: str) -> xr.Variable:
        return labelled(
            "institution",
            text_array(values),
            long_name=name,
            units="none",
            source=cite("initial_conditions"),
            year="spell",
        )

    return {
        "institution": label(ids, "id of the institution or pact"),
        "institution_name": label([first[i]["name"] for i in ids], "name of the institution"),
        "institution_kind": label([first[i]["kind"] for i in ids], "kind of commitment"),
    }


def membership_variables(memberships: Table, codes: list[int], origin: int) -> Variables:
    """Return the role of every state in every institution, (institution, state).

    Parameters
    ----------
    memberships
        Memberships active at the origin, one record per institution and state.
    codes
        COW codes of the states, sorted.
    origin
        Forecast origin, year.
    """
    row, column = positions_of(institution_ids(memberships)), positions(codes)
    roles = np.zeros((len(row), len(column)), dtype=np.int8)
    for record in memberships.records():
        code = MEMBERSHIP_ROLES.index(ROLE_OF_SOURCE[record["role"]])
        roles[row[record["institution_id"]], column[record["cow_code"]]] = code
    variable = labelled(
        ("institution", "state"),
        roles,
        long_name="role of the state in the institution",
        units="none",
        source=cite("initial_conditions"),
        year=origin,
        rule=f"memberships active on 1 January {origin}; legal membership counts even where "
        "participation is frozen; institutions without a member at that date are left out",
        **flags(MEMBERSHIP_ROLES),
    )
    return {"membership": variable}


def positions_of(ids: list[str]) -> dict[str, int]:
    """Return the position of each id in the list."""
    return {identifier: position for position, identifier in enumerate(ids)}
