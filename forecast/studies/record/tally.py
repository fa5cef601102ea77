"""From disputes, wars and vetoes to counts by year, state and dyad."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.outcomes.frame import Frame
from forecast.studies.record.disputes import (
    Outbreaks,
    as_in_world,
    deaths_short_of_war,
    outbreaks,
)
from forecast.studies.record.files import Files
from forecast.studies.record.institutions import survival
from forecast.studies.record.wars import (
    War,
    deaths_by_year,
    decisions,
    great_powers_opposed,
    is_major,
    wars_of,
)
from forecast.world.history.system import locate

Counts = NDArray[np.int64]


class Record(NamedTuple):
    """What happened, in the terms of the registry.

    Parameters
    ----------
    totals
        By name of the variable, one number.
    annual, states, dyads
        By name, (year,), (state,) and (dyad, year).
    institutions
        By name, in the shapes of the registry.
    notes
        How many events have no label, or are not fully known, by what they are.
    """

    totals: dict[str, int]
    annual: dict[str, Counts]
    states: dict[str, Counts]
    dyads: dict[str, Counts]
    institutions: dict[str, Counts]
    notes: dict[str, int]


class _Wars(NamedTuple):
    """Wars of the list, those begun in the period, and the deaths of each in it, (war, year)."""

    listed: tuple[War, ...]
    begun: tuple[War, ...]
    deaths: Counts


def tally(files: Files, frame: Frame, g3: frozenset[int]) -> Record:
    """Return the record of the frame's years.

    Parameters
    ----------
    files
        Source tables.
    frame
        Years, states and dyads to count by.
    g3
        COW codes of the three largest powers at the start.
    """
    first, last = frame.first_year, frame.first_year + frame.years - 1
    found = outbreaks(files, first, last, frame.state)
    wars = _wars(files, frame)
    annual = {
        **_disputes_by_year(found, frame),
        **_wars_by_year(wars, files, frame),
        "veto_count": _by_year(files.vetoes["year"], frame),
    }
    annual["battle_deaths"] = wars.deaths.sum(axis=0) + deaths_short_of_war(files, first, last)
    totals = {
        **{n: int(v.sum()) for n, v in annual.items() if n != "great_power_war_count"},
        **_wars_in_total(wars, files, g3),
        "great_power_dispute_count": _between_great_powers(found, files),
        "exit_reason": 0,
    }
    notes = _notes(found, wars, frame)
    stood = survival(files, frame)
    return Record(totals, annual, _states(found, wars, frame), _dyads(found, frame), stood, notes)


def _wars(files: Files, frame: Frame) -> _Wars:
    first, stop = frame.first_year, frame.first_year + frame.years
    listed = wars_of(files.wars)
    ended = [deaths_by_year(w, first, frame.years) for w in listed if not np.isnan(w.end)]
    deaths = np.array(ended, dtype=np.int64).reshape(-1, frame.years)
    return _Wars(listed, tuple(w for w in listed if first <= w.start < stop), deaths)


def _by_year(years: NDArray[np.int64], frame: Frame) -> Counts:
    """Return how many of the given calendar years fall in each year of the frame, (year,)."""
    number = years - frame.first_year
    inside = number[(number >= 0) & (number < frame.years)]
    return np.bincount(inside, minlength=frame.years).astype(np.int64)


def _disputes_by_year(found: Outbreaks, frame: Frame) -> dict[str, Counts]:
    return {
        "dispute_count": _by_year(found.year, frame),
        "fatal_dispute_count": _by_year(found.year[found.fatal], frame),
        "aggression_count": _by_year(found.year[found.aggression], frame),
        "aggression_success_count": _by_year(found.success_year, frame),
    }


def _wars_by_year(wars: _Wars, files: Files, frame: Frame) -> dict[str, Counts]:
    great = [w for w in wars.begun if great_powers_opposed(w, files.majors)]
    return {
        "war_count": _by_year(_years(wars.begun), frame),
        "great_power_war_count": _by_year(_years(great), frame),
    }


def _between_great_powers(found: Outbreaks, files: Files) -> int:
    """Return the onsets between states that were major powers on 1 January of the year."""
    onsets = zip(found.year.tolist(), found.initiator.tolist(), found.target.tolist(), strict=True)
    return sum(
        all(is_major(files.majors, code, float(year)) for code in (initiator, target))
        for year, initiator, target in onsets
    )


def _years(wars: tuple[War, ...] | list[War]) -> Counts:
    return np.array([int(war.start) for war in wars], dtype=np.int64)


def _wars_in_total(wars: _Wars, files: Files, g3: frozenset[int]) -> dict[str, int]:
    great = [w for w in wars.begun if great_powers_opposed(w, files.majors)]
    third = [w for w in wars.begun if w.opposes(g3)]
    decided = {
        (d.war, d.ally): d.joined for w in wars.begun for d in decisions(w, files) if not d.torn
    }
    return {
        "largest_war_battle_deaths": int(wars.deaths.sum(axis=1).max(initial=0)),
        "great_power_war_year": min(_years(great).tolist(), default=0),
        "g3_war_year": min(_years(third).tolist(), default=0),
        "ally_invocation_count": len(decided),
        "ally_honoured_count": sum(decided.values()),
    }


def _states(found: Outbreaks, wars: _Wars, frame: Frame) -> dict[str, Counts]:
    fought = [as_in_world(np.array(sorted(w.states)), frame.state) for w in wars.begun]
    succeeded = _by_end(found, frame)
    return {
        "attacked_count": _by_state(found.target, frame),
        "fatally_attacked_count": _by_state(found.target[found.fatal], frame),
        "war_count": _by_state(np.concatenate([*fought, np.zeros(0, np.int64)]), frame),
        "aggression_success_count": _by_state(found.target[succeeded], frame),
    }


def _by_end(found: Outbreaks, frame: Frame) -> NDArray[np.bool_]:
    """Return which aggressions succeeded within the period."""
    after = found.success_year >= frame.first_year
    return np.asarray(after & (found.success_year < frame.first_year + frame.years))


def _by_state(codes: NDArray[np.int64], frame: Frame) -> Counts:
    at, known = locate(frame.state, codes)
    return np.bincount(at[known], minlength=frame.state.size).astype(np.int64)


def _dyads(found: Outbreaks, frame: Frame) -> dict[str, Counts]:
    shape = (frame.initiator.size, frame.years)
    counts = {
        name: np.zeros(shape, np.int64)
        for name in ("onset_count", "first_onset_count", "first_use_count")
    }
    at, year = _places(found, frame), found.year - frame.first_year
    seen: set[frozenset[int]] = set()
    forced: set[frozenset[int]] = set()
    for n in np.flatnonzero(at >= 0):
        pair = frozenset((int(found.initiator[n]), int(found.target[n])))
        counts["onset_count"][at[n], year[n]] += 1
        counts["first_onset_count"][at[n], year[n]] += pair not in seen
        seen.add(pair)
        if found.forceful[n]:
            counts["first_use_count"][at[n], year[n]] += pair not in forced
            forced.add(pair)
    return counts


def _places(found: Outbreaks, frame: Frame) -> NDArray[np.int64]:
    """Return the position of each onset's directed dyad; -1 where the universe has none."""
    pairs = zip(frame.initiator.tolist(), frame.target.tolist(), strict=True)
    place = {pair: k for k, pair in enumerate(pairs)}
    wanted = zip(found.initiator.tolist(), found.target.tolist(), strict=True)
    return np.array([place.get(pair, -1) for pair in wanted], dtype=np.int64)


def _notes(found: Outbreaks, wars: _Wars, frame: Frame) -> dict[str, int]:
    here = [locate(frame.state, codes)[1] for codes in (found.initiator, found.target)]
    fought = [as_in_world(np.array(sorted(w.states)), frame.state) for w in wars.begun]
    strangers = sum(int((~locate(frame.state, codes)[1]).sum()) for codes in fought)
    outside = _places(found, frame) < 0
    return {
        "onsets_outside_universe": int(outside.sum()),
        "onsets_with_a_state_not_in_the_world": int((~(here[0] & here[1])).sum()),
        "attacks_on_a_state_not_in_the_world": int((~here[1]).sum()),
        "war_parties_not_in_the_world": strangers,
        "onsets_with_unknown_hostility": int(found.unknown_hostility.sum()),
        "onsets_with_unknown_fatality": int(found.unknown_fatality.sum()),
        "war_parties_with_unknown_deaths": sum(
            int(not p.deaths >= 0) for w in wars.listed for p in w.parties
        ),
        "wars_with_unknown_end": sum(bool(np.isnan(w.end)) for w in wars.listed),
    }
