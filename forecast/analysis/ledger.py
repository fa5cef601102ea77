"""What a change of architecture did to provocations: deterred, provoked, displaced."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.analysis.sums import Sums, positions, ratio, sums_of
from forecast.errors import ForecastError
from forecast.estimators.intervals import student_bound

F8 = NDArray[np.float64]

HARDLY = 0.05
"""Share of years below which a state counts as never sheltered."""

ENTRIES = {
    "both": "shared provocations that became disputes under both, per trajectory",
    "only_here": "those only under `architecture`, per trajectory",
    "only_there": "those only under `other_architecture`, per trajectory",
    "both_share": "share of those accepted under either that were accepted under both",
    "only_here_share": "share of those accepted under either that were only under `architecture`",
    "only_there_share": "share of those accepted under either only under `other_architecture`",
    "bred_difference": "disputes bred by earlier disputes, here less there, per trajectory",
}


def provocation_ledger(
    tree: xr.DataTree,
    spans: Sequence[tuple[int, int]] | None = None,
    *,
    keep_abnormal: bool = False,
) -> xr.Dataset:
    """Return the fate of the provocations that all architectures met, pair by pair.

    With the reference as `other_architecture`, `only_there` are the deterred provocations and
    `only_here` the provoked ones. Shared provocations do not descend from disputes of the run;
    what disputes breed differs between architectures and is told by `bred_difference`.

    Parameters
    ----------
    tree
        Outcomes of a run.
    spans
        First and last calendar years; by default the whole horizon.
    keep_abnormal
        Accept trajectories that did not complete.

    Returns
    -------
    xarray.Dataset
        The entries and, with the ending ``_error``, their Monte Carlo errors, over architecture,
        other_architecture and span; `first_year` and `last_year` of every span.

    Raises
    ------
    ForecastError
        If a span does not lie within the horizon.
    """
    sums = sums_of(tree, keep_abnormal=keep_abnormal)
    chosen = _checked(spans, sums.years)
    inside = np.array([(sums.years >= a) & (sums.years <= b) for a, b in chosen], np.float64)

    def entries(count: float, shared: F8, disputes: F8) -> F8:
        both = np.einsum("abt,pt->pab", shared, inside) / count
        own = np.diagonal(both, axis1=1, axis2=2)
        here, there = own[:, :, None] - both, own[:, None, :] - both
        either = both + here + there
        bred = np.einsum("at,pt->pa", disputes, inside) / count - own
        shares = (ratio(part, either) for part in (both, here, there))
        return np.stack([both, here, there, *shares, bred[:, :, None] - bred[:, None, :]])

    value, covariance = sums.jackknife(
        entries, "annual/shared_onset_count", "annual/dispute_count"
    )[:2]
    error = np.sqrt(np.maximum(np.diagonal(covariance, axis1=-2, axis2=-1), 0.0))
    dims = ("span", "architecture", "other_architecture")
    names = np.array(sums.names, dtype=object)
    fields = {}
    for at, (name, meaning) in enumerate(ENTRIES.items()):
        fields[name] = (dims, value[at], {"long_name": meaning})
        fields[f"{name}_error"] = (dims, error[at], {"long_name": f"standard error of {name}"})
    first, last = np.array(chosen, dtype=np.int64).T
    return xr.Dataset(
        fields,
        coords={
            "architecture": names,
            "other_architecture": names,
            "first_year": ("span", first),
            "last_year": ("span", last),
        },
        attrs={"trajectories": int(sums.sizes.sum()), "error": sums.error},
    ).transpose("architecture", "other_architecture", "span")


def _checked(
    spans: Sequence[tuple[int, int]] | None, years: NDArray[np.int64]
) -> list[tuple[int, int]]:
    first, last = int(years[0]), int(years[-1])
    chosen = [(int(a), int(b)) for a, b in spans] if spans else [(first, last)]
    for a, b in chosen:
        if not first <= a <= b <= last:
            raise ForecastError(
                f"span {a}-{b} does not lie within the run; choose years from {first} to {last}"
            )
    return chosen


def displacement(
    tree: xr.DataTree, reference: str | None = None, *, keep_abnormal: bool = False
) -> xr.Dataset:
    """Return how attacks on states without shelter change where others gain or lose it.

    By region: the change, against the reference, of attacks per year on a state that is sheltered
    in less than a twentieth of its years under both architectures. The store does not tell who
    borders on whom, so the region stands for the neighbourhood. A rise beside more shelter for the
    rest of the region reads as displacement; the change has all causes that differ between the
    architectures, not this one alone.

    Parameters
    ----------
    tree
        Outcomes of a run.
    reference
        Architecture to compare with; by default that of the scenario.
    keep_abnormal
        Accept trajectories that did not complete.

    Returns
    -------
    xarray.Dataset
        difference, std_error, lower, upper (attacks per state-year), `attacks_in_reference`,
        `states` (how many such there are) and `shelter_change` (change of the sheltered share of
        the region's state-years), over architecture and region. NaN where there is no such state.
    """
    sums = sums_of(tree, reference, keep_abnormal=keep_abnormal)
    regions = sorted(set(sums.labels("states/region")))
    places = positions(sums.labels("states/region"), regions)
    exposed = _never_sheltered(sums)
    # (architecture, region, state): the same states under the architecture and the reference.
    members = exposed[:, None] * places[None]
    number = members.sum(axis=-1).T

    def change(count: float, attacked: F8) -> F8:
        per_year = attacked / (count * sums.years.size)
        moved = np.einsum("arn,an->ra", members, per_year - per_year[sums.reference])
        return ratio(moved, number)

    value, covariance = sums.jackknife(change, "states/attacked_count")[:2]
    error = np.sqrt(np.maximum(np.diagonal(covariance, axis1=-2, axis2=-1), 0.0))
    reach = student_bound(sums.group_count) * error
    share = _sheltered_share(sums)
    before = sums.read("states/attacked_count").sum(axis=0)[sums.reference]
    before = np.einsum("arn,n->ra", members, before / (sums.sizes.sum() * sums.years.size))
    sheltered = ratio(np.einsum("rn,an->ra", places, share), places.sum(axis=-1)[:, None])
    fields = {
        "difference": value,
        "std_error": error,
        "lower": value - reach,
        "upper": value + reach,
        "attacks_in_reference": ratio(before, number),
        "states": number,
        "shelter_change": sheltered - sheltered[:, [sums.reference]],
    }
    return xr.Dataset(
        {name: (("region", "architecture"), values) for name, values in fields.items()},
        coords={"region": regions, "architecture": np.array(sums.names, dtype=object)},
        attrs={
            "reference": sums.names[sums.reference],
            "outcome": "attacks per year on a state sheltered under neither architecture",
        },
    ).transpose("architecture", "region")


def _sheltered_share(sums: Sums) -> F8:
    """Return the share of its years in which a state is sheltered, (architecture, state)."""
    years = sums.read("states/sheltered_years").sum(axis=0)
    return np.asarray(years / (sums.sizes.sum() * sums.years.size))


def _never_sheltered(sums: Sums) -> F8:
    """Return 1 where a state is hardly ever sheltered, here and under the reference."""
    hardly = _sheltered_share(sums) < HARDLY
    return np.asarray((hardly & hardly[sums.reference]).astype(np.float64))
