"""Write the small synthetic data pack: twelve invented states, 1816-2000, in the source formats.

Run as ``python -m tests.pack.make [FOLDER]``. Every name and number is invented; only the file
names, the columns and the code ranges are those of the real sources.
"""

from __future__ import annotations

import sys
from itertools import permutations
from pathlib import Path

import numpy as np

from tests.pack.invented import (
    ALLIANCES,
    CODES,
    LAST,
    MAJORS,
    NEIGHBOURS,
    OPEN,
    RIVALRIES,
    STATES,
    alive,
    live_states,
)
from tests.pack.record import events
from tests.pack.tables import iso, write, write_parquet


def structure(to: Path) -> None:
    """Write states, majors, codes, capitals, contiguity, rivalries, alliances, institutions."""
    spells = [(s, start, end) for s in STATES for start, end in s[3]]
    dates = "styear,stmonth,stday,endyear,endmonth,endday"
    write(to / "states_cow_v2016.csv", f"stateabb,ccode,statenme,{dates}",
          [(s[1], s[2], s[0], *start, *end) for s, start, end in spells])  # fmt: skip
    write(to / "major_powers_cow_v2016.csv", f"ccode,{dates}", [(c, *a, *b) for c, a, b in MAJORS])
    write(to / "capitals_cow.csv", "ccode,statenme,capital,stdate,enddate,lat,lng",
          [(s[2], s[0], f"{s[0]} City", iso(a), iso((2024, 12, 31) if b == OPEN else b), *s[5])
           for s, a, b in spells])  # fmt: skip
    named = {s[2]: s for s in STATES}
    write(to / "state_years_cow_gw.csv.gz", "year,ccode,gwcode,stateabb,cw_name",
          [(y, c, "" if c == 331 else c, named[c][1], named[c][0])
           for c, y in live_states(1816, 2025)])  # fmt: skip
    header = ("name,iso2c,iso3c,iso3n,ccode,stateabb,gwcode,gwabb,vdem,un_m49,continent,wb_region,"
              "un_subregion")  # fmt: skip
    codes = [(s[0], s[1][:2], s[1], 900 - i, s[2], s[1], s[2], s[1], 300 + i, 900 - i, "", "", s[4])
             for i, s in enumerate(STATES)]  # fmt: skip
    codes.append(("Territory of Nowhere", "", "", "", "", "", "", "", "", "", "", "", ""))
    write(to / "crosswalk_iso3_cow_gw.csv", header, codes)
    write(to / "contiguity_cow_v32.csv", "ccode1,ccode2,conttype,stdate,enddate", contiguity(named))
    kinds = "positional,spatial,ideological,interventionary,principal,aprin"
    write(to / "rivalries_tss2021.csv", f"tssr_id,rivalry,ccode1,ccode2,styear,endyear,{kinds}",
          [(i, f"{named[a][0]}-{named[b][0]}", a, b, *years, 1, i % 2, 0, 0, 1, 0)
           for i, (a, b, *years) in enumerate(RIVALRIES, start=1)])  # fmt: skip
    owed: dict[tuple[int, int, int], np.ndarray] = {}
    for members, first, last, kind in ALLIANCES:
        for a, b in permutations(members, 2):
            for y in range(first, last + 1):
                owed[a, b, y] = np.maximum(owed.get((a, b, y), 0), kind)
    names = "ccode1,ccode2,year,atop_defense,atop_offense,atop_neutral,atop_nonagg,atop_consul"
    write_parquet(to / "alliances_atop_v51.parquet", names,
                  [(*k, *map(int, v)) for k, v in sorted(owed.items())])  # fmt: skip
    institutions(to / "initial_2026" / "institutions.csv", named)


def contiguity(named: dict[int, tuple]) -> list[tuple]:
    """Return both orders of each pair of neighbours, a spell for each time both are members."""
    rows = []
    for one, other, kind in NEIGHBOURS:
        for start, end in named[one][3]:
            for start2, end2 in named[other][3]:
                first, last = max(start, start2), min(end, end2)
                if first < last:
                    spell = (kind, iso(first), iso((2016, 12, 1) if last == OPEN else last))
                    rows += [(one, other, *spell), (other, one, *spell)]
    return sorted(rows)


def institutions(path: Path, named: dict[int, tuple]) -> None:
    """Write spells of two universal bodies, their councils and one alliance."""
    bodies = {
        "LEAGUE": ("League of Nations", "universal", "1946-04-18",
                   {c: "1920" for c in (70, 100, 200, 230, 290, 450)}
                   | {640: "1932-07-18", 365: "1934-09-18"}),
        "LEAGUE_COUNCIL": ("League of Nations Council", "universal_council", "1946-04-18",
                           {200: "1920", 365: "1934-09-18"}),
        "UN": ("United Nations", "universal", "",
               {c: "1945" for c in CODES if c not in (331, 750, 850)}
               | {750: "1947", 850: "1950-09-28"}),
        "UNSC": ("UN Security Council", "universal_council", "",
                 dict.fromkeys((2, 200, 365), "1945")),
        "NATO": ("Western Alliance", "defence_alliance", "",
                 {2: "1949-08-24", 200: "1949-08-24", 230: "1982-05-30", 640: "1952-02-18"}),
    }  # fmt: skip
    ends = {("LEAGUE", 365): "1939-12-14", ("LEAGUE_COUNCIL", 365): "1939-12-14"}
    notes = {("LEAGUE", 70): ("1937-07-26", "notice 1935-07-26")}
    rows = []
    for key, (name, kind, close, members) in bodies.items():
        for code, start in members.items():
            end, note = notes.get((key, code), (ends.get((key, code), close), ""))
            veto = kind == "universal_council"
            role = (
                "permanent_member_veto"
                if veto
                else "leader"
                if (key, code) == ("NATO", 2)
                else "member"
            )
            rows.append((key, name, kind, code, named[code][1], named[code][0], start, end, role,
                         note, "high", start[:4], end[:4], int(end == ""), "invented"))  # fmt: skip
    header = ("institution_id,name,kind,cow_code,iso3,state_name,member_from,member_to,role,note,"
              "confidence,member_from_year,member_to_year,active_2026_01_01,source")  # fmt: skip
    write(path, header, rows)


def measures(to: Path, rng: np.random.Generator) -> None:
    """Write capabilities, economy, regimes, ideal points, nuclear status and trade."""
    size = {(s[2], y): s[6] * np.exp(s[7] * (y - 1816)) for s in STATES
            for y in range(1816, LAST + 1) if alive(s[2], y)}  # fmt: skip
    world = {y: sum(v for (_, z), v in size.items() if z == y) for y in range(1816, LAST + 1)}
    capability, economy, regime = [], [], []
    for (code, year), mass in sorted(size.items()):
        people, drift = int(1000 * mass), (year - 1816) / 184
        army = int(people * 0.01)
        spent = "" if code == 450 and year < 1900 else int(army * 50 * np.exp(3 * drift))
        industry = int(mass * 1000 * drift**2)
        cinc = round(mass / world[year], 6)
        capability.append(
            (code, year, spent, army, industry, 4 * industry, people, people // 5, cinc)
        )
        wealth = round(800 * np.exp(2.5 * drift) * (1.5 if code in (2, 200) else 1))
        economy.append(
            (code, year, wealth, "", round(wealth * people / 1000), "", people / 1000, "")
        )
        free = {2: 9, 200: 4 + round(5 * drift), 70: -3 + round(10 * drift)}.get(code, -6)
        free = 8 if code in (230, 640) and year >= 1975 else free
        polity = "" if code == 450 and year % 7 == 0 else free
        score = round((free + 10) / 20, 2)
        regime.append(
            (code, year, "", round(score * 2 - 1, 2), polity, "" if code == 850 else score)
        )
    write(
        to / "capabilities_nmc_v7.csv.gz",
        "ccode,year,milex,milper,irst,pec,tpop,upop,cinc",
        capability,
    )
    header = "ccode,year,mrgdppc,sd_mrgdppc,pwtrgdp,sd_pwtrgdp,pwtpop,sd_pwtpop"
    write(to / "gdp_pop_fariss.csv.gz", header, economy)
    write(to / "democracy.csv.gz", "ccode,year,euds,aeuds,polity2,v2x_polyarchy", regime)
    votes = []
    for code, year in live_states(1946):
        if code != 850 or year >= 1950:
            point = {2: 2.0, 200: 1.6, 230: 1.0, 365: -2.0, 290: -1.8}.get(code, -0.3)
            point = round(point + rng.normal(0, 0.1), 3)
            votes.append((code, year, round(point * 0.9, 3), point, "", 60))
    write(to / "un_ideal_points_2025.csv.gz",
          "ccode,year,idealpointfp,idealpointall,idealpointlegacy,nvotesall", votes)  # fmt: skip
    steps = {
        2: (1942, 1942, 1945),
        365: (1944, 1945, 1949),
        200: (1943, 1947, 1952),
        750: (1956, 1964, 1974),
    }
    write(to / "nuclear_status_owid_bleek.csv", "ccode,name,year,status",
          [(c, "", y, sum(y >= s for s in step)) for c, step in steps.items()
           for y in range(step[0], LAST + 1)])  # fmt: skip
    pairs = [(a, b, y) for a in CODES for b in CODES if a < b for y in range(1870, LAST + 1)
             if (a, y) in size and (b, y) in size and (y % 5 == 0 or y > 1985)]  # fmt: skip
    flows = [(a, b, y, *np.ceil(rng.lognormal(0, 0.3, 2) * size[a, y] * size[b, y]).astype(int))
             for a, b, y in pairs]  # fmt: skip
    write_parquet(to / "trade_dyad_year_cow_v4.parquet",
                  "ccode1,ccode2,year,smoothflow1,smoothflow2", flows)  # fmt: skip


def make(folder: Path) -> None:
    """Write every file of the pack."""
    rng = np.random.default_rng(1816)
    structure(folder)
    measures(folder, rng)
    events(folder, rng)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
