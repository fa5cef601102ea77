"""Groups of batches that share no parameter draw."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def groups_by_draw(sizes: ArrayLike, draws: int) -> NDArray[np.int64]:
    """Return the group of each batch, numbered from 0 in the order of their first batch.

    Batches hold trajectories one after the other, and trajectory n has draw n mod D; batches that
    share a draw, directly or through others, are one group. Without draws each is its own.

    Parameters
    ----------
    sizes
        Trajectories in each batch, (batch,).
    draws
        Number D of draws; 1 where the parameters are fixed.

    Examples
    --------
    >>> groups_by_draw([2, 2, 2, 2], 4).tolist()
    [0, 1, 0, 1]
    """
    counts = np.asarray(sizes, dtype=np.int64)
    if draws == 1:
        return np.arange(counts.size)
    starts = ((np.cumsum(counts) - counts) % draws).tolist()
    group = np.arange(counts.size)
    holder: dict[int, int] = {}
    alike: dict[tuple[int, int], int] = {}
    for batch, held in enumerate(zip(starts, counts.tolist(), strict=True)):
        first = alike.setdefault(held, batch)
        group[batch] = group[first]
        if first != batch:
            continue
        for number in range(held[0], held[0] + min(held[1], draws)):
            known = holder.setdefault(number % draws, batch)
            if group[known] != group[batch]:
                group[group == group[batch]] = group[known]
    found: NDArray[np.int64] = np.unique(group, return_inverse=True)[1]
    return found
