"""What is invented: twelve states with COW-like numbers, their spells, ties and wars."""

from __future__ import annotations

LAST = 2000
LATIN = "Latin America and the Caribbean"
GALVIAN = (((1918, 11, 11), (1939, 9, 27)), ((1945, 6, 28), (2016, 12, 31)))
OPEN = (2016, 12, 31)
# name, letters, code, spells of membership (start, end), region, subregion, place, weight, growth
STATES = (
    ("Arvonia", "ARV", 2, (((1816, 1, 1), OPEN),), "Northern America", (40, -75), 5, 0.012),
    ("Dorvia", "DOR", 70, (((1831, 6, 5), OPEN),), LATIN, (19, -99), 2, 0.006),
    ("Elmaria", "ELM", 100, (((1825, 3, 1), OPEN),), LATIN, (5, -74), 1.5, 0.005),
    ("Brennia", "BRE", 200, (((1816, 1, 1), OPEN),), "Northern Europe", (52, 0), 12, 0.003),
    ("Ferrany", "FER", 230, (((1816, 1, 1), OPEN),), "Southern Europe", (40, -4), 5, 0.001),
    ("Galvia", "GAL", 290, GALVIAN, "Eastern Europe", (52, 21), 4, 0.003),
    ("Ostia", "OST", 331, (((1816, 1, 1), (1861, 3, 17)),), "Southern Europe", (44, 12), 1, 0.0),
    ("Corland", "COR", 365, (((1816, 1, 1), OPEN),), "Eastern Europe", (56, 38), 11, 0.005),
    ("Ilvany", "ILV", 450, (((1847, 7, 26), OPEN),), "Sub-Saharan Africa", (6, -11), 0.5, 0.004),
    ("Kestan", "KES", 640, (((1816, 1, 1), OPEN),), "Western Asia", (40, 33), 5, 0.001),
    ("Lormia", "LOR", 750, (((1947, 8, 15), OPEN),), "Southern Asia", (29, 77), 9, 0.010),
    ("Moravel", "MOR", 850, (((1949, 12, 27), OPEN),), "South-eastern Asia", (-6, 107), 4, 0.011),
)  # fmt: skip
CODES = [state[2] for state in STATES]
MAJORS = (
    (2, (1898, 8, 13), OPEN),
    (200, (1816, 1, 1), OPEN),
    (365, (1816, 1, 1), (1917, 12, 5)),
    (365, (1922, 1, 1), OPEN),
)
NEIGHBOURS = (
    *((2, 70, 1), (70, 100, 1), (200, 230, 2), (230, 331, 1), (290, 365, 1), (365, 640, 1)),
    *((640, 750, 1), (750, 850, 4), (200, 290, 4), (230, 450, 5), (365, 750, 1), (2, 100, 5)),
)
RIVALRIES = (
    *((200, 230, 1701, 1816), (200, 365, 1816, 1907), (365, 640, 1820, 1920), (2, 70, 1836, 1923)),
    *((290, 365, 1918, 1939), (2, 365, 1945, 1989), (640, 750, 1950, 2020), (70, 100, 1860, 1902)),
    *((365, 750, 1955, 1988), (750, 850, 1962, 2020), (200, 640, 1897, 1920)),
)
# members, first and last year; defence, offence, neutrality, non-aggression, consultation
ALLIANCES = (
    ((200, 365), 1816, 1853, (1, 0, 0, 0, 1)),
    ((230, 331), 1820, 1860, (1, 0, 0, 1, 0)),
    ((200, 230), 1904, 1930, (0, 0, 1, 0, 1)),
    ((290, 200), 1921, 1938, (1, 0, 0, 0, 1)),
    ((290, 365), 1932, 1938, (0, 0, 0, 1, 0)),
    ((2, 200, 230, 640), 1949, 2018, (1, 0, 0, 1, 1)),
    ((290, 365), 1955, 1990, (1, 0, 0, 1, 1)),
    ((2, 70, 100), 1947, 2018, (1, 0, 0, 1, 1)),
    ((365, 750), 1971, 1990, (0, 0, 1, 1, 1)),
)
# name, initiator's and target's side, start, end, battle deaths by state, whether side A won
WARS = (
    ("Corlandic-Kestani", (365,), (640, 200), (1877, 4, 24), (1878, 1, 3), (30000, 60000, 2000), 1),
    (
        "Galvian",
        (365, 640),
        (290, 200),
        (1919, 2, 14),
        (1921, 3, 18),
        (40000, 3000, 60000, 1500),
        0,
    ),
    ("Lormian", (640,), (750,), (1949, 6, 25), (1951, 7, 27), (9000, 12000), 0),
)
"""The third runs on 1 January 1950, the second on 1 January 1920."""


def alive(code: int, year: int) -> bool:
    """Return whether a state is a member at any day of the year."""
    spells = STATES[CODES.index(code)][3]
    return any(start[0] <= year <= end[0] for start, end in spells)


def live_states(first: int, last: int = LAST) -> list[tuple[int, int]]:
    return [(code, y) for code in CODES for y in range(first, last + 1) if alive(code, y)]
