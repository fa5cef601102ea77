"""The forms of the onset equation that are compared, and the terms some of them add."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.studies.fit.onset import TERMS, Carrier
from forecast.studies.panel import DyadYears
from forecast.world.history import covariates as known
from forecast.world.history.sources import Sources
from forecast.world.history.system import Codes, active, alive, locate

Floats = NDArray[np.float64]

RECOGNITION_YEARS = 5
"""Years after its start at which contemporaries are taken to see a rivalry (assumption)."""


class Form(NamedTuple):
    """One form of the onset equation.

    Parameters
    ----------
    name
        How the table calls it.
    terms
        Terms of the base rate.
    carrier
        Whether memory is added to the base rate or multiplied with it.
    half_life
        Half-life of the weights of training years; None for equal weights.
    """

    name: str
    terms: tuple[str, ...]
    carrier: Carrier = "added"
    half_life: float | None = 20.0


def _without(*names: str) -> tuple[str, ...]:
    return tuple(term for term in TERMS if term not in names)


ADOPTED = Form("adopted: size acts less between land neighbours", TERMS)
REFINED = Form("memory added, size and new dyads, half-life 20", _without("size_land"))
PLAIN = _without("size", "size_land", "new_dyad")

FORMS = (
    Form("memory multiplied with the base rate", PLAIN, "multiplied", None),
    Form("memory added to the base rate", PLAIN, half_life=None),
    REFINED,
    ADOPTED,
    ADOPTED._replace(name="adopted, all years alike", half_life=None),
    ADOPTED._replace(name="adopted, half-life 10", half_life=10.0),
    ADOPTED._replace(name="adopted + distance of UN votes", terms=(*TERMS, "votes", "no_votes")),
    ADOPTED._replace(name="adopted + support for the target", terms=(*TERMS, "support")),
    ADOPTED._replace(
        name="adopted, rivalry only once seen", terms=(*_without("rivalry"), "rivalry_seen")
    ),
    ADOPTED._replace(name="adopted, no rivalry", terms=_without("rivalry")),
)
"""In the order of the table."""


def with_more_terms(sources: Sources, panel: DyadYears) -> DyadYears:
    """Return the panel with the terms that only some forms use.

    ``votes`` and ``no_votes``: distance of the ideal points in the General Assembly, and whether
    none is known; ``support``: mean over both directions of the log of one plus the capability of
    the target's defence allies over its own; ``rivalry_seen``: a rivalry that began at least
    `RECOGNITION_YEARS` ago.
    """
    more = {name: np.zeros(len(panel.year)) for name in ("votes", "no_votes", "support")}
    more["rivalry_seen"] = np.zeros(len(panel.year))
    for year in np.unique(panel.year):
        rows = np.flatnonzero(panel.year == year)
        codes = np.union1d(alive(sources.membership, int(year)), panel.first[rows])
        codes = np.union1d(codes, panel.second[rows]).astype(np.int64)
        i, j = locate(codes, panel.first[rows])[0], locate(codes, panel.second[rows])[0]
        for name, values in _one_year(sources, codes, int(year), i, j).items():
            more[name][rows] = values
    return panel._replace(terms={**panel.terms, **more})


def _one_year(
    sources: Sources, codes: Codes, year: int, i: NDArray[np.intp], j: NDArray[np.intp]
) -> dict[str, Floats]:
    point = known.newest(sources.ideal_points, "idealpointall", codes, year).values
    apart = np.abs(point[i] - point[j])
    support = nominal_support(sources, codes, year)
    early = sources.rivalries.where(sources.rivalries["styear"] < year - RECOGNITION_YEARS)
    return {
        "votes": np.nan_to_num(apart),
        "no_votes": np.isnan(apart).astype(float),
        "support": 0.5 * (support[i, j] + support[j, i]),
        "rivalry_seen": known.rivals(early, codes, year)[i, j].astype(float)
        if active(early, year).any()
        else np.zeros(len(i)),
    }


def nominal_support(sources: Sources, codes: Codes, year: int) -> Floats:
    """Return the help a target's allies owe it against each initiator, (initiator, target).

    The log of one plus the capability of the target's defence allies other than the initiator
    over its own, every ally at full weight (docs/model.md §4.4).
    """
    cinc = known.cinc_share(sources.capabilities, codes, year)[0]
    owed = known.owed_defence(sources.alliances, codes, year).astype(float)
    help_of = owed * cinc[:, None]
    others = help_of.sum(axis=0)[None, :] - help_of
    return np.asarray(np.log1p(np.maximum(others, 0.0) / cinc[None, :]))
