"""The invented record of disputes, wars and armed conflicts."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tests.pack.invented import ALLIANCES, CODES, LAST, NEIGHBOURS, RIVALRIES, STATES, WARS, alive
from tests.pack.tables import write

DISPUTES = 90
FATAL_LEVELS = (0, 25, 100, 250, 500, 999)
UNKNOWN, NONE = -9, -8
UNTOLD = (((640,), (750,), date(2000, 5, 3)), ((850,), (750,), date(2000, 11, 20)))
"""Disputes that begin by LAST and end after it."""


class Dispute(NamedTuple):
    """One dispute: who, when, and what came of it; an end after LAST is not told."""

    side_a: tuple[int, ...]
    side_b: tuple[int, ...]
    start: date
    end: date
    hostility: int
    answered: bool
    deaths: int
    outcome: int


def events(to: Path, rng: np.random.Generator) -> None:
    """Write MIDs A and B, GML dyads, inter-state wars, armed conflicts and their deaths."""
    drawn = [draw(rng) for _ in range(DISPUTES - len(WARS) - len(UNTOLD))]
    untold = [Dispute(a, b, start, date(LAST + 1, 2, 1), 4, True, 0, 5) for a, b, start in UNTOLD]
    became_war = [
        Dispute(a, b, date(*start) - timedelta(20), date(*end), 5, True, sum(deaths), 2 - won)
        for _, a, b, start, end, deaths, won in WARS
    ]
    disputes = sorted(drawn + became_war + untold, key=lambda d: (d.start, d.side_a))
    write_disputes(to, disputes, rng)
    write_wars(to)
    write_conflicts(to, rng)


def draw(rng: np.random.Generator) -> Dispute:
    """Return a dispute between neighbours, rivals or a major power and another state."""
    while True:
        year = int(LAST - 184 * rng.random() ** 1.6)
        one, other = pair(rng, year)
        if one != other and alive(one, year) and alive(other, year):
            break
    start = date(year, int(rng.integers(1, 13)), int(rng.integers(1, 28)))
    hostility = int(rng.choice([2, 3, 4, 4, 4]))
    length = int(rng.choice([1, 5, 30, 120, 500], p=[0.25, 0.2, 0.25, 0.2, 0.1]))
    deaths = int(rng.choice([0, 0, 8, 60, 180, 700])) if hostility == 4 else 0
    joined = [k for k in CODES if k not in (one, other) and helps(k, other, year)]
    joiner = tuple(joined[:1]) if rng.random() < 0.4 else ()
    end = start + timedelta(length - 1)
    outcome = int(rng.choice([5, 5, 5, 6, 1, 4]))
    return Dispute(
        (one,), (other, *joiner), start, end, hostility, rng.random() < 0.5, deaths, outcome
    )


def pair(rng: np.random.Generator, year: int) -> tuple[int, int]:
    """Return who moves first against whom: rivals of the year, neighbours, or a major power."""
    rivals = [(a, b) for a, b, first, last in RIVALRIES if first <= year <= last]
    near = [(a, b) for a, b, _ in NEIGHBOURS]
    pool = (rivals or near, near, list(product((200, 365), CODES)))[
        rng.choice(3, p=[0.5, 0.35, 0.15])
    ]
    one, other = pool[int(rng.integers(len(pool)))]
    return (one, other) if rng.random() < 0.5 else (other, one)


def helps(state: int, other: int, year: int) -> bool:
    """Return whether a state is there and allied to the other."""
    return alive(state, year) and any(
        state in members and other in members and first <= year <= last
        for members, first, last, _ in ALLIANCES
    )


def told(dispute: Dispute, *values: object) -> tuple:
    """Return the values, blank where the end of the dispute is not told."""
    return values if dispute.end.year <= LAST else ("",) * len(values)


def write_disputes(to: Path, disputes: list[Dispute], rng: np.random.Generator) -> None:
    letters = {s[2]: s[1] for s in STATES}
    list_a, list_b, gml = [], [], []
    for number, d in enumerate(disputes, start=1):
        day = UNKNOWN if number % 9 == 0 else d.start.day
        level = sum(d.deaths > step for step in FATAL_LEVELS)
        length, action = (d.end - d.start).days + 1, {2: 1, 3: 7, 4: 16, 5: 20}[d.hostility]
        begun, sides = (day, d.start.month, d.start.year), (len(d.side_a), len(d.side_b))
        open_ = int(d.end.year > LAST)
        end = told(d, d.end.day, d.end.month, d.end.year)
        rest = told(d, d.outcome, 1, level, UNKNOWN if d.deaths else 0, length, length, action,
                    d.hostility, int(d.answered), *sides)  # fmt: skip
        list_a.append((number, *begun, *end, *rest, open_))
        own: dict[int, tuple] = {}
        for side, states in ((1, d.side_a), (0, d.side_b)):
            for place, code in enumerate(states):
                acted = side == 1 or d.answered or place > 0
                later = d.start + timedelta(min(3 * place, length - 1))
                joined = begun if place == 0 else (later.day, later.month, later.year)
                kind = int(rng.choice([1, 2, 2, 3, 4])) if side == 1 else 0
                level_own = told(d, level if place == 0 else 0, UNKNOWN if d.deaths else 0,
                                 action if acted else 0, d.hostility if acted else 1)  # fmt: skip
                own[code] = (side, int(kind > 0), kind, level_own, int(place == 0))
                list_b.append((number, letters[code], code, *joined, *end, side, int(kind > 0),
                               kind, UNKNOWN, *level_own, int(place == 0), open_))  # fmt: skip
        gml += dyad_years(number, d, own, rest, open_)
    start, end = "stday,stmon,styear", "endday,endmon,endyear"
    write(to / "mid5_disputes.csv",
          f"dispnum,{start},{end},outcome,settle,fatality,fatalpre,maxdur,mindur,hiact,hostlev,recip,"
          "numa,numb,censored_2000", list_a)  # fmt: skip
    write(to / "mid5_participants.csv",
          f"dispnum,stabb,ccode,{start},{end},sidea,revstate,revtype1,revtype2,fatality,fatalpre,hiact,"
          "hostlev,orig,censored_2000", list_b)  # fmt: skip
    write(to / "mid_gml_v221_directed.csv.gz",
          "dispnum,ccode1,ccode2,year,midongoing,midonset,sidea1,sidea2,revstate1,revstate2,"
          "fatality1,fatalpre1,hiact1,hostlev1,fatality2,fatalpre2,hiact2,hostlev2,orig1,orig2,outcome,settle,"
          "fatality,fatalpre,maxdur,mindur,hiact,hostlev,recip,numa,numb,censored_2000",
          gml)  # fmt: skip


def dyad_years(
    number: int, d: Dispute, own: dict[int, tuple], rest: tuple, open_: int
) -> list[tuple]:
    """Return both directions of each pair of opponents, for each year of the dispute."""
    rows = []
    for a, b in [*product(d.side_a, d.side_b), *product(d.side_b, d.side_a)]:
        one, other = own[a], own[b]
        for year in range(d.start.year, min(d.end.year, LAST) + 1):
            rows.append((number, a, b, year, 1, int(year == d.start.year), one[0], other[0], one[1],
                         other[1], *one[3], *other[3], one[4], other[4], *rest, open_))  # fmt: skip
    return rows


def write_wars(to: Path) -> None:
    names, rows = {s[2]: s[0] for s in STATES}, []
    for number, (name, side_a, side_b, start, end, deaths, won) in enumerate(WARS, start=1):
        for place, code in enumerate((*side_a, *side_b)):
            side = 1 if code in side_a else 2
            outcome = 1 if (side == 1) == bool(won) else 2
            begun, ended = (start[1], start[2], start[0]), (end[1], end[2], end[0])
            rows.append((number, f"{name} War", code, names[code], side, *begun, *ended,
                         *((NONE,) * 6), NONE, 2, 1 if place == 0 else 2,
                         outcome, NONE, deaths[place], start[0]))  # fmt: skip
    spell = "{0}Month{1},{0}Day{1},{0}Year{1}"
    spells = ",".join(spell.format(which, n) for n in (1, 2) for which in ("Start", "End"))
    write(to / "wars_interstate_cow_v4.csv",
          f"WarNum,WarName,ccode,StateName,Side,{spells},TransFrom,WhereFought,Initiator,Outcome,"
          "TransTo,BatDeath,war_start_year", rows)  # fmt: skip


def write_conflicts(to: Path, rng: np.random.Generator) -> None:
    """Write the third war as an interstate conflict, and two internal ones."""
    names = {s[2]: s[0] for s in STATES}
    conflicts = (
        (201, 640, 750, 2, date(1949, 6, 25), 1951),
        (202, 450, None, 3, date(1990, 3, 2), 1996),
        (203, 100, None, 3, date(1964, 5, 27), LAST),
    )
    acd, deaths = [], []
    for number, a, b, kind, start, last in conflicts:
        side_b = f"Government of {names[b]}" if b else f"{names[a]} Liberation Front"
        who = (names[a], f"Government of {names[a]}", side_b)
        where = f"{a}, {b}" if b else a
        for year in range(max(start.year, 1946), last + 1):
            ended = "" if year == LAST else int(year == last)
            stop = date(year, 7, 27).isoformat() if ended == 1 else ""
            level = 2 if kind == 2 else 1
            acd.append((number, *who, 1, year, level, 1, kind, start, 1, start, 1, ended, stop, a,
                         "", b or "", "", where, 3))  # fmt: skip
            if year >= 1989:
                best = int(rng.integers(30, 900))
                deaths.append((number, 400 + number, *who, 1, year, best, best // 2, best * 2, kind,
                               a, "", b or "", "", where))  # fmt: skip
    write(to / "ucdp_prio_acd_v251.csv",
          "conflict_id,location,side_a,side_b,incompatibility,year,intensity_level,"
          "cumulative_intensity,type_of_conflict,start_date,start_prec,start_date2,start_prec2,ep_end,"
          "ep_end_date,gwno_a,gwno_a_2nd,gwno_b,gwno_b_2nd,gwno_loc,region", acd)  # fmt: skip
    write(to / "ucdp_brd_dyad_v241.csv",
          "conflict_id,dyad_id,location_inc,side_a,side_b,incompatibility,year,bd_best,bd_low,bd_high,"
          "type_of_conflict,gwno_a,gwno_a_2nd,gwno_b,gwno_b_2nd,gwno_loc", deaths)  # fmt: skip
