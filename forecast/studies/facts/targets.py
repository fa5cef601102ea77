"""What the record to 2000 shows of every fact, era by era, and how near a simulation must come."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

Tolerance = Literal["share", "units", "factor"]


class Target(NamedTuple):
    """A fact of one era.

    Parameters
    ----------
    fact
        Name in `forecast.studies.facts.simulated`.
    scenario
        Shipped scenario whose world and years are the era's.
    value
        What the record shows.
    low, high
        95 % interval of that, for the record is one history; NaN where none is given.
    within, kind
        Tolerance: a share of the value, its units, or a factor either way.
    source
        Where the numbers come from.
    """

    fact: str
    scenario: str
    value: float
    low: float
    high: float
    within: float
    kind: Tolerance
    source: str

    def holds(self, simulated: float) -> bool:
        """Return whether a simulated value lies within the tolerance."""
        low, high = self.bounds
        return low <= simulated <= high

    @property
    def bounds(self) -> tuple[float, float]:
        """Ends of the tolerance."""
        if self.kind == "factor":
            return self.value / self.within, self.value * self.within
        reach = self.within * (self.value if self.kind == "share" else 1.0)
        return self.value - reach, self.value + reach


TITLES = {
    "disputes": "militarised disputes per year",
    "dispersion": "variance over mean of yearly disputes",
    "resisted": "share of disputes that are reciprocated",
    "fatal": "share of disputes with a death",
    "escalated": "share of disputes that become wars",
    "wars": "interstate wars per year",
    "multiparty": "share of wars with more than two states",
    "parties": "states per war",
    "honoured": "share of called allies that join a war",
    "initiator_wins": "share of wars the initiator wins",
    "draws": "share of wars that end in a draw",
    "deaths_median": "battle deaths of a war, median",
    "deaths_p90": "battle deaths of a war, 90th percentile",
    "tail": "tail exponent of battle deaths from 7,061",
    "beyond": "share of wars with more than 7,061 battle deaths",
    "great_power_wars": "wars with great powers on opposite sides",
    "great_power_disputes": "disputes between great powers per year",
    "conquests": "states ended by conquest",
    "grabs": "land grabs that hold per year",
    "vetoes": "vetoed drafts per year",
    "enforced": "enforcement per war",
    "top_1": "share of disputes in the 1 % of pairs with most",
    "top_5": "share of disputes in the 5 % of pairs with most",
    "top_10": "share of disputes in the 10 % of pairs with most",
}

LEAGUE, COLD_WAR, AFTER = "hindcast_league", "hindcast_cold_war", "hindcast_1990"
ERAS = (LEAGUE, COLD_WAR, AFTER)

MID = "MID 5.0, COW system membership v2016"
WARS = "COW Inter-State War v4.0"
NONE = math.nan


def _lines(
    fact: str,
    within: float,
    kind: Tolerance,
    source: str,
    *by_era: tuple[float, float, float] | None,
) -> list[Target]:
    """Return a fact's targets in the order of `ERAS`."""
    return [
        Target(fact, scenario, *told, within, kind, source)
        for scenario, told in zip(ERAS, by_era, strict=True)
        if told is not None
    ]


ALTMAN = "Altman (2017), doi:10.1093/isq/sqx049: 1.15 a year since 1945, six in ten held (assumed)"
VETOES = "recorded vetoes of the Security Council, a draft counted once for each veto"
FROZEN = f"{MID}: onsets between states of the origin's world, as forecast world observed counts"
"""States born after the origin, in two thirds of the disputes of 1946-1989, are not simulated."""

PAIRS = f"{WARS}, begun by states of one pair of the origin's world"
"""4 of 29 wars of 1946-1989: the others had a state born later on one side."""

DRAWN = f"{WARS}: all wars 1823-2003 in three eras, the last 1946-2007"

TARGETS: tuple[Target, ...] = (
    *_lines(
        "disputes",
        0.15,
        "share",
        FROZEN,
        (8.50, NONE, NONE),
        (8.02, NONE, NONE),
        (25.7, NONE, NONE),
    ),
    *_lines(
        "dispersion",
        1.6,
        "factor",
        FROZEN,
        (4.69, NONE, NONE),
        (1.52, NONE, NONE),
        (3.24, NONE, NONE),
    ),
    *_lines(
        "resisted", 0.05, "units", MID, (0.54, NONE, NONE), (0.55, NONE, NONE), (0.42, NONE, NONE)
    ),
    *_lines(
        "fatal",
        0.04,
        "units",
        f"{MID}, known fatality",
        (0.281, 0.210, 0.361),
        (0.239, 0.212, 0.269),
        (0.176, 0.132, 0.227),
    ),
    *_lines(
        "escalated",
        1.5,
        "factor",
        PAIRS,
        (0.059, 0.028, 0.107),
        (0.011, 0.003, 0.029),
        (0.014, 0.004, 0.036),
    ),
    *_lines(
        "wars",
        0.12,
        "units",
        PAIRS,
        (0.500, 0.240, 0.920),
        (0.091, 0.025, 0.233),
        (0.364, 0.099, 0.931),
    ),
    *_lines(
        "multiparty",
        0.10,
        "units",
        WARS,
        (0.200, 0.043, 0.481),
        (0.414, 0.235, 0.611),
        (0.429, 0.099, 0.816),
    ),
    *_lines(
        "parties", 0.7, "units", WARS, (3.67, 2.0, 6.8), (3.41, 2.59, 4.62), (4.71, 2.14, 8.14)
    ),
    *_lines(
        "honoured",
        0.05,
        "units",
        f"{WARS}, ATOP 5.1, relevant allies of attacked targets",
        None,
        (0.030, 0.0, 0.125),
        None,
    ),
    *_lines(
        "initiator_wins",
        0.08,
        "units",
        DRAWN,
        (0.54, NONE, NONE),
        (0.34, NONE, NONE),
        (0.34, NONE, NONE),
    ),
    *_lines("draws", 0.08, "units", DRAWN, None, (0.42, NONE, NONE), (0.42, NONE, NONE)),
    *_lines(
        "deaths_median",
        1.8,
        "factor",
        WARS,
        (4.0e4, 1.1e4, 9.27e4),
        (5.37e3, 2.7e3, 8.0e3),
        (5.24e3, 1.5e3, 4.15e4),
    ),
    *_lines(
        "deaths_p90",
        1.8,
        "factor",
        WARS,
        (6.61e5, 7.56e4, 1.66e7),
        (1.99e5, 1.13e4, 1.07e6),
        (7.29e4, 8.74e3, 1.2e5),
    ),
    *_lines(
        "tail",
        0.15,
        "units",
        "Clauset (2018), doi:10.1126/sciadv.aao3580",
        (1.53, 1.39, 1.67),
        (1.53, 1.39, 1.67),
        (1.53, 1.39, 1.67),
    ),
    *_lines(
        "beyond", 0.10, "units", WARS, (0.54, NONE, NONE), (0.54, NONE, NONE), (0.54, NONE, NONE)
    ),
    *_lines(
        "great_power_wars",
        1.0,
        "units",
        WARS,
        (3.0, NONE, NONE),
        (1.0, NONE, NONE),
        (0.0, NONE, NONE),
    ),
    *_lines(
        "great_power_disputes",
        0.4,
        "units",
        MID,
        (1.143, 0.732, 1.700),
        (1.545, 1.200, 1.959),
        (1.364, 0.763, 2.249),
    ),
    *_lines(
        "conquests",
        1.0,
        "units",
        "COW system membership v2016, exits by conquest",
        None,
        (1.0, NONE, NONE),
        (0.0, NONE, NONE),
    ),
    *_lines("grabs", 0.24, "units", ALTMAN, None, (0.69, NONE, NONE), (0.69, NONE, NONE)),
    *_lines("vetoes", 0.6, "units", VETOES, None, (3.68, 3.14, 4.29), (0.82, 0.37, 1.55)),
    *_lines(
        "enforced",
        0.04,
        "units",
        "2 of 38 wars 1946-2007 (Korea, Kuwait)",
        None,
        (0.05, 0.006, 0.178),
        (0.05, 0.006, 0.178),
    ),
    *_lines(
        "top_1",
        0.06,
        "units",
        FROZEN,
        (0.218, NONE, NONE),
        (0.173, NONE, NONE),
        (0.265, NONE, NONE),
    ),
    *_lines(
        "top_5",
        0.06,
        "units",
        FROZEN,
        (0.518, NONE, NONE),
        (0.518, NONE, NONE),
        (0.767, NONE, NONE),
    ),
    *_lines(
        "top_10",
        0.06,
        "units",
        FROZEN,
        (0.724, NONE, NONE),
        (0.725, NONE, NONE),
        (1.000, NONE, NONE),
    ),
)
"""Every line of the validation table."""
