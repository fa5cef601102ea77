"""What a history match hands on: central values, and sets of values that stand for the rest."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from forecast.errors import ForecastError
from forecast.scenario.parameter_file import Fitted, write_parameters
from forecast.scenario.priors import Mixture
from forecast.studies.calibrate.config import Calibration
from forecast.studies.calibrate.saved import Folder
from forecast.studies.calibrate.space import places_of, values_at
from forecast.studies.calibrate.waves import Match, Simulate

F8 = NDArray[np.float64]

MIXTURE = "calibration"

RANGE_SDS = 4.0
"""Standard deviations of a value that lie in its range (assumption)."""


class Chosen(NamedTuple):
    """The result of a calibration.

    Parameters
    ----------
    centre
        Central values, (entry,).
    weighed
        Whether they weigh record against file; else they are the simulated set nearest the record.
    before, after
        Facts at the values of the parameter file and at the central ones, (fact, column).
    draws, facts
        Sets of values, (draw, entry), in the order of the first entry, and their facts
        (draw, fact, column).
    """

    centre: F8
    weighed: bool
    before: F8
    after: F8
    draws: F8
    facts: F8


def choose(asked: Calibration, found: Match, simulate: Simulate, folder: Folder) -> Chosen:
    """Return central values and draws, all of them simulated and none implausible.

    The draws are the first of the last wave that stand, which lie evenly over what is left; where
    they are too few, those of the waves before follow.

    Raises
    ------
    ForecastError
        If no simulated set of values agrees with the record.
    """
    values, facts = _standing(found)
    if not len(values):
        raise ForecastError(
            f"no simulated set of values keeps every fact below {asked.cut_off:g}: raise points "
            "or cut_off, or take out facts that contradict one another"
        )
    draws, shown = values[: asked.draws], facts[: asked.draws]
    stated = np.array([entry.value for entry in found.entries])
    last = np.stack([stated, values_at(weighed(found), found.entries)])
    name = f"result-{hashlib.sha256(last.tobytes()).hexdigest()[:8]}"
    before, after = folder.simulated(name, last, simulate)
    centre, stands = last[1], bool(found.worst(after) < found.cut_off)
    if not stands:
        best = int(found.worst(facts).argmin())
        centre, after = values[best], facts[best]
    order = np.lexsort(draws.T[::-1])
    return Chosen(centre, stands, before, after, draws[order], shown[order])


def weighed(found: Match) -> F8:
    """Return the place, (entry,), with the best of the record and of the parameter file.

    It has the least sum of squares: of the implausibilities of the facts that count, by the last
    emulator, and of the distances from the file's values, the range being four standard
    deviations. So an entry of which the record says nothing keeps its value.
    """
    stated = places_of(np.array([entry.value for entry in found.entries]), found.entries)

    def loss(place: F8) -> float:
        facts = found.emulated(len(found.waves) - 1, place[None])[0, found.counted]
        return float((facts**2).sum() + ((RANGE_SDS * (place - stated)) ** 2).sum())

    return np.asarray(minimize(loss, stated, method="L-BFGS-B", bounds=[(0, 1)] * len(stated)).x)


def _standing(found: Match) -> tuple[F8, F8]:
    """Return the simulated sets of values that are not implausible, the last wave's first."""
    values, facts = [], []
    for wave in reversed(found.waves):
        stands = (wave.worst < found.cut_off) & found.leaves(wave.places)
        values.append(wave.values[stands])
        facts.append(wave.simulated[stands])
    return np.concatenate(values), np.concatenate(facts)


def write_calibrated(
    asked: Calibration, chosen: Chosen, output: Path, told: str, *, overwrite: bool
) -> None:
    """Write the central values and the draws as a parameter file.

    Parameters
    ----------
    asked
        The calibration.
    chosen
        Its result.
    output
        File to write.
    told
        Where the page of the calibration stands.
    overwrite
        Whether an existing file is replaced.
    """
    years = "facts of the record to 2000"
    centre = "weighed with the base" if chosen.weighed else "simulated values nearest the record"
    source = f"history matching against {years}, {centre} ({told})"
    updates = {
        name: Fitted(float(value), None, source, "calibrated")
        for name, value in zip(asked.entries, chosen.centre, strict=True)
    }
    count = len(chosen.draws)
    mixture = Mixture(
        name=MIXTURE,
        parameters=asked.entries,
        points=tuple(tuple(map(float, point)) for point in chosen.draws),
        weights=(1 / count,) * count,
        source=f"history matching against {years}: simulated sets of values that none of them "
        f"rules out, spread evenly over what is left ({told})",
    )
    header = (
        f"Entries matched to {years}; every other value is that of the base. Not for\n"
        "hindcasts of those years that are to be scored.\n"
        "Written by: forecast study calibrate"
    )
    write_parameters(
        output, asked.parameters, updates, [], header, mixtures=[mixture], overwrite=overwrite
    )
