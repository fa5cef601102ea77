"""Risks of states by class, region and shelter, and the menu index: who is not at the table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.analysis.sums import Sums, positions, ratio, sums_of
from forecast.errors import nearest
from forecast.estimators.intervals import student_bound, unseen
from forecast.estimators.jackknife import Statistic
from forecast.estimators.moments import NORMAL_QUANTILE, Estimate, finalize_ratio, from_sums
from forecast.outcomes.variables import STATE_CLASSES, STATE_COUNTS

F8 = NDArray[np.float64]

LOSSES = "aggression_success_count"

SPLIT = ("attacked_count", LOSSES)
"""Events that the store counts for sheltered states apart."""

LEAST_SHARE = 0.01
"""Share of a stratum's state-years that either kind must hold to be compared with the other.

A state that was conquered counts as unsheltered and can lose no more; where nearly all the living
are sheltered, such years would pass for safety without shelter.
"""

SHELTER = ("sheltered", "unsheltered", "all")

ON_THE_MENU = ("small", "middle")
"""Classes of the states that the menu index is about."""

WITHOUT_SEAT = re.compile(r"(?P<base>[^@]+)@without_(?P<iso3>[A-Z]{3})")


def state_risks(
    tree: xr.DataTree,
    outcome: str = "attacked_count",
    reference: str | None = None,
    *,
    keep_abnormal: bool = False,
) -> xr.Dataset:
    """Return events per state-year by class, region and, where the store tells, shelter.

    A state is sheltered in a year that begins with a great power owing it defence, or a body with
    an obligation of at least .5 covering it; an event counts by the shelter at its time. A year
    after a state's end by conquest still counts as an unsheltered one.

    Parameters
    ----------
    tree
        Outcomes of a run.
    outcome
        Event counted by state, such as ``attacked_count``, ``fatally_attacked_count``,
        ``territory_loss_count`` or ``conquest_count``; only attacks and successful aggressions
        are split by shelter.
    reference
        Architecture to compare with; by default that of the scenario.
    keep_abnormal
        Accept trajectories that did not complete.

    Returns
    -------
    xarray.Dataset
        estimate, estimate_error, difference, std_error, lower, upper, variance_gain, over
        architecture, shelter, state_class and region; NaN where there is no such state-year.
    """
    sums = sums_of(tree, reference, keep_abnormal=keep_abnormal)
    known = [c.name for c in STATE_COUNTS if not c.name.startswith("sheltered_")]
    event = nearest(outcome, known, "outcome")
    regions = _regions(sums)
    strata = _strata(sums, STATE_CLASSES, regions)
    split = event in SPLIT

    def risks(count: float, events: F8, *sheltered: F8) -> F8:
        happened, lived = _by_shelter(sums, count, events, *sheltered)
        return ratio(_in_strata(strata, happened), _in_strata(strata, lived))

    paths = [event, f"sheltered_{event}", "sheltered_years"] if split else [event]
    coords = {
        "shelter": list(SHELTER if split else SHELTER[2:]),
        "state_class": list(STATE_CLASSES),
        "region": regions,
    }
    estimate = sums.jackknife(risks, *(f"states/{path}" for path in paths))
    return sums.labelled(estimate, coords, {"outcome": f"{event} per state-year"})


def state_risks_by(
    tree: xr.DataTree,
    outcome: str,
    by: Literal["region", "class"],
    reference: str | None = None,
    *,
    keep_abnormal: bool = False,
) -> xr.Dataset:
    """Return events per state-year by region or by class of state, as `state_risks` counts them.

    Where no pair of batches differed, the interval reaches to the bound of what was never seen.

    Returns
    -------
    xarray.Dataset
        As that of `state_risks`, over architecture and region or class.
    """
    sums = sums_of(tree, reference, keep_abnormal=keep_abnormal)
    event = nearest(outcome, [c.name for c in STATE_COUNTS], f"outcome by {by}")
    label = sums.labels("states/state_class" if by == "class" else "states/region")
    words = [w for w in STATE_CLASSES if w in label] if by == "class" else _regions(sums)
    member = positions(label, words)
    years = member.sum(axis=1)[:, None] * sums.years.size

    def risks(count: float, events: F8) -> F8:
        return np.asarray(np.einsum("wn,an->wa", member, events) / (count * years))

    estimate = sums.jackknife(risks, f"states/{event}")
    attrs = {"outcome": f"{event} per state-year"}
    found = sums.labelled(estimate, {by: np.array(words, dtype=object)}, attrs)
    trials = sums.draws if sums.draws > 1 else int(sums.sizes.sum())
    bound = xr.DataArray(unseen(trials) / years[:, 0], dims=by)
    differs = (found["std_error"] != 0) | (found["architecture"] == sums.names[sums.reference])
    return found.assign(
        lower=found["lower"].where(differs, found["difference"] - bound),
        upper=found["upper"].where(differs, found["difference"] + bound),
    ).transpose("architecture", ...)


def menu_index(
    tree: xr.DataTree, reference: str | None = None, *, keep_abnormal: bool = False
) -> xr.Dataset:
    """Return how many times as often small and middle states lose unsheltered as sheltered.

    Loss: a successful aggression against the state. The loss hazards, per state-year, of
    unsheltered and of sheltered years are directly standardised on class and region, every
    stratum weighted by its number of states; strata in which either kind is less than a hundredth
    of all years are left out, and `coverage` is the share of states in those that remain, which may
    differ between architectures. States that are sheltered differ from others in more than class
    and region: the index is a comparison, not an effect of shelter; see `seat_index` for that.

    Returns
    -------
    xarray.Dataset
        estimate, estimate_error, difference, std_error, lower, upper, variance_gain,
        unsheltered_hazard, sheltered_hazard and coverage, over architecture. The index is NaN
        where no stratum has enough of both kinds of years, or no sheltered state ever lost.
    """
    sums = sums_of(tree, reference, keep_abnormal=keep_abnormal)
    attrs = {"outcome": "loss hazard of small and middle states, unsheltered over sheltered"}
    found = sums.labelled(menu_estimate(sums), {}, attrs)
    hazards = sums.jackknife(_hazards(sums), *_menu_paths()).value
    names = ("unsheltered_hazard", "sheltered_hazard", "coverage")
    return found.assign({n: ("architecture", v) for n, v in zip(names, hazards, strict=True)})


def menu_estimate(sums: Sums) -> Estimate:
    """Return the menu indices, (architecture,)."""
    hazards = _hazards(sums)

    def index(count: float, *events: F8) -> F8:
        outside, inside, _ = hazards(count, *events)
        return ratio(outside, inside)

    return sums.jackknife(index, *_menu_paths())


def seat_index(
    tree: xr.DataTree, reference: str | None = None, *, keep_abnormal: bool = False
) -> xr.Dataset:
    """Return how many times as often a state loses without its seat as with it, all else equal.

    One entry for every pair of architectures ``X`` and ``X@without_ISO3`` of the run: the state's
    successful aggressions suffered, on the same trajectories.

    Returns
    -------
    xarray.Dataset
        estimate, std_error, lower, upper, hazard_with and hazard_without (losses per state-year),
        over seat, whose labels are those of the architectures without it; empty if the run has no
        such pair. NaN where the state never lost with its seat. An error of nought says that no
        trajectory differed, so that a difference is too rare to be seen, not that there is none.
    """
    sums = sums_of(tree, reference, keep_abnormal=keep_abnormal)
    seats = _seats(sums)
    iso3 = sums.labels("states/iso3")
    lost = sums.read(f"states/{LOSSES}").sum(axis=0)
    product = sums.read(f"states/{LOSSES}_product").sum(axis=0)
    count = int(sums.sizes.sum())
    rows = []
    for without, with_seat, code in seats:
        pair, n = [without, with_seat], iso3.index(code)
        moments = from_sums(count, lost[pair, n], product[np.ix_(pair, pair)][:, :, n])
        found = finalize_ratio(moments)
        bound = NORMAL_QUANTILE
        if sums.draws > 1:
            found = sums.jackknife(partial(_loss_ratio, pair, n), f"states/{LOSSES}")
            bound = student_bound(sums.group_count)
        value = found.value
        error = float(np.sqrt(np.maximum(found.covariance[0, 0], 0.0)))
        reach = bound * error
        hazard = moments.mean / sums.years.size
        rows.append([value[0], error, value[0] - reach, value[0] + reach, hazard[1], hazard[0]])
    fields = ("estimate", "std_error", "lower", "upper", "hazard_with", "hazard_without")
    table = np.array(rows, dtype=np.float64).reshape(len(rows), len(fields))
    labels = np.array([sums.names[without] for without, _, _ in seats], dtype=object)
    return xr.Dataset(
        {field: ("seat", table[:, at]) for at, field in enumerate(fields)},
        coords={"seat": labels},
        attrs={
            "outcome": "loss hazard of the state, without its seat over with it",
            "error": sums.error,
        },
    )


def _loss_ratio(pair: list[int], state: int, count: float, lost: F8) -> F8:
    """Return a state's losses without its seat over those with it, (1,)."""
    without, with_seat = lost[pair, state]
    return ratio(np.array([without]), np.array([with_seat]))


def _seats(sums: Sums) -> list[tuple[int, int, str]]:
    """Return the positions of architectures without a seat and with it, and whose it is."""
    found = []
    for at, name in enumerate(sums.names):
        told = WITHOUT_SEAT.fullmatch(name)
        if told and told["base"] in sums.names:
            found.append((at, sums.names.index(told["base"]), told["iso3"]))
    return found


def _menu_paths() -> list[str]:
    return [f"states/{LOSSES}", f"states/sheltered_{LOSSES}", "states/sheltered_years"]


def _hazards(sums: Sums) -> Statistic:
    """Return the statistic of hazards outside and inside, and coverage, (3, architecture)."""
    strata = _strata(sums, ON_THE_MENU, _regions(sums))
    weight = strata.sum(axis=-1)[..., None]

    def hazards(count: float, events: F8, sheltered: F8, years: F8) -> F8:
        happened, lived = _by_shelter(sums, count, events, sheltered, years)
        inside, outside, _ = _in_strata(strata, happened)
        years_inside, years_outside, years_of_all = _in_strata(strata, lived)
        fewest = np.minimum(years_inside, years_outside)
        both = (fewest >= LEAST_SHARE * years_of_all) & (fewest > 0)
        kept = np.where(both, weight, 0.0).sum(axis=(0, 1))
        standard = [
            np.where(both, weight * lost / np.where(both, at_risk, 1.0), 0.0).sum(axis=(0, 1))
            for lost, at_risk in ((outside, years_outside), (inside, years_inside))
        ]
        return np.stack([*(ratio(total, kept) for total in standard), kept / weight.sum()])

    return hazards


def _by_shelter(sums: Sums, count: float, events: F8, *sheltered: F8) -> tuple[F8, F8]:
    """Return events and state-years, (shelter, architecture, state): sheltered, not, all."""
    lived = np.full_like(events, count * sums.years.size)
    if not sheltered:
        return events[None], lived[None]
    inside, years = sheltered
    return np.stack([inside, events - inside, events]), np.stack([years, lived - years, lived])


def _in_strata(strata: F8, values: F8) -> F8:
    """Return sums over states, (shelter, class, region, architecture)."""
    return np.asarray(np.einsum("crn,san->scra", strata, values))


def _regions(sums: Sums) -> list[str]:
    return sorted(set(sums.labels("states/region")))


def _strata(sums: Sums, classes: Sequence[str], regions: Sequence[str]) -> F8:
    """Return 1 where a state is of a class and region, (class, region, state)."""
    by_class = positions(sums.labels("states/state_class"), classes)
    by_region = positions(sums.labels("states/region"), regions)
    return np.asarray(by_class[:, None] * by_region[None])
