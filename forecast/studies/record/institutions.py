"""Which security institutions of the record existed at the end of each year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast.outcomes.frame import Frame
from forecast.studies.record.files import Files
from forecast.world.history.rolls import rolls
from forecast.world.history.system import alive


def institutions_between(files: Files, first: int, last: int) -> tuple[str, ...]:
    """Return the institutions with members on some 1 January from `first` to that after `last`.

    Names are those of the membership table, in small letters.
    """
    found = [_active(files, year) for year in range(first, last + 2)]
    return tuple(sorted(set().union(*found)))


def survival(files: Files, frame: Frame) -> dict[str, NDArray[np.int64]]:
    """Return which institutions stood at the start, and which had members at each year's end.

    Returns
    -------
    dict
        `exists`, (architecture, institution); `survival_count`, (batch, architecture,
        institution, year).
    """
    years = range(frame.first_year, frame.first_year + frame.years + 1)
    active = [_active(files, year) for year in years]
    stood = np.array([[name in at for at in active] for name in frame.institutions], np.int64)
    stood = stood.reshape(len(frame.institutions), frame.years + 1)
    return {"exists": stood[None, :, 0], "survival_count": stood[None, None, :, 1:]}


def _active(files: Files, year: int) -> set[str]:
    members = rolls(files.memberships, alive(files.membership, year), year).members
    return {str(name).lower() for name in members["institution_id"]}
