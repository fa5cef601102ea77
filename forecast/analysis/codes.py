"""Codes of states: from those of the Correlates of War to those of others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

LATEST = 9999


class Unlike(NamedTuple):
    """A state that Gleditsch and Ward give another number than the Correlates of War do.

    Parameters
    ----------
    cow
        COW code.
    first, last
        Calendar years in which the codes differ.
    gw
        Gleditsch-Ward code; 0 where their list has no such state.
    """

    cow: int
    first: int
    last: int
    gw: int


UNLIKE = (
    Unlike(255, 1990, LATEST, 260),  # Germany since unification goes on as the Federal Republic
    Unlike(345, 1878, 1915, 340),  # Serbia before Yugoslavia
    Unlike(345, 1916, 1917, 0),  # Serbia occupied
    Unlike(345, 2006, LATEST, 340),  # Serbia after Montenegro left
    Unlike(600, 1905, 1912, 0),  # Morocco before the protectorate
    Unlike(651, 1856, 1882, 0),  # Egypt under the Ottomans
    Unlike(670, 1927, 1931, 0),  # Hejaz and Nejd before Saudi Arabia
    Unlike(679, 1990, LATEST, 678),  # Yemen goes on as the Arab Republic
    Unlike(812, 1953, 1953, 0),  # Laos before 1954
    Unlike(946, 1999, LATEST, 970),  # Kiribati
    Unlike(947, 2000, LATEST, 973),  # Tuvalu
    Unlike(955, 1999, LATEST, 972),  # Tonga
    Unlike(970, 1999, LATEST, 971),  # Nauru
)
"""Where the two lists differ, in state-years of the COW system; everywhere else they agree.

Source
------
Gleditsch and Ward (1999), A Revised List of Independent States since the Congress of Vienna,
International Interactions 25(4): 393-413, doi:10.1080/03050629908434958, with the later list of
microstates; set beside the COW list of 2016 by Miller (2022), doi:10.1177/07388942221077926.
"""

OWN_INITIAL = "X"
"""ISO leaves codes from XAA to XZZ to their users."""

KOSOVO = "XKX"
"""The one code of that range that is in general use."""


def gleditsch_ward(cow: ArrayLike, year: ArrayLike) -> NDArray[np.int64]:
    """Return the Gleditsch-Ward codes of states in years; 0 where their list has no such state.

    Parameters
    ----------
    cow, year
        COW codes and calendar years of state-years in the COW system, of shapes that broadcast.

    Examples
    --------
    >>> gleditsch_ward(255, [1938, 2030]).tolist()
    [255, 260]
    """
    codes, years = np.broadcast_arrays(np.asarray(cow, np.int64), np.asarray(year, np.int64))
    found = codes.copy()
    for one in UNLIKE:
        found[(codes == one.cow) & (years >= one.first) & (years <= one.last)] = one.gw
    return found


def iso_only(code: str) -> str:
    """Return a code of three letters if ISO 3166 has or had it, "" if it is this project's own.

    Examples
    --------
    >>> iso_only("DDR"), iso_only("XBV"), iso_only("XKX")
    ('DDR', '', 'XKX')
    """
    return "" if code.startswith(OWN_INITIAL) and code != KOSOVO else code
