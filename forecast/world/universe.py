"""The politically relevant universe: the directed dyads whose disputes are simulated one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast.world.codes import GREAT_POWER


def universe_rule(relevance: str) -> str:
    """Return the rule in words; `relevance` says which memory of disputes counts."""
    return (
        "directed dyads that are directly contiguous (types 1-5), contain a great power "
        f"(state_class great), {relevance}, or are strategic rivals"
    )


Booleans = NDArray[np.bool_]


def politically_relevant(contiguity: NDArray[np.int8], state_class: NDArray[np.int8]) -> Booleans:
    """Return which ordered pairs of states are politically relevant.

    Parameters
    ----------
    contiguity
        Direct contiguity type, (state, partner), 0 for none.
    state_class
        Capability class, (state,).

    Returns
    -------
    NDArray
        Whether the pair is contiguous or contains a great power, (state, partner); never a
        state with itself.

    Source
    ------
    Lemke and Reed (2001), The Relevance of Politically Relevant Dyads, Journal of Conflict
    Resolution 45(1): 126-144, doi:10.1177/0022002701045001006.
    """
    great = state_class == GREAT_POWER
    relevant = (contiguity > 0) | great[:, np.newaxis] | great[np.newaxis, :]
    return np.asarray(relevant & ~np.eye(len(state_class), dtype=bool))


def universe(
    contiguity: NDArray[np.int8],
    state_class: NDArray[np.int8],
    remembered: Booleans,
    rivalry: NDArray[np.int8],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the directed dyads of the universe as positions of initiator and target.

    Parameters
    ----------
    contiguity, state_class
        As for `politically_relevant`.
    remembered
        Whether remembered disputes make the pair relevant, (state, partner), symmetric.
    rivalry
        Strategic rivalry, (state, partner), symmetric.

    Returns
    -------
    tuple
        Positions of initiators and of targets, (dyad,), sorted by (initiator, target).
    """
    inside = politically_relevant(contiguity, state_class) | remembered | (rivalry > 0)
    initiators, targets = np.nonzero(inside)
    return initiators, targets
