"""ISO codes, names and regions of states, past ones among them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.world.codes import REGIONS
from forecast.world.history.system import Codes
from forecast.world.readers.table import Table

LATEST = 9999


class PastName(NamedTuple):
    """What a state is called in worlds up to an origin.

    Parameters
    ----------
    code
        COW code.
    until
        Last forecast origin at which the name holds.
    iso3
        Three letters, unique within a world.
    name
        Name of the state.
    region
        One of `REGIONS`.
    """

    code: int
    until: int
    iso3: str
    name: str
    region: str


PAST_NAMES = (
    # Withdrawn codes (ISO 3166-3), and codes that passed from one state to its successor.
    PastName(260, LATEST, "DEU", "German Federal Republic", "europe"),
    PastName(265, LATEST, "DDR", "German Democratic Republic", "europe"),
    PastName(315, LATEST, "CSK", "Czechoslovakia", "europe"),
    PastName(345, 2006, "YUG", "Yugoslavia", "europe"),
    PastName(345, LATEST, "SRB", "Serbia", "europe"),
    PastName(678, LATEST, "YEM", "Yemen Arab Republic", "middle_east_north_africa"),
    PastName(680, LATEST, "YMD", "Yemen People's Republic", "middle_east_north_africa"),
    PastName(816, 1976, "VDR", "Democratic Republic of Vietnam", "east_asia_pacific"),
    PastName(817, LATEST, "VNM", "Republic of Vietnam", "east_asia_pacific"),
    # States without any ISO code: codes this project assigns, from the range left to users.
    PastName(240, LATEST, "XHN", "Hanover", "europe"),
    PastName(245, LATEST, "XBV", "Bavaria", "europe"),
    PastName(267, LATEST, "XBD", "Baden", "europe"),
    PastName(269, LATEST, "XSX", "Saxony", "europe"),
    PastName(271, LATEST, "XWU", "Württemberg", "europe"),
    PastName(273, LATEST, "XHE", "Hesse Electoral", "europe"),
    PastName(275, LATEST, "XHG", "Hesse Grand Ducal", "europe"),
    PastName(280, LATEST, "XME", "Mecklenburg Schwerin", "europe"),
    PastName(300, LATEST, "XAH", "Austria-Hungary", "europe"),
    PastName(327, LATEST, "XPS", "Papal States", "europe"),
    PastName(329, LATEST, "XTS", "Two Sicilies", "europe"),
    PastName(332, LATEST, "XMO", "Modena", "europe"),
    PastName(335, LATEST, "XPA", "Parma", "europe"),
    PastName(337, LATEST, "XTU", "Tuscany", "europe"),
    PastName(511, LATEST, "XZN", "Zanzibar", "sub_saharan_africa"),
    PastName(730, LATEST, "XKO", "Korea", "east_asia_pacific"),
)

REGION_OF_SUBREGION = {
    "Australia and New Zealand": "east_asia_pacific",
    "Central Asia": "central_south_asia",
    "Eastern Asia": "east_asia_pacific",
    "Eastern Europe": "europe",
    "Latin America and the Caribbean": "americas",
    "Melanesia": "east_asia_pacific",
    "Micronesia": "east_asia_pacific",
    "Northern Africa": "middle_east_north_africa",
    "Northern America": "americas",
    "Northern Europe": "europe",
    "Polynesia": "east_asia_pacific",
    "South-eastern Asia": "east_asia_pacific",
    "Southern Asia": "central_south_asia",
    "Southern Europe": "europe",
    "Sub-Saharan Africa": "sub_saharan_africa",
    "Western Asia": "middle_east_north_africa",
    "Western Europe": "europe",
}

REGION_OF_STATE = {
    347: "europe",  # Kosovo: the crosswalk gives no subregion
    352: "europe",  # Cyprus
    371: "europe",  # Armenia
    372: "europe",  # Georgia
    373: "europe",  # Azerbaijan
    625: "sub_saharan_africa",  # Sudan
    630: "middle_east_north_africa",  # Iran
    713: "east_asia_pacific",  # Taiwan: the crosswalk gives no subregion
}
"""States that this project's six regions place apart from their UN subregion."""


class Names(NamedTuple):
    """ISO code, name and region code of each state, all (state,)."""

    iso3: list[str]
    name: list[str]
    region: NDArray[np.int8]


def state_names(countries: Table, codes: Codes, year: int) -> Names:
    """Return what the states alive at an origin are called and where they lie.

    Parameters
    ----------
    countries
        Crosswalk of country codes.
    codes
        COW codes, sorted, (state,).
    year
        Forecast origin.

    Raises
    ------
    ForecastError
        If a state has no code, no region, or the code of another.
    """
    past = {p.code: p for p in reversed(PAST_NAMES) if year <= p.until}
    listed = {int(c): r for c, r in zip(countries["ccode"], countries.records(), strict=True)
              if not np.isnan(c)}  # fmt: skip
    found = [past.get(int(c)) or _present(countries, listed, int(c)) for c in codes]
    if len({f.iso3 for f in found}) < len(found):
        raise ForecastError(
            f"{countries.path}: column iso3c: two states alive in {year} share a code; "
            "correct the crosswalk"
        )
    regions = np.array([REGIONS.index(f.region) for f in found], np.int8)
    return Names([f.iso3 for f in found], [f.name for f in found], regions)


def _present(countries: Table, listed: dict[int, dict[str, object]], code: int) -> PastName:
    row = listed.get(code)
    if row is None or not row["iso3c"]:
        raise ForecastError(
            f"{countries.path}: column iso3c: no ISO code for COW code {code}, a state alive at "
            "the forecast origin; add it to the crosswalk"
        )
    region = REGION_OF_STATE.get(code) or REGION_OF_SUBREGION.get(str(row["un_subregion"]))
    if region is None:
        raise ForecastError(
            f"{countries.path}: column un_subregion: '{row['un_subregion']}' of COW code {code} "
            f"is none of {', '.join(REGION_OF_SUBREGION)}"
        )
    return PastName(code, LATEST, str(row["iso3c"]), str(row["name"]), region)
